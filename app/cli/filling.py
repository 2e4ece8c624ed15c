"""What a form asks and no record holds, at the command line: form fill, form issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Report, input_code, table
from app.cli.words import hint, say
from app.errors import BadInput, Problem
from app.forms.entries import typed, words_of
from app.services import filling, form_shelf, issuing, numbering, papers
from app.services.filling import AskedForm, Filling, KeptPaper, PaperToBegin
from app.services.form_values import Filled, FilledEntry
from app.services.workplace import Workplace
from app.vocabulary import PaperStatus
from app.wording import joined


def fill(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="RECORD", help=hint("record"))],
    name: Annotated[str, typer.Option("--form", help=hint("form"))],
    texts: Annotated[list[str] | None, typer.Option("--set", help=hint("fill_set"))] = None,
    drops: Annotated[list[str] | None, typer.Option("--drop", help=hint("fill_drop"))] = None,
    subject: Annotated[str, typer.Option("--subject", help=hint("order"))] = "",
    paper: Annotated[str, typer.Option("--paper", help=hint("fill_paper"))] = "",
) -> Report:
    """Fill entries of a form in, and tell what stands in each and what is still missing.

    To look writes nothing. Where something was refused, only what was stored beside it is told.
    """
    given = [_split(each) for each in texts or ()]
    with desk(context).opened() as place:
        found = _filling(place, name, record, subject, paper)
        problems = [*_drop(found, drops or ()), *filling.enter_all(found, given)]
        entries, missing = found.read()[0], tuple(found.missing().values())
    document = {
        "form": name, "record": record, "paper": found.paper or None if isinstance(found, KeptPaper) else None,
        "entries": [
            {"entry": key, "label": each.entry.label, "value": each.kept, "typed": each.typed,
             "required": each.entry.required}
            for key, each in _told(entries)
        ],
        "missing": [each.label for each in missing], "problems": [],
    }  # fmt: skip
    taken = {key for key, _ in given} - {each.where.column for each in problems}
    rows = [
        (key, each.entry.label, _shown(each)) for key, each in _told(entries) if not problems or key in taken
    ]
    lines = table(("entry", "label", "value"), rows, say("none_entries")) if rows else []
    lines += [say("fill_missing", label=each.label) for each in missing if not problems]
    if isinstance(found, PaperToBegin) and not found.paper and not problems:
        lines.append(say("fill_not_begun"))
    return Report(document, lines, problems, input_code(problems))


def _split(given: str) -> tuple[str, str]:
    key, equals, text = given.partition("=")
    if not equals or not key.strip():
        raise typer.BadParameter(say("fill_shape", given=given))
    return key.strip(), text


def _filling(place: Workplace, form: str, record: str, subject: str, paper: str) -> Filling:
    """The form about a record of the registry or a plan; or a paper of a visit, the last that is a draft."""
    if issuing.asked_about(place, form=form):
        return AskedForm(place, form, record)
    if paper:
        return KeptPaper(place, record, paper)
    if draft := _last_draft(place, form, record, subject):
        return KeptPaper(place, record, draft)
    return PaperToBegin(place, record, form, subject)


def _last_draft(place: Workplace, form: str, record: str, subject: str) -> str:
    """The newest paper of a form that is not issued yet, about a subject if one is given; empty for none."""
    rows = papers.paper_rows(place, inspection_id=record)
    open_ones = [
        row.key
        for row in rows
        if row.form == form and row.status is PaperStatus.DRAFTED and subject in {"", row.subject_key}
    ]
    return open_ones[-1] if open_ones else ""


def issue(
    context: typer.Context,
    record: Annotated[str, typer.Argument(metavar="RECORD", help=hint("record"))],
    name: Annotated[str, typer.Option("--form", help=hint("form"))],
    subject: Annotated[str, typer.Option("--subject", help=hint("order"))] = "",
    paper: Annotated[str, typer.Option("--paper", help=hint("issue_paper"))] = "",
    number: Annotated[str, typer.Option("--number", help=hint("order_number"))] = "",
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=hint("order_on"))] = None,
) -> Report:
    """Issue a paper that was filled in, under its number where its form has one; then it stands as it is."""
    day = on.date() if on is not None else None
    with desk(context).opened() as place:
        form = form_shelf.form_of(place, name)
        if not form.kept:
            raise BadInput("papers.not_issued_itself", title=form.title)
        chosen = paper or _last_draft(place, name, record, subject)
        if not chosen:
            raise BadInput("papers.none_to_issue", title=form.title)
        form = papers.paper_sheet(place, inspection_id=record, paper=chosen).form
        numbered = numbering.numbered_by_paper(form)
        taken = number or (numbering.propose(place, form=form.id, on=day) if numbered else "")
        papers.issue(place, inspection_id=record, paper=chosen, number=taken, on=day)
        row = papers.paper_sheet(place, inspection_id=record, paper=chosen).row
    document = {
        "form": row.form, "record": record, "paper": row.key, "number": row.number, "issued_on": row.issued_on,
    }  # fmt: skip
    return Report(document, [say("paper_issued", title=row.title, number=row.number).rstrip()])


def _drop(found: Filling, drops: Sequence[str]) -> Iterator[Problem]:
    """Take rows out; their numbers are those that were told before any went."""
    keys = []
    for entry, _, row in (each.partition(".") for each in drops):
        try:
            keys.append((entry, filling.row_key(found, entry, row)))
        except BadInput as error:
            yield error.problem
    for entry, row in dict.fromkeys(keys):
        found.remove_row(entry, row)


def _shown(field: Filled) -> str:
    """A value as it is read: what was chosen by its words, and what may be chosen while nothing is."""
    known = words_of(field.entry) if field.entry.kind in ("choice", "yes_no") else {}
    if known and not field.kept:
        return say("may_choose", words=joined("names", known.values()))
    if known:
        return joined("names", (known.get(code, code) for code in field.kept.split()))
    return typed(field.entry, field.kept)


def _told(entries: Sequence[FilledEntry]) -> Iterator[tuple[str, Filled]]:
    """Each value that is asked for now, under the key that ``--set`` takes: rows by their number."""
    for each in entries:
        if not each.wanted:
            continue
        if each.entry.kind != "rows":
            yield each.entry.id, each.field
        for number, row in enumerate(each.rows, 1):
            for cell in row.cells:
                yield f"{each.entry.id}.{number}.{cell.entry.id}", cell
