"""Pictures for the demonstration: photos as a camera writes them, and signatures as a pen does."""

from __future__ import annotations

import io
from datetime import datetime
from random import Random

from PIL import ExifTags, Image, ImageDraw, ImageFilter, ImageFont

from app.clock import LOCAL
from app.files import resource

SIZE = (1280, 960)
INK = (24, 32, 72, 255)

_TURNED = 6
"""EXIF orientation of a camera held upright."""


def photo(random: Random, words: str, moment: datetime, *, upright: bool = False) -> bytes:
    """A JPEG of a made-up workshop with the camera's time and orientation in its EXIF."""
    image = Image.linear_gradient("L").resize(SIZE).convert("RGB")
    drawing = ImageDraw.Draw(image)
    for _ in range(24):
        left, top = random.randrange(SIZE[0]), random.randrange(SIZE[1] // 3, SIZE[1])
        shade = tuple(random.randrange(50, 210) for _ in range(3))
        drawing.rectangle(
            (left, top, left + random.randrange(40, 260), top + random.randrange(40, 320)), shade
        )
    image = image.filter(ImageFilter.GaussianBlur(2))
    ImageDraw.Draw(image).text((32, 32), words, fill="white", font=font("NotoSansSC-Bold", 40))
    if upright:
        image = image.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = _TURNED if upright else 1
    camera = exif.get_ifd(ExifTags.IFD.Exif)
    camera[ExifTags.Base.DateTimeOriginal] = moment.astimezone(LOCAL).strftime("%Y:%m:%d %H:%M:%S")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80, exif=exif)
    return out.getvalue()


def signature(random: Random, name: str) -> bytes:
    """A transparent PNG of a name written by hand."""
    image = Image.new("RGBA", (560, 220), (255, 255, 255, 0))
    drawing = ImageDraw.Draw(image)
    drawing.text((50, 40), name, fill=INK, font=font("LXGWWenKai-Regular", 120))
    drawing.line([(40, 185), (random.randrange(380, 520), random.randrange(165, 205))], fill=INK, width=3)
    out = io.BytesIO()
    image.rotate(random.uniform(-5, 5), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """One of the fonts that come with the program."""
    return ImageFont.truetype(str(resource("fonts", f"{name}.ttf")), size)
