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

    ``replaces`` is false for a file taken in before: it adds what is missing and replaces nothing.
    """

    id: str
    as_of: date
    replaces: bool
    taken_at: datetime


@dataclass(slots=True)
class Kept:
    """One row while its file is being read; ``fate`` is ``None`` until the file names it."""

    values: Values
    as_of: date | None
    source_id: str | None
    source_row: int | None
    fate: Fate | None = None


class Shelf(Generic[Key]):
    """Rows of one table by key. ``derive`` gives columns that follow from the values."""

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
        self._new: list[Key] = []
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
        self._kept[key] = Kept(values, source.as_of, source.id, row, "added")
        self._new.append(key)

    def values(self, key: Key) -> Values:
        """What is known of a record at this moment."""
        return self._kept[key].values

    def all_values(self) -> Iterable[Values]:
        """The values of every record that the file named."""
        return (kept.values for kept in self._kept.values() if kept.fate)

    def take(self, key: Key, said: Values, source: Source, row: int, merge: Callable[..., Merged]) -> bool:
        """Merge what a row says into a record; whether its values changed.

        Within one file the first row that says something keeps the word.
        """
        kept = self._kept[key]
        named_before = kept.fate is not None
        newer = not named_before and source.replaces and may_replace(kept.as_of, source.as_of)
        merged = merge(kept.values, said, newer=newer)
        if merged.older and (named_before or source.replaces):
            self.left_out["contradicting_rows" if named_before else "older_values"] += merged.older
        if not named_before:
            self.history.extend(self._former(key, kept, merged, source, row))
        changed = merged.values != kept.values
        if changed and kept.fate != "added":
            kept.fate = "updated"
        kept.fate = kept.fate or "unchanged"
        kept.values = merged.values
        if newer and kept.as_of != source.as_of:
            kept.as_of, kept.source_id, kept.source_row = source.as_of, source.id, row
            self._changed[key] = None
        elif changed:
            if merged.replaced:
                kept.source_id, kept.source_row = source.id, row
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
        """Write what is new and what changed since the last call."""
        table = self._table
        if self._new:
            session.connection().execute(table.insert(), [self._record(key) for key in self._new])
        changed = [key for key in self._changed if key not in set(self._new)] if self._changed else []
        if changed:
            where = and_(*(table.c[name] == bindparam(f"_{name}") for name in self._keys))
            records = [self._changed_record(key) for key in changed]
            session.connection().execute(table.update().where(where), records)
        self._new, self._changed = [], {}

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
        fates = Counter(kept.fate for kept in self._kept.values())
        return Counts(fates["added"], fates["updated"], fates["unchanged"])


def as_text(value: object) -> str:
    """A value as history keeps it."""
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else str(value)
