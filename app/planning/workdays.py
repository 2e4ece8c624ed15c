"""Working days and statutory periods (administrative penalty procedure rules, on periods).

The starting day is not counted; a last day that falls on a holiday moves to the next working day.
Official holidays come with the program for the years they were published; an office enters what is
missing. A date that had to be guessed from weekends alone is marked as not certain.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

from app.errors import BadInput

ONE_DAY = timedelta(days=1)
LONGEST = 3660
"""No period is longer (ten years); a slip of the keyboard must not end beyond the calendar's end."""

_JUDGED = 1100
"""Days that are judged one by one; no official calendar reaches further ahead."""
_REMEMBERED = 8192
"""Days whose official judgement is kept."""


@dataclass(frozen=True, slots=True)
class ExtraDays:
    """What an office entered: days off, working days, and years it declares complete."""

    holidays: frozenset[date] = field(default_factory=frozenset)
    workdays: frozenset[date] = field(default_factory=frozenset)
    complete_years: frozenset[int] = field(default_factory=frozenset)


NO_EXTRA = ExtraDays()


@dataclass(frozen=True, slots=True)
class Day:
    """Whether a day is worked, and whether that is official or guessed from the weekday."""

    working: bool
    certain: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day; ``certain`` is false when a day on the way is beyond the official calendar."""

    on: date
    certain: bool


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A number of working days, with the same reservation as :class:`Deadline`."""

    count: int
    certain: bool


def day(on: date, extra: ExtraDays = NO_EXTRA) -> Day:
    """Judge one day: the office's word first, then the official calendar, then the weekday."""
    if on in extra.workdays:
        return Day(working=True, certain=True)
    if on in extra.holidays:
        return Day(working=False, certain=True)
    official = _official(on)
    if official is not None:
        return official
    return Day(working=on.weekday() < 5, certain=on.year in extra.complete_years)


@lru_cache(maxsize=_REMEMBERED)
def _official(on: date) -> Day | None:
    """What the official calendar says of a day; ``None`` beyond its years.

    Kept, for the library looks through all its holidays to answer, and lists ask about the same days.
    """
    try:
        return Day(working=bool(chinese_calendar.is_workday(on)), certain=True)
    except NotImplementedError:
        return None


def add_working_days(start: date, count: int, extra: ExtraDays = NO_EXTRA) -> Deadline:
    """The last day of a period of ``count`` working days; the starting day is not counted."""
    _require_period(count)
    last, certain = start, True
    while count:
        last += ONE_DAY
        judged = day(last, extra)
        certain &= judged.certain
        count -= judged.working
    return _moved_to_workday(last, extra, certain=certain)


def add_days(start: date, count: int, extra: ExtraDays = NO_EXTRA) -> Deadline:
    """The last day of a period of calendar days, moved to the next working day."""
    _require_period(count)
    return _moved_to_workday(start + timedelta(days=count), extra)


def months_after(start: date, count: int) -> date:
    """The same day ``count`` months after ``start``, or that month's last day; holidays move nothing."""
    _require_period(count)
    return _months_away(start, count)


def working_days_between(start: date, end: date, extra: ExtraDays = NO_EXTRA) -> WorkingDays:
    """Working days after ``start`` up to and including ``end``; negative when ``end`` lies before."""
    first, last = sorted((start, end))
    near = min((last - first).days, _JUDGED)
    judged = [day(first + timedelta(days=n), extra) for n in range(1, near + 1)]
    # A date from elsewhere may lie thousands of years away: the rest is counted, not walked.
    rest = _weekdays_between(first + timedelta(days=near), last)
    count = sum(each.working for each in judged) + rest
    return WorkingDays(count if end >= start else -count, not rest and all(each.certain for each in judged))


def _weekdays_between(start: date, end: date) -> int:
    weeks, days = divmod((end - start).days, 7)
    return 5 * weeks + sum((start.weekday() + n) % 7 < 5 for n in range(1, days + 1))


def _moved_to_workday(last: date, extra: ExtraDays, *, certain: bool = True) -> Deadline:
    judged = day(last, extra)
    while not judged.working:
        certain &= judged.certain
        last += ONE_DAY
        judged = day(last, extra)
    return Deadline(last, certain and judged.certain)


def _months_away(start: date, count: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _require_period(count: int) -> None:
    if count < 0:
        raise BadInput("planning.negative_period", count=count)
    if count > LONGEST:
        raise BadInput("planning.period_too_long", count=count, limit=LONGEST)
