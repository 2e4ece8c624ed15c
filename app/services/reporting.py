"""Official tables: count them, explain a cell, write the workbook (specs/statistics.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.errors import BadInput, Problem
from app.files import atomic_file
from app.services.workplace import Workplace
from app.statistics.count import Head, count_table, count_tables, switches_of
from app.statistics.definition import Column, TableDefinition
from app.statistics.explain import ExplainedRow, explain_facts
from app.statistics.loader import load_tables
from app.statistics.measures import MEASURES, Measure
from app.statistics.period import chosen_period
from app.statistics.table import Cell, Check, Table, Value

FOLDER = "tables"
"""An office's own tables lie in this folder of its home."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table that can be counted, with its usual period this year."""

    id: str
    annex: str
    title: str
    source: str
    confidence: str
    proposal: bool
    version: int
    period_from: date
    period_to: date


@dataclass(frozen=True, slots=True)
class TableExported:
    """A written workbook; a ``draft`` carries its watermark."""

    path: Path
    table: Table
    draft: bool


def table_rows(place: Workplace) -> tuple[TableRow, ...]:
    """Every table of this office: the shipped ones and its own."""
    usual = place.today()
    return tuple(
        TableRow(
            id=each.id,
            annex=each.annex,
            title=each.title,
            source=each.source,
            confidence=each.confidence,
            proposal=each.proposal,
            version=each.version,
            period_from=each.period.usual(usual).first,
            period_to=each.period.usual(usual).last,
        )
        for each in load_tables(place.home / FOLDER)[0].values()
    )


def table_problems(place: Workplace) -> tuple[Problem, ...]:
    """What is wrong in the definitions of tables, the office's own among them."""
    return load_tables(place.home / FOLDER)[1]


def table(
    place: Workplace,
    *,
    table: str,
    period_from: date | None = None,
    period_to: date | None = None,
    unit: str = "",
) -> Table:
    """Count a table. Without days its usual period; without a ``unit`` this office reports."""
    return _count(place, table, (period_from, period_to), unit)


def tables(place: Workplace, *, period_from: date, period_to: date, unit: str = "") -> Iterator[Table]:
    """Every table over one period, one after the other; the store is read once for all of them."""
    definitions = tuple(load_tables(place.home / FOLDER)[0].values())
    period = chosen_period(definitions[0].period, place.today(), period_from, period_to)
    head = Head(unit.strip() or place.owner.office, place.today())
    return count_tables(place.read, definitions, period, switches=switches_of(place.settings), head=head)


def table_document(counted: Table) -> dict[str, object]:
    """A counted table as ``statistics show`` prints it: ``rows`` is ``{row: {column: value}}``."""
    left_out = counted.left_out_ids()
    return {
        "table": counted.id,
        "title": counted.title,
        "unit": counted.unit,
        "from": counted.period.first.isoformat(),
        "to": counted.period.last.isoformat(),
        "made_on": counted.made_on.isoformat(),
        "columns": [
            {"key": each.key, "group": each.group, "name": each.name, "unit": each.unit}
            for each in counted.columns
        ],
        "rows": {
            row: {column: plain_value(cell.value) for column, cell in cells.items()}
            for row, cells in counted.cells.items()
        },
        "cell_notes": {
            f"{row}/{column}": cell.note
            for row, cells in counted.cells.items()
            for column, cell in cells.items()
            if cell.note
        },
        "checks": [_check_document(check) for check in counted.checks],
        "blocked": counted.blocked,
        "proposal": counted.definition.proposal,
        "version": counted.definition.version,
        "switches": dict(counted.switches),
        "left_out": [
            {
                "reason": each.reason,
                "label": each.label,
                "count": each.count,
                "records": left_out[each.reason],
            }
            for each in counted.left_out
        ],
        "notes": counted.notes,
    }


def plain_value(value: Value) -> int | float | str | None:
    """A cell's value as JSON has it."""
    return float(value) if isinstance(value, Decimal) else value


def _check_document(check: Check) -> dict[str, object]:
    return {
        "key": check.key,
        "label": check.label,
        "row": check.row,
        "left": plain_value(check.left),
        "relation": check.relation,
        "right": plain_value(check.right),
        "passed": check.passed,
    }


def explain(
    place: Workplace,
    *,
    table: str,
    row: str,
    column: str,
    period_from: date | None = None,
    period_to: date | None = None,
) -> tuple[ExplainedRow, ...]:
    """The records behind one cell, oldest first."""
    counted = _count(place, table, (period_from, period_to))
    return explain_cell(place, counted=counted, row=row, column=column)


def explain_cell(place: Workplace, *, counted: Table, row: str, column: str) -> tuple[ExplainedRow, ...]:
    """The records behind one cell of a table that was counted already, read again.

    Refused when they do not make its number any more: something changed after it was counted.
    """
    found = counted.definition.column(column)
    cell: Cell | None = counted.cells.get(row, {}).get(column)
    if found is None or cell is None:
        raise BadInput("statistics.unknown_cell", table=counted.id, row=row, column=column)
    facts = cell.facts
    with place.read() as session:
        return explain_facts(session, measure_behind(counted, found), facts)


def counts_money(place: Workplace, *, table: str, column: str) -> bool:
    """Whether a column of a table counts money: what its records add is in 分 then."""
    found = definition_of(place, table).column(column)
    return found is not None and MEASURES[found.measure].money


def measure_behind(counted: Table, column: Column) -> Measure:
    """What the records behind a column are counted by; a share has those of its first part."""
    part = counted.definition.column(column.of[0]) if column.of else None
    return MEASURES[(part or column).measure]


def export_table(
    place: Workplace,
    *,
    table: str,
    out: Path,
    period_from: date | None = None,
    period_to: date | None = None,
    unit: str = "",
    draft: bool = False,
) -> TableExported:
    """Write the workbook of a table; a failed cross check allows only a draft (common rule 10)."""
    from app.statistics.workbook import table_workbook

    counted = _count(place, table, (period_from, period_to), unit)
    if counted.blocked and not draft:
        failed = [check for check in counted.checks if not check.passed]
        raise BadInput("statistics.checks_failed", table=table, count=len(failed), first=failed[0].label)
    with atomic_file(out) as target:
        table_workbook(counted, draft=draft).save(target)
    return TableExported(out, counted, draft)


def definition_of(place: Workplace, table_id: str) -> TableDefinition:
    """The definition of a table as this office counts it now."""
    found = load_tables(place.home / FOLDER)[0].get(table_id)
    if found is None:
        raise BadInput("statistics.unknown_table", table=table_id)
    return found


def _count(place: Workplace, table_id: str, days: tuple[date | None, date | None], unit: str = "") -> Table:
    definition = definition_of(place, table_id)
    period = chosen_period(definition.period, place.today(), *days)
    head = Head(unit.strip() or place.owner.office, place.today())
    return count_table(place.read, definition, period, switches=switches_of(place.settings), head=head)
