"""Commands about checklists: which there are on a day, and taking an office's scoring table into use."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Report, input_code, table
from app.cli.words import hint, say
from app.services import questions, scoring
from app.wording import label

checklist = typer.Typer()


@checklist.command("list")
def list_checklists(
    context: typer.Context,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=hint("checklist_day"))] = None,
) -> Report:
    """List every version of every checklist that is in force on a day, or was before."""
    with desk(context).opened() as place:
        found = questions.known(place, on.date() if on else place.today())
        scored = {(each.id, each.version) for each in found if scoring.scoring_of(place, each) is not None}
    document = [
        {
            "id": each.id, "version": each.version, "title": each.title, "type": each.inspection_type,
            "effective_from": each.effective_from, "items": len(list(each.items())),
            "scored": (each.id, each.version) in scored,
        }
        for each in found
    ]  # fmt: skip
    cells = [
        (
            each.id,
            each.version,
            label("inspection_type", each.inspection_type),
            each.effective_from,
            each.title,
        )
        for each in found
    ]
    return Report(
        {"checklists": document},
        table(("id", "version", "inspection_type", "effective_from", "title"), cells),
    )


@checklist.command("score")
def import_scoring(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=hint("scoring_file"))],
    name: Annotated[str, typer.Option("--checklist", help=hint("scoring_checklist"))],
    version: Annotated[str, typer.Option("--version", help=hint("scoring_version"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=hint("dry_run"))] = False,
) -> Report:
    """Take points for the items of one version of a checklist: good rows go in, every fault is listed."""
    with desk(context).opened() as place:
        done = scoring.import_scoring(place, path=file, checklist_id=name, version=version, dry_run=dry_run)
    document: dict[str, object] = {"items": done.items, "dry_run": dry_run, "problems": []}
    line = say("scoring_imported", file=file.name, count=done.items)
    return Report(document, [line], list(done.problems), input_code(done.problems))
