"""What the registry says of a scheme at the end of a period: who is 获证企业."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.registry import Certificate, Organization
from app.statistics.certificates import CertificateDates, Holding, holding_on
from app.statistics.gather_visits import as_text, read_rows
from app.statistics.material import HeldCertificate
from app.statistics.period import Period
from app.statistics.subjects import Subjects
from app.vocabulary import CertificateStatus, ProductClass, Scheme

_STATUSES = {each.value: each for each in CertificateStatus}
_CLASSES = {each.value: each for each in ProductClass}


class Registry:
    """What was found of one scheme."""

    def __init__(self) -> None:
        self.held: list[HeldCertificate] = []
        self.unknown: list[str] = []
        self.undated = 0
        self.days: list[date] = []
        self.known = False


def read_registry(session: Session, scheme: Scheme, period: Period, people: Subjects) -> Registry:
    """The certificates of a scheme as they stand at the period's end."""
    query = (
        select(
            Organization.id, Organization.dossier_on,
            Certificate.number, as_text(Certificate.product_class), as_text(Certificate.status),
            Certificate.issued_on, Certificate.expires_on, Certificate.ended_on, Certificate.as_of,
        )
        .join(Certificate, Certificate.organization_id == Organization.id)
        .where(Certificate.scheme == scheme)
        .order_by(Organization.id, Certificate.number)
    )  # fmt: skip
    found = Registry()
    for holder, dossier_on, number, product, status, issued, expires, ended, as_of in read_rows(
        session, query
    ):
        found.known = True
        if as_of is not None:
            found.days.append(as_of)
        match holding_on(CertificateDates(_STATUSES[status], issued, expires, ended), period.last):
            case Holding.COUNTS:
                subject = people.organizations[holder]
                dossier = dossier_on is not None and dossier_on <= period.last
                product_class = _CLASSES[product] if product else None
                found.held.append(HeldCertificate(holder, number, subject, product_class, dossier))
                found.undated += issued is None or expires is None
            case Holding.NOT_KNOWN:
                found.unknown.append(holder)
            case Holding.DOES_NOT:
                pass
    return found
