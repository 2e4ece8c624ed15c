"""Which records concern each receiver, and what of them it does not have yet.

An office hands a laptop its assignments with their organizations, plans and people, and what
became of that laptop's inspections. A laptop hands in its finished inspections; those still being
worked on go only when asked for. An office hands the one above it, and its own other supervisors,
finished inspections with their organizations; to any other office it hands back what became of that
office's inspections.

A package for several devices is what they would get one by one, put together: what two of them lack
goes once, and each takes in what is for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.models.inspection import Inspection
from app.models.people import Device, Person
from app.models.planning import Assignment
from app.models.revisions import Delivery
from app.models.revisions import Revision as StoredRevision
from app.services.deliveries import delivered
from app.services.evidence_needs import Named, named_by
from app.sync.canonical import digest
from app.sync.documents import difference, read_documents, slices
from app.sync.ledger import offices_of, revisions_of
from app.sync.revision import Sealed
from app.sync.view import EMPTY, in_order, view
from app.vocabulary import InspectionStatus, Role

Scope = dict[str, list[str]]
"""Record ids by kind."""

FINISHED = (InspectionStatus.FINALISED, InspectionStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Cargo:
    """What a package will carry: revisions with parents first, evidence, other contents.

    ``shares`` holds for each receiver the digests of everything it has once it took the package in.
    ``absent`` is evidence that somebody lacks and this home does not have either: it stays behind.
    """

    revisions: tuple[Sealed, ...]
    blobs: tuple[str, ...]
    contents: dict[str, bytes]
    shares: dict[str, frozenset[str]]
    absent: Named

    @property
    def records(self) -> int:
        """How many records it touches."""
        return len({(each.revision.kind, each.revision.record) for each in self.revisions})

    @property
    def empty(self) -> bool:
        """Whether nobody lacks anything."""
        return not any(self.shares.values())

    def counts_for(self, peer: str) -> tuple[int, int]:
        """How many records and files of evidence one receiver gets."""
        mine = self.shares[peer]
        records = {(each.revision.kind, each.revision.record) for each in self.revisions if each.id in mine}
        return len(records), len(mine.intersection(self.blobs))

    def for_whom(self, item: str) -> tuple[int, ...]:
        """The places of those that ``item`` is for among the receivers; empty when it is for all."""
        places = tuple(place for place, share in enumerate(self.shares.values()) if item in share)
        return () if len(places) == len(self.shares) else places


def scope_for(session: Session, own: Role, peer: str, peer_role: Role, *, drafts: bool) -> Scope:
    """Records that concern ``peer``, whether or not it has them."""
    if own is Role.SUPERVISOR and peer_role is Role.INSPECTOR:
        return _work_for(session, peer)
    if own is Role.SUPERVISOR and (office := _office_below(session, peer)) is not None:
        return _answers_for(session, office)
    wanted = select(Inspection.id).order_by(Inspection.id)
    if not drafts:
        wanted = wanted.where(Inspection.status.in_(FINISHED))
    inspections = list(session.scalars(wanted))
    if own is Role.INSPECTOR:
        return {"inspection": inspections}
    visited = select(Inspection.organization_id).where(Inspection.id.in_(wanted))
    return {"organization": _sorted(session, visited), "inspection": inspections}


def _office_below(session: Session, peer: str) -> str | None:
    """The peer's office, unless it is ours or above ours."""
    offices = offices_of(session)
    hand = offices.hands.get(peer)
    return None if hand is None or hand.office in {offices.own, *offices.above} else hand.office


def _answers_for(session: Session, office: str) -> Scope:
    """The inspections that an office had a part in; of their organizations those that it does not keep itself."""
    theirs = select(StoredRevision.record_id).join(Device, Device.id == StoredRevision.device_id)
    theirs = theirs.where(Device.office == office)
    inspections = theirs.where(StoredRevision.record_kind == "inspection")
    kept = theirs.where(StoredRevision.record_kind == "organization")
    visited = select(Inspection.organization_id).where(
        Inspection.id.in_(inspections), Inspection.organization_id.not_in(kept)
    )
    return {"organization": _sorted(session, visited), "inspection": _sorted(session, inspections)}


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


def cargo_for(
    session: Session,
    scopes: Mapping[str, Scope],
    *,
    now: datetime,
    whole: bool,
    has: Callable[[str], bool],
    contents: Mapping[str, bytes] | None = None,
    tasks: Collection[str] = (),
) -> Cargo:
    """What of its scope each receiver does not have; all of it when ``whole``.

    ``scopes`` holds what concerns each receiver; those in ``tasks`` need the
    ``contents`` too, which are files by the names of their parts. ``has`` tells
    which evidence is here.
    """
    revisions: list[Sealed] = []
    blobs: Named = {}
    shares: dict[str, set[str]] = {peer: set() for peer in scopes}
    for kind, concerned in _by_kind(scopes).items():
        for some in slices(sorted(concerned)):
            for record_id, known in revisions_of(session, kind, some).items():
                by_id = {each.id: each for each in known}
                revisions += [by_id[name] for name in in_order({each.id: each.revision for each in known})]
                # What a later write replaced goes too: whoever has a revision needs what it names.
                named = named_by(known)
                for sha256, keys in named.items():
                    blobs.setdefault(sha256, set()).update(keys)
                for peer in concerned[record_id]:
                    shares[peer] |= by_id.keys() | named.keys()
    lists = dict(contents or {}) if tasks else {}
    digests = {name: digest(data) for name, data in lists.items()}
    for peer, share in shares.items():
        share.update(digests.values() if peer in tasks else ())
        share.difference_update(() if whole else delivered(session, peer, share, now))
    goes = set[str]().union(*shares.values())
    absent = {sha256: keys for sha256, keys in blobs.items() if sha256 in goes and not has(sha256)}
    # Not noted as sent either, so that it goes by itself once it is found.
    for share in shares.values():
        share.difference_update(absent)
    return Cargo(
        tuple(each for each in revisions if each.id in goes),
        tuple(sorted(goes & blobs.keys() - absent.keys())),
        {name: data for name, data in lists.items() if digests[name] in goes},
        {peer: frozenset(share) for peer, share in shares.items()},
        absent,
    )


def _by_kind(scopes: Mapping[str, Scope]) -> dict[str, dict[str, list[str]]]:
    """For each kind its records, and whom each of them concerns."""
    found: dict[str, dict[str, list[str]]] = {}
    for peer, scope in scopes.items():
        for kind, ids in scope.items():
            for record_id in ids:
                found.setdefault(kind, {}).setdefault(record_id, []).append(peer)
    return found


def pending(
    session: Session,
    kind: str,
    ids: Iterable[str],
    peer: str | None,
    now: datetime,
    *,
    has: Callable[[str], bool],
) -> list[str]:
    """Those of ``ids`` that ``peer`` does not have as they stand here, changes not sealed yet included.

    Evidence counts when it is here (``has``): what the peer lost or never got is still to go.
    """
    found: list[str] = []
    for some in slices(ids):
        stored = revisions_of(session, kind, some)
        heads = {record_id: view(known) for record_id, known in stored.items()}
        named = {record_id: named_by(known).keys() for record_id, known in stored.items()}
        items = {*(head for seen in heads.values() for head in seen.heads)}.union(*named.values())
        sent = delivered(session, peer or "", items, now)
        for record_id, document in read_documents(session, kind, some).items():
            seen = heads.get(record_id, EMPTY)
            lacks = any(map(has, named.get(record_id, set[str]()) - sent))
            if lacks or not sent.issuperset(seen.heads) or difference(kind, document, seen):
                found.append(record_id)
    return found
