"""A checklist as the rows of a workbook that an office edits; pure.

Each row is one thing: the head, a section, a field of its instances, an item, one of its measures, a
rule of the conclusion. What a kind of row may say is in :data:`FIELDS`; reading rows back is
:mod:`app.checklists.authoring_reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.checklists.authoring_words import Column, authoring_words, choices
from app.checklists.schema import Checklist, Entry, Item, Measure, Section

Cells = dict[str, str]
"""Texts of a row by the key of their column."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a row says: where in the schema it stands, its column, how it is read.

    ``path`` leads into the raw table (``repeat.of``); ``kind`` is ``text``, ``word``, ``flag``,
    ``whole``, ``limit``, ``day``, ``lines``, ``words`` or ``pairs``.
    """

    path: str
    column: str
    kind: str = "text"


_VALUE = (
    Field("id", "id"),
    Field("label", "text"),
    Field("kind", "value_kind", "word"),
    Field("unit", "unit"),
    Field("decimals", "decimals", "whole"),
    Field("minimum", "minimum", "limit"),
    Field("maximum", "maximum", "limit"),
    Field("required", "required", "flag"),
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "checklist": (
        Field("id", "id"),
        Field("title", "text"),
        Field("version", "version"),
        Field("inspection_type", "type", "word"),
        Field("effective_from", "effective", "day"),
        Field("source", "source"),
    ),
    "section": (
        Field("id", "id"),
        Field("formerly", "formerly", "lines"),
        Field("title", "text"),
        Field("condition", "condition", "condition"),
        Field("repeat.of", "repeat", "word"),
        Field("repeat.title", "together"),
        Field("repeat.minimum", "minimum", "whole"),
        Field("repeat.maximum", "maximum", "whole"),
    ),
    "field": _VALUE,
    "item": (
        Field("id", "id"),
        Field("formerly", "formerly", "lines"),
        Field("text", "text"),
        Field("how", "how"),
        Field("evidence", "evidence"),
        Field("condition", "condition", "condition"),
        Field("basis", "basis", "word"),
        Field("default_severity", "severity", "word"),
        Field("photos_required", "photos", "whole"),
        Field("references", "references", "lines"),
        Field("penalty_references", "penalties", "lines"),
        Field("dispositions", "dispositions", "words"),
        Field("required", "required", "flag"),
        Field("allow_not_applicable", "not_applicable", "flag"),
        Field("starred", "starred", "flag"),
        Field("number", "number"),
        Field("check.rule", "rule", "word"),
        Field("check.inputs", "inputs", "pairs"),
        Field("check.limits", "limits", "pairs"),
    ),
    "measure": _VALUE,
    "conclusion": (Field("result", "result", "word"), Field("when", "condition", "condition")),
}

BETWEEN = ";\n"
"""Stands between the parts of a list: a mark as well as a new line, since some programs lose the line."""

UNNAMED = ("minimum", "maximum")
"""Limits of a measure that are called otherwise for a date or a time."""


@dataclass(frozen=True, slots=True)
class AuthoringRow:
    """A row as it is written: its kind and its texts."""

    kind: str
    cells: Cells = field(default_factory=dict)


def rows_of(checklist: Checklist) -> tuple[AuthoringRow, ...]:
    """Every row of a checklist in order."""
    return tuple(_rows(checklist))


def _rows(checklist: Checklist) -> Iterator[AuthoringRow]:
    yield _row("checklist", checklist)
    for section in checklist.sections:
        yield _row("section", section)
        if section.repeat is not None:
            yield from (_row("field", each) for each in section.repeat.fields)
        for item in section.items:
            yield _row("item", item)
            own = () if item.measure is None else (item.measure,)
            yield from (_row("measure", each) for each in (*own, *item.measures))
    yield from (_row("conclusion", rule) for rule in checklist.conclusion)


def _row(kind: str, source: object) -> AuthoringRow:
    cells = {"kind": authoring_words().kinds[kind]}
    for each in FIELDS[kind]:
        value = _value(source, each.path)
        if text := "" if value is None else _WRITERS[each.kind](each, value):
            cells[each.column] = text
    return AuthoringRow(kind, cells)


def _value(source: object, path: str) -> object:
    """What stands at a path; a limit of a date or a time stands under its other name."""
    for step in path.split("."):
        if source is None or (step == "id" and not isinstance(source, Entry | Item | Section | Checklist)):
            return None
        if isinstance(source, Measure) and step in UNNAMED and getattr(source, step) is None:
            step = {"minimum": "earliest", "maximum": "latest"}[step]  # noqa: PLW2901
        source = getattr(source, step)
    return source


def word_column(each: Field) -> Column:
    """The column that a field stands in, with its list of words."""
    return authoring_words().column(each.column)


def _text(_field: Field, value: object) -> str:
    return str(value)


def _word(each: Field, value: object) -> str:
    return choices(word_column(each).choices)[str(value)]


def _flag(_field: Field, value: object) -> str:
    return authoring_words().yes if value else authoring_words().no


def _lines(_field: Field, value: object) -> str:
    assert isinstance(value, Iterable)
    return BETWEEN.join(map(str, value))


def _words(each: Field, value: object) -> str:
    assert isinstance(value, Iterable)
    known = choices("disposition") if each.path == "dispositions" else {}
    return BETWEEN.join(known[str(word)] for word in value)


def _pairs(_field: Field, value: object) -> str:
    assert isinstance(value, Mapping)
    return BETWEEN.join(f"{name}={source}" for name, source in value.items())


_WRITERS: Mapping[str, Callable[[Field, object], str]] = {
    "text": _text, "condition": _text, "word": _word, "flag": _flag, "whole": _text, "limit": _text,
    "day": _text, "lines": _lines, "words": _words, "pairs": _pairs,
}  # fmt: skip
