"""The definition of an official table: data of ``resources/tables/*.toml``, not code.

A column names its measure word (:mod:`app.statistics.measures`) and narrows it by parameters, so an
office can add columns and whole tables from the known measures.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.statistics.period import PeriodRule
from app.vocabulary import InspectionType, ProductionStatus, ReferralKind, Scheme, SubjectKind


@dataclass(frozen=True, slots=True)
class Column:
    """A leaf column as the notice prints it, and what is counted in it.

    ``heading`` is the name with the line breaks it is printed with.
    Parameters narrow the measure; an empty one narrows nothing. ``by`` is the day a case is counted
    on. ``empty_without`` names a column: where that is 0, this cell stays empty, because nothing was
    looked at (common rule 8). When the setting ``switch`` is on, ``alternative`` counts in its place.
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
    empty_without: str = ""
    switch: str = ""
    alternative: Column | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the values of the table's dimension that count in it, or the total over all rows."""

    key: str
    label: str
    total: bool = False
    values: tuple[str, ...] = ()


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

    ``dimension`` is what the rows divide by: ``product_class``, ``inspection_type`` or nothing.
    ``unplaced`` is the row of what has no value for it; without one it counts in the total alone.
    ``confidence`` says how sure the layout is, in words.
    """

    id: str
    title: str
    source: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    annex: str = ""
    unit_label: str = ""
    made_on_label: str = ""
    inspection_types: tuple[InspectionType, ...] = tuple(InspectionType)
    scheme: Scheme | None = None
    dimension: str = ""
    dimension_label: str = ""
    unplaced: str = ""
    period: PeriodRule = field(default_factory=PeriodRule)
    checks: tuple[CheckRule, ...] = ()
    notes: tuple[str, ...] = ()
    confidence: str = ""
    paper: str = "A4"

    def column(self, key: str) -> Column | None:
        """The column of a key."""
        return next((column for column in self.columns if column.key == key), None)

    def row(self, key: str) -> Row | None:
        """The row of a key."""
        return next((row for row in self.rows if row.key == key), None)

    def placement(self) -> dict[str, str]:
        """Value of the dimension → key of the row it counts in."""
        return {value: row.key for row in self.rows if not row.total for value in row.values or (row.key,)}


def with_switches(definition: TableDefinition, switches: dict[str, bool]) -> TableDefinition:
    """The definition as it counts under the switches in force."""
    columns = tuple(
        column.alternative if column.alternative is not None and switches.get(column.switch) else column
        for column in definition.columns
    )
    return replace(definition, columns=columns)
