"""Commands about paper: form list, subjects, fill, issue, print (one, blank, or all of a day) and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli import filling
from app.cli.desk import desk, progress, stoppable
from app.cli.report import Exit, Report, plain, table
from app.cli.words import hint, say
from app.files import write_atomically
from app.services import batches, form_shelf, form_subjects, issuing, numbering
from app.services.batches import Batch
from app.services.file_names import free_path
from app.services.left_out import LeftOut, left_out_lines
from app.services.numbering import SeriesReport, Used
from app.vocabulary import InspectionType
from app.wording import label

form = typer.Typer()


@form.command("list")
def list_forms(context: typer.Context) -> Report:
    """List the forms that can be printed, the office's own among them."""
    home = desk(context).home
    rows = issuing.form_rows(home)
    cells = [(row.id, row.title, label("form_about", row.about), row.unverified) for row in rows]
    lines = table(("id", "title", "about", "unverified"), cells, say("none_forms"))
    return Report({"forms": plain(rows)}, lines, form_shelf.problems_of(home))


@form.command("print")
def print_form(
    context: typer.Context,
    names: Annotated[list[str] | None, typer.Option("--form", help=hint("form"))] = None,
    record: Annotated[str | None, typer.Argument(metavar="[RECORD]", help=hint("record"))] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=hint("pdf_out"))] = None,
    blank: Annotated[bool, typer.Option("--blank", help=hint("blank"))] = False,
    order: Annotated[str | None, typer.Option("--order", "--subject", help=hint("order"))] = None,
    paper: Annotated[str | None, typer.Option("--paper", help=hint("paper"))] = None,
    questions: Annotated[InspectionType | None, typer.Option("--type", help=hint("blank_type"))] = None,
    kind: Annotated[str, typer.Option("--kind", help=hint("history_kind"))] = "inspection",
    batch: Annotated[bool, typer.Option("--batch", help=hint("batch"))] = False,
    day: Annotated[
        datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help=hint("batch_day"))
    ] = None,
    visit: Annotated[list[str] | None, typer.Option("--visit", help=hint("batch_visit"))] = None,
    organization: Annotated[
        list[str] | None, typer.Option("--organization", help=hint("batch_organization"))
    ] = None,
    plan: Annotated[list[str] | None, typer.Option("--plan", help=hint("batch_plan"))] = None,
    folder: Annotated[bool, typer.Option("--folder", help=hint("batch_folder"))] = False,
    copies: Annotated[int, typer.Option("--copies", min=1, max=999, help=hint("batch_copies"))] = 1,
) -> Report:
    """Print a form of a record, an empty one to be filled in by hand, or all papers of a day."""
    if batch:
        chosen = (day is not None) + bool(visit)
        some = chosen or blank or organization or plan
        of_blanks = copies > 1 or questions is not None
        if chosen > 1 or not some or record is not None or out is None or (of_blanks > blank):
            raise typer.BadParameter(say("batch_needs"))
        wanted = Batch(
            day.date() if day is not None else None, tuple(visit or ()), tuple(organization or ()),
            tuple(plan or ()), tuple(names or ()), questions, copies if blank else 0,
        )  # fmt: skip
        return _print_batch(context, wanted, out, one_file=not folder)
    if blank == (record is not None) or names is None or len(names) != 1:
        raise typer.BadParameter(say("record_or_blank"))
    name = names[0]
    if questions is not None and record is not None:
        raise typer.BadParameter(say("type_of_blank"))
    if kind != "inspection" and name != issuing.HISTORY_FORM:
        raise typer.BadParameter(say("kind_of_history"))
    printed = (
        _printed(context, name, record, order, paper, kind)
        if record is not None
        else _blank(context, name, questions)
    )
    # A name that nobody chose takes the place of no file.
    target = out or free_path(Path(printed.file_name))
    write_atomically(target, printed.pdf)
    document = {"file": str(target), "pages": printed.pages, "fingerprint": printed.fingerprint}
    return Report(document, [say("printed", file=target, pages=printed.pages)], code=Exit.DONE)


def _blank(context: typer.Context, name: str, questions: InspectionType | None) -> issuing.PrintedForm:
    if questions is None:
        return issuing.print_blank(desk(context).home, form=name)
    with desk(context).opened() as place:
        return issuing.print_blank(place, form=name, inspection_type=questions)


def _printed(context: typer.Context, name: str, record: str, *about: str | None) -> issuing.PrintedForm:
    order, paper, kind = about
    with desk(context).opened() as place:
        if name == issuing.HISTORY_FORM:
            return issuing.print_history(place, record_id=record, kind=kind or "inspection")
        if issuing.asked_about(place, form=name):
            return issuing.print_asked(place, form=name, record_id=record)
        return issuing.print_form(place, form=name, inspection_id=record, subject_key=order, paper=paper)


def _print_batch(context: typer.Context, batch: Batch, out: Path, *, one_file: bool) -> Report:
    with desk(context).opened() as place, progress(say("printing")) as bar, stoppable() as stopped:
        for name in batch.forms:
            form_shelf.form_of(place, name)
        done = batches.print_batch(
            place, wanted=batch.papers(place), out=out, one_file=one_file, progress=bar, cancelled=stopped
        )
    document = {
        "file": str(done.path), "papers": done.papers, "pages": done.pages, "visits": done.visits,
        "left_out": len(done.left_out), "not_printed": [_left_out(each) for each in done.left_out],
    }  # fmt: skip
    lines = [say("printed_batch", file=done.path, papers=done.papers, pages=done.pages, visits=done.visits)]
    if done.left_out:
        lines.append(say("batch_left_out", count=len(done.left_out)))
        lines += [f"  {line}" for line in left_out_lines(done.left_out)]
    if any(each.problem.code == batches.NOT_BEGUN for each in done.left_out):
        lines.append(say("batch_prefilled"))
    return Report(document, lines)


def _left_out(each: LeftOut) -> dict[str, object]:
    return {
        "record": each.inspection_id or each.record_id, "name": each.name, "about": each.about,
        "form": each.form, "title": each.title, "code": each.problem.code, "reason": each.reason,
    }  # fmt: skip


form.command("fill")(filling.fill)
form.command("issue")(filling.issue)


@form.command("subjects")
def show_subjects(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="FORM", help=hint("form"))],
    record: Annotated[str, typer.Argument(metavar="RECORD", help=hint("record"))],
) -> Report:
    """List what of a visit a form can be about: orders, cases, documents to be served, for --subject."""
    with desk(context).opened() as place:
        about = form_shelf.form_of(place, name).about
        found = form_subjects.subject_rows(place, inspection_id=record, about=about)
    lines = table(("id", "title"), [(row.key, row.title) for row in found], say("none_subjects"))
    return Report({"subjects": plain(found)}, lines)


@form.command("numbers")
def show_numbers(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", help=hint("number_year"))] = None,
) -> Report:
    """Tell how far each series of document numbers goes: gaps, duplicates, voided numbers."""
    with desk(context).opened() as place:
        found = numbering.report(place, year=year)
    lines = [line for each in found for line in _series_lines(each)]
    return Report({"series": plain(found)}, lines or [say("no_numbers")])


def _series_lines(each: SeriesReport) -> Iterator[str]:
    if each.count:
        series = " ".join(str(part) for part in (each.year, each.device) if part)
        yield say("series", title=each.title, series=series, last=each.last, count=each.count, next=each.next)
    for gap in each.gaps:
        if gap.count == 1:
            yield say("number_gap", number=gap.first)
        else:
            yield say("number_gaps", first=gap.first, last=gap.last, count=gap.count)
    for row in each.duplicates:
        yield say("number_twice", **_told(row)).rstrip()
    for row in each.voided:
        yield say("number_voided", **_told(row)).rstrip()
    for row in each.foreign:
        yield say("number_foreign", **_told(row)).rstrip()


def _told(row: Used) -> dict[str, str]:
    day = row.on.isoformat() if row.on else ""
    return {"number": row.number, "day": day, "record": row.inspection_id, "reason": row.reason}
