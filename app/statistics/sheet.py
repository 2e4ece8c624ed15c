"""Writing on a worksheet: text that stays text, widths that show it, borders and pages."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from app.statistics.table import Value
from app.statistics.words import word

FONT, TITLE_FONT = "宋体", "黑体"
POINTS_A_LINE = 14.5
FORMULA_STARTS = ("=", "+", "-", "@")

_LINE = Side(style="thin")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; the default is a plain line of text."""

    size: float = 10
    bold: bool = False
    boxed: bool = False
    align: str = "left"
    filled: bool = False
    colour: str = "000000"
    face: str = FONT
    ground: str = "F2F2F2"


HEADING = Look(boxed=True, align="center", filled=True)
BODY = Look(boxed=True, align="center")
BODY_BOLD = Look(boxed=True, align="center", bold=True)
BODY_TEXT = Look(boxed=True)
CHANGED = "FFE699"
"""The ground of a cell that a supplement changed."""
TITLE = Look(size=18, align="center", face=TITLE_FONT)
SUBTITLE = Look(size=11, bold=True, face=TITLE_FONT)
PLAIN = Look(size=10.5)
PLAIN_RIGHT = Look(size=10.5, align="right")
SMALL = Look(size=9)
FAILED = Look(boxed=True, align="center", bold=True, colour="C00000")
WARNING = Look(size=10.5, bold=True, colour="C00000")


def clean(text: str) -> str:
    """Text without the control characters that a workbook cannot hold."""
    cleaned: str = ILLEGAL_CHARACTERS_RE.sub("", text)
    return cleaned


def put(sheet: Worksheet, row: int, column: int, value: Value, look: Look = PLAIN) -> Cell:
    """Write one value; text never becomes a formula, control characters go."""
    cell: Cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = clean(value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
    else:
        cell.value = value
    _dress(cell, look)
    return cell


def put_across(
    sheet: Worksheet, row: int, columns: tuple[int, int], value: Value, look: Look = PLAIN, *, down: int = 1
) -> None:
    """Write one value over merged ``columns`` (first, last) and ``down`` rows."""
    first, last = columns
    for each_row in range(row, row + down):
        for column in range(first, last + 1):
            _dress(sheet.cell(each_row, column), look)
    put(sheet, row, first, value, look)
    if last > first or down > 1:
        sheet.merge_cells(start_row=row, end_row=row + down - 1, start_column=first, end_column=last)


def _dress(cell: Cell, look: Look) -> None:
    cell.font = Font(name=look.face, size=look.size, bold=look.bold, color=look.colour)
    indent = 1 if look.boxed and look.align == "left" else 0
    cell.alignment = Alignment(horizontal=look.align, vertical="center", wrap_text=True, indent=indent)
    if look.boxed:
        cell.border = _BOX
    if look.filled:
        cell.fill = PatternFill("solid", fgColor=look.ground)


def display_width(text: str) -> int:
    """Columns of a fixed-width screen that a text takes: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in text)


def lines_in(text: str, width: float) -> int:
    """Lines that a text takes in a column of ``width``."""
    usable = max(2, math.floor((width - 0.6) / 2) * 2)
    return sum(max(1, math.ceil(display_width(line) / usable)) for line in text.split("\n"))


def height_of(text: str, width: float, size: float = 10) -> float:
    """Row height in points that shows the whole text."""
    return lines_in(text, width) * POINTS_A_LINE * size / 10 + 4


def set_page(sheet: Worksheet, paper: str, *, whole: bool = False) -> None:
    """Landscape on ``paper``, one page wide, centred, page n of m below; ``whole`` is on one page altogether."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if paper == "A3" else sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = int(whole)
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.45
    margins.top, margins.bottom = 0.7, 0.8
    margins.header = margins.footer = 0.35
    sheet.oddFooter.center.text = word("workbook", "page")
