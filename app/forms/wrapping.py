"""Text to lines by the rules of Chinese setting.

No line starts with closing punctuation or ends with an opening bracket or a tick box; Latin words,
numbers and codes stay whole; spaces at a line's end hang. Every character of the text is in
exactly one line. The classes come from the Unicode character database, not from a list of ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.forms.fonts import BOXES, Style, advance, visible

_CLOSING = frozenset(("Pe", "Pf", "Po", "Lm", "Mn", "Me", "Mc"))
_OPENING = frozenset(("Ps", "Pi"))
_JOINERS = frozenset("-_./:@&+%#~'")
_TIED = re.compile(r"\w(?=[A-Z][0-9]{6})")
"""A sign that belongs to the code behind it, as a province's in the number of an officer's credential."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; ``width`` in points leaves hanging spaces out, ``last`` ends a paragraph."""

    text: str
    width: float
    last: bool


def wrap(text: str, style: Style, room: float) -> tuple[Line, ...]:
    """Break ``text`` into lines not wider than ``room`` points (unless one character is)."""
    paragraphs = visible(text).split("\n") if text else []
    return tuple(line for paragraph in paragraphs for line in _paragraph(paragraph, style, room))


def _paragraph(text: str, style: Style, room: float) -> Iterator[Line]:
    start, tied = 0, {sign.end() for sign in _TIED.finditer(text)}
    while start < len(text):
        end = _line_end(text, start, style, room, tied)
        yield _line(text[start:end], style, last=end == len(text))
        start = end
    if not text:
        yield Line("", 0.0, last=True)


def _line(text: str, style: Style, *, last: bool) -> Line:
    inked = text.rstrip()
    return Line(text, sum(advance(char, style.bold) for char in inked) * style.size, last)


def _line_end(text: str, start: int, style: Style, room: float, tied: Container[int]) -> int:
    """Index after the last character of the line that starts at ``start``; it is none of ``tied``."""
    used, good, poor = 0.0, start, start
    limit = room / style.size + 1e-6
    for index in range(start, len(text)):
        if index > start and index not in tied and may_break(text[index - 1], text[index]):
            good = index
        if index > start and not _clings(text[index - 1], text[index]):
            poor = index
        used += advance(text[index], style.bold)
        if used > limit and not text[index].isspace():
            # A word wider than the line is cut, and even then punctuation keeps its neighbour.
            return next((end for end in (good, poor, index) if end > start), start + 1)
    return len(text)


# A text asks the same of the same neighbours again and again: some hundred pairs make most of a record.
@lru_cache(maxsize=16384)
def may_break(before: str, after: str) -> bool:
    """Whether a line may end between these two neighbours."""
    if before.isspace() and not after.isspace():
        return unicodedata.category(after) not in _CLOSING
    return not (_clings(before, after) or (_in_word(before) and _in_word(after)))


@lru_cache(maxsize=16384)
def _clings(before: str, after: str) -> bool:
    """Whether punctuation ties ``after`` to ``before`` (or is a space, which hangs)."""
    if after.isspace() or before in BOXES:
        return True
    kind, following = unicodedata.category(before), unicodedata.category(after)
    if kind == "Pd" and before == after:
        return True
    return kind in _OPENING or following in _CLOSING


def _in_word(char: str) -> bool:
    if char in _JOINERS:
        return True
    return char.isalnum() and unicodedata.east_asian_width(char) not in ("W", "F")
