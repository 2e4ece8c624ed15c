"""Commands about checklists: which there are, an office's own versions, drafts that change theirs, points."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.checklists.transition import Fate
from app.cli.desk import desk
from app.cli.report import Exit, Report, input_code, plain, table
from app.cli.words import hint, say
from app.services import authoring, moving, questions, scoring
from app.services.authoring import Proposal
from app.services.moving import DraftRow
from app.wording import joined, label

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
        rows = {(row.id, row.version): row for row in authoring.versions(place)}
    document = [
        {
            "id": each.id, "version": each.version, "title": each.title, "type": each.inspection_type,
            "effective_from": each.effective_from, "items": len(list(each.items())),
            "scored": (each.id, each.version) in scored, "origin": rows[each.id, each.version].origin,
            "standing": rows[each.id, each.version].standing, "drafts": rows[each.id, each.version].drafts,
        }
        for each in found
    ]  # fmt: skip
    cells = [
        (
            each.id,
            each.version,
            label("inspection_type", each.inspection_type),
            each.effective_from,
            label("checklist_origin", rows[each.id, each.version].origin),
            label("checklist_standing", rows[each.id, each.version].standing),
            each.title,
        )
        for each in found
    ]
    return Report(
        {"checklists": document},
        table(
            ("id", "version", "inspection_type", "effective_from", "origin", "standing", "title"),
            cells,
            say("none_checklists"),
        ),
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


Name = Annotated[str, typer.Argument(help=hint("checklist_name"))]
Version = Annotated[str, typer.Option("--version", help=hint("checklist_version"))]


@checklist.command("export")
def export_checklist(
    context: typer.Context,
    name: Name,
    out: Annotated[Path, typer.Option("--out", help=hint("checklist_out"))],
    version: Version = "",
) -> Report:
    """Write a version as a workbook to be edited."""
    with desk(context).opened() as place:
        wanted = version or authoring.version_in_use(place, name).version
        authoring.export_checklist(place, checklist_id=name, version=wanted, out=out)
    document = {"checklist": name, "version": wanted, "path": out}
    return Report(document, [say("checklist_exported", name=name, version=wanted, file=out.name)])


@checklist.command("import")
def import_checklist(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=hint("checklist_file"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=hint("dry_run"))] = False,
) -> Report:
    """Take an edited checklist in as a version of its own; with any fault nothing is taken."""
    with desk(context).opened() as place:
        if dry_run:
            proposal, taken = authoring.read_checklist(place, path=file), False
        else:
            done = authoring.import_checklist(place, path=file)
            proposal, taken = done.proposal, done.taken
    problems = list(proposal.read.problems)
    code = Exit.DONE if proposal.read.sound else Exit.BAD_INPUT
    return Report(_proposal(proposal, taken=taken), _proposal_lines(proposal, taken=taken), problems, code)


def _proposal(proposal: Proposal, *, taken: bool) -> dict[str, object]:
    found, way = proposal.read.checklist, proposal.difference
    return {
        "checklist": found.id if found else None,
        "version": found.version if found else None,
        "items": len(list(found.items())) if found else 0,
        "rows": proposal.read.rows,
        "left_out": proposal.read.left_out,
        "taken": taken,
        "known": proposal.known,
        "against": proposal.against.version if proposal.against else None,
        "difference": {} if way is None else {fate.value: way.count(fate) for fate in Fate},
    }


def _proposal_lines(proposal: Proposal, *, taken: bool) -> list[str]:
    found = proposal.read.checklist
    if found is None:
        return []
    rows = {"rows": proposal.read.rows, "left_out": proposal.read.left_out, "items": len(list(found.items()))}
    lines = [say("checklist_read", name=found.id, version=found.version, **rows)]
    if proposal.difference is not None and proposal.against is not None:
        told = joined(
            "names",
            (
                f"{label('item_fate', fate)} {count}"
                for fate in Fate
                if (count := proposal.difference.count(fate))
            ),
        )
        lines.append(say("checklist_compared", version=proposal.against.version, told=told))
    if proposal.known:
        lines.append(say("checklist_known"))
    elif taken:
        lines.append(say("checklist_taken", day=found.effective_from))
    return lines


@checklist.command("xlsform")
def export_xlsform(
    context: typer.Context,
    name: Name,
    out: Annotated[Path, typer.Option("--out", help=hint("checklist_out"))],
    version: Version = "",
) -> Report:
    """Write a version as an XLSForm for phones; what the form cannot do is listed."""
    with desk(context).opened() as place:
        wanted = version or authoring.version_in_use(place, name).version
        lost = authoring.export_xlsform(place, checklist_id=name, version=wanted, out=out)
    document = {"checklist": name, "version": wanted, "path": out}
    line = say("checklist_exported", name=name, version=wanted, file=out.name)
    return Report(document, [line], list(lost))


@checklist.command("move")
def move_drafts(
    context: typer.Context,
    name: Name,
    version: Annotated[str, typer.Option("--to", help=hint("checklist_to"))],
    inspections: Annotated[list[str] | None, typer.Option("--inspection", help=hint("draft_ids"))] = None,
    everyone: Annotated[bool, typer.Option("--all", help=hint("draft_all"))] = False,
) -> Report:
    """Show what a version would mean for visits under way; move those that are named."""
    with desk(context).opened() as place:
        drafts = moving.drafts_for(place, checklist_id=name, version=version)
        wanted = [row.inspection_id for row in drafts] if everyone else list(inspections or ())
        done = None
        if wanted:
            done = moving.move_drafts(
                place, checklist_id=name, version=version, inspection_ids=wanted
            )  # fmt: skip
    document = {"drafts": [plain(row) for row in drafts], "moved": done.moved if done else 0}
    lines = [line for row in drafts for line in _draft_lines(row)]
    if done is not None:
        lines.append(
            say("drafts_moved", count=done.moved, aside=done.put_aside, returned=done.returned)
        )  # fmt: skip
    elif drafts:
        lines.append(say("drafts_shown"))
    else:
        lines.append(say("no_drafts"))
    return Report(document, lines)


def _draft_lines(row: DraftRow) -> list[str]:
    told = joined(
        "names", (f"{label('item_fate', fate)} {len(row.of(fate))}" for fate in Fate if row.of(fate))
    )
    lines = [say("draft", id=row.inspection_id, subject=row.subject_name, version=row.version, told=told)]
    for each in row.of(Fate.REWORDED, Fate.MOVED, Fate.NEW, Fate.DROPPED):
        number = " → ".join(part for part in dict.fromkeys((each.before, each.after)) if part)
        mark = say("draft_answered") if each.answered else ""
        lines.append(f"  {label('item_fate', each.fate)} {number} {each.text}{mark}")
    return lines
