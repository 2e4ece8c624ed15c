"""Working days on the real calendar, and what holds for every period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInput
from app.planning.workdays import (
    Day,
    Deadline,
    ExtraDays,
    add_days,
    add_working_days,
    day,
    months_after,
    working_days_between,
)
from app.wording import sentence

DAYS = st.dates(date(2004, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    "start, count, last",
    [
        (date(2026, 3, 2), 1, date(2026, 3, 3)),  # a Monday; the day itself is not counted
        (date(2026, 3, 6), 5, date(2026, 3, 13)),  # over a weekend
        (date(2025, 9, 26), 3, date(2025, 9, 30)),  # Sunday 28 September was worked for the long holiday
        (date(2025, 9, 30), 1, date(2025, 10, 9)),  # eight days of holiday
        (date(2025, 9, 30), 3, date(2025, 10, 11)),  # Saturday 11 October was worked
        (date(2026, 3, 7), 0, date(2026, 3, 9)),  # a Saturday moves to Monday
    ],
)
def test_working_days_follow_the_official_calendar(start, count, last):
    assert add_working_days(start, count) == Deadline(last, certain=True)


@pytest.mark.parametrize(
    "start, count, last",
    [
        (date(2026, 3, 2), 4, date(2026, 3, 6)),
        (date(2026, 3, 2), 5, date(2026, 3, 9)),  # ends on a Saturday
        (date(2025, 9, 16), 15, date(2025, 10, 9)),  # ends on 1 October
    ],
)
def test_calendar_days_move_off_a_holiday(start, count, last):
    assert add_days(start, count) == Deadline(last, certain=True)


@pytest.mark.parametrize(
    "start, count, last",
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),  # no 31 February
        (date(2025, 11, 12), 3, date(2026, 2, 12)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),  # a holiday moves nothing
    ],
)
def test_months(start, count, last):
    assert months_after(start, count) == last


def test_beyond_the_published_calendar_it_says_so():
    monday = date(2029, 5, 14)
    assert day(monday) == Day(working=True, certain=False)
    assert add_working_days(monday, 2) == Deadline(date(2029, 5, 16), certain=False)
    assert working_days_between(monday, date(2029, 5, 16)).certain is False
    assert add_days(monday, 5) == Deadline(date(2029, 5, 21), certain=False)


def test_the_office_has_the_first_word():
    extra = ExtraDays(holidays=frozenset({date(2029, 5, 15)}), workdays=frozenset({date(2029, 5, 19)}))
    assert day(date(2029, 5, 15), extra) == Day(working=False, certain=True)
    assert day(date(2029, 5, 19), extra) == Day(working=True, certain=True)
    assert add_working_days(date(2029, 5, 14), 1, extra).on == date(2029, 5, 16)
    whole = ExtraDays(complete_years=frozenset({2029}))
    assert add_working_days(date(2029, 5, 14), 3, whole) == Deadline(date(2029, 5, 17), certain=True)


@given(DAYS, st.integers(1, 60))
def test_adding_and_counting_agree(start, count):
    last = add_working_days(start, count).on
    assert working_days_between(start, last).count == count
    assert working_days_between(last, start).count <= 0


@given(DAYS, st.integers(0, 60))
def test_a_period_never_ends_on_a_day_off(start, count):
    for deadline in (add_working_days(start, count), add_days(start, count)):
        assert day(deadline.on).working
        assert deadline.on >= start


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_longer_periods_do_not_end_earlier(start, shorter, more):
    assert add_working_days(start, shorter).on <= add_working_days(start, shorter + more).on
    assert add_days(start, shorter).on <= add_days(start, shorter + more).on


@given(DAYS)
def test_no_days_between_a_day_and_itself(on):
    assert working_days_between(on, on).count == 0
    assert working_days_between(on, on + timedelta(days=1)).count == day(on + timedelta(days=1)).working


def test_a_negative_period_is_refused():
    with pytest.raises(BadInput) as caught:
        add_working_days(date(2026, 1, 5), -1)
    assert sentence(caught.value).remedy


def test_far_dates_are_counted_not_walked():
    """A due date from elsewhere may be 9999-12-31; the list of orders must not hang on it."""
    found = working_days_between(date(2026, 8, 12), date.max)
    assert (found.count, found.certain) == (2_080_153, False)
    assert working_days_between(date.max, date(2026, 8, 12)).count == -found.count


def test_a_period_beyond_ten_years_is_refused():
    with pytest.raises(BadInput, match=r"planning\.period_too_long"):
        add_working_days(date(2026, 8, 12), 10**9)
