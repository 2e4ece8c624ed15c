"""Values of measures: what was typed becomes what is stored, by the measure's kind; limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal

from app.checklists.schema import Measure, MeasureKind
from app.errors import BadInput

LONGEST = 400
"""Characters that the store takes for one value."""

_WRITTEN = re.compile(r"[-+]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})")
_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?|(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2})\D(\d{2})\D?")
_DEGREES = r"([-+]?\d{1,3}(?:\.\d{1,8})?)"
_PLACE = re.compile(rf"{_DEGREES}\s*[,\uff0c\s]\s*{_DEGREES}")


def measured(measure: Measure, text: str) -> Decimal:
    """Read a typed number; refuses what is none or has more decimals than the measure."""
    # Decimal itself would also take 1_0, 1e999999 and NaN, which nobody could read on paper.
    value = Decimal(text.strip()) if _WRITTEN.fullmatch(text.strip()) else Decimal("NaN")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > measure.decimals:
        raise BadInput("checklist.bad_value", value=text, label=measure.label, decimals=measure.decimals)
    return value


def number(text: str) -> Decimal | None:
    """A stored number; nothing for what a package may carry that is none."""
    return Decimal(text) if _WRITTEN.fullmatch(text) else None


def stored(measure: Measure, text: str) -> str:
    """What is stored of a typed value: empty for nothing, otherwise by the measure's kind.

    Refuses what cannot be read as that kind (``checklist.bad_value``, ``bad_date``, ``bad_time``,
    ``bad_place``) or is longer than the store takes (``value_too_long``).
    """
    text = text.strip()
    if not text:
        return ""
    if len(text) > LONGEST:
        raise BadInput("checklist.value_too_long", label=measure.label, limit=LONGEST)
    return _READERS[measure.kind](measure, text)


def _number(measure: Measure, text: str) -> str:
    measured(measure, text)
    return text


def _date(measure: Measure, text: str) -> str:
    found = _DATE.fullmatch(text)
    try:
        return (
            date(*(int(part) for part in found.groups() if part)).isoformat()
            if found
            else _refuse(measure, text)
        )
    except ValueError:
        return _refuse(measure, text)


def _time(measure: Measure, text: str) -> str:
    found = _TIME.fullmatch(text)
    try:
        return time(int(found[1]), int(found[2])).isoformat("minutes") if found else _refuse(measure, text)
    except ValueError:
        return _refuse(measure, text)


def _place(measure: Measure, text: str) -> str:
    found = _PLACE.fullmatch(text)
    if found is None or abs(Decimal(found[1])) > 90 or abs(Decimal(found[2])) > 180:
        return _refuse(measure, text)
    return f"{found[1]},{found[2]}"


def _text(_measure: Measure, text: str) -> str:
    return text


def _code(_measure: Measure, text: str) -> str:
    """Full-width forms narrowed, upper case, single blanks between several codes."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)
    return " ".join(narrow.split()).upper()


def _refuse(measure: Measure, text: str) -> str:
    raise BadInput(f"checklist.bad_{measure.kind}", value=text, label=measure.label)


_READERS: dict[MeasureKind, Callable[[Measure, str], str]] = {
    MeasureKind.NUMBER: _number,
    MeasureKind.DATE: _date,
    MeasureKind.TIME: _time,
    MeasureKind.TEXT: _text,
    MeasureKind.CODE: _code,
    MeasureKind.PLACE: _place,
}


def out_of_limits(measure: Measure, text: str) -> bool | None:
    """Whether a stored value lies beyond the measure's limits; ``None`` where there is none to ask."""
    if measure.kind is MeasureKind.NUMBER:
        value = number(text)
        if value is None or (measure.minimum is None and measure.maximum is None):
            return None
        low = measure.minimum is not None and value < measure.minimum
        return low or (measure.maximum is not None and value > measure.maximum)
    if not (measure.earliest or measure.latest):
        return None
    # Dates and times are stored so that their texts stand in their order.
    return bool(measure.earliest and text < measure.earliest) or bool(
        measure.latest and text > measure.latest
    )
