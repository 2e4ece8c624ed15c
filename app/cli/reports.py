"""Commands about what goes up and out beside the tables: summary, results, penalties, entry sheets (report …)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk, progress, stoppable
from app.cli.report import Exit, Report, plain
from app.cli.words import hint, say
from app.services import annual, crediting, entering, publishing, summarizing
from app.wording import label

report = typer.Typer()

DAY = ["%Y-%m-%d"]

PlanId = Annotated[str, typer.Argument(metavar="PLAN", help=hint("plan"))]
AnyPlan = Annotated[str, typer.Argument(metavar="[PLAN]", help=hint("any_plan"))]
First = Annotated[datetime | None, typer.Option("--from", formats=DAY, help=hint("from"))]
Last = Annotated[datetime | None, typer.Option("--to", formats=DAY, help=hint("to_day"))]
Workbook = Annotated[Path, typer.Option("-o", "--out", help=hint("workbook_out"))]
Document = Annotated[Path, typer.Option("-o", "--out", help=hint("word_out"))]


@report.command("summary")
def summary(
    context: typer.Context,
    out: Document,
    plan: AnyPlan = "",
    first: First = None,
    last: Last = None,
    template: Annotated[Path | None, typer.Option("--template", help=hint("template"))] = None,
) -> Report:
    """Write the work summary of a plan, or of this year, as a Word document."""
    with desk(context).opened() as place:
        problems = summarizing.template_faults(template) if template else ()
        if problems:
            return Report({"file": None}, (), problems, Exit.BAD_INPUT)
        made = summarizing.write_summary(
            place, plan_id=plan, out=out, template=template,
            period_from=first and first.date(), period_to=last and last.date(),
        )  # fmt: skip
    told = plain(made.summary)
    assert isinstance(told, dict)
    return Report({"file": str(made.path), "own_template": made.own_template, **told}, _written(made.path))


@report.command("public")
def public(context: typer.Context, plan: PlanId, out: Workbook) -> Report:
    """Write the list of a plan's results for the public."""
    with desk(context).opened() as place, stoppable() as stop, progress(say("writing")) as bar:
        made = publishing.write_public(place, plan_id=plan, out=out, progress=bar, cancelled=stop)
    told = made.told
    lines = _written(made.path, len(told.rows))
    lines += [
        say("left_out", label=label("list_left_out", reason), count=len(ids))
        for reason, ids in told.left_out.items()
    ]
    if told.uncoded:
        lines.append(say("uncoded", count=len(told.uncoded)))
    return Report({"file": str(made.path), **_document(told)}, lines)


@report.command("credit")
def credit(
    context: typer.Context, out: Workbook, plan: AnyPlan = "", first: First = None, last: Last = None
) -> Report:
    """Write the list of penalties decided, with the days of their showing."""
    with desk(context).opened() as place, stoppable() as stop, progress(say("writing")) as bar:
        made = crediting.write_credit(
            place, plan_id=plan, out=out, progress=bar, cancelled=stop,
            period_from=first and first.date(), period_to=last and last.date(),
        )  # fmt: skip
    lines = [*_written(made.path, len(made.told.rows)), *_left_out(len(made.told.left_out))]
    return Report({"file": str(made.path), **_document(made.told)}, lines)


@report.command("entries")
def entries(context: typer.Context, plan: PlanId, out: Workbook) -> Report:
    """Write the sheet by which a plan's inspections are entered in the official system."""
    with desk(context).opened() as place, stoppable() as stop, progress(say("writing")) as bar:
        made = entering.write_entries(place, plan_id=plan, out=out, progress=bar, cancelled=stop)
    lines = [*_written(made.path, len(made.told.record_ids)), *_left_out(len(made.told.left_out))]
    return Report({"file": str(made.path), **_document(made.told)}, lines)


@report.command("annual")
def year_report(context: typer.Context) -> Report:
    """Say when the year's report is due and what is missing for it."""
    with desk(context).opened() as place:
        told = annual.annual_report(place)
    lines = [say("annual", year=told.year, day=told.due_on, left=told.days_left, source=told.source)]
    lines += [
        say("annual_missing", what=label("annual_missing", each.what), count=each.count)
        for each in told.missing
    ]
    return Report(_document(told), lines)


@report.command("export-template")
def export_template(context: typer.Context, out: Document) -> Report:
    """Write the template of the summary that is in use, to be edited in Word."""
    with desk(context).opened() as place:
        path = summarizing.export_template(place, out=out)
    return Report({"file": str(path)}, _written(path))


@report.command("import-template")
def import_template(
    context: typer.Context, path: Annotated[Path, typer.Argument(metavar="FILE", help=hint("template"))]
) -> Report:
    """Take an edited template into use."""
    with desk(context).opened() as place:
        problems = summarizing.template_faults(path)
        if problems:
            return Report({"file": str(path), "taken": False}, [], problems, Exit.BAD_INPUT)
        summarizing.import_template(place, path=path)
    return Report({"file": str(path), "taken": True}, [say("template_taken", file=path.name)])


def _document(told: object) -> dict[str, object]:
    document = plain(told)
    assert isinstance(document, dict)
    return document


def _written(path: Path, rows: int | None = None) -> list[str]:
    lines = [say("written", file=path)]
    return lines if rows is None else [*lines, say("records", count=rows)]


def _left_out(count: int) -> list[str]:
    return [say("not_ready", count=count)] if count else []
