"""Commands about the law: what applies on a day, and taking an office's supplement into use."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Exit, Report, table
from app.cli.words import hint, say
from app.law.provision import Provision
from app.services import lawbook
from app.services.lawbook import LawRow
from app.wording import label

law = typer.Typer()


Day = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=hint("law_day"))]


@law.command("list")
def list_provisions(
    context: typer.Context,
    on: Day = None,
    query: Annotated[str, typer.Option(help=hint("query"))] = "",
    every: Annotated[bool, typer.Option("--all", help=hint("law_all"))] = False,
) -> Report:
    """List the provisions that apply on a day, or may; with ``--all`` the other versions too."""
    with desk(context).opened() as place:
        day = on.date() if on else place.today()
        found = lawbook.provisions(place, on=day, query=query, every=every)
        known = [each.name for each in lawbook.supplements(place)]
    document = {"on": day, "supplements": known, "provisions": [_document(each) for each in found]}
    names = ("id", "citation", "content", "penalty", "standing", "confidence")
    return Report(document, table(names, [_cells(each) for each in found], say("none_provisions")))


@law.command("show")
def show_provision(
    context: typer.Context,
    provision_id: Annotated[str, typer.Argument(metavar="PROVISION", help=hint("provision"))],
    on: Day = None,
) -> Report:
    """Tell what held for a matter on a day: the provision in every version that is known."""
    with desk(context).opened() as place:
        day = on.date() if on else place.today()
        found = lawbook.matter(place, provision_id=provision_id, on=day)
    document = {"on": day, "versions": [_document(each) for each in found]}
    return Report(document, [line for each in found for line in _lines(each)])


def _cells(row: LawRow) -> tuple[str, ...]:
    found = row.provision
    standing, confidence = label("law_standing", row.standing), label("confidence", found.confidence)
    return found.id, row.citation, found.duty, found.penalty, standing, confidence


def _lines(row: LawRow) -> list[str]:
    found, document = row.provision, row.provision.document
    named = {"citation": row.citation, "id": found.id}
    lines = [
        say("provision_applies", **named) if row.applies else say("provision_not", **named),
        say("provision_standing", standing=label("law_standing", row.standing),
            since=document.effective_from or document.adopted or say("not_known"),
            until=document.effective_to or say("no_end")),
        say("provision_text", duty=found.duty, penalty=found.penalty or say("none_written")),
        say("provision_range", range=_range(found)) if found.fines(None) else "",
        say("provision_source", confidence=label("confidence", found.confidence),
            version=document.version, source=document.source, note=document.note),
    ]  # fmt: skip
    return [line for line in lines if line]


def _range(found: Provision) -> str:
    low, high = (found.penalty_min_fen or 0) // 100, found.penalty_max_fen
    text = say("range_from", low=low) if high is None else say("range", low=low, high=high // 100)
    if found.small_goods_fen is None:
        return text
    return say("range_small", range=text, goods=found.small_goods_fen // 100, times=found.small_goods_times)


def _document(row: LawRow) -> dict[str, object]:
    provision = row.provision
    return {
        "id": provision.id,
        "citation": row.citation,
        "version": provision.document.version,
        "effective_from": provision.document.effective_from,
        "effective_to": provision.document.effective_to,
        "standing": row.standing,
        "applies_on_day": row.applies,
        "duty": provision.duty,
        "kind": provision.kind,
        "binds": list(provision.binds),
        "penalty": provision.penalty,
        "penalised_by": list(provision.penalised_by),
        "penalty_min_fen": provision.penalty_min_fen,
        "penalty_max_fen": provision.penalty_max_fen,
        "penalty_varies": provision.penalty_varies,
        "small_goods_fen": provision.small_goods_fen,
        "small_goods_times": provision.small_goods_times,
        "applies": list(provision.applies),
        "confidence": provision.confidence,
        "source": provision.document.source,
        "note": provision.document.note,
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
