"""Papers of a visit that are filled in for themselves: begun, filled in field by field, issued, voided.

Every change is one value and is on the disk when the call returns. Papers live on after the visit is
sealed, as orders do. An issued paper stands as it was issued: what was prefilled is kept with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput, Place
from app.forms.entries import Entry, stored
from app.forms.schema import Form
from app.forms.template import Scope
from app.models.base import new_id
from app.models.inspection import Inspection
from app.models.papers import Paper, PaperField
from app.services import form_subjects
from app.services.days import require_done
from app.services.form_data import Data, columns, visit_data
from app.services.form_shelf import form_of, forms_of
from app.services.form_values import (
    OUT,
    PLACE,
    FilledEntry,
    cell_key,
    fill_in,
    frozen,
    missing,
    printed,
    unplaced,
)
from app.services.inspecting import settled_inspection
from app.services.numbering import numbered_by_paper, require_free
from app.services.page_signatures import page_signatures
from app.services.prefilling import KEY_LENGTH
from app.services.sheets import sheet
from app.services.workplace import Changes, Workplace
from app.vocabulary import PaperStatus
from app.wording import joined

_ROW = 6
"""Hex digits of a row's key: two devices add rows to one paper without meeting."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The key of a new paper or row."""

    key: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper as listed."""

    inspection_id: str
    key: str
    form: str
    title: str
    subject_key: str
    number: str
    status: PaperStatus
    drafted_on: date
    issued_on: date | None
    by: str
    voided_on: date | None
    void_reason: str


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A paper with its form, every entry with what stands in it, and what is missing by key."""

    row: PaperRow
    form: Form
    entries: tuple[FilledEntry, ...]
    missing: Mapping[str, Entry]


def begin(place: Workplace, *, inspection_id: str, form: str, subject_key: str = "") -> Begun:
    """Begin a paper; ``subject_key`` names the order, follow-up, case or notice that it is about."""
    found = form_of(place, form)
    if not found.kept:
        raise BadInput("papers.no_entries", title=found.title)
    key = new_id()[:KEY_LENGTH]
    with place.write("papers.begin") as work:
        _inspection(work.session, inspection_id)
        subject, _ = form_subjects.subject_data(
            place, work.session, found, inspection_id=inspection_id, key=subject_key or None
        )
        work.session.add(
            Paper(
                inspection_id=inspection_id, key=key, form=found.id, form_version=found.version,
                subject_key=subject, status=PaperStatus.DRAFTED, drafted_on=place.today(),
                by=place.owner.name,
            )
        )  # fmt: skip
        work.commit()
    return Begun(key, Changes.of("inspection", inspection_id))


def set_field(
    place: Workplace,
    *,
    inspection_id: str,
    paper: str,
    name: str,
    value: str,
    row: str = "",
    column: str = "",
) -> Changes:
    """Fill in one entry, or one column of a row; ``forms.bad_…`` where it is nothing of its kind."""
    with place.write("papers.field") as work:
        found = _drafted(work.session, inspection_id, paper)
        entry = _entry(form_of(place, found.form), name, column)
        key = cell_key(name, row, column) if column else name
        _put(work.session, inspection_id, f"{paper}.{key}", stored(entry, value))
        work.commit()
    return Changes.of("inspection", inspection_id)


def add_row(place: Workplace, *, inspection_id: str, paper: str, name: str) -> Begun:
    """Add one more row at the end."""
    shown = paper_sheet(place, inspection_id=inspection_id, paper=paper)
    there = _rows_of(shown, name)
    key = new_id()[:_ROW]
    with place.write("papers.row") as work:
        _drafted(work.session, inspection_id, paper)
        _put(work.session, inspection_id, f"{paper}.{cell_key(name, key, PLACE)}", str(len(there) + 1))
        work.commit()
    return Begun(key, Changes.of("inspection", inspection_id))


def remove_row(place: Workplace, *, inspection_id: str, paper: str, name: str, row: str) -> Changes:
    """Take a row out, with everything in it."""
    shown = paper_sheet(place, inspection_id=inspection_id, paper=paper)
    offered = {each.key: each.prefilled for each in shown_rows(shown, name)}
    if row not in offered:
        raise BadInput("papers.unknown_row", row=row)
    with place.write("papers.row") as work:
        _drafted(work.session, inspection_id, paper)
        for kept in _fields(work.session, inspection_id, f"{paper}.{name}.{row}."):
            work.session.delete(kept)
        work.session.flush()
        if offered[row]:
            _put(work.session, inspection_id, f"{paper}.{cell_key(name, row, PLACE)}", OUT)
        work.commit()
    return Changes.of("inspection", inspection_id)


def order_rows(
    place: Workplace, *, inspection_id: str, paper: str, name: str, rows: Sequence[str]
) -> Changes:
    """Bring rows into the order of ``rows``; those not named keep theirs, behind."""
    shown = paper_sheet(place, inspection_id=inspection_id, paper=paper)
    there = _rows_of(shown, name)
    if unknown := [key for key in rows if key not in there]:
        raise BadInput("papers.unknown_row", row=unknown[0])
    with place.write("papers.row") as work:
        _drafted(work.session, inspection_id, paper)
        for number, key in enumerate([*rows, *(key for key in there if key not in rows)], 1):
            _put(work.session, inspection_id, f"{paper}.{cell_key(name, key, PLACE)}", str(number))
        work.commit()
    return Changes.of("inspection", inspection_id)


def issue(
    place: Workplace, *, inspection_id: str, paper: str, number: str = "", on: date | None = None
) -> Changes:
    """Issue a paper: nothing required may be missing, its number must be free in this store."""
    require_done(place, day=on)
    with place.write("papers.issue") as work:
        settled_inspection(work.session, inspection_id)
        found = _drafted(work.session, inspection_id, paper)
        form = form_of(place, found.form)
        filled = _filled(place, work.session, form, found)
        if lacking := missing(filled):
            raise BadInput(
                "papers.missing", fields=joined("names", (each.label for each in lacking.values()))
            )
        for key, field in unplaced(filled).items():
            raise BadInput("papers.no_article", Place(column=key), field=field.entry.label)
        if numbered_by_paper(form):
            if not number.strip():
                raise BadInput("papers.no_number", title=form.title)
            require_free(work.session, number.strip(), office=settled_office(work.session, inspection_id))
        for key, value in frozen(filled).items():
            _put(work.session, inspection_id, f"{paper}.{key}", value)
        found.number, found.form_version = number.strip(), form.version
        found.status, found.issued_on = PaperStatus.ISSUED, on or place.today()
        work.commit()
    return Changes.of("inspection", inspection_id)


def settled_office(session: Session, inspection_id: str) -> str:
    """Whose numbers a visit's papers count among."""
    return session.get_one(Inspection, inspection_id).office


def void(place: Workplace, *, inspection_id: str, paper: str, reason: str) -> Changes:
    """Void an issued paper; its number stays taken and the paper is listed."""
    if not reason.strip():
        raise BadInput("papers.no_reason")
    with place.write("papers.void") as work:
        settled_inspection(work.session, inspection_id)
        found = _paper(work.session, inspection_id, paper)
        if found.status is not PaperStatus.ISSUED:
            raise BadInput("papers.not_issued")
        found.status, found.voided_on = PaperStatus.VOIDED, place.today()
        found.void_reason = reason.strip()
        work.commit()
    return Changes.of("inspection", inspection_id)


def discard(place: Workplace, *, inspection_id: str, paper: str) -> Changes:
    """Throw a paper away that was never issued; what was sealed of it stays in the record's history."""
    with place.write("papers.discard") as work:
        found = _drafted(work.session, inspection_id, paper)
        gone = (
            *_fields(work.session, inspection_id, f"{paper}."),
            *page_signatures(work.session, inspection_id, paper),
        )
        for kept in gone:
            work.session.delete(kept)
        work.session.delete(found)
        work.commit()
    return Changes.of("inspection", inspection_id)


def paper_rows(place: Workplace, *, inspection_id: str) -> tuple[PaperRow, ...]:
    """The papers of a visit, oldest first."""
    with place.read() as session:
        wanted = select(Paper).where(Paper.inspection_id == inspection_id)
        found = session.scalars(wanted.order_by(Paper.drafted_on, Paper.key))
        return tuple(_row(place, each) for each in found)


def paper_sheet(place: Workplace, *, inspection_id: str, paper: str) -> PaperSheet:
    """Everything about one paper."""
    with place.read() as session:
        found = _paper(session, inspection_id, paper)
        form = form_of(place, found.form)
        filled = _filled(place, session, form, found)
        return PaperSheet(_row(place, found), form, filled, missing(filled))


def paper_data(session: Session, form: Form, scope: Scope, *, inspection_id: str, paper: str) -> Data:
    """What a paper adds to the data that a form reads."""
    found = _paper(session, inspection_id, paper)
    filled = _fill_in(session, form, found, scope)
    own = columns(found, "number", "drafted_on", "issued_on", "by")
    return {
        "paper": {**own, **printed(filled)},
        "draft": found.status is PaperStatus.DRAFTED,
        "voided": found.status is PaperStatus.VOIDED,
    }


def newest_paper(session: Session, form: Form, *, inspection_id: str, subject_key: str) -> str | None:
    """The paper that is printed when none is named: the last one about the subject that is not void."""
    wanted = select(Paper).where(
        Paper.inspection_id == inspection_id,
        Paper.form == form.id,
        Paper.subject_key == subject_key,
        Paper.status != PaperStatus.VOIDED,
    )
    found = session.scalars(wanted.order_by(Paper.drafted_on.desc(), Paper.key.desc())).first()
    return None if found is None else found.key


def shown_rows(shown: PaperSheet, name: str) -> tuple[Any, ...]:
    """The rows of one entry."""
    for each in shown.entries:
        if each.entry.id == name and each.entry.kind == "rows":
            return each.rows
    raise BadInput("papers.unknown_field", field=name)


def _rows_of(shown: PaperSheet, name: str) -> list[str]:
    return [each.key for each in shown_rows(shown, name)]


def _row(place: Workplace, row: Paper) -> PaperRow:
    form = forms_of(place).get(row.form)
    stored_names = (name for name in PaperRow.__slots__ if name != "title")
    return PaperRow(
        **{name: getattr(row, name) for name in stored_names}, title=form.title if form else row.form
    )


def _inspection(session: Session, inspection_id: str) -> Inspection:
    found = session.get(Inspection, inspection_id)
    if found is None:
        raise BadInput("inspecting.unknown_inspection", id=inspection_id)
    return found


def _paper(session: Session, inspection_id: str, paper: str) -> Paper:
    found = session.get(Paper, (inspection_id, paper))
    if found is None:
        raise BadInput("papers.unknown", key=paper)
    return found


def _drafted(session: Session, inspection_id: str, paper: str) -> Paper:
    found = _paper(session, inspection_id, paper)
    if found.status is not PaperStatus.DRAFTED:
        raise BadInput("papers.closed", number=found.number or found.key)
    return found


def _entry(form: Form, name: str, column: str) -> Entry:
    found = form.entry(name)
    if found is not None and column:
        found = next((each for each in found.columns if each.id == column), None)
    if found is None:
        raise BadInput("papers.unknown_field", field=f"{name}.{column}".rstrip("."))
    return found


def _fields(session: Session, inspection_id: str, prefix: str) -> list[PaperField]:
    wanted = select(PaperField).where(PaperField.inspection_id == inspection_id)
    return list(session.scalars(wanted.where(PaperField.key.startswith(prefix, autoescape=True))))


def _put(session: Session, inspection_id: str, key: str, value: str) -> None:
    row = session.get(PaperField, (inspection_id, key))
    if row is None:
        session.add(PaperField(inspection_id=inspection_id, key=key, value=value))
    else:
        row.value = value


def _filled(place: Workplace, session: Session, form: Form, paper: Paper) -> tuple[FilledEntry, ...]:
    scope: Data = {}
    if paper.status is PaperStatus.DRAFTED:
        shown = sheet(place, inspection_id=paper.inspection_id)
        scope = visit_data(place, session, shown)
        scope |= form_subjects.subject_data(
            place, session, form, inspection_id=paper.inspection_id, key=paper.subject_key or None
        )[1]
    return _fill_in(session, form, paper, scope)


def _fill_in(session: Session, form: Form, paper: Paper, scope: Scope) -> tuple[FilledEntry, ...]:
    prefix = f"{paper.key}."
    kept: Mapping[str, str] = {
        row.key.removeprefix(prefix): row.value for row in _fields(session, paper.inspection_id, prefix)
    }
    return fill_in(form, kept, scope if paper.status is PaperStatus.DRAFTED else {})
