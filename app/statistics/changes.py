"""What differs between two countings of one table, cell by cell, and the records that made it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.statistics.definition import Column, Row
from app.statistics.table import Cell, Table, Value, facts_of
from app.statistics.whole import Fact

NOTHING = Cell(None)


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that shows something else than before.

    ``records`` are those that came, went or changed, ``names`` what people call them.
    """

    row: str
    row_label: str
    column: str
    column_name: str
    old: Value
    new: Value
    records: tuple[str, ...]
    names: tuple[str, ...] = ()


def changes_between(former: Table, present: Table) -> tuple[CellChange, ...]:
    """Every cell whose value differs, in the order of the present table, then what it no longer has."""
    return tuple(_changes(former, present))


def _changes(former: Table, present: Table) -> Iterator[CellChange]:
    differing = tuple(_differing_cells(former, present))
    before = facts_of([old for _, _, old, _ in differing])
    after = facts_of([new for _, _, _, new in differing])
    for (row, column, old, new), *facts in zip(differing, before, after, strict=True):
        yield CellChange(
            row.key, row.label, column.key, column.name, old.value, new.value, _differing(*facts)
        )


def _differing_cells(former: Table, present: Table) -> Iterator[tuple[Row, Column, Cell, Cell]]:
    rows = {row.key: row for row in (*present.rows, *former.rows)}
    columns = {column.key: column for column in (*present.columns, *former.columns)}
    for row in rows.values():
        for column in columns.values():
            old = former.cells.get(row.key, {}).get(column.key, NOTHING)
            new = present.cells.get(row.key, {}).get(column.key, NOTHING)
            if old.value != new.value:
                yield row, column, old, new


def _differing(old: Iterable[Fact], new: Iterable[Fact]) -> tuple[str, ...]:
    """Records whose facts are not the same on both sides; all of them where only a value changed."""
    before, after = Counter(map(_plain, old)), Counter(map(_plain, new))
    differing = (before - after) + (after - before)
    behind = differing or (before | after)
    return tuple(dict.fromkeys(record_id for _, record_id, _, _ in behind))


def _plain(fact: Fact) -> tuple[str, str, str, int]:
    """A fact without the row it fell into."""
    return fact.subject, fact.record_id, str(fact.part), fact.amount
