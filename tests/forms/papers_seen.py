"""What a scanner or a camera makes of a page: rasterised, turned, askew, noisy, compressed, in perspective."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageChops, ImageFilter


@dataclass(frozen=True)
class Scanner:
    """``turn`` is counter-clockwise and may be any angle; ``grain`` is the noise's deviation in grey levels."""

    dpi: int = 200
    turn: float = 0
    grain: float = 0
    quality: int = 85

    def picture(self, pdf: bytes, page: int = 0) -> Image.Image:
        with pypdfium2.PdfDocument(pdf) as document:
            picture = document[page].render(scale=self.dpi / 72).to_pil().convert("L")
        picture = picture.rotate(
            self.turn, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC
        )  # fmt: skip
        if self.grain:
            noise = Image.effect_noise(picture.size, self.grain)
            picture = ImageChops.add(picture.filter(ImageFilter.GaussianBlur(0.5)), noise, 1, -128)
        return picture

    def jpeg(self, pdf: bytes, page: int = 0) -> bytes:
        return encoded(self.picture(pdf, page), "JPEG", quality=self.quality, dpi=(self.dpi, self.dpi))

    def pages(self, pdf: bytes) -> list[Image.Image]:
        with pypdfium2.PdfDocument(pdf) as document:
            count = len(document)
        return [self.picture(pdf, page) for page in range(count)]


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def several(pages: list[Image.Image], kind: str, **options: object) -> bytes:
    """Pages in one file: ``PDF`` (each a picture, as scanners make them) or ``TIFF``."""
    return encoded(pages[0], kind, save_all=True, append_images=pages[1:], **options)


def photographed(pdf: bytes, size: tuple[int, int] = (4000, 3000)) -> Image.Image:
    """The first page on a dark table, seen from one side: a trapezium that lies."""
    page = Scanner(dpi=300).picture(pdf)
    width, height = size
    corners = ((520, 240), (3460, 420), (3620, 2700), (330, 2860))
    table = Image.new("L", size, 70)
    flat = page.rotate(90, expand=True)
    terms = _perspective(corners, ((0, 0), (flat.width, 0), (flat.width, flat.height), (0, flat.height)))
    seen = flat.transform(size, Image.Transform.PERSPECTIVE, terms, Image.Resampling.BICUBIC, fillcolor=70)
    table.paste(seen)
    assert table.size == (width, height)
    return table


def _perspective(
    seen: tuple[tuple[float, float], ...], flat: tuple[tuple[float, float], ...]
) -> tuple[float, ...]:
    """The eight terms that bring points of ``seen`` to those of ``flat``: elimination by Gauss and Jordan."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for column in range(8):
        best = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(8):
            if row != column:
                times = rows[row][column]
                rows[row] = [a - times * b for a, b in zip(rows[row], rows[column], strict=True)]
    return tuple(row[8] for row in rows)
