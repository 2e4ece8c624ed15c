"""Who is who: 家 are told apart by 统一社会信用代码, else by record (specs/statistics.md, common rule 4)."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.inspection import Inspection
from app.models.registry import CertificationBody, Organization
from app.vocabulary import SubjectKind


class Seen(NamedTuple):
    """The subject of an inspection, and its name and code as they stood on the day."""

    subject: str
    name: str
    code: str


class Subjects:
    """Tells subjects apart: by code, else by record (common rule 4).

    The organization's record knows its code best; where it has none, the code that was seen on its
    last inspection serves, whatever that was about, so that every table tells the same subjects apart.
    Bodies have an approval number instead, looked up by name where a row gives only that.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._approvals = _approvals(session)
        self._codes: dict[bool, dict[str, str]] = {}

    def organization(self, organization_id: str, code: str | None = None) -> str:
        """The subject that an organization's record stands for."""
        return code or self._code_seen(organization_id, in_registry=code is not None) or f"#{organization_id}"

    def _code_seen(self, organization_id: str, *, in_registry: bool) -> str | None:
        """The code that an organization's inspections give; asked for when the first is wanted."""
        if in_registry not in self._codes:
            self._codes[in_registry] = _codes_seen(self._session, in_registry=in_registry)
        return self._codes[in_registry].get(organization_id)

    def addressed(self, seen: Seen, kind: SubjectKind, name: str, code: str) -> str:
        """Whom an order or case of an inspection is directed at."""
        if kind is not SubjectKind.ORGANIZATION:
            return self.body(name, code)
        if code == seen.code if code else name == seen.name:
            return seen.subject
        return code or f"@{name}"

    def body(self, name: str, approval: str) -> str:
        """The body or laboratory of a name; what is written of it elsewhere joins its several spellings."""
        return self._approvals.get(name) or approval or f"@{name}"


def _codes_seen(session: Session, *, in_registry: bool) -> dict[str, str]:
    """Codes from inspections by organization; the last one seen wins.

    Of organizations that the registry knows without a code, or of those it does not know at all.
    """
    uncoded = select(Organization.id).where(Organization.credit_code == "")
    unknown = ~exists().where(Organization.id == Inspection.organization_id)
    query = (
        select(Inspection.organization_id, Inspection.subject_code)
        .where(Inspection.organization_id.in_(uncoded) if in_registry else unknown)
        .where(Inspection.subject_code != "")
        .order_by(Inspection.finalised_at, Inspection.id)
    )
    return {row.organization_id: row.subject_code for row in session.execute(query)}


def _approvals(session: Session) -> dict[str, str]:
    """Approval or registration numbers of bodies by name; the registry's word goes last, and so wins."""
    found: dict[str, str] = {}
    for name, code in (
        (Notification.body_name, Notification.body_approval),
        (RectificationOrder.subject_name, RectificationOrder.subject_code),
        (Case.subject_name, Case.subject_code),
        (CertificationBody.name, CertificationBody.approval),
    ):
        query = select(name, code).where(code != "").distinct().order_by(name, code)
        if "subject_kind" in name.class_.__table__.columns:
            query = query.where(name.class_.subject_kind != SubjectKind.ORGANIZATION)
        found.update((row[0], row[1]) for row in session.execute(query))
    return found
