"""The ZIP inside a package: stored entries, one after the other, nothing else.

Written so that any unzip opens it. Read from front to back only: each entry stands where the one
before ended, and the directory at the end must be byte for byte the one that these entries have.
So nothing can overlap, repeat, hide, or be named twice.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.errors import BadInput

LARGEST_ENTRY = (1 << 32) - 2
"""An entry's size stays below the point where ZIP needs its 64-bit form."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_EXTRA = struct.Struct("<2HQ")
LOCAL_SIZE = _LOCAL.size
_VERSION, _VERSION64, _NEW_YEAR_1980 = 20, 45, 0x21
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored file of the archive."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def span(self) -> int:
        """Bytes from its header to the next one."""
        return _LOCAL.size + len(self.name.encode()) + self.size


def local_header(name: str, size: int, crc: int) -> bytes:
    """What stands before an entry's bytes."""
    raw = name.encode()
    fields = (b"PK\3\4", _VERSION, 0, 0, 0, _NEW_YEAR_1980, crc, size, size, len(raw), 0)
    return _LOCAL.pack(*fields) + raw


def read_header(raw: bytes) -> tuple[int, int, int]:
    """CRC, size and length of the name in an entry's first bytes; ``sync.damaged`` for other forms."""
    mark, version, flags, method, clock, day, crc, packed, size, name, extra = _LOCAL.unpack(raw)
    ours = (b"PK\3\4", _VERSION, 0, 0, 0, _NEW_YEAR_1980, size, 0)
    if (mark, version, flags, method, clock, day, packed, extra) != ours:
        raise BadInput("sync.damaged")
    return crc, size, name


def directory(entries: Iterable[Entry]) -> bytes:
    """The central directory and the end records of an archive of ``entries``."""
    known = list(entries)
    records = b"".join(_central(entry) for entry in known)
    start = known[-1].offset + known[-1].span if known else 0
    count, size = len(known), len(records)
    end = _END.pack(
        b"PK\5\6", 0, 0, min(count, _FULL16), min(count, _FULL16), min(size, _FULL32), min(start, _FULL32), 0
    )
    if count < _FULL16 and max(size, start) < _FULL32:
        return records + end
    wide = _END64.pack(b"PK\6\6", 44, _VERSION64, _VERSION64, 0, 0, count, count, size, start)
    return records + wide + _LOCATOR.pack(b"PK\6\7", 0, start + size, 1) + end


def _central(entry: Entry) -> bytes:
    raw = entry.name.encode()
    far = entry.offset >= _FULL32
    extra = _EXTRA.pack(1, 8, entry.offset) if far else b""
    version = _VERSION64 if far else _VERSION
    fields = (
        *(b"PK\1\2", version, version, 0, 0, 0, _NEW_YEAR_1980, entry.crc, entry.size, entry.size),
        *(len(raw), len(extra), 0, 0, 0, 0, min(entry.offset, _FULL32)),
    )
    return _CENTRAL.pack(*fields) + raw + extra


def packed(contents: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The archive of ``contents`` in slices, holding one entry at a time."""
    return archived((name, data, zlib.crc32(data)) for name, data in contents)


def archived(contents: Iterable[tuple[str, bytes, int]]) -> Iterator[bytes]:
    """The same of names, bytes and their CRC-32."""
    entries: list[Entry] = []
    offset = 0
    for name, data, crc in contents:
        entry = Entry(name, len(data), crc, offset)
        entries.append(entry)
        offset += entry.span
        yield local_header(name, entry.size, entry.crc)
        yield data
    yield directory(entries)
