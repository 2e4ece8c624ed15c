"""Commands about the law: what applies on a day, and taking an office's supplement into use."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Exit, Report, table
from app.cli.words import hint, say
from app.law.library import Library
from app.law.provision import Provision
from app.services import lawbook
from app.wording import label

law = typer.Typer()


@law.command("list")
def list_provisions(
    context: typer.Context,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=hint("law_day"))] = None,
    query: Annotated[str, typer.Option(help=hint("query"))] = "",
) -> Report:
    """List the provisions as they are known for a day."""
    with desk(context).opened() as place:
        day = on.date() if on else place.today()
        library = lawbook.law_on(place, day)
        found = lawbook.provisions(place, on=day, query=query)
        known = [each.name for each in lawbook.supplements(place)]
    document = {"on": day, "supplements": known, "provisions": [_document(library, each) for each in found]}
    cells = [
        (each.id, library.cite(each.id), each.duty or each.penalty, label("confidence", each.confidence))
        for each in found
    ]
    return Report(document, table(("id", "citation", "content", "confidence"), cells))


def _document(library: Library, provision: Provision) -> dict[str, object]:
    return {
        "id": provision.id,
        "citation": library.cite(provision.id),
        "version": provision.document.version,
        "effective_from": provision.document.effective_from,
        "effective_to": provision.document.effective_to,
        "duty": provision.duty,
        "penalty": provision.penalty,
        "penalty_min_fen": provision.penalty_min_fen,
        "penalty_max_fen": provision.penalty_max_fen,
        "applies": list(provision.applies),
        "confidence": provision.confidence,
        "source": provision.document.source,
    }


@law.command("import")
def import_law(
    context: typer.Context, file: Annotated[Path, typer.Argument(help=hint("law_file"))]
) -> Report:
    """Take a supplement into use."""
    with desk(context).opened() as place:
        done = lawbook.import_law(place, path=file)
    document = {
        "supplement": done.supplement.name if done.supplement else None,
        "added": list(done.added),
        "replaced": list(done.replaced),
    }
    if done.supplement is None or done.problems:
        return Report(document, problems=list(done.problems), code=Exit.BAD_INPUT)
    head = done.supplement.head
    line = say(
        "law_imported", name=done.supplement.name, day=head.effective_from, added=len(done.added),
        replaced=len(done.replaced),
    )  # fmt: skip
    return Report(document, [line])
