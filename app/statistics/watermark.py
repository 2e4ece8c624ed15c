"""The watermark of a draft: a pale, see-through word that lies over the table on screen and on paper."""

from __future__ import annotations

import io

from openpyxl.drawing.image import Image as SheetImage
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image, ImageDraw, ImageFont

from app.files import resource

SIZE = (620, 420)
POINTS = 220
# Excel has no watermark of its own, and a page header is clipped by some programs; a picture is not.
GREY = (120, 120, 120, 70)


def add_watermark(sheet: Worksheet, text: str, anchor: str, width: float) -> None:
    """Lay ``text`` over the cells from ``anchor`` on, ``width`` pixels wide."""
    picture = SheetImage(io.BytesIO(_drawn(text)))
    picture.width, picture.height = width, width * SIZE[1] / SIZE[0]
    sheet.add_image(picture, anchor)


def _drawn(text: str) -> bytes:
    font = ImageFont.truetype(str(resource("fonts", "NotoSansSC-Bold.ttf")), POINTS)
    image = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    middle = (SIZE[0] // 2, SIZE[1] // 2)
    ImageDraw.Draw(image).text(middle, text, font=font, fill=GREY, anchor="mm")
    out = io.BytesIO()
    image.rotate(12, resample=Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()
