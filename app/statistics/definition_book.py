"""A table's definition as a workbook that an office edits: re-columned without code.

One sheet each for the table, its columns, rows and checks, and one that tells the known measures. The
headings are those of ``[definition]`` in ``resources/wording/statistics.toml``; lists are written with
commas, ``name=value`` with a sign of equality. Reading gives the same tree as a TOML file, and every
problem with its sheet and row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from app.errors import Place, Problem
from app.statistics.definition import CheckRule, Column, Row, TableDefinition
from app.statistics.definition_text import LISTS, Tree, definition_tree
from app.statistics.loader import read_tree
from app.statistics.sheet import BODY_TEXT, HEADING, put, set_page
from app.statistics.words import word, words_of

PARTS: dict[str, type[Row | Column | CheckRule]] = {
    "columns": Column,
    "rows": Row,
    "checks": CheckRule,
}
UNWRITTEN = frozenset({"alternative", "rows", "columns", "checks", "version", "changed_on"})
"""Fields that are no cells: parts have sheets of their own, versions are counted at the import."""

LISTED = frozenset(
    {"subjects", "causes", "other_than_causes", "referrals", "states", "amounts", "types", "items", "of",
     "values", "includes", "left", "right", "inspection_types"}
)  # fmt: skip
FLAGS = frozenset({"total", "details", "proposal"})
NUMBERS = frozenset({"width", "order"})
COMMA = ","


def definition_workbook(definition: TableDefinition) -> Workbook:
    """The definition, to be edited."""
    tree = definition_tree(definition)
    book = Workbook()
    _write_head(book.active, tree)
    for name, kind in PARTS.items():
        names = [*_names(kind), *(["switched"] if kind is Column else [])]
        _write_part(book.create_sheet(word("definition", name)), names, tree[name])
    _write_measures(book.create_sheet(word("definition", "measures")))
    return book


def _names(kind: type) -> list[str]:
    return [each.name for each in fields(kind) if each.name not in UNWRITTEN]


def _write_head(sheet: Worksheet, tree: Tree) -> None:
    sheet.title = word("definition", "head")
    _headings(sheet, [word("definition", "field"), word("definition", "content")], (24, 100))
    at = 2
    for name in _names(TableDefinition):
        value = tree.get(name, "")
        for each in value if name == "notes" and isinstance(value, list | tuple) else [value]:
            put(sheet, at, 1, word("field", name), BODY_TEXT)
            put(sheet, at, 2, _text(each), BODY_TEXT)
            at += 1


def _write_part(sheet: Worksheet, names: list[str], entries: object) -> None:
    _headings(sheet, [word("field", name) for name in names], [18] * len(names))
    for at, entry in enumerate(entries if isinstance(entries, list) else [], 2):
        for index, name in enumerate(names, 1):
            put(sheet, at, index, _text(entry.get(name, "")), BODY_TEXT)
    sheet.freeze_panes = "C2"


def _write_measures(sheet: Worksheet) -> None:
    _headings(sheet, [word("definition", "measure"), word("definition", "meaning")], (26, 100))
    for at, (name, meaning) in enumerate(words_of("measure").items(), 2):
        put(sheet, at, 1, name, BODY_TEXT)
        put(sheet, at, 2, meaning, BODY_TEXT)


def _headings(sheet: Worksheet, texts: Iterable[str], widths: Iterable[float]) -> None:
    for index, (text, width) in enumerate(zip(texts, widths, strict=True), 1):
        cell = put(sheet, 1, index, text, HEADING)
        sheet.column_dimensions[cell.column_letter].width = width
    set_page(sheet, "A3")


def _text(value: object) -> str:
    match value:
        case bool():
            return word("definition", "yes") if value else ""
        case list() | tuple():
            return COMMA.join(str(each) for each in value)
        case dict():
            return COMMA.join(f"{key}={_inner(each)}" for key, each in value.items())
    return str(value)


def _inner(value: object) -> str:
    """A value within ``name=value``: several parts with a slash, a day as year/month/day."""
    if isinstance(value, dict):
        return "/".join(str(value.get(key, 0)) for key in ("year", "month", "day"))
    return "/".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def read_definition(path: Path) -> tuple[TableDefinition | None, tuple[Problem, ...]]:
    """The definition that a workbook holds, and every problem with its sheet and row."""
    try:
        book = load_workbook(path, read_only=False, data_only=True)
    except (OSError, KeyError, ValueError, BadZipFile, InvalidFileException) as error:
        reason = str(error) or type(error).__name__
        return None, (Problem("statistics.not_workbook", Place(file=path.name), {"reason": reason}),)
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if word("definition", "head") not in sheets:
        return None, (Problem("statistics.not_a_layout", Place(file=path.name)),)
    reader = _BookReader(path.name)
    tree = reader.tree(sheets)
    table, found = read_tree(path.name, tree, reader.places)
    return table, (*reader.problems, *found)


class _BookReader:
    """Collects the tree and where each of its parts stands."""

    def __init__(self, name: str) -> None:
        self.problems: list[Problem] = []
        self.places: dict[tuple[str, str], Place] = {}
        self._name = name

    def tree(self, sheets: Mapping[str, Worksheet]) -> Tree:
        """The tree of all sheets; a sheet that is not there is a problem."""
        tree: Tree = {name: [] for name in LISTS}
        for name in ("head", *PARTS):
            title = word("definition", name)
            sheet = sheets.get(title)
            if sheet is None:
                self._report("statistics.no_sheet", Place(file=self._name), sheet=title)
            elif name == "head":
                tree |= self._head(sheet)
            else:
                tree[name] = list(self._entries(sheet, name))
        return tree

    def _head(self, sheet: Worksheet) -> Tree:
        found: Tree = {}
        notes = []
        for at, (label, text) in enumerate(_cells(sheet, 2), 2):
            name = _field(label)
            if name is None and label:
                place = Place(self._name, sheet.title, at + 1, "A")
                self._report("statistics.unknown_heading", place, heading=label)
            elif name == "notes" and text:
                notes.append(text)
            elif name and text:
                found[name] = _value(name, text)
        return found | ({"notes": notes} if notes else {})

    def _entries(self, sheet: Worksheet, part: str) -> Iterator[Tree]:
        rows = list(_cells(sheet, sheet.max_column, first=1))
        names = [_field(text) for text in rows[0]] if rows else []
        for index, (name, text) in enumerate(zip(names, rows[0] if rows else (), strict=True)):
            if name is None and text:
                place = Place(self._name, sheet.title, 1, sheet.cell(1, index + 1).column_letter)
                self._report("statistics.unknown_heading", place, heading=text)
        for at, texts in enumerate(rows[1:], 2):
            entry = {
                name: _value(name, text) for name, text in zip(names, texts, strict=True) if name and text
            }
            if entry:
                self.places[part, str(entry.get("key", ""))] = Place(self._name, sheet.title, at)
                yield entry

    def _report(self, code: str, place: Place, **values: str | int) -> None:
        self.problems.append(Problem(code, place, dict(values)))


def _cells(sheet: Worksheet, width: int, first: int = 2) -> Iterator[tuple[str, ...]]:
    for row in sheet.iter_rows(min_row=first, max_col=width, values_only=True):
        cells = (*row, *[None] * (width - len(row)))
        yield tuple("" if cell is None else _plain(cell) for cell in cells)


def _plain(cell: object) -> str:
    """A cell as text: a whole number that a program made a fraction of is whole again."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip(" \t\r\n")


def _field(label: str) -> str | None:
    return {text: name for name, text in words_of("field").items()}.get(label)


def _value(name: str, text: str) -> object:
    """A cell's text as the definition has it; what cannot be read stays text and is reported later."""
    if name in LISTED:
        return _split(text)
    if name in FLAGS:
        return text == word("definition", "yes")
    if name in NUMBERS:
        number = float(text) if text.replace(".", "", 1).isdecimal() else text
        return int(number) if name == "order" and isinstance(number, float) else number
    if name in {"stated", "switched", "period"}:
        return {
            key.strip(): _pair(name, value)
            for key, _, value in (each.partition("=") for each in _split(text))
        }
    return text


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.replace("\uff0c", COMMA).split(COMMA) if each.strip()]


def _pair(name: str, value: str) -> object:
    parts = value.strip().split("/")
    if name == "stated":
        return int(value) if value.strip().isdecimal() else value
    if name == "period":
        days = [int(part) if part.lstrip("-").isdecimal() else part for part in parts]
        return dict(zip(("year", "month", "day"), days, strict=False))
    return parts[0] if value.strip() in {"filed_on", "decided_on", "referred_on"} else parts
