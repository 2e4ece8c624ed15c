"""A sheet to draw on: reportlab's canvas with the origin at the top left and our fonts only."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.errors import BadInput
from app.forms.fonts import ASCENT, CROSSED_BOX, DRAWN, EMPTY_BOX, REGULAR, Style, face, runs, width
from app.forms.modules import modules

MM = 72 / 25.4
HAIRLINE = 0.6
_GREY, _GROUND = 0.55, 0.86
_SIGNATURE_PIXELS = 1000

_SIZES = {"A4": A4, "A3": A3}

Edges = defaultdict[float, list[tuple[float, float]]]


class Paper:
    """One document being drawn, page by page; same calls, same bytes."""

    def __init__(self, out: BinaryIO, *, title: str, wide: bool, size: str = "A4") -> None:
        self.width, self.height = _measured(size, wide=wide)
        face(REGULAR[0])
        # Without initialFontName reportlab names Helvetica on every page, and it is not embedded.
        self._canvas = Canvas(
            out, pagesize=(self.width, self.height), initialFontName=REGULAR[0], invariant=1, lang="zh-CN"
        )
        self._canvas.setTitle(title)
        self._across: Edges = defaultdict(list)
        self._down: Edges = defaultdict(list)

    def turn(self, *, wide: bool, size: str = "A4") -> None:
        """Let the next page lie (``wide``) or stand, on A4 or A3."""
        self.width, self.height = _measured(size, wide=wide)
        self._canvas.setPageSize((self.width, self.height))

    def start_page(self) -> None:
        """Set the pen; what is set on a page does not outlive it."""
        self._canvas.setLineWidth(HAIRLINE)
        self._canvas.setLineCap(2)

    def end_page(self) -> None:
        """Finish the page."""
        for y, spans in sorted(self._across.items()):
            for left, right in merged(spans):
                self._canvas.line(left, self.height - y, right, self.height - y)
        for x, spans in sorted(self._down.items()):
            for top, bottom in merged(spans):
                self._canvas.line(x, self.height - top, x, self.height - bottom)
        self._across.clear()
        self._down.clear()
        self._canvas.showPage()

    def close(self) -> None:
        """Write the document out."""
        self._canvas.save()

    def text(self, x: float, y: float, text: str, style: Style, *, gap: float = 0.0) -> None:
        """Write one line whose em box has its top left at (x, y); ``gap`` is put after every character."""
        base = self.height - y - ASCENT * style.size
        for run in runs(text, style):
            if run.font == DRAWN:
                for place, symbol in enumerate(run.text):
                    self._box(symbol, x + place * (style.size + gap), base, style.size)
            else:
                self._canvas.setFont(run.font, style.size)
                self._canvas.drawString(x, base, run.text, charSpace=gap)
            x += width(run.text, style) + gap * len(run.text)

    def _box(self, symbol: str, x: float, base: float, size: float) -> None:
        side = 0.76 * size
        left, bottom = x + 0.1 * size, base - 0.02 * size
        self._canvas.rect(left, bottom, side, side)
        if symbol == EMPTY_BOX:
            return
        tick = [(0.16, 0.5), (0.42, 0.2), (0.88, 0.86)]
        cross = [(0.2, 0.2), (0.8, 0.8), (0.5, 0.5), (0.2, 0.8), (0.8, 0.2)]
        points = [
            (left + side * right, bottom + side * up)
            for right, up in (cross if symbol == CROSSED_BOX else tick)
        ]
        self._stroke(points, size * 0.11)

    def _stroke(self, points: Sequence[tuple[float, float]], thickness: float) -> None:
        path = self._canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        self._canvas.saveState()
        self._canvas.setLineWidth(thickness)
        self._canvas.setLineJoin(1)
        self._canvas.drawPath(path)
        self._canvas.restoreState()

    def frame(self, x: float, y: float, wide: float, high: float) -> None:
        """The border of a cell; an edge that neighbours share is drawn once, when the page is done."""
        for edge in (y, y + high):
            self._across[round(edge, 2)].append((x, x + wide))
        for edge in (x, x + wide):
            self._down[round(edge, 2)].append((y, y + high))

    def shade(self, x: float, y: float, wide: float, high: float) -> None:
        """A light grey ground, under what is drawn on it later."""
        self._canvas.saveState()
        self._canvas.setFillGray(_GROUND)
        self._canvas.rect(x, self.height - y - high, wide, high, stroke=0, fill=1)
        self._canvas.restoreState()

    def writing_line(self, x: float, y: float, wide: float) -> None:
        """A faint dotted line to write on."""
        self._canvas.saveState()
        self._canvas.setStrokeGray(_GREY)
        self._canvas.setLineWidth(0.4)
        self._canvas.setLineCap(0)
        self._canvas.setDash(1, 2)
        self._canvas.line(x, self.height - y, x + wide, self.height - y)
        self._canvas.restoreState()

    def image(self, picture: Image.Image, x: float, y: float, wide: float, high: float) -> float:
        """Draw a picture at the left of a field as large as it fits; returns the width it took."""
        scale = min(wide / picture.width, high / picture.height)
        taken, tall = picture.width * scale, picture.height * scale
        bottom = self.height - y - (high + tall) / 2
        self._canvas.drawImage(ImageReader(picture), x, bottom, taken, tall, mask="auto")
        return taken

    def photo(self, jpeg: bytes, x: float, y: float, wide: float, high: float) -> None:
        """Draw a JPEG in the middle of a field as large as it fits; its bytes go into the file as they are."""
        reader = ImageReader(io.BytesIO(jpeg))
        across, down = reader.getSize()
        scale = min(wide / across, high / down)
        taken, tall = across * scale, down * scale
        left, bottom = x + (wide - taken) / 2, self.height - y - (high + tall) / 2
        self._canvas.drawImage(reader, left, bottom, taken, tall)

    def code(self, payload: str, x: float, y: float, side: float) -> None:
        """A QR code of medium error correction; its white border belongs to ``side``."""
        rows = modules(payload)
        step = side / len(rows)
        for line, row in enumerate(rows):
            bottom = self.height - y - (line + 1) * step
            start = 0
            while start < len(row):
                end = start
                while end < len(row) and row[end]:
                    end += 1
                if end > start:
                    # A hair taller than a module, so that no white seam shows between two lines.
                    self._canvas.rect(
                        x + start * step, bottom, (end - start) * step, step * 1.02, stroke=0, fill=1
                    )
                start = end + 1

    def watermark(self, word: str) -> None:
        """A light word across the page, under everything drawn later."""
        style = Style(size=120, bold=True)
        self._canvas.saveState()
        self._canvas.setFillGray(0.91)
        self._canvas.translate(self.width / 2, self.height / 2)
        self._canvas.rotate(45)
        for run in runs(word, style):
            self._canvas.setFont(run.font, style.size)
            self._canvas.drawCentredString(0, -0.35 * style.size, run.text)
        self._canvas.restoreState()


def _measured(size: str, *, wide: bool) -> tuple[float, float]:
    standing: tuple[float, float] = _SIZES[size]
    return landscape(standing) if wide else standing


def merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same stretches of one line without overlap."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 0.01:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def signature_picture(data: bytes, name: str) -> Image.Image:
    """A drawn signature cut to its ink, not larger than print needs; ``forms.bad_image`` if it is none."""
    try:
        with Image.open(io.BytesIO(data)) as source:
            picture = source.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise BadInput("forms.bad_image", name=name) from error
    white = Image.new("RGBA", picture.size, "white")
    white.alpha_composite(picture)
    darkness = white.convert("L").point(lambda level: 255 if level < 200 else 0)
    picture = picture.crop(darkness.getbbox() or (0, 0, *picture.size))
    picture.thumbnail((_SIGNATURE_PIXELS, _SIGNATURE_PIXELS))
    return picture
