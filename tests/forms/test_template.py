"""Templates: values, boxes, blanks and optional parts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.errors import Bug
from app.forms.schema import Each
from app.forms.template import conditions, fill, fill_each, holds, rows

DATA = {
    "a": {"name": "甲", "count": 3, "none": None, "empty": "", "zero": 0},
    "day": date(2026, 8, 2),
    "moment": datetime(2026, 8, 12, 23, 5, tzinfo=UTC),
    "fine": 123456789,
    "word": "special",
    "many": ["notify_body", "sampling"],
    "stop": "完。",
    "dots": "等。。。",
    "trap": "{a.name}<x>",
    "people": [{"name": "张三", "no": "1"}, {"name": "李四"}],
}


@pytest.mark.parametrize(
    "template, text",
    [
        ("名称{a.name}", "名称甲"),
        ("{a.count}件", "3件"),
        ("{a.zero}件", "0件"),
        ("{a.none}|{a.empty}|{a.missing}|{b.c.d}", "|||"),
        ("{a.missing|3}止", "＿＿＿止"),
        ("{a.name|3}", "甲"),
        ("{day:date}", "2026年8月2日"),
        ("{moment}", "2026年8月13日07时05分"),
        ("{moment:date}", "2026年8月13日"),
        ("{a.missing:date}", "\u3000\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日"),
        ("{fine:yuan}", "1,234,567.89元"),
        ("{word:task_source}", "专项检查"),
        ("{many:disposition}", "通报认证机构、抽样送检"),
        ("{word?special}专项{word?daily,lead}其他", "☑专项☐其他"),
        ("{many?sampling}", "☑"),
        ("{a.missing?special}", "☐"),
        ("头<（{a.name}）>尾", "头（甲）尾"),
        ("头<（{a.missing}{a.name}）>尾", "头尾"),
        ("{trap}", "{a.name}<x>"),
        ("{stop}。", "完。"),
        ("{stop}<（{a.missing}）>。", "完。"),
        ("{stop}；{stop}", "完；完。"),
        ("{dots}。{a.name}。", "等。。。甲。"),
        ("{stop}<（{a.name}）>。", "完。（甲）。"),
    ],
)
def test_templates(template, text):
    assert fill(template, DATA) == text


def test_a_list_is_written_row_by_row():
    each = Each("people", "{index}．{item.name}<（{item.no}）>", join="；", lead="共：")
    assert fill_each(each, DATA) == "共：1．张三（1）；2．李四"


def test_an_empty_list_leaves_its_lead_out():
    assert fill_each(Each("none", "{item.name}", lead="共："), DATA) == ""


@pytest.mark.parametrize("path", ["word", "day"])
def test_rows_of_something_else_are_our_fault(path):
    with pytest.raises(Bug, match="not_a_list"):
        rows(DATA, path)


def test_a_value_that_paper_cannot_hold_is_our_fault():
    with pytest.raises(Bug, match="unprintable"):
        fill("{picture}", {"picture": b"PNG"})


@pytest.mark.parametrize(
    "condition, met",
    [
        ("", True),
        ("a.name", True),
        ("a.none", False),
        ("!a.none", True),
        ("!a.name", False),
        ("a.none | !a.empty", True),
        ("a.none | !a.name", False),
        ("word?special", True),
        ("!word?special,daily", False),
    ],
)
def test_conditions(condition, met):
    assert holds(DATA, condition) is met


def test_a_condition_names_what_it_reads():
    assert list(conditions("a.none | !a.name | !word?special")) == ["a.none", "a.name", "word"]
