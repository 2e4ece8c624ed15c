"""What pages are made of: contents with a height, cells, rows, and groups of rows.

Everything is a row: a paragraph is a row of one cell without border, a gap is a row without cells.
Pieces are immutable and know how to be cut in two, which is all that pagination needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from typing import Protocol, Self

from app.forms.fonts import Style
from app.forms.paper import MM, Paper
from app.forms.schema import Align
from app.forms.wrapping import Line

PAD_X = 1.8 * MM
PAD_Y = 1.3 * MM
RULING = 8.5 * MM
HAIR = 1e-6
"""Points by which two sums of the same heights may miss each other, as floating numbers do."""
_LOOSEST = 0.12
"""A justified line opens its characters by at most this part of the size; else it stays ragged."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on the page, y downwards."""

    x: float
    y: float
    width: float
    height: float


class Content(Protocol):
    """Something that fills a cell."""

    @property
    def height(self) -> float:
        """The least height it needs."""

    def draw(self, paper: Paper, area: Area) -> None:
        """Draw it into ``area``."""

    def split(self, room: float, /) -> tuple[Content, Content] | None:
        """A first part not higher than ``room`` and the rest, or ``None`` when it cannot be cut there."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Wrapped text."""

    lines: tuple[Line, ...]
    style: Style
    align: Align = "left"
    middle: bool = True

    @property
    def height(self) -> float:
        """Height of all lines."""
        return len(self.lines) * self.style.leading

    def draw(self, paper: Paper, area: Area) -> None:
        """Draw from the top, or around the middle of the area."""
        slack = (area.height - self.height) / 2 if self.middle else 0.0
        y = area.y + slack + (self.style.leading - self.style.size) / 2
        for line in self.lines:
            gap = self._gap(line, area.width)
            x = area.x + _indent(self.align, area.width - line.width)
            paper.text(x, y, line.text.rstrip(), self.style, gap=gap)
            y += self.style.leading

    def _gap(self, line: Line, room: float) -> float:
        if self.align != "justify" or line.last:
            return 0.0
        gap = (room - line.width) / max(len(line.text.rstrip()) - 1, 1)
        return gap if 0 < gap <= _LOOSEST * self.style.size else 0.0

    def split(self, room: float) -> tuple[Lines, Lines] | None:
        """Cut between lines so that no line is alone before or after the cut."""
        count = min(int(room / self.style.leading + HAIR), len(self.lines) - 2)
        if count < 2:
            return None
        first, rest = self.lines[:count], self.lines[count:]
        return replace(self, lines=first, middle=False), replace(self, lines=rest, middle=False)


NO_TEXT = Lines((), Style())


def _indent(align: Align, slack: float) -> float:
    return {"center": slack / 2, "right": slack}.get(align, 0.0)


@dataclass(frozen=True, slots=True)
class Ruled:
    """Lines to write on by hand, as many as the area holds."""

    height: float = RULING

    def draw(self, paper: Paper, area: Area) -> None:
        """Rule the area."""
        count = int(area.height / RULING)
        for number in range(1, count + 1):
            paper.writing_line(area.x, area.y + number * RULING, area.width)

    def split(self, room: float) -> tuple[Ruled, Ruled] | None:
        """Cut between two lines."""
        first = int(room / RULING) * RULING
        if first < RULING or self.height - first < RULING:
            return None
        return Ruled(first), Ruled(self.height - first)


@dataclass(frozen=True, slots=True)
class Cell:
    """A content at its place in a row; a cell that does not flow is drawn again after a cut."""

    x: float
    width: float
    content: Content
    flows: bool = False
    continued: Content | None = None

    def cut(self, room: float) -> tuple[Cell, Cell] | None:
        """Cut the content, or repeat it on the next page when it does not flow."""
        if not self.flows:
            return self, replace(self, content=self.continued or self.content)
        if self.content.height <= room:
            # Shorter neighbours of a cut cell end on the first page.
            return self, replace(self, content=NO_TEXT)
        halves = self.content.split(room)
        return halves and (replace(self, content=halves[0]), replace(self, content=halves[1]))


def _holds_text(cell: Cell) -> bool:
    return cell.flows and cell.content is not NO_TEXT


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side.

    ``flows``: may be cut although it would fit on a page of its own. ``keep``: never starts a page
    alone. ``head``: drawn again at the top of a page that starts with this row. ``tight``: the part of the
    usual white that a bordered cell has around its text.
    """

    cells: tuple[Cell, ...] = ()
    minimum: float = 0.0
    border: bool = True
    flows: bool = False
    keep: bool = False
    stretch: int = 0
    head: Piece | None = None
    tight: float = 1.0

    @property
    def height(self) -> float:
        """The highest cell with its padding, or the minimum."""
        return max([self.minimum, *(cell.content.height + 2 * self._pad for cell in self.cells)])

    @property
    def _pad(self) -> float:
        return PAD_Y * self.tight if self.border else 0.0

    def draw(self, paper: Paper, y: float) -> None:
        """Draw the row with its top at ``y``."""
        high, pad_x = self.height, PAD_X * self.tight if self.border else 0.0
        for cell in self.cells:
            if self.border:
                paper.frame(cell.x, y, cell.width, high)
            inner = Area(cell.x + pad_x, y + self._pad, cell.width - 2 * pad_x, high - 2 * self._pad)
            cell.content.draw(paper, inner)

    def grown(self, height: float) -> Self:
        """The row with ``height`` points more."""
        return replace(self, minimum=self.height + height)

    def shrunk(self, room: float) -> Row | None:
        """A flowing row no higher than ``room`` where all its text fits; ``None`` where that would cut it."""
        natural = replace(self, minimum=0.0)
        return replace(self, minimum=room) if self.flows and natural.height <= room else None

    def split(self, room: float) -> tuple[Row, Row] | None:
        """Cut every flowing cell at ``room``; the first part then fills it, so the grid ends flush."""
        halves = self.parted(room)
        # Nothing is gained by going on with an empty row.
        return halves if halves and any(_holds_text(cell) for cell in halves[1].cells) else None

    def parted(self, room: float) -> tuple[Row, Row] | None:
        """The same also where no cell flows: what stands beside the row does."""
        pairs = [cell.cut(room - 2 * self._pad) for cell in self.cells]
        halves = [pair for pair in pairs if pair]
        if len(halves) < len(pairs):
            return None
        first = replace(self, cells=tuple(head for head, _ in halves), minimum=room, stretch=0)
        if first.height > room + HAIR:
            return None
        return first, replace(self, cells=tuple(tail for _, tail in halves), minimum=0.0)


@dataclass(frozen=True, slots=True)
class Span:
    """A cell beside ``count`` rows of a group, from its row number ``first`` on."""

    cell: Cell
    first: int
    count: int

    @property
    def end(self) -> int:
        """The first row that it does not reach."""
        return self.first + self.count


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with cells beside several of them; :func:`group` makes the rows high enough for those."""

    spans: tuple[Span, ...]
    rows: tuple[Row, ...]
    keep: bool = False
    flows: bool = False
    stretch: int = 0
    head: Piece | None = None

    @property
    def height(self) -> float:
        """Height of all rows."""
        return sum(row.height for row in self.rows)

    def draw(self, paper: Paper, y: float) -> None:
        """Draw the rows and the cells beside them."""
        tops = list(accumulate((row.height for row in self.rows), initial=y))
        for span in self.spans:
            Row((span.cell,), minimum=tops[span.end] - tops[span.first]).draw(paper, tops[span.first])
        for row, top in zip(self.rows, tops, strict=False):
            row.draw(paper, top)

    def grown(self, height: float) -> Self:
        """The group with its last row ``height`` points higher."""
        return replace(self, rows=(*self.rows[:-1], self.rows[-1].grown(height)))

    def split(self, room: float) -> tuple[Group, Group] | None:
        """Cut between rows where the cells beside them allow it, or inside the row that does not fit."""
        heights = [row.height for row in self.rows]
        fitting = min(count_fitting(heights, room), len(self.rows) - 1)
        left = room - sum(heights[:fitting])
        # Generators, both: a cut is made only when the ones before it led nowhere.
        between = (self._cut(self.rows[:count], self.rows[count:], count) for count in range(fitting, 0, -1))
        inside = (self._cut_inside(number, left) for number in (fitting,))
        # A row that would fill a page begins where there is room; others stay whole.
        ways = chain(inside, between) if heights[fitting] > room else chain(between, inside)
        return next((halves for halves in ways if halves), None)

    def _cut_inside(self, number: int, room: float) -> tuple[Group, Group] | None:
        row = self.rows[number]
        beside = any(span.cell.flows and span.first <= number < span.end for span in self.spans)
        halves = row.parted(room) if beside else row.split(room)
        if halves is None:
            return None
        above, below = (*self.rows[:number], halves[0]), (halves[1], *self.rows[number + 1 :])
        return self._cut(above, below, number)

    def _cut(self, above: tuple[Row, ...], below: tuple[Row, ...], count: int) -> tuple[Group, Group] | None:
        """Both parts; ``count`` rows are whole above, one more may stand in both."""
        first, rest = [], []
        for span in self.spans:
            if span.first < len(above) and span.end > count:
                room = sum(row.height for row in above[span.first :])
                halves = span.cell.cut(room - 2 * PAD_Y)
                if halves is None:
                    return None
                first.append(Span(halves[0], span.first, len(above) - span.first))
                rest.append(Span(halves[1], 0, span.end - count))
            elif span.end <= count:
                first.append(span)
            else:
                rest.append(replace(span, first=span.first - count))
        return replace(self, spans=tuple(first), rows=above, stretch=0), group(below, rest)


def group(rows: Sequence[Row], spans: Sequence[Span]) -> Group:
    """Rows and the cells beside them; the last row beside a cell grows where the cell needs it."""
    made = list(rows)
    for span in sorted(spans, key=lambda span: span.end):
        wanted = Row((span.cell,)).height - sum(row.height for row in made[span.first : span.end])
        if wanted > 0:
            made[span.end - 1] = made[span.end - 1].grown(wanted)
    return Group(
        tuple(spans),
        tuple(made),
        keep=any(row.keep for row in made),
        flows=any(row.flows for row in made),
        stretch=made[-1].stretch,
    )


Piece = Row | Group


def count_fitting(heights: Iterable[float], room: float) -> int:
    """How many of the first heights fit into ``room`` together."""
    count = 0
    for height in heights:
        room -= height
        if room < -HAIR:
            break
        count += 1
    return count
