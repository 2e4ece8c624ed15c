"""Writing a package: streamed beside its target, read back, then renamed."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyrage
import zstandard

from app.beside import Beside
from app.errors import EnvironmentFault, Place
from app.files import explained, sync_folder
from app.sync.archive import archived
from app.sync.canonical import canonical, digest
from app.sync.package import (
    MANIFEST,
    REVISIONS,
    SIGNATURE,
    BlobEntry,
    Manifest,
    PartEntry,
    RevisionEntry,
    line_of,
)
from app.sync.revision import Sealed
from app.vault import encrypt_stream

Step = Callable[[int], None]
"""Told how many bytes went by; may raise to stop."""

_Content = tuple[str, bytes, int]
"""A file of the archive: name, bytes, CRC-32."""

_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class Parts:
    """The files of a package other than evidence, with what the manifest says of the revisions."""

    files: dict[str, bytes]
    revisions: tuple[RevisionEntry, ...]
    unpacked: int

    @property
    def entries(self) -> tuple[PartEntry, ...]:
        """The files as the manifest lists them."""
        return tuple(PartEntry(name, len(data), digest(data)) for name, data in self.files.items())


def make_parts(revisions: Sequence[Sealed], contents: dict[str, bytes]) -> Parts:
    """Pack revisions as one compressed line of JSON each, and other contents as they are."""
    out = io.BytesIO()
    size = 0
    with zstandard.ZstdCompressor(level=6).stream_writer(out, closefd=False) as lines:
        for each in revisions:
            size += lines.write(line_of(each.body, each.signature))
    listed = tuple(RevisionEntry(each.id, len(each.body)) for each in revisions)
    return Parts({REVISIONS: out.getvalue(), **contents}, listed, size)


class _Memory:
    """Remembers the exception that left its block; pyrage would keep only its text."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        self.error = error


class _Pull(io.RawIOBase):
    """A reader over pieces that are made when they are wanted."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = memoryview(b"")
        self.memory = _Memory()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        while not self._left:
            with self.memory:
                piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def write_package(
    target: Path,
    manifest: Manifest,
    files: dict[str, bytes],
    *,
    sign: Callable[[bytes], bytes],
    blob: Callable[[str], bytes],
    recipients: tuple[str, ...],
    read_back: Callable[[Path], None],
    step: Step,
) -> int:
    """Write, read back and name a package; returns its size. Nothing is left when it fails.

    ``blob`` gives the bytes with a digest, or raises; it is called from other threads.
    """
    raw = canonical(manifest)
    head = {MANIFEST: raw, SIGNATURE: sign(raw)}
    temporary = temporary_for(target)
    with explained(target):
        try:
            with temporary.open("wb", _BUFFER) as out, Beside[_Content]() as ahead:
                contents = _counted(_contents(head | files, manifest, blob, ahead), step)
                _encrypt(_Pull(archived(contents)), out, recipients)
                out.flush()
                os.fsync(out.fileno())
            read_back(temporary)
            size = temporary.stat().st_size
            os.replace(temporary, target)
            sync_folder(target.parent)
        finally:
            temporary.unlink(missing_ok=True)
    return size


def _encrypt(source: _Pull, out: IO[bytes], recipients: tuple[str, ...]) -> None:
    buffered = io.BufferedReader(source, _BUFFER)
    try:
        encrypt_stream(cast(IO[bytes], buffered), out, recipients)
    except pyrage.EncryptError as error:
        raise source.memory.error or error from error


def temporary_for(target: Path) -> Path:
    """Where a package lies until it is whole."""
    return target.with_name(f".{target.name}.part")


def _contents(
    files: dict[str, bytes], manifest: Manifest, blob: Callable[[str], bytes], ahead: Beside[_Content]
) -> Iterator[_Content]:
    """Every file with its CRC-32; evidence is read and opened in other threads before it is wanted."""
    for name, data in files.items():
        yield name, data, zlib.crc32(data)
    for entry in manifest.blobs:
        while ahead.full(entry.size):
            yield ahead.take()
        ahead.begin(entry.size, _evidence, entry, blob)
    while ahead:
        yield ahead.take()


def _evidence(entry: BlobEntry, blob: Callable[[str], bytes]) -> _Content:
    data = blob(entry.sha256)
    if len(data) != entry.size:
        raise EnvironmentFault("vault.evidence_damaged", Place(file=entry.sha256))
    return f"blobs/{entry.sha256}", data, zlib.crc32(data)


def _counted(contents: Iterable[_Content], step: Step) -> Iterator[_Content]:
    for content in contents:
        yield content
        step(len(content[1]))
