"""What a checklist comes to by its rules."""

from __future__ import annotations

import pytest

from app.checklists.conclusions import conclude
from app.checklists.loader import load_checklist
from app.checklists.repeats import Instance, expand
from app.checklists.rules import Answered
from app.vocabulary import Conclusion, Verdict
from tests.checklists.trial import TRIAL, trial

YES, NO, SKIP, LEFT = Verdict
FOUND = expand(trial(), [Instance("a", "2"), Instance("b", "2")])


@pytest.mark.parametrize(
    "answers, result, open_items",
    [
        ({}, None, 3),
        ({"1.1": YES, "2.1@a": YES, "2.1@b": SKIP}, "conforming", 0),
        # the starred item of the second certificate could still decide
        ({"1.1": NO, "2.1@a": YES}, None, 1),
        ({"1.1": NO, "2.1@a": YES, "2.1@b": YES}, "basically_conforming", 0),
        ({"1.1": YES, "2.1@b": NO}, "nonconforming", 2),
        (
            {"1.1": YES, "2.1@a": YES, "2.1@b": YES, "1.2": NO},
            "conforming",
            0,
        ),  # not asked, so it does not count
        # nobody looked: it may conform or not
        ({"1.1": YES, "2.1@a": YES, "2.1@b": LEFT}, None, 1),
        ({"1.1": LEFT, "2.1@a": YES, "2.1@b": YES}, None, 1),
        ({"1.1": LEFT, "2.1@a": NO, "2.1@b": LEFT}, "nonconforming", 3),  # and 2.2@a
    ],
)
def test_starred_items_decide_and_unasked_ones_do_not_count(answers, result, open_items):
    given = {item: Answered(verdict) for item, verdict in answers.items()}
    found = conclude(FOUND, given, {})
    assert found is not None
    assert (found.result, found.open_items) == (result and Conclusion(result), open_items)


@pytest.mark.parametrize(
    "when, bad, holds",
    [
        ('any_nonconforming("2")', ["2.1@b"], True),
        ('any_nonconforming("2.1")', ["2.1@a"], True),
        ('any_nonconforming("2")', ["1.1"], False),
        ('count_nonconforming("all") >= 2', ["1.1"], False),
        ('count_nonconforming("all") >= 2', ["1.1", "2.1@a"], True),
        ('not any_nonconforming("*") and count_nonconforming("1") == 1', ["1.1"], True),
    ],
)
def test_groups_of_items(when, bad, holds):
    text = TRIAL.replace('any_nonconforming("*")', when)
    found = expand(trial(text), [Instance("a", "2"), Instance("b", "2")])
    verdicts = {item.id: NO if item.id in bad else YES for item in found.items()}
    said = conclude(found, {item: Answered(verdict) for item, verdict in verdicts.items()}, {})
    assert said is not None
    assert (said.result is Conclusion.NONCONFORMING) is holds


def test_without_rules_there_is_no_conclusion():
    assert conclude(trial(TRIAL[: TRIAL.index("[[conclusion]]")]), {}, {}) is None


@pytest.mark.parametrize(
    "when, code",
    [
        ('any_nonconforming("9")', "unknown_group"),
        ('item("9.9") == "conforming"', "unknown_item"),
        ("any_nonconforming(", "bad_condition"),
        ('count_nonconforming("all")', "bad_condition"),
    ],
)
def test_a_faulty_rule_is_told_and_left_out(when, code):
    found, (problem,) = load_checklist(TRIAL.replace('any_nonconforming("*")', when).encode())
    assert problem.code == f"checklist.{code}"
    assert found is not None
    assert len(found.conclusion) == 2


def test_a_star_needs_a_starred_item():
    _, (problem,) = load_checklist(TRIAL.replace("starred = true", "").encode())
    assert problem.code == "checklist.unknown_group"
