"""Photographs on paper: frames two abreast, each with its caption, turned as they were looked at."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from app.errors import BadInput
from app.forms.fonts import Style
from app.forms.paper import MM, Paper
from app.forms.pieces import PAD_X, PAD_Y, Area, Cell, Lines, Row
from app.forms.schema import Photos
from app.forms.template import Scope, fill, lookup, rows
from app.forms.wrapping import wrap

ABREAST = 2
HEADING = 42 * MM
"""What the first page keeps for the heading and a grid below it; the same frames fit on every page."""

_PIXELS = 1300
"""The longer edge as printed: about 400 to the inch in a frame half a page wide."""
_QUALITY = 82
_LEAST = 12 * MM


@dataclass(frozen=True, slots=True)
class Framed:
    """One picture with its caption; an empty frame has none. ``read`` gives its bytes when it is drawn."""

    read: Callable[[], bytes] | None
    rotation: int
    name: str
    caption: Lines

    @property
    def height(self) -> float:
        """The caption, and the least that can be told from a spot."""
        return self.caption.height + _LEAST

    def draw(self, paper: Paper, area: Area) -> None:
        """The picture as large as it fits in the middle, the caption at the foot."""
        foot = self.caption.height
        if self.read is not None:
            picture = printable(self.read(), self.rotation, self.name)
            paper.photo(picture, area.x, area.y, area.width, area.height - foot - PAD_Y)
        self.caption.draw(paper, Area(area.x, area.y + area.height - foot, area.width, foot))

    def split(self, room: float, /) -> None:
        """A picture is not cut."""


def photo_rows(block: Photos, scope: Scope, style: Style, body: Area) -> Iterator[Row]:
    """The frames of a block as rows of a page with that ``body``."""
    lines = block.per_page // ABREAST
    high, wide = (body.height - HEADING) / lines, body.width / ABREAST
    members = [*rows(scope, block.rows)]
    if not members and lookup(scope, "blank") is True:
        members = [{**scope, "item": {}}] * block.per_page
    members += [{**scope, "item": {}}] * (-len(members) % ABREAST)
    for start in range(0, len(members), ABREAST):
        pair = members[start : start + ABREAST]
        cells = (
            Cell(body.x + number * wide, wide, _framed(block, member, style, wide - 2 * PAD_X))
            for number, member in enumerate(pair)
        )
        yield Row(tuple(cells), high)


def _framed(block: Photos, member: Scope, style: Style, wide: float) -> Framed:
    image, rotation = lookup(member, "item.image"), lookup(member, "item.rotation")
    caption = fill(block.caption, member) if lookup(member, "item") else ""
    read = (lambda: image) if isinstance(image, bytes) else image
    return Framed(
        read if callable(read) else None,
        rotation if isinstance(rotation, int) else 0,
        str(lookup(member, "item.file") or ""),
        Lines(wrap(caption, style, wide), style, middle=False),
    )


def printable(data: bytes, rotation: int, name: str) -> bytes:
    """A picture as JPEG of the size that print needs, upright by its own mark and turned clockwise.

    ``forms.bad_photo`` if it is none. The original is not touched.
    """
    try:
        with Image.open(io.BytesIO(data)) as source:
            source.draft("RGB", (_PIXELS, _PIXELS))
            picture = ImageOps.exif_transpose(source).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise BadInput("forms.bad_photo", name=name) from error
    picture.thumbnail((_PIXELS, _PIXELS))
    out = io.BytesIO()
    picture.rotate(-rotation, expand=True).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
