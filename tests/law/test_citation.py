"""Numerals and article notation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law.citation import article_words, is_article, numeral


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
