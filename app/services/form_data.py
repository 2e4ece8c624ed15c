"""What a visit gives to its forms, by the names that form descriptions bind (docs/content.md, Forms)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.enforcement import RectificationOrder
from app.models.inspection import Correction, Inspection
from app.models.planning import Plan, PlanTask
from app.services.citing import marked
from app.services.form_checklist import answered_checklist
from app.services.form_evidence import evidence_data, printed_photos
from app.services.form_outcome import order_numbers, outcome_data
from app.services.sheet_rows import Sheet, SignatureRow
from app.services.workplace import Workplace
from app.vocabulary import InspectionStatus, SubjectKind
from app.wording import joined, label

FINAL = frozenset({InspectionStatus.FINALISED, InspectionStatus.APPROVED})

Data = dict[str, object]


def visit_data(place: Workplace, session: Session, shown: Sheet) -> Data:
    """Everything that the forms about a visit, or about something in it, read."""
    header = shown.header
    evidence, found = evidence_data(place, session, shown), list(_finding_data(shown))
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
        "task": _task_data(session, header.id),
        "contact": {
            "name": place.settings.contact or place.owner.name,
            "phone": place.settings.contact_phone,
        },
        "authority": {"reconsideration": place.settings.reconsideration, "court": place.settings.court},
        "officers": [{"name": row.called, "credential": row.credential} for row in shown.team],
        "recorder": header.recorder,
        "checklist": answered_checklist(shown, order_numbers(session, shown)),
        "outcome": outcome_data(session, shown),
        "findings": found,
        "own_findings": [row for row in found if row["whose"] is None],
        "certificates": [
            columns(row, "number", "product", "body_name", "body_approval", "status", "expires_on")
            for row in shown.certificates
            if row.in_scheme
        ],
        "signatures": [_signature_data(place, row) for row in shown.signatures],
        "corrections": list(_correction_data(session, header.id)),
        "orders": list(_orders_data(session, header.id)),
        "evidence": evidence,
        "photos": list(printed_photos(evidence)),
        "draft": header.status not in FINAL or header.in_conflict,
    }


def columns(row: object, *names: str) -> Data:
    """Columns of a row as paper takes them: truth as ``yes`` or ``no``."""
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: object) -> object:
    """A column's value as paper takes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, date | datetime | StrEnum | int | str) else None


def _finding_data(shown: Sheet) -> Iterator[Data]:
    for row in shown.findings:
        if row.confirmed:
            own = row.against is SubjectKind.ORGANIZATION
            yield {
                "whose": None if own else label("subject_kind", row.against),
                "description": row.description,
                "item": row.number,
                "provision": joined("clauses", dict.fromkeys(marked(each) for each in row.cited)),
                "disposition": row.disposition,
                "severity": row.severity,
            }


def _header_data(shown: Sheet) -> Data:
    header = shown.header
    same = (
        "id", "number", "started_at", "finished_at", "place", "product_class", "production_status",
        "status", "previous_rectification", "situation", "opinion", "approval_number", "approval_by",
        "approval_on", "notice_number", "party_present", "credentials_shown", "rights_told",
    )  # fmt: skip
    return {**columns(header, *same), "category": header.task_source, "type": header.inspection_type}


def _task_data(session: Session, inspection_id: str) -> Data:
    """The plan's line that the visit belongs to, where the plan is on this device."""
    inspection = session.get_one(Inspection, inspection_id)
    plan = session.get(Plan, inspection.plan_id) if inspection.plan_id else None
    task = session.get(PlanTask, (inspection.plan_id, inspection.task_key)) if plan is not None else None
    return {
        "name": task.title if task is not None else plan.title if plan is not None else "",
        "number": (task.document if task is not None else "") or (plan.document if plan is not None else ""),
    }


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


def _orders_data(session: Session, inspection_id: str) -> Iterator[Data]:
    wanted = select(RectificationOrder).where(RectificationOrder.inspection_id == inspection_id)
    for row in session.scalars(wanted.order_by(RectificationOrder.drafted_on, RectificationOrder.key)):
        yield columns(row, "number", "issued_on", "due_on", "status")
