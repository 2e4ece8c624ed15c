"""From facts to cells: each column is gone through once, whatever the number of rows. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.statistics.definition import Column, Row, TableDefinition
from app.statistics.measures import MEASURES, NUMBERS, Counting, Measure
from app.statistics.scene import Fact, Scene
from app.statistics.table import Behind, Cell, Cells, FactsOf, in_percent, in_wan
from app.statistics.words import word
from app.vocabulary import ProductionStatus
from app.wording import label

Filled = dict[str, Cell]
"""The cells of one column by row."""


def facts_of(scene: Scene) -> FactsOf:
    """What gives the facts of a column of this scene."""

    def found(column: Column) -> Iterable[Fact]:
        return MEASURES[column.measure].facts(scene, column)

    return found


def fill(scene: Scene) -> Cells:
    """Every cell of the table."""
    definition, source = scene.definition, facts_of(scene)
    by_column = {column.key: _fill_column(scene, column, source) for column in definition.columns}
    for column in definition.columns:
        if MEASURES[column.measure].counting is Counting.SHARE:
            by_column[column.key] = _shares(column, by_column, definition.rows)
    cells = {
        row.key: {column.key: by_column[column.key][row.key] for column in definition.columns}
        for row in definition.rows
    }
    return {row: _emptied(definition, filled) for row, filled in cells.items()}


def _fill_column(scene: Scene, column: Column, source: FactsOf) -> Filled:
    measure, rows = MEASURES[column.measure], scene.definition.rows
    if measure.needs_registry and not scene.material.registry_known:
        return {row.key: Cell(None) for row in rows}
    match measure.counting:
        case Counting.CODE:
            return {row.key: Cell(row.code or None) for row in rows}
        case Counting.STATED:
            return {row.key: _stated(scene, column, row) for row in rows}
        case Counting.LISTED:
            return _listed(scene, column, source)
        case Counting.SHARE:
            return {row.key: Cell(None) for row in rows}
    return _counted(scene, column, source)


def _counted(scene: Scene, column: Column, source: FactsOf) -> Filled:
    measure, definition = MEASURES[column.measure], scene.definition
    tallies = _tallied(measure, source(column))
    cells: Filled = {}
    for row in definition.rows:
        keys = None if row.total else frozenset(definition.parts_of(row))
        chosen = tallies.values() if keys is None else [tallies[key] for key in keys if key in tallies]
        cells[row.key] = _cell(measure, chosen, Behind(source, column, keys))
    parts = [cells[row.key].amount for row in definition.top_rows()]
    if parts and measure.counting in NUMBERS:
        for row in definition.rows:
            if row.total:
                cells[row.key] = _with_note(cells[row.key], sum(parts), money=measure.money)
    return cells


Key = str | tuple[str, str]
"""A subject, a record, or a word with a subject."""


class _Tally:
    """What a row's facts add up to."""

    __slots__ = ("amount", "keys")

    def __init__(self) -> None:
        self.amount = 0
        self.keys: set[Key] = set()


def _tallied(measure: Measure, facts: Iterable[Fact]) -> dict[str, _Tally]:
    """Facts by row: their sum, or the distinct subjects, records, or words with their subjects."""
    found: dict[str, _Tally] = defaultdict(_Tally)
    match measure.counting:
        case Counting.SUM:
            for row, _, _, _, amount in facts:
                found[row].amount += amount
        case Counting.SUBJECTS:
            for row, subject, _, _, _ in facts:
                found[row].keys.add(subject)
        case Counting.RECORDS:
            for row, _, record_id, _, _ in facts:
                found[row].keys.add(record_id)
        case _:
            for row, subject, _, part, _ in facts:
                found[row].keys.add((part, subject))
    return dict(found)


def _cell(measure: Measure, tallies: Iterable[_Tally], behind: Behind) -> Cell:
    chosen = list(tallies)
    if measure.counting is Counting.SUM:
        amount = sum(tally.amount for tally in chosen)
    else:
        keys = chosen[0].keys if len(chosen) == 1 else {key for tally in chosen for key in tally.keys}
        amount = len(keys)
        if measure.counting is Counting.WORDS:
            return Cell(_remark(keys) or None, amount, behind)
    return Cell(in_wan(amount) if measure.money else amount, amount, behind)


def _with_note(cell: Cell, total_of_rows: int, *, money: bool) -> Cell:
    if cell.amount == total_of_rows:
        return cell
    shown = str(in_wan(total_of_rows)) if money else total_of_rows
    return Cell(cell.value, cell.amount, cell.behind, word("note", "total_differs", total_of_rows=shown))


def _stated(scene: Scene, column: Column, row: Row) -> Cell:
    """A number of another source, given for the whole table and one year."""
    number = column.stated.get(str(scene.material.period.last.year)) if row.total else None
    return Cell(None) if number is None else Cell(number, number)


def _listed(scene: Scene, column: Column, source: FactsOf) -> Filled:
    """A value of each line; a total adds up the numbers, and stays empty where none is reported."""
    values = {line.key: line.values.get(column.field) for line in scene.material.listed}
    numbers = [value for value in values.values() if isinstance(value, int)]
    cells: Filled = {}
    for row in scene.definition.rows:
        behind = Behind(source, column, None if row.total else frozenset({row.key}))
        if row.total:
            cells[row.key] = Cell(sum(numbers), sum(numbers), behind) if numbers else Cell(None)
        else:
            value = values[row.key]
            cells[row.key] = Cell(value, value if isinstance(value, int) else 0, behind)
    return cells


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


def _remark(keys: Iterable[Key]) -> str:
    """How many subjects were met in each state, in words."""
    states = [key[0] for key in keys]
    return word("note", "remark_comma").join(
        word("note", "remark", state=_met(state), count=states.count(state))
        for state in (*ProductionStatus, "")
        if state in states
    )


def _met(state: str) -> str:
    return label("production_status", state) or word("note", "no_status")
