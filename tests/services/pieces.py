"""Files as cameras, scanners and recorders write them, made here: pictures, a PDF, video and sound."""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime

from PIL import Image

TAKEN, OFFSET, GPS, EXIF = 0x9003, 0x9011, 0x8825, 0x8769
EPOCH = datetime(1904, 1, 1, tzinfo=UTC)


def photo(
    size: tuple[int, int] = (64, 48),
    colour: str = "navy",
    *,
    taken: str = "",
    offset: str = "",
    place: tuple[float, float] | None = None,
) -> bytes:
    """A JPEG with what a phone writes into it; ``place`` is latitude and longitude."""
    exif = Image.Exif()
    if taken:
        exif.get_ifd(EXIF)[TAKEN] = taken
    if offset:
        exif.get_ifd(EXIF)[OFFSET] = offset
    if place is not None:
        latitude, longitude = place
        exif.get_ifd(GPS).update(
            {
                1: "S" if latitude < 0 else "N", 2: _rationals(abs(latitude)),
                3: "W" if longitude < 0 else "E", 4: _rationals(abs(longitude)),
            }
        )  # fmt: skip
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def _rationals(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 4)


def pdf(pages: int = 1) -> bytes:
    """A scanned PDF."""
    out = io.BytesIO()
    sheets = [Image.new("RGB", (120, 160), "white") for _ in range(pages)]
    sheets[0].paste("maroon", (0, 0, 120, 80))
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def box(kind: bytes, content: bytes) -> bytes:
    """One box of an MP4."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def mp4(made: datetime | None = None, *, brand: bytes = b"isom", film: int = 4096) -> bytes:
    """A video as a recorder writes it: kind, index with the time of its making, film."""
    seconds = int((made - EPOCH).total_seconds()) if made is not None else 0
    header = box(b"mvhd", bytes(4) + struct.pack(">II", seconds, seconds) + bytes(88))
    return box(b"ftyp", brand + bytes(4)) + box(b"moov", header) + box(b"mdat", bytes(film))


def wav(sound: int = 800) -> bytes:
    """A short sound."""
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    content = b"WAVE" + form + b"data" + struct.pack("<I", sound) + bytes(sound)
    return b"RIFF" + struct.pack("<I", len(content)) + content
