"""The certificates of an organization as this store knew them on a day in the past, judged for that day.

A home that imports registries keeps every former value with the file that replaced it, and undoes what
came after the day. A home that gets the registry with its tasks keeps the revisions instead. Where
neither is from before the end of the day, today's word has to do, and ``kept`` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import day_bounds
from app.models.registry import Certificate, Organization, RegistryHistory, RegistrySource
from app.models.revisions import Package
from app.models.revisions import Revision as StoredRevision
from app.sync.documents import rows_in
from app.sync.ledger import offices_of
from app.sync.revision import opened
from app.sync.rights import governing
from app.sync.shapes import RECORD_KINDS
from app.sync.view import view
from app.vocabulary import CertificateStatus

_ENDED = (CertificateStatus.WITHDRAWN, CertificateStatus.CANCELLED)
_Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Then:
    """Certificates in the order of their numbers, as of ``day``; ``kept`` whether from what was known then.

    The rows belong to no session and are never stored.
    """

    day: date
    certificates: tuple[Certificate, ...]
    kept: bool


def certificates_then(session: Session, organization_id: str, day: date) -> Then:
    """What was known at the end of a local day; what was issued later is left out."""
    until = day_bounds(day, day)[1]
    rows = _imported(session, organization_id, until)
    if rows is None:
        rows = _received(session, organization_id, until)
    kept = rows is not None
    if rows is None:
        rows = [_values(row) for row in _present(session, organization_id)]
    issued = [row for row in rows if row.get("issued_on") is None or row["issued_on"] <= day]
    held = [Certificate(**{**row, "status": status_on(row, day)}) for row in issued]
    return Then(day, tuple(sorted(held, key=lambda row: row.number)), kept)


def status_on(certificate: _Values, day: date) -> CertificateStatus:
    """The status on a day, where the registry's word is from later: what began after the day had not begun."""
    status = CertificateStatus(certificate["status"])
    ended, suspended = certificate.get("ended_on"), certificate.get("suspended_from")
    expires = certificate.get("expires_on")
    if status in _ENDED and ended is not None and ended > day:
        return CertificateStatus.VALID
    if status is CertificateStatus.SUSPENDED and suspended is not None and suspended > day:
        return CertificateStatus.VALID
    if status is CertificateStatus.EXPIRED and expires is not None and expires >= day:
        return CertificateStatus.VALID
    return status


def _present(session: Session, organization_id: str) -> Sequence[Certificate]:
    return session.scalars(select(Certificate).where(Certificate.organization_id == organization_id)).all()


def _values(row: Certificate) -> _Values:
    return {column.key: getattr(row, column.key) for column in Certificate.__table__.columns}


def _imported(session: Session, organization_id: str, until: datetime) -> list[_Values] | None:
    """From the files taken in here by ``until``; ``None`` where none of them told of these certificates."""
    taken = dict(session.execute(select(RegistrySource.id, RegistrySource.imported_at)).all())
    found = {row.number: _values(row) for row in _present(session, organization_id)}
    later = select(RegistryHistory).where(
        RegistryHistory.organization_id == organization_id, RegistryHistory.replaced_at >= until
    )
    fields = RECORD_KINDS["organization"].parts["certificates"].fields
    # The newest first, so that a value that was replaced twice ends with the oldest of them.
    for former in session.scalars(later.order_by(RegistryHistory.id.desc())):
        values = found.get(former.certificate_number)
        if values is not None and former.field in fields:
            field = fields[former.field]
            values[former.field] = field.stored(former.former or field.default)
            values |= {"as_of": former.former_as_of, "source_id": former.former_source_id}
            values["source_row"] = former.former_row
    told = [values for values in found.values() if values["source_id"] in taken]
    return list(found.values()) if any(taken[values["source_id"]] < until for values in told) else None


def _received(session: Session, organization_id: str, until: datetime) -> list[_Values] | None:
    """From the revisions that were here by ``until``; ``None`` where none was."""
    moment = func.coalesce(Package.handled_at, StoredRevision.made_at)
    # A package made for several has a row for each receiver; one that came in has one.
    incoming = (Package.id == StoredRevision.package_id) & Package.outgoing.is_(False)
    wanted = (
        select(StoredRevision.body, StoredRevision.signature)
        .outerjoin(Package, incoming)
        .where(
            StoredRevision.record_kind == Organization.__record__,
            StoredRevision.record_id == organization_id,
            moment < until,
        )
    )
    stored = [opened(body, signature) for body, signature in session.execute(wanted)]
    known = governing(Organization.__record__, stored, offices_of(session))
    if not known:
        return None
    rows = rows_in(Organization.__record__, organization_id, view(known).document())
    return rows.get(Certificate.__part__, [])
