"""Printing: a record and a form become a PDF; the same record prints the same bytes.

The paper carries the record's id and its fingerprint, the SHA-256 of its document, so that a signed
sheet can be told from one of an earlier version. What the forms read comes from ``form_data`` (a visit),
``form_subjects`` (an order, a case … of it), ``papers`` (entries) and ``asking`` (an organization or a
plan).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.clock import local_date
from app.errors import BadInput
from app.forms.catalog import paper_keys
from app.forms.render import render
from app.forms.schema import ASKED_AT_PRINTING, About, Form
from app.forms.template import holds
from app.models.inspection import Inspection
from app.services import asking, form_registry, questions
from app.services.file_names import fitted_name
from app.services.form_checklist import blank_checklist
from app.services.form_data import Data, visit_data
from app.services.form_shelf import form_of, forms_of
from app.services.form_subjects import subject_data
from app.services.form_values import fill_in, printed
from app.services.history_paper import history_data
from app.services.lawbook import law_on
from app.services.page_signatures import page_signature_data, page_signatures
from app.services.papers import newest_paper, paper_data
from app.services.practising import is_practice
from app.services.sheet_rows import Sheet
from app.services.sheets import sheet
from app.services.workplace import Workplace
from app.sync.canonical import canonical, digest
from app.sync.documents import read_document
from app.vocabulary import InspectionType
from app.wording import label

HISTORY_FORM = "record-history"


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form as offered.

    ``about`` is what one copy is about; ``of_questions``: it prints a checklist's questions;
    ``of_history``: it tells what became of a record of any kind, and so is never blank. ``kept``: it has
    entries that are kept as a paper; ``asked``: entries that are asked at printing and stand in the file
    only. ``numbered``: it takes a document number of its own. ``unverified`` counts its fields that still
    wait for the official original.
    """

    id: str
    title: str
    about: About
    of_questions: bool
    of_history: bool
    kept: bool
    asked: bool
    numbered: bool
    copies: int
    unverified: int


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A printed form: the PDF, its pages, the record's fingerprint, a name for its file."""

    pdf: bytes
    pages: int
    fingerprint: str
    file_name: str


def form_rows(place: Workplace | Path | None = None) -> tuple[FormRow, ...]:
    """Every form there is, in the order of their titles."""
    return tuple(
        FormRow(
            id=form.id,
            title=form.title,
            about=form.about,
            of_questions="checklist.items" in form.fields,
            of_history=form.about == "record",
            kept=form.kept,
            asked=form.about in ASKED_AT_PRINTING and bool(form.entries),
            numbered="paper.number" in paper_keys(form),
            copies=form.copies,
            unverified=len(form.unverified_fields),
        )
        for form in sorted(forms_of(place).values(), key=lambda form: form.title)
    )


def fitting_forms(
    place: Workplace, *, inspection_id: str, about: About, key: str = ""
) -> tuple[FormRow, ...]:
    """The forms about a visit, or something in it, that fit it now: their condition is met."""
    known = {row.id: row for row in form_rows(place) if row.about == about}
    with place.read() as session:
        base = visit_base(place, session, inspection_id)
        fits = []
        for name in known:
            form = form_of(place, name)
            _, told = subject_data(place, session, form, inspection_id=inspection_id, key=key or None)
            if holds({**base.data, **told}, form.offered):
                fits.append(name)
    return tuple(known[name] for name in fits)


def print_blank(
    place: Workplace | Path | None = None, *, form: str, inspection_type: InspectionType | None = None
) -> PrintedForm:
    """A form to be filled in by hand; with a place and a type, its checklist's questions stand in it."""
    found = form_of(place, form)
    if found.about == "record":
        raise BadInput("issuing.no_blank", title=found.title)
    data = blank_data(place, inspection_type) if isinstance(place, Workplace) else None
    return _print(found, data, "")


def blank_data(place: Workplace, inspection_type: InspectionType | None) -> Data | None:
    """What stands on a blank form: the questions of a type's checklist, or nothing."""
    if inspection_type is None:
        return None
    law = law_on(place, place.today())
    return {"blank": True, "checklist": blank_checklist(law, questions.newest(place, inspection_type))}


def _print(form: Form, data: Data | None, of: str) -> PrintedForm:
    out = io.BytesIO()
    done = render(form, data, out)
    fingerprint = str((data or {}).get("fingerprint") or "")
    name = fitted_name(of, form.title, *_told_apart(form, data or {}))
    return PrintedForm(out.getvalue(), done.pages, fingerprint, name)


def _told_apart(form: Form, data: Data) -> tuple[str, ...]:
    """What tells two papers of one form and one enterprise apart: the visit's day, a number or a key."""
    visit, about, paper = (data.get(name) for name in ("inspection", form.about, "paper"))
    told = [each for each in (paper, about) if isinstance(each, Mapping)]
    number = next((str(each["number"]) for each in told if each.get("number")), "")
    began = visit.get("started_at") if isinstance(visit, Mapping) else None
    day = local_date(began).isoformat() if isinstance(began, datetime) else ""
    return day, number or str(data.get("copy") or "")[:_SHORT]


def print_form(
    place: Workplace,
    *,
    form: str,
    inspection_id: str,
    subject_key: str | None = None,
    paper: str | None = None,
) -> PrintedForm:
    """A form filled from an inspection, something in it (``subject_key``) and a paper's entries.

    Without a paper the newest one of that form is printed; where there is none yet, what would be
    prefilled. What is not finished or issued, or in conflict, prints as a draft.
    """
    found = form_of(place, form)
    if found.about == "record":
        return print_history(place, record_id=inspection_id)
    with place.read() as session:
        base = visit_base(place, session, inspection_id)
        data = form_data(place, session, found, base, subject_key=subject_key, paper=paper)
    return _print(found, data, base.shown.header.subject_name)


@dataclass(frozen=True, slots=True)
class Base:
    """A visit's sheet with what all its forms read; several forms are made from one."""

    shown: Sheet
    data: Data


def visit_base(place: Workplace, session: Session, inspection_id: str) -> Base:
    """What every form about a visit is made from."""
    shown = sheet(place, inspection_id=inspection_id)
    data = visit_data(place, session, shown)
    about = {"fingerprint": fingerprint_of(session, inspection_id), "practice": is_practice(place)}
    return Base(shown, {**data, **about})


def form_data(
    place: Workplace,
    session: Session,
    form: Form,
    base: Base,
    *,
    subject_key: str | None = None,
    paper: str | None = None,
) -> Data:
    """Everything that one copy of a form about a visit reads."""
    if form.about in ASKED_AT_PRINTING:
        raise BadInput("issuing.other_record", title=form.title)
    inspection_id = base.shown.header.id
    key, about = subject_data(place, session, form, inspection_id=inspection_id, key=subject_key)
    data = {**base.data, **about, "copy": key}
    if form.entries:
        paper = paper or newest_paper(session, form, inspection_id=inspection_id, subject_key=key)
        if paper is None:
            data |= {"paper": printed(fill_in(form, {}, data)), "draft": True}
        else:
            data |= paper_data(session, form, data, inspection_id=inspection_id, paper=paper)
            data |= page_signature_data(place, page_signatures(session, inspection_id, paper))
            data["copy"] = paper
    data["draft"] = data["draft"] is True or base.shown.header.in_conflict
    return data


def asked_about(place: Workplace, *, form: str) -> bool:
    """Whether a form is about an organization or a plan, and so printed with :func:`print_asked`."""
    return form_of(place, form).about in ASKED_AT_PRINTING


def print_asked(
    place: Workplace, *, form: str, record_id: str, values: Mapping[str, str] | None = None
) -> PrintedForm:
    """A form about an organization or a plan, with what was entered on this device or with ``values``.

    ``values`` are its entries as kept (``entry`` or ``entry.row.column``).
    """
    found = form_of(place, form)
    data = asking.asked_data(place, form=form, record_id=record_id, values=values)
    return _print(found, data, form_registry.title_of(data, found.about))


def print_history(place: Workplace, *, record_id: str, kind: str = "inspection") -> PrintedForm:
    """What became of a record of any kind; also of one in conflict, for it is no final form."""
    found = form_of(place, HISTORY_FORM)
    data = history_data(place, kind=kind, record_id=record_id)
    record = data["record"]
    assert isinstance(record, dict)
    title = str(record["title"] or label("record_kind", kind))
    mark = str(record["number"] or record_id[:_SHORT])
    # An enterprise has a record of its own and one for each visit, all of its name.
    name = fitted_name(
        title, found.title, _day_of(place, kind, record_id) or label("record_kind", kind), mark
    )
    return replace(_print(found, data, title), file_name=name)


def _day_of(place: Workplace, kind: str, record_id: str) -> str:
    """The day of a visit; empty for other records."""
    if kind != Inspection.__record__:
        return ""
    with place.read() as session:
        row = session.get(Inspection, record_id)
        return local_date(row.started_at).isoformat() if row is not None else ""


_SCANS = "scans/"
_SHORT = 4
"""Characters of a key that tell two papers apart."""


def record_fingerprint(place: Workplace, *, inspection_id: str) -> str:
    """The fingerprint that a paper of this inspection carries when it is printed now."""
    with place.read() as session:
        return fingerprint_of(session, inspection_id)


def fingerprint_of(session: Session, inspection_id: str) -> str:
    """SHA-256 of an inspection's document as the rows have it now, without the scans of its papers.

    A signed copy that comes back makes the paper it was made of no older.
    """
    document = read_document(session, "inspection", inspection_id) or {}
    told = {path: value for path, value in document.items() if not path.startswith(_SCANS)}
    return digest(canonical(told))
