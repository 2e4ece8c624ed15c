"""Who may write what, and whose word is shown: one table, asked before sealing, at import and for every view.

| record | may be written by | what a home shows |
|---|---|---|
| inspection | devices of the office that began it; supervisors of the home's own office and of those above it, for review | everything that came in |
| plan, assignment | supervisors, in records that no other office's device has written to | what its own office wrote, else its superior's, else the office's that began first |
| organization, person, certification body | as above; each office may begin an entry of its own under the same id | the same |

An office is what devices have in common; a laptop belongs to the office that enrolled it. Whether a
revision may come in depends on itself and what it descends from, and what is shown on the set of
revisions: never on the order of arrival. Two offices never dispute a registry entry: each shows its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.sync.revision import Sealed
from app.sync.shapes import RECORD_KINDS
from app.vocabulary import Role

SHARED = "inspection"
"""The kind that offices write together."""

MAY_WRITE: dict[Role, frozenset[str]] = {
    Role.INSPECTOR: frozenset({SHARED}),
    Role.SUPERVISOR: frozenset(RECORD_KINDS),
}


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand a device is: its office, and the role it was enrolled in."""

    office: str
    role: Role


@dataclass(frozen=True, slots=True)
class Offices:
    """The office of this home, those ``above`` it, and whose hand each known device is."""

    own: str = ""
    above: frozenset[str] = frozenset()
    hands: Mapping[str, Hand] = field(default_factory=dict)

    def of(self, sealed: Sealed) -> str:
        """The office of a revision's device; empty for a device that is not known."""
        hand = self.hands.get(sealed.revision.device)
        return "" if hand is None else hand.office

    def reviews(self, sealed: Sealed) -> bool:
        """Whether a supervisor of this office, or of one above it, made the revision."""
        hand = self.hands.get(sealed.revision.device)
        over = hand is not None and (hand.office == self.own or hand.office in self.above)
        return hand is not None and over and hand.role is Role.SUPERVISOR


def may_write(role: Role, kind: str) -> bool:
    """Whether a device of ``role`` may seal revisions of records of ``kind``."""
    return kind in MAY_WRITE[role]


def encroached(sealed: Sealed, past: Iterable[Sealed], offices: Offices) -> str | None:
    """The other office whose record a revision would change without a right to, or ``None``.

    ``past`` is everything that it descends from.
    """
    shared = sealed.revision.kind == SHARED
    if shared and offices.reviews(sealed):
        return None
    own = offices.of(sealed)
    owners = {offices.of(each) for each in past if not (shared and each.revision.parents)}
    return min(owners - {own}, default=None)


def governor(kind: str, known: Sequence[Sealed], offices: Offices) -> str | None:
    """The office whose revisions a record of ``kind`` shows; ``None`` where all of them count.

    ``known`` are all revisions of one record, at least one.
    """
    if kind == SHARED:
        return None
    present = {offices.of(each) for each in known}
    if offices.own in present:
        return offices.own
    first = min(known, key=lambda each: (each.revision.made_at, each.id))
    return min(present & offices.above, default=offices.of(first))


def governing(kind: str, known: Sequence[Sealed], offices: Offices) -> list[Sealed]:
    """Those of a record's revisions that count in this home, given in any order."""
    chosen = governor(kind, known, offices) if known else None
    return [each for each in known if chosen is None or offices.of(each) == chosen]
