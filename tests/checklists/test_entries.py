"""Typed values: what is typed, what is stored, what lies outside the limits."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.checklists.entries import number, out_of_limits, stored
from app.checklists.schema import Measure, MeasureKind
from app.errors import BadInput
from app.wording import sentence


def of(kind: str, **more) -> Measure:
    return Measure("某值", kind=MeasureKind(kind), **more)


@pytest.mark.parametrize(
    "kind, typed, kept",
    [
        ("number", " 12.5 ", "12.5"),
        ("date", "2026年8月1日", "2026-08-01"),
        ("date", "2026/8/12", "2026-08-12"),
        ("date", "20260812", "2026-08-12"),
        ("time", "9:05", "09:05"),
        ("time", "23：59", "23:59"),
        ("text", " 甲 乙 ", "甲 乙"),
        ("code", "００1op12\u30000001", "001OP12 0001"),
        ("place", "28.1, 114.4", "28.1,114.4"),
        ("place", "-28.123456，114", "-28.123456,114"),
        ("date", "  ", ""),
    ],
)
def test_what_is_kept_of_what_was_typed(kind, typed, kept):
    assert stored(of(kind, decimals=1), typed) == kept
    assert stored(of(kind, decimals=1), kept) == kept


@pytest.mark.parametrize(
    "kind, typed, code",
    [
        ("number", "1e3", "bad_value"),
        ("number", "1.25", "bad_value"),
        ("date", "2026-02-30", "bad_date"),
        ("date", "昨天", "bad_date"),
        ("time", "24:00", "bad_time"),
        ("time", "9", "bad_time"),
        ("place", "91,114", "bad_place"),
        ("place", "28", "bad_place"),
        ("text", "字" * 401, "value_too_long"),
    ],
)
def test_what_is_nothing_of_its_kind_is_refused_with_a_remedy(kind, typed, code):
    with pytest.raises(BadInput, match=rf"checklist\.{code}") as caught:
        stored(of(kind, decimals=1), typed)
    assert sentence(caught.value).remedy


def test_limits_of_numbers_dates_and_times():
    length = Measure("长", "米", minimum=Decimal(1), maximum=Decimal(2), decimals=1)
    assert [out_of_limits(length, text) for text in ("0.9", "1", "2", "2.1")] == [True, False, False, True]
    day = of("date", earliest="2026-01-01", latest="2026-12-31")
    assert [out_of_limits(day, text) for text in ("2025-12-31", "2026-01-01", "2027-01-01")] == [
        True,
        False,
        True,
    ]
    hour = of("time", latest="18:00")
    assert [out_of_limits(hour, text) for text in ("09:00", "18:01")] == [False, True]
    assert out_of_limits(of("number"), "5") is None
    assert out_of_limits(length, "fünf") is None


@given(st.dates())
def test_every_date_is_kept_as_it_is(day: date):
    assert stored(of("date"), day.isoformat()) == day.isoformat()


@given(st.times())
def test_every_time_is_kept_to_the_minute(moment: time):
    assert stored(of("time"), moment.isoformat("minutes")) == moment.isoformat("minutes")


@given(st.text(max_size=30), st.sampled_from(list(MeasureKind)))
def test_whatever_is_typed_is_kept_in_a_form_that_stays_or_is_refused(text: str, kind: MeasureKind):
    try:
        kept = stored(of(kind, decimals=6), text)
    except BadInput:
        return
    assert stored(of(kind, decimals=6), kept) == kept
    if kept and kind is MeasureKind.NUMBER:
        assert number(kept) is not None
