"""The codes on a picture of a page, and which way up the page lies. Pure.

A page may lie on any side and be askew, noisy, or photographed at an angle. What does not read as it is,
is looked at again corner by corner, enlarged: the code stands in one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, degrees

import zxingcpp
from PIL import Image

from app.forms.codes import Code, is_ours, read_code

_CORNER = 0.3
"""Of the longer side: the code with its margins takes a sixth of it."""
_TIMES = (2, 3)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page says: codes of this program, how many are damaged or of others, and the turn.

    ``rotation`` turns the picture upright, in degrees clockwise (0, 90, 180, 270).
    """

    codes: tuple[Code, ...] = ()
    damaged: int = 0
    foreign: int = 0
    rotation: int = 0


def read_page(picture: Image.Image) -> Reading:
    """Read a grey picture of one page."""
    whole = _read(picture)
    if whole.codes or whole.damaged:
        return whole
    for corner in _corners(picture):
        found = _read(corner)
        if found.codes or found.damaged:
            return found
    return whole


def _corners(picture: Image.Image) -> Iterator[Image.Image]:
    """The four corners enlarged: where a module is two points wide the reader takes some for its neighbour."""
    side = round(max(picture.size) * _CORNER)
    rooms = [
        (left, top, left + side, top + side)
        for left in (0, max(picture.width - side, 0))
        for top in (0, max(picture.height - side, 0))
    ]
    for times in _TIMES:
        for room in rooms:
            yield picture.crop(room).resize((side * times, side * times), Image.Resampling.BICUBIC)


def _read(picture: Image.Image) -> Reading:
    # Made anew each time: kept in the module, the library complains of it when the program ends.
    codes_wanted = zxingcpp.barcode_formats_from_str("QRCode")
    found = zxingcpp.read_barcodes(
        picture, formats=codes_wanted, try_invert=False, text_mode=zxingcpp.TextMode.Plain
    )
    ours = [each for each in found if is_ours(each.text)]
    codes = {code: each for each in ours if (code := read_code(each.text)) is not None}
    rotation = _turn(next(iter(codes.values())).position) if codes else 0
    return Reading(tuple(codes), len(ours) - len(codes), len(found) - len(ours), rotation)


def _turn(position: zxingcpp.Position) -> int:
    """How far to turn clockwise so that the code's upper edge runs to the right again."""
    across = position.top_right.x - position.top_left.x
    down = position.top_right.y - position.top_left.y
    return round(-degrees(atan2(down, across)) / 90) * 90 % 360
