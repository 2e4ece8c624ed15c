"""Time: UTC in the store, China Standard Time for dates and screens, whatever the machine is set to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=8), "CST")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """The calendar day of a moment where the work is done."""
    return moment.astimezone(LOCAL).date()


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """UTC moments ``[start, end)`` that cover the closed interval of local dates."""
    start = datetime(first.year, first.month, first.day, tzinfo=LOCAL)
    end = datetime(last.year, last.month, last.day, tzinfo=LOCAL) + timedelta(days=1)
    return start.astimezone(UTC), end.astimezone(UTC)
