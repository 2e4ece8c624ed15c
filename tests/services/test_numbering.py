"""Document numbers: by rule and year, the next one, gaps, duplicates, voided ones, two devices apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import BadInput
from app.forms.numbers import Series, gaps, rule
from app.models.papers import Paper
from app.services import inspecting, numbering, papers
from app.services.numbering import Gap
from app.services.workplace import Workplace
from app.settings import Settings
from tests.services.conftest import DUTIES, Visit, add_target
from tests.services.talks import put_form


@pytest.mark.parametrize(
    "text, number, read",
    [
        ("{office}市监责改〔{year}〕{n}号", "袁市监责改〔2026〕7号", (Series(2026), 7)),
        ("{office}市监责改〔{year}〕{n:04}号", "袁市监责改〔2026〕0007号", (Series(2026), 7)),
        ("{office}责改{device}〔{year}〕{n}号", "袁责改甲〔2026〕12号", (Series(2026, "甲"), 12)),
        ("{n}/{year}", "3/2026", (Series(2026), 3)),
        ("Nr. {n}", "Nr. 88", (Series(), 88)),
    ],
)
def test_a_number_reads_back_by_its_rule(text, number, read):
    made = rule(text, "袁")
    assert made.read(number) == read
    assert made.number(*read) == number
    assert made.read(f"{number}之一") is None


@pytest.mark.parametrize("text", ["〔{year}〕号", "{n}{month}", "{n", "{n}}", ""])
def test_a_rule_that_cannot_count_is_refused(text):
    with pytest.raises(BadInput, match=r"forms\.bad_number_rule"):
        rule(text)


def test_gaps_are_below_the_highest():
    assert (gaps([4, 1, 2]), gaps([]), gaps([1, 2])) == (((3, 3),), (), ())


def test_a_gap_of_a_thousand_million_numbers_is_one():
    assert gaps([3, 999_999_999, 3]) == ((1, 2), (4, 999_999_998))


def settled(place: Workplace, **wanted: object) -> Workplace:
    return replace(place, settings=replace(Settings(), office_mark="袁", **wanted))


def issued(visit: Visit, place: Workplace, number: str) -> str:
    key = papers.begin(place, inspection_id=visit.id, form="talk").key
    papers.issue(place, inspection_id=visit.id, paper=key, number=number)
    return key


def test_the_next_number_follows_the_highest_of_the_year(visit, clock):
    place = settled(visit.place)
    put_form(place)
    assert numbering.propose(place, form="talk") == "袁市监约〔2026〕1号"
    issued(visit, place, "袁市监约〔2026〕1号")
    issued(visit, place, "袁市监约〔2026〕4号")
    issued(visit, place, "袁市监约〔2025〕30号")
    issued(visit, place, "约谈 9")
    assert numbering.propose(place, form="talk") == "袁市监约〔2026〕5号"
    clock.move(days=365)
    assert numbering.propose(place, form="talk") == "袁市监约〔2027〕1号"


def test_the_offices_rule_goes_before_the_forms(visit):
    place = settled(visit.place, number_rules={"talk": "约{year}-{n:03}"})
    put_form(place)
    assert numbering.propose(place, form="talk") == "约2026-001"


def test_the_prefix_that_was_set_before_there_were_rules_still_counts(laptop):
    for prefix, number in (("袁市监责改", "袁市监责改〔2026〕1号"), ("袁责改〔2026〕", "袁责改〔2026〕1号")):
        place = replace(laptop, settings=Settings(order_number_prefix=prefix))
        assert numbering.propose(place, form=numbering.ORDER_FORM) == number


def test_nothing_is_proposed_without_the_offices_mark(visit):
    put_form(visit.place)
    assert numbering.propose(visit.place, form="talk") == ""


def test_a_number_is_given_once(visit):
    place = settled(visit.place)
    put_form(place)
    issued(visit, place, "袁市监约〔2026〕1号")
    with pytest.raises(BadInput, match=r"numbering\.taken"):
        issued(visit, place, "袁市监约〔2026〕1号")


def test_two_devices_without_a_network_never_take_the_same(visit):
    put_form(visit.place)
    rules = {"talk": "{office}约{device}〔{year}〕{n}号"}
    numbers = [
        numbering.propose(settled(visit.place, number_rules=rules, device_mark=mark), form="talk")
        for mark in ("甲", "乙", "")
    ]
    assert numbers[:2] == ["袁约甲〔2026〕1号", "袁约乙〔2026〕1号"]
    assert visit.place.device_id[:3].upper() in numbers[2]


def test_gaps_duplicates_voided_and_foreign_numbers_are_reported(visit):
    place = settled(visit.place)
    put_form(place)
    issued(visit, place, "袁市监约〔2026〕1号")
    void = issued(visit, place, "袁市监约〔2026〕4号")
    issued(visit, place, "约谈 9")
    papers.void(place, inspection_id=visit.id, paper=void, reason="写错")
    twice = inspecting.start(place, duties=DUTIES, assignment_id=add_target(place, "别家")).id
    key = papers.begin(place, inspection_id=twice, form="talk").key
    papers.issue(place, inspection_id=twice, paper=key, number="乙")
    # As it comes in from a device that did not know.
    with place.write("test") as work:
        work.session.get_one(Paper, (twice, key)).number = "袁市监约〔2026〕1号"
        work.commit()
    series, foreign = numbering.report(place)
    assert (series.form, series.year, series.last, series.count) == ("talk", 2026, 4, 2)
    assert series.gaps == (Gap("袁市监约〔2026〕2号", "袁市监约〔2026〕3号", 2),)
    assert {each.inspection_id for each in series.duplicates} == {visit.id, twice}
    assert [(each.number, each.reason) for each in series.voided] == [("袁市监约〔2026〕4号", "写错")]
    assert series.next == "袁市监约〔2026〕5号"
    assert [each.number for each in foreign.foreign] == ["约谈 9"]
    assert numbering.report(place, year=2025) == (foreign,)
