"""Signatures page by page: what a page says, so that each signature stays with the page it was given on.

Text and place on the paper may move with a font or a margin; what a page *says* is what was signed.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

from app.forms.fonts import Style
from app.forms.paper import Paper
from app.forms.pieces import Piece
from app.forms.template import Scope, lookup, rows


class _Reader(Paper):
    """A paper that nobody keeps: it listens to what is written on it."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), title="", wide=False)
        self.said: list[str] = []

    def text(self, x: float, y: float, text: str, style: Style, *, gap: float = 0.0) -> None:
        """Write one line, and remember it."""
        super().text(x, y, text, style, gap=gap)
        self.said.append(text)


def page_digest(pieces: Sequence[Piece], position: tuple[int, int]) -> str:
    """SHA-256 of what stands on a page above its foot, with its number and the number of all pages.

    The watermark of a draft and the signatures themselves are not in it.
    """
    reader = _Reader()
    for piece in pieces:
        piece.draw(reader, 0.0)
    # Lines break anew with another font; the words stay.
    words = "".join("".join(reader.said).split())
    return hashlib.sha256(f"{position[0]}/{position[1]}\n{words}".encode()).hexdigest()


def signed_on_page(scope: Scope, digest: str) -> dict[str, list[Scope]]:
    """The signatures that were given on the page of that digest, by party."""
    found: dict[str, list[Scope]] = {}
    for row in rows(scope, "page_signatures"):
        if lookup(row, "item.page_digest") == digest:
            found.setdefault(str(lookup(row, "item.party")), []).append(row)
    return found
