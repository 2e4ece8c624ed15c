"""Fields of a form that nothing else in the record holds: what they ask for, and how their values read.

A value is kept as text, so that a form may change without a change of the store. ``stored`` brings what
was typed into that text, ``value_of`` into what a template prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from app.clock import LOCAL
from app.errors import BadInput
from app.forms.phrases import words
from app.vocabulary import Confidence
from app.wording import joined

Kind = Literal["text", "lines", "date", "time", "number", "money", "choice", "yes_no", "rows"]

RESERVED = frozenset({"number", "drafted_on", "issued_on", "by"})
"""What a paper has of itself, beside its entries."""

NAME = re.compile(r"[a-z][a-z_]{0,29}")
LONGEST = 20_000
"""Characters in one value: a record of a long questioning has about a tenth of it in one answer."""

_DAY = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?")
_MOMENT = re.compile(_DAY.pattern + r"\s*(\d{1,2})\D(\d{2})\D?")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_PARTS = re.compile(r"[\s,\uff0c\u3001]+")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen words of a choice, with the text of every word that there is."""

    codes: tuple[str, ...]
    words: Mapping[str, str]


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A field to be filled in for one paper, printed as ``{paper.<id>}``.

    ``words`` are the codes and texts of a ``choice``; with ``several`` any number of them. ``columns``
    are the entries of one row of ``rows``. ``prefill`` is a bound name (``organization.name``; for
    columns of rows ``item.name``) or a template with braces; what is typed takes its place. ``when``
    is a condition on other entries (``paper.online?yes``): otherwise it is neither asked nor required.
    """

    id: str
    label: str
    kind: Kind = "text"
    required: bool = False
    words: dict[str, str] = {}
    several: bool = False
    columns: tuple[Entry, ...] = ()
    prefill: str = ""
    when: str = ""
    hint: str = ""
    meaning: str = ""
    confidence: Confidence = Confidence.VERIFIED


def stored(entry: Entry, typed: str) -> str:
    """What was typed, as it is kept; a ``forms.bad_…`` problem where it is nothing of its kind."""
    text = typed.strip("\r\n") if entry.kind == "lines" else typed.strip()
    if len(text) > LONGEST:
        raise BadInput("forms.too_long", label=entry.label, limit=LONGEST, length=len(text))
    if not text:
        return ""
    return _READERS[entry.kind](entry, text)


def value_of(entry: Entry, kept: str) -> object:
    """A kept text as templates print it; one that does not read is printed as it stands.

    A form may have changed since: what was entered then is not lost now.
    """
    if entry.kind in ("choice", "yes_no"):
        return Chosen(tuple(kept.split()), words_of(entry))
    try:
        match entry.kind:
            case "date":
                return date.fromisoformat(kept) if kept else None
            case "time":
                return datetime.fromisoformat(kept).replace(tzinfo=LOCAL) if kept else None
            case "money":
                return int(kept) if kept else None
    except ValueError:
        return kept
    return kept


def typed(entry: Entry, kept: str) -> str:
    """A kept text as a person types it: money in yuan."""
    if entry.kind == "money" and re.fullmatch(r"\d{1,18}", kept):
        return f"{int(kept) // 100}.{int(kept) % 100:02}"
    return kept


def words_of(entry: Entry) -> Mapping[str, str]:
    """The words that may be chosen."""
    return words("yes_no") if entry.kind == "yes_no" else entry.words


def _date(entry: Entry, text: str) -> str:
    found = _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())).isoformat() if found else _no_date(entry, text)
    except ValueError:
        return _no_date(entry, text)


def _no_date(entry: Entry, text: str) -> str:
    raise BadInput("forms.bad_date", label=entry.label, value=text)


def _time(entry: Entry, text: str) -> str:
    found = _MOMENT.fullmatch(text)
    try:
        if found:
            year, month, day, hour, minute = (int(part) for part in found.groups())
            moment = datetime(year, month, day, hour, minute, tzinfo=LOCAL)
            return f"{moment:%Y-%m-%d %H:%M}"
    except ValueError:
        pass
    raise BadInput("forms.bad_time", label=entry.label, value=text)


def _number(entry: Entry, text: str) -> str:
    plain = text.replace(",", "").replace("\uff0c", "")
    if not _NUMBER.fullmatch(plain):
        raise BadInput("forms.bad_number", label=entry.label, value=text)
    return plain


def _money(entry: Entry, text: str) -> str:
    fen = Decimal(_number(entry, text)) * 100
    if fen != fen.to_integral_value() or fen < 0:
        raise BadInput("forms.bad_money", label=entry.label, value=text)
    return str(int(fen))


def _choice(entry: Entry, text: str) -> str:
    known = words_of(entry)
    by_text = {word: code for code, word in known.items()}
    codes = {each if each in known else by_text.get(each, "") for each in _PARTS.split(text)}
    if "" in codes or (len(codes) > 1 and not entry.several):
        choices = joined("names", known.values())
        raise BadInput("forms.bad_choice", label=entry.label, value=text, known=choices)
    return " ".join(code for code in known if code in codes)


def _text(_entry: Entry, text: str) -> str:
    return text


def _rows(entry: Entry, text: str) -> str:
    raise BadInput("forms.bad_rows", label=entry.label, value=text)


_READERS: dict[Kind, Callable[[Entry, str], str]] = {
    "text": _text,
    "lines": _text,
    "date": _date,
    "time": _time,
    "number": _number,
    "money": _money,
    "choice": _choice,
    "yes_no": _choice,
    "rows": _rows,
}
