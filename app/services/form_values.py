"""What stands in a paper's entries: typed values, prefilled ones, rows in their order. Pure functions.

A kept value has the key ``<entry>``, or ``<entry>.<row>.<column>`` in rows (without the paper's own key in
front). What was prefilled stands until something is typed in its place, also nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.clock import LOCAL
from app.forms.entries import Chosen, Entry, value_of
from app.forms.schema import Form
from app.forms.template import Scope, fill, holds, lookup, rows
from app.law.citation import lacks_article

PLACE = "#"
"""The column that holds a row's place among its rows."""

OUT = "-"
"""The place of a prefilled row that was taken out."""

_DIGITS = 6
"""Digits of a row's place; a package may carry anything."""

Kept = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """One entry (or one column of a row) with its text as kept; ``typed`` when a person put it there."""

    entry: Entry
    kept: str
    typed: bool


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row: its key, whether it is prefilled, its columns."""

    key: str
    prefilled: bool
    cells: tuple[Filled, ...]


@dataclass(frozen=True, slots=True)
class FilledEntry:
    """An entry with its value, or its rows. ``wanted``: its condition is met, so that it is asked."""

    field: Filled
    rows: tuple[FilledRow, ...]
    wanted: bool

    @property
    def entry(self) -> Entry:
        """What is asked."""
        return self.field.entry

    @property
    def empty(self) -> bool:
        """Whether nothing stands there."""
        if self.entry.kind == "rows":
            return not any(cell.kept for row in self.rows for cell in row.cells)
        return not self.field.kept


def fill_in(form: Form, kept: Kept, scope: Scope) -> tuple[FilledEntry, ...]:
    """Every entry of a form with what stands in it; ``scope`` is what the record binds."""
    found = []
    for entry in form.entries:
        field = _filled(entry, kept.get(entry.id), scope)
        lines = tuple(_rows(entry, kept, scope)) if entry.kind == "rows" else ()
        found.append(FilledEntry(field, lines, wanted=True))
    seen: Scope = {**scope, "paper": printed(found)}
    return tuple(FilledEntry(each.field, each.rows, holds(seen, each.entry.when)) for each in found)


def printed(entries: list[FilledEntry] | tuple[FilledEntry, ...]) -> dict[str, object]:
    """The entries as templates read them below ``paper``; what is not asked is not printed."""
    return {each.entry.id: _printed(each) for each in entries if each.wanted}


def missing(entries: tuple[FilledEntry, ...]) -> dict[str, Entry]:
    """Required entries in which nothing stands, by key; a column counts once, at the first row without it."""
    found: dict[str, Entry] = {}
    for each in entries:
        if each.wanted and each.entry.required and each.empty:
            found[each.entry.id] = each.entry
        columns: dict[str, tuple[str, Entry]] = {}
        for row in each.rows if each.wanted else ():
            for cell in row.cells:
                if cell.entry.required and not cell.kept and any(other.kept for other in row.cells):
                    key = cell_key(each.entry.id, row.key, cell.entry.id)
                    columns.setdefault(cell.entry.id, (key, cell.entry))
        found.update(columns.values())
    return found


def unplaced(entries: Sequence[FilledEntry]) -> dict[str, Filled]:
    """What cites a provision whose article still has to be written, by key."""
    found = {each.entry.id: each.field for each in entries if each.wanted}
    found |= {
        cell_key(each.entry.id, row.key, cell.entry.id): cell
        for each in entries
        for row in (each.rows if each.wanted else ())
        for cell in row.cells
    }
    return {key: each for key, each in found.items() if lacks_article(each.kept)}


def frozen(entries: tuple[FilledEntry, ...]) -> dict[str, str]:
    """Everything that stands there, by key, as it is kept when the paper is issued."""
    kept = {each.entry.id: each.field.kept for each in entries if each.wanted and each.field.kept}
    for each in entries:
        for number, row in enumerate(each.rows if each.wanted else (), 1):
            kept[cell_key(each.entry.id, row.key, PLACE)] = str(number)
            kept |= {cell_key(each.entry.id, row.key, cell.entry.id): cell.kept for cell in row.cells}
    return kept


def cell_key(entry: str, row: str, column: str) -> str:
    """The key of a column in a row."""
    return f"{entry}.{row}.{column}"


def _printed(each: FilledEntry) -> object:
    if each.entry.kind != "rows":
        return value_of(each.entry, each.field.kept)
    filled = (row for row in each.rows if any(cell.kept for cell in row.cells))
    return [{cell.entry.id: value_of(cell.entry, cell.kept) for cell in row.cells} for row in filled]


def _filled(entry: Entry, kept: str | None, scope: Scope) -> Filled:
    return (
        Filled(entry, _prefill(entry, scope), typed=False)
        if kept is None
        else Filled(entry, kept, typed=True)
    )


def _rows(entry: Entry, kept: Kept, scope: Scope) -> Iterator[FilledRow]:
    known = rows(scope, entry.prefill) if entry.prefill else []
    offered = {f"p{number}": row for number, row in enumerate(known, 1)}
    typed = {key.split(".")[1] for key in kept if key.startswith(f"{entry.id}.")}
    places = {row: kept.get(cell_key(entry.id, row, PLACE), "") for row in (*offered, *typed)}
    there = [row for row in places if places[row] != OUT]
    for row in sorted(there, key=lambda key: (_place(key, places[key]), key)):
        bound = offered.get(row, scope)
        cells = (
            _filled(column, kept.get(cell_key(entry.id, row, column.id)), bound) for column in entry.columns
        )
        yield FilledRow(row, row in offered, tuple(cells))


def _place(row: str, text: str) -> int:
    """Where a row stands: as written down, else as it was offered."""
    number = text or (row[1:] if row.startswith("p") else "")
    return int(number) if number.isdecimal() and len(number) <= _DIGITS else 0


def _prefill(entry: Entry, scope: Scope) -> str:
    if not entry.prefill or entry.kind == "rows":
        return ""
    if "{" in entry.prefill:
        return fill(entry.prefill, scope).strip()
    return as_kept(lookup(scope, entry.prefill))


def as_kept(value: object) -> str:
    """A bound value as the text that would be kept of it."""
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.astimezone(LOCAL):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case Chosen():
            return " ".join(value.codes)
        case list() | tuple():
            return " ".join(as_kept(each) for each in value)
    return re.sub(r"\s+\Z", "", str(value))
