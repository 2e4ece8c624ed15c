"""Who is who: 家 are told apart by 统一社会信用代码, else by record (specs/statistics.md, common rule 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.inspection import Inspection
from app.models.registry import CertificationBody, Organization
from app.statistics.numbering import Numbering
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
        self._approvals: dict[str, str] | None = None
        self.organizations: Mapping[str, str] = _Organizations(session)
        """Organization's record → the subject that it stands for."""
        self.numbers = Numbering(self.organizations.values())
        """The subjects by number, those of the registry first."""

    def addressed(self, seen: Seen, kind: SubjectKind, name: str, code: str) -> str:
        """Whom an order or case of an inspection is directed at."""
        if kind is not SubjectKind.ORGANIZATION:
            return self.body(name, code)
        if code == seen.code if code else name == seen.name:
            return seen.subject
        return code or f"@{name}"

    def body(self, name: str, approval: str) -> str:
        """The body or laboratory of a name; what is written of it elsewhere joins its several spellings."""
        if self._approvals is None:
            self._approvals = _approvals(self._session)
        return self._approvals.get(name) or approval or f"@{name}"


class _Organizations(dict[str, str]):
    """Subjects of organizations by their records; what the registry has no code for is looked up when met."""

    def __init__(self, session: Session) -> None:
        super().__init__(_coded(session))
        self._session: Session | None = session

    def __missing__(self, organization_id: str) -> str:
        if self._session is not None:
            session, self._session = self._session, None
            self.update(_seen(session))
            return self[organization_id]
        self[organization_id] = subject = f"#{organization_id}"
        return subject


_CODED = select(Organization.id, Organization.credit_code).where(Organization.credit_code != "")


def _coded(session: Session) -> dict[str, str]:
    """Codes by organization, as far as the registry gives them."""
    return {row.id: row.credit_code for row in session.execute(_CODED)}


def _seen(session: Session) -> dict[str, str]:
    """Codes that inspections give of organizations for which the registry has none; the last one seen wins."""
    query = (
        select(Inspection.organization_id, Inspection.subject_code)
        .where(Inspection.organization_id.not_in(_CODED.with_only_columns(Organization.id)))
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
