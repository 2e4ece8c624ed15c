"""A sheet of a workbook as it goes on paper: the cells, widths, heights and pages that the workbook has."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app.forms.fonts import Style
from app.forms.schema import Align
from app.forms.sheets import PaperSheet, SheetCell, draw_sheets
from app.statistics.account import shown_value
from app.statistics.sheet import CHANGED, TITLE_FONT

_PIXELS, _PADDING, _POINTS = 7, 5, 0.75
"""What a unit of column width and a column's own white are on screen, and points of a pixel."""
_USUAL_WIDTH, _USUAL_HEIGHT = 8.43, 15.0
_A3 = "8"
_ALIGNS: dict[str | None, Align] = {"center": "center", "right": "right"}


def paper_of(sheets: Sequence[Worksheet], *, title: str, mark: str = "") -> tuple[bytes, int]:
    """Sheets as one PDF, and its pages; ``mark`` is the word that lies across each."""
    out = io.BytesIO()
    pages = draw_sheets(out, [paper_sheet(sheet, mark) for sheet in sheets], title=title)
    return out.getvalue(), pages


def paper_sheet(sheet: Worksheet, mark: str = "") -> PaperSheet:
    """What a sheet of a workbook prints: its cells from the first, its widths, heights and repeated rows."""
    rows, columns = sheet.max_row, sheet.max_column
    merged = {(each.min_row, each.min_col): each for each in sheet.merged_cells.ranges}
    cells = []
    for line in sheet.iter_rows(max_row=rows, max_col=columns):
        for cell in line:
            if isinstance(cell, MergedCell) or not _there(cell):
                continue
            span = merged.get((cell.row, cell.column))
            size = (span.size["columns"], span.size["rows"]) if span else (1, 1)
            cells.append(_told(cell, *size))
    first, last = _repeated(sheet)
    return PaperSheet(
        widths=tuple(_widths(sheet, columns)),
        heights=tuple(sheet.row_dimensions[row].height or _USUAL_HEIGHT for row in range(1, rows + 1)),
        cells=tuple(cells),
        head=(first - 1, last) if last else (0, 0),
        paper="A3" if str(sheet.page_setup.paperSize) == _A3 else "A4",
        whole=bool(sheet.page_setup.fitToHeight),
        mark=mark,
    )


def _there(cell: Cell) -> bool:
    return cell.value is not None or bool(cell.border.left.style)


def _told(cell: Cell, across: int, down: int) -> SheetCell:
    value = cell.value
    text = shown_value(value) if isinstance(value, str | int | Decimal | None) else str(value)
    ground = cell.fill.fgColor.rgb if cell.fill.fill_type else ""
    return SheetCell(
        row=cell.row - 1,
        column=cell.column - 1,
        text=text,
        style=Style(size=cell.font.size, bold=bool(cell.font.bold) or cell.font.name == TITLE_FONT),
        across=across,
        down=down,
        align=_ALIGNS.get(cell.alignment.horizontal, "left"),
        boxed=bool(cell.border.left.style),
        shaded=str(ground).endswith(CHANGED),
    )


def _widths(sheet: Worksheet, columns: int) -> Iterator[float]:
    for column in range(1, columns + 1):
        found = sheet.column_dimensions.get(get_column_letter(column))
        wide = found.width if found is not None else _USUAL_WIDTH
        yield (wide * _PIXELS + _PADDING) * _POINTS


def _repeated(sheet: Worksheet) -> tuple[int, int]:
    """The first and the last row of the head that every page repeats; 0 where there is none."""
    given = sheet.print_title_rows
    if not given:
        return 0, 0
    first, _, last = given.replace("$", "").rpartition("!")[2].partition(":")
    return int(first), int(last)
