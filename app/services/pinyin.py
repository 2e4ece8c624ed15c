"""Pinyin initials, so that a name can be found by typing a few letters."""

from __future__ import annotations

import os
import unicodedata
from functools import cache


def initials(text: str) -> str:
    """First letters of the readings, lower case: letters and digits stay, marks go."""
    return "".join(map(_initial, text))


@cache
def _initial(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    reading = _readings().get(ord(character), "")
    return unicodedata.normalize("NFD", reading)[:1].lower()


@cache
def _readings() -> dict[int, str]:
    # Phrases would cost 40 MB and a quarter of a second; single characters are enough for initials.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.constants import PINYIN_DICT

    return dict(PINYIN_DICT)
