"""Who is who: 家 are told apart by 统一社会信用代码, else by record (specs/statistics.md, common rule 4)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.registry import CertificationBody
from app.vocabulary import SubjectKind


@dataclass(frozen=True, slots=True)
class _Seen:
    """The subject of an inspection as it stood on the day."""

    subject: str
    name: str
    code: str


class Subjects:
    """Tells subjects apart: by code, else by record (common rule 4).

    The organization's record knows its code best; the code on the inspection serves where the record
    has none. Bodies have an approval number instead, looked up by name where a row gives only that.
    """

    def __init__(self, session: Session) -> None:
        self._approvals = _approvals(session)
        self._codes: dict[str, str] = {}
        self._seen: dict[str, _Seen] = {}

    def learn_code(self, organization_id: str, registry_code: str | None, seen_code: str) -> None:
        """Remember the code of an organization; the registry's goes before the one seen on a visit."""
        if code := registry_code or seen_code:
            self._codes[organization_id] = code

    def organization(self, organization_id: str, code: str | None = None) -> str:
        """The subject that an organization's record stands for."""
        return code or self._codes.get(organization_id) or f"#{organization_id}"

    def visited(self, visit_id: str, organization_id: str, name: str, code: str) -> str:
        """The subject of an inspection, remembered for what follows it."""
        subject = self.organization(organization_id)
        self._seen[visit_id] = _Seen(subject, name, code)
        return subject

    def addressed(self, visit_id: str, kind: SubjectKind, name: str, code: str) -> str:
        """Whom an order or case of an inspection is directed at."""
        if kind is not SubjectKind.ORGANIZATION:
            return self.body(name, code)
        seen = self._seen[visit_id]
        if code == seen.code if code else name == seen.name:
            return seen.subject
        return code or f"@{name}"

    def body(self, name: str, approval: str) -> str:
        """The body or laboratory of a name; what is written of it elsewhere joins its several spellings."""
        return self._approvals.get(name) or approval or f"@{name}"


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
