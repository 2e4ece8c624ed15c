"""Grids: which columns and rows each cell takes, and the rows that belong together because of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.forms import cells
from app.forms.cells import Sheet
from app.forms.paper import MM
from app.forms.pieces import PAD_X, PAD_Y, Cell, Group, Piece, Row, Ruled, Span, group
from app.forms.schema import Cell as CellSpec
from app.forms.schema import Grid, GridRow
from app.forms.signatures import signatures
from app.forms.template import Scope, fill, fill_each, holds


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell between two column borders (counted from 0)."""

    spec: CellSpec
    left: int
    right: int


def places(grid: Grid) -> list[tuple[Placed, ...] | None]:
    """Where the cells of each row lie; ``None`` for a row that does not fill the columns exactly.

    A cell that goes ``down`` over further rows takes its columns there; their cells stand beside it.
    """
    covered = [0] * len(grid.columns)
    found: list[tuple[Placed, ...] | None] = []
    for number, row in enumerate(grid.rows):
        placed = _placed(row, covered, left=len(grid.rows) - number)
        covered = [max(rows - 1, 0) for rows in covered]
        for each in placed or ():
            covered[each.left : each.right] = [each.spec.down - 1] * (each.right - each.left)
        found.append(placed)
    return found


def _placed(row: GridRow, covered: Sequence[int], left: int) -> tuple[Placed, ...] | None:
    free = [column for column, rows in enumerate(covered) if not rows]
    taken = 1 if row.group else 0
    if taken and free[:1] != [0]:
        return None
    found = []
    for spec in row.cells:
        columns = free[taken : taken + spec.span]
        taken += spec.span
        if len(columns) < spec.span or columns[-1] - columns[0] >= spec.span or not 1 <= spec.down <= left:
            return None
        found.append(Placed(spec, columns[0], columns[-1] + 1))
    return tuple(found) if taken == len(free) else None


def grid_pieces(grid: Grid, scope: Scope, sheet: Sheet) -> Iterator[Piece]:
    """The rows of a grid whose condition holds; those under one label or beside one cell as a group."""
    there = [
        _Line(row, placed or ())
        for row, placed in zip(grid.rows, places(grid), strict=True)
        if holds(scope, row.when)
    ]
    borders = sheet.offsets(grid.columns)
    while there:
        count = _bound(there)
        yield _piece(there[:count], borders, scope, sheet)
        there = there[count:]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the description with the places of its cells."""

    row: GridRow
    placed: tuple[Placed, ...]

    @property
    def down(self) -> int:
        """Over how many rows its cells reach."""
        return max((each.spec.down for each in self.placed), default=1)


def _bound(lines: Sequence[_Line]) -> int:
    """How many of the first rows belong together."""
    end = number = 1
    while number <= end and number <= len(lines):
        line = lines[number - 1]
        end = max(end, number - 1 + line.down)
        if number < len(lines) and line.row.group and lines[number].row.group == line.row.group:
            end = max(end, number + 1)
        number += 1
    return min(end, len(lines))


def _piece(lines: Sequence[_Line], borders: Sequence[float], scope: Scope, sheet: Sheet) -> Row | Group:
    rows, spans = [], list(_labels(lines, borders, sheet))
    for number, line in enumerate(lines):
        own = []
        for each in line.placed:
            made = _grid_cell(
                each.spec, line.row, scope, sheet.between(borders[each.left], borders[each.right])
            )
            if each.spec.down > 1:
                spans.append(Span(made, number, min(each.spec.down, len(lines) - number)))
            else:
                own.append(made)
        rows.append(_row(line.row, tuple(own), sheet))
    return group(rows, spans) if spans else rows[0]


def _labels(lines: Sequence[_Line], borders: Sequence[float], sheet: Sheet) -> Iterator[Span]:
    first = 0
    for label, members in groupby(lines, lambda line: line.row.group):
        count = len(list(members))
        if label:
            yield Span(cells.label_cell(label, sheet.between(borders[0], borders[1])), first, count)
        first += count


def _row(row: GridRow, own: tuple[Cell, ...], sheet: Sheet) -> Row:
    height = max(row.height, row.blank if sheet.blank else 0.0) * MM
    signing = any(spec.sign for spec in row.cells)
    return Row(own, height, flows=row.flow, stretch=row.stretch, keep=signing or row.keep)


def _grid_cell(spec: CellSpec, row: GridRow, scope: Scope, sheet: Sheet) -> Cell:
    if spec.label:
        return cells.label_cell(spec.label, sheet)
    if spec.sign:
        content = signatures(spec.sign, scope, sheet.style, sheet.width - 2 * PAD_X)
        return cells.cell(content, sheet, flows=True)
    listed = fill_each(spec.each, scope) if spec.each else ""
    text = "\n".join(part for part in (fill(spec.text, scope), listed) if part)
    if row.flow and sheet.blank and not text:
        return cells.cell(Ruled(max(row.height, row.blank) * MM - 2 * PAD_Y), sheet, flows=True)
    lines = cells.lines(text, sheet, "justify" if row.flow else spec.align)
    return cells.cell(replace(lines, middle=not row.flow), sheet, flows=True)
