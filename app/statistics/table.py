"""A counted table: cells with what is behind them, checks, what was left out, notes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from app.errors import BadInput
from app.statistics.definition import Column, Row, TableDefinition
from app.statistics.measures import MEASURES
from app.statistics.numbering import Numbering
from app.statistics.period import Period
from app.statistics.tally import ALL, Tally, places_of
from app.statistics.whole import Fact

FEN_IN_WAN = 1_000_000
CHANGED_SINCE = "statistics.changed_since"

Value = int | Decimal | str | None


class Source(Protocol):
    """Where a table's facts are read again: a table of 100,000 inspections keeps none of them."""

    def facts(self, columns: Sequence[Column]) -> Mapping[str, Sequence[Fact]]:
        """The facts of some columns by their keys, whatever their row, oldest first."""

    def left_out(self) -> Mapping[str, Sequence[str]]:
        """The records that were not counted, by reason."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Where the facts of a cell are found: those of ``column`` that fall into ``rows`` (``None``: all)."""

    source: Source
    column: Column
    rows: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One number and where its facts are; ``None`` is "not reported", 0 "confirmed none"."""

    value: Value
    amount: int = 0
    behind: Behind | None = field(default=None, compare=False, repr=False)
    note: str = ""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts the number was made from, read again; none behind what is not reported.

        Raises when they do not make the number any more, because the store has changed since.
        """
        return facts_of((self,))[0]

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The records behind the cell, each once."""
        return tuple(dict.fromkeys(fact.record_id for fact in self.facts))


def facts_of(cells: Sequence[Cell]) -> list[tuple[Fact, ...]]:
    """The facts of several cells of one table; their columns are read together."""
    asked = {each.behind.column.key: each.behind for each in cells if each.behind}
    found: Mapping[str, Sequence[Fact]] = {}
    for behind in asked.values():
        found = behind.source.facts([each.column for each in asked.values()])
        break
    return [_facts(each, each.behind, found[each.behind.column.key]) if each.behind else () for each in cells]


def _facts(cell: Cell, behind: Behind, found: Sequence[Fact]) -> tuple[Fact, ...]:
    chosen = tuple(fact for fact in found if behind.rows is None or fact.row in behind.rows)
    tally = Tally(MEASURES[behind.column.measure].counting, ALL, Numbering())
    tally.take(chosen)
    require_unchanged(cell, tally, "")
    return chosen


def require_unchanged(cell: Cell, tally: Tally, place: str) -> None:
    """Refuse facts that do not make a cell's number any more."""
    said = tally.words(place) or None
    if tally.amount(place) != cell.amount or (isinstance(cell.value, str) and said not in {None, cell.value}):
        raise changed_since()


def changed_since() -> BadInput:
    """What is read now does not make the table's numbers: something changed after it was counted."""
    return BadInput(CHANGED_SINCE)


Cells = Mapping[str, Mapping[str, Cell]]


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
    """What was not counted for one reason: how many records, and where they are named."""

    reason: str
    label: str
    count: int
    source: Source = field(compare=False, repr=False)

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The records, read again; raises when they are not as many any more."""
        found = tuple(self.source.left_out().get(self.reason, ()))
        if len(found) != self.count:
            raise changed_since()
        return found


@dataclass(frozen=True, slots=True)
class Table:
    """A counted table: ``cells[row key][column key]``.

    ``counted`` is how many inspections of the period, or lines of a list, it is made from;
    ``switches`` are those in force, ``source`` is where the facts are read again.
    """

    definition: TableDefinition
    period: Period
    unit: str
    made_on: date
    cells: Cells
    checks: tuple[Check, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    counted: int = 0
    switches: Mapping[str, bool] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False, repr=False)

    @property
    def id(self) -> str:
        """The table's id."""
        return self.definition.id

    @property
    def title(self) -> str:
        """The title as the notice's annex has it, without a year."""
        return self.definition.title

    @property
    def printed_title(self) -> str:
        """The title as it stands above the table on paper, with the year where the notice writes one."""
        return (self.definition.printed_title or self.title).replace("{year}", str(self.period.last.year))

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

    def facts(self) -> dict[str, Sequence[Fact]]:
        """Every fact by column, read again at once; raises when they do not make the cells any more."""
        if self.source is None:
            return {}
        found, places = dict(self.source.facts(self.columns)), places_of(self.definition)
        for column in self.columns:
            tally = Tally(MEASURES[column.measure].counting, places, Numbering())
            tally.take(found[column.key])
            for row, cells in self.cells.items():
                behind = cells[column.key].behind
                if behind is not None and behind.column.key == column.key:
                    require_unchanged(cells[column.key], tally, row)
        return found

    def left_out_ids(self) -> dict[str, tuple[str, ...]]:
        """What was left out by reason, read again at once; raises when it is not as much any more."""
        found = self.source.left_out() if self.source else {}
        told = {each.reason: tuple(found.get(each.reason, ())) for each in self.left_out}
        if any(len(told[each.reason]) != each.count for each in self.left_out):
            raise changed_since()
        return told


def in_wan(fen: int) -> Decimal:
    """分 as 万元 with 4 decimals; the only place where money is rounded (common rule 6)."""
    return (Decimal(fen) / FEN_IN_WAN).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def in_percent(part: int, whole: int) -> Decimal:
    """A share in percent with 2 decimals."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
