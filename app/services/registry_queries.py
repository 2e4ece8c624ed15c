"""Looking into the registry: ids in order, rows of a page, the dossier of one organization."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.models.registry import Certificate, CertificationBody, Organization, RegistryHistory, RegistrySource
from app.services.registry_filters import ALL, RegistryFilters, narrowing, says
from app.services.registry_then import Then, certificates_then
from app.services.workplace import Workplace
from app.vocabulary import CertificateStatus, ProductClass, Scheme

_CHUNK = 500
_ORDERS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "name": (),
    "region": (Organization.region.asc(),),
}


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """An organization as lists show it, with what its certificates amount to."""

    id: str
    name: str
    credit_code: str
    code_state: str
    region: str
    region_name: str
    address: str
    contact: str
    phone: str
    risk: str
    as_of: date | None
    certificates: int
    schemes: tuple[Scheme, ...]
    statuses: tuple[CertificateStatus, ...]
    next_expiry: date | None


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate as the registry reports it, as of ``as_of``."""

    number: str
    scheme: Scheme
    project: str
    product: str
    product_class: ProductClass | None
    standard: str
    body_name: str
    body_approval: str
    status: CertificateStatus
    status_reason: str
    suspended_from: date | None
    suspended_to: date | None
    ended_on: date | None
    issued_on: date | None
    expires_on: date | None
    first_issued_on: date | None
    as_of: date | None
    source_id: str | None
    source_row: int | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A former value, what replaced it, and the files both came from."""

    certificate_number: str
    field: str
    former: str
    value: str
    former_source_id: str | None
    former_row: int | None
    former_as_of: date | None
    source_id: str
    source_row: int | None
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A file that was taken in."""

    id: str
    file_name: str
    layout: str
    as_of: date | None
    imported_at: datetime
    imported_by: str
    rows: int


@dataclass(frozen=True, slots=True)
class OrganizationDetail:
    """The dossier of one organization; ``sources`` are the files that its values came from.

    ``on`` is the day in the past that the certificates are of; ``kept`` as :class:`Then` says it.
    """

    row: OrganizationRow
    legal_representative: str
    employees: int | None
    dossier_on: date | None
    source_id: str | None
    source_row: int | None
    certificates: tuple[CertificateRow, ...]
    history: tuple[HistoryRow, ...]
    sources: tuple[SourceRow, ...]
    on: date | None = None
    kept: bool = True


@dataclass(frozen=True, slots=True)
class RegistryCounts:
    """How much the registry holds; ``newest_as_of`` is the age of its freshest data."""

    organizations: int
    certificates: int
    bodies: int
    sources: int
    by_scheme: dict[Scheme, int]
    by_status: dict[CertificateStatus, int]
    newest_as_of: date | None


def organization_ids(
    place: Workplace,
    *,
    query: str = "",
    filters: RegistryFilters = ALL,
    order: str = "name",
) -> tuple[str, ...]:
    """Organizations that match every word of ``query`` and every filter, ordered by ``name`` or ``region``."""
    conditions = [says(word) for word in query.split()]
    conditions += narrowing(place, filters)
    found = select(Organization.id).where(*conditions)
    # A search reads the rows as they lie and sorts the few it found; in the order of the names each row
    # would be fetched by itself, which takes three times as long.
    name = Organization.name.concat("") if query else Organization.name
    with place.read() as session:
        return tuple(session.scalars(found.order_by(*_ORDERS[order], name, Organization.id)))


def organization_rows(place: Workplace, ids: Sequence[str]) -> tuple[OrganizationRow, ...]:
    """Rows in the order of ``ids``; ids no longer there are left out."""
    rows: dict[str, OrganizationRow] = {}
    with place.read() as session:
        for start in range(0, len(ids), _CHUNK):
            rows.update(_rows(session, ids[start : start + _CHUNK]))
    return tuple(rows[each] for each in ids if each in rows)


_AMONG: BindParameter[Any] = bindparam("ids", expanding=True)
# Made once and past the mapper: a list waits for these while it is painted.
_HELD = select(
    Certificate.organization_id, Certificate.scheme, Certificate.status, Certificate.expires_on
).where(Certificate.organization_id.in_(_AMONG))
_LISTED = select(
    Organization.id, Organization.name, Organization.credit_code, Organization.code_state,
    Organization.region, Organization.region_name, Organization.address, Organization.contact,
    Organization.phone, Organization.risk, Organization.as_of,
).where(Organization.id.in_(_AMONG))  # fmt: skip
_STANDING = (CertificateStatus.VALID, CertificateStatus.SUSPENDED)
_SCHEMES = {scheme: place for place, scheme in enumerate(Scheme)}
_STATUSES = {status: place for place, status in enumerate(CertificateStatus)}


def _rows(session: Session, ids: Sequence[str]) -> dict[str, OrganizationRow]:
    held: dict[str, list[tuple[Scheme, CertificateStatus, date | None]]] = defaultdict(list)
    for owner, scheme, status, expires_on in session.execute(_HELD, {"ids": ids}):
        held[owner].append((scheme, status, expires_on))
    return {one.id: _row(one, held[one.id]) for one in session.execute(_LISTED, {"ids": ids})}


def _row(one: Any, held: Sequence[tuple[Scheme, CertificateStatus, date | None]]) -> OrganizationRow:
    """The row of an organization, mapped or listed."""
    return OrganizationRow(
        id=one.id,
        name=one.name,
        credit_code=one.credit_code,
        code_state=one.code_state,
        region=one.region,
        region_name=one.region_name,
        address=one.address,
        contact=one.contact,
        phone=one.phone,
        risk=one.risk,
        as_of=one.as_of,
        certificates=len(held),
        schemes=tuple(sorted({each[0] for each in held}, key=_SCHEMES.__getitem__)),
        statuses=tuple(sorted({each[1] for each in held}, key=_STATUSES.__getitem__)),
        next_expiry=min((day for _, status, day in held if day and status in _STANDING), default=None),
    )


def organization_detail(
    place: Workplace, organization_id: str, *, on: date | None = None
) -> OrganizationDetail:
    """The dossier of one organization; raises ``registry.unknown_organization``.

    With ``on`` its certificates are as they were known and stood on that day.
    """
    with place.read() as session:
        one = session.get(Organization, organization_id)
        if one is None:
            raise BadInput("registry.unknown_organization", value=organization_id)
        then = None if on is None else certificates_then(session, organization_id, on)
        certificates = _certificates(session, organization_id) if then is None else _then(then)
        history = _history(session, organization_id)
        named = {one.source_id, *(each.source_id for each in certificates)}
        named.update(each for row in history for each in (row.source_id, row.former_source_id))
        held = [(each.scheme, each.status, each.expires_on) for each in certificates]
        return OrganizationDetail(
            row=_row(one, held),
            legal_representative=one.legal_representative,
            employees=one.employees,
            dossier_on=one.dossier_on,
            source_id=one.source_id,
            source_row=one.source_row,
            certificates=certificates,
            history=history,
            sources=_sources(session, {each for each in named if each}),
            on=on,
            kept=then is None or then.kept,
        )


def _then(then: Then) -> tuple[CertificateRow, ...]:
    names = CertificateRow.__dataclass_fields__
    return tuple(CertificateRow(*(getattr(row, name) for name in names)) for row in then.certificates)


def _certificates(session: Session, owner: str) -> tuple[CertificateRow, ...]:
    names = CertificateRow.__dataclass_fields__
    columns = [getattr(Certificate, name) for name in names]
    found = select(*columns).where(Certificate.organization_id == owner)
    return tuple(CertificateRow(*row) for row in session.execute(found.order_by(Certificate.number)))


def _history(session: Session, owner: str) -> tuple[HistoryRow, ...]:
    columns = [getattr(RegistryHistory, name) for name in HistoryRow.__dataclass_fields__]
    found = select(*columns).where(RegistryHistory.organization_id == owner)
    return tuple(HistoryRow(*row) for row in session.execute(found.order_by(RegistryHistory.id.desc())))


def _sources(session: Session, ids: set[str]) -> tuple[SourceRow, ...]:
    columns = [getattr(RegistrySource, name) for name in SourceRow.__dataclass_fields__]
    found = select(*columns).where(RegistrySource.id.in_(ids)).order_by(RegistrySource.imported_at.desc())
    return tuple(SourceRow(*row) for row in session.execute(found))


def registry_counts(place: Workplace) -> RegistryCounts:
    """Sums over the whole registry."""
    with place.read() as session:

        def count(model: type[Organization | CertificationBody | RegistrySource]) -> int:
            return session.scalar(select(func.count()).select_from(model)) or 0

        schemes = select(Certificate.scheme, func.count()).group_by(Certificate.scheme)
        statuses = select(Certificate.status, func.count()).group_by(Certificate.status)
        by_scheme = {row[0]: row[1] for row in session.execute(schemes)}
        by_status = {row[0]: row[1] for row in session.execute(statuses)}
        return RegistryCounts(
            organizations=count(Organization),
            certificates=sum(by_status.values()),
            bodies=count(CertificationBody),
            sources=count(RegistrySource),
            by_scheme=by_scheme,
            by_status=by_status,
            newest_as_of=session.scalar(select(func.max(Certificate.as_of))),
        )
