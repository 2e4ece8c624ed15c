"""What waits: good revisions whose parents have not come, whose they are, and what is missing.

A revision names its parents and not who wrote them. So what can be known is whose revision waits, who
sent it, and which earlier packages of either never came here: one of those brings what is missing.
Where no number is missing, another device wrote it, and the sender is asked to hand over everything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
from app.sync.documents import slices
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
class _Waiting:
    """A revision that waits, without its content."""

    id: str
    device: str
    package: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Came:
    """How a package of another device counts here."""

    peer: str
    branch: str
    sequence: int


@dataclass(frozen=True, slots=True)
class _Book:
    """What rows are told from: the devices' names, the packages that came, which revisions are known.

    ``numbers`` holds by device and branch which packages came.
    """

    devices: dict[str, str]
    came: dict[str, _Came]
    numbers: dict[str, dict[str, set[int]]]
    known: frozenset[str]

    def name(self, device: str) -> str:
        """The name of a device's owner, or the head of its id."""
        return self.devices.get(device, device[:8])


def held_rows(place: Workplace) -> tuple[HeldRow, ...]:
    """Every record of which something waits, by kind and id."""
    with place.read() as session:
        waiting = _waiting(session)
        book = _book(session, waiting)
        rows = [_row(key, found, book) for key, found in sorted(waiting.items())]
    titles = record_titles(place, waiting)
    return tuple(replace(row, title=titles.get((row.kind, row.record_id), "")) for row in rows)


def explained(session: Session, outcomes: Sequence[RecordOutcome]) -> list[RecordOutcome]:
    """The same outcomes; those that are held say whose revision waits, and for which package."""
    held = [each.record_id for each in outcomes if each.fate is Fate.HELD]
    if not held:
        return list(outcomes)
    session.flush()
    waiting = {key: row for some in slices(held) for key, row in _waiting(session, some).items()}
    book = _book(session, waiting)
    return [
        replace(each, problem=_row(key, waiting[key], book).problem)
        if each.fate is Fate.HELD and (key := (each.kind, each.record_id)) in waiting
        else each
        for each in outcomes
    ]


def _waiting(session: Session, ids: Sequence[str] | None = None) -> dict[Key, list[_Waiting]]:
    """What waits, by record; of the records ``ids`` alone when they are given."""
    wanted = select(
        HeldRevision.record_kind, HeldRevision.record_id, HeldRevision.id, HeldRevision.device_id,
        HeldRevision.package_id, HeldRevision.missing,
    ).order_by(HeldRevision.id)  # fmt: skip
    if ids is not None:
        wanted = wanted.where(HeldRevision.record_id.in_(ids))
    found: dict[Key, list[_Waiting]] = {}
    for kind, record_id, name, device, package, missing in session.execute(wanted):
        row = _Waiting(name, device, package, tuple(json.loads(missing)))
        found.setdefault((kind, record_id), []).append(row)
    return found


def _book(session: Session, waiting: Mapping[Key, Sequence[_Waiting]]) -> _Book:
    devices = {device.id: device.name for device in session.scalars(select(Device))}
    columns = select(Package.id, Package.peer, Package.branch, Package.sequence).where(~Package.outgoing)
    came = {name: _Came(peer, branch, number) for name, peer, branch, number in session.execute(columns)}
    numbers: dict[str, dict[str, set[int]]] = {}
    for each in came.values():
        numbers.setdefault(each.peer, {}).setdefault(each.branch, set()).add(each.sequence)
    parents = {name for rows in waiting.values() for row in rows for name in row.missing}
    return _Book(devices, came, numbers, known_ids(session, parents))


def _row(key: Key, waiting: Sequence[_Waiting], book: _Book) -> HeldRow:
    here = book.known | {row.id for row in waiting}
    missing = {parent for row in waiting for parent in row.missing} - here
    carriers = {how.peer for row in waiting if (how := book.came.get(row.package)) is not None}
    authors = tuple(sorted({book.name(row.device) for row in waiting}))
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


def _lost(waiting: Sequence[_Waiting], book: _Book) -> tuple[Lost, ...]:
    """Numbers that never came: of who sent the revisions those before, of who else wrote them all."""
    carriers = {how for row in waiting if (how := book.came.get(row.package)) is not None}
    numbers: dict[str, set[int]] = {}
    for how in carriers:
        here = book.numbers[how.peer][how.branch]
        before = (each for each in range(1, how.sequence) if each not in here)
        numbers.setdefault(how.peer, set()).update(before)
    for device in {row.device for row in waiting} - numbers.keys():
        for here in book.numbers.get(device, {}).values():
            lost = (each for each in range(1, max(here)) if each not in here)
            numbers.setdefault(device, set()).update(lost)
    return tuple(
        Lost(peer, book.name(peer), tuple(sorted(found))) for peer, found in sorted(numbers.items()) if found
    )
