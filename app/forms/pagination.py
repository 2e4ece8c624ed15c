"""Pieces onto pages: nothing cut off, signatures never alone, heads repeated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.errors import BadInput
from app.forms.pieces import HAIR, Piece, Row

_TAIL = 48.0
"""Points of running text that go to the next page with a signature that does not fit."""
_SHRUNK = 0.5
"""The least part of its height that a row of which all text fits is left with."""

Page = list[Piece]


def paginate(pieces: Iterable[Piece], room: float, form: str = "") -> list[Page]:
    """Put ``pieces`` on pages of ``room`` points.

    Pages that are not the last, and a single one, are stretched to their foot: a record leaves no
    white space that something could be written into afterwards.
    """
    pages = _Pages(room, form)
    for piece in pieces:
        pages.add(piece)
    full = pages.done[:-1] or pages.done
    return [stretched(page, room) for page in full] + pages.done[len(full) :]


def height_of(pieces: Iterable[Piece]) -> float:
    """Height of all pieces together."""
    return sum(piece.height for piece in pieces)


def stretched(page: Page, room: float) -> Page:
    """Share the height left on ``page`` among the pieces that stretch."""
    shares = sum(piece.stretch for piece in page)
    unit = max(room - height_of(page), 0.0) / shares if shares else 0.0
    return [piece.grown(unit * piece.stretch) if piece.stretch else piece for piece in page]


class _Pages:
    """The pages so far; the last one is being filled."""

    def __init__(self, room: float, form: str) -> None:
        self.done: list[Page] = [[]]
        self._room = room
        self._form = form

    def add(self, piece: Piece) -> None:
        """Put ``piece`` on this page, or cut it, or turn the page."""
        page = self.done[-1]
        if _is_gap(piece) and not page and len(self.done) > 1:
            return
        left = self._left(piece)
        if piece.height <= left:
            self._place(piece)
        elif self._shrink(piece, left) or self._cut(piece, left) or self._carry(piece):
            return
        elif page:
            self._turn([piece])
        else:
            raise BadInput("forms.too_tall", form=self._form)

    def _left(self, piece: Piece) -> float:
        head = 0.0 if self._under_head(piece) else _head_height(piece)
        return self._room - height_of(self.done[-1]) - head + HAIR

    def _under_head(self, piece: Piece) -> bool:
        page = self.done[-1]
        return bool(page) and page[-1].head == piece.head

    def _place(self, piece: Piece) -> None:
        if piece.head is not None and not self._under_head(piece):
            self.done[-1].append(piece.head)
        self.done[-1].append(piece)

    def _shrink(self, piece: Piece, left: float) -> bool:
        """Give a row less room than it would like rather than go on with an empty rest of it."""
        enough = left > _SHRUNK * piece.height or not self.done[-1]
        row = piece.shrunk(left - HAIR) if isinstance(piece, Row) and enough else None
        if row is not None:
            self._place(row)
        return row is not None

    def _cut(self, piece: Piece, left: float) -> bool:
        may_be_cut = piece.flows or piece.height > self._room - _head_height(piece)
        halves = piece.split(left - HAIR) if may_be_cut else None
        if halves is None:
            return False
        self._place(halves[0])
        self._turn([halves[1]])
        return True

    def _turn(self, pieces: Sequence[Piece]) -> None:
        self.done.append([])
        for piece in pieces:
            self.add(piece)

    def _carry(self, piece: Piece) -> bool:
        """Turn the page with ``piece`` and what stands before it; tell whether that was possible."""
        if not piece.keep:
            return False
        # A copy: where carrying turns out not to help, the page stays as it was.
        page = list(self.done[-1])
        moved = [piece]
        while page and (moved[0].keep or _is_gap(moved[0])):
            last = page.pop()
            if page and last.head is not None and page[-1] == last.head:
                page.pop()  # a head is drawn where its rows begin again, and stands nowhere alone
            halves = last.split(last.height - _TAIL) if last.flows else None
            if halves:
                page.append(halves[0])
            moved.insert(0, halves[1] if halves else last)
        if not page or height_of(moved) + _head_height(moved[0]) > self._room:
            return False
        self.done[-1] = page
        self._turn(moved)
        return True


def _head_height(piece: Piece) -> float:
    return piece.head.height if piece.head is not None else 0.0


def _is_gap(piece: Piece) -> bool:
    return isinstance(piece, Row) and not piece.cells
