"""The definition of an official table: data of ``resources/tables/*.toml``, not code.

A column names its measure word (:mod:`app.statistics.measures`) and narrows it by parameters, so an
office can add columns and whole tables from the known measures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field

from app.statistics.period import PeriodRule
from app.vocabulary import InspectionType, ProductionStatus, ReferralKind, Scheme, SubjectKind


@dataclass(frozen=True, slots=True)
class Column:
    """A leaf column as the notice prints it, and what is counted in it.

    ``heading`` is the name with the line breaks it is printed with.
    Parameters narrow the measure; an empty one narrows nothing. ``by`` is the day a case is counted
    on. ``items`` are items of checklists: those whose findings count, or those that hold a wanted
    value. ``field`` is what a list shows in the column, ``of`` the two columns a share is made from,
    ``stated`` the numbers this office takes from elsewhere, by year. ``empty_without`` names a column:
    where that is 0, this cell stays empty, because nothing was looked at (common rule 8). When the
    setting ``switch`` is on, ``alternative`` counts in its place. ``width`` is the column's in the
    workbook; 0 leaves it to the numbers.
    """

    key: str
    name: str
    measure: str
    heading: str = ""
    group: str = ""
    unit: str = ""
    subjects: tuple[SubjectKind, ...] = ()
    causes: tuple[str, ...] = ()
    other_than_causes: tuple[str, ...] = ()
    referrals: tuple[ReferralKind, ...] = ()
    states: tuple[ProductionStatus, ...] = ()
    amounts: tuple[str, ...] = ()
    by: str = "filed_on"
    types: tuple[InspectionType, ...] = ()
    items: tuple[str, ...] = ()
    field: str = ""
    of: tuple[str, ...] = ()
    stated: dict[str, int] = dataclass_field(default_factory=dict)
    width: float = 0
    empty_without: str = ""
    switch: str = ""
    alternative: Column | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the values of the table's dimension that count in it, or the total over all rows.

    ``includes`` names rows whose content counts in this one too (其中); ``code`` is printed beside it.
    """

    key: str
    label: str = ""
    total: bool = False
    values: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A cross check (common rule 10): the sum of ``left`` columns against the sum of ``right`` ones.

    With ``details`` the right side is the sum over the cases behind the left cells instead.
    """

    key: str
    label: str
    left: tuple[str, ...]
    relation: str = "<="
    right: tuple[str, ...] = ()
    details: bool = False


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """An official table.

    ``dimension`` is what the rows divide by: ``product_class``, ``inspection_type``, ``cause`` or
    nothing. ``unplaced`` is the row of what has no value for it; without one it counts in the total
    alone. ``listing`` makes a row of each thing of a list instead; ``rows`` are then its totals.
    ``confidence`` says how sure the layout is, in words; a ``proposal`` (建议版式) was never public.
    ``version`` counts an office's own changes, ``changed_on`` is the day of the last (ISO).
    ``order`` is the place among the tables that are offered. ``printed_title`` stands on the paper where
    the notice's heading has the year in it, ``{year}``: that of the period's last day.
    """

    id: str
    title: str
    source: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    annex: str = ""
    unit_label: str = ""
    made_on_label: str = ""
    inspection_types: tuple[InspectionType, ...] = tuple(InspectionType)
    scheme: Scheme | None = None
    dimension: str = ""
    dimension_label: str = ""
    unplaced: str = ""
    listing: str = ""
    period: PeriodRule = dataclass_field(default_factory=PeriodRule)
    checks: tuple[CheckRule, ...] = ()
    notes: tuple[str, ...] = ()
    confidence: str = ""
    proposal: bool = False
    version: int = 1
    changed_on: str = ""
    order: int = 100
    paper: str = "A4"
    printed_title: str = ""

    def column(self, key: str) -> Column | None:
        """The column of a key."""
        return next((column for column in self.columns if column.key == key), None)

    def row(self, key: str) -> Row | None:
        """The row of a key."""
        return next((row for row in self.rows if row.key == key), None)

    def parts_of(self, row: Row) -> tuple[str, ...]:
        """Keys of the rows whose content makes up a row that is no total."""
        return (row.key, *row.includes)

    def top_rows(self) -> tuple[Row, ...]:
        """The rows that add up to the total: neither totals themselves nor part of another."""
        inner = {key for row in self.rows for key in row.includes}
        return tuple(row for row in self.rows if not row.total and row.key not in inner)

    def placement(self) -> dict[str, str]:
        """Value of the dimension → key of the row it counts in."""
        return {value: row.key for row in self.rows if not row.total for value in row.values or (row.key,)}


def with_switches(definition: TableDefinition, switches: Mapping[str, bool]) -> TableDefinition:
    """The definition as it counts under the switches in force."""
    columns = tuple(
        column.alternative if column.alternative is not None and switches.get(column.switch) else column
        for column in definition.columns
    )
    return replace(definition, columns=columns)
