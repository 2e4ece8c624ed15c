"""Sheets of a workbook on paper: the same cells, as large as the page lets them be, the head on every page.

A sheet is told as a grid of texts (:class:`PaperSheet`); where it comes from is the caller's matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import BinaryIO

from app.forms.fonts import Style, width
from app.forms.pagination import paginate
from app.forms.paper import MM, Paper
from app.forms.phrases import words
from app.forms.pieces import Area, Cell, Content, Group, Lines, Piece, Row, Span, group
from app.forms.schema import Align
from app.forms.wrapping import wrap

MARGIN, TOP, BOTTOM = 11 * MM, 16 * MM, 18 * MM
_TIGHT = 0.6
"""What a cell of a sheet has of the white that a form's cell has around its text."""
_PAD = 1.8 * MM * _TIGHT
_CLOSE = 0.4
"""Points of white beside a text in the middle of its cell: headings are broken where the notice breaks them."""
_SPACING = 1.3
_STEP = 0.96
_LEAST = 0.65
"""A sheet that is to be one page is made no smaller than this part of its size; it goes on instead."""
_FOOT = Style(size=9)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A text over ``across`` columns and ``down`` rows, from row and column (counted from 0) on."""

    row: int
    column: int
    text: str
    style: Style
    across: int = 1
    down: int = 1
    align: Align = "left"
    boxed: bool = False
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A grid of cells; widths and heights in points.

    The rows from ``head[0]`` up to ``head[1]`` stand on top of every page that begins below them.
    ``paper`` is A4 or A3, lying; a ``whole`` sheet is made small enough for one page. ``mark`` is the word
    that lies across every page of a draft.
    """

    widths: tuple[float, ...]
    heights: tuple[float, ...]
    cells: tuple[SheetCell, ...]
    head: tuple[int, int] = (0, 0)
    paper: str = "A4"
    whole: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class _Shaded(Lines):
    """Wrapped text on a grey ground that fills the cell."""

    def draw(self, paper: Paper, area: Area) -> None:
        """Draw the ground up to the cell's border, then the text."""
        wide, high = area.width + 2 * _PAD, area.height + 2 * _PAD
        paper.shade(area.x - _PAD, area.y - _PAD, wide, high)
        # `super()` without arguments does not find its class where slots made it anew.
        Lines.draw(self, paper, area)


def draw_sheets(out: BinaryIO, sheets: Sequence[PaperSheet], *, title: str) -> int:
    """Draw sheets behind each other as one document; returns its pages."""
    paper = Paper(out, title=title, wide=True, size=sheets[0].paper)
    made = []
    for sheet in sheets:
        paper.turn(wide=True, size=sheet.paper)
        room = (paper.width - 2 * MARGIN, paper.height - TOP - BOTTOM)
        made.append((sheet, _pages(sheet, room, title)))
    count = sum(len(pages) for _, pages in made)
    number = 0
    for sheet, pages in made:
        for page in pages:
            number += 1
            paper.turn(wide=True, size=sheet.paper)
            _draw_page(paper, page, sheet.mark, (number, count))
    paper.close()
    return count


def _draw_page(paper: Paper, page: Sequence[Piece], mark: str, position: tuple[int, int]) -> None:
    paper.start_page()
    if mark:
        paper.watermark(mark)
    y = TOP
    for piece in page:
        piece.draw(paper, y)
        y += piece.height
    number = words("furniture")["page"].format(page=position[0], pages=position[1])
    paper.text((paper.width - width(number, _FOOT)) / 2, paper.height - BOTTOM + 6 * MM, number, _FOOT)
    paper.end_page()


def _pages(sheet: PaperSheet, room: tuple[float, float], title: str) -> list[list[Piece]]:
    """The pages in the largest scale in which the sheet is as wide, and if need be as high, as the page."""
    scale = min(1.0, room[0] / sum(sheet.widths))
    fitting = pages = paginate(_pieces(sheet, scale, room[0]), room[1], title)
    least = scale * _LEAST
    while sheet.whole and len(pages) > 1 and scale > least:
        scale *= _STEP
        pages = paginate(_pieces(sheet, scale, room[0]), room[1], title)
    return pages if len(pages) == 1 else fitting


def _pieces(sheet: PaperSheet, scale: float, room: float) -> Iterator[Piece]:
    """The rows from top to bottom; those under the head bring it along, on every page."""
    wide = [each * scale for each in sheet.widths]
    borders = list(accumulate(wide, initial=MARGIN + (room - sum(wide)) / 2))
    made = [[each for each in sheet.cells if each.row == row] for row in range(len(sheet.heights))]
    rows = [_row(cells, sheet.heights[row] * scale, borders, scale) for row, cells in enumerate(made)]
    first, last = sheet.head
    head = _head(sheet, rows[first:last], borders, scale) if last > first else None
    yield from rows[:first]
    if head is not None and not any(row.border for row in rows[last:]):
        yield head
    # Notes below the table never stand on a page without a line of it.
    yield from (replace(row, head=head) if row.border else replace(row, keep=True) for row in rows[last:])


def _row(cells: Sequence[SheetCell], height: float, borders: Sequence[float], scale: float) -> Row:
    # What goes over several rows stands beside them, see _head().
    own = tuple(_cell(each, borders, scale) for each in cells if each.down == 1)
    return Row(own, minimum=height, border=any(each.boxed for each in cells), tight=_TIGHT)


def _head(sheet: PaperSheet, rows: Sequence[Row], borders: Sequence[float], scale: float) -> Group:
    first, last = sheet.head
    spans = [
        Span(_cell(each, borders, scale), each.row - first, each.down)
        for each in sheet.cells
        if each.down > 1 and first <= each.row < last
    ]
    return group(rows, spans)


def _cell(each: SheetCell, borders: Sequence[float], scale: float) -> Cell:
    left, right = borders[each.column], borders[each.column + each.across]
    style = replace(each.style, size=each.style.size * scale, spacing=_SPACING)
    pad = (_CLOSE if each.align == "center" else _PAD) if each.boxed else 0.0
    wrapped = wrap(each.text, style, right - left - 2 * pad)
    content: Content = (_Shaded if each.shaded else Lines)(wrapped, style, each.align)
    return Cell(left, right - left, content, flows=True)
