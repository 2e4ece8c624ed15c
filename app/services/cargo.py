"""Which records concern a peer, and what of them it does not have yet.

An office hands a laptop its assignments with their organizations, plans and people, and what
became of that laptop's inspections. A laptop hands in its finished inspections; those still being
worked on go only when asked for. Two offices exchange finished inspections and their organizations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.checklists.loader import catalog, checklist_bytes
from app.models.inspection import Inspection
from app.models.people import Person
from app.models.planning import Assignment
from app.models.revisions import Delivery
from app.models.revisions import Revision as StoredRevision
from app.services.deliveries import delivered
from app.sync.canonical import digest
from app.sync.documents import blobs_in, difference, read_documents, slices
from app.sync.ledger import revisions_of
from app.sync.revision import Sealed
from app.sync.view import EMPTY, in_order, view
from app.vocabulary import InspectionStatus, Role

Scope = dict[str, list[str]]
"""Record ids by kind."""

FINISHED = (InspectionStatus.FINALISED, InspectionStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Cargo:
    """What a package will carry: revisions with parents first, evidence, checklists."""

    revisions: tuple[Sealed, ...]
    blobs: tuple[str, ...]
    checklists: dict[str, bytes]

    @property
    def records(self) -> int:
        """How many records it touches."""
        return len({(each.revision.kind, each.revision.record) for each in self.revisions})

    @property
    def items(self) -> tuple[str, ...]:
        """Everything that the peer has once it took the package in."""
        lists = (digest(data) for data in self.checklists.values())
        return (*(each.id for each in self.revisions), *self.blobs, *lists)


def scope_for(session: Session, own: Role, peer: str, peer_role: Role, *, drafts: bool) -> Scope:
    """Records that concern ``peer``, whether or not it has them."""
    if own is Role.SUPERVISOR and peer_role is Role.INSPECTOR:
        return _work_for(session, peer)
    wanted = select(Inspection.id).order_by(Inspection.id)
    if not drafts:
        wanted = wanted.where(Inspection.status.in_(FINISHED))
    inspections = list(session.scalars(wanted))
    if own is Role.INSPECTOR:
        return {"inspection": inspections}
    visited = select(Inspection.organization_id).where(Inspection.id.in_(wanted))
    return {"organization": _sorted(session, visited), "inspection": inspections}


def _work_for(session: Session, peer: str) -> Scope:
    # What was handed to the device before goes again when it changed: taken back, or reassigned.
    handed = (
        select(StoredRevision.record_id)
        .join(Delivery, Delivery.item == StoredRevision.id)
        .where(Delivery.peer == peer, StoredRevision.record_kind == "assignment")
    )
    mine = or_(Assignment.device_id == peer, Assignment.id.in_(handed))
    visited = select(StoredRevision.record_id).where(
        StoredRevision.record_kind == "inspection", StoredRevision.device_id == peer
    )
    return {
        "person": _sorted(session, select(Person.id)),
        "plan": _sorted(session, select(Assignment.plan_id).where(mine)),
        "organization": _sorted(session, select(Assignment.organization_id).where(mine)),
        "assignment": _sorted(session, select(Assignment.id).where(mine)),
        "inspection": _sorted(session, visited),
    }


def _sorted(session: Session, ids: Select[str]) -> list[str]:
    return sorted(set(session.scalars(ids)))


def cargo_for(session: Session, peer: str, scope: Scope, *, now: datetime, whole: bool, tasks: bool) -> Cargo:
    """What of ``scope`` the peer does not have; all of it when ``whole``; checklists with ``tasks``."""
    revisions: list[Sealed] = []
    blobs: set[str] = set()
    for kind, ids in scope.items():
        for some in slices(ids):
            for known in revisions_of(session, kind, some).values():
                by_id = {each.id: each for each in known}
                order = in_order({each.id: each.revision for each in known})
                revisions += [by_id[name] for name in order]
                blobs |= blobs_in(kind, view(known))
    lists = _checklists() if tasks else {}
    if not whole:
        digests = {digest(data) for data in lists.values()}
        there = delivered(session, peer, [*(each.id for each in revisions), *blobs, *digests], now)
        revisions = [each for each in revisions if each.id not in there]
        blobs -= there
        lists = {name: data for name, data in lists.items() if digest(data) not in there}
    return Cargo(tuple(revisions), tuple(sorted(blobs)), lists)


def _checklists() -> dict[str, bytes]:
    return {
        f"checklists/{each.id}@{each.version}.json": checklist_bytes(each)
        for each in sorted(catalog().values(), key=lambda each: each.id)
    }


def pending(session: Session, kind: str, ids: Iterable[str], peer: str | None, now: datetime) -> list[str]:
    """Those of ``ids`` that ``peer`` does not have as they stand here, changes not sealed yet included."""
    found: list[str] = []
    for some in slices(ids):
        stored = revisions_of(session, kind, some)
        heads = {record_id: view(known) for record_id, known in stored.items()}
        sent = delivered(session, peer or "", (head for seen in heads.values() for head in seen.heads), now)
        for record_id, document in read_documents(session, kind, some).items():
            seen = heads.get(record_id, EMPTY)
            if not sent.issuperset(seen.heads) or difference(kind, document, seen):
                found.append(record_id)
    return found
