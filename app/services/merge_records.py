"""Taking revisions into the set: judging each, placing those whose parents are known, projecting.

One open transaction does it all. The good ones go in and the rest is listed with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.errors import BadInput, Problem
from app.models.people import Device
from app.models.revisions import HeldRevision
from app.models.revisions import Revision as StoredRevision
from app.models.store import Work
from app.services import derived
from app.services.sealing import seal_records
from app.services.workplace import Workplace
from app.sync.canonical import digest
from app.sync.documents import lacking, slices, write_documents
from app.sync.ledger import Key, add_revisions, known_ids, note_states, revisions_of
from app.sync.lifting import SCHEMA
from app.sync.revision import Sealed, Written, opened, read, unfit
from app.sync.rights import may_write
from app.sync.shapes import RECORD_KINDS, Shape
from app.sync.view import View, view
from app.vault import PublicKeys

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
    """One record's fate; why it was refused, or which revisions it waits for."""

    kind: str
    record_id: str
    fate: Fate
    problem: Problem | None = None
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class _Batch:
    """The revisions of one kind of record on their way in, by record id."""

    shape: Shape
    pool: dict[str, dict[str, Sealed]]
    known: dict[str, list[Sealed]]
    accepted: dict[str, list[Sealed]] = field(default_factory=dict)
    waiting: dict[str, list[Sealed]] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    documents: dict[str, dict[str, Written]] = field(default_factory=dict)
    refused: dict[str, Problem] = field(default_factory=dict)


@dataclass(slots=True)
class Taken:
    """What an import did: outcomes, the ids that are in the set or held, and the kinds it touched."""

    outcomes: list[RecordOutcome] = field(default_factory=list)
    kept: list[Sealed] = field(default_factory=list)
    touched: dict[str, list[str]] = field(default_factory=dict)
    forgotten: bool = False
    """Whether something came back that this device made and does not know of any more."""

    def count(self, fate: Fate) -> int:
        """How many records met ``fate``."""
        return sum(each.fate is fate for each in self.outcomes)


def take(work: Work, place: Workplace, package_id: str, incoming: Iterable[Incoming]) -> Taken:
    """Take revisions in; the caller commits."""
    taken = Taken()
    good = _judged(work.session, incoming, taken)
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
    already = {(each.revision.kind, each.revision.record) for each in taken.kept} - fresh
    taken.outcomes += [RecordOutcome(*key, Fate.ALREADY) for key in sorted(already)]
    for kind, pool in sorted(by_kind.items()):
        # What was changed here and never sealed must be a revision before the record moves on.
        seal_records(work, place, kind, pool)
        _take_kind(work.session, package_id, RECORD_KINDS[kind], pool, taken)
    return taken


# ---- judging: may this revision be here at all?


def _judged(session: Session, incoming: Iterable[Incoming], taken: Taken) -> list[Sealed]:
    devices = {device.id: device for device in session.scalars(select(Device))}
    good: list[Sealed] = []
    refused: dict[Key, Problem] = {}
    for listed, body, signature in incoming:
        if digest(body) != listed:
            refused["", listed[:32]] = Problem("sync.tampered", values={"revision": listed[:12]})
            continue
        try:
            sealed = read(body, signature)
        except BadInput as error:
            refused["", listed[:32]] = error.problem
            continue
        if problem := _reason_to_refuse(sealed, devices.get(sealed.revision.device)):
            refused[sealed.revision.kind, sealed.revision.record] = problem
        else:
            good.append(sealed)
    taken.outcomes += [
        RecordOutcome(*key, Fate.REFUSED, why) for key, why in sorted(refused.items(), key=_key)
    ]
    return good


def _key(item: tuple[Key, Problem]) -> Key:
    return item[0]


def _reason_to_refuse(sealed: Sealed, device: Device | None) -> Problem | None:
    """Why a revision may not come in: its author, its signature, its author's right, its content.

    ``made_at`` is the author's word; a revoked device that lies about it is not found out here.
    """
    said, name = sealed.revision, sealed.id[:12]
    if said.schema > SCHEMA:
        return Problem("sync.newer_revision", values={"revision": name})
    if device is None:
        return Problem("sync.unknown_signer", values={"revision": name, "device": said.device[:16]})
    if not PublicKeys(device.recipient, device.verify_key).verify(sealed.signature, sealed.body):
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


def _take_kind(
    session: Session, package_id: str, shape: Shape, pool: dict[str, dict[str, Sealed]], taken: Taken
) -> None:
    held = _held(session, shape.kind, pool)
    for each in held:
        pool[each.revision.record].setdefault(each.id, each)
    batch = _Batch(shape, pool, revisions_of(session, shape.kind, pool))
    for record_id in sorted(pool):
        _place(batch, record_id)
    _refuse_duplicates(session, batch)
    _write(session, package_id, batch, {each.id for each in held})
    for record_id in sorted(pool):
        taken.outcomes.append(_outcome(batch, record_id))
        if record_id not in batch.refused:
            taken.kept += pool[record_id].values()
    if batch.documents:
        taken.touched[shape.kind] = sorted(batch.documents)


def _held(session: Session, kind: str, ids: Iterable[str]) -> list[Sealed]:
    return [
        opened(body, signature)
        for some in slices(ids)
        for body, signature in session.execute(
            select(HeldRevision.body, HeldRevision.signature).where(
                HeldRevision.record_kind == kind, HeldRevision.record_id.in_(some)
            )
        )
    ]


def _place(batch: _Batch, record_id: str) -> None:
    """Sort a record's revisions into those whose parents are known and those that must wait."""
    known = batch.known.get(record_id, [])
    names = {each.id for each in known}
    waiting = list(batch.pool[record_id].values())
    accepted: list[Sealed] = []
    while ready := [each for each in waiting if names.issuperset(each.revision.parents)]:
        accepted += ready
        names |= {each.id for each in ready}
        waiting = [each for each in waiting if each.id not in names]
    if waiting:
        batch.waiting[record_id] = waiting
    if not accepted:
        return
    seen = view([*known, *accepted])
    document = seen.document()
    if (path := lacking(batch.shape.kind, document)) is not None:
        batch.refused[record_id] = Problem("sync.incomplete", values={"path": path})
        return
    batch.accepted[record_id], batch.views[record_id] = accepted, seen
    batch.documents[record_id] = document


def _refuse_duplicates(session: Session, batch: _Batch) -> None:
    """A value that must be unique: a row of ours that was never sealed gives way, a sealed one stays."""
    table = batch.shape.root.table
    for column in (each for each in table.columns if each.unique):
        owners: dict[object, str] = {}
        for record_id in sorted(batch.documents):
            value = batch.documents[record_id].get(column.name)
            if owners.setdefault(value, record_id) != record_id:
                _refuse(batch, record_id, str(value))
        for some in slices(owners):
            ours = session.execute(select(batch.shape.root.root, column).where(column.in_(some))).all()
            others = {row[0]: row[1] for row in ours if row[0] not in batch.documents}
            sealed = _ever_sealed(session, batch.shape.kind, others)
            for record_id, value in others.items():
                if record_id in sealed:
                    _refuse(batch, owners[value], str(value))
            loose = [record_id for record_id in others if record_id not in sealed]
            if loose:
                session.connection().execute(delete(table).where(batch.shape.root.root.in_(loose)))


def _refuse(batch: _Batch, record_id: str, value: str) -> None:
    batch.refused[record_id] = Problem("sync.duplicate", values={"value": value})
    for kept in (batch.accepted, batch.views, batch.documents):
        kept.pop(record_id, None)


def _ever_sealed(session: Session, kind: str, ids: Iterable[str]) -> set[str]:
    wanted = select(StoredRevision.record_id).where(StoredRevision.record_kind == kind)
    return {
        record_id
        for some in slices(ids)
        for record_id in session.scalars(wanted.where(StoredRevision.record_id.in_(some)))
    }


# ---- writing: the set grows, the rows follow


def _write(session: Session, package_id: str, batch: _Batch, held: set[str]) -> None:
    kind = batch.shape.kind
    new = [each for some in batch.accepted.values() for each in some]
    add_revisions(session, new, package_id)
    for some in slices(held & {each.id for each in new}):
        session.connection().execute(delete(HeldRevision).where(HeldRevision.id.in_(some)))
    waiting = [
        _held_row(each, batch, package_id)
        for record_id, some in batch.waiting.items()
        if record_id not in batch.refused
        for each in some
        if each.id not in held
    ]
    if waiting:
        session.connection().execute(insert(HeldRevision), waiting)
    write_documents(session, kind, batch.documents)
    note_states(session, kind, batch.views)
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
    here = {each.id for each in batch.known.get(record_id, [])} | batch.pool[record_id].keys()
    waiting = batch.waiting.get(record_id, [])
    return tuple(sorted({parent for each in waiting for parent in each.revision.parents} - here))


def _outcome(batch: _Batch, record_id: str) -> RecordOutcome:
    kind = batch.shape.kind
    if (problem := batch.refused.get(record_id)) is not None:
        return RecordOutcome(kind, record_id, Fate.REFUSED, problem)
    seen = batch.views.get(record_id)
    if seen is not None and seen.conflicts:
        return RecordOutcome(kind, record_id, Fate.CONFLICT, missing=_missing(batch, record_id))
    if record_id in batch.waiting:
        return RecordOutcome(kind, record_id, Fate.HELD, missing=_missing(batch, record_id))
    assert seen is not None
    return RecordOutcome(kind, record_id, Fate.MERGED if len(seen.heads) > 1 else Fate.ACCEPTED)
