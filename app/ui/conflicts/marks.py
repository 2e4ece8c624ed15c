"""What differs from the former value, marked in the text: underlined what is new, struck what is gone.

The signs are lines, so that they are seen without colour; a quiet ground behind them only helps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from typing import Final, Literal

Mark = Literal["same", "new", "gone"]
Piece = tuple[Mark, str]

_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/-]*|\s+|.", re.DOTALL)
_ALIKE: Final = 0.35
"""Below this share of common words two texts are two texts, and marks would only confuse."""
_SHORTEST: Final = 2
"""A shorter run in common between two changes is chance."""


def pieces(former: str, text: str) -> tuple[Piece, ...]:
    """``text`` with what ``former`` does not have marked as new, and what it had and lost as gone.

    Nothing is marked where there was nothing before or where the texts have little in common.
    """
    old, new = _WORD.findall(former), _WORD.findall(text)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if not former or former == text or matcher.ratio() < _ALIKE:
        return (("same", text),)
    return tuple(_joined(_steps(matcher, old, new)))


def _steps(matcher: SequenceMatcher[str], old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    codes = matcher.get_opcodes()
    for place, (tag, i1, i2, j1, j2) in enumerate(codes):
        inside = 0 < place < len(codes) - 1
        if tag == "equal" and not (inside and len("".join(old[i1:i2])) < _SHORTEST):
            yield "same", "".join(new[j1:j2])
            continue
        yield "gone", "".join(old[i1:i2])
        yield "new", "".join(new[j1:j2])


def _joined(steps: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbouring changes as one: first all that is gone, then all that is new."""
    gone = new = ""
    for mark, text in steps:
        if mark == "gone":
            gone += text
        elif mark == "new":
            new += text
        else:
            yield from _change(gone, new)
            gone = new = ""
            yield mark, text
    yield from _change(gone, new)


def _change(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield "gone", gone
    if new:
        yield "new", new


def marked(found: Sequence[Piece]) -> bool:
    """Whether anything is marked."""
    return any(mark != "same" for mark, _ in found)


def as_html(found: Sequence[Piece], *, new_ground: str, soft: str) -> str:
    """The pieces as rich text; every character of the text itself is escaped."""
    style = {
        "same": "",
        "new": f"background-color: {new_ground}; text-decoration: underline;",
        "gone": f"color: {soft}; text-decoration: line-through;",
    }
    inside = "".join(f'<span style="{style[mark]}">{_escaped(text)}</span>' for mark, text in found)
    return f'<div style="white-space: pre-wrap;">{inside}</div>'


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def spoken(found: Sequence[Piece]) -> str:
    """The text alone, for the ear."""
    return "".join(text for mark, text in found if mark != "gone")
