"""What the dossier knows for 认证示范企业推荐表 (Zhejiang 2009 附件2): the form itself prints it.

Nothing is counted here (specs/statistics.md). Fields that no dossier holds (postal code, reason) stay
empty for a person to fill in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.errors import BadInput
from app.models.registry import Certificate, Organization
from app.services.workplace import Workplace
from app.statistics.certificates import CertificateDates, Holding, holding_on
from app.wording import joined, label


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The form's fields in its own order; ``valid_until`` holds a day for each certificate type."""

    year: int
    recommended_by: str
    enterprise: str
    region: str
    address: str
    postal_code: str
    main_products: str
    contact: str
    phone: str
    certification_types: str
    valid_until: str
    reason: str
    filled_by: str
    reviewed_by: str
    filled_on: date


def recommendation(place: Workplace, *, organization_id: str, on: date | None = None) -> Recommendation:
    """The form's content for one organization, from certificates valid on the day."""
    day = on or place.today()
    with place.read() as session:
        found = session.get(Organization, organization_id)
        if found is None:
            raise BadInput("registry.unknown_organization", value=organization_id)
        query = select(Certificate).where(Certificate.organization_id == organization_id)
        held = [
            each
            for each in session.scalars(query.order_by(Certificate.scheme, Certificate.expires_on))
            if holding_on(_dates(each), day) is Holding.COUNTS
        ]
        types = {each.scheme: _type(each) for each in held}
        last = {each.scheme: each.expires_on for each in held if each.expires_on}
        return Recommendation(
            year=day.year,
            recommended_by=place.owner.office,
            enterprise=found.name,
            region=found.region_name or found.region,
            address=found.address,
            postal_code="",
            main_products=joined("clauses", dict.fromkeys(each.product for each in held)),
            contact=found.contact,
            phone=found.phone,
            certification_types=joined("names", types.values()),
            valid_until=joined("names", (day.isoformat() for day in last.values())),
            reason="",
            filled_by=place.owner.name,
            reviewed_by="",
            filled_on=day,
        )


def _dates(held: Certificate) -> CertificateDates:
    return CertificateDates(held.status, held.issued_on, held.expires_on, held.ended_on)


def _type(held: Certificate) -> str:
    return held.project or label("scheme", held.scheme)
