"""What a form can be about within a visit: its orders, re-inspections, cases, notices; and what each gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.forms.schema import About, Form
from app.models.enforcement import Case, FollowUp, Notification, RectificationOrder
from app.models.inspection import Finding, Inspection
from app.services import serving
from app.services.casework import case_causes
from app.services.citing import unconfirmed, unwritten
from app.services.enforcing import extra_days
from app.services.form_data import Data, columns
from app.services.order_terms import counted_from
from app.services.serving import Document
from app.services.workplace import Workplace
from app.vocabulary import OrderStatus
from app.wording import label

Subject = RectificationOrder | FollowUp | Case | Notification


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """Something of a visit that forms are about, by its key."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class _Kind:
    table: type[Any]
    order: str
    title: Callable[[Any], str]
    data: Callable[[Workplace, Session, Any], Data]
    lacking: str


def subject_rows(place: Workplace, *, inspection_id: str, about: About) -> tuple[SubjectRow, ...]:
    """What a visit has of that kind, oldest first; nothing for forms about the visit itself."""
    if about not in _KINDS and about != "document":
        return ()
    with place.read() as session:
        if about == "document":
            found = serving.documents(place, session, inspection_id)
            return tuple(SubjectRow(each.key, each.name) for each in found)
        kind = _KINDS[about]
        return tuple(SubjectRow(row.key, kind.title(row)) for row in _all(session, kind, inspection_id))


def lacking(about: About) -> str:
    """The code that says a visit has nothing of that kind."""
    return _KINDS[about].lacking if about in _KINDS else "issuing.no_document"


def subject_data(
    place: Workplace, session: Session, form: Form, *, inspection_id: str, key: str | None
) -> tuple[str, Data]:
    """The key and the data of what a form is about; the oldest where no key is given.

    ``issuing.no_order`` and its like where the visit has none.
    """
    if form.about == "document":
        served = serving.document(place, session, inspection_id, key)
        return served.key, _document_data(session, inspection_id, served)
    kind = _KINDS.get(form.about)
    if kind is None:
        return "", {}
    found = [row for row in _all(session, kind, inspection_id) if key in (None, row.key)]
    if not found:
        raise BadInput(kind.lacking)
    return found[0].key, kind.data(place, session, found[0])


def _all(session: Session, kind: _Kind, inspection_id: str) -> list[Any]:
    table = kind.table
    wanted = select(table).where(table.inspection_id == inspection_id)
    return list(session.scalars(wanted.order_by(getattr(table, kind.order), table.key)))


def _order_data(place: Workplace, session: Session, order: RectificationOrder) -> Data:
    told = columns(
        order, "number", "issued_on", "facts", "violated", "basis", "due_on", "requirements", "status",
        "delivered_on", "delivery", "received_by",
    )  # fmt: skip
    return {
        "organization": _party(session, order.inspection_id, order.subject_name, order.subject_code),
        "order": {
            **told,
            "kind": "at_once" if order.at_once else "by_date",
            "matters": _matters(session, order),
            "working_days": order.working_days,
            # A draft has no day of issue to count from yet.
            "counted_from": counted_from(order, extra_days(place)) if order.issued_on else None,
            "contact": place.settings.contact or place.owner.name,
            "contact_phone": place.settings.contact_phone,
            "reconsideration": place.settings.reconsideration,
            "court": place.settings.court,
        },
        "draft": _is_draft(place, session, order),
    }


def _matters(session: Session, order: RectificationOrder) -> list[Data]:
    """What the order wants mended, finding by finding; an order that none hangs on says it in its facts."""
    wanted = select(Finding.description).where(
        Finding.inspection_id == order.inspection_id, Finding.order_key == order.key
    )
    found = list(session.scalars(wanted.order_by(Finding.noted_at, Finding.key)))
    return [{"description": each} for each in found or [order.facts]]


def _is_draft(place: Workplace, session: Session, order: RectificationOrder) -> bool:
    """An order that came from elsewhere may be issued and yet cite what nobody confirmed or wrote out."""
    return (
        order.status is OrderStatus.DRAFTED
        or bool(unwritten(order.violated, order.basis))
        or bool(unconfirmed(place, session, order))
    )


def _follow_up_data(place: Workplace, session: Session, row: FollowUp) -> Data:
    order = session.get(RectificationOrder, (row.inspection_id, row.order_key))
    told = columns(row, "done_on", "done_by", "result", "note", "new_due_on")
    about_order = _order_data(place, session, order) if order is not None else {}
    return {**about_order, "follow_up": told, "draft": False}


def _case_data(_place: Workplace, session: Session, row: Case) -> Data:
    told = columns(
        row, "number", "status", "subject_name", "subject_code", "facts", "noted_on", "verified_on",
        "not_filed_reason", "filed_on", "decided_on", "decision_number", "closed_on", "goods_value", "confiscated", "fine",
        "referral", "referred_on", "referred_to",
    )  # fmt: skip
    return {
        "organization": _party(session, row.inspection_id, row.subject_name, row.subject_code),
        "case": {**told, "cause": case_causes().get(row.cause, row.cause)},
        "draft": False,
    }


def _notification_data(_place: Workplace, _session: Session, row: Notification) -> Data:
    told = columns(row, "kind", "body_name", "body_approval", "number", "content", "sent_on", "sent_by")
    return {"notification": told, "draft": False}


def _document_data(session: Session, inspection_id: str, row: Document) -> Data:
    inspection = session.get_one(Inspection, inspection_id)
    at_home = row.addressee == inspection.subject_name
    told = columns(row, "title", "number", "addressee", "delivery", "received_by")
    return {
        "document": {**told, "address": inspection.subject_address if at_home else None},
        "draft": False,
    }


def _party(session: Session, inspection_id: str, name: str, code: str) -> Data:
    """Whom an order or case is against; the address and the others are known of the inspected one only."""
    inspection = session.get_one(Inspection, inspection_id)
    party: Data = {"name": name, "credit_code": code}
    if name == inspection.subject_name:
        party["address"] = inspection.subject_address
        party["legal_representative"] = inspection.subject_representative
        party["phone"] = inspection.subject_phone
    return party


def _order_title(row: RectificationOrder) -> str:
    return row.number or label("order_status", row.status)


def _follow_up_title(row: FollowUp) -> str:
    return f"{row.done_on.isoformat()} {label('follow_up_result', row.result)}"


def _case_title(row: Case) -> str:
    return row.number or case_causes().get(row.cause, row.cause)


def _notification_title(row: Notification) -> str:
    return f"{row.body_name} {row.number}".rstrip()


_KINDS: dict[About, _Kind] = {
    "order": _Kind(RectificationOrder, "drafted_on", _order_title, _order_data, "issuing.no_order"),
    "follow_up": _Kind(FollowUp, "done_on", _follow_up_title, _follow_up_data, "issuing.no_follow_up"),
    "case": _Kind(Case, "noted_on", _case_title, _case_data, "issuing.no_case"),
    "notification": _Kind(
        Notification, "sent_on", _notification_title, _notification_data, "issuing.no_notification"
    ),
}
