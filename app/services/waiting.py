"""What waits: good revisions whose parents have not come, whose they are, and what is missing.

A revision names its parents and not who wrote them. So what can be known is whose revision waits, who
sent it, and which earlier packages of either never came here: one of those brings what is missing.
Where no number is missing, another device wrote it, and the sender is asked to hand over everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.models.people import Device
from app.models.revisions import HeldRevision, Package
from app.services import branching
from app.services.merge_records import Fate, RecordOutcome
from app.services.titles import record_titles
from app.services.workplace import Workplace
from app.sync.ledger import Key, known_ids


@dataclass(frozen=True, slots=True)
class Lost:
    """Packages of a device that never came here, by number."""

    device: str
    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A record of which something waits: how many revisions, of whom, sent by whom.

    ``missing`` are the revisions it waits for; ``lost`` the packages one of which should bring them,
    empty where that is not known. ``problem`` says the same in a sentence.
    """

    kind: str
    record_id: str
    title: str
    revisions: int
    authors: tuple[str, ...]
    senders: tuple[str, ...]
    missing: tuple[str, ...]
    lost: tuple[Lost, ...]
    problem: Problem


@dataclass(frozen=True, slots=True)
class _Came:
    """How a package of another device counts here."""

    peer: str
    branch: str
    sequence: int


@dataclass(frozen=True, slots=True)
class _Book:
    """What rows are told from: the devices' names, the packages that came, which revisions are known."""

    devices: dict[str, str]
    came: dict[str, _Came]
    known: frozenset[str]

    def name(self, device: str) -> str:
        """The name of a device's owner, or the head of its id."""
        return self.devices.get(device, device[:8])


def held_rows(place: Workplace) -> tuple[HeldRow, ...]:
    """Every record of which something waits, by kind and id."""
    with place.read() as session:
        waiting, book = _waiting(session), _book(session)
        rows = [_row(key, found, book) for key, found in sorted(waiting.items())]
    titles = record_titles(place, waiting)
    return tuple(replace(row, title=titles.get((row.kind, row.record_id), "")) for row in rows)


def explained(session: Session, outcomes: Iterable[RecordOutcome]) -> list[RecordOutcome]:
    """The same outcomes; those that are held say whose revision waits, and for which package."""
    found = list(outcomes)
    if not any(each.fate is Fate.HELD for each in found):
        return found
    session.flush()
    waiting, book = _waiting(session), _book(session)
    return [
        replace(each, problem=_row(key, waiting[key], book).problem)
        if each.fate is Fate.HELD and (key := (each.kind, each.record_id)) in waiting
        else each
        for each in found
    ]


def _waiting(session: Session) -> dict[Key, list[HeldRevision]]:
    found: dict[Key, list[HeldRevision]] = {}
    for row in session.scalars(select(HeldRevision).order_by(HeldRevision.id)):
        found.setdefault((row.record_kind, row.record_id), []).append(row)
    return found


def _book(session: Session) -> _Book:
    devices = {device.id: device.name for device in session.scalars(select(Device))}
    columns = select(Package.id, Package.peer, Package.branch, Package.sequence).where(~Package.outgoing)
    came = {name: _Came(peer, branch, number) for name, peer, branch, number in session.execute(columns)}
    parents = {name for told in session.scalars(select(HeldRevision.missing)) for name in json.loads(told)}
    return _Book(devices, came, known_ids(session, parents))


def _row(key: Key, waiting: Sequence[HeldRevision], book: _Book) -> HeldRow:
    here = book.known | {row.id for row in waiting}
    missing = {parent for row in waiting for parent in json.loads(row.missing)} - here
    carriers = {how.peer for row in waiting if (how := book.came.get(row.package_id)) is not None}
    authors = tuple(sorted({book.name(row.device_id) for row in waiting}))
    senders = tuple(sorted(map(book.name, carriers)))
    lost = _lost(waiting, book)
    told = "; ".join(f"{each.name} {branching.told(each.numbers)}" for each in lost)
    values: dict[str, str | int] = {"name": ", ".join(authors), "sender": ", ".join(senders or authors)}
    if told:
        values["packages"] = told
    problem = Problem("sync.waiting_package" if told else "sync.waiting", values=values)
    return HeldRow(
        *key, title="", revisions=len(waiting), authors=authors, senders=senders,
        missing=tuple(sorted(missing)), lost=lost, problem=problem,
    )  # fmt: skip


def _lost(waiting: Sequence[HeldRevision], book: _Book) -> tuple[Lost, ...]:
    """Numbers that never came: of who sent the revisions those before, of who wrote them all."""
    numbers: dict[str, set[int]] = {}
    for row in waiting:
        carrier = book.came.get(row.package_id)
        for peer in {row.device_id, *([carrier.peer] if carrier is not None else [])}:
            own = carrier if carrier is not None and carrier.peer == peer else None
            numbers.setdefault(peer, set()).update(_gaps(peer, own, book.came.values()))
    return tuple(
        Lost(peer, book.name(peer), tuple(sorted(found))) for peer, found in sorted(numbers.items()) if found
    )


def _gaps(peer: str, carrier: _Came | None, came: Iterable[_Came]) -> set[int]:
    """Numbers of a device that are not here, before the package that brought what waits if it is its own."""
    here: dict[str, set[int]] = {}
    for each in came:
        if each.peer == peer:
            here.setdefault(each.branch, set()).add(each.sequence)
    if carrier is not None:
        return set(range(1, carrier.sequence)) - here[carrier.branch]
    return {each for there in here.values() for each in range(1, max(there)) if each not in there}
