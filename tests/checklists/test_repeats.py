"""Repeated sections written out for their instances."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.checklists.conditions import parse
from app.checklists.loader import catalog, checklist_bytes, load_checklist
from app.checklists.repeats import Instance, expand, split
from app.checklists.rules import Answered, Missing, Reason, missing, progress, visible_items
from app.vocabulary import Verdict
from tests.checklists.trial import trial

YES, NO = Verdict.CONFORMING, Verdict.NONCONFORMING
TWO = (Instance("a", "2", "甲证"), Instance("b", "2"))


def ids(found) -> list[str]:
    return [item.id for item in found.items()]


def test_each_instance_has_a_section_of_its_own():
    found = expand(trial(), TWO)
    assert [(section.id, section.title) for section in found.sections] == [
        ("1", "总的情况"), ("2@a", "甲证"), ("2@b", "抽查的证书 2"),
    ]  # fmt: skip
    assert ids(found) == ["1.1", "1.2", "2.1@a", "2.2@a", "2.1@b", "2.2@b"]
    assert [item.shown for item in found.items()][2:4] == ["2.1-1", "2.2-1"]


def test_everything_travels():
    sent = checklist_bytes(trial())
    assert load_checklist(sent) == (trial(), ())


def test_conditions_and_checks_speak_of_the_same_instance():
    found = expand(trial(), TWO)
    second = found.item("2.2@b")
    assert second is not None
    assert parse(second.condition or "").items == {"2.1@b"}
    first = found.item("2.1@a")
    assert first is not None
    assert first.check is not None
    assert dict(first.check.inputs) == {"day": "2.1@a", "valid_to": "2@a.expires_on", "status": "2@a.status"}


def test_without_instances_the_section_stays_empty_and_is_missed():
    found = expand(trial(), ())
    assert [(section.id, section.items) for section in found.sections][1] == ("2", ())
    assert Missing("", Reason.INSTANCES_MISSING, "抽查的证书") in missing(found, {}, {})
    assert all(each.reason is not Reason.INSTANCES_MISSING for each in missing(expand(trial(), TWO), {}, {}))


def test_an_answer_for_one_instance_asks_nothing_of_the_other():
    found = expand(trial(), TWO)
    asked = [item.id for item in visible_items(found, {"2.1@a": Answered(NO)}, {})]
    assert asked == ["1.1", "2.1@a", "2.2@a", "2.1@b"]
    done = {
        each.section_id: each.done
        for each in progress(found, {"2.1@b": Answered(YES, entered={"": "2026-08-01"})}, {})
    }
    assert done == {"1": 0, "2@a": 0, "2@b": 1}


def test_a_question_is_found_by_the_number_it_has_for_an_instance():
    found = trial().item("2.1@ffff")
    assert found is not None
    assert (found.id, found.starred) == ("2.1@ffff", True)
    assert trial().item("1.1@ffff") is None


def test_several_values_are_missed_and_judged_one_by_one():
    found = expand(trial(), TWO)
    answers = {"1.1": Answered(YES, entered={"produced": "-1", "seen_on": "2025-12-31"})}
    about = [each for each in missing(found, answers, {}) if each.item_id == "1.1"]
    assert about == [
        Missing("1.1", Reason.MEASURE_MISSING, "销量"),
        Missing("1.1", Reason.MEASURE_CONTRADICTS),
    ]
    more = {"1.1": Answered(YES, entered={"produced": "120", "sold": "101"})}
    assert [each for each in missing(found, more, {}) if each.item_id == "1.1"] == []
    assert "1.2" in {item.id for item in visible_items(found, more, {})}


def test_a_package_may_carry_what_nobody_can_read():
    found = expand(trial(), TWO)
    answers = {"1.1": Answered(YES, value=Decimal("NaN"), entered={"produced": "NaN", "sold": "viel"})}
    assert [each.subject for each in missing(found, answers, {}) if each.item_id == "1.1"] == ["产量", "销量"]


def test_a_checklist_without_repeats_is_left_alone():
    found = catalog()["ms-org"]
    if all(section.repeat is None for section in found.sections):
        assert expand(found, TWO) is found


@given(st.lists(st.text("abcdef0123456789", min_size=1, max_size=12), unique=True, max_size=20))
def test_ids_stay_distinct_and_lead_back(keys: list[str]):
    found = expand(trial(), [Instance(key, "2") for key in keys])
    assert len(set(ids(found))) == len(ids(found)) == 2 + 2 * len(keys)
    assert {split(item)[1] for item in ids(found)} == {"", *keys}
