"""Commands about inspections and their paper: inspection list, show, load; form list, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Exit, Report, input_code, plain, table
from app.cli.words import hint, say
from app.clock import local_date
from app.files import write_atomically
from app.services import backentry, issuing, visits
from app.vocabulary import InspectionStatus, InspectionType
from app.wording import label

inspection = typer.Typer()
form = typer.Typer()


@inspection.command("list")
def list_inspections(
    context: typer.Context,
    status: Annotated[InspectionStatus | None, typer.Option(help=hint("status"))] = None,
    query: Annotated[str, typer.Option(help=hint("query"))] = "",
    limit: Annotated[int | None, typer.Option(min=1, help=hint("limit"))] = None,
) -> Report:
    """List inspections, the newest first."""
    with desk(context).opened() as place:
        ids = visits.inspection_ids(place, status=status, query=query)
        rows = visits.inspection_rows(place, ids[:limit])
    columns = ("id", "started", "subject", "inspection_type", "status", "officers", "findings", "photos")
    cells = [
        (
            row.id, local_date(row.started_at), row.subject_name, label("inspection_type", row.inspection_type),
            label("inspection_status", row.status), row.officers, row.findings, row.photos,
        )
        for row in rows
    ]  # fmt: skip
    lines = [*table(columns, cells), say("shown", shown=len(rows), total=len(ids))]
    return Report({"total": len(ids), "inspections": plain(rows)}, lines)


@inspection.command("show")
def show_inspection(
    context: typer.Context, record: Annotated[str, typer.Argument(metavar="ID", help=hint("record"))]
) -> Report:
    """Print an inspection as the document that `load` reads."""
    with desk(context).opened() as place:
        document = backentry.inspection_document(place, inspection_id=record)
    whole = Report(document)
    return Report(document, [whole.json()])


@inspection.command("load")
def load_inspections(
    context: typer.Context, file: Annotated[Path, typer.Argument(help=hint("document_file"))]
) -> Report:
    """Take finished inspections in from a file of documents."""
    with desk(context).opened() as place:
        done = backentry.load_file(place, path=file)
    document = {"loaded": done.loaded, "already": done.already, "problems": []}
    line = say("loaded", count=len(done.loaded), already=done.already)
    return Report(document, [line], done.problems, input_code(done.problems))


@form.command("list")
def list_forms() -> Report:
    """List the forms that can be printed."""
    rows = issuing.form_rows()
    cells = [(row.id, row.title, row.unverified) for row in rows]
    return Report({"forms": plain(rows)}, table(("id", "title", "unverified"), cells))


@form.command("print")
def print_form(
    context: typer.Context,
    name: Annotated[str, typer.Option("--form", help=hint("form"))],
    record: Annotated[str | None, typer.Argument(metavar="[RECORD]", help=hint("record"))] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=hint("pdf_out"))] = None,
    blank: Annotated[bool, typer.Option("--blank", help=hint("blank"))] = False,
    order: Annotated[str | None, typer.Option("--order", help=hint("order"))] = None,
    questions: Annotated[InspectionType | None, typer.Option("--type", help=hint("blank_type"))] = None,
    kind: Annotated[str, typer.Option("--kind", help=hint("history_kind"))] = "inspection",
) -> Report:
    """Print a form of a record, or an empty one to be filled in by hand."""
    if blank == (record is not None):
        raise typer.BadParameter(say("record_or_blank"))
    if questions is not None and record is not None:
        raise typer.BadParameter(say("type_of_blank"))
    if kind != "inspection" and name != issuing.HISTORY_FORM:
        raise typer.BadParameter(say("kind_of_history"))
    if record is None and questions is None:
        printed = issuing.print_blank(form=name)
    elif record is None:
        with desk(context).opened() as place:
            printed = issuing.print_blank(place, form=name, inspection_type=questions)
    else:
        with desk(context).opened() as place:
            if name == issuing.HISTORY_FORM:
                printed = issuing.print_history(place, record_id=record, kind=kind)
            else:
                printed = issuing.print_form(place, form=name, inspection_id=record, subject_key=order)
    target = out or Path(printed.file_name)
    write_atomically(target, printed.pdf)
    document = {"file": str(target), "pages": printed.pages, "fingerprint": printed.fingerprint}
    return Report(document, [say("printed", file=target, pages=printed.pages)], code=Exit.DONE)
