"""Visibility, what is missing, progress; on a small checklist and on the shipped ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.checklists.entries import measured
from app.checklists.facts import KNOWN_FACTS
from app.checklists.loader import catalog
from app.checklists.repeats import Instance, expand
from app.checklists.rules import (
    Answered,
    Missing,
    Reason,
    SectionProgress,
    entered_verdict,
    missing,
    progress,
    visible_items,
)
from app.checklists.schema import Basis, Checklist, Item, Measure, Section
from app.errors import BadInput
from app.vocabulary import InspectionType, Severity, Verdict
from app.wording import label, sentence

YES, NO, SKIP, LEFT = Verdict


def item(item_id: str, **more) -> Item:
    return Item(item_id, "内容", "查法", "证据", Basis.PROPOSAL, Severity.MINOR, **more)


LENGTH = Measure("间隔", "月", decimals=1, maximum=Decimal(12))
SMALL = Checklist(
    "small",
    InspectionType.MS_ORG,
    "1",
    "小清单",
    date(2026, 1, 1),
    sections=(
        Section("1", "甲", (item("1.1", allow_not_applicable=False), item("1.2", photos_required=2))),
        Section(
            "2",
            "乙",
            (
                item("2.1", measure=LENGTH),
                item("2.2", condition='item("1.1") == "nonconforming"'),
                item("2.3", condition='item("2.2") == "conforming"'),
                item("2.4", condition='measure("2.1") > 12'),
                item("2.5", required=False),
            ),
        ),
        Section("3", "丙", (item("3.1"),), condition="production.normal"),
    ),
)


def asked(answers, facts=None):
    return [each.id for each in visible_items(SMALL, answers, facts or {})]


def test_items_appear_by_answers_values_and_facts():
    assert asked({}) == ["1.1", "1.2", "2.1", "2.5"]
    assert "2.2" in asked({"1.1": Answered(NO)})
    assert "2.4" in asked({"2.1": Answered(value=Decimal("12.5"))})
    assert "3.1" in asked({}, {"production.normal": True})


def test_the_answer_of_a_hidden_item_has_no_effect():
    chain = {"1.1": Answered(NO), "2.2": Answered(YES)}
    assert "2.3" in asked(chain)
    assert "2.3" not in asked({**chain, "1.1": Answered(YES)})


@pytest.mark.parametrize(
    "item_id, answer, reasons",
    [
        ("1.1", Answered(), [Reason.UNANSWERED]),
        ("1.1", Answered(YES), []),
        ("1.1", Answered(NO), [Reason.NOTE_MISSING]),
        ("1.1", Answered(NO, note=" "), [Reason.NOTE_MISSING]),
        ("1.1", Answered(NO, note="过期"), []),
        ("1.1", Answered(SKIP), [Reason.NOT_APPLICABLE_REFUSED]),
        ("1.1", Answered(LEFT), [Reason.NOTE_MISSING]),
        ("1.1", Answered(LEFT, note="无人在场"), []),
        ("1.2", Answered(YES, photos=1), [Reason.PHOTO_MISSING]),
        ("1.2", Answered(YES, photos=2), []),
        ("1.2", Answered(SKIP), []),
        ("2.1", Answered(YES), []),
        ("2.1", Answered(YES, value=Decimal(13)), [Reason.MEASURE_CONTRADICTS]),
        ("2.1", Answered(NO, note="超期", value=Decimal(13)), []),
        ("2.5", Answered(), []),
        ("2.5", Answered(LEFT), []),
        ("2.5", Answered(NO), [Reason.NOTE_MISSING]),
    ],
)
def test_what_is_missing(item_id, answer, reasons):
    if item_id == "2.1" and answer.value is None:
        reasons = [Reason.MEASURE_MISSING]
    found = [each for each in missing(SMALL, {item_id: answer}, {}) if each.item_id == item_id]
    assert found == [Missing(item_id, reason) for reason in reasons]


def test_every_reason_has_a_label():
    for reason in Reason:
        assert label("missing_reason", reason) != reason
    for basis in Basis:
        assert label("checklist_basis", basis) != basis


def test_progress_counts_what_is_settled():
    answers = {"1.1": Answered(YES), "1.2": Answered(YES, photos=1), "2.5": Answered(YES)}
    assert progress(SMALL, answers, {}) == (
        SectionProgress("1", 1, 2),
        SectionProgress("2", 1, 2),
        SectionProgress("3", 0, 0),
    )


@pytest.mark.parametrize("value, verdict", [(None, None), ("11.9", YES), ("12", YES), ("12.1", NO)])
def test_limits_are_inclusive(value, verdict):
    given = Answered(value=None if value is None else Decimal(value))
    assert entered_verdict(item("1", measure=LENGTH), given) is verdict
    assert entered_verdict(item("1", measure=Measure("长", "米")), given) is None
    assert entered_verdict(item("1"), given) is None


def test_typed_values():
    assert measured(LENGTH, " 11.5 ") == Decimal("11.5")
    assert measured(LENGTH, "120") == Decimal(120)
    for text in ("", "许多", "11.55", "NaN", "Infinity", "1e999999", "1_0"):
        with pytest.raises(BadInput) as caught:
            measured(LENGTH, text)
        assert "间隔" in sentence(caught.value).message


def test_what_is_no_number_counts_as_not_measured():
    nothing = {"2.1": Answered(YES, value=Decimal("NaN"))}
    assert Missing("2.1", Reason.MEASURE_MISSING) in missing(SMALL, nothing, {})
    assert "2.4" not in asked(nothing)


def test_a_suspended_certificate_brings_its_question():
    ccc = catalog()["ccc-producer"]
    assert "2.2" not in {each.id for each in visible_items(ccc, {}, {})}
    facts = {"certificate.suspended": True, "certificate.not_valid": True}
    assert Missing("2.2", Reason.UNANSWERED) in missing(ccc, {}, facts)


def test_a_stopped_plant_is_not_asked_about_its_production():
    ccc = catalog()["ccc-producer"]
    running = {each.id for each in visible_items(ccc, {}, {"production.normal": True})}
    idle = {each.id for each in visible_items(ccc, {}, {"production.stopped": True, "production.idle": True})}
    assert running - idle == {"5.1", "5.2"}
    assert idle - running == {"2.4"}


def test_commissioned_work_is_asked_about_only_where_there_is_any():
    ccc = catalog()["ccc-producer"]
    without = {each.id for each in visible_items(ccc, {"1.5": Answered(SKIP)}, {})}
    with_it = {each.id for each in visible_items(ccc, {"1.5": Answered(YES)}, {})}
    assert with_it - without == {"1.6", "1.7"}


def with_one_each(found: Checklist) -> Checklist:
    """A shipped checklist with one instance of each of its repeated sections, as a visit sees it."""
    return expand(found, [Instance("a", section.id) for section in found.sections if section.repeat])


LISTS = [SMALL, *map(with_one_each, catalog().values())]
FACTS = st.dictionaries(st.sampled_from(sorted(KNOWN_FACTS)), st.booleans())
ANSWER = st.builds(
    Answered,
    st.sampled_from([None, *Verdict]),
    st.sampled_from(["", "说明"]),
    st.sampled_from([None, Decimal(5), Decimal(20)]),
    st.integers(0, 2),
)


@st.composite
def visits(draw):
    checklist = draw(st.sampled_from(LISTS))
    numbers = [each.id for each in checklist.items()]
    return checklist, draw(st.dictionaries(st.sampled_from(numbers), ANSWER)), draw(FACTS)


@given(visits())
def test_hidden_items_are_never_required(visit):
    checklist, answers, facts = visit
    shown = {each.id for each in visible_items(checklist, answers, facts)}
    assert {each.item_id for each in missing(checklist, answers, facts)} <= shown


@given(visits())
def test_hidden_answers_change_nothing(visit):
    checklist, answers, facts = visit
    shown = visible_items(checklist, answers, facts)
    kept = {each.id: answers[each.id] for each in shown if each.id in answers}
    assert visible_items(checklist, kept, facts) == shown
    assert missing(checklist, kept, facts) == missing(checklist, answers, facts)


@given(visits())
def test_the_order_of_answering_does_not_matter(visit):
    checklist, answers, facts = visit
    backwards = dict(reversed(answers.items()))
    assert visible_items(checklist, backwards, facts) == visible_items(checklist, answers, facts)


@given(visits())
def test_progress_and_missing_agree(visit):
    checklist, answers, facts = visit
    parts = progress(checklist, answers, facts)
    shown = visible_items(checklist, answers, facts)
    lacking = {each.item_id for each in missing(checklist, answers, facts)}
    assert sum(part.total for part in parts) == len(shown)
    assert all(part.done <= part.total for part in parts)
    settled = sum(part.done for part in parts)
    untouched = sum(
        1 for each in shown if each.id not in lacking and answers.get(each.id, Answered()).verdict is None
    )
    assert settled == len(shown) - len(lacking) - untouched
