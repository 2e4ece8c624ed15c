"""What differs between two countings of one table, cell by cell, and the records that made it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.statistics.definition import Column, Row
from app.statistics.scene import Fact
from app.statistics.table import Cell, Table, Value

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
    rows = {row.key: row for row in (*present.rows, *former.rows)}
    columns = {column.key: column for column in (*present.columns, *former.columns)}
    for row in rows.values():
        for column in columns.values():
            old = former.cells.get(row.key, {}).get(column.key, NOTHING)
            new = present.cells.get(row.key, {}).get(column.key, NOTHING)
            if old.value != new.value:
                yield _change(row, column, old, new)


def _change(row: Row, column: Column, old: Cell, new: Cell) -> CellChange:
    return CellChange(row.key, row.label, column.key, column.name, old.value, new.value, _differing(old, new))


def _differing(old: Cell, new: Cell) -> tuple[str, ...]:
    """Records whose facts are not the same on both sides; all of them where only a value changed."""
    before, after = Counter(map(_plain, old.facts)), Counter(map(_plain, new.facts))
    differing = (before - after) + (after - before)
    behind = differing or (before | after)
    return tuple(dict.fromkeys(record_id for _, record_id, _, _ in behind))


def _plain(fact: Fact) -> tuple[str, str, str, int]:
    """A fact without the row it fell into."""
    return fact.subject, fact.record_id, str(fact.part), fact.amount
