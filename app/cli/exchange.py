"""Commands about other devices: enrolment, packages there and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk, progress, stoppable
from app.cli.report import CANCELLED, Exit, Report, plain, problem_document, problem_line, table
from app.cli.words import hint, say
from app.clock import LOCAL
from app.errors import Problem
from app.services import enrolment, handover, merging, waiting
from app.services.handover import Mark
from app.services.merging import Imported
from app.sync.volumes import parse_size
from app.wording import label

device = typer.Typer()
package = typer.Typer()

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
    return Report({"devices": plain(rows)}, table(columns, cells, say("none_devices")))


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
    shown = table(columns, cells, say("none_packages"))
    return Report(document, [*shown, *remarks, *records], problems, _import_code(done))


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
    lines = table(columns, cells, say("none_receipts"))
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
    lines = table(("kind", "id", "title", "device", "reason"), cells, say("none_held"))
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
