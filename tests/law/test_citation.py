"""Numerals and article notation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law.citation import article_words, as_written, is_article, numeral


@pytest.mark.parametrize(
    "number, words",
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (55, "五十五"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (229, "二百二十九"),
    ],
)
def test_numeral(number, words):
    assert numeral(number) == words


def value(words: str) -> int:
    """Read a numeral back."""
    total = digit = 0
    for sign in words:
        if sign in "十百":
            total += (digit or 1) * {"十": 10, "百": 100}[sign]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(sign)
    return total + digit


@given(st.integers(1, 999))
def test_numerals_read_back(number):
    assert value(numeral(number)) == number


@given(st.lists(st.integers(1, 999), min_size=1, max_size=4))
def test_several_articles_are_all_named(numbers):
    notation = "+".join(map(str, numbers))
    assert is_article(notation)
    assert article_words(notation).split("、") == [f"第{numeral(n)}条" for n in numbers]


def test_unreadable_notation_shows_itself():
    assert article_words("x") == "x"
    assert article_words("") == ""
    assert not is_article("29②")


A, B, C = "《甲办法》罚则章（条号待核）", "《乙条例》第二条", "《甲办法》第五条"


@pytest.mark.parametrize(
    "texts, said, expected",
    [
        ([A, B], f"{A}；{B}", (A, B)),
        ([A], "《甲办法》（2022修订）第三条", ("《甲办法》（2022修订）第三条",)),
        # In another order, and put together by another sign.
        ([A, B], "《乙条例》第二条、《甲办法》第三条", ("《甲办法》第三条", "《乙条例》第二条")),
        ([B, A], "《中华人民共和国乙条例》第九条\n《甲办法》第三条", ("《中华人民共和国乙条例》第九条", "《甲办法》第三条")),
        # Two of one document: each its own, or both what there is.
        ([A, C], "《甲办法》第三条；《甲办法》第五条", ("《甲办法》第三条", C)),
        ([A, C], "《甲办法》第三条、第六条", ("《甲办法》第三条、第六条",) * 2),
        # Another document than the library named: of the only one that is left it can be told.
        ([A], "《丙规则》第一条；《丁规则》第四条", ("《丙规则》第一条；《丁规则》第四条",)),
        ([A, B], "《丙规则》第一条；《乙条例》第二条", ("《丙规则》第一条", B)),
        ([A, "《戊》第一条"], "《丙规则》第一条", (A, "《戊》第一条")),
        ([A], "", (A,)),
        ([], "《丙规则》第一条", ()),
        (["某某规定"], "某某规定第三条", ("某某规定第三条",)),
    ],
)  # fmt: skip
def test_what_was_written_about_several_citations_is_told_apart(texts, said, expected):
    assert as_written(texts, said) == expected
