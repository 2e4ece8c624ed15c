"""Commands about what two people wrote differently: conflict list, show, resolve, reopen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Exit, Report, at_place, plain, table, wrapped
from app.cli.words import hint, say
from app.errors import BadInput
from app.services import merging, resolving
from app.services.disputes import DisputedField, DisputedValue
from app.services.naming import path_text, value_text
from app.services.paper_names import Papers, papers_of
from app.services.resolving import DecisionRow
from app.sync.shapes import moment
from app.wording import label

conflict = typer.Typer()

_ID = 8
"""Digits of a revision's id that ``--take @…`` wants at least."""


@conflict.command("list")
def list_conflicts(context: typer.Context) -> Report:
    """List the fields for which people gave different values."""
    with desk(context).opened() as place:
        rows = merging.conflict_rows(place)
    code = Exit.DECISION if rows else Exit.DONE
    cells = [(label("record_kind", row.kind), row.record_id, row.title, len(row.paths)) for row in rows]
    counted = say("conflict_places", records=len(rows), places=sum(len(row.paths) for row in rows))
    lines = table(("kind", "id", "title", "fields"), cells, say("none_conflicts"))
    lines += [counted] if rows else []
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
    lines = [line for each in detail for line in _dispute(each, papers)]
    lines += (
        wrapped(say("dispute_end"), say("dispute_decide"))
        if detail
        else [say("none_disputed")]
        if not decided
        else []
    )
    lines += [line for made in decided for line in _decision(made, papers)]
    document = {"record": kind, "id": record, "conflict": plain(detail), "decisions": plain(decided)}
    return Report(document, lines, code=Exit.DECISION if detail else Exit.DONE)


def _dispute(field: DisputedField, papers: Papers) -> Iterator[str]:
    """A disputed field as its form calls it, each value on lines of its own with who wrote it below."""
    yield say("dispute", called=path_text(field.path, papers), path=field.path)
    yield from wrapped(say("dispute_former"), value_text(field.path, field.former, papers))
    own_first = sorted(field.values, key=_is_theirs)
    for number, each in enumerate(own_first, 1):
        value = value_text(field.path, each.value, papers)
        yield from wrapped(say("dispute_value", number=number), value)
        yield from wrapped(say("dispute_by"), _writer(each))


def _is_theirs(each: DisputedValue) -> bool:
    return not each.ours


def _writer(each: DisputedValue) -> str:
    """Who wrote a value, when and where; a device that is called after its owner is not told twice."""
    where = say("own_device") if each.ours else "" if each.device == each.author else each.device
    person = f"{each.author} {each.credential}" if each.credential != each.author else each.author
    told = (person, at_place(moment(each.made_at)), where, f"@{each.revision[:_ID]}")
    return "  ".join(part for part in told if part)


def _decision(made: DecisionRow, papers: Papers) -> list[str]:
    said = say(
        "decided",
        path=path_text(made.path, papers),
        value=value_text(made.path, made.value, papers),
        author=made.author,
        at=at_place(moment(made.made_at)),
        reason=made.reason,
    )
    return wrapped("", said)


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


def _only_path(detail: Sequence[DisputedField], record: str) -> str:
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
