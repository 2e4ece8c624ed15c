"""Taking revisions into the set: judging each, placing those whose parents are known, projecting.

One open transaction does it all. The good ones go in and the rest is listed with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.errors import BadInput, Problem
from app.models.among import among
from app.models.people import Device
from app.models.revisions import HeldRevision
from app.models.store import Work
from app.services import derived
from app.services.evidence_needs import Named, add_named, named_of
from app.services.late import Carrier, carriers, late_hand
from app.services.sealing import Standing, keep_sealed, standings
from app.services.workplace import Workplace
from app.sync.canonical import digest
from app.sync.documents import slices, write_documents
from app.sync.ledger import Key, add_revisions, known_ids, note_states, offices_of
from app.sync.lifting import SCHEMA
from app.sync.revision import Sealed, Written, opened, read, unfit
from app.sync.rights import Offices, encroached, governing, governor, may_write
from app.sync.shapes import RECORD_KINDS, Shape
from app.sync.view import View, advanced, view
from app.vault import PublicKeys, verified

Incoming = tuple[str, bytes, bytes]
"""The id a revision is listed under, its body, its signature."""


class Fate(StrEnum):
    """What became of a record's revisions at an import."""

    ACCEPTED = "accepted"
    MERGED = "merged"
    CONFLICT = "conflict"
    HELD = "held"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """One record's fate; why it was refused, is not shown or wants a look, or which revisions it waits for."""

    kind: str
    record_id: str
    fate: Fate
    problem: Problem | None = None
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class _Batch:
    """The revisions of one kind of record on their way in, by record id."""

    shape: Shape
    offices: Offices
    pool: dict[str, dict[str, Sealed]]
    here: dict[str, Standing]
    """How each record stood before, with everything sealed."""
    brought: dict[str, str] = field(default_factory=dict)
    """By revision that waited here, the package that brought it."""
    accepted: dict[str, list[Sealed]] = field(default_factory=dict)
    waiting: dict[str, list[Sealed]] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    documents: dict[str, dict[str, Written]] = field(default_factory=dict)
    refused: dict[str, Problem] = field(default_factory=dict)
    aside: dict[str, Problem] = field(default_factory=dict)
    """Records whose new revisions are kept and not shown: another office's word stands."""
    late: dict[str, Problem] = field(default_factory=dict)
    """Records that got something of a revoked device after its date, in another's package."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """The package that is taken in, and who is known where it comes in."""

    work: Work
    place: Workplace
    devices: Mapping[str, Device]
    package_id: str
    carrier: Carrier
    met: frozenset[Key]
    """Records of which it brings something that is in the set already."""

    @property
    def session(self) -> Session:
        return self.work.session


@dataclass(slots=True)
class Taken:
    """What an import did: outcomes, the ids that are in the set or held, and the kinds it touched."""

    outcomes: list[RecordOutcome] = field(default_factory=list)
    kept: list[Sealed] = field(default_factory=list)
    touched: dict[str, list[str]] = field(default_factory=dict)
    named: Named = field(default_factory=dict)
    """All evidence that the revisions of the records name of which anything is in the set or held."""
    forgotten: bool = False
    """Whether something came back that this device made and does not know of any more."""

    def count(self, fate: Fate) -> int:
        """How many records met ``fate``."""
        return sum(each.fate is fate for each in self.outcomes)


def take(
    work: Work, place: Workplace, package_id: str, incoming: Iterable[Incoming], sender: str = ""
) -> Taken:
    """Take in the revisions of a package that the device ``sender`` made; the caller commits."""
    taken = Taken()
    devices = {device.id: device for device in work.session.scalars(select(Device))}
    good = _judged(devices, incoming, taken)
    there = known_ids(work.session, (each.id for each in good))
    by_kind: dict[str, dict[str, dict[str, Sealed]]] = {}
    for each in good:
        if each.id in there:
            taken.kept.append(each)
        else:
            records = by_kind.setdefault(each.revision.kind, {})
            records.setdefault(each.revision.record, {})[each.id] = each
            taken.forgotten |= each.revision.device == place.device_id
    fresh = {(kind, record) for kind, records in by_kind.items() for record in records}
    met = frozenset((each.revision.kind, each.revision.record) for each in taken.kept)
    taken.outcomes += [RecordOutcome(*key, Fate.ALREADY) for key in sorted(met - fresh)]
    taken.named = named_of(work.session, met - fresh)
    arrival = _Arrival(work, place, devices, package_id, Carrier(sender, place.now()), met)
    for kind, pool in sorted(by_kind.items()):
        offices = offices_of(work.session)
        for some in slices(sorted(pool)):
            # What was changed here and never sealed must be a revision before the record moves on.
            here = standings(work, place, kind, some, offices)
            batch = _Batch(RECORD_KINDS[kind], offices, {name: pool[name] for name in some}, here)
            _take_batch(arrival, batch, taken)
    return taken


# ---- judging: may this revision be here at all?


def _judged(devices: Mapping[str, Device], incoming: Iterable[Incoming], taken: Taken) -> list[Sealed]:
    good: list[Sealed] = []
    refused: dict[Key, Problem] = {}
    readable = [(each, devices.get(each.revision.device)) for each in _readable(incoming, refused)]
    genuine = iter(
        verified(
            [(_keys(device), each.signature, each.body) for each, device in readable if device is not None]
        )
    )
    for each, device in readable:
        holds = device is not None and next(genuine)
        if problem := _reason_to_refuse(each, device, genuine=holds):
            refused[each.revision.kind, each.revision.record] = problem
        else:
            good.append(each)
    taken.outcomes += [
        RecordOutcome(*key, Fate.REFUSED, why) for key, why in sorted(refused.items(), key=_key)
    ]
    return good


def _key(item: tuple[Key, Problem]) -> Key:
    return item[0]


def _readable(incoming: Iterable[Incoming], refused: dict[Key, Problem]) -> Iterator[Sealed]:
    """What stands under its own name and in the one form; the others are noted in ``refused``."""
    for listed, body, signature in incoming:
        if digest(body) != listed:
            refused["", listed[:32]] = Problem("sync.tampered", values={"revision": listed[:12]})
            continue
        try:
            yield read(body, signature)
        except BadInput as error:
            refused["", listed[:32]] = error.problem


def _keys(device: Device) -> PublicKeys:
    return PublicKeys(device.recipient, device.verify_key)


def _reason_to_refuse(sealed: Sealed, device: Device | None, *, genuine: bool) -> Problem | None:
    """Why a revision may not come in: its author, its signature, its author's right, its content.

    ``made_at`` is the author's word; a revoked device that lies about it is not found out here.
    """
    said, name = sealed.revision, sealed.id[:12]
    if said.schema > SCHEMA:
        return Problem("sync.newer_revision", values={"revision": name})
    if device is None:
        return Problem("sync.unknown_signer", values={"revision": name, "device": said.device[:16]})
    if not genuine:
        return Problem("sync.bad_revision_signature", values={"revision": name})
    if (said.author.name, said.author.credential) != (device.name, device.credential):
        values: dict[str, str | int] = {"revision": name, "name": said.author.name, "owner": device.name}
        return Problem("sync.foreign_name", values=values)
    if device.revoked_at is not None and said.moment >= device.revoked_at:
        return Problem("sync.revoked_signer", values={"revision": name, "name": device.name})
    if said.kind in RECORD_KINDS and not may_write(device.role, said.kind):
        return Problem("sync.no_right", values={"name": device.name})
    if (path := unfit(said)) is not None:
        return Problem("sync.unfit", values={"revision": name, "path": path[:120]})
    return None


# ---- placing: which can join the set now?


def _take_batch(arrival: _Arrival, batch: _Batch, taken: Taken) -> None:
    kind = batch.shape.kind
    _add_held(arrival, batch)
    for record_id in batch.pool:
        _place(batch, record_id)
    _remark(arrival, batch)
    _write(arrival, batch)
    for record_id, kept in batch.pool.items():
        taken.outcomes += _outcomes(batch, record_id)
        taken.kept += kept.values()
        if kept or (kind, record_id) in arrival.met:
            add_named(taken.named, [*batch.here[record_id].known, *kept.values()])
    if batch.documents:
        taken.touched.setdefault(kind, []).extend(batch.documents)


def _add_held(arrival: _Arrival, batch: _Batch) -> None:
    """Let what waited of the same records join in; since it came its author may have been revoked."""
    for package_id, each in _held(arrival.session, batch.shape.kind, batch.pool):
        record_id = each.revision.record
        batch.brought[each.id] = package_id
        device = arrival.devices.get(each.revision.device)
        genuine = device is not None and _keys(device).verify(each.signature, each.body)
        if problem := _reason_to_refuse(each, device, genuine=genuine):
            batch.refused.setdefault(record_id, problem)
        else:
            batch.pool[record_id].setdefault(each.id, each)


def _held(session: Session, kind: str, ids: Iterable[str]) -> list[tuple[str, Sealed]]:
    """What waits of some records, and which package brought it."""
    columns = (HeldRevision.package_id, HeldRevision.body, HeldRevision.signature)
    return [
        (package_id, opened(body, signature))
        for some in slices(ids)
        for package_id, body, signature in session.execute(
            select(*columns).where(HeldRevision.record_kind == kind, among(HeldRevision.record_id, some))
        )
    ]


def _remark(arrival: _Arrival, batch: _Batch) -> None:
    """Note which records got something late of a revoked device."""
    packages = {arrival.package_id, *batch.brought.values()}
    # A package that came before keeps the moment it came first.
    known = {arrival.package_id: arrival.carrier} | carriers(arrival.session, packages)
    for record_id, some in batch.accepted.items():
        for each in some:
            # What came home in a package of our own has no carrier.
            carrier = known.get(batch.brought.get(each.id, arrival.package_id))
            if carrier and (problem := late_hand(each, carrier, arrival.devices)) is not None:
                batch.late.setdefault(record_id, problem)


def _place(batch: _Batch, record_id: str) -> None:
    """Sort a record's revisions: those that join the set, those that must wait, those that may not come in.

    Whether one may is asked of it and what it descends from alone, so the order of arrival never matters.
    """
    here = {each.id: each for each in batch.here[record_id].known}
    waiting = batch.pool[record_id]
    before = len(here)
    while ready := [each for each in waiting.values() if here.keys() >= set(each.revision.parents)]:
        for each in sorted(ready, key=_name):
            del waiting[each.id]
            if (problem := _reason_to_keep_out(batch, each, _past(each, here).values())) is not None:
                batch.refused.setdefault(record_id, problem)
            else:
                here[each.id] = each
    if waiting:
        batch.waiting[record_id] = list(waiting.values())
    batch.pool[record_id] = waiting | dict(list(here.items())[before:])
    if len(here) > before:
        _settle(batch, record_id, here, before)


def _name(sealed: Sealed) -> str:
    return sealed.id


def _past(sealed: Sealed, here: Mapping[str, Sealed]) -> dict[str, Sealed]:
    """Everything that a revision descends from, by id."""
    found: dict[str, Sealed] = {}
    ahead = list(sealed.revision.parents)
    while ahead:
        if (name := ahead.pop()) not in found:
            found[name] = here[name]
            ahead += here[name].revision.parents
    return found


def _reason_to_keep_out(batch: _Batch, sealed: Sealed, past: Collection[Sealed]) -> Problem | None:
    """Why a revision may not stand on what it stands on: whose the record is, what it would lack."""
    if (office := encroached(sealed, past, batch.offices)) is not None:
        return Problem("sync.foreign_record", values={"office": office})
    if (path := _lacking(batch.shape, sealed, past)) is not None:
        return Problem("sync.incomplete", values={"path": path})
    return None


def _lacking(shape: Shape, sealed: Sealed, past: Collection[Sealed]) -> str | None:
    """The first path without which a revision's rows cannot be written, or ``None``.

    Nobody can take such a value away again, so what is whole here stays whole beside anything else.
    """
    said = sealed.revision.set
    wanted = set() if sealed.revision.parents else set(shape.root.required)
    for at in {"/".join(path.split("/")[:2]) for path in said if "/" in path}:
        wanted |= {f"{at}/{name}" for name in shape.parts[at.partition("/")[0]].required}
    left = wanted - said.keys()
    return min(left.difference(*(each.revision.set for each in past)), default=None) if left else None


def _settle(batch: _Batch, record_id: str, here: Mapping[str, Sealed], before: int) -> None:
    """What a record shows now that its revisions from ``before`` on are new."""
    kind, known = batch.shape.kind, list(here.values())
    shown, new = governing(kind, known, batch.offices), known[before:]
    if len(new) == 1 and len(shown) == len(known):
        # All that was here counted before: one more step instead of the whole way.
        seen = advanced(batch.here[record_id].seen, new[0], _past(new[0], here))
    else:
        seen = view(shown)
    batch.accepted[record_id], batch.views[record_id] = new, seen
    batch.documents[record_id] = seen.document()
    if not {each.id for each in new} & {each.id for each in shown}:
        office = governor(kind, known, batch.offices) or ""
        batch.aside[record_id] = Problem("sync.entry_stands", values={"office": office}, taken=True)


# ---- writing: the set grows, the rows follow


def _write(arrival: _Arrival, batch: _Batch) -> None:
    session, package_id = arrival.session, arrival.package_id
    kind, held = batch.shape.kind, batch.brought
    views = keep_sealed(arrival.work, kind, batch.here) | batch.views
    joined: dict[str, list[Sealed]] = {}
    for each in (each for some in batch.accepted.values() for each in some):
        joined.setdefault(held.get(each.id, package_id), []).append(each)
    for name, some in joined.items():
        add_revisions(session, some, name)
    waiting = {each.id: each for some in batch.waiting.values() for each in some}
    if gone := held.keys() - waiting.keys():
        session.connection().execute(delete(HeldRevision).where(among(HeldRevision.id, gone)))
    rows = [_held_row(each, batch, package_id) for name, each in waiting.items() if name not in held]
    if rows:
        session.connection().execute(insert(HeldRevision), rows)
    former = {name: each.document for name, each in batch.here.items() if each.document is not None}
    write_documents(session, kind, batch.documents, former)
    note_states(session, kind, views)
    derived.refresh(session, kind, batch.documents)


def _held_row(sealed: Sealed, batch: _Batch, package_id: str) -> dict[str, object]:
    said = sealed.revision
    return {
        "id": sealed.id,
        "record_kind": said.kind,
        "record_id": said.record,
        "device_id": said.device,
        "body": sealed.body,
        "signature": sealed.signature,
        "missing": json.dumps(_missing(batch, said.record)),
        "package_id": package_id,
    }


def _missing(batch: _Batch, record_id: str) -> tuple[str, ...]:
    """Parents that nobody here has: what the waiting revisions of a record wait for."""
    waiting = batch.waiting.get(record_id, [])
    if not waiting:
        return ()
    here = {each.id for each in batch.here[record_id].known} | batch.pool[record_id].keys()
    return tuple(sorted({parent for each in waiting for parent in each.revision.parents} - here))


def _outcomes(batch: _Batch, record_id: str) -> Iterator[RecordOutcome]:
    """What became of a record: a refusal, and what became of the rest."""
    kind, seen = batch.shape.kind, batch.views.get(record_id)
    missing = _missing(batch, record_id)
    remark = batch.late.get(record_id) or batch.aside.get(record_id)
    if (problem := batch.refused.get(record_id)) is not None:
        yield RecordOutcome(kind, record_id, Fate.REFUSED, problem)
    if seen is not None and seen.conflicts:
        yield RecordOutcome(kind, record_id, Fate.CONFLICT, remark, missing)
    elif record_id in batch.waiting:
        yield RecordOutcome(kind, record_id, Fate.HELD, missing=missing)
    elif seen is not None:
        fate = Fate.MERGED if len(seen.heads) > 1 else Fate.ACCEPTED
        yield RecordOutcome(kind, record_id, fate, remark)
