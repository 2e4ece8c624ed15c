"""Checks that compute, each against what its rule says."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.checklists import checks
from app.checklists.checks import RULES, hint, kilometres
from app.checklists.loader import load_checklist
from app.checklists.schema import Check
from app.intake.identifiers import number_fits_scheme
from app.vocabulary import Scheme, Verdict
from app.wording import labels
from tests.checklists.trial import TRIAL

YES, NO = Verdict.CONFORMING, Verdict.NONCONFORMING
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
AMOUNTS = st.decimals(0, 100000, places=2)
PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
MINUTES = st.integers(0, 24 * 60 - 1)


def weekdays(start: date, end: date) -> tuple[int, bool]:
    """Monday to Friday, as if there were no holidays; not certain from 2030 on."""
    count = sum((start + timedelta(n)).weekday() < 5 for n in range(1, (end - start).days + 1))
    return count, end.year < 2030


def say(rule: str, limits: dict[str, Decimal] | None = None, **values: object):
    entered = {name: str(value) for name, value in values.items()}
    return hint(Check(rule, {name: name for name in entered}, limits or {}), entered, weekdays)


def verdict(rule: str, limits: dict[str, Decimal] | None = None, **values: object):
    found = say(rule, limits, **values)
    assert found is not None
    assert found.word in labels("check")
    labels("check")[found.word].format_map(found.values)
    return found.verdict


# ---- certificates


@given(DAYS, DAYS, DAYS)
def test_a_certificate_is_valid_between_its_days(day, first, last):
    said = verdict("certificate_valid_on", day=day, valid_from=first, valid_to=last)
    assert said is (YES if first <= day <= last else NO)


@given(DAYS, DAYS, st.none() | DAYS)
def test_a_suspension_counts_until_it_ends(day, begun, ended):
    more = {} if ended is None else {"suspended_to": ended}
    said = verdict("certificate_valid_on", day=day, valid_to=date(2031, 1, 1), suspended_from=begun, **more)
    assert said is (NO if begun <= day and (ended is None or day <= ended) else YES)


@given(DAYS, DAYS)
def test_from_its_end_on_a_certificate_is_none(day, ended):
    said = verdict(
        "certificate_valid_on", day=day, valid_to=date(2031, 1, 1), ended_on=ended, status="withdrawn"
    )
    assert said is (NO if day >= ended else YES)


def test_what_cannot_be_told_about_a_certificate():
    assert verdict("certificate_valid_on", day="2026-08-01") is None
    assert (
        verdict("certificate_valid_on", day="2026-08-01", valid_to="2027-01-01", status="suspended") is None
    )
    assert verdict("certificate_valid_on", day="2026-08-01", valid_to="2027-01-01", status="valid") is YES
    assert say("certificate_valid_on", valid_to="2027-01-01") is None


# ---- shapes


@given(st.from_regex(r"[12][0-9]{15}", fullmatch=True))
def test_sixteen_digits_are_a_ccc_number(number):
    assert verdict("ccc_number_shape", number=number) is YES
    assert number_fits_scheme(number, Scheme.CCC)


@pytest.mark.parametrize(
    "rule, text, said",
    [
        ("ccc_number_shape", "2016010901123456 2016010901123457", YES),
        ("ccc_number_shape", "2016010901123456、201601090112345", NO),
        ("ccc_number_shape", "20160109011234567", None),  # a declaration may look so
        ("ccc_number_shape", "9816010901123456", None),
        ("organic_code_shape", "有机码：12326000000000001", NO),  # the word is no code
        ("organic_code_shape", "12326000000000001,12326000000000002", YES),
        ("organic_code_shape", "1232600000000000", NO),
        ("organic_certificate_shape", "001OP1200001", YES),
        ("organic_certificate_shape", "f01op1200001-2", YES),
        ("organic_certificate_shape", "CNCA-R-2002-001", NO),
        ("approval_number_shape", "CNCA-R-2002-001", YES),
        ("approval_number_shape", "CNCA-RF-2005-41", YES),
        ("approval_number_shape", "R-2002-001", NO),
    ],
)
def test_shapes_are_hinted_at(rule, text, said):
    assert verdict(rule, number=text) is said


@given(st.text("0123456789OPF-", min_size=1, max_size=16))
def test_the_organic_shape_is_that_of_the_registry(text):
    assume(text == text.strip("-"))
    said = verdict("organic_certificate_shape", number=text)
    assert (said is YES) is number_fits_scheme(text, Scheme.ORGANIC)


# ---- quantities


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_nobody_sells_more_than_there_was(produced, sold, opening, closing):
    said = verdict("balance", produced=produced, sold=sold, opening=opening, closing=closing)
    assert said is (YES if sold + closing <= produced + opening else NO)


@given(AMOUNTS, st.integers(0, 10000), st.decimals("0.1", 10, places=1))
def test_codes_count_for_what_each_stands_for(produced, codes, per_code):
    said = verdict("balance", produced=produced, sold=0, codes=codes, per_code=per_code)
    assert said is (YES if codes * per_code <= produced else NO)


def test_the_balance_says_what_it_cannot_tell_and_how_much_is_over():
    assert verdict("balance", produced=10, sold=10, codes=5) is None
    assert verdict("balance", produced=10, sold=5, certified=11) is NO
    found = say("balance", produced="10.50", sold="12", codes="7")
    assert found is not None
    assert (found.word, found.values["over"], found.values["there"]) == ("balance_sold", "1.5", "10.5")
    assert verdict("balance", {"tolerance": Decimal(20)}, produced="10", sold="12") is YES


@given(st.decimals(0, 100, places=1), st.decimals(0, 100, places=1))
def test_person_days_are_held_against_the_plan(planned, found):
    assert verdict("audit_person_days", planned=planned, found=found) is (NO if found < planned else YES)


# ---- times and places


@given(DAYS, DAYS, DAYS)
def test_an_audit_is_witnessed_on_the_days_of_its_plan(day, first, last):
    said = verdict("witness_window", day=day, from_day=first, to_day=last)
    assert said is (YES if first <= day <= last else NO)


@given(MINUTES, MINUTES, MINUTES, MINUTES)
def test_an_audit_is_witnessed_in_the_hours_of_its_plan(opens, closes, began, ended):
    day = "2026-08-12"
    said = verdict(
        "witness_window", day=day, from_day=day, to_day=day, from_time=clock(opens), to_time=clock(closes),
        began=clock(began), ended=clock(ended),
    )  # fmt: skip
    assert said is (YES if opens <= began and ended <= closes else NO)


def clock(minutes: int) -> str:
    return time(minutes // 60, minutes % 60).isoformat("minutes")


@given(MINUTES, MINUTES)
def test_signing_in_within_two_hours_of_the_opening(opening, signed_in):
    said = verdict("sign_in_within", opening=clock(opening), signed_in=clock(signed_in))
    assert said is (NO if signed_in - opening > 120 else YES)


@given(MINUTES, MINUTES)
def test_signing_out_within_two_hours_of_the_end(closing, signed_out):
    said = verdict(
        "sign_in_within",
        opening="09:00",
        signed_in="09:10",
        closing=clock(closing),
        signed_out=clock(signed_out),
    )
    late = signed_out - closing
    assert said is (NO if late > 120 else None if late < 0 else YES)


@given(PLACES, PLACES)
def test_a_distance_is_symmetric_and_no_more_than_half_the_earth(one, other):
    assert kilometres(one, other) == pytest.approx(kilometres(other, one), abs=1e-6)
    assert 0 <= kilometres(one, other) <= 20016
    assert kilometres(one, one) == 0


@given(st.floats(-89, 88), st.floats(-180, 180), st.floats(0, 0.1))
def test_a_step_to_the_north_is_as_long_as_its_degrees(latitude, longitude, step):
    away = kilometres((latitude, longitude), (latitude + step, longitude))
    assert away == pytest.approx(step * 111.195, abs=0.01)


def test_five_kilometres_decide():
    assert verdict("within_distance", **{"from": "28.1,114.4", "to": "28.14,114.4"}) is YES  # 4.4 km
    assert verdict("within_distance", **{"from": "28.1,114.4", "to": "28.15,114.4"}) is NO  # 5.6 km
    found = say("within_distance", {"kilometres": Decimal(6)}, **{"from": "28.1,114.4", "to": "28.15,114.4"})
    assert found is not None
    assert (found.verdict, found.values) == (YES, {"away": "5.56", "most": "6"})


@given(DAYS, DAYS, st.integers(0, 60))
def test_working_days_are_counted_by_the_calendar(start, end, most):
    said = verdict("working_days_within", {"days": Decimal(most)}, start=start, end=end)
    count, certain = weekdays(start, end)
    assert said is (None if end < start or not certain else NO if count > most else YES)


# ---- the table


@given(st.sampled_from(sorted(RULES)), st.data())
def test_no_text_of_a_package_makes_a_check_fail(rule, data):
    names = [*RULES[rule].needs, *RULES[rule].takes]
    values = {
        name: data.draw(st.text(max_size=20) | st.sampled_from(["1", "2026-08-01", "09:00", "1,2"]))
        for name in names
    }
    found = hint(Check(rule, {name: name for name in names}, {"days": Decimal(1)}), values, weekdays)
    assert found is None or found.word in labels("check")


def test_every_sentence_belongs_to_a_rule():
    source = Path(checks.__file__).read_text("utf8")
    stems = {word.removesuffix("_odd").removesuffix("_fits") for word in labels("check")}
    assert {stem for stem in stems if f'"{stem}"' not in source} == set()


@pytest.mark.parametrize(
    "check, code",
    [
        ('{ rule = "magic", inputs = {} }', "unknown_rule"),
        ('{ rule = "balance", inputs = { produced = "1.1.produced", sold = "1.1.sold", stolen = "1.1.sold" } }', "unknown_input"),
        ('{ rule = "balance", inputs = { produced = "1.1.made", sold = "1.1.sold" } }', "unknown_source"),
        ('{ rule = "balance", inputs = { produced = "2.1", sold = "1.1.sold" } }', "unknown_source"),
        ('{ rule = "balance", inputs = { produced = "1.1.seen_on", sold = "1.1.sold" } }', "wrong_kind"),
        ('{ rule = "balance", inputs = { sold = "1.1.sold" } }', "input_missing"),
        ('{ rule = "balance", inputs = { produced = "1.1.produced", sold = "1.1.sold" }, limits = { a = 1 } }', "unknown_limit"),
        ('{ rule = "working_days_within", inputs = { start = "1.1.seen_on", end = "1.1.seen_on" } }', "limit_missing"),
    ],
)  # fmt: skip
def test_a_faulty_check_is_told_and_left_out(check, code):
    good = '{ rule = "balance", inputs = { produced = "1.1.produced", sold = "1.1.sold" } }'
    found, (problem,) = load_checklist(TRIAL.replace(good, check).encode())
    assert problem.code == f"checklist.{code}"
    assert problem.where.column == "1.1"
    assert found is not None
    item = found.item("1.1")
    assert item is not None
    assert item.check is None
