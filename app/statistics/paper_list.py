"""Lists as workbooks: a table with its heading on every page, and blocks of fields with a place to tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.statistics.sheet import FONT, TITLE_FONT, clean, height_of
from app.statistics.words import word

A3, A4 = 8, 9
HALF_INCH = 0.45
TICK_WIDTH = 9
INDENT = 1
"""What an indent takes of a column's width."""
LABEL_WIDTH, CONTENT_WIDTH = 30, 46
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HIGHEST = 409
"""Points; no row of a sheet is higher."""
MOST_BREAKS = 1000
"""A sheet holds 1,023 page breaks."""

Step = Callable[[int], None]
"""Told how many rows or blocks are written; may raise to stop the work."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: its heading, its width in characters, and whether it stands in the middle."""

    title: str
    width: float
    centred: bool = False


@dataclass(frozen=True, slots=True)
class PaperList:
    """A list as it is printed; ``rows`` hold the text of each column."""

    title: str
    unit: str
    day: str
    columns: tuple[ListColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    paper: int = A4


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Some fields under a heading: names with their contents."""

    title: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Everything of one record that is entered elsewhere; ``line`` is its row of the overview."""

    head: str
    line: tuple[str, ...]
    groups: tuple[FieldGroup, ...]


@dataclass(frozen=True, slots=True)
class BlockWords:
    """Headings of the overview and of the blocks, names of the two sheets, and the box to tick."""

    title: str
    remark: str
    overview: str
    sheet: str
    columns: tuple[ListColumn, ...]
    systems: tuple[str, ...]
    fields: tuple[str, str, str]
    tick: str


FIELD_COLUMNS = (
    ListColumn("", LABEL_WIDTH),
    ListColumn("", CONTENT_WIDTH),
    ListColumn("", TICK_WIDTH, centred=True),
)


class _Book:
    """A workbook with the looks that lists have."""

    def __init__(self, target: BinaryIO) -> None:
        self.book: Workbook = xlsxwriter.Workbook(target, {**OPTIONS, "in_memory": True})
        self.title = self._look(16, face=TITLE_FONT, align="center")
        self.plain, self.right = self._look(10.5), self._look(10.5, align="right")
        self.small = self._look(9)
        self.heading = self._look(10, align="center", boxed=True, filled=True)
        self.body, self.middle = self._look(10, boxed=True), self._look(10, align="center", boxed=True)
        self.block = self._look(11, face=TITLE_FONT)

    def _look(
        self, size: float, *, face: str = FONT, align: str = "left", boxed: bool = False, filled: bool = False
    ) -> Format:
        shape = {
            "font_name": face, "font_size": size, "align": align, "valign": "vcenter", "text_wrap": True,
            "num_format": "@",
        }  # fmt: skip
        if boxed:
            shape["border"] = 1
            shape["indent"] = int(align == "left")
        if filled:
            shape["bg_color"] = "#F2F2F2"
        return self.book.add_format(shape)

    def sheet(self, name: str, *, landscape: bool, paper: int = A4) -> Worksheet:
        """A sheet that is one page wide, page n of m below."""
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(paper)
        sheet.set_landscape() if landscape else sheet.set_portrait()
        sheet.set_margins(left=HALF_INCH, right=HALF_INCH, top=0.7, bottom=0.8)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C" + word("workbook", "page"))
        return sheet

    def text(self, sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
        """Text that stays text; nothing stays an empty cell."""
        if text:
            sheet.write_string(row, column, clean(text), look)
        else:
            sheet.write_blank(row, column, None, look)

    def row(self, sheet: Worksheet, row: int, texts: Sequence[str], columns: Sequence[ListColumn]) -> None:
        """A row of texts, as high as the longest needs."""
        for index, (text, column) in enumerate(zip(texts, columns, strict=True)):
            self.text(sheet, row, index, text, self.middle if column.centred else self.body)
        high = max(
            height_of(text, column.width - INDENT) for text, column in zip(texts, columns, strict=True)
        )
        sheet.set_row(row, min(high, HIGHEST))

    def across(self, sheet: Worksheet, row: int, last: int, text: str, look: Format) -> None:
        """Text over all columns."""
        if last:
            sheet.merge_range(row, 0, row, last, clean(text), look)
        else:
            self.text(sheet, row, 0, text, look)


def write_list(target: BinaryIO, told: PaperList, step: Step | None = None) -> None:
    """Write a list on A4 landscape; the headings come again on every page."""
    book = _Book(target)
    sheet = book.sheet(_sheet_name(told.title), landscape=True, paper=told.paper)
    for index, column in enumerate(told.columns):
        sheet.set_column(index, index, column.width)
    first = _write_head(book, sheet, (told.title, told.unit, told.day), told.columns)
    sheet.repeat_rows(first - 1)
    sheet.freeze_panes(first, 0)
    for number, row in enumerate(told.rows):
        book.row(sheet, first + number, row, told.columns)
        if step is not None:
            step(1)
    last = first + len(told.rows)
    for number, note in enumerate(told.notes):
        book.across(sheet, last + number, len(told.columns) - 1, note, book.small)
    sheet.print_area(0, 0, last + len(told.notes) - (0 if told.notes else 1), len(told.columns) - 1)
    book.book.close()


def _write_head(
    book: _Book, sheet: Worksheet, said: tuple[str, str, str], columns: Sequence[ListColumn]
) -> int:
    """Title, office, day and the headings; returns the row below them."""
    title, unit, day = said
    last = len(columns) - 1
    book.across(sheet, 0, last, title, book.title)
    sheet.set_row(0, 32)
    book.across(sheet, 1, last, f"{unit}　{day}".strip(), book.plain)
    sheet.set_row(1, 20)
    for index, column in enumerate(columns):
        book.text(sheet, 2, index, column.title, book.heading)
    sheet.set_row(2, 30)
    return 3


def write_blocks(
    target: BinaryIO,
    blocks: Sequence[Block],
    said: BlockWords,
    who: tuple[str, str],
    step: Step | None = None,
) -> None:
    """Write an overview with a tick for each system, and each block's fields from a page's top, portrait."""
    book = _Book(target)
    _write_overview(book, blocks, said, who)
    sheet = book.sheet(_sheet_name(said.sheet), landscape=False)
    for index, column in enumerate(FIELD_COLUMNS):
        sheet.set_column(index, index, column.width)
    row, breaks = 0, []
    for block in blocks:
        row = _write_block(book, sheet, block, said, row)
        breaks.append(row)
        if step is not None:
            step(1)
    sheet.set_h_pagebreaks(breaks[:-1][:MOST_BREAKS])
    sheet.print_area(0, 0, max(row - 1, 0), 2)
    book.book.close()


def _write_overview(book: _Book, blocks: Sequence[Block], said: BlockWords, who: tuple[str, str]) -> None:
    sheet = book.sheet(_sheet_name(said.overview), landscape=True)
    ticks = tuple(ListColumn(each, TICK_WIDTH + 4, centred=True) for each in said.systems)
    columns = (*said.columns, *ticks)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    first = _write_head(book, sheet, (said.title, *who), columns)
    sheet.repeat_rows(first - 1)
    sheet.freeze_panes(first, 0)
    for number, block in enumerate(blocks):
        book.row(sheet, first + number, (*block.line, *(said.tick for _ in said.systems)), columns)
    last = first + len(blocks)
    book.across(sheet, last, len(columns) - 1, said.remark, book.small)
    sheet.print_area(0, 0, last, len(columns) - 1)


def _write_block(book: _Book, sheet: Worksheet, block: Block, said: BlockWords, row: int) -> int:
    """One record; returns the row below it."""
    book.across(sheet, row, 2, block.head, book.block)
    sheet.set_row(row, 24)
    row += 1
    for index, title in enumerate(said.fields):
        book.text(sheet, row, index, title, book.heading)
    for group in block.groups:
        row += 1
        book.across(sheet, row, 2, group.title, book.heading)
        for name, content in group.fields:
            row += 1
            book.row(sheet, row, (name, content, said.tick), FIELD_COLUMNS)
    return row + 1


def _sheet_name(title: str) -> str:
    """A title as a sheet may be named: 31 characters, none of those Excel refuses."""
    return "".join(each for each in clean(title) if each not in r"[]:*?/\'")[:31]
