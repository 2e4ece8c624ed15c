"""The workbook of a counted table, with the notice's merged headers, and a second sheet that accounts for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app.statistics.account import write_account
from app.statistics.definition import Column
from app.statistics.measures import MEASURES, Counting
from app.statistics.sheet import (
    BODY,
    BODY_BOLD,
    BODY_TEXT,
    HEADING,
    PLAIN,
    PLAIN_RIGHT,
    SMALL,
    TITLE,
    WARNING,
    clean,
    display_width,
    height_of,
    put,
    put_across,
    set_page,
)
from app.statistics.table import Cell, Table
from app.statistics.watermark import add_watermark
from app.statistics.words import word

TITLE_ROW, UNIT_ROW, DATE_ROW, HEADING_ROW = 2, 3, 4, 5
NUMBER_WIDTH, WORDS_WIDTH = 7.6, 14.0
PIXELS = 7
"""A unit of column width on screen, with the usual font."""

MONEY_FORMAT = "0.00"


def table_workbook(table: Table, *, draft: bool = False) -> Workbook:
    """The workbook of a table; a ``draft`` says so on every page."""
    book = Workbook()
    sheet = book.active
    sheet.title = _sheet_name(table.title)
    _Form(sheet, table).write(draft=draft)
    write_account(book.create_sheet(word("workbook", "checks_sheet")), table)
    book.properties.title = clean(table.title)
    book.properties.creator = clean(table.unit)
    return book


def _sheet_name(title: str) -> str:
    """A title as a sheet may be named: 31 characters, none of those Excel refuses."""
    return "".join(each for each in clean(title) if each not in r"[]:*?/\'")[:31]


def _day(day: date) -> str:
    return word("workbook", "day", year=day.year, month=day.month, day=day.day)


def _shown(cell: Cell) -> str:
    if cell.value is None:
        return ""
    return f"{cell.value:.2f}" if isinstance(cell.value, Decimal) else str(cell.value)


class _Form:
    """The first sheet: the table as the notice prints it."""

    def __init__(self, sheet: Worksheet, table: Table) -> None:
        self._sheet = sheet
        self._table = table
        self._labelled = bool(table.definition.dimension_label)
        self._first = 2 if self._labelled else 1
        self._last = self._first + len(table.columns) - 1
        self._grouped = any(column.group for column in table.columns)
        self._body_row = HEADING_ROW + (2 if self._grouped else 1)
        labels = [table.definition.dimension_label, *(row.label for row in table.rows)]
        self._label_width = max(map(display_width, labels)) + 3 if self._labelled else 0
        self._widths = tuple(self._width_of(column) for column in table.columns)
        self._width = self._label_width + sum(self._widths)

    def write(self, *, draft: bool) -> None:
        """Write everything."""
        self._set_widths()
        self._write_head(draft=draft)
        self._write_headings()
        row = self._write_body()
        row = self._write_footnotes(row)
        self._set_pages(row - 1)

    def _heading(self, column: Column) -> str:
        name = column.heading or column.name
        return word("workbook", "heading", name=name, unit=column.unit) if column.unit else name

    def _set_widths(self) -> None:
        dimensions = self._sheet.column_dimensions
        if self._labelled:
            dimensions["A"].width = self._label_width
        for index, width in enumerate(self._widths, self._first):
            dimensions[get_column_letter(index)].width = width

    def _width_of(self, column: Column) -> float:
        if MEASURES[column.measure].counting is Counting.WORDS:
            return WORDS_WIDTH
        shown = (_shown(cells[column.key]) for cells in self._table.cells.values())
        return max(NUMBER_WIDTH, *(display_width(text) + 1.6 for text in shown))

    def _write_head(self, *, draft: bool) -> None:
        sheet, table, definition = self._sheet, self._table, self._table.definition
        across = (1, self._last)
        title = word("workbook", "draft_title", title=table.title) if draft else table.title
        put_across(sheet, 1, (1, 2), definition.annex, PLAIN)
        put_across(sheet, TITLE_ROW, across, title, TITLE)
        put_across(sheet, UNIT_ROW, across, definition.unit_label + table.unit, PLAIN)
        half = max(2, self._last // 2)
        put_across(sheet, DATE_ROW, (1, half), definition.made_on_label + _day(table.made_on), PLAIN)
        period = word("workbook", "period", first=_day(table.period.first), last=_day(table.period.last))
        put_across(sheet, DATE_ROW, (half + 1, self._last), period, PLAIN_RIGHT)
        sheet.row_dimensions[TITLE_ROW].height = 34
        for row in (1, UNIT_ROW, DATE_ROW):
            sheet.row_dimensions[row].height = 20
        if draft:
            self._mark_as_draft()

    def _mark_as_draft(self) -> None:
        failed = sum(not check.passed for check in self._table.checks)
        key = "draft_line" if failed else "draft_line_asked"
        put_across(self._sheet, 1, (3, self._last), word("workbook", key, count=failed), WARNING)
        start = get_column_letter(max(1, round(self._last * 0.3)))
        width = self._width * PIXELS * 0.45
        add_watermark(self._sheet, word("workbook", "draft"), f"{start}{self._body_row - 1}", width)

    def _write_headings(self) -> None:
        if self._labelled:
            label = self._table.definition.dimension_label
            put_across(self._sheet, HEADING_ROW, (1, 1), label, HEADING, down=self._body_row - HEADING_ROW)
        for group, first, last in self._groups():
            if group:
                put_across(self._sheet, HEADING_ROW, (first, last), group, HEADING)
        for index, column in enumerate(self._table.columns, self._first):
            row = self._body_row - 1 if column.group else HEADING_ROW
            put_across(
                self._sheet, row, (index, index), self._heading(column), HEADING, down=self._body_row - row
            )
        self._set_heading_heights()

    def _groups(self) -> Iterator[tuple[str, int, int]]:
        numbered = enumerate(self._table.columns, self._first)
        for group, members in groupby(numbered, key=lambda each: each[1].group):
            indexes = [index for index, _ in members]
            yield group, indexes[0], indexes[-1]

    def _set_heading_heights(self) -> None:
        heights = map(height_of, map(self._heading, self._table.columns), self._widths)
        self._sheet.row_dimensions[self._body_row - 1].height = max(24, *heights)
        if self._grouped:
            first = self._first
            groups = [
                height_of(name, sum(self._widths[start - first : end - first + 1]))
                for name, start, end in self._groups()
            ]
            self._sheet.row_dimensions[HEADING_ROW].height = max(24, *groups)

    def _write_body(self) -> int:
        at = self._body_row
        for row in self._table.rows:
            look = BODY_BOLD if row.total and self._labelled else BODY
            if self._labelled:
                put(self._sheet, at, 1, row.label, look if row.total else BODY_TEXT)
            height = 22.0
            for index, (column, width) in enumerate(zip(self._table.columns, self._widths, strict=True)):
                cell = self._table.cells[row.key][column.key]
                value = cell.value
                written = put(self._sheet, at, self._first + index, value, look)
                if cell.note:
                    written.comment = Comment(cell.note, clean(self._table.unit))
                if MEASURES[column.measure].money:
                    written.number_format = MONEY_FORMAT
                if isinstance(value, str):
                    height = max(height, height_of(value, width))
            self._sheet.row_dimensions[at].height = height
            at += 1
        return at

    def _write_footnotes(self, row: int) -> int:
        for text in self._footnotes():
            put_across(self._sheet, row, (1, self._last), text, SMALL)
            self._sheet.row_dimensions[row].height = height_of(text, self._width, SMALL.size)
            row += 1
        return row

    def _footnotes(self) -> Iterator[str]:
        yield from self._table.notes
        if self._table.left_out:
            items = [
                word("workbook", "left_out_item", label=each.label, count=each.count)
                for each in self._table.left_out
            ]
            yield word("workbook", "left_out_line", what=word("workbook", "semicolon").join(items))

    def _set_pages(self, last_row: int) -> None:
        set_page(self._sheet, self._table.definition.paper)
        self._sheet.print_area = f"A1:{get_column_letter(self._last)}{last_row}"
        self._sheet.print_title_rows = f"{HEADING_ROW}:{self._body_row - 1}"
        self._sheet.freeze_panes = self._sheet.cell(self._body_row, self._first)
