"""What the field of a paper is called, for whoever shows a record's history or what is in conflict."""

from __future__ import annotations

import re
from pathlib import Path

from app.forms.entries import Entry, value_of
from app.forms.template import written
from app.services.form_shelf import forms_of
from app.services.form_values import PLACE
from app.services.workplace import Workplace
from app.wording import label

_OFFERED = re.compile(r"p(\d+)")
"""The key of a row that was prefilled: its place among those that were offered."""


def paper_title(place: Workplace | Path | None, *, form: str) -> str:
    """The title of a form; its id where there is no such form here."""
    found = forms_of(place).get(form)
    return form if found is None else found.title


def paper_field_label(place: Workplace | Path | None, *, form: str, key: str) -> str:
    """The label of a paper's field.

    ``key`` is ``<entry>`` or ``<entry>.<row>.<column>``, without the paper's own key in front. What no
    form here knows (another office's form, or one that has changed since) keeps its key.
    """
    name, _, rest = key.partition(".")
    entry = _entry(place, form, name)
    if entry is None or not rest:
        return key if entry is None else entry.label
    row, _, column = rest.partition(".")
    return label("paper_field", "cell").format(
        entry=entry.label, row=_row_text(row), column=_column_label(entry, column)
    )


def paper_field_text(place: Workplace | Path | None, *, form: str, key: str, value: str) -> str:
    """A kept value of a paper's field as the paper has it: choices in words, money in yuan."""
    name, _, rest = key.partition(".")
    entry = _entry(place, form, name)
    column = rest.partition(".")[2]
    if entry is not None and rest:
        entry = next((each for each in entry.columns if each.id == column), None)
    return value if entry is None or not value else _text(entry, value)


def _entry(place: Workplace | Path | None, form: str, name: str) -> Entry | None:
    found = forms_of(place).get(form)
    return found.entry(name) if found is not None else None


def _text(entry: Entry, value: str) -> str:
    return written(value_of(entry, value), "yuan" if entry.kind == "money" else "")


def _row_text(row: str) -> str:
    offered = _OFFERED.fullmatch(row)
    return offered[1] if offered else f"#{row}"


def _column_label(entry: Entry, column: str) -> str:
    if column == PLACE:
        return label("paper_field", "place")
    return next((each.label for each in entry.columns if each.id == column), column)
