"""The history of a record: who wrote what, when and why, read off its revisions. Pure.

Entries stand in causal order: whoever knew of a revision comes after it, and among those who did
not know of each other the clocks decide. A former value is what the author saw, so an edit beside
another one never looks like an edit of it; the other one is named as its rival instead.

Sets of revisions are whole numbers whose bits are places in that order. A former value costs one
step for every write that survived, not one for every write, so a record of some hundred revisions
is read in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from heapq import heapify, heappop, heappush

from app.sync.decisions import occasion, reopenings
from app.sync.revision import GONE, Revision, Sealed, Written
from app.sync.view import Claim, ancestors, part_of, writes_of

CORRECTIONS = "corrections/"
"""Where an inspection's document keeps what was corrected after it was sealed."""


class Kind(StrEnum):
    """What a revision did to its record."""

    FIRST = "first"
    CHANGE = "change"
    CORRECTION = "correction"
    DECISION = "decision"
    REOPENING = "reopening"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Step:
    """One path written: what its author saw there, what he wrote, and who wrote otherwise meanwhile.

    ``former`` is empty where nothing stood, and has several values where the author saw a conflict.
    ``rivals`` are the last writes of another value that knew of this one as little as it of them.
    """

    path: str
    former: tuple[Written, ...]
    value: Written
    rivals: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision; the several of one reopening are one entry.

    ``joined`` tells how many lines its author brought together, 1 when there was only one.
    """

    revisions: tuple[str, ...]
    kind: Kind
    author: str
    credential: str
    device: str
    made_at: datetime
    reason: str
    joined: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Past:
    """Revisions in order, with those before and after each of them and who wrote what at each path."""

    known: dict[str, Sealed]
    order: list[str]
    older: list[int]
    younger: list[int]
    writes: dict[str, dict[int, Written]]
    masks: dict[str, int]

    @classmethod
    def of(cls, revisions: Iterable[Sealed]) -> _Past:
        known = {each.id: each for each in revisions}
        said = {name: each.revision for name, each in known.items()}
        order = _by_clock(said)
        place = {name: number for number, name in enumerate(order)}
        older = ancestors(order, said, place)
        writes: dict[str, dict[int, Written]] = {}
        for number, name in enumerate(order):
            for path, value in writes_of(said[name]).items():
                writes.setdefault(path, {})[number] = value
        masks = {path: sum(1 << number for number in found) for path, found in writes.items()}
        return cls(known, order, older, _descendants(order, said, place), writes, masks)

    def seen(self, path: str, number: int) -> tuple[Written, ...]:
        """What the author of a revision saw at ``path``: each value once, nothing where a part was gone."""
        if path.count("/") == 2 and True not in self._standing(part_of(path), number):
            return ()
        found = self._standing(path, number)
        return () if found == [GONE] else tuple(found)

    def _standing(self, path: str, number: int) -> list[Written]:
        found: dict[tuple[type, Written], Written] = {}
        for last in self._lasting(self.masks.get(path, 0) & self.older[number]):
            value = self.writes[path][last]
            found[type(value), value] = value
        return [*reversed(found.values())]

    def _lasting(self, left: int) -> Iterator[int]:
        """Those of ``left`` from which none of the others descends."""
        while left:
            # The last one in the order has no descendant among the others.
            last = left.bit_length() - 1
            yield last
            left &= ~(self.older[last] | 1 << last)

    def disputed(self, path: str, number: int) -> bool:
        """Whether ``path`` was in conflict for the author of a revision."""
        part = self._standing(part_of(path), number) if path.count("/") == 2 else [True]
        return True in part and len(self._standing(path, number)) > 1

    def rivals(self, path: str, number: int, value: Written) -> Iterator[Claim]:
        """The last words of others at ``path`` who did not know of revision ``number``, nor it of them."""
        known_to = self.older[number] | self.younger[number] | 1 << number
        for other in self._lasting(self.masks.get(path, 0) & ~known_to):
            found = self.writes[path][other]
            if (type(found), found) != (type(value), value):
                yield self._claim(other, found)

    def _claim(self, number: int, value: Written) -> Claim:
        name = self.order[number]
        said = self.known[name].revision
        return Claim(value, name, said.author.name, said.author.credential, said.device, said.made_at)


def history(revisions: Iterable[Sealed]) -> tuple[Entry, ...]:
    """Everything that was written into one record, in causal order; ``revisions`` in any order."""
    past = _Past.of(revisions)
    again = reopenings(past.known.values())
    entries: dict[object, Entry] = {}
    for number, name in enumerate(past.order):
        sealed = past.known[name]
        key = occasion(sealed) if name in again else name
        entry = _entry(past, number, reopened=name in again)
        entries[key] = _both(entries[key], entry) if key in entries else entry
    return tuple(entries.values())


def waiting(revisions: Iterable[Sealed]) -> tuple[Entry, ...]:
    """Entries of revisions whose parents have not arrived: what was written, over nobody knows what."""
    past = _Past.of(revisions)
    return tuple(_told(past, number, Kind.CHANGE, _bare(past, number)) for number in range(len(past.order)))


def _entry(past: _Past, number: int, *, reopened: bool) -> Entry:
    said = past.known[past.order[number]].revision
    steps = tuple(_step(past, number, path, value) for path, value in sorted(said.changes.items()))
    if reopened:
        # Those of one reopening are no rivals of each other: one hand wrote them all.
        steps = tuple(Step(step.path, step.former, step.value) for step in steps)
    return _told(past, number, Kind.REOPENING if reopened else _kind(past, number, said), steps)


def _told(past: _Past, number: int, kind: Kind, steps: tuple[Step, ...]) -> Entry:
    name = past.order[number]
    said = past.known[name].revision
    return Entry(
        revisions=(name,),
        kind=kind,
        author=said.author.name,
        credential=said.author.credential,
        device=said.device,
        made_at=said.moment,
        reason=said.reason or _reason_of_corrections(said),
        joined=max(len(said.parents), 1),
        steps=steps,
    )


def _bare(past: _Past, number: int) -> tuple[Step, ...]:
    changes = past.known[past.order[number]].revision.changes
    return tuple(Step(path, (), value) for path, value in sorted(changes.items()))


def _step(past: _Past, number: int, path: str, value: Written) -> Step:
    rivals = list(past.rivals(path, number, value))
    if path.count("/") == 2:
        # Who writes into a part says that it is there; who removed it meanwhile says otherwise.
        rivals += past.rivals(part_of(path), number, True)
    return Step(path, past.seen(path, number), value, tuple(rivals))


def _kind(past: _Past, number: int, said: Revision) -> Kind:
    if said.reason and any(past.disputed(path, number) for path in writes_of(said)):
        return Kind.DECISION
    if not said.parents:
        return Kind.FIRST
    if any(path.startswith(CORRECTIONS) for path in said.set):
        return Kind.CORRECTION
    return Kind.MERGE if len(said.parents) > 1 else Kind.CHANGE


def _reason_of_corrections(said: Revision) -> str:
    """Why somebody corrected, when all corrections of the revision give one reason."""
    given = {
        value
        for path, value in said.set.items()
        if path.startswith(CORRECTIONS) and path.endswith("/reason") and isinstance(value, str)
    }
    return given.pop() if len(given) == 1 and said.parents else ""


def _both(one: Entry, other: Entry) -> Entry:
    return Entry(
        revisions=(*one.revisions, *other.revisions),
        kind=one.kind,
        author=one.author,
        credential=one.credential,
        device=one.device,
        made_at=one.made_at,
        reason=one.reason,
        joined=one.joined,
        steps=(*one.steps, *other.steps),
    )


def _by_clock(known: dict[str, Revision]) -> list[str]:
    """Ids with every parent before its children, otherwise as the clocks say."""
    missing = {name: sum(parent in known for parent in said.parents) for name, said in known.items()}
    children: dict[str, list[str]] = {}
    for name, said in known.items():
        for parent in said.parents:
            children.setdefault(parent, []).append(name)
    ready = [(known[name].made_at, name) for name, count in missing.items() if not count]
    heapify(ready)
    order = []
    while ready:
        _, name = heappop(ready)
        order.append(name)
        for child in children.get(name, ()):
            missing[child] -= 1
            if not missing[child]:
                heappush(ready, (known[child].made_at, child))
    return order


def _descendants(order: list[str], known: dict[str, Revision], place: dict[str, int]) -> list[int]:
    """For each revision the bits of those that descend from it."""
    younger = [0] * len(order)
    for number in reversed(range(len(order))):
        for parent in known[order[number]].parents:
            if (at := place.get(parent)) is not None:
                younger[at] |= younger[number] | 1 << number
    return younger
