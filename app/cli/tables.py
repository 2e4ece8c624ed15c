"""Commands about the official tables: statistics list, show, export, explain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Report, plain, table
from app.cli.words import hint, say
from app.services import reporting
from app.statistics.table import Table

statistics = typer.Typer()

DAY = ["%Y-%m-%d"]

TableName = Annotated[str, typer.Argument(metavar="TABLE", help=hint("table"))]
First = Annotated[datetime | None, typer.Option("--from", formats=DAY, help=hint("from"))]
Last = Annotated[datetime | None, typer.Option("--to", formats=DAY, help=hint("to_day"))]
Unit = Annotated[str, typer.Option("--unit", help=hint("unit"))]


@statistics.command("list")
def list_tables(context: typer.Context) -> Report:
    """List the tables that can be counted."""
    with desk(context).opened() as place:
        rows, problems = reporting.table_rows(place), reporting.table_problems(place)
    columns = ("id", "annex", "title", "from", "to")
    cells = [(row.id, row.annex, row.title, row.period_from, row.period_to) for row in rows]
    return Report({"tables": plain(rows)}, table(columns, cells), problems)


@statistics.command("show")
def show(
    context: typer.Context, name: TableName, first: First = None, last: Last = None, unit: Unit = ""
) -> Report:
    """Count a table and print it."""
    with desk(context).opened() as place:
        counted = reporting.table(
            place, table=name, period_from=first and first.date(), period_to=last and last.date(), unit=unit
        )
    return Report(reporting.table_document(counted), list(_lines(counted)))


def _lines(counted: Table) -> Iterator[str]:
    """One block for each row: its columns below each other, since twenty do not fit side by side."""
    yield say(
        "table_head",
        title=counted.title,
        unit=counted.unit,
        first=counted.period.first,
        last=counted.period.last,
    )
    for row in counted.rows:
        yield row.label
        for each in counted.columns:
            value = counted.cells[row.key][each.key].value
            if value is not None:
                group = f"{each.group} · " if each.group else ""
                yield f"  {group}{each.name} {value}{each.unit and f' ({each.unit})'}"
    yield from (
        say("check_failed", label=check.label, row=check.row, left=check.left, right=check.right)
        for check in counted.checks
        if not check.passed
    )
    yield from (
        say("left_out", label=each.label, count=each.count) for each in counted.left_out if each.count
    )
    yield from counted.notes


@statistics.command("export")
def export(
    context: typer.Context,
    name: TableName,
    out: Annotated[Path, typer.Option("-o", "--out", help=hint("workbook_out"))],
    first: First = None,
    last: Last = None,
    unit: Unit = "",
    draft: Annotated[bool, typer.Option("--draft", help=hint("draft"))] = False,
) -> Report:
    """Write the workbook of a table."""
    with desk(context).opened() as place:
        made = reporting.export_table(
            place, table=name, out=out, unit=unit, draft=draft,
            period_from=first and first.date(), period_to=last and last.date(),
        )  # fmt: skip
    document = reporting.table_document(made.table)
    return Report({"file": str(made.path), "draft": made.draft, **document}, [say("written", file=made.path)])


@statistics.command("explain")
def explain(
    context: typer.Context,
    name: TableName,
    row: Annotated[str, typer.Argument(help=hint("row"))],
    column: Annotated[str, typer.Argument(help=hint("column"))],
    first: First = None,
    last: Last = None,
) -> Report:
    """Name the records behind one cell."""
    with desk(context).opened() as place:
        found = reporting.explain(
            place, table=name, row=row, column=column,
            period_from=first and first.date(), period_to=last and last.date(),
        )  # fmt: skip
    document = {"table": name, "row": row, "column": column, "records": plain(found)}
    cells = [(each.record_id, each.on, each.subject_name, each.amount) for each in found]
    lines = [*table(("id", "on", "subject", "amount"), cells), say("records", count=len(found))]
    return Report(document, lines)
