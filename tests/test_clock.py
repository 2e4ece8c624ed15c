"""Days begin at midnight in China, wherever the machine thinks it is."""

from datetime import UTC, date, datetime

import pytest

from app.clock import day_bounds, local_date


@pytest.mark.parametrize(
    "moment, day",
    [
        (datetime(2026, 8, 11, 15, 59, 59, tzinfo=UTC), date(2026, 8, 11)),
        (datetime(2026, 8, 11, 16, 0, tzinfo=UTC), date(2026, 8, 12)),
    ],
)
def test_the_local_day_of_a_moment(moment, day):
    assert local_date(moment) == day
    start, end = day_bounds(day, day)
    assert start <= moment < end
