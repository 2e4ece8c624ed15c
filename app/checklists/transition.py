"""What becomes of the items of one version of a checklist in another version; pure.

An item that kept its id and asks the same, perhaps in other words, is kept. One that says which id it
had (``formerly``), or asks word for word the same under another id, was moved. The rest is new or
dropped. Forwards and backwards give the same pairs, so that a move can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

from app.checklists.schema import Checklist, Item, Section

ALIKE = 0.5
"""Share of a text that must be the same for an id to still ask the same; below it the id was used anew."""


class Fate(StrEnum):
    """What becomes of an item (``item_fate``)."""

    KEPT = "kept"
    REWORDED = "reworded"
    MOVED = "moved"
    NEW = "new"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Step:
    """One item on both sides; there is no ``before`` of a new and no ``after`` of a dropped one."""

    fate: Fate
    before: Item | None
    after: Item | None

    @property
    def words_changed(self) -> bool:
        """Whether the same question is asked in other words."""
        return self.before is not None and self.after is not None and self.before.text != self.after.text


@dataclass(frozen=True, slots=True)
class Transition:
    """From one version to another: every item's fate, and which id follows which.

    ``items`` and ``sections`` lead from ids of the former version to ids of the other; what is not in
    them has no counterpart.
    """

    steps: tuple[Step, ...]
    items: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)

    def count(self, *fates: Fate) -> int:
        """How many items have one of these fates."""
        return sum(step.fate in fates for step in self.steps)


def transition(before: Checklist, after: Checklist) -> Transition:
    """What becomes of ``before`` in ``after``, whichever of the two is the newer one."""
    sections = _paired(before.sections, after.sections, _renamed(before.sections, after.sections))
    old, new = _homes(before), _homes(after)
    pairs = _items(before, after, _renamed(tuple(before.items()), tuple(after.items())))
    pairs = {one: other for one, other in pairs.items() if _same_place(old[one], new[other], sections)}
    return Transition(tuple(_steps(before, after, pairs)), pairs, sections)


def _renamed(before: Sequence[Item | Section], after: Sequence[Item | Section]) -> dict[str, str]:
    """Ids of ``before`` → ids of ``after`` as either side names its earlier ones."""
    back = {now: then for then, now in _first(before, after).items()}
    return {**back, **_first(after, before)}


def _first(later: Iterable[Item | Section], earlier: Iterable[Item | Section]) -> dict[str, str]:
    """The earlier id → the later one; of several earlier ids the first that was there."""
    there = {each.id for each in earlier}
    found: dict[str, str] = {}
    for each in later:
        if (then := next((name for name in each.formerly if name in there), None)) is not None:
            found.setdefault(then, each.id)
    return found


def _homes(checklist: Checklist) -> dict[str, Section]:
    return {item.id: section for section in checklist.sections for item in section.items}


def _same_place(one: Section, other: Section, sections: Mapping[str, str]) -> bool:
    """Whether answers can follow: an item of a repeated section is answered for each instance."""
    if one.repeat is None or other.repeat is None:
        return one.repeat is other.repeat
    return sections.get(one.id) == other.id


def _paired(before: Iterable[Section], after: Iterable[Section], named: Mapping[str, str]) -> dict[str, str]:
    there = {each.id for each in after}
    moved = {each.id: named[each.id] for each in before if named.get(each.id) in there}
    taken = set(moved.values())
    return moved | {
        each.id: each.id
        for each in before
        if each.id not in moved and each.id in there and each.id not in taken
    }


def _items(before: Checklist, after: Checklist, named: Mapping[str, str]) -> dict[str, str]:
    old, new = {item.id: item for item in before.items()}, {item.id: item for item in after.items()}
    pairs = {one: named[one] for one in old if named.get(one) in new}
    for one, item in old.items():
        if one in new and one not in pairs and one not in set(pairs.values()) and alike(item, new[one]):
            pairs[one] = one
    free = _by_text(new[each] for each in new if each not in set(pairs.values()))
    for one, item in old.items():
        if one not in pairs and item.text in free:
            pairs[one] = free.pop(item.text)
    return pairs


def _by_text(items: Iterable[Item]) -> dict[str, str]:
    """Texts that stand only once, with their items."""
    found: dict[str, list[str]] = {}
    for item in items:
        found.setdefault(item.text, []).append(item.id)
    return {text: ids[0] for text, ids in found.items() if len(ids) == 1}


def alike(one: Item, other: Item) -> bool:
    """Whether two items of one id ask the same, perhaps in other words."""
    first, second = sorted((one.text, other.text))
    return first == second or SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def _steps(before: Checklist, after: Checklist, pairs: Mapping[str, str]) -> Iterator[Step]:
    old = {item.id: item for item in before.items()}
    came = {other: old[one] for one, other in pairs.items()}
    for item in after.items():
        yield _step(came.get(item.id), item)
    yield from (Step(Fate.DROPPED, item, None) for item in before.items() if item.id not in pairs)


def _step(before: Item | None, after: Item) -> Step:
    if before is None:
        return Step(Fate.NEW, None, after)
    if before.id != after.id:
        return Step(Fate.MOVED, before, after)
    return Step(Fate.KEPT if before.text == after.text else Fate.REWORDED, before, after)
