"""Days as registry files write them: date cells, four notations, Excel's day numbers.

``2027-03-01``, ``2027/3/1``, ``20270301`` and the notation with year, month and day signs are the
same day, with or without a time part (issue 2, section 3).
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from app.intake.words import words

# Excel counts days from here (its 1900 is wrongly a leap year, which no serial in range feels).
_EPOCH = date(1899, 12, 30)
# 1950-01-01 to 2149-12-31: numbers outside are no day of this field.
_SERIALS = range(18264, 91313)
_SERIAL_TEXT = re.compile(r"\d{5}(?:\.\d+)?")


class NotADay(ValueError):
    """The cell holds something, and it is no day of the calendar."""


def read_day(value: object) -> date | None:
    """The day a cell names, ``None`` for an empty cell; raises :class:`NotADay` for anything else."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return day_of_text(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _day_of_number(value)
    raise NotADay(str(value))


@lru_cache(maxsize=1 << 14)
def day_of_text(text: str) -> date | None:
    """The day a text names in one of the known notations; ``None`` when it says nothing."""
    text = text.strip()
    if not text or text in words().blanks:
        return None
    for notation in words().dates:
        if match := notation.fullmatch(text):
            return _day(match)
    if _SERIAL_TEXT.fullmatch(text):
        return _day_of_number(float(text))
    raise NotADay(text)


def day_within(text: str) -> date | None:
    """The first day named anywhere in ``text``, as in a title line; ``None`` when there is none."""
    for notation in words().dates_within:
        if match := notation.search(text):
            try:
                return _day(match)
            except NotADay:
                return None
    return None


def _day(match: re.Match[str]) -> date:
    year, month, day = (int(group) for group in match.groups()[:3])
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NotADay(match.string) from error


def _day_of_number(value: float) -> date:
    if not math.isfinite(value):
        raise NotADay(str(value))
    if value == int(value) and 19000101 <= value <= 29991231:
        return _compact(int(value))
    if int(value) in _SERIALS:
        return _EPOCH + timedelta(days=int(value))
    raise NotADay(f"{value:g}")


def _compact(value: int) -> date:
    try:
        return date(value // 10000, value // 100 % 100, value % 100)
    except ValueError as error:
        raise NotADay(str(value)) from error
