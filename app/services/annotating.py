"""Marks on a copy of a picture: arrow, box, pen, words, and the pixels of a region made unreadable.

Pure: a picture and marks in, a picture out. Positions are shares of the picture's width and height as
it is looked at, so that the same marks fit the small picture of the editor and the full copy.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageFont, ImageOps

from app.files import resource

Kind = Literal["arrow", "box", "pen", "text", "blur"]
Point = tuple[float, float]

RED: Final = "#D92D20"
COLOURS: Final = (RED, "#F5C400", "#1570EF", "#FFFFFF")
_QUALITY: Final = 92
_WIDTH: Final = 1 / 220
"""Breadth of a line, as a share of the longer side: it reads on a quarter of a printed page."""
_TEXT: Final = 1 / 34
_BLOCK: Final = 1 / 40
"""Side of a mosaic's block, as a share of the longer side."""
_BLOCKS_ACROSS: Final = 3
"""A region's shorter side becomes so few blocks: letters and faces cannot be guessed back from them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: two corners or ends, the points of a stroke, or one point and its words."""

    kind: Kind
    points: tuple[Point, ...]
    text: str = ""
    colour: str = RED


def upright(data: bytes, rotation: int, longest: int = 0) -> Image.Image:
    """A picture as it is looked at: by its own mark, then turned clockwise; at most ``longest`` pixels."""
    with Image.open(io.BytesIO(data)) as image:
        if longest:
            image.draft("RGB", (longest, longest))
        picture = ImageOps.exif_transpose(image).rotate(-rotation, expand=True).convert("RGB")
    if longest:
        picture.thumbnail((longest, longest))
    return picture


def marked(picture: Image.Image, marks: Sequence[Mark]) -> Image.Image:
    """A new picture with the marks on it, in their order; ``picture`` stays as it is."""
    copy = picture.copy()
    for mark in marks:
        if mark.points:
            _DRAWN[mark.kind](copy, mark)
    return copy


def encoded(picture: Image.Image) -> bytes:
    """A picture as JPEG, without anything that its original carried along (EXIF, embedded thumbnail)."""
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()


def _at(image: Image.Image, point: Point) -> Point:
    return point[0] * image.width, point[1] * image.height


def _line_width(image: Image.Image) -> int:
    return max(2, round(max(image.size) * _WIDTH))


def _corners(image: Image.Image, mark: Mark) -> tuple[int, int, int, int]:
    """The pixels of a region, corners in any order, cut at the picture's edge."""
    (x0, y0), (x1, y1) = _at(image, mark.points[0]), _at(image, mark.points[-1])
    left, right = sorted((min(max(x0, 0), image.width), min(max(x1, 0), image.width)))
    top, bottom = sorted((min(max(y0, 0), image.height), min(max(y1, 0), image.height)))
    return math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)


def _edged(draw: ImageDraw.ImageDraw, points: Sequence[Point], colour: str, width: int) -> None:
    """A line with a thin edge in the opposite brightness, so that it is seen on any ground."""
    for breadth, ink in ((width + max(2, width // 2), _edge(colour)), (width, colour)):
        draw.line(points, fill=ink, width=breadth, joint="curve")
        half = breadth / 2
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - half, y - half, x + half, y + half), fill=ink)


def _edge(colour: str) -> str:
    return "#1A2330" if colour in {"#FFFFFF", "#F5C400"} else "#FFFFFF"


def _draw_arrow(image: Image.Image, mark: Mark) -> None:
    draw, width = ImageDraw.Draw(image), _line_width(image)
    start, end = _at(image, mark.points[0]), _at(image, mark.points[-1])
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    length = min(width * 5.5, math.dist(start, end))
    neck = (end[0] - length * 0.8 * math.cos(angle), end[1] - length * 0.8 * math.sin(angle))
    wings = [
        (end[0] - length * math.cos(angle + turn), end[1] - length * math.sin(angle + turn))
        for turn in (-0.45, 0.45)
    ]
    _edged(draw, [start, neck], mark.colour, width)
    draw.polygon([end, *wings], fill=mark.colour, outline=_edge(mark.colour), width=max(1, width // 4))


def _draw_box(image: Image.Image, mark: Mark) -> None:
    left, top, right, bottom = _corners(image, mark)
    around = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    _edged(ImageDraw.Draw(image), around, mark.colour, _line_width(image))


def _draw_pen(image: Image.Image, mark: Mark) -> None:
    points = [_at(image, point) for point in mark.points]
    _edged(ImageDraw.Draw(image), points, mark.colour, _line_width(image))


def _draw_text(image: Image.Image, mark: Mark) -> None:
    size = max(12, round(max(image.size) * _TEXT))
    ImageDraw.Draw(image).text(
        _at(image, mark.points[0]), mark.text, fill=mark.colour, font=_font(size),
        stroke_width=max(1, size // 14), stroke_fill=_edge(mark.colour),
    )  # fmt: skip


def _draw_blur(image: Image.Image, mark: Mark) -> None:
    """Each block becomes its own mean: what it showed is no longer in the picture."""
    left, top, right, bottom = _corners(image, mark)
    wide, high = right - left, bottom - top
    if wide < 1 or high < 1:
        return
    block = max(1, round(max(image.size) * _BLOCK), math.ceil(min(wide, high) / _BLOCKS_ACROSS))
    coarse = (max(1, wide // block), max(1, high // block))
    region = image.crop((left, top, right, bottom)).resize(coarse, Image.Resampling.BOX)
    image.paste(region.resize((wide, high), Image.Resampling.NEAREST), (left, top))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource("fonts", "NotoSansSC-Regular.ttf")), size)


_DRAWN: Final = {
    "arrow": _draw_arrow,
    "box": _draw_box,
    "pen": _draw_pen,
    "text": _draw_text,
    "blur": _draw_blur,
}
