"""Templates of form descriptions, filled from a record.

``{organization.name}``
    the value; a date, a time or a list is written the way paper wants it.
``{inspection.category:task_source}``, ``{order.fine:yuan}``
    the value as a word of that vocabulary, or by that pattern of ``words.toml``.
``{order.facts|12}``
    a line of twelve characters to write on when the value is missing.
``{order.kind?at_once}``
    a tick box, ticked when the value is (or contains) one of the words after the question mark.
``{paper.delivery:boxes}``
    a tick box with its text for every word of an entry's choice, the chosen ones ticked.
``<……{a.b}……>``
    a part that is left out when the first value in it is missing.

A condition (``when``) names a value that must be there, or that must be one of some words
(``paper.online?yes``), or with ``!`` in front that is not; ``|`` stands between conditions of which one
is enough, and ``blank`` is a paper to be filled in by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone

from app import wording
from app.errors import Bug
from app.forms.entries import Chosen
from app.forms.fonts import EMPTY_BOX, TICKED_BOX
from app.forms.phrases import words
from app.forms.schema import Each

Scope = Mapping[str, object]

_TOKEN = re.compile(
    r"\{(?P<path>[a-z_.]+)(?:\?(?P<words>[\w,]+))?(?::(?P<format>\w+))?(?:\|(?P<blank>\d+))?\}"
)
_VALUE_END = "\ufdd0"
"""Stands behind every value while a template is filled: no character at all, so no text has it."""
_DOUBLED = re.compile(f"[\u3002\uff1b;.]{_VALUE_END}+(?=[\u3002\uff1b])")
_OPTIONAL = re.compile(r"(<[^<>]*>)")
_CHINA = timezone(timedelta(hours=8))
"""China keeps one time without summer time, so paper never depends on this machine's zone."""


def lookup(scope: Scope, path: str) -> object:
    """The value at a dotted path; ``None`` where any part of it is missing or empty."""
    value: object = scope
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, Chosen):
        return value if value.codes else None
    return None if value in ("", [], ()) else value


def rows(scope: Scope, path: str) -> Sequence[Scope]:
    """The list of mappings at ``path``, each as a scope with ``item`` and ``index`` added."""
    value = lookup(scope, path)
    if value is None:
        return []
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise Bug("forms.not_a_list", key=path)
    return [{**scope, "item": row, "index": number} for number, row in enumerate(value, 1)]


def holds(scope: Scope, condition: str) -> bool:
    """Whether a condition is met; an empty one always is."""
    return not condition or any(_met(scope, each.strip()) for each in condition.split("|"))


def _met(scope: Scope, condition: str) -> bool:
    if condition.startswith("!"):
        return not _met(scope, condition[1:])
    path, asked, wanted = condition.partition("?")
    value = lookup(scope, path)
    return _ticked(value, wanted.split(",")) if asked else value is not None and value is not False


def conditions(condition: str) -> Iterator[str]:
    """Every key that a condition reads."""
    return (each.strip().lstrip("!").partition("?")[0] for each in condition.split("|") if each.strip())


def paths(template: str) -> Iterator[str]:
    """Every key that ``template`` reads."""
    return (match["path"] for match in _TOKEN.finditer(template))


def formats(template: str) -> Iterator[str]:
    """Every vocabulary or pattern that ``template`` names."""
    return (match["format"] for match in _TOKEN.finditer(template) if match["format"])


def fill(template: str, scope: Scope) -> str:
    """``template`` with its values; what the values contain is never read as a template.

    Where the template has a full stop behind a value that ends with one, one is printed.
    """
    text = "".join(_part(part, scope) for part in _OPTIONAL.split(template))
    return _DOUBLED.sub("", text).replace(_VALUE_END, "")


def fill_each(each: Each, scope: Scope) -> str:
    """The text of every row of a list, after its lead; empty when there are no rows."""
    texts = [fill(each.text, row) for row in rows(scope, each.rows)]
    return each.lead + each.join.join(texts) if texts else ""


def _part(part: str, scope: Scope) -> str:
    if part.startswith("<"):
        first = _TOKEN.search(part)
        if first is not None and lookup(scope, first["path"]) is None:
            return ""
        part = part[1:-1]
    return _TOKEN.sub(lambda match: f"{_value(match, scope)}{_VALUE_END}", part)


def _value(match: re.Match[str], scope: Scope) -> str:
    value = lookup(scope, match["path"])
    if match["format"] == "boxes":
        return _boxes(scope, match["path"])
    if match["words"]:
        return TICKED_BOX if _ticked(value, match["words"].split(",")) else EMPTY_BOX
    if value is None:
        return _blank(match)
    return written(value, match["format"] or "", match["path"])


def _boxes(scope: Scope, path: str) -> str:
    group, _, name = path.rpartition(".")
    found = lookup(scope, group)
    chosen = found.get(name) if isinstance(found, Mapping) else None
    if not isinstance(chosen, Chosen):
        return ""
    ticked = (
        (TICKED_BOX if code in chosen.codes else EMPTY_BOX, text) for code, text in chosen.words.items()
    )
    return words("furniture")["boxes"].join(f"{box}{text}" for box, text in ticked)


def _ticked(value: object, wanted: Sequence[str]) -> bool:
    if isinstance(value, Chosen):
        value = value.codes
    chosen = value if isinstance(value, list | tuple | set | frozenset) else (value,)
    return any(str(word) in wanted for word in chosen if word is not None)


def _blank(match: re.Match[str]) -> str:
    if match["blank"]:
        return words("furniture")["line"] * int(match["blank"])
    return words("blank").get(match["format"] or "", "")


def written(value: object, style: str = "", key: str = "") -> str:
    """A value as paper shows it; ``style`` is a vocabulary or a pattern of ``words.toml``."""
    if isinstance(value, Chosen):
        return words("furniture")["join"].join(value.words.get(code, code) for code in value.codes)
    if isinstance(value, list | tuple):
        return words("furniture")["join"].join(written(one, style, key) for one in value)
    if isinstance(value, datetime):
        return _moment(value, style or "datetime")
    if isinstance(value, date):
        return words("format")["date"].format(year=value.year, month=value.month, day=value.day)
    if style == "yuan" and isinstance(value, int):
        return words("format")["yuan"].format(yuan=f"{value // 100:,}", fen=value % 100)
    if isinstance(value, str | int):
        return wording.label(style, str(value)) if style else str(value)
    raise Bug("forms.unprintable", key=key, type=type(value).__name__)


def _moment(value: datetime, style: str) -> str:
    local = value.astimezone(_CHINA) if value.tzinfo else value
    return words("format")[style].format(
        year=local.year, month=local.month, day=local.day, hour=local.hour, minute=local.minute
    )
