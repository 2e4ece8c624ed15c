"""The rows of one table that a file touches: merged in memory, written in bulk after each batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import Row, Table, and_, bindparam
from sqlalchemy.orm import Session

from app.services.registry_merge import Merged, Values, may_replace

Key = TypeVar("Key", bound=Hashable)
Fate = Literal["added", "updated", "unchanged"]

ORIGIN = ("as_of", "source_id", "source_row")


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the records of one kind that a file named."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """The file as the store remembers it.

    ``known`` are bytes taken in before: whatever they said has been heard, and changes nothing.
    """

    id: str
    as_of: date
    known: bool
    taken_at: datetime


@dataclass(slots=True)
class Kept:
    """One row while its batch is being written."""

    values: Values
    as_of: date | None
    source_id: str | None
    source_row: int | None


class Shelf(Generic[Key]):
    """Rows of one table by key, for as long as a batch lasts; ``derive`` gives columns that follow.

    Between batches only the fate of each key stays, so that memory does not grow with the file.
    """

    def __init__(
        self,
        table: Table,
        keys: tuple[str, ...],
        fields: tuple[str, ...],
        derive: Callable[[Values], dict[str, object]] = lambda _: {},
    ) -> None:
        self._table = table
        self._keys = keys
        self._fields = fields
        self._derive = derive
        self._kept: dict[Key, Kept] = {}
        self._fates: dict[Key, Fate] = {}
        self._new: dict[Key, None] = {}
        self._changed: dict[Key, None] = {}
        self.history: list[dict[str, object]] = []
        self.left_out: Counter[str] = Counter()

    def __contains__(self, key: Key) -> bool:
        return key in self._kept

    def columns(self) -> list[Any]:
        """The table's columns that :meth:`load` expects, in order."""
        return [self._table.c[name] for name in (*self._keys, *self._fields, *ORIGIN)]

    def load(self, key: Key, row: Row[Any]) -> None:
        """Put a stored row on the shelf, as :meth:`columns` selected it."""
        first, last = len(self._keys), len(self._keys) + len(self._fields)
        self._kept[key] = Kept(tuple(row[first:last]), *row[last:])

    def add(self, key: Key, values: Values, source: Source, row: int) -> None:
        """A record never seen before."""
        self._kept[key] = Kept(values, source.as_of, source.id, row)
        self._fates[key] = "added"
        self._new[key] = None

    def values(self, key: Key) -> Values:
        """What is known of a record at this moment."""
        return self._kept[key].values

    def all_values(self) -> Iterable[Values]:
        """The values of every record on the shelf."""
        return (kept.values for kept in self._kept.values())

    def take(self, key: Key, said: Values, source: Source, row: int, merge: Callable[..., Merged]) -> bool:
        """Merge what a row says into a record; whether its values changed.

        Within one file the first row that says something keeps the word.
        """
        if source.known:
            self._fates.setdefault(key, "unchanged")
            return False
        kept = self._kept[key]
        named_before = key in self._fates
        newer = not named_before and may_replace(kept.as_of, source.as_of)
        merged: Merged = merge(kept.values, said, newer=newer)
        if merged.older:
            self.left_out["contradicting_rows" if named_before else "older_values"] += merged.older
        if not named_before:
            self.history.extend(self._former(key, kept, merged, source, row))
        changed = merged.values != kept.values
        if self._fates.get(key) != "added":
            self._fates[key] = "updated" if changed else self._fates.get(key, "unchanged")
        kept.values = merged.values
        if merged.replaced or (newer and kept.as_of != source.as_of):
            kept.source_id, kept.source_row = source.id, row
            kept.as_of = source.as_of if newer else kept.as_of
            self._changed[key] = None
        elif changed:
            self._changed[key] = None
        return changed

    def _former(
        self, key: Key, kept: Kept, merged: Merged, source: Source, row: int
    ) -> Iterable[dict[str, object]]:
        owner, number = key if isinstance(key, tuple) else (key, "")
        for index in merged.replaced:
            yield {
                "organization_id": owner,
                "certificate_number": number,
                "field": self._fields[index],
                "former": as_text(kept.values[index]),
                "value": as_text(merged.values[index]),
                "former_source_id": kept.source_id,
                "former_row": kept.source_row,
                "former_as_of": kept.as_of,
                "source_id": source.id,
                "source_row": row,
                "replaced_at": source.taken_at,
            }

    def flush(self, session: Session) -> None:
        """Write what is new and what changed, and clear the shelf."""
        table, connection = self._table, session.connection()
        if self._new:
            connection.execute(table.insert(), [self._record(key) for key in self._new])
        if changed := [key for key in self._changed if key not in self._new]:
            where = and_(*(table.c[name] == bindparam(f"_{name}") for name in self._keys))
            connection.execute(table.update().where(where), [self._changed_record(key) for key in changed])
        for rows in (self._new, self._changed, self._kept):
            rows.clear()

    def _record(self, key: Key) -> dict[str, object]:
        kept = self._kept[key]
        record = dict(zip(self._fields, kept.values, strict=True))
        record.update(zip(self._keys, key if isinstance(key, tuple) else (key,), strict=True))
        record.update(as_of=kept.as_of, source_id=kept.source_id, source_row=kept.source_row)
        record.update(self._derive(kept.values))
        return record

    def _changed_record(self, key: Key) -> dict[str, object]:
        record = self._record(key)
        return {(f"_{name}" if name in self._keys else name): value for name, value in record.items()}

    def counts(self) -> Counts:
        """What became of the records that the file named."""
        fates = Counter(self._fates.values())
        return Counts(fates["added"], fates["updated"], fates["unchanged"])


def as_text(value: object) -> str:
    """A value as history keeps it."""
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else str(value)
