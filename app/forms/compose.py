"""A form description and a record become pieces: every block by its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from app.forms.cells import Sheet, cell, lines
from app.forms.fonts import Style
from app.forms.grids import grid_pieces
from app.forms.paper import MM
from app.forms.photos import photo_rows
from app.forms.pieces import Area, Lines, Piece, Row
from app.forms.schema import Align, Block, Form, Grid, Heading, Photos, Table, Text
from app.forms.template import Scope, fill, fill_each, holds, rows
from app.forms.wrapping import wrap

__all__ = ["Sheet", "compose", "compose_grid"]

_TITLE, _OFFICE = Style(size=22, bold=True, spacing=1.5), Style(size=16, spacing=1.5)
_SECTION_HEIGHT = 7 * MM


def compose(form: Form, scope: Scope, sheet: Sheet) -> Iterator[Piece]:
    """All pieces of the form in order."""
    for block in form.blocks:
        yield from _block(block, scope, sheet)


def _block(block: Block, scope: Scope, sheet: Sheet) -> Iterator[Piece]:
    if not isinstance(block, Heading) and not holds(scope, block.when):
        return
    match block:
        case Heading():
            yield from _heading(block, scope, sheet)
        case Text():
            yield from _text(block, scope, sheet)
        case Grid():
            yield from _gap(block.space)
            yield from grid_pieces(block, scope, sheet.sized(block.size))
        case Table():
            yield from _gap(block.space)
            yield from _table(block, scope, sheet.sized(block.size))
        case Photos():
            yield from _gap(block.space)
            style = sheet.sized(block.size).style
            yield from photo_rows(block, scope, style, Area(sheet.x, 0.0, sheet.width, sheet.room))


def compose_grid(grid: Grid, scope: Scope, sheet: Sheet) -> Iterator[Piece]:
    """The pieces of a grid that stands outside the body, at the foot of every page."""
    if holds(scope, grid.when):
        yield from grid_pieces(grid, scope, sheet.sized(grid.size))


def _gap(space: float) -> Iterator[Piece]:
    if space:
        yield Row(minimum=space * MM)


def _heading(block: Heading, scope: Scope, sheet: Sheet) -> Iterator[Piece]:
    if block.office:
        yield _paragraph(fill(block.office, scope), _OFFICE, "center", sheet)
    yield _paragraph(fill(block.text, scope) or block.otherwise, _TITLE, "center", sheet)
    yield Row(minimum=1.5 * MM)
    if block.number:
        yield _paragraph(fill(block.number, scope), sheet.style, "right", sheet)
        yield Row(minimum=1 * MM)


def _text(block: Text, scope: Scope, sheet: Sheet) -> Iterator[Piece]:
    style = replace(sheet.sized(block.size).style, bold=block.bold, spacing=1.7)
    text = fill_each(block.each, scope) if block.each else fill(block.text, scope)
    if text:
        yield from _gap(block.space)
        yield replace(_paragraph(text, style, block.align, sheet), keep=block.keep)


def _paragraph(text: str, style: Style, align: Align, sheet: Sheet) -> Row:
    content = Lines(wrap(text, style, sheet.width), style, align, middle=False)
    return Row((cell(content, sheet, flows=True),), border=False, flows=True)


def _table(block: Table, scope: Scope, sheet: Sheet) -> Iterator[Piece]:
    borders = sheet.offsets([column.width for column in block.columns])
    titles = tuple(column.title for column in block.columns)
    centered: list[Align] = ["center" for _ in titles]
    head = _table_row(titles, centered, borders, sheet, block.height * MM)
    aligns = tuple(column.align for column in block.columns)

    def row(member: Scope, height: float, *, keep: bool = False) -> Row:
        texts = tuple(fill(column.text, member) for column in block.columns)
        return replace(_table_row(texts, aligns, borders, sheet, height * MM), head=head, keep=keep)

    if block.title:
        yield _paragraph(fill(block.title, scope), sheet.style, "left", sheet)
    members = rows(scope, block.rows)
    height = block.blank_height if sheet.blank or not members else block.height
    if not members:
        yield from (row({**scope, "item": {}}, height) for _ in range(block.blank_rows))
    for section, group in groupby(members, lambda member: fill(block.section, member)):
        if section:
            yield replace(_section(section, sheet), head=head)
        shown = (each for each in group if not (block.section_only and holds(each, block.section_only)))
        for number, member in enumerate(shown):
            # What has a title above it never leaves that title alone at the foot of a page.
            yield row(member, height, keep=number == 0 and bool(section or block.title))


def _table_row(
    texts: Sequence[str], aligns: Sequence[Align], borders: Sequence[float], sheet: Sheet, height: float
) -> Row:
    parts = [sheet.between(left, right) for left, right in pairwise(borders)]
    contents = (lines(text, part, align) for text, align, part in zip(texts, aligns, parts, strict=True))
    cells = (cell(content, part, flows=True) for content, part in zip(contents, parts, strict=True))
    return Row(tuple(cells), height)


def _section(title: str, sheet: Sheet) -> Row:
    bold = replace(sheet, style=replace(sheet.style, bold=True))
    return Row((cell(lines(title, bold, "left"), sheet, flows=True),), _SECTION_HEIGHT)
