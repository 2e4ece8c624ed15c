"""Commands about inspections: inspection list, show, load."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Report, input_code, plain, table
from app.cli.words import hint, say
from app.clock import local_date
from app.services import backentry, visits
from app.vocabulary import InspectionStatus
from app.wording import label

inspection = typer.Typer()


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
    lines = [*table(columns, cells, say("none_inspections")), say("shown", shown=len(rows), total=len(ids))]
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
