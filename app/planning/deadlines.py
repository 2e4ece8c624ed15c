"""Two layers of deadlines: one's own office asks earlier than the superior one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.errors import Problem


class DueState(StrEnum):
    """How near a date is; NONE when no date was set."""

    NONE = "none"
    DONE = "done"
    ON_TIME = "on_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class TwoDates:
    """The last day set by one's own office and the one set by the superior office."""

    own: date | None = None
    superior: date | None = None

    @property
    def earliest(self) -> date | None:
        """The date to work towards."""
        return min((on for on in (self.own, self.superior) if on is not None), default=None)


@dataclass(frozen=True, slots=True)
class Due:
    """Both layers judged on one day; ``days_left`` counts to the earliest date, negative when past."""

    own: DueState
    superior: DueState
    days_left: int | None

    @property
    def worst(self) -> DueState:
        """The state to show when there is room for one."""
        order = list(DueState)
        return max(self.own, self.superior, key=order.index)


def due_state(last: date | None, today: date, *, soon: int, done: bool = False) -> DueState:
    """Judge one date; the last day itself is still in time, ``soon`` days ahead it is due soon."""
    if last is None:
        return DueState.NONE
    if done:
        return DueState.DONE
    left = (last - today).days
    if left < 0:
        return DueState.OVERDUE
    return DueState.DUE_SOON if left <= soon else DueState.ON_TIME


def due(dates: TwoDates, today: date, *, soon: int = 7, done: bool = False) -> Due:
    """Judge both layers on one day."""
    earliest = dates.earliest
    return Due(
        own=due_state(dates.own, today, soon=soon, done=done),
        superior=due_state(dates.superior, today, soon=soon, done=done),
        days_left=None if earliest is None or done else (earliest - today).days,
    )


def check(dates: TwoDates) -> tuple[Problem, ...]:
    """Report an own date that leaves the superior office waiting."""
    if dates.own is None or dates.superior is None or dates.own <= dates.superior:
        return ()
    values: dict[str, str | int] = {"own": dates.own.isoformat(), "superior": dates.superior.isoformat()}
    return (Problem("planning.own_after_superior", values=values, taken=True),)
