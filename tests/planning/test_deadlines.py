"""Own and superior dates."""

from __future__ import annotations

from datetime import date

import pytest

from app.planning.deadlines import Due, DueState, TwoDates, check, due, due_state
from app.wording import sentence

OWN, SUPERIOR = date(2026, 8, 19), date(2026, 9, 10)


@pytest.mark.parametrize(
    "today, state",
    [
        (date(2026, 8, 11), DueState.ON_TIME),
        (date(2026, 8, 12), DueState.DUE_SOON),
        (date(2026, 8, 19), DueState.DUE_SOON),
        (date(2026, 8, 20), DueState.OVERDUE),
    ],
)
def test_the_last_day_is_in_time(today, state):
    assert due_state(OWN, today, soon=7) is state
    assert due_state(OWN, today, soon=7, done=True) is DueState.DONE


def test_late_for_us_may_be_in_time_for_them():
    judged = due(TwoDates(OWN, SUPERIOR), date(2026, 8, 21))
    assert judged == Due(DueState.OVERDUE, DueState.ON_TIME, days_left=-2)
    assert judged.worst is DueState.OVERDUE


def test_one_date_or_none():
    assert due(TwoDates(superior=SUPERIOR), date(2026, 9, 8)).worst is DueState.DUE_SOON
    assert due(TwoDates(), date(2026, 9, 8)) == Due(DueState.NONE, DueState.NONE, None)
    assert due(TwoDates(OWN), date(2026, 9, 8), done=True).days_left is None


def test_our_date_should_not_come_after_theirs():
    assert check(TwoDates(OWN, SUPERIOR)) == ()
    assert check(TwoDates(OWN)) == ()
    (problem,) = check(TwoDates(SUPERIOR, OWN))
    assert sentence(problem).message == "本级期限 2026-09-10 晚于上级期限 2026-08-19"
