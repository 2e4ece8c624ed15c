"""The history of one record as people read it: its revisions with devices, packages and receipts.

Besides the revisions that count here (:mod:`app.sync.rights`) it names what other offices entered under
the same id, revisions that wait for others, and changes made here that were never sealed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.models.people import Device
from app.models.revisions import Delivery, HeldRevision, Package, ReceiptLine
from app.models.revisions import Revision as StoredRevision
from app.services.chronicle_rows import (
    Came,
    Corrected,
    DeviceName,
    Devices,
    HistoryChange,
    HistoryEntry,
    Rival,
    Standing,
    Went,
    device_name,
    sorted_out,
)
from app.services.paper_names import Papers, papers_in
from app.services.titles import title_in
from app.services.workplace import Workplace
from app.sync.documents import Document, difference, read_document, slices
from app.sync.history import Entry, Kind, Step, history, waiting
from app.sync.ledger import offices_of
from app.sync.revision import Nothing, Sealed, Written, opened
from app.sync.rights import governing
from app.sync.shapes import RECORD_KINDS
from app.sync.view import view

__all__ = [
    "Came",
    "Corrected",
    "HistoryChange",
    "HistoryEntry",
    "Kind",
    "Rival",
    "Standing",
    "Told",
    "Went",
    "chronicle",
    "read_history",
    "told",
]


@dataclass(frozen=True, slots=True)
class Told:
    """A record with its history."""

    kind: str
    record_id: str
    title: str
    entries: tuple[HistoryEntry, ...]


def chronicle(place: Workplace, *, kind: str, record_id: str) -> tuple[HistoryEntry, ...]:
    """Everything that was written into one record.

    What counts here stands in causal order; then come other offices' own entries, what is held, and
    what was not sealed.
    """
    return told(place, kind=kind, record_id=record_id).entries


def told(place: Workplace, *, kind: str, record_id: str) -> Told:
    """One record's history with the record's title; ``sync.unknown_record`` when there is none."""
    if kind not in RECORD_KINDS:
        raise BadInput("sync.unknown_kind", kind=kind)
    with place.read() as session:
        return read_history(session, place, kind, record_id)


def read_history(session: Session, place: Workplace, kind: str, record_id: str) -> Told:
    """The same inside an open read scope."""
    document = read_document(session, kind, record_id)
    stored = _stored(session, kind, record_id)
    held = _held(session, kind, record_id)
    if document is None and not stored and not held:
        raise BadInput("sync.unknown_record", kind=kind, id=record_id)
    papers = papers_in(session, place, kind, record_id)
    book = _Book.of(session, (kind, record_id), stored, held, papers)
    counting, aside = _by_office(session, kind, [each for each, _ in stored])
    entries = [
        *(book.entry(entry, Standing.SEALED) for entry in history(counting)),
        *(book.entry(entry, Standing.ASIDE) for others in aside for entry in history(others)),
        *(each for row in held for each in book.held(row)),
        *_unsealed(place, papers, kind, document, counting),
    ]
    return Told(kind, record_id, title_in(session, kind, record_id), tuple(entries))


def _by_office(
    session: Session, kind: str, stored: Sequence[Sealed]
) -> tuple[list[Sealed], list[list[Sealed]]]:
    """The revisions that count here, and apart from them those of each office that keeps its own entry."""
    offices = offices_of(session)
    counting = governing(kind, stored, offices)
    names = {each.id for each in counting}
    aside: dict[str, list[Sealed]] = {}
    for each in stored:
        if each.id not in names:
            aside.setdefault(offices.of(each), []).append(each)
    return counting, [aside[office] for office in sorted(aside)]


_Stored = tuple[Sealed, str | None]
"""A revision of the set, and the package it came with."""


def _stored(session: Session, kind: str, record_id: str) -> list[_Stored]:
    wanted = select(StoredRevision.body, StoredRevision.signature, StoredRevision.package_id).where(
        StoredRevision.record_kind == kind, StoredRevision.record_id == record_id
    )
    return [(opened(body, signature), package) for body, signature, package in session.execute(wanted)]


def _held(session: Session, kind: str, record_id: str) -> Sequence[HeldRevision]:
    wanted = select(HeldRevision).where(HeldRevision.record_kind == kind, HeldRevision.record_id == record_id)
    return session.scalars(wanted.order_by(HeldRevision.id)).all()


# ---- who, where and by which package


@dataclass(frozen=True, slots=True)
class _Book:
    """Devices by id, and packages by the revisions that came and went with them."""

    kind: str
    devices: Devices
    came: Mapping[str, Came]
    went: Mapping[str, tuple[Went, ...]]
    packages: Mapping[str, Came]
    papers: Papers

    @classmethod
    def of(
        cls,
        session: Session,
        record: tuple[str, str],
        stored: Sequence[_Stored],
        held: Sequence[HeldRevision],
        papers: Papers,
    ) -> _Book:
        devices = {
            device: DeviceName(name, fingerprint, office)
            for device, name, fingerprint, office in session.execute(
                select(Device.id, Device.name, Device.fingerprint, Device.office)
            )
        }
        names = {each.id: package for each, package in stored}
        wanted = {package for package in names.values() if package} | {row.package_id for row in held}
        packages = _incoming(session, wanted, devices)
        came = {name: packages[package] for name, package in names.items() if package in packages}
        return cls(record[0], devices, came, _outgoing(session, record, names, devices), packages, papers)

    def entry(self, entry: Entry, standing: Standing) -> HistoryEntry:
        """A revision's entry with its device by name and its packages."""
        changes, corrections = sorted_out(self.kind, entry.steps, self.devices, self.papers)
        device = device_name(self.devices, entry.device)
        return HistoryEntry(
            revisions=entry.revisions,
            kind=entry.kind,
            standing=standing,
            author=entry.author,
            credential=entry.credential,
            device_id=entry.device,
            device=device.name,
            fingerprint=device.fingerprint,
            office=device.office,
            made_at=entry.made_at,
            reason=entry.reason,
            joined=entry.joined,
            changes=changes,
            corrections=corrections,
            came=next((self.came[each] for each in entry.revisions if each in self.came), None),
            went=self.went.get(entry.revisions[0], ()),
        )

    def held(self, row: HeldRevision) -> Iterator[HistoryEntry]:
        """A revision that waits, with what it waits for."""
        for entry in waiting([opened(row.body, row.signature)]):
            made = self.entry(entry, Standing.HELD)
            yield replace(
                made, came=self.packages.get(row.package_id), missing=tuple(json.loads(row.missing))
            )


def _incoming(session: Session, ids: Iterable[str], devices: Devices) -> dict[str, Came]:
    columns = select(Package.id, Package.file_name, Package.peer, Package.handled_at)
    return {
        package: Came(package, file_name, device_name(devices, peer).name, handled_at)
        for some in slices(ids)
        for package, file_name, peer, handled_at in session.execute(
            columns.where(~Package.outgoing, Package.id.in_(some))
        )
    }


def _outgoing(
    session: Session, record: tuple[str, str], revisions: Iterable[str], devices: Devices
) -> dict[str, tuple[Went, ...]]:
    answered = _answers(session, *record)
    found: dict[str, list[Went]] = {}
    for some in slices(revisions):
        wanted = (
            select(
                Delivery.item, Delivery.peer, Delivery.confirmed,
                Package.id, Package.file_name, Package.made_at,
            )
            .join(Package, (Package.id == Delivery.package_id) & (Package.peer == Delivery.peer))
            .where(Package.outgoing, Delivery.item.in_(some))
            .order_by(Package.made_at, Delivery.peer)
        )  # fmt: skip
        for item, peer, confirmed, package, file_name, made_at in session.execute(wanted):
            name = device_name(devices, peer).name
            answer = answered.get((package, peer))
            found.setdefault(item, []).append(Went(package, file_name, name, made_at, confirmed, answer))
    return {item: tuple(rows) for item, rows in found.items()}


def _answers(session: Session, kind: str, record_id: str) -> dict[tuple[str, str], datetime]:
    wanted = select(ReceiptLine.package_id, ReceiptLine.peer, ReceiptLine.answered_at).where(
        ReceiptLine.record_kind == kind, ReceiptLine.record_id == record_id
    )
    return {(package, peer): at for package, peer, at in session.execute(wanted)}


# ---- what was not sealed yet


def _unsealed(
    place: Workplace, papers: Papers, kind: str, document: Document | None, known: Sequence[Sealed]
) -> Iterator[HistoryEntry]:
    """What the rows say and no revision does: the work of this device's owner since the last sealing."""
    seen = view(known)
    changes = difference(kind, document, seen) if document is not None else {}
    steps = [Step(path, _stood(seen.shown(path)), value) for path, value in changes.items()]
    if not steps:
        return
    told_changes, corrections = sorted_out(kind, steps, {}, papers)
    owner, keys = place.owner, place.vault.public
    yield HistoryEntry(
        revisions=(),
        kind=Kind.CHANGE if known else Kind.FIRST,
        standing=Standing.UNSEALED,
        author=owner.name,
        credential=owner.credential,
        device_id=place.device_id,
        device=owner.name,
        fingerprint=keys.fingerprint,
        office=owner.office,
        made_at=None,
        reason="",
        joined=1,
        changes=told_changes,
        corrections=corrections,
    )


def _stood(value: Written) -> tuple[Written, ...]:
    return () if isinstance(value, Nothing) else (value,)
