"""Commands about scanned signed papers: scan import, list, assign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk, progress, stoppable
from app.cli.report import Exit, Report, plain, table
from app.cli.words import hint, say
from app.services import scan_rows, scan_tray
from app.services.scan_rows import SignedCopy
from app.services.scan_tray import Wanted
from app.services.scanning import Imported, PageLine, import_scans
from app.wording import label, sentence

scan = typer.Typer()


@scan.command("import")
def import_files(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=hint("scan_files"))],
) -> Report:
    """Take scans in: each page goes to its record by its code, the others into the tray."""
    with desk(context).opened() as place, progress(say("reading")) as bar, stoppable() as stopped:
        done = import_scans(place, paths=files, progress=bar, cancelled=stopped)
    document = {
        "placed": done.count("placed", "again"),
        "aside": done.count("aside"),
        "duplicates": done.count("duplicate"),
        "pages": [_page(line) for line in done.lines],
        "lacking": [_lacking(each.inspection_id, each.copy) for each in done.lacking],
    }
    return Report(document, _lines(done), done.problems, _code(done))


def _code(done: Imported) -> Exit:
    codes = {problem.code for problem in done.problems}
    if "scans.cancelled" in codes:
        return Exit.INTERRUPTED
    if codes:
        return Exit.BAD_INPUT
    return Exit.DECISION if done.count("aside") else Exit.DONE


def _page(line: PageLine) -> dict[str, object]:
    reason = line.problem.code if line.problem else ""
    return {
        "file": line.file, "file_page": line.source_page, "outcome": line.outcome, "key": line.key,
        "record": line.inspection_id, "form": line.title, "page": line.page, "pages": line.pages,
        "outdated": line.outdated, "reason": reason,
    }  # fmt: skip


def _lacking(record: str, copy: SignedCopy) -> dict[str, object]:
    return {"record": record, "form": copy.copy.form, "title": copy.copy.title, "missing": copy.missing}


def _lines(done: Imported) -> list[str]:
    cells = [
        (line.file, line.source_page, label("scan", line.outcome), _where(line), line.key)
        for line in done.lines
    ]
    lines = table(("file", "scan_page", "status", "subject", "id"), cells, say("none_scanned"))
    lines += [
        say("scan_lacking", subject=each.subject_name, title=each.copy.copy.title,
            pages=say("scan_comma").join(str(number) for number in each.copy.missing))
        for each in done.lacking
    ]  # fmt: skip
    return list(lines)


def _where(line: PageLine) -> str:
    if line.problem is not None:
        return sentence(line.problem).message
    page = say("scan_page_of", page=line.page, pages=line.pages) if line.page else ""
    late = say("scan_outdated") if line.outdated else ""
    return " ".join(part for part in (line.subject_name, line.title, page, late) if part)


@scan.command("list")
def list_scans(
    context: typer.Context,
    record: Annotated[str | None, typer.Argument(metavar="[RECORD]", help=hint("scan_record"))] = None,
) -> Report:
    """List the pages that wait in the tray, or the signed papers of a record."""
    with desk(context).opened() as place:
        if record is not None:
            copies = scan_rows.signed_copies(place, inspection_id=record)
            cells = [
                (each.copy.title, len(each.scans), each.pages or "", " ".join(map(str, each.missing)))
                for each in copies
            ]
            return Report(
                {"copies": plain(copies)},
                table(("title", "scans", "scan_pages", "missing"), cells, say("none_copies")),
            )
        waiting = scan_rows.tray_rows(place)
    rows = [(row.id, row.file_name, row.source_page, sentence(row.problem).message) for row in waiting]
    return Report(
        {"tray": plain(waiting)}, table(("id", "file", "scan_page", "reason"), rows, say("none_tray"))
    )


@scan.command("assign")
def assign(
    context: typer.Context,
    page: Annotated[str, typer.Argument(metavar="PAGE", help=hint("scan_tray_page"))],
    record: Annotated[str, typer.Argument(metavar="RECORD", help=hint("record"))],
    form: Annotated[str, typer.Option("--form", help=hint("form"))] = "",
    copy: Annotated[str, typer.Option("--subject", "--paper", help=hint("scan_copy"))] = "",
    number: Annotated[str, typer.Option("--page", help=hint("scan_number"))] = "",
) -> Report:
    """Give a page of the tray to a record by hand."""
    first, _, last = number.partition("/")
    if not all(part.isdecimal() for part in (first, last) if part) or bool(first) != bool(last):
        raise typer.BadParameter(say("scan_number_shape"))
    to = Wanted(record, form, copy, int(first or 0), int(last or 0))
    with desk(context).opened() as place:
        done = scan_tray.assign(place, page=page, to=to)
    return Report({"record": record, "key": done.key}, [say("scan_assigned", record=record)])
