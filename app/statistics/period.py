"""The period a table covers: a closed interval of local dates (specs/statistics.md, common rule 1)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from app.clock import day_bounds, local_date
from app.errors import BadInput

YEARS = range(1950, 2101)
"""Years a period may lie in; the ends of the calendar have no day before or after them."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days ``first`` to ``last``, both included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment falls on one of the local days."""
        return moment is not None and local_date(moment) in self

    def bounds(self) -> tuple[datetime, datetime]:
        """The UTC moments ``[start, end)`` of the local days."""
        return day_bounds(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Boundary:
    """One end of a table's usual period: a day of the present year, shifted by ``year`` years."""

    month: int
    day: int
    year: int = 0

    def on(self, today: date) -> date:
        """The boundary as seen from ``today``; the 29th of February gives way to the 28th."""
        year = today.year + self.year
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """The period a table covers when nobody says otherwise; the calendar year by default."""

    start: Boundary = Boundary(1, 1)
    end: Boundary = Boundary(12, 31)

    def usual(self, today: date) -> Period:
        """The usual period of the year of ``today``."""
        return Period(self.start.on(today), self.end.on(today))


def chosen_period(rule: PeriodRule, today: date, first: date | None, last: date | None) -> Period:
    """The asked period, its open ends filled from the rule; raises when it runs backwards."""
    usual = rule.usual(today)
    period = Period(first or usual.first, last or usual.last)
    if period.first > period.last:
        raise BadInput(
            "statistics.period_reversed", first=period.first.isoformat(), last=period.last.isoformat()
        )
    if not all(day.year in YEARS for day in (period.first, period.last)):
        raise BadInput("statistics.period_out_of_range", first=YEARS[0], last=YEARS[-1])
    return period
