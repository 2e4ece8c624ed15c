"""Points as an office's table says them."""

from __future__ import annotations

from decimal import Decimal

from app.checklists.repeats import Instance, expand
from app.checklists.rules import Answered
from app.checklists.scoring import Score, load_scoring, read_scoring, score, scoring_bytes
from app.vocabulary import Verdict
from app.wording import sentence
from tests.checklists.trial import trial

YES, NO, SKIP, LEFT = Verdict
ROWS = [
    (2, ["1.1", "10", "每缺一项扣 2 分"]),
    (3, ["", "", ""]),
    (4, ["9.9", "5"]),
    (5, ["1.1", "5", ""]),
    (6, ["1.2", "viel", ""]),
    (7, ["2.1", "2.5"]),
    (8, ["2.2", "-1"]),
]


def test_good_rows_are_taken_and_the_others_located():
    found, problems = read_scoring(trial(), ROWS, "分值.xlsx")
    assert {item: (each.points, each.rule) for item, each in found.items.items()} == {
        "1.1": (Decimal(10), "每缺一项扣 2 分"),
        "2.1": (Decimal("2.5"), ""),
    }
    assert [(each.code.partition(".")[2], each.where.row, each.where.column) for each in problems] == [
        ("scoring_unknown_item", 4, "A"),
        ("scoring_duplicate", 5, "A"),
        ("scoring_bad_points", 6, "B"),
        ("scoring_bad_points", 8, "B"),
        ("scoring_incomplete", None, None),
    ]
    assert all(sentence(each).remedy for each in problems)


def test_the_score_of_instances_and_of_what_does_not_apply():
    found, _ = read_scoring(trial(), ROWS, "t")
    asked = expand(trial(), [Instance("a", "2"), Instance("b", "2")])
    assert score(found, asked, {}, {}) == Score(Decimal(0), Decimal(15))
    answers = {"1.1": Answered(YES), "2.1@a": Answered(NO), "2.1@b": Answered(SKIP)}
    assert score(found, asked, answers, {}) == Score(Decimal(10), Decimal("12.5"))


def test_a_table_is_kept_as_it_was_read():
    found, _ = read_scoring(trial(), ROWS, "t")
    assert load_scoring(scoring_bytes(found)) == found
    assert load_scoring(b"{") is None


def test_nothing_to_take_is_a_problem():
    _, problems = read_scoring(trial(), [(2, ["x"])], "t")
    assert [each.code for each in problems][-1] == "checklist.scoring_empty"
