"""What still has to be handed over, and what went and came."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.inspection import Evidence, Inspection
from app.models.people import Device
from app.models.planning import Assignment
from app.models.registry import Organization
from app.models.revisions import Package
from app.services import peers
from app.services.cargo import FINISHED, pending
from app.services.workplace import Workplace
from app.sync.documents import slices
from app.vocabulary import InspectionStatus, Role


@dataclass(frozen=True, slots=True)
class UnexportedRow:
    """A record that its receiver does not have as it stands here."""

    kind: str
    record_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Unexported:
    """What still has to be handed over."""

    records: int
    rows: tuple[UnexportedRow, ...]


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package that went out or came in."""

    package_id: str
    outgoing: bool
    peer: str
    peer_name: str
    sequence: int
    file_name: str
    made_at: datetime
    handled_at: datetime
    records: int
    blobs: int
    bytes: int
    summary: dict[str, int]


def unexported(place: Workplace) -> Unexported:
    """What still has to go: finished inspections to the office above, an office's assignments to its laptops."""
    with place.read() as session:
        above = peers.office_device(session)
        inspector = place.owner.role is Role.INSPECTOR
        rows = _inspections_to_go(session, place, above) if above or inspector else ()
        if not inspector:
            rows += _assignments_to_go(session, place)
    return Unexported(len(rows), rows)


@dataclass(frozen=True, slots=True)
class ToExport:
    """Inspections that no package holds as they stand here, those ``under_way`` among them; the last package."""

    ids: frozenset[str]
    under_way: frozenset[str]
    last: datetime | None


def to_export(place: Workplace, ids: Collection[str] | None = None) -> ToExport:
    """What changed here since the last package to anybody, whether or not it is finished.

    With ``ids`` only these are looked at, so that one answer costs one record and not all of them.
    """
    wanted = select(Inspection.id, Inspection.status)
    if ids is not None:
        wanted = wanted.where(Inspection.id.in_(ids))
    others = select(Device.id).where(~Device.own).order_by(Device.office_device.desc(), Device.id)
    with place.read() as session:
        found = {row.id: row.status for row in session.execute(wanted)}
        left = sorted(found)
        # The office first: it has the most, so that little is left to be asked about the others.
        for peer in [*session.scalars(others)] or [None]:
            left = pending(session, "inspection", left, peer, place.now(), has=place.evidence.has)
        last = session.scalar(select(func.max(Package.made_at)).where(Package.outgoing))
    running = (key for key in left if found[key] is InspectionStatus.IN_PROGRESS)
    return ToExport(frozenset(left), frozenset(running), last)


def _inspections_to_go(
    session: Session, place: Workplace, office: Device | None
) -> tuple[UnexportedRow, ...]:
    wanted = select(Inspection.id, Inspection.subject_name).where(Inspection.status.in_(FINISHED))
    titles = {row[0]: row[1] for row in session.execute(wanted.order_by(Inspection.finalised_at))}
    above = office.id if office else None
    left = set(pending(session, "inspection", titles, above, place.now(), has=place.evidence.has))
    return tuple(UnexportedRow("inspection", key, titles[key]) for key in titles if key in left)


def _assignments_to_go(session: Session, place: Workplace) -> tuple[UnexportedRow, ...]:
    wanted = (
        select(Assignment.device_id, Assignment.id, Organization.name)
        .join(Organization, Organization.id == Assignment.organization_id)
        .join(Device, Device.id == Assignment.device_id)
        .where(Assignment.cancelled_at.is_(None), ~Device.own, Device.revoked_at.is_(None))
        .order_by(Assignment.assigned_at, Assignment.id)
    )
    by_device: dict[str, dict[str, str]] = {}
    for device_id, assignment_id, name in session.execute(wanted):
        by_device.setdefault(device_id, {})[assignment_id] = name
    return tuple(
        UnexportedRow("assignment", key, titles[key])
        for device_id, titles in by_device.items()
        for key in pending(session, "assignment", titles, device_id, place.now(), has=place.evidence.has)
    )


def evidence_size(place: Workplace, found: Unexported) -> int:
    """Bytes of the evidence in the vault that goes with what still has to go."""
    ids = [row.record_id for row in found.rows if row.kind == "inspection"]
    held = select(func.sum(Evidence.size)).where(Evidence.sha256 != "")
    with place.read() as session:
        parts = (held.where(Evidence.inspection_id.in_(some)) for some in slices(ids))
        return sum(session.scalar(part) or 0 for part in parts)


def package_of(session: Session, package_id: str) -> Package | None:
    """The package with an id, made here or taken in; of one for several devices any receiver's row."""
    return session.scalar(select(Package).where(Package.id == package_id).order_by(Package.peer).limit(1))


def history(place: Workplace) -> tuple[PackageRow, ...]:
    """Every package that went out (once for each receiver) or came in, the latest first."""
    with place.read() as session:
        names = {device.id: device.name for device in session.scalars(select(Device))}
        found = session.scalars(select(Package).order_by(Package.handled_at.desc(), Package.id, Package.peer))
        return tuple(_package_row(package, names) for package in found)


def _package_row(package: Package, names: dict[str, str]) -> PackageRow:
    return PackageRow(
        package_id=package.id,
        outgoing=package.outgoing,
        peer=package.peer,
        peer_name=names.get(package.peer, ""),
        sequence=package.sequence,
        file_name=package.file_name,
        made_at=package.made_at,
        handled_at=package.handled_at,
        records=package.records,
        blobs=package.blobs,
        bytes=package.size,
        summary=json.loads(package.summary),
    )
