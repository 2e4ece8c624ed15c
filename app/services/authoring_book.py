"""The workbook in which an office edits a checklist: items, the words to choose from, how to fill it in."""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.checklists.authoring import AuthoringRow, rows_of
from app.checklists.authoring_words import LISTS, Column, authoring_words, choices
from app.checklists.schema import Checklist
from app.statistics.sheet import HEADING, PLAIN, Look, display_width, height_of, put, set_page

SPARE_ROWS = 400
"""Rows below the last one that offer the lists of words too."""

TALLEST = 400.0
"""Points that a row may be high; Excel takes 409."""

_CELL = Look(size=10, boxed=True)
_STRONG = Look(size=10, boxed=True, bold=True, filled=True, ground="DDEBF7")
_UNUSED = Look(size=10, boxed=True, filled=True, ground="EDEDED")
_TEXT = "@"


def authoring_workbook(checklist: Checklist) -> Workbook:
    """The workbook of a checklist, ready to be edited and taken in again."""
    words = authoring_words()
    book = Workbook()
    sheet = book.active
    sheet.title = words.sheets["items"]
    rows = rows_of(checklist)
    _headings(sheet)
    for number, row in enumerate(rows, 2):
        _write(sheet, number, row)
    lists = book.create_sheet(words.sheets["words"])
    _offer(sheet, _write_lists(lists), len(rows) + 1 + SPARE_ROWS)
    _write_guide(book.create_sheet(words.sheets["guide"]), words.guide)
    book.properties.title = checklist.title
    return book


def _headings(sheet: Worksheet) -> None:
    for place, column in enumerate(authoring_words().columns, 1):
        put(sheet, 1, place, column.heading, HEADING)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.row_dimensions[1].height = 22
    # The kind and the number stay in sight whatever is scrolled to.
    sheet.freeze_panes = "C2"
    set_page(sheet, "A3")
    sheet.print_title_rows = "1:1"


def _write(sheet: Worksheet, number: int, row: AuthoringRow) -> None:
    words = authoring_words()
    kind = next(name for name, shown in words.kinds.items() if shown == row.cells["kind"])
    tallest = 18.0
    for place, column in enumerate(words.columns, 1):
        text = row.cells.get(column.key, "")
        cell = put(sheet, number, place, text or None, _look(column, kind))
        cell.number_format = _TEXT
        if text:
            tallest = max(tallest, height_of(text, column.width))
    sheet.row_dimensions[number].height = min(tallest, TALLEST)


def _look(column: Column, kind: str) -> Look:
    if kind not in column.rows:
        return _UNUSED
    return _STRONG if kind in {"checklist", "section"} else _CELL


def _write_lists(sheet: Worksheet) -> dict[str, str]:
    """Write every list of words and tell the range where each stands."""
    ranges: dict[str, str] = {}
    for place, name in enumerate(LISTS, 1):
        shown = list(choices(name).values())
        heading = _heading_of(name)
        put(sheet, 1, place, heading, HEADING)
        for row, text in enumerate(shown, 2):
            put(sheet, row, place, text, PLAIN)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(map(display_width, [heading, *shown])) + 3
        ranges[name] = f"'{sheet.title}'!${letter}$2:${letter}${len(shown) + 1}"
    sheet.freeze_panes = "A2"
    return ranges


def _heading_of(name: str) -> str:
    """The heading of the column that a list of words is for."""
    using = [column.heading for column in authoring_words().columns if column.choices == name]
    return using[0] if using else authoring_words().column("dispositions").heading


def _offer(sheet: Worksheet, ranges: dict[str, str], last: int) -> None:
    """Let cells be chosen from their list; what stands there otherwise is told when it is taken in."""
    for place, column in enumerate(authoring_words().columns, 1):
        if not column.choices:
            continue
        letter = get_column_letter(place)
        offered = DataValidation(type="list", formula1=f"={ranges[column.choices]}", allow_blank=True)
        offered.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(offered)


def _write_guide(sheet: Worksheet, lines: Iterable[str]) -> None:
    sheet.column_dimensions["A"].width = 110
    for row, line in enumerate(lines, 1):
        put(sheet, row, 1, line, PLAIN)
        sheet.row_dimensions[row].height = height_of(line, 110, 10.5)
