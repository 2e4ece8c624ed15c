"""Where in an edited workbook something stands: the rows that raw tables came from, the cells of problems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.checklists.entries import number
from app.checklists.schema import MeasureKind

_SHAPES = {MeasureKind.DATE: re.compile(r"\d{4}-\d\d-\d\d"), MeasureKind.TIME: re.compile(r"\d\d:\d\d")}

_BY_CODE = {
    "bad_condition": "condition", "unknown_item": "condition", "forward_condition": "condition",
    "no_measure": "condition", "unknown_fact": "condition", "conclusion_only": "condition",
    "condition_into_repeat": "condition", "unknown_group": "condition",
    "unknown_rule": "rule", "unknown_input": "inputs", "unknown_source": "inputs", "wrong_kind": "inputs",
    "input_missing": "inputs", "unknown_limit": "limits", "limit_missing": "limits",
    "bad_limits": "minimum", "bad_id": "id", "bad_former": "formerly", "duplicate_measure": "id",
}  # fmt: skip
"""Codes of the loader and the column that each is about."""


@dataclass(slots=True)
class At:
    """The row that something came from, with the raw table that it became."""

    row: int
    kind: str
    raw: dict[str, object] = field(default_factory=dict)


def letters(index: int) -> str:
    """Column letters for a place from zero, as Excel shows them."""
    name = ""
    while index >= 0:
        name = chr(65 + index % 26) + name
        index = index // 26 - 1
    return name


def crossed(at: At) -> bool:
    """Whether the limits of a value cannot hold together, or are none of its kind."""
    low, high = str(at.raw.get("minimum", "")), str(at.raw.get("maximum", ""))
    kind = at.raw.get("kind", MeasureKind.NUMBER)
    if kind in {MeasureKind.DATE, MeasureKind.TIME}:
        shape = _SHAPES[MeasureKind(str(kind))]
        return any(limit and not shape.fullmatch(limit) for limit in (low, high)) or bool(
            low and high and low > high
        )
    if kind != MeasureKind.NUMBER:
        return bool(low or high)
    first, last = number(low), number(high)
    return (bool(low) and first is None) or (first is not None and last is not None and first > last)


def column_of(word: str, values: Mapping[str, str | int], at: At | None) -> str:
    """The column of the cell that a problem of the loader is about."""
    if word == "blank_field":
        return str(values.get("field"))
    if word in {"unknown_reference", "not_in_force"} and at is not None:
        usual = at.raw.get("references", [])
        assert isinstance(usual, list)
        return "references" if values.get("reference") in usual else "penalties"
    return _BY_CODE.get(word, "id")
