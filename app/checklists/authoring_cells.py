"""What stands in a cell of an edited workbook: the value for the raw table, or what is wrong with it; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from app.checklists.authoring import Field, word_column
from app.checklists.authoring_words import authoring_words, choices
from app.checklists.entries import number
from app.errors import Problem

_LIST = re.compile(r"[\s,，;；、]+")
_DAY = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?")
_STRAIGHT = str.maketrans("“”＂（）＝＞＜", '"""()=><')


def cell_value(each: Field, text: str) -> object:
    """The value that a text says for a field; a :class:`Problem` without a place when it says none."""
    return _READERS[each.kind](each, text)


def parts_of(text: str) -> tuple[str, ...]:
    """The parts of a list, whatever marks or lines they are kept apart by."""
    return tuple(each for each in _LIST.split(text) if each)


def _text(_field: Field, text: str) -> object:
    return text


def _condition(_field: Field, text: str) -> object:
    return " ".join(text.translate(_STRAIGHT).split())


def _word(each: Field, text: str) -> object:
    return _one_of(word_column(each).choices, text)


def _one_of(name: str, text: str) -> object:
    known = choices(name)
    for word, shown in known.items():
        if text in {word, shown}:
            return word
    return Problem("authoring.unknown_word", values={"value": text, "words": " / ".join(known.values())})


def _flag(_field: Field, text: str) -> object:
    found = authoring_words().flags.get(text.lower())
    return Problem("authoring.bad_flag", values={"value": text}) if found is None else found


def _whole(_field: Field, text: str) -> object:
    return (
        int(text)
        if text.isdecimal() and len(text) <= 4
        else Problem("authoring.bad_number", values={"value": text})
    )


def _limit(_field: Field, text: str) -> object:
    """A number as text; anything else is a date or a time, which the loader judges."""
    return str(Decimal(text)) if number(text) is not None else text


def _day(_field: Field, text: str) -> object:
    found = _DAY.fullmatch(text)
    try:
        return (
            date(*map(int, found.groups())).isoformat()
            if found
            else Problem("authoring.bad_day", values={"value": text})
        )
    except ValueError:
        return Problem("authoring.bad_day", values={"value": text})


def _lines(_field: Field, text: str) -> object:
    return list(parts_of(text))


def _words(_field: Field, text: str) -> object:
    found = [_one_of("disposition", each) for each in parts_of(text)]
    return next((each for each in found if isinstance(each, Problem)), found)


def _pairs(each: Field, text: str) -> object:
    found: dict[str, str] = {}
    for part in parts_of(text.replace("＝", "=")):
        name, sign, source = part.partition("=")
        if not (sign and name and source):
            return Problem("authoring.bad_pair", values={"value": text})
        if each.path == "check.limits" and number(source) is None:
            return Problem("authoring.bad_number", values={"value": text})
        found[name] = source
    return found


_READERS: Mapping[str, Callable[[Field, str], object]] = {
    "text": _text, "condition": _condition, "word": _word, "flag": _flag, "whole": _whole, "limit": _limit,
    "day": _day, "lines": _lines, "words": _words, "pairs": _pairs,
}  # fmt: skip
