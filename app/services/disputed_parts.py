"""What a person must know to decide: which part a path lies in, and what its field may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import BigInteger, Boolean, Date, Integer, Text

from app.errors import BadInput
from app.models.base import UtcTime, Word
from app.services import questions
from app.services.workplace import Workplace
from app.sync.ledger import revisions_of
from app.sync.revision import Nothing, Sealed
from app.sync.shapes import RECORD_KINDS, Field, Value, unescape
from app.sync.view import view

Entry = Literal["presence", "reference", "truth", "word", "money", "number", "day", "moment", "line", "text"]
"""How a value is entered: ``reference`` names another thing and is not typed; ``line`` is a short text."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a path may hold: ``words`` of a coded one, whether it may be ``empty``, its ``default``."""

    entry: Entry
    words: tuple[str, ...] = ()
    empty: bool = False
    default: Value = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part as last written, by field; ``wording`` is the checklist's text of the item it belongs to."""

    values: Mapping[str, Value] = field(default_factory=dict)
    wording: str = ""


def asked(kind: str, path: str) -> Asked:
    """What the field at ``path`` may hold."""
    if kind not in RECORD_KINDS:
        raise BadInput("sync.unknown_kind", kind=kind)
    found = RECORD_KINDS[kind].field(path)
    if found is None:
        return Asked("presence")
    entry = _entry(found)
    words = tuple(found.type.words) if isinstance(found.type, Word) else ()
    return Asked(entry, words, not found.required, found.default)


def _entry(found: Field) -> Entry:
    """The first kind that fits: a word is also a text, money is also a number."""
    if found.blob or found.name.endswith(("_id", "_key")):
        return "reference"
    kinds: tuple[tuple[type, Entry], ...] = (
        (Boolean, "truth"), (Word, "word"), (BigInteger, "money"), (Integer, "number"),
        (Date, "day"), (UtcTime, "moment"), (Text, "text"),
    )  # fmt: skip
    return next((entry for kind, entry in kinds if isinstance(found.type, kind)), "line")


def parts(place: Workplace, *, kind: str, record_id: str, paths: Iterable[str]) -> dict[str, Part]:
    """The part that each path lies in, by path; paths of the record itself are left out.

    A part that is in dispute itself is told as it stood before somebody removed it.
    """
    if kind not in RECORD_KINDS:
        raise BadInput("sync.unknown_kind", kind=kind)
    with place.read() as session:
        known = revisions_of(session, kind, [record_id]).get(record_id, [])
    values = dict(_values(known))
    inside = [path for path in paths if "/" in path]
    return {path: _part(place, values, "/".join(path.split("/")[:2])) for path in inside}


def _part(place: Workplace, values: Mapping[str, Value], at: str) -> Part:
    name, key = at.split("/")
    inside = {path.rpartition("/")[2]: each for path, each in values.items() if path.startswith(f"{at}/")}
    item = unescape(key) if name == "answers" else str(inside.get("item", ""))
    return Part(inside, _wording(place, values, item) if item else "")


def _values(known: Sequence[Sealed]) -> Iterator[tuple[str, Value]]:
    """What the record's columns hold; those of a removed part stand as they were."""
    seen = view(known)
    for path in seen.values:
        shown = seen.shown(path)
        if not isinstance(shown, Nothing):
            yield path, shown


def _wording(place: Workplace, values: Mapping[str, Value], item: str) -> str:
    """The item's text; empty where its checklist is not on this device."""
    named = str(values.get("checklist_id", "")), str(values.get("checklist_version", ""))
    try:
        found = questions.version_of(place, *named).item(item)
    except BadInput:
        return ""
    return "" if found is None else found.text
