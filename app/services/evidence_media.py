"""Video and sound by their containers: what kind a file is, when it was made, whether it is all there.

Nothing is decoded. Told from the first bytes (ISO/IEC 14496-12 for MP4, MOV, 3GP and M4A; RIFF; EBML;
ASF; MPEG-PS and -TS; MP3, AAC, AMR, Ogg, FLAC), so that a renamed text does not pass for a video.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import IO, Final

HEAD: Final = 4096
"""Bytes of a file that its kind is told from."""

_TS_PACKET: Final = 188
_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
"""Where the times of an MP4 begin."""
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Cameras whose clock was never set write the epoch; no such time is told."""

_SOUND_BRANDS = frozenset({b"M4A ", b"M4B "})
_STARTS: Final = (
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-asf"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"FLV\x01", "video/x-flv"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
)


def media_type(head: bytes, name: str) -> str | None:
    """The kind of a video or sound file by its first bytes, or ``None`` for anything else."""
    if head[4:8] == b"ftyp":
        return _base_media(head[8:12], name)
    if head[:4] == b"RIFF":
        return {b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}.get(head[8:12])
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if len(head) > 2 * _TS_PACKET and head[0] == head[_TS_PACKET] == head[2 * _TS_PACKET] == 0x47:
        return "video/mp2t"
    return _framed_sound(head)


def _base_media(brand: bytes, name: str) -> str:
    if brand in _SOUND_BRANDS or name.lower().endswith((".m4a", ".m4b")):
        return "audio/mp4"
    if brand == b"qt  ":
        return "video/quicktime"
    return "video/3gpp" if brand.startswith(b"3g") else "video/mp4"


def _framed_sound(head: bytes) -> str | None:
    """MP3 and AAC without a header: a frame's sync word at the very start."""
    if len(head) < 4 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    sane = head[1] & 0xE6 == 0xE2 and head[2] >> 4 not in {0, 15} and head[2] & 0x0C != 0x0C
    return "audio/mpeg" if sane else None


def examine(source: IO[bytes], head: bytes, size: int) -> tuple[bool, datetime | None]:
    """Whether the file ends before its container says, and the time of its making where it tells one."""
    if head[4:8] == b"ftyp":
        return _examine_boxes(source, size)
    if head[:4] == b"RIFF":
        (told,) = struct.unpack("<I", head[4:8])
        # Recorders that were switched off, and files over 4 GB, say 0 or all ones.
        return told not in {0, 0xFFFFFFFF} and told + 8 > size + 1, None
    return False, None


def _examine_boxes(source: IO[bytes], size: int) -> tuple[bool, datetime | None]:
    """Follow the outermost boxes: without its index (``moov``) or with a box beyond the end it plays nowhere."""
    found: datetime | None = None
    index = cut = False
    for kind, start, length in _boxes(source, 0, size):
        cut = cut or start + length > size
        if kind in {b"moov", b"moof"} and not cut:
            index = True
            found = found or _made_at(source, start, start + length)
    return cut or not index, found


def _boxes(source: IO[bytes], start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Boxes between two offsets: kind, where its content begins, how long that is."""
    while start + 8 <= end:
        source.seek(start)
        length, kind = struct.unpack(">I4s", source.read(8))
        header = 8
        if length == 1:
            (length,) = struct.unpack(">Q", source.read(8).ljust(8, b"\0"))
            header = 16
        length = end - start if length == 0 else length
        if length < header:
            return
        yield kind, start + header, length - header
        start += length


def _made_at(source: IO[bytes], start: int, end: int) -> datetime | None:
    """The time in ``mvhd``: seconds since 1904, UTC by the standard."""
    for kind, at, _ in _boxes(source, start, end):
        if kind == b"mvhd":
            source.seek(at)
            version, raw = source.read(1), source.read(11)
            wide = version == b"\1"
            seconds = int.from_bytes(raw[3:11] if wide else raw[3:7], "big")
            try:
                made = _EPOCH + timedelta(seconds=seconds)
            except OverflowError:
                return None
            return made if made > _EARLIEST else None
    return None
