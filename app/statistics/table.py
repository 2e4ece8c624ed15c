"""A counted table: cells with what is behind them, checks, what was left out, notes. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.statistics.definition import Column, Row, TableDefinition
from app.statistics.period import Period
from app.statistics.scene import Fact

FEN_IN_WAN = 1_000_000

Value = int | Decimal | str | None
FactsOf = Callable[[Column], Iterable[Fact]]
"""The facts of a column, whatever their row. Asked again at each look: a table of 100,000 inspections
keeps no list of facts for every cell."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Where the facts of a cell are found: those of its column that fall into ``rows`` (``None``: all)."""

    facts_of: FactsOf
    column: Column
    rows: frozenset[str] | None = None

    def facts(self) -> tuple[Fact, ...]:
        """The facts, in the order they were found."""
        found = self.facts_of(self.column)
        return tuple(found if self.rows is None else (fact for fact in found if fact.row in self.rows))


@dataclass(frozen=True, slots=True)
class Cell:
    """One number and where its facts are; ``None`` is "not reported", 0 "confirmed none"."""

    value: Value
    amount: int = 0
    behind: Behind | None = field(default=None, compare=False, repr=False)
    note: str = ""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts the number was made from; none behind what is not reported."""
        return self.behind.facts() if self.behind else ()

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The records behind the cell, each once."""
        return tuple(dict.fromkeys(fact.record_id for fact in self.facts))


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
    """A counted table: ``cells[row key][column key]``.

    ``counted`` is how many inspections of the period, or lines of a list, it is made from;
    ``switches`` are those in force, ``facts_of`` what gives the facts of a column again.
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
    facts_of: FactsOf | None = field(default=None, compare=False, repr=False)

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

    def facts_by_row(self, column: Column) -> dict[str, Sequence[Fact]]:
        """The facts of a column by the row they fall into, in one pass; rows without any are left out."""
        found: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts_of(column) if self.facts_of else ():
            found[fact.row].append(fact)
        return dict(found)


def in_wan(fen: int) -> Decimal:
    """分 as 万元 with 4 decimals; the only place where money is rounded (common rule 6)."""
    return (Decimal(fen) / FEN_IN_WAN).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def in_percent(part: int, whole: int) -> Decimal:
    """A share in percent with 2 decimals."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
