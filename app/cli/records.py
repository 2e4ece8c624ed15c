"""Commands about a record of any kind: record history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Report, at_place, plain
from app.cli.words import hint, say
from app.services.chronicle import HistoryEntry, told
from app.services.chronicle_lines import change_lines, kind_text, reason_text

record = typer.Typer()


@record.command("history")
def show_history(
    context: typer.Context,
    record_id: Annotated[str, typer.Argument(metavar="ID", help=hint("record"))],
    kind: Annotated[str, typer.Option("--kind", help=hint("kind"))] = "inspection",
) -> Report:
    """Tell who wrote what into a record, when, on which device, what was decided and why."""
    with desk(context).opened() as place:
        found = told(place, kind=kind, record_id=record_id)
    document = {
        "kind": found.kind,
        "record": found.record_id,
        "title": found.title,
        "entries": [_document(entry) for entry in found.entries],
    }
    lines = [line for entry in found.entries for line in _lines(entry)]
    return Report(document, [found.title, *lines, say("entries", count=len(found.entries))])


def _document(entry: HistoryEntry) -> dict[str, object]:
    said = plain(entry)
    assert isinstance(said, dict)
    return {**said, "disputed": entry.disputed, "lines": list(change_lines(entry))}


def _lines(entry: HistoryEntry) -> Iterator[str]:
    at = at_place(entry.made_at) if entry.made_at else ""
    yield say(
        "entry", at=at, kind=kind_text(entry), author=entry.author, credential=entry.credential,
        device=entry.fingerprint or entry.device,
    ).strip()  # fmt: skip
    if entry.reason:
        yield say("entry_line", line=reason_text(entry))
    for line in change_lines(entry):
        yield say("entry_line", line=line)
