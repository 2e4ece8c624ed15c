"""What the registry says of a scheme at the end of a period: who is 获证企业."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.registry import Certificate, Organization
from app.statistics.certificates import CertificateDates, Holding, holding_on
from app.statistics.material import HeldCertificate
from app.statistics.period import Period
from app.statistics.subjects import Subjects
from app.vocabulary import Scheme


class Registry:
    """What was found of one scheme."""

    def __init__(self) -> None:
        self.held: list[HeldCertificate] = []
        self.unknown: list[str] = []
        self.days: list[date] = []
        self.known = False


def read_registry(session: Session, scheme: Scheme, period: Period, people: Subjects) -> Registry:
    """The certificates of a scheme as they stand at the period's end."""
    query = (
        select(
            Organization.id, Organization.credit_code, Organization.dossier_on,
            Certificate.number, Certificate.product_class, Certificate.status, Certificate.issued_on,
            Certificate.expires_on, Certificate.ended_on, Certificate.as_of,
        )
        .join(Certificate, Certificate.organization_id == Organization.id)
        .where(Certificate.scheme == scheme)
        .order_by(Organization.id, Certificate.number)
    )  # fmt: skip
    found = Registry()
    for row in session.execute(query):
        found.known = True
        if row.as_of is not None:
            found.days.append(row.as_of)
        dates = CertificateDates(row.status, row.issued_on, row.expires_on, row.ended_on)
        match holding_on(dates, period.last):
            case Holding.COUNTS:
                subject = people.organization(row.id, row.credit_code)
                dossier = row.dossier_on is not None and row.dossier_on <= period.last
                found.held.append(HeldCertificate(row.id, row.number, subject, row.product_class, dossier))
            case Holding.NOT_KNOWN:
                found.unknown.append(row.id)
            case Holding.DOES_NOT:
                pass
    return found
