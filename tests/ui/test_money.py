"""Amounts are exact: what is typed in 元 is stored in 分 and shown again the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.enforcement.money import LARGEST, fen, money_check, yuan


@given(st.integers(0, LARGEST))
def test_an_amount_survives_the_way_to_the_screen_and_back(amount: int) -> None:
    assert fen(yuan(amount)) == amount


@pytest.mark.parametrize(
    "text, amount",
    [
        ("0", 0),
        ("0.1", 10),
        ("12345.67", 1234567),
        ("12,345.67", 1234567),
        ("１２．５", 1250),
        (" 300 元 ", 30000),
        ("¥8", 800),
        ("1.005", None),
        ("-1", None),
        ("1e3", None),
        ("12,34", None),
        ("三万", None),
        ("", None),
        ("9" * 20, None),
    ],
)
def test_only_amounts_of_yuan_are_taken(text: str, amount: int | None) -> None:
    assert fen(text) == amount


def test_a_needed_amount_may_not_be_left_out() -> None:
    assert money_check("", needed=True)
    assert not money_check("", needed=False)
    assert money_check("一百", needed=False)
    assert not money_check("0", needed=True)
