"""Formula cells of the old binary workbook (xls), which the reader hands on as plain values.

Only formulas with a text for result matter: one with a number is noticed as a number. The exact
walk over the records is slow, so a look for the result's mark decides whether it is needed.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from app.intake.cells import letters

_SECTOR_SHIFT, _DIRECTORY, _MASTER, _MASTER_COUNT = 30, 48, 68, 109
_ENTRY = 128
_SECTOR_SHIFTS = (9, 12)
_END = 0xFFFFFFF0
_FORMULA, _EOF, _BOF, _SHEET = 0x0006, 0x000A, 0x0809, 0x0085
# A formula record: type, length, row, column, style, then eight bytes that mean "the result is a text".
_TEXT_RESULT = re.compile(rb"\x06\x00.{2}.{4}.{2}\x00.{5}\xff\xff", re.DOTALL)


def formulas(data: bytes) -> dict[str, frozenset[tuple[int, str]]]:
    """Cells (row, column letters) of each sheet whose formula results in a text; nothing if unreadable."""
    if not _TEXT_RESULT.search(data):
        return {}
    try:
        stream = _workbook_stream(data)
        return {name: frozenset(_text_formulas(stream, at)) for name, at in _sheets(stream)}
    except (struct.error, IndexError, UnicodeDecodeError):
        # A damaged file is for the reader to refuse.
        return {}


def _workbook_stream(data: bytes) -> bytes:
    shift = struct.unpack_from("<H", data, _SECTOR_SHIFT)[0]
    if shift not in _SECTOR_SHIFTS:
        return b""
    size = 1 << shift
    master = struct.unpack_from(f"<{_MASTER_COUNT}I", data, 76)
    following, left = struct.unpack_from("<2I", data, _MASTER)
    sectors = [sector for sector in master if sector < _END]
    left = min(left, len(data) // size)
    while following < _END and left:
        *more, following = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        sectors += [sector for sector in more if sector < _END]
        left -= 1
    table = b"".join(data[(sector + 1) * size : (sector + 2) * size] for sector in sectors)
    chain = struct.unpack(f"<{len(table) // 4}I", table)
    directory = _read(data, chain, struct.unpack_from("<I", data, _DIRECTORY)[0], size)
    for at in range(0, len(directory), _ENTRY):
        name = directory[at : at + 64].decode("utf-16-le").split("\0")[0]
        if name in {"Workbook", "Book"}:
            start, length = struct.unpack_from("<2I", directory, at + 116)
            return _read(data, chain, start, size)[:length]
    return b""


def _read(data: bytes, chain: tuple[int, ...], sector: int, size: int) -> bytes:
    parts, left = [], len(chain)
    while sector < _END and left:
        parts.append(data[(sector + 1) * size : (sector + 2) * size])
        sector, left = chain[sector], left - 1
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, position and length of every record from ``at`` on."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        yield kind, at + 4, length
        at += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, at, length in _records(stream, 0):
        if kind == _EOF:
            return
        if kind == _SHEET:
            start, _, count, wide = struct.unpack_from("<IHBB", stream, at)
            name = stream[at + 8 : at + length]
            yield (name.decode("utf-16-le") if wide & 1 else name.decode("latin-1"))[:count], start


def _text_formulas(stream: bytes, start: int) -> Iterator[tuple[int, str]]:
    depth = 0
    for kind, at, _ in _records(stream, start):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        if kind == _FORMULA and stream[at + 6] == 0 and stream[at + 12 : at + 14] == b"\xff\xff":
            row, column = struct.unpack_from("<2H", stream, at)
            yield row + 1, letters(column)
