"""The typefaces of paper: loaded when first used, with a fallback for each character.

reportlab neither falls back nor complains when a glyph is missing, so every character is looked up
in the font's own map first. The chain is serif, sans, then a face with the rare characters; what
none of them has is refused by sentence instead of printing a hollow box.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import groupby
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

from app.errors import BadInput
from app.files import resource

REGULAR = ("NotoSerifSC-Regular", "NotoSansSC-Regular", "LXGWWenKai-Regular")
BOLD = ("NotoSerifSC-Bold", "NotoSansSC-Bold", "LXGWWenKai-Regular")
DRAWN = "drawn"
"""The pseudo font of the symbols that are drawn as lines because no shipped face has them."""

EMPTY_BOX, TICKED_BOX, CROSSED_BOX = "\u2610", "\u2611", "\u2612"
BOXES = frozenset((EMPTY_BOX, TICKED_BOX, CROSSED_BOX))

ASCENT = 0.88
"""Height of the em box above the base line; the shipped faces agree on it."""


@dataclass(frozen=True, slots=True)
class Style:
    """Size in points, weight and the distance of lines as a multiple of the size."""

    size: float = 10.5
    bold: bool = False
    spacing: float = 1.45

    @property
    def leading(self) -> float:
        """Distance from one base line to the next."""
        return self.size * self.spacing


class Run(NamedTuple):
    """A stretch of text in one font."""

    font: str
    text: str


_BEYOND_16_BITS = re.compile("(?<= <)[0-9A-F]{5,6}(?=>)")


def _surrogates(match: re.Match[str]) -> str:
    return chr(int(match[0], 16)).encode("utf-16-be").hex().upper()


def _with_mended_maps(add_objects: Callable[[PDFDocument], None], doc: PDFDocument) -> None:
    """Add a font to ``doc``, with character maps that let rare characters be copied and searched.

    WORKAROUND(reportlab 5.1, makeToUnicodeCMap): characters above U+FFFF are written with five
    digits where a pair of surrogates is due, so readers take them for others. To be dropped when
    ``test_every_character_of_the_record_is_in_the_text`` passes without it.
    """
    add_objects(doc)
    for name, stream in doc.idToObject.items():
        if name.startswith("toUnicodeCMap:"):
            stream.content = _BEYOND_16_BITS.sub(_surrogates, stream.content)


@cache
def face(name: str) -> TTFont:
    """The font ``name``, loaded and registered with reportlab the first time it is needed."""
    font = TTFont(name, str(resource("fonts", f"{name}.ttf")))
    font.addObjects = partial(_with_mended_maps, font.addObjects)
    pdfmetrics.registerFont(font)
    return font


def covers(name: str, char: str) -> bool:
    """Whether the font ``name`` has a glyph for ``char``."""
    return ord(char) in face(name).face.charToGlyph


def visible(text: str) -> str:
    """``text`` without what leaves no ink: control and format characters, variation selectors.

    Line ends of every kind become a line feed and a tab becomes two spaces, so nothing that a
    reader could see or that parts two words is lost.
    """
    lines = (line.replace("\t", "  ") for line in text.splitlines())
    return "\n".join("".join(char for char in line if not _inkless(char)) for line in lines)


def _inkless(char: str) -> bool:
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return True
    return unicodedata.category(char) in ("Cc", "Cf")


@lru_cache(maxsize=16384)
def font_for(char: str, bold: bool) -> str:
    """The first font of the chain that has ``char``; ``forms.no_glyph`` when none has."""
    if char in BOXES:
        return DRAWN
    for name in BOLD if bold else REGULAR:
        if covers(name, char):
            return name
    raise BadInput("forms.no_glyph", character=char, code_point=f"U+{ord(char):04X}")


def unprintable(text: str) -> list[str]:
    """The characters of ``text`` that no font has, each once, so that they can be shown at entry."""
    chars = dict.fromkeys(char for char in visible(text) if not char.isspace() and char not in BOXES)
    return [char for char in chars if not any(covers(name, char) for name in REGULAR)]


@lru_cache(maxsize=16384)
def advance(char: str, bold: bool) -> float:
    """Width of ``char`` in em."""
    name = font_for(char, bold)
    return 1.0 if name == DRAWN else float(face(name).face.getCharWidth(ord(char))) / 1000


def width(text: str, style: Style) -> float:
    """Width of ``text`` in points."""
    return sum(advance(char, style.bold) for char in text) * style.size


def runs(text: str, style: Style) -> list[Run]:
    """``text`` cut where the font changes."""
    return [
        Run(font, "".join(chars)) for font, chars in groupby(text, lambda char: font_for(char, style.bold))
    ]
