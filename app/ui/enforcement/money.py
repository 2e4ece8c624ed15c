"""Amounts as people write them, in 元, and as they are stored, in 分. No floats on the way."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from app.services.naming import yuan

__all__ = ["LARGEST", "fen", "money_check", "yuan"]

LARGEST: Final = 10**15
"""Ten trillion 元 in 分: above any fine, below what the store's numbers hold."""

_AMOUNT: Final = re.compile(r"(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?")
_WIDE: Final = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


def fen(text: str) -> int | None:
    """The amount of ``text`` in 分; ``None`` where it is no amount of 元 with at most two decimals."""
    written = text.strip().translate(_WIDE).removesuffix("元").removeprefix("¥").strip()
    if not _AMOUNT.fullmatch(written):
        return None
    amount = int(Decimal(written.replace(",", "")) * 100)
    return amount if amount <= LARGEST else None


def money_check(text: str, *, needed: bool) -> str:
    """What is wrong with a written amount; empty when nothing is."""
    if not text.strip():
        return "填金额，没有的填 0" if needed else ""
    return "" if fen(text) is not None else "写成 12345.67 的样子，单位为元，至多两位小数"
