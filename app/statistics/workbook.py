"""The workbook of a counted table: the notice's merged headers, a sheet that accounts for it, supplements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app.clock import local_date
from app.statistics.account import shown_value, write_account, write_changes
from app.statistics.changes import CellChange
from app.statistics.definition import Column, Row
from app.statistics.measures import MEASURES, Counting
from app.statistics.sheet import (
    BODY,
    BODY_BOLD,
    BODY_TEXT,
    CHANGED,
    HEADING,
    PLAIN,
    PLAIN_RIGHT,
    SMALL,
    TITLE,
    WARNING,
    Look,
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
FIRST_HEIGHT, TITLE_HEIGHT, UNIT_HEIGHT, DATE_HEIGHT = 20, 34, 44, 24
"""Together 122 points above the headings: a seal of 42 mm stands over the unit and touches no number."""

NUMBER_WIDTH, WORDS_WIDTH = 7.6, 14.0
PIXELS = 7
"""A unit of column width on screen, with the usual font."""

MONEY_FORMAT = "0.00"
BODY_HEIGHT = 22.0
ONE_PAGE = 24
"""A table of so many rows at most is printed on one page, as its notice prints it; lists run on."""


@dataclass(frozen=True, slots=True)
class Mark:
    """That a table was sent, when and by whom; a supplement's ``sequence`` and what it changed."""

    sent_at: datetime
    sent_by: str
    sequence: int = 0
    changes: tuple[CellChange, ...] = ()

    @property
    def line(self) -> str:
        """The line that says so."""
        key = "supplement_line" if self.sequence else "sent_line"
        day = _day(local_date(self.sent_at))
        return word(
            "workbook", key, day=day, name=self.sent_by, number=self.sequence, count=len(self.changes)
        )


def table_workbook(table: Table, *, draft: bool = False, mark: Mark | None = None) -> Workbook:
    """The workbook of a table; a ``draft`` says so on every page, a sent one carries its ``mark``."""
    book = Workbook()
    sheet = book.active
    sheet.title = _sheet_name(table.title)
    _Form(sheet, table, mark).write(draft=draft)
    if mark is not None and mark.sequence:
        write_changes(book.create_sheet(word("workbook", "changes_sheet")), mark.changes)
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
    return shown_value(cell.value)


class _Form:
    """The first sheet: the table as the notice prints it."""

    def __init__(self, sheet: Worksheet, table: Table, mark: Mark | None = None) -> None:
        self._sheet = sheet
        self._table = table
        self._mark = mark
        told = mark.changes if mark is not None else ()
        self._changed = {(each.row, each.column): each for each in told}
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
        if column.width:
            return column.width
        if MEASURES[column.measure].counting is Counting.WORDS:
            return WORDS_WIDTH
        # As wide as the longest number, for a number that finds no room is printed as ####.
        shown = (_shown(cells[column.key]) for cells in self._table.cells.values())
        return max((NUMBER_WIDTH, *(display_width(text) + 1.6 for text in shown)))

    def _write_head(self, *, draft: bool) -> None:
        sheet, table, definition = self._sheet, self._table, self._table.definition
        across = (1, self._last)
        put_across(sheet, 1, (1, 2), definition.annex, PLAIN)
        put_across(sheet, TITLE_ROW, across, self._title(draft=draft), TITLE)
        put_across(sheet, UNIT_ROW, across, definition.unit_label + table.unit, PLAIN)
        period = self._period()
        left = self._columns_left_of(display_width(period) * PLAIN.size / 10 + 2)
        put_across(sheet, DATE_ROW, (1, left), definition.made_on_label + _day(table.made_on), PLAIN)
        put_across(sheet, DATE_ROW, (left + 1, self._last), period, PLAIN_RIGHT)
        heights = (FIRST_HEIGHT, TITLE_HEIGHT, UNIT_HEIGHT, DATE_HEIGHT)
        for row, height in enumerate(heights, 1):
            sheet.row_dimensions[row].height = height
        if marks := self._marks(draft=draft):
            put_across(sheet, 1, (3, self._last), marks, WARNING)
        if draft:
            self._lay_watermark()

    def _columns_left_of(self, width: float) -> int:
        """How many columns, at most half, leave ``width`` to those right of them; one at least."""
        widths = [self._label_width, *self._widths] if self._labelled else list(self._widths)
        # The more columns the left one spans, the less its own text is cut.
        for left in range(self._last // 2, 1, -1):
            if sum(widths[left:]) >= width:
                return left
        return 1

    def _title(self, *, draft: bool) -> str:
        supplement = self._mark is not None and self._mark.sequence
        key = "draft_title" if draft else "supplement_title" if supplement else "title"
        return word("workbook", key, title=self._table.printed_title)

    def _period(self) -> str:
        period = self._table.period
        key = "cutoff" if self._table.definition.listing == "certificates" else "period"
        return word("workbook", key, first=_day(period.first), last=_day(period.last))

    def _marks(self, *, draft: bool) -> str:
        """What the reader is told before anything else: a draft, a proposal, a sent one."""
        failed = sum(not check.passed for check in self._table.checks)
        said = []
        if draft:
            said.append(word("workbook", "draft_line" if failed else "draft_line_asked", count=failed))
        if self._table.definition.proposal:
            said.append(word("workbook", "proposal_line"))
        if self._mark is not None:
            said.append(self._mark.line)
        return word("workbook", "semicolon").join(said)

    def _lay_watermark(self) -> None:
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
            self._write_row(at, row)
            at += 1
        return at

    def _write_row(self, at: int, row: Row) -> None:
        look = BODY_BOLD if row.total and self._labelled else BODY
        if self._labelled:
            centred = row.total or self._table.definition.listing
            put(self._sheet, at, 1, row.label, look if centred else BODY_TEXT)
        height = BODY_HEIGHT
        for index, (column, width) in enumerate(zip(self._table.columns, self._widths, strict=True)):
            cell = self._table.cells[row.key][column.key]
            written = put(
                self._sheet, at, self._first + index, cell.value, self._look(row, column, cell, look)
            )
            if note := self._comment(row, column, cell):
                written.comment = Comment(note, clean(self._table.unit))
            if isinstance(cell.value, Decimal):
                written.number_format = MONEY_FORMAT
            if isinstance(cell.value, str):
                height = max(height, height_of(cell.value, width))
        self._sheet.row_dimensions[at].height = height

    def _look(self, row: Row, column: Column, cell: Cell, look: Look) -> Look:
        if MEASURES[column.measure].counting is Counting.LISTED and isinstance(cell.value, str):
            look = BODY_TEXT
        changed = (row.key, column.key) in self._changed
        return replace(look, filled=True, ground=CHANGED) if changed else look

    def _comment(self, row: Row, column: Column, cell: Cell) -> str:
        change = self._changed.get((row.key, column.key))
        former = [word("workbook", "former", value=shown_value(change.old))] if change else []
        return "\n".join([*former, *([cell.note] if cell.note else [])])

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
        set_page(
            self._sheet,
            self._table.definition.paper,
            whole=len(self._table.rows) <= ONE_PAGE and not self._table.definition.listing,
        )
        self._sheet.print_area = f"A1:{get_column_letter(self._last)}{last_row}"
        self._sheet.print_title_rows = f"{HEADING_ROW}:{self._body_row - 1}"
        self._sheet.freeze_panes = f"{get_column_letter(self._first)}{self._body_row}"
