"""Printing: a record and a form become a PDF; the same record prints the same bytes.

The paper carries the record's id and its fingerprint, the SHA-256 of its document, so that a signed
sheet can be told from one of an earlier version.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.schema import Checklist, Item, Measure
from app.errors import BadInput
from app.forms.catalog import forms
from app.forms.render import render
from app.forms.schema import Form
from app.law.library import Library
from app.models.enforcement import RectificationOrder
from app.models.inspection import Correction, Inspection
from app.services import questions
from app.services.citing import cited
from app.services.history_paper import history_data
from app.services.lawbook import law_on
from app.services.sheet_rows import CitedProvision, ItemRow, SectionRow, Sheet, SignatureRow
from app.services.sheets import sheet
from app.services.workplace import Workplace
from app.sync.canonical import canonical, digest
from app.sync.documents import read_document
from app.vocabulary import InspectionStatus, InspectionType, OrderStatus
from app.wording import joined, label

ORDER_FORM = "rectification-order"
HISTORY_FORM = "record-history"
_FINAL = frozenset({InspectionStatus.FINALISED, InspectionStatus.APPROVED})

Data = dict[str, object]


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form as offered.

    ``of_order`` and ``of_questions`` tell whether it is about an order or prints a checklist's
    questions; ``of_history`` whether it tells what became of a record of any kind, and so is never
    blank. ``unverified`` counts its fields that still wait for the official original.
    """

    id: str
    title: str
    of_order: bool
    of_questions: bool
    of_history: bool
    unverified: int


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A printed form: the PDF, its pages, the record's fingerprint, a name for its file."""

    pdf: bytes
    pages: int
    fingerprint: str
    file_name: str


def form_rows() -> tuple[FormRow, ...]:
    """Every form there is, in the order of their titles."""
    return tuple(
        FormRow(
            form.id,
            form.title,
            form.id == ORDER_FORM,
            "checklist.items" in form.fields,
            form.id == HISTORY_FORM,
            len(form.unverified_fields),
        )
        for form in sorted(forms().values(), key=lambda form: form.title)
    )


def print_blank(
    place: Workplace | None = None, *, form: str, inspection_type: InspectionType | None = None
) -> PrintedForm:
    """A form to be filled in by hand; with a place and a type, its checklist's questions stand in it."""
    found = _form(form)
    if found.id == HISTORY_FORM:
        raise BadInput("issuing.no_blank", title=found.title)
    out = io.BytesIO()
    data = None
    if place is not None and inspection_type is not None:
        data = _questions(law_on(place, place.today()), questions.newest(place, inspection_type))
    printed = render(found, data, out)
    return PrintedForm(out.getvalue(), printed.pages, "", f"{found.title}.pdf")


def _questions(law: Library, checklist: Checklist) -> Data:
    rows = [
        {
            "id": item.id,
            "section": section.title,
            "text": item.text,
            "unit": _blanks(item),
            "basis": _written_out(cited(law, item.references)),
            "penalty": _written_out(cited(law, item.penalty_references)),
        }
        for section in checklist.sections
        for item in section.items
    ]
    return {
        "blank": True,
        "checklist": {"title": checklist.title, "version": checklist.version, "items": rows},
    }


def _blanks(item: Item) -> str:
    """What stands where values are written by hand: the unit of one, the labels of several."""
    if not item.measures:
        return item.measure.unit if item.measure else ""
    own = [item.measure] if item.measure else []
    return joined("clauses", (f"{each.label}　　{each.unit}".rstrip() for each in (*own, *item.measures)))


def _written_out(provisions: Iterable[CitedProvision]) -> str:
    return joined("clauses", (each.text for each in provisions))


def print_form(
    place: Workplace, *, form: str, inspection_id: str, order_key: str | None = None
) -> PrintedForm:
    """A form filled from an inspection (and one of its orders).

    What is not finished, or in conflict, prints as a draft.
    """
    found = _form(form)
    if found.id == HISTORY_FORM:
        return print_history(place, record_id=inspection_id)
    shown = sheet(place, inspection_id=inspection_id)
    with place.read() as session:
        data = _data(place, session, shown)
        data["fingerprint"] = fingerprint = fingerprint_of(session, inspection_id)
        if found.id == ORDER_FORM:
            order = _order(session, inspection_id, order_key)
            data |= _order_data(place, session, order)
            data["draft"] = shown.header.in_conflict or order.status is OrderStatus.DRAFTED
    out = io.BytesIO()
    printed = render(found, data, out)
    name = file_name_of(f"{shown.header.subject_name[:_NAME]}-{found.title}.pdf")
    return PrintedForm(out.getvalue(), printed.pages, fingerprint, name)


def print_history(place: Workplace, *, record_id: str, kind: str = "inspection") -> PrintedForm:
    """What became of a record of any kind; also of one in conflict, for it is no final form."""
    found = _form(HISTORY_FORM)
    data = history_data(place, kind=kind, record_id=record_id)
    record, fingerprint = data["record"], data["fingerprint"]
    assert isinstance(record, dict)
    out = io.BytesIO()
    printed = render(found, data, out)
    title = str(record["title"] or label("record_kind", kind))
    name = file_name_of(f"{title[:_NAME]}-{found.title}.pdf")
    return PrintedForm(out.getvalue(), printed.pages, str(fingerprint or ""), name)


_NAME = 50
"""Characters of a name in a file's name: four bytes each stay below what a folder takes (255)."""


def file_name_of(text: str) -> str:
    """``text`` without what some system refuses in a file's name."""
    return re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "_", text)


def fingerprint_of(session: Session, inspection_id: str) -> str:
    """SHA-256 of an inspection's document as the rows have it now."""
    return digest(canonical(read_document(session, "inspection", inspection_id)))


def _form(name: str) -> Form:
    found = forms().get(name)
    if found is None:
        raise BadInput("issuing.unknown_form", form=name, known=joined("names", sorted(forms())))
    return found


def _data(place: Workplace, session: Session, shown: Sheet) -> Data:
    """Everything an inspection's forms read; keys as :mod:`app.forms.render` lists them."""
    header = shown.header
    return {
        "office": {"name": header.office},
        "organization": {
            "name": header.subject_name,
            "credit_code": header.subject_code,
            "address": header.subject_address,
            "legal_representative": header.subject_representative,
            "phone": header.subject_phone,
        },
        "inspection": _header_data(shown),
        "officers": [{"name": name, "credential": credential} for credential, name in shown.officers],
        "recorder": header.recorder,
        "checklist": {
            "title": header.checklist_title,
            "version": header.checklist_version,
            "items": [
                _item_data(row, _heading(section)) for section in shown.sections for row in section.items
            ],
            "conclusion": shown.conclusion.result if shown.conclusion else None,
        },
        "findings": [
            {
                "description": row.description,
                "item": row.number,
                "provision": row.provision_text,
                "disposition": row.disposition,
            }
            for row in shown.findings
            if row.confirmed
        ],
        "signatures": [_signature_data(place, row) for row in shown.signatures],
        "corrections": list(_correction_data(session, header.id)),
        "draft": header.status not in _FINAL or header.in_conflict,
    }


def _heading(section: SectionRow) -> str:
    """A section's title on paper; an instance is told from its name and what is noted about it."""
    if section.instance is None or section.group is None:
        return section.title
    noted = (_measured(each.entry, each.value) for each in section.instance.fields)
    title = f"{section.group.title} {section.instance.number}"
    return joined("clauses", (f"{title} {section.instance.label}".rstrip(), *noted))


def _header_data(shown: Sheet) -> Data:
    header = shown.header
    same = (
        "id", "number", "started_at", "finished_at", "place", "product_class", "production_status",
        "status", "previous_rectification", "situation", "opinion",
    )  # fmt: skip
    return {
        **{name: getattr(header, name) for name in same},
        "category": header.task_source,
        "type": header.inspection_type,
    }


def _item_data(row: ItemRow, section: str) -> Data:
    values = [(row.measure, row.value)] if row.measure else []
    values += [(each.entry, each.value) for each in row.measures]
    alone = len(values) == 1 and not row.measures
    return {
        "id": row.number,
        "section": section,
        "text": row.text,
        "verdict": row.verdict,
        "note": row.note,
        "value": values[0][1] if alone else joined("clauses", (_measured(*each) for each in values)),
        "unit": values[0][0].unit if alone else "",
        "basis": _written_out(row.references),
        "penalty": _written_out(row.penalties),
    }


def _measured(measure: Measure, value: str) -> str:
    return f"{measure.label} {value} {measure.unit}".rstrip() if value else ""


def _signature_data(place: Workplace, row: SignatureRow) -> Data:
    return {
        "party": row.party.partition(":")[0],
        "name": row.name,
        "state": row.state,
        "reason": row.reason,
        "witness": row.witness,
        "image": place.evidence.read(row.image) if row.image else None,
        "signed_at": row.signed_at,
    }


def _correction_data(session: Session, inspection_id: str) -> Iterable[Mapping[str, object]]:
    wanted = select(Correction).where(Correction.inspection_id == inspection_id)
    for row in session.scalars(wanted.order_by(Correction.corrected_at, Correction.key)):
        column = row.path.rpartition("/")[2]
        # A coded column has the name of its vocabulary, so its words print with their labels.
        yield {
            "at": row.corrected_at,
            "by": row.corrected_by,
            "field": path_label(row.path),
            "before": label(column, row.former),
            "after": label(column, row.value),
            "reason": row.reason,
        }


def path_label(path: str) -> str:
    """A document's path as people call it, e.g. the verdict of item 3.1."""
    part, _, rest = path.partition("/")
    key, _, column = rest.rpartition("/")
    if not rest:
        return label("column", part)
    return label("part", part).format(key=key) + label("column", column)


def _order(session: Session, inspection_id: str, order_key: str | None) -> RectificationOrder:
    wanted = select(RectificationOrder).where(RectificationOrder.inspection_id == inspection_id)
    if order_key is not None:
        wanted = wanted.where(RectificationOrder.key == order_key)
    order = session.scalar(wanted.order_by(RectificationOrder.drafted_on, RectificationOrder.key).limit(1))
    if order is None:
        raise BadInput("issuing.no_order")
    return order


def _order_data(place: Workplace, session: Session, order: RectificationOrder) -> Data:
    inspection = session.get_one(Inspection, order.inspection_id)
    addressee: Data = {"name": order.subject_name, "credit_code": order.subject_code}
    if order.subject_name == inspection.subject_name:
        addressee["address"] = inspection.subject_address
    return {
        "organization": addressee,
        "order": {
            "number": order.number,
            "issued_on": order.issued_on,
            "facts": order.facts,
            "violated": order.violated,
            "basis": order.basis,
            "kind": "at_once" if order.at_once else "by_date",
            "due_on": order.due_on,
            "requirements": order.requirements,
            "contact": place.settings.contact or place.owner.name,
            "contact_phone": place.settings.contact_phone,
            "reconsideration": place.settings.reconsideration,
            "court": place.settings.court,
        },
    }
