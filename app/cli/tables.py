"""Commands about the official tables: counting, sending, supplements, layouts (statistics …)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Exit, Report, plain, table
from app.cli.words import hint, say
from app.clock import local_date
from app.services import reporting, sending, table_layouts, table_paper
from app.services.sending import SentRow
from app.services.table_paper import TablePrinted
from app.statistics.account import shown_value
from app.statistics.changes import CellChange
from app.statistics.summary_words import yuan
from app.statistics.table import Table, Value

statistics = typer.Typer()

DAY = ["%Y-%m-%d"]

TableName = Annotated[str, typer.Argument(metavar="TABLE", help=hint("table"))]
First = Annotated[datetime | None, typer.Option("--from", formats=DAY, help=hint("from"))]
Last = Annotated[datetime | None, typer.Option("--to", formats=DAY, help=hint("to_day"))]
Unit = Annotated[str, typer.Option("--unit", help=hint("unit"))]
SentId = Annotated[str, typer.Argument(metavar="ID", help=hint("sent"))]
TableFile = Annotated[Path, typer.Option("-o", "--out", help=hint("table_out"))]
Workbook = Annotated[Path, typer.Option("-o", "--out", help=hint("workbook_out"))]


@statistics.command("list")
def list_tables(context: typer.Context) -> Report:
    """List the tables that can be counted."""
    with desk(context).opened() as place:
        rows, problems = reporting.table_rows(place), reporting.table_problems(place)
    columns = ("id", "annex", "title", "from", "to")
    cells = [(row.id, row.annex, row.title, row.period_from, row.period_to) for row in rows]
    return Report({"tables": plain(rows)}, table(columns, cells, say("none_tables")), problems)


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
                yield f"  {group}{each.name} {_shown(value)}{each.unit and f' ({each.unit})'}"
    yield from (
        say(
            "check_failed",
            label=check.label,
            row=check.row,
            left=_shown(check.left),
            right=_shown(check.right),
        )
        for check in counted.checks
        if not check.passed
    )
    yield from (
        say("left_out", label=each.label, count=each.count) for each in counted.left_out if each.count
    )
    yield from counted.notes


def _shown(value: Value) -> str:
    """A value as the screen shows it; where there is no money at all plain 0, since 0.00 may be a few yuan."""
    return "0" if isinstance(value, Decimal) and not value else shown_value(value)


@statistics.command("export")
def export(
    context: typer.Context,
    name: TableName,
    out: TableFile,
    first: First = None,
    last: Last = None,
    unit: Unit = "",
    draft: Annotated[bool, typer.Option("--draft", help=hint("draft"))] = False,
) -> Report:
    """Write the workbook of a table, or its pages where the file is called .pdf."""
    if _on_paper(out):
        return _print(context, name, out, (first, last), unit, draft=draft)
    with desk(context).opened() as place:
        made = reporting.export_table(
            place, table=name, out=out, unit=unit, draft=draft,
            period_from=first and first.date(), period_to=last and last.date(),
        )  # fmt: skip
    document = reporting.table_document(made.table)
    return Report({"file": str(made.path), "draft": made.draft, **document}, [say("written", file=made.path)])


def _on_paper(out: Path) -> bool:
    """Whether pages are asked for; a name that is neither those nor a workbook would not open."""
    if out.suffix.lower() not in (table_paper.SUFFIX, ".xlsx"):
        raise typer.BadParameter(say("table_kind", name=out.name))
    return out.suffix.lower() == table_paper.SUFFIX


def _print(
    context: typer.Context,
    name: str,
    out: Path,
    days: tuple[datetime | None, datetime | None],
    unit: str,
    *,
    draft: bool,
) -> Report:
    first, last = days
    with desk(context).opened() as place:
        made = table_paper.print_table(
            place, table=name, unit=unit, draft=draft,
            period_from=first and first.date(), period_to=last and last.date(),
        )  # fmt: skip
        return _printed(made, out, {"draft": made.draft})


def _printed(made: TablePrinted, out: Path, told: dict[str, object]) -> Report:
    table_paper.save(made, out)
    document = {"file": str(out), "pages": made.printed.pages, **told, **reporting.table_document(made.table)}
    return Report(document, [say("printed", file=out, pages=made.printed.pages)])


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
        money = reporting.counts_money(place, table=name, column=column)
    document = {
        "table": name, "row": row, "column": column,
        "amount_unit": say("fen") if money else "", "records": plain(found),
    }  # fmt: skip
    cells = [
        (
            each.record_id,
            each.on,
            each.subject_name,
            say("yuan", amount=yuan(each.amount)) if money else each.amount,
        )
        for each in found
    ]
    lines = table(("id", "on", "subject", "amount"), cells, say("none_behind"))
    lines += [say("records", count=len(found))] if found else []
    return Report(document, lines)


@statistics.command("send")
def send(
    context: typer.Context, name: TableName, first: First = None, last: Last = None, unit: Unit = ""
) -> Report:
    """Freeze a table as sent today."""
    with desk(context).opened() as place:
        sent = sending.send(
            place, table=name, unit=unit,
            period_from=first and first.date(), period_to=last and last.date(),
        )  # fmt: skip
    said = say("sent", title=sent.row.title, day=local_date(sent.row.sent_at), id=sent.row.id)
    return Report({"sent": plain(sent.row)}, [said])


@statistics.command("sent")
def list_sent(
    context: typer.Context, name: Annotated[str, typer.Argument(metavar="[TABLE]", help=hint("table"))] = ""
) -> Report:
    """List what was sent, the newest first."""
    with desk(context).opened() as place:
        rows = sending.sent_rows(place, table=name)
    columns = ("id", "title", "from", "to", "sent", "author", "supplement", "changed")
    return Report({"sent": plain(rows)}, table(columns, map(_sent_cells, rows), say("none_sent")))


def _sent_cells(row: SentRow) -> tuple[object, ...]:
    period = (row.period_from, row.period_to)
    return (row.id, row.title, *period, local_date(row.sent_at), row.sent_by, row.sequence, row.changed_cells)


@statistics.command("changes")
def changes(context: typer.Context, sent: SentId) -> Report:
    """Name what changed in the data since a report or its last supplement."""
    with desk(context).opened() as place:
        told = sending.later_changes(place, sent=sent)
    return Report({"sent": sent, "changes": _change_documents(told)}, _change_lines(told))


@statistics.command("supplement")
def supplement(context: typer.Context, sent: SentId) -> Report:
    """Freeze what changed as a supplement of today."""
    with desk(context).opened() as place:
        made = sending.supplement(place, sent=sent)
    said = say("supplemented", number=made.row.sequence, count=len(made.told), id=made.row.id)
    document = {"sent": plain(made.row), "changes": _change_documents(made.told)}
    return Report(document, [*_change_lines(made.told), said])


@statistics.command("export-sent")
def export_sent(context: typer.Context, sent: SentId, out: TableFile) -> Report:
    """Write the workbook of a sent table or supplement, or its pages."""
    with desk(context).opened() as place:
        if _on_paper(out):
            row = sending.sent_table(place, sent=sent).row
            return _printed(table_paper.print_sent(place, sent=sent), out, {"sent": plain(row)})
        made = sending.export_sent(place, sent=sent, out=out)
    document = {
        "file": str(made.path),
        "sent": plain(made.view.row),
        **reporting.table_document(made.view.table),
    }
    return Report(document, [say("written", file=made.path)])


def _change_documents(told: tuple[CellChange, ...]) -> list[dict[str, object]]:
    return [
        {
            "row": each.row,
            "column": each.column,
            "row_label": each.row_label,
            "column_name": each.column_name,
            "old": reporting.plain_value(each.old),
            "new": reporting.plain_value(each.new),
            "records": each.records,
        }
        for each in told
    ]


def _change_lines(told: tuple[CellChange, ...]) -> list[str]:
    lines = [
        say(
            "changed_cell",
            row=each.row_label or each.row,
            column=each.column_name,
            old=shown_value(each.old) or "-",
            new=shown_value(each.new) or "-",
            records="\u3001".join(each.names or each.records),
        )
        for each in told
    ]
    return [*lines, say("changed_cells", count=len(told))]


@statistics.command("export-layout")
def export_layout(context: typer.Context, name: TableName, out: Workbook) -> Report:
    """Write a table's layout as a workbook to be edited."""
    with desk(context).opened() as place:
        path = table_layouts.export_layout(place, table=name, out=out)
    return Report({"file": str(path), "table": name}, [say("written", file=path)])


@statistics.command("import-layout")
def import_layout(
    context: typer.Context, path: Annotated[Path, typer.Argument(metavar="FILE", help=hint("layout_file"))]
) -> Report:
    """Take an edited layout in as the table's next version."""
    with desk(context).opened() as place:
        problems = table_layouts.layout_problems(path)
        if problems:
            return Report({"file": str(path), "taken": False}, [], problems, Exit.BAD_INPUT)
        taken = table_layouts.import_layout(place, path=path)
    document = {"table": taken.table, "version": taken.version, "taken": True}
    return Report(document, [say("layout_taken", table=taken.table, version=taken.version)])
