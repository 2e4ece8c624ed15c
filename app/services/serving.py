"""The documents of a visit that are served on somebody, each with whom it is for: orders, decisions, letters, papers.

A receipt of service (a form that is about a ``document``) is filled in from one of them. Its key is
``<kind>:<key>`` with the key that the document has in its record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.forms.schema import Form
from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.inspection import Inspection
from app.models.papers import Paper, PaperField
from app.services.form_shelf import forms_of
from app.services.workplace import Workplace
from app.vocabulary import NotificationKind, OrderStatus, PaperStatus
from app.wording import label

_ADDRESSEE, _REFERRED = "addressee", "case.referred_to"
"""What the entry is called, or prefilled with, that says whom a paper goes to."""

_DECISION = "penalty_decision"
_ORDER_FORM, _NOTICE_FORM = "rectification-order", "body-notification"


@dataclass(frozen=True, slots=True)
class Document:
    """What is served; ``delivery`` and ``received_by`` are known of an order that was delivered.

    ``subject`` is the key of the order, case … that it is or is about, empty for a paper of the visit.
    """

    key: str
    subject: str
    title: str
    number: str
    addressee: str
    delivery: str = ""
    received_by: str = ""

    @property
    def name(self) -> str:
        """Title and number."""
        return f"{self.title} {self.number}".rstrip()


def documents(place: Workplace, session: Session, inspection_id: str) -> tuple[Document, ...]:
    """Everything of a visit that can be served, orders first; no draft of an order, nothing voided."""
    visit = session.get(Inspection, inspection_id)
    if visit is None:
        return ()
    forms = forms_of(place)
    papers = tuple(_papers(session, visit, forms))
    written = {each.subject for each in papers}
    # A letter that is a paper of its own has its number there.
    notices = (each for each in _notices(session, inspection_id, forms) if each.subject not in written)
    return (
        *_orders(session, inspection_id, forms),
        *_decisions(session, inspection_id),
        *notices,
        *papers,
    )


def documents_of(place: Workplace, *, inspection_id: str) -> tuple[Document, ...]:
    """The same in a read scope of its own."""
    with place.read() as session:
        return documents(place, session, inspection_id)


def document(place: Workplace, session: Session, inspection_id: str, key: str | None) -> Document:
    """One of them, the first where no key is given; ``issuing.no_document`` where there is none.

    An order is also known by its own key.
    """
    names = (key, f"order:{key}")
    found = [each for each in documents(place, session, inspection_id) if key is None or each.key in names]
    if not found:
        raise BadInput("issuing.no_document")
    return found[0]


def _orders(session: Session, inspection_id: str, forms: dict[str, Form]) -> Iterator[Document]:
    wanted = select(RectificationOrder).where(
        RectificationOrder.inspection_id == inspection_id, RectificationOrder.status != OrderStatus.DRAFTED
    )
    title = _title(forms, _ORDER_FORM)
    for row in session.scalars(wanted.order_by(RectificationOrder.drafted_on, RectificationOrder.key)):
        yield Document(
            f"order:{row.key}", row.key, title, row.number, row.subject_name, row.delivery or "",
            row.received_by,
        )  # fmt: skip


def _decisions(session: Session, inspection_id: str) -> Iterator[Document]:
    wanted = select(Case).where(Case.inspection_id == inspection_id, Case.decided_on.is_not(None))
    for row in session.scalars(wanted.order_by(Case.decided_on, Case.key)):
        title = label("served", _DECISION)
        yield Document(f"case:{row.key}", row.key, title, row.decision_number, row.subject_name)


def _title(forms: dict[str, Form], name: str) -> str:
    return forms[name].title if name in forms else name


def _notices(session: Session, inspection_id: str, forms: dict[str, Form]) -> Iterator[Document]:
    """Letters to certification bodies; a report to the province is not served on anybody."""
    wanted = select(Notification).where(
        Notification.inspection_id == inspection_id,
        Notification.kind == NotificationKind.CERTIFICATION_BODY,
    )
    title = _title(forms, _NOTICE_FORM)
    for row in session.scalars(wanted.order_by(Notification.sent_on, Notification.key)):
        yield Document(f"notification:{row.key}", row.key, title, row.number, row.body_name)


def _papers(session: Session, visit: Inspection, forms: dict[str, Form]) -> Iterator[Document]:
    wanted = select(Paper).where(Paper.inspection_id == visit.id, Paper.status != PaperStatus.VOIDED)
    for row in session.scalars(wanted.order_by(Paper.drafted_on, Paper.key)):
        form = forms.get(row.form)
        if form is not None and form.about != "document":
            addressee = _addressee(session, visit, form, row)
            yield Document(f"paper:{row.key}", row.subject_key, form.title, row.number, addressee)


def _addressee(session: Session, visit: Inspection, form: Form, row: Paper) -> str:
    """Whom a paper goes to: as it says itself, else whom its case, order or notice is about."""
    entry = next((each for each in form.entries if each.id == _ADDRESSEE or each.prefill == _REFERRED), None)
    typed = None if entry is None else session.get(PaperField, (visit.id, f"{row.key}.{entry.id}"))
    if typed is not None and typed.value:
        return typed.value
    if form.about == "case" and (case := session.get(Case, (visit.id, row.subject_key))) is not None:
        return (case.referred_to if entry is not None else "") or case.subject_name
    if form.about == "order":
        order = session.get(RectificationOrder, (visit.id, row.subject_key))
        return visit.subject_name if order is None else order.subject_name
    if form.about == "notification":
        notice = session.get(Notification, (visit.id, row.subject_key))
        return visit.subject_name if notice is None else notice.body_name
    return visit.subject_name
