"""The rows of one inspection, read once in a fixed number of queries, that several views are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.facts import facts_of
from app.checklists.rules import Answered
from app.checklists.schema import Checklist
from app.clock import local_date
from app.law.library import Library
from app.models.inspection import Answer, Evidence, Finding, Inspection, InspectionOfficer
from app.models.registry import Certificate
from app.services import questions
from app.services.lawbook import law_of
from app.services.workplace import Workplace
from app.vocabulary import SCHEME_OF, CertificateStatus


@dataclass(frozen=True)
class Gathered:
    """The rows of one inspection that several views are made from."""

    inspection: Inspection
    questions: Checklist
    answers: dict[str, Answer]
    findings: list[Finding]
    photos: Counter[str]
    certificates: list[Certificate]
    law: Library

    @cached_property
    def answered(self) -> Mapping[str, Answered]:
        """The answers as the checklist's rules take them."""
        return {
            item: Answered(row.verdict, row.note, _decimal(row.value), self.photos[item])
            for item, row in self.answers.items()
        }

    @cached_property
    def facts(self) -> Mapping[str, bool | str]:
        """What the checklist's conditions may ask about, on the day of the visit."""
        scheme = SCHEME_OF[self.inspection.inspection_type]
        day = local_date(self.inspection.started_at)
        states = [_status_on(each, day) for each in self.certificates if each.scheme is scheme]
        return facts_of(self.inspection.production_status, states)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _status_on(certificate: Certificate, day: date) -> CertificateStatus:
    """The registry's word, but a certificate past its date is expired whatever the list says."""
    past = certificate.expires_on is not None and certificate.expires_on < day
    if certificate.status is CertificateStatus.VALID and past:
        return CertificateStatus.EXPIRED
    return certificate.status


def gather(place: Workplace, session: Session, inspection: Inspection) -> Gathered:
    """Read what an inspection's views are made from."""
    answers = session.scalars(select(Answer).where(Answer.inspection_id == inspection.id))
    findings = session.scalars(
        select(Finding).where(Finding.inspection_id == inspection.id).order_by(Finding.noted_at, Finding.key)
    )
    evidence = session.scalars(select(Evidence.item).where(Evidence.inspection_id == inspection.id))
    certificates = session.scalars(
        select(Certificate)
        .where(Certificate.organization_id == inspection.organization_id)
        .order_by(Certificate.number)
    )
    return Gathered(
        inspection,
        questions.checklist_of(place, inspection),
        {row.item: row for row in answers},
        list(findings),
        Counter(evidence),
        list(certificates),
        law_of(place, inspection),
    )


def officers_of(session: Session, inspection_id: str) -> tuple[tuple[str, str], ...]:
    """Credential and name of each law-enforcement officer, experts left out."""
    rows = session.execute(
        select(InspectionOfficer.credential, InspectionOfficer.name)
        .where(InspectionOfficer.inspection_id == inspection_id, InspectionOfficer.officer)
        .order_by(InspectionOfficer.credential)
    )
    return tuple((credential, name) for credential, name in rows)
