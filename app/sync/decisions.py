"""What people decided: read off a record's revisions, so that it is the same in every store.

A decision is a revision with a reason that writes a path which was in conflict for its author. A
reopening is several revisions of one hand and moment, each saying one of the former values again
without knowing of the others: the view sees a conflict, as it was before the decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.sync.revision import Sealed, Written
from app.sync.view import Claim, common_past, every_claim, in_order, view, writes_of


@dataclass(frozen=True, slots=True)
class Decision:
    """One path decided: what was put there, by whom and why, and the values it was chosen from."""

    path: str
    taken: Claim
    reason: str
    rivals: tuple[Claim, ...]

    @property
    def rejected(self) -> tuple[Written, ...]:
        """The values that were not taken, each once."""
        signs = dict.fromkeys(claim.sign for claim in self.rivals)
        return tuple(value for kind, value in signs if (kind, value) != self.taken.sign)


def reopenings(revisions: Iterable[Sealed]) -> frozenset[str]:
    """Ids of the revisions that only say again what others said."""
    known = list(revisions)
    counted = Counter(occasion(each) for each in known)
    return frozenset(each.id for each in known if each.revision.reason and counted[occasion(each)] > 1)


def occasion(sealed: Sealed) -> tuple[object, ...]:
    """Equal for the revisions of one reopening."""
    said = sealed.revision
    return said.parents, said.device, said.made_at, said.reason, frozenset(said.changes)


def decisions(revisions: Sequence[Sealed]) -> tuple[Decision, ...]:
    """Every decision in the record's history, in the order of the history."""
    by_id = {each.id: each for each in revisions}
    again = reopenings(revisions)
    found: list[Decision] = []
    for name in in_order({key: each.revision for key, each in by_id.items()}):
        made = by_id[name]
        if made.revision.reason and name not in again:
            before = view(common_past(revisions, [name]))
            for path in sorted(writes_of(made.revision).keys() & set(before.conflicts)):
                (taken,) = every_claim([made], path)
                rivals = tuple(first_writer(claim, path, revisions) for claim in before.values[path])
                found.append(Decision(path, taken, made.revision.reason, rivals))
    return tuple(found)


def first_writer(claim: Claim, path: str, revisions: Sequence[Sealed]) -> Claim:
    """The claim as it was first made; only a reopened one is older than it looks."""
    again = reopenings(revisions)
    if claim.revision not in again:
        return claim
    said = every_claim((each for each in revisions if each.id not in again), path)
    same = (each for each in said if each.sign == claim.sign)
    return max(same, key=lambda each: (each.made_at, each.revision), default=claim)
