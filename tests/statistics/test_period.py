"""Usual periods, open ends, and days that run backwards."""

from __future__ import annotations

from datetime import date

import pytest

from app.errors import BadInput
from app.statistics.loader import load_tables
from app.statistics.period import Boundary, Period, PeriodRule, chosen_period

TODAY = date(2026, 8, 12)


def test_a_table_covers_the_calendar_year_unless_it_says_otherwise() -> None:
    assert PeriodRule().usual(TODAY) == Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 11, 20), date(2026, 12, 31)])
def test_shanghai_counts_from_21_november_of_last_year(today: date) -> None:
    rule = load_tables()[0]["shanghai-annex2"].period
    assert rule.usual(today) == Period(date(2025, 11, 21), date(2026, 11, 20))


def test_an_open_end_takes_the_usual_day() -> None:
    assert chosen_period(PeriodRule(), TODAY, None, date(2026, 6, 30)).first == date(2026, 1, 1)
    assert chosen_period(PeriodRule(), TODAY, date(2026, 6, 1), None).last == date(2026, 12, 31)


def test_days_that_run_backwards_are_refused() -> None:
    with pytest.raises(BadInput) as caught:
        chosen_period(PeriodRule(), TODAY, date(2026, 7, 1), date(2026, 6, 30))
    assert caught.value.problem.code == "statistics.period_reversed"


def test_the_29th_of_february_gives_way() -> None:
    assert Boundary(2, 29).on(date(2026, 8, 12)) == date(2026, 2, 28)
    assert Boundary(2, 29).on(date(2028, 8, 12)) == date(2028, 2, 29)


@pytest.mark.parametrize("first, last", [(date.min, date.max), (date.max, date.max), (date(202, 1, 1), None)])
def test_a_year_out_of_the_calendar_is_refused(first, last):
    with pytest.raises(BadInput, match=r"statistics\.period_out_of_range"):
        chosen_period(PeriodRule(), date(2026, 8, 12), first, last)
