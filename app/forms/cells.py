"""The sheet that blocks are laid out on, and the cells that grids and tables are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from app.forms.fonts import Style
from app.forms.phrases import words
from app.forms.pieces import PAD_X, Cell, Content, Lines
from app.forms.schema import Align
from app.forms.wrapping import wrap


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


def cell(content: Content, sheet: Sheet, *, flows: bool = False) -> Cell:
    """A cell across the sheet."""
    return Cell(sheet.x, sheet.width, content, flows=flows)


def lines(text: str, sheet: Sheet, align: Align) -> Lines:
    """A text as it stands in a cell across the sheet."""
    return Lines(wrap(text.strip("\n"), sheet.style, sheet.width - 2 * PAD_X), sheet.style, align)


def label_cell(label: str, sheet: Sheet) -> Cell:
    """A printed label; after a cut it says that it goes on."""
    again = lines(f"{label}\n{words('furniture')['continued']}", sheet, "center")
    return replace(cell(lines(label, sheet, "center"), sheet), continued=again)
