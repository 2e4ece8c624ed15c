"""What a file is that somebody wants to take in: looked through whole before it becomes evidence.

Pictures are decoded to the last line, PDFs opened page by page; of video and sound the container is
followed to its end. What cannot be read is refused by a sentence that names the file.
"""

from __future__ import annotations

import math
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import IO, Final

from PIL import ExifTags, Image, ImageSequence, UnidentifiedImageError

from app.clock import LOCAL
from app.errors import BadInput, Place
from app.forms import preview
from app.services import evidence_media
from app.services.evidence_media import HEAD

Image.MAX_IMAGE_PIXELS = 200_000_000
"""A 200-megapixel limit: above any camera, below what a crafted file could ask for."""

PDF: Final = "application/pdf"
MAX_PAGES: Final = 500
"""Frames of one scanned TIFF, pages of one scanned PDF."""

_EXIF_TIME = "%Y:%m:%d %H:%M:%S"
_UNREADABLE = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})
"""Brands of HEIF pictures (ISO/IEC 23008-12, annex B and AV1's), for which there is no decoder here."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file says about itself.

    ``captured_at`` is the camera's own time, ``located`` where it stood as ``latitude,longitude`` in
    degrees (WGS 84), empty when it did not say.
    """

    media_type: str
    captured_at: datetime | None = None
    located: str = ""


def examine(source: IO[bytes], name: str, size: int) -> Examined:
    """Look a file through from its start; raises ``evidence.*`` for what is broken or foreign."""
    head = source.read(HEAD)
    source.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _UNREADABLE:
        raise BadInput("evidence.heic", Place(file=name))
    if head.startswith(b"%PDF-"):
        return _examine_pdf(source, name)
    media_type = evidence_media.media_type(head, name)
    if media_type is None:
        return _examine_picture(source, name)
    fault, captured_at = evidence_media.examine(source, head, size)
    if fault:
        raise BadInput("evidence.cut_short", Place(file=name), size=size)
    return Examined(media_type, captured_at)


def _examine_pdf(source: IO[bytes], name: str) -> Examined:
    try:
        pages = len(preview.page_sizes(source.read()))
    except BadInput as error:
        raise BadInput("evidence.bad_pdf", Place(file=name)) from error
    if not 0 < pages <= MAX_PAGES:
        raise BadInput("evidence.pages", Place(file=name), pages=pages, limit=MAX_PAGES)
    return Examined(PDF)


def _examine_picture(source: IO[bytes], name: str) -> Examined:
    with readable(name):
        image = Image.open(source)
        media_type = image.get_format_mimetype() or mimetypes.guess_type(name)[0] or "image/unknown"
        found = Examined(media_type, _captured_at(image), _located(image))
    with _whole(name):
        for number, frame in enumerate(ImageSequence.Iterator(image)):
            if number == MAX_PAGES:
                raise BadInput("evidence.pages", Place(file=name), pages=number + 1, limit=MAX_PAGES)
            frame.load()
    return found


@contextmanager
def readable(name: str) -> Iterator[None]:
    """A picture that cannot be opened is refused by sentence."""
    try:
        yield
    except Image.DecompressionBombError as error:
        raise BadInput("evidence.too_large", Place(file=name)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadInput("evidence.broken", Place(file=name)) from error


@contextmanager
def _whole(name: str) -> Iterator[None]:
    """A picture that opens but ends too soon, or is damaged inside, is refused by another."""
    try:
        yield
    except Image.DecompressionBombError as error:
        raise BadInput("evidence.too_large", Place(file=name)) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BadInput("evidence.damaged", Place(file=name)) from error


def _captured_at(image: Image.Image) -> datetime | None:
    """The camera's own time; without an offset it is taken as local."""
    exif = image.getexif().get_ifd(ExifTags.IFD.Exif)
    text = exif.get(ExifTags.Base.DateTimeOriginal)
    if not isinstance(text, str):
        return None
    try:
        zone = _offset(exif.get(ExifTags.Base.OffsetTimeOriginal)) or LOCAL
        return datetime.strptime(text.strip("\0 "), _EXIF_TIME).replace(tzinfo=zone)
    except ValueError:
        return None


def _offset(text: object) -> timezone | None:
    """The time zone of EXIF 2.31's ``OffsetTimeOriginal`` (``+08:00``)."""
    try:
        found = datetime.strptime(str(text).strip("\0 "), "%z").utcoffset()
    except ValueError:
        return None
    return timezone(found) if isinstance(found, timedelta) else None


def _located(image: Image.Image) -> str:
    """Where the camera stood, ``27.801234,114.391234``; empty when it did not say."""
    gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    tags = ExifTags.GPS
    latitude = _degrees(gps.get(tags.GPSLatitude), gps.get(tags.GPSLatitudeRef), "S")
    longitude = _degrees(gps.get(tags.GPSLongitude), gps.get(tags.GPSLongitudeRef), "W")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return ""
    # Phones without a fix write zeros, which is a spot in the Atlantic.
    return "" if latitude == longitude == 0 else f"{latitude:.6f},{longitude:.6f}"


def _degrees(value: object, reference: object, negative: str) -> float | None:
    """Degrees from EXIF's three rationals (degrees, minutes, seconds)."""
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    try:
        whole, minutes, seconds = (float(each) for each in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = whole + minutes / 60 + seconds / 3600
    if math.isnan(found):  # a rational over zero
        return None
    return -found if str(reference).strip("\0 ").upper() == negative else found
