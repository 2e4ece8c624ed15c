from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.dates import NotADay, day_within, read_day

MARCH = date(2027, 3, 1)
days = st.dates(date(1950, 1, 1), date(2149, 12, 31))


@pytest.mark.parametrize(
    "cell",
    [
        MARCH,
        datetime.combine(MARCH, time()),
        datetime.combine(MARCH, time(17, 30)),
        "2027-03-01",
        "2027-3-1",
        "2027/3/1",
        "2027/03/01",
        "2027.3.1",
        "20270301",
        "2027年3月1日",
        "2027 年 3 月 1 日",
        " 2027-03-01 ",
        "2027-03-01 00:00:00",
        "2027-03-01T08:30:00.000",
        "2027/3/1 8:30",
        20270301,
        20270301.0,
        46447,
        46447.5,
        "46447",
    ],
)
def test_every_notation_means_the_same_day(cell):
    assert read_day(cell) == MARCH


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "/", "无", "——"])
def test_nothing_said_is_no_day(cell):
    assert read_day(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "2026-13-45",
        "2026-02-30",
        "2027-00-01",
        "20271301",
        20271301,
        "长期",
        "2027-03",
        "3/1/2027",
        12,
        9.1e17,
        float("nan"),
        float("inf"),
        True,
        time(3, 4),
        timedelta(days=2),
    ],
)
def test_what_is_no_day_says_so(cell):
    with pytest.raises(NotADay):
        read_day(cell)


@given(days)
def test_all_notations_agree_for_every_day(day):
    texts = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        str((day - date(1899, 12, 30)).days),
    ]
    assert {read_day(text) for text in texts} == {day}


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_not(text):
    try:
        day = read_day(text)
    except NotADay:
        return
    assert day is None or isinstance(day, date)


@pytest.mark.parametrize(
    "title, day",
    [
        ("数据截至 2023年6月30日", date(2023, 6, 30)),
        ("（截至2023-06-30）", date(2023, 6, 30)),
        ("编号 360902202306301234", None),
        ("没有日期", None),
        ("2023年13月1日", None),
    ],
)
def test_a_day_inside_a_title(title, day):
    assert day_within(title) == day
