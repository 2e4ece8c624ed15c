"""Commands about other devices: enrolment, packages there and back, conflicts to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk, progress, stoppable
from app.cli.report import CANCELLED, Exit, Report, at_place, plain, problem_document, problem_line, table
from app.cli.words import hint, say
from app.clock import LOCAL
from app.errors import BadInput, Problem
from app.services import enrolment, handover, merging, resolving, waiting
from app.services.handover import Mark
from app.services.merging import Imported
from app.services.naming import path_text, value_text
from app.services.paper_names import Papers, papers_of
from app.sync.shapes import moment
from app.sync.volumes import parse_size
from app.wording import label

device = typer.Typer()
package = typer.Typer()
conflict = typer.Typer()

OFFICE = "office"


@device.command("request")
def request(
    context: typer.Context, file: Annotated[Path, typer.Argument(help=hint("request_out"))]
) -> Report:
    """Write the file that asks an office to enrol this device."""
    with desk(context).opened() as place:
        fingerprint = enrolment.make_request(place, out=file)
        device_id = place.device_id
    document = {"file": str(file), "device": device_id, "fingerprint": str(fingerprint)}
    return Report(document, [say("written", file=file), say("fingerprint", fingerprint=fingerprint)])


@device.command("enrol")
def enrol(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=hint("request_file"))],
    out: Annotated[Path | None, typer.Option("-o", "--out", help=hint("answer_out"))] = None,
) -> Report:
    """Enrol the device of a request and write the signed answer."""
    answer = out or file.with_suffix(enrolment.ANSWER_SUFFIX)
    with desk(context).opened() as place:
        done = enrolment.enrol(place, request=file, out=answer)
    document = {"file": str(answer), "device": done.device_id, "fingerprint": str(done.fingerprint)}
    return Report(document, [say("written", file=answer), say("fingerprint", fingerprint=done.fingerprint)])


@device.command("accept")
def accept(context: typer.Context, file: Annotated[Path, typer.Argument(help=hint("answer_file"))]) -> Report:
    """Take the office's answer: from now on both know each other."""
    with desk(context).opened() as place:
        done = enrolment.accept(place, path=file)
    document = {"device": done.device_id, "fingerprint": str(done.fingerprint)}
    return Report(document, [say("accepted"), say("fingerprint", fingerprint=done.fingerprint)])


@device.command("list")
def list_devices(context: typer.Context) -> Report:
    """List the devices this home knows."""
    with desk(context).opened() as place:
        rows = enrolment.device_rows(place)
    columns = ("id", "name", "role", "office", "fingerprint", "revoked")
    cells = [
        (row.device_id, row.name, label("role", row.role), row.office, row.fingerprint, row.revoked_at)
        for row in rows
    ]
    return Report({"devices": plain(rows)}, table(columns, cells))


@device.command("revoke")
def revoke(
    context: typer.Context,
    device_id: Annotated[str, typer.Argument(metavar="ID", help=hint("device"))],
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help=hint("since"))] = None,
) -> Report:
    """Refuse whatever a device writes from now on, or wrote since a day; what came in before is named."""
    with desk(context).opened() as place:
        day = None if since is None else since.replace(tzinfo=LOCAL)
        enrolment.revoke(place, device_id=device_id, since=day)
        doubtful = enrolment.doubtful_records(place, device_id=device_id)
    lines = [say("revoked", device=device_id)]
    lines += [say("doubtful", kind=label("record_kind", kind), id=record) for kind, record in doubtful]
    document = {"device": device_id, "doubtful": [{"kind": kind, "id": record} for kind, record in doubtful]}
    return Report(document, lines, code=Exit.DECISION if doubtful else Exit.DONE)


@package.command("export")
def export(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(help=hint("package_out"))],
    to: Annotated[list[str] | None, typer.Option("--to", metavar="DEVICE", help=hint("to"))] = None,
    whole: Annotated[bool, typer.Option("--whole", help=hint("whole"))] = False,
    drafts: Annotated[bool, typer.Option("--drafts", help=hint("drafts"))] = False,
    split: Annotated[str, typer.Option("--split", metavar="SIZE", help=hint("split"))] = "",
) -> Report:
    """Write what the receivers do not have yet, one package for all of them."""
    size = parse_size(split) if split else None
    receivers = [OFFICE if each.lower() == OFFICE else each for each in to or [OFFICE]]
    with desk(context).opened() as place, progress(say("exporting")) as bar, stoppable() as stopped:
        made = handover.export_package(
            place, out=out, to=receivers, whole=whole, drafts=drafts, split=size, progress=bar,
            cancelled=stopped,
        )  # fmt: skip
    document = {
        "file": str(made.path), "package": made.package_id, "records": made.records, "blobs": made.blobs,
        "bytes": made.bytes, "volumes": [str(path) for path in made.volumes],
        "recipients": list(made.recipients), "remarks": plain(made.remarks),
    }  # fmt: skip
    line = say("exported", file=made.path, records=made.records, blobs=made.blobs, kib=made.bytes >> 10)
    return Report(document, [line, *map(problem_line, made.remarks)])


@package.command("inspect")
def inspect(
    context: typer.Context, file: Annotated[Path, typer.Argument(help=hint("package_file"))]
) -> Report:
    """Verify and describe a package without importing it."""
    with desk(context).opened() as place, progress(say("inspecting")) as bar, stoppable() as stopped:
        summary = handover.inspect_package(place, path=file, progress=bar, cancelled=stopped)
    document = plain(summary)
    assert isinstance(document, dict)
    kinds = [
        say("kind_count", kind=label("record_kind", kind), count=count)
        for kind, count in summary.kinds.items()
    ]
    lines = [
        say(
            "package_from",
            author=summary.author_name,
            fingerprint=summary.fingerprint,
            made_at=summary.made_at.astimezone(LOCAL),
        ),
        say("package_holds", records=summary.records, blobs=summary.blobs, kib=summary.bytes >> 10),
        *kinds,
        say("signature_good"),
    ]
    return Report(document, lines)


@package.command("import")
def import_packages(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="FILE|DIR...", help=hint("package_files"))],
    admit: Annotated[list[str] | None, typer.Option(metavar="DEVICE", help=hint("admit"))] = None,
) -> Report:
    """Import packages and receipts; one bad file never stops the others."""
    with desk(context).opened() as place, progress(say("importing")) as bar, stoppable() as stopped:
        done = merging.import_packages(place, paths=paths, admit=admit or (), progress=bar, cancelled=stopped)
    problems = [each.problem for each in done if each.problem is not None]
    document = {"packages": [package_document(each) for each in done], "problems": []}
    columns = ("file", "accepted", "already", "held", "merged", "conflicts", "refused", "answered")
    cells = [[getattr(each, name) for name in columns] for each in done]
    remarks = [problem_line(each) for one in done for each in one.remarks]
    records = [line for one in done for line in _record_lines(one)]
    return Report(document, [*table(columns, cells), *remarks, *records], problems, _import_code(done))


def _record_lines(done: Imported) -> Iterator[str]:
    """Why a record was refused, or what it waits for."""
    for each in done.records:
        if each.problem is not None and not each.problem.taken:
            kind = label("record_kind", each.kind)
            yield say("record_told", kind=kind, id=each.record_id, reason=problem_line(each.problem))


@package.command("receipts")
def list_receipts(
    context: typer.Context, kind: Annotated[str, typer.Option(help=hint("kind"))] = "inspection"
) -> Report:
    """List how far every record has come with each receiver."""
    with desk(context).opened() as place:
        rows = handover.receipt_rows(place, kind=kind)
    columns = ("id", "device", "mark", "reason")
    reasons = ["" if row.problem is None else problem_line(row.problem) for row in rows]
    cells = [
        (row.record_id, row.peer_name, label("mark", row.mark), reason)
        for row, reason in zip(rows, reasons, strict=True)
    ]
    open_ones = any(row.mark in {Mark.QUESTION, Mark.REFUSED} for row in rows)
    lines = table(columns, cells)
    return Report({"receipts": plain(rows)}, lines, code=Exit.DECISION if open_ones else Exit.DONE)


@package.command("held")
def list_held(context: typer.Context) -> Report:
    """List the records that wait for something: whose, and which package is missing."""
    with desk(context).opened() as place:
        rows = waiting.held_rows(place)
    cells = [
        (
            label("record_kind", row.kind),
            row.record_id,
            row.title,
            ", ".join(row.authors),
            problem_line(row.problem),
        )
        for row in rows
    ]
    lines = table(("kind", "id", "title", "device", "reason"), cells)
    document = [with_words(row, row.problem) for row in rows]
    return Report({"held": document}, lines, code=Exit.DECISION if rows else Exit.DONE)


def with_words(row: object, problem: Problem) -> dict[str, object]:
    """A row as JSON knows it, its problem told in words as well."""
    document = plain(row)
    assert isinstance(document, dict)
    return document | {"problem": problem_document(problem) | {"values": plain(problem.values)}}


def package_document(done: Imported) -> dict[str, object]:
    """The fate of one package in the shape of specs/cli.md; why a record was not taken is told in words too."""
    document = plain(done)
    assert isinstance(document, dict)
    document["records"] = [
        plain(each) if each.problem is None else with_words(each, each.problem) for each in done.records
    ]
    return document


def _import_code(done: Sequence[Imported]) -> Exit:
    if any(each.problem is not None and each.problem.code == CANCELLED for each in done):
        return Exit.INTERRUPTED
    if any(each.problem is not None or each.refused for each in done):
        return Exit.BAD_INPUT
    return Exit.DECISION if any(each.held or each.conflicts for each in done) else Exit.DONE


@conflict.command("list")
def list_conflicts(context: typer.Context) -> Report:
    """List the fields for which people gave different values."""
    with desk(context).opened() as place:
        rows = merging.conflict_rows(place)
    code = Exit.DECISION if rows else Exit.DONE
    cells = [(label("record_kind", row.kind), row.record_id, row.title, len(row.paths)) for row in rows]
    counted = say("conflict_places", records=len(rows), places=sum(len(row.paths) for row in rows))
    lines = [*table(("kind", "id", "title", "fields"), cells), counted]
    return Report({"conflicts": plain(rows)}, lines, code=code)


@conflict.command("show")
def show_conflict(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="ID", help=hint("record"))],
    kind: Annotated[str, typer.Option(help=hint("kind"))] = "inspection",
) -> Report:
    """Show every value of a record's disputed fields: whose, when, on which device; and what was decided."""
    with desk(context).opened() as place:
        detail = merging.conflict_detail(place, kind=kind, record_id=record)
        decided = resolving.decision_rows(place, kind=kind, record_id=record)
        papers = papers_of(place, kind=kind, record_id=record)
    columns = ("path", "called", "former", "value", "author", "credential", "made", "device")
    lines = table(columns, [cells for field in detail for cells in _dispute(field, papers)])
    lines += [
        say(
            "decided",
            path=path_text(made.path, papers),
            value=value_text(made.path, made.value, papers),
            author=made.author,
            at=_at(made.made_at),
            reason=made.reason,
        )
        for made in decided
    ]
    document = {"record": kind, "id": record, "conflict": plain(detail), "decisions": plain(decided)}
    return Report(document, lines, code=Exit.DECISION if detail else Exit.DONE)


def _dispute(field: merging.DisputedField, papers: Papers) -> Iterator[tuple[str, ...]]:
    """A line for each value of a disputed field, as its form calls it."""
    called, former = path_text(field.path, papers), value_text(field.path, field.former, papers)
    for each in field.values:
        value = value_text(field.path, each.value, papers)
        made = _at(each.made_at)
        yield field.path, called, former, value, each.author, each.credential, made, each.device


def _at(travelled: str) -> str:
    return at_place(moment(travelled))


@conflict.command("resolve")
def resolve_conflict(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="ID", help=hint("record"))],
    take: Annotated[str, typer.Option("--take", help=hint("take"))],
    reason: Annotated[str, typer.Option("--reason", help=hint("reason"))],
    path: Annotated[str, typer.Option("--path", help=hint("path"))] = "",
    kind: Annotated[str, typer.Option(help=hint("kind"))] = "inspection",
) -> Report:
    """Decide one disputed field; what stays open in the record is named."""
    with desk(context).opened() as place:
        chosen = path or _only_path(merging.conflict_detail(place, kind=kind, record_id=record), record)
        done = resolving.resolve(place, kind=kind, record_id=record, path=chosen, take=take, reason=reason)
    document = {
        "record": kind, "id": record, "path": chosen, "value": done.value, "revision": done.revision,
        "open": list(done.open_paths),
    }  # fmt: skip
    lines = [say("resolved", path=chosen, value=done.value, left=len(done.open_paths))]
    return Report(document, lines, code=Exit.DECISION if done.open_paths else Exit.DONE)


def _only_path(detail: Sequence[merging.DisputedField], record: str) -> str:
    """The disputed field, when there is one: several are decided one by one."""
    if len(detail) != 1:
        raise BadInput("resolving.which_path", id=record, count=len(detail))
    return detail[0].path


@conflict.command("reopen")
def reopen_conflict(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="ID", help=hint("record"))],
    path: Annotated[str, typer.Option("--path", help=hint("path"))],
    reason: Annotated[str, typer.Option("--reason", help=hint("reason"))],
    kind: Annotated[str, typer.Option(help=hint("kind"))] = "inspection",
) -> Report:
    """Put the values a field was decided from beside each other again."""
    with desk(context).opened() as place:
        resolving.reopen(place, kind=kind, record_id=record, path=path, reason=reason)
    document = {"record": kind, "id": record, "path": path}
    return Report(document, [say("reopened", path=path)], code=Exit.DECISION)
