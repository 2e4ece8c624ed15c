"""From facts to cells: each column is gone through once, whatever the number of rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.statistics.definition import Column, Row, TableDefinition
from app.statistics.material import Material
from app.statistics.measures import MEASURES, NUMBERS, Counting, Measure, facts_in, withdrawn_in
from app.statistics.numbering import Numbering
from app.statistics.scene import Scene
from app.statistics.table import Behind, Cell, Cells, Source, in_percent, in_wan
from app.statistics.tally import Tally, places_of, rows_in
from app.statistics.words import word

COUNTED = (*NUMBERS, Counting.WORDS)
"""The countings that add facts up to a cell."""

Filled = dict[str, Cell]
"""The cells of one column by row."""


class Filling:
    """A table's columns, added up scene by scene."""

    def __init__(self, definition: TableDefinition, numbers: Numbering) -> None:
        self.definition, places = definition, places_of(definition)
        counted = ((each, MEASURES[each.measure].counting) for each in definition.columns)
        self.tallies = {
            column.key: Tally(counting, places, numbers)
            for column, counting in counted
            if counting in COUNTED
        }

    def take(self, scene: Scene) -> None:
        """Add the facts of one scene."""
        for column in self.definition.columns:
            if tally := self.tallies.get(column.key):
                tally.take(facts_in(scene, column))
                tally.withdraw(withdrawn_in(scene, column))

    def cells(self, definition: TableDefinition, base: Material, source: Source) -> Cells:
        """Every cell of the table; of a list ``definition`` has a row of each line."""
        filling = _Columns(definition, base, source, self.tallies)
        by_column = {column.key: filling.column(column) for column in definition.columns}
        for column in definition.columns:
            if MEASURES[column.measure].counting is Counting.SHARE:
                by_column[column.key] = _shares(column, by_column, definition.rows)
        cells = {
            row.key: {column.key: by_column[column.key][row.key] for column in definition.columns}
            for row in definition.rows
        }
        return {row: _emptied(definition, filled) for row, filled in cells.items()}


class _Columns:
    """Makes the cells of columns from what they add up to."""

    def __init__(
        self, definition: TableDefinition, base: Material, source: Source, tallies: Mapping[str, Tally]
    ) -> None:
        self._definition, self._base, self._source, self._tallies = definition, base, source, tallies

    def column(self, column: Column) -> Filled:
        measure, rows = MEASURES[column.measure], self._definition.rows
        if measure.needs_registry and not self._base.registry_known:
            return {row.key: Cell(None) for row in rows}
        match measure.counting:
            case Counting.CODE:
                return {row.key: Cell(row.code or None) for row in rows}
            case Counting.STATED:
                return {row.key: self._stated(column, row) for row in rows}
            case Counting.LISTED:
                return self._listed(column)
            case Counting.SHARE:
                return {row.key: Cell(None) for row in rows}
        return self._counted(column, measure)

    def _behind(self, column: Column, row: Row) -> Behind:
        return Behind(self._source, column, rows_in(self._definition, row))

    def _counted(self, column: Column, measure: Measure) -> Filled:
        tally, definition = self._tallies[column.key], self._definition
        cells = {
            row.key: _cell(measure, tally, row.key, self._behind(column, row)) for row in definition.rows
        }
        parts = [cells[row.key].amount for row in definition.top_rows()]
        if parts and measure.counting in NUMBERS:
            for row in definition.rows:
                if row.total:
                    cells[row.key] = _with_note(cells[row.key], sum(parts), money=measure.money)
        return cells

    def _stated(self, column: Column, row: Row) -> Cell:
        """A number of another source, given for the whole table and one year."""
        number = column.stated.get(str(self._base.period.last.year)) if row.total else None
        return Cell(None) if number is None else Cell(number, number)

    def _listed(self, column: Column) -> Filled:
        """A value of each line; a total adds up the numbers, and stays empty where none is reported."""
        values = {line.key: line.values.get(column.field) for line in self._base.listed}
        numbers = [value for value in values.values() if isinstance(value, int)]
        cells: Filled = {}
        for row in self._definition.rows:
            behind = self._behind(column, row)
            if row.total:
                cells[row.key] = Cell(sum(numbers), sum(numbers), behind) if numbers else Cell(None)
            else:
                value = values[row.key]
                cells[row.key] = Cell(value, value if isinstance(value, int) else 0, behind)
        return cells


def _cell(measure: Measure, tally: Tally, row: str, behind: Behind) -> Cell:
    amount = tally.amount(row)
    if measure.counting is Counting.WORDS:
        return Cell(tally.words(row) or None, amount, behind)
    return Cell(in_wan(amount) if measure.money else amount, amount, behind)


def _with_note(cell: Cell, total_of_rows: int, *, money: bool) -> Cell:
    if cell.amount == total_of_rows:
        return cell
    shown = str(in_wan(total_of_rows)) if money else total_of_rows
    return Cell(cell.value, cell.amount, cell.behind, word("note", "total_differs", total_of_rows=shown))


def _shares(column: Column, cells: Mapping[str, Filled], rows: Iterable[Row]) -> Filled:
    """One column's share of another in percent; empty where the whole is empty or 0."""
    part, whole = (cells[key] for key in column.of)
    return {row.key: _share(part[row.key], whole[row.key]) for row in rows}


def _share(part: Cell, whole: Cell) -> Cell:
    if part.value is None or not whole.amount:
        return Cell(None)
    percent = in_percent(part.amount, whole.amount)
    return Cell(percent, part.amount, part.behind)


def _emptied(definition: TableDefinition, cells: Filled) -> Filled:
    """Empty the cells that rest on something nobody looked at (common rule 8)."""
    asked = {column.key: column.empty_without for column in definition.columns if column.empty_without}
    return {
        key: Cell(None) if key in asked and not cells[asked[key]].amount else cell
        for key, cell in cells.items()
    }
