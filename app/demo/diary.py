"""Played time: a clock that stands where it was put, and a diary of deeds in the order of their days."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count

from app.clock import LOCAL, local_date
from app.planning.workdays import ONE_DAY, day

Deed = Callable[[], None]


class PlayedClock:
    """A clock for :class:`~app.services.workplace.Workplace` that only moves forward."""

    def __init__(self, start: datetime) -> None:
        self._moment = start

    def __call__(self) -> datetime:
        """The moment it shows."""
        return self._moment

    def pass_minutes(self, minutes: int) -> None:
        """Let some time pass."""
        self._moment += timedelta(minutes=minutes)

    def go_to(self, on: date, hour: int = 9) -> None:
        """Go to an hour of a day, unless it is later already."""
        self._moment = max(self._moment, datetime.combine(on, time(hour), LOCAL))

    @property
    def today(self) -> date:
        """The day it shows."""
        return local_date(self._moment)


class Diary:
    """Deeds by day; a deed may enter further ones. What lies after the last day is not done."""

    def __init__(self, clock: PlayedClock, last: date) -> None:
        self._clock = clock
        self._last = last
        self._entries: list[tuple[date, int, Deed]] = []
        self._sequence = count()

    def enter(self, on: date, deed: Deed) -> None:
        """Note a deed for a day."""
        heapq.heappush(self._entries, (on, next(self._sequence), deed))

    def live(self) -> None:
        """Do everything up to the last day, in order."""
        while self._entries and self._entries[0][0] <= self._last:
            on, _, deed = heapq.heappop(self._entries)
            self._clock.go_to(on)
            deed()


def working_days(first: date, last: date) -> list[date]:
    """The working days of a stretch, both ends included."""
    days = (first + number * ONE_DAY for number in range((last - first).days + 1))
    return [each for each in days if day(each).working]
