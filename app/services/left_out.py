"""What a batch of papers left out, by name and with the reason, and the lines that tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.errors import Problem
from app.wording import joined, label, sentence


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A paper that was wanted and not printed.

    ``name`` is whose paper it would be, ``about`` what of the visit it is about (an order, a case …; empty
    for the visit itself), ``day`` the visit's. ``problem`` says why.
    """

    inspection_id: str
    record_id: str
    form: str
    title: str
    name: str
    about: str
    day: date | None
    problem: Problem

    @property
    def reason(self) -> str:
        """Why, in words."""
        return sentence(self.problem).message


@dataclass(frozen=True, slots=True)
class Group:
    """The same form left out for the same reason, with everybody whose paper it is; none for a blank one."""

    title: str
    reason: str
    names: tuple[str, ...]

    @property
    def line(self) -> str:
        """All of it in one line."""
        pattern = label("left_out_paper", "line" if self.names else "alone")
        return pattern.format(title=self.title, reason=self.reason, names=joined("names", self.names))


def left_out_groups(left: Sequence[LeftOut]) -> tuple[Group, ...]:
    """What was left out, by form and reason."""
    groups: dict[tuple[str, str], list[LeftOut]] = {}
    for each in left:
        groups.setdefault((each.title, each.reason), []).append(each)
    return tuple(Group(title, reason, tuple(_names(members))) for (title, reason), members in groups.items())


def left_out_lines(left: Sequence[LeftOut]) -> tuple[str, ...]:
    """A line for each of them."""
    return tuple(group.line for group in left_out_groups(left))


def _names(members: Sequence[LeftOut]) -> Iterator[str]:
    """Their names; where an enterprise was visited more than once, with the day."""
    visits = Counter(name for name, _ in {(each.name, each.inspection_id) for each in members})
    for each in members:
        day = each.day.isoformat() if each.day and visits[each.name] > 1 else ""
        if text := " ".join(part for part in (each.name, day, each.about) if part):
            yield text
