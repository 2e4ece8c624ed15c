"""From facts to an official table: cells with what is behind them, left-outs, notes. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.statistics.definition import Column, Row, TableDefinition
from app.statistics.measures import MEASURES, Counting, Measure
from app.statistics.period import Period
from app.statistics.scene import Fact, Scene
from app.statistics.words import word
from app.vocabulary import ProductionStatus
from app.wording import label

FEN_IN_WAN = 1_000_000

Value = int | Decimal | str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One number and the facts it was made from; ``None`` is "not reported", 0 "confirmed none"."""

    value: Value
    amount: int = 0
    facts: tuple[Fact, ...] = ()
    note: str = ""

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The records behind the cell, each once."""
        return tuple(dict.fromkeys(fact.record_id for fact in self.facts))


@dataclass(frozen=True, slots=True)
class Check:
    """One cross check of one row, its sides as the cells show them."""

    key: str
    label: str
    row: str
    left: int | Decimal
    relation: str
    right: int | Decimal
    passed: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not counted for one reason, and its records."""

    reason: str
    label: str
    record_ids: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.record_ids)


@dataclass(frozen=True, slots=True)
class Table:
    """A counted table: ``cells[row key][column key]``."""

    definition: TableDefinition
    period: Period
    unit: str
    made_on: date
    cells: dict[str, dict[str, Cell]]
    checks: tuple[Check, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]

    @property
    def id(self) -> str:
        """The table's id."""
        return self.definition.id

    @property
    def title(self) -> str:
        """The title as the notice's annex prints it."""
        return self.definition.title

    @property
    def columns(self) -> tuple[Column, ...]:
        """Leaf columns, left to right."""
        return self.definition.columns

    @property
    def rows(self) -> tuple[Row, ...]:
        """Rows, top to bottom, the total among them."""
        return self.definition.rows

    @property
    def blocked(self) -> bool:
        """Whether a failed cross check forbids the final export (common rule 10)."""
        return not all(check.passed for check in self.checks)


def in_wan(fen: int) -> Decimal:
    """分 as 万元 with 4 decimals; the only place where money is rounded (common rule 6)."""
    return (Decimal(fen) / FEN_IN_WAN).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def count(measure: Measure, facts: Iterable[Fact]) -> int:
    """The number that facts make under a measure."""
    if measure.counting is Counting.SUM:
        return sum(fact.amount for fact in facts)
    return len({fact.subject for fact in facts})


def fill(scene: Scene) -> dict[str, dict[str, Cell]]:
    """Every cell of the table."""
    by_column = {column.key: _fill_column(scene, column) for column in scene.definition.columns}
    cells = {
        row.key: {column.key: by_column[column.key][row.key] for column in scene.definition.columns}
        for row in scene.definition.rows
    }
    return {row: _emptied(scene.definition, filled) for row, filled in cells.items()}


def _fill_column(scene: Scene, column: Column) -> dict[str, Cell]:
    measure = MEASURES[column.measure]
    facts = tuple(measure.facts(scene, column))
    by_row: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_row[fact.row].append(fact)
    reported = not measure.needs_registry or scene.material.registry_known
    cells = {
        row.key: _cell(measure, facts if row.total else tuple(by_row[row.key]), reported=reported)
        for row in scene.definition.rows
    }
    parts = [cells[row.key].amount for row in scene.definition.rows if not row.total]
    if parts and measure.counting is not Counting.WORDS and reported:
        for row in scene.definition.rows:
            if row.total:
                cells[row.key] = _with_note(cells[row.key], sum(parts), money=measure.money)
    return cells


def _cell(measure: Measure, facts: tuple[Fact, ...], *, reported: bool) -> Cell:
    if not reported:
        return Cell(None)
    if measure.counting is Counting.WORDS:
        return Cell(_remark(facts) or None, len(facts), facts)
    amount = count(measure, facts)
    return Cell(in_wan(amount) if measure.money else amount, amount, facts)


def _with_note(cell: Cell, total_of_rows: int, *, money: bool) -> Cell:
    if cell.amount == total_of_rows:
        return cell
    shown = str(in_wan(total_of_rows)) if money else total_of_rows
    return Cell(cell.value, cell.amount, cell.facts, word("note", "total_differs", total_of_rows=shown))


def _emptied(definition: TableDefinition, cells: dict[str, Cell]) -> dict[str, Cell]:
    """Empty the cells that rest on something nobody looked at (common rule 8)."""
    asked = {column.key: column.empty_without for column in definition.columns if column.empty_without}
    return {
        key: Cell(None) if key in asked and not cells[asked[key]].amount else cell
        for key, cell in cells.items()
    }


def _remark(facts: tuple[Fact, ...]) -> str:
    """Subjects by what was met, in words."""
    subjects: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        subjects[fact.part].add(fact.subject)
    return word("note", "remark_comma").join(
        word("note", "remark", state=_met(state), count=len(who))
        for state in (*ProductionStatus, "")
        if (who := subjects.get(state))
    )


def _met(state: str) -> str:
    return label("production_status", state) or word("note", "no_status")
