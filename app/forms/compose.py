"""A form description and a record become pieces: every block by its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise

from app.forms.fonts import Style
from app.forms.paper import MM
from app.forms.photos import photo_rows
from app.forms.phrases import words
from app.forms.pieces import PAD_X, PAD_Y, Area, Cell, Content, Group, Lines, Piece, Row, Ruled
from app.forms.schema import Align, Block, Form, Grid, GridRow, Heading, Photos, Table, Text
from app.forms.schema import Cell as CellSpec
from app.forms.signatures import signatures
from app.forms.template import Scope, fill, fill_each, holds, rows
from app.forms.wrapping import wrap

_TITLE, _OFFICE = Style(size=22, bold=True, spacing=1.5), Style(size=16, spacing=1.5)
_SECTION_HEIGHT = 7 * MM


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the body lies across the page, the basic type, and whether a hand will fill it in.

    ``room`` is the height of a page's body.
    """

    x: float
    width: float
    style: Style
    blank: bool
    room: float = 0.0

    def sized(self, size: float) -> Sheet:
        """The same sheet with another type size; 0 keeps it."""
        return replace(self, style=replace(self.style, size=size)) if size else self

    def between(self, left: float, right: float) -> Sheet:
        """The part of the sheet that one cell takes."""
        return replace(self, x=left, width=right - left)

    def offsets(self, shares: Sequence[float]) -> list[float]:
        """The column borders for widths given as shares of the whole."""
        return [self.x + self.width * part / sum(shares) for part in accumulate(shares, initial=0.0)]


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
            yield from _grid(block, scope, sheet.sized(block.size))
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
        yield from _grid(grid, scope, sheet.sized(grid.size))


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
    lines = Lines(wrap(text, style, sheet.width), style, align, middle=False)
    return Row((Cell(sheet.x, sheet.width, lines, flows=True),), border=False, flows=True)


def _grid(block: Grid, scope: Scope, sheet: Sheet) -> Iterator[Piece]:
    borders = sheet.offsets(block.columns)
    wanted = (row for row in block.rows if holds(scope, row.when))
    for label, members in groupby(wanted, lambda row: row.group):
        if not label:
            yield from (_grid_row(row, borders, scope, sheet) for row in members)
        else:
            spanned = tuple(_grid_row(row, borders[1:], scope, sheet) for row in members)
            yield Group(_label_cell(label, sheet.between(borders[0], borders[1])), spanned)


def _grid_row(row: GridRow, borders: Sequence[float], scope: Scope, sheet: Sheet) -> Row:
    columns = list(accumulate((spec.span for spec in row.cells), initial=0))
    cells = tuple(
        _grid_cell(spec, row, scope, sheet.between(borders[start], borders[end]))
        for spec, (start, end) in zip(row.cells, pairwise(columns), strict=True)
    )
    height = max(row.height, row.blank if sheet.blank else 0.0) * MM
    signing = any(spec.sign for spec in row.cells)
    return Row(cells, height, flows=row.flow, stretch=row.stretch, keep=signing or row.keep)


def _grid_cell(spec: CellSpec, row: GridRow, scope: Scope, sheet: Sheet) -> Cell:
    if spec.label:
        return _label_cell(spec.label, sheet)
    if spec.sign:
        content = signatures(spec.sign, scope, sheet.style, sheet.width - 2 * PAD_X)
        return replace(_cell(content, sheet), flows=True)
    text = "\n".join(part for part in (fill(spec.text, scope), _list(spec, scope)) if part)
    if row.flow and sheet.blank and not text:
        return _cell(Ruled(row.blank * MM - 2 * PAD_Y), sheet)
    lines = _lines(text, sheet, "justify" if row.flow else spec.align)
    return replace(_cell(replace(lines, middle=not row.flow), sheet), flows=True)


def _cell(content: Content, sheet: Sheet) -> Cell:
    return Cell(sheet.x, sheet.width, content)


def _label_cell(label: str, sheet: Sheet) -> Cell:
    again = _lines(f"{label}\n{words('furniture')['continued']}", sheet, "center")
    return replace(_cell(_lines(label, sheet, "center"), sheet), continued=again)


def _list(spec: CellSpec, scope: Scope) -> str:
    return fill_each(spec.each, scope) if spec.each else ""


def _lines(text: str, sheet: Sheet, align: Align) -> Lines:
    return Lines(wrap(text.strip("\n"), sheet.style, sheet.width - 2 * PAD_X), sheet.style, align)


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
        for number, member in enumerate(group):
            # What has a title above it never leaves that title alone at the foot of a page.
            yield row(member, height, keep=number == 0 and bool(section or block.title))


def _table_row(
    texts: Sequence[str], aligns: Sequence[Align], borders: Sequence[float], sheet: Sheet, height: float
) -> Row:
    parts = [sheet.between(left, right) for left, right in pairwise(borders)]
    contents = (_lines(text, part, align) for text, align, part in zip(texts, aligns, parts, strict=True))
    cells = (_cell(content, part) for content, part in zip(contents, parts, strict=True))
    return Row(tuple(replace(cell, flows=True) for cell in cells), height)


def _section(title: str, sheet: Sheet) -> Row:
    bold = replace(sheet, style=replace(sheet.style, bold=True))
    cell = _cell(_lines(title, bold, "left"), sheet)
    return Row((replace(cell, flows=True),), _SECTION_HEIGHT)
