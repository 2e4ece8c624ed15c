"""Receipts that come back: every record gets its tick, a question mark, or the reason of a refusal.

Nothing is taken for delivered on trust for long: what a receipt confirms is there, what it refuses
or misses goes again with the next package, and packages it never saw are sent anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from app.errors import BadInput, Place, Problem
from app.models.people import Device
from app.models.revisions import Delivery, Package, RecordState
from app.models.revisions import ReceiptLine as StoredLine
from app.models.revisions import Revision as StoredRevision
from app.services import branching, deliveries
from app.services.merge_records import Fate
from app.services.outbox import package_of
from app.services.receipts import Receipt, ReceiptLine, read_receipt
from app.services.workplace import Changes, Workplace
from app.sync.documents import blobs_written, slices
from app.sync.ledger import Key
from app.sync.revision import opened
from app.sync.shapes import moment
from app.vault import PublicKeys

_CERTAIN = frozenset({Fate.ACCEPTED, Fate.MERGED, Fate.CONFLICT})
_OPEN = frozenset({Fate.HELD, Fate.CONFLICT})
_JOINED = _CERTAIN | {Fate.ALREADY}


class Mark(StrEnum):
    """What a sender sees beside a record."""

    CONFIRMED = "confirmed"
    QUESTION = "question"
    REFUSED = "refused"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Answered:
    """A receipt that was taken in: whose, about which package, and how many records it spoke of."""

    package_id: str
    receiver: str
    records: int
    remarks: tuple[Problem, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """Where a record stands with one receiver; ``problem`` says why it was refused."""

    kind: str
    record_id: str
    peer: str
    peer_name: str
    mark: Mark
    fate: Fate | None
    problem: Problem | None
    missing: tuple[str, ...]
    package_id: str
    answered_at: datetime | None


def import_receipt(place: Workplace, path: Path) -> Answered:
    """Take in a receipt; taking it in again changes nothing."""
    with place.read() as session:
        devices = {device.id: device for device in session.scalars(select(Device))}
    receipt = read_receipt(place, path, lambda name: _keys(devices.get(name)))
    receiver = devices[receipt.receiver]
    if receiver.revoked_at is not None and moment(receipt.made_at) >= receiver.revoked_at:
        raise BadInput("sync.revoked_receiver", Place(file=path.name), name=receiver.name)
    remarks: list[Problem] = []
    with place.write("package.receipt") as work:
        package = work.session.get(Package, (receipt.package, receipt.receiver))
        if package is None and package_of(work.session, receipt.package) is None:
            # An answer to a package that this store never made: the store was put back from a copy.
            if branching.begin_once(work, receipt.package):
                deliveries.forget(work.session, receipt.receiver)
                remarks.append(Problem("sync.went_back", Place(file=path.name)))
        elif package is None or (package.digest, package.outgoing) != (receipt.digest, True):
            raise BadInput("sync.forged_receipt", Place(file=path.name))
        else:
            lost = _lost(work.session, receipt)
            if _knew(work.session, receipt, lost):
                deliveries.forget(work.session, receipt.receiver)
                values: dict[str, str | int] = {"name": receiver.name}
                remarks.append(Problem("sync.receiver_restored", Place(file=path.name), values))
            _take(work.session, receipt)
            remarks += _resend(work.session, receipt, lost, receiver.name)
        work.detail.update(package=receipt.package, receiver=receipt.receiver)
        work.commit()
    kinds = frozenset({"package", *(line.kind for line in receipt.records if line.kind)})
    ids = frozenset({receipt.package, *(line.record for line in receipt.records)})
    changes = Changes(kinds, ids)
    return Answered(receipt.package, receiver.name, len(receipt.records), tuple(remarks), changes)


def _keys(device: Device | None) -> PublicKeys | None:
    return None if device is None else PublicKeys(device.recipient, device.verify_key)


def _take(session: Session, receipt: Receipt) -> None:
    before = session.scalar(select(func.max(StoredLine.answered_at)).where(*_of(receipt)))
    # Receipts may arrive in any order; an older one knows less than what is here.
    if before is not None and before >= moment(receipt.made_at):
        return
    lines = _one_each(receipt.records)
    _store(session, receipt, lines)
    confirmed, refused = _sorted_out(session, receipt, lines)
    peer = receipt.receiver
    deliveries.confirm(session, peer, confirmed)
    deliveries.withdraw(session, peer, refused)
    deliveries.confirm(session, peer, _implied(session, receipt, lines))
    held = [key for key, line in lines.items() if line.fate == Fate.HELD]
    deliveries.withdraw(session, peer, _sent_before(session, receipt, held))
    deliveries.withdraw(session, peer, (name for line in lines.values() for name in line.missing))
    deliveries.withdraw(session, peer, receipt.lacking)


def _of(receipt: Receipt) -> tuple[ColumnElement[bool], ...]:
    """What the same receiver answered about the same package before."""
    return StoredLine.package_id == receipt.package, StoredLine.peer == receipt.receiver


def _one_each(lines: Iterable[ReceiptLine]) -> dict[Key, ReceiptLine]:
    """One line for each record; of several the refusal, so that nothing is ticked off too early."""
    found: dict[Key, ReceiptLine] = {}
    for line in lines:
        key = line.kind, line.record
        if key not in found or line.fate == Fate.REFUSED:
            found[key] = line
    return found


def _store(session: Session, receipt: Receipt, lines: dict[Key, ReceiptLine]) -> None:
    former = {
        (line.record_kind, line.record_id): line
        for line in session.scalars(select(StoredLine).where(*_of(receipt)))
    }
    rows = []
    for key, line in lines.items():
        known = former.get(key)
        # A package that is taken in again has become "already had"; what it met at first says more.
        certain = known is not None and line.fate == Fate.ALREADY and known.fate in _CERTAIN
        rows.append(
            {
                "package_id": receipt.package,
                "record_kind": line.kind,
                "record_id": line.record,
                "peer": receipt.receiver,
                "fate": known.fate if known is not None and certain else line.fate,
                "reason": json.dumps({"code": line.reason, "values": line.values}, ensure_ascii=False),
                "missing": json.dumps(line.missing),
                "answered_at": moment(receipt.made_at),
            }
        )
    session.connection().execute(delete(StoredLine).where(*_of(receipt)))
    if rows:
        session.connection().execute(insert(StoredLine), rows)
    # The lines went past the mapper: what the session still holds of them is old.
    session.expire_all()


def _sorted_out(
    session: Session, receipt: Receipt, lines: dict[Key, ReceiptLine]
) -> tuple[frozenset[str], frozenset[str]]:
    """What of a package the receiver has now, and what it refused; what it did not speak of is neither."""
    items = _carried(session, receipt)
    kept, refused, silent = set[str](), set[str](), set[str]()
    for some in slices(items):
        wanted = select(StoredRevision.body, StoredRevision.signature).where(StoredRevision.id.in_(some))
        for body, signature in session.execute(wanted):
            sealed = opened(body, signature)
            line = lines.get((sealed.revision.kind, sealed.revision.record))
            into = silent if line is None else refused if line.fate == Fate.REFUSED else kept
            into |= {sealed.id, *blobs_written(sealed.revision)}
    return frozenset(items - (refused | silent) | (items & kept)), frozenset(refused - kept)


def _sent_before(session: Session, receipt: Receipt, held: Iterable[Key]) -> list[str]:
    """Revisions of held records that went in other packages and were never confirmed."""
    kinds: dict[str, list[str]] = {}
    for kind, record in held:
        kinds.setdefault(kind, []).append(record)
    wanted = (
        select(StoredRevision.id)
        .join(Delivery, Delivery.item == StoredRevision.id)
        .where(Delivery.peer == receipt.receiver, ~Delivery.confirmed, Delivery.package_id != receipt.package)
    )
    return [
        found
        for kind, records in kinds.items()
        for some in slices(records)
        for found in session.scalars(
            wanted.where(StoredRevision.record_kind == kind, StoredRevision.record_id.in_(some))
        )
    ]


def _implied(session: Session, receipt: Receipt, lines: dict[Key, ReceiptLine]) -> list[str]:
    """Revisions sent in other packages that the receiver must have: it took in what descends from them.

    Their evidence is not implied; it may have come without.
    """
    joined = [key for key, line in lines.items() if line.fate in _JOINED and not line.missing]
    open_ones = frozenset(_sent_before(session, receipt, joined))
    there = set[str]()
    step = _carried(session, receipt) if open_ones else frozenset()
    while step := _parents(session, step) - there:
        there |= step
    return sorted(open_ones & there)


def _carried(session: Session, receipt: Receipt) -> frozenset[str]:
    """What the package took to the receiver: revisions, evidence and contents by digest."""
    of_package = (Delivery.peer == receipt.receiver, Delivery.package_id == receipt.package)
    return frozenset(session.scalars(select(Delivery.item).where(*of_package)))


def _parents(session: Session, ids: Iterable[str]) -> frozenset[str]:
    wanted = select(StoredRevision.body, StoredRevision.signature)
    return frozenset(
        parent
        for some in slices(ids)
        for body, signature in session.execute(wanted.where(StoredRevision.id.in_(some)))
        for parent in opened(body, signature).revision.parents
    )


def _lost(session: Session, receipt: Receipt) -> dict[str, int]:
    """The packages that the receiver says never came, with their numbers."""
    of_branch = (Package.outgoing, Package.peer == receipt.receiver, Package.branch == receipt.branch)
    wanted = select(Package.id, Package.sequence).where(*of_branch)
    return {
        name: number
        for some in slices(receipt.gaps)
        for name, number in session.execute(wanted.where(Package.sequence.in_(some)))
    }


def _knew(session: Session, receipt: Receipt, lost: Iterable[str]) -> bool:
    """Whether the receiver answered one of those packages before: then it was restored from a backup.

    Its answers are dated by its own clock, so that an answer that only arrives later is told apart.
    """
    earlier = (StoredLine.peer == receipt.receiver, StoredLine.answered_at < moment(receipt.made_at))
    proven = (Delivery.peer == receipt.receiver, Delivery.confirmed)
    for some in slices(lost):
        answered = set(session.scalars(select(StoredLine.package_id).where(StoredLine.package_id.in_(some))))
        before = select(StoredLine.package_id).where(StoredLine.package_id.in_(some), *earlier)
        # A package of evidence alone has no lines; what it took there was confirmed all the same.
        silent = select(Delivery.item).where(Delivery.package_id.in_(set(some) - answered), *proven)
        if session.scalar(before.limit(1)) is not None or session.scalar(silent.limit(1)) is not None:
            return True
    return False


def _resend(session: Session, receipt: Receipt, lost: dict[str, int], name: str) -> list[Problem]:
    """Packages that never arrived go again; their numbers are named."""
    deliveries.withdraw_packages(session, receipt.receiver, lost)
    numbers = branching.told(sorted(lost.values()))
    return [Problem("sync.lost_packages", values={"name": name, "numbers": numbers})] if lost else []


def receipt_rows(
    place: Workplace, *, kind: str = "inspection", ids: Iterable[str] | None = None
) -> tuple[ReceiptRow, ...]:
    """How far the records of a kind have come with each receiver: a tick, a question, a reason, or sent."""
    wanted = None if ids is None else frozenset(ids)
    with place.read() as session:
        names = {device.id: device.name for device in session.scalars(select(Device))}
        under_way = _under_way(session, kind)
        answered = _answered(session, kind)
        settled = _settled(session, kind, answered.values())
    rows = []
    for record, peer in sorted(answered.keys() | under_way.keys()):
        if wanted is not None and record not in wanted:
            continue
        line = answered.get((record, peer))
        if line is None or (record, peer) in under_way:
            rows.append(_sent_row(kind, record, peer, names, under_way[record, peer]))
        else:
            rows.append(_answered_row(line, names, (record, peer) in settled))
    return tuple(rows)


def _sent_row(kind: str, record: str, peer: str, names: dict[str, str], package: str) -> ReceiptRow:
    name = names.get(peer, "")
    return ReceiptRow(kind, record, peer, name, Mark.SENT, None, None, (), package, None)


def _answered_row(line: StoredLine, names: dict[str, str], settled: bool) -> ReceiptRow:
    fate = Fate(line.fate)
    told = json.loads(line.reason)
    return ReceiptRow(
        kind=line.record_kind,
        record_id=line.record_id,
        peer=line.peer,
        peer_name=names.get(line.peer, ""),
        mark=mark_of(fate, settled=settled),
        fate=fate,
        problem=Problem(told["code"], values=told["values"]) if told["code"] else None,
        missing=tuple(json.loads(line.missing)),
        package_id=line.package_id,
        answered_at=line.answered_at,
    )


def mark_of(fate: Fate, *, settled: bool) -> Mark:
    """The mark of a fate; ``settled`` when the receiver has since shown that it has the record as it is."""
    if fate is Fate.REFUSED:
        return Mark.REFUSED
    return Mark.QUESTION if fate in _OPEN and not settled else Mark.CONFIRMED


def _under_way(session: Session, kind: str) -> dict[tuple[str, str], str]:
    """Record and receiver of what was sent and not answered yet, with the package."""
    found = session.execute(
        select(StoredRevision.record_id, Delivery.peer, Delivery.package_id)
        .join(Delivery, Delivery.item == StoredRevision.id)
        .where(
            StoredRevision.record_kind == kind,
            ~Delivery.confirmed,
            Delivery.package_id != deliveries.NO_PACKAGE,
        )
    )
    return {(record, peer): package for record, peer, package in found}


def _answered(session: Session, kind: str) -> dict[tuple[str, str], StoredLine]:
    """The last answer of each receiver about each record."""
    found = session.scalars(
        select(StoredLine).where(StoredLine.record_kind == kind).order_by(StoredLine.answered_at)
    )
    return {(line.record_id, line.peer): line for line in found}


def _settled(session: Session, kind: str, lines: Iterable[StoredLine]) -> frozenset[tuple[str, str]]:
    """Of the disputes in ``lines`` those that ended: decided here, and the receiver has the decision."""
    found = set()
    for line in lines:
        state = session.get(RecordState, (kind, line.record_id))
        if line.fate == Fate.CONFLICT and state is not None and not state.in_conflict:
            heads = frozenset(json.loads(state.heads))
            there = deliveries.confirmed(session, line.peer, heads, besides=line.package_id)
            if heads == there:
                found.add((line.record_id, line.peer))
    return frozenset(found)
