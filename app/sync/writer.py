"""Writing a package: streamed beside its target, read back, then renamed."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyrage
import zstandard

from app.errors import EnvironmentFault, Place
from app.files import explained, sync_folder
from app.sync.archive import packed
from app.sync.canonical import canonical, digest
from app.sync.package import (
    MANIFEST,
    REVISIONS,
    SIGNATURE,
    Manifest,
    PartEntry,
    RevisionEntry,
    line_of,
)
from app.sync.revision import Sealed
from app.vault import encrypt_stream

Step = Callable[[int], None]
"""Told how many bytes went by; may raise to stop."""


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


def make_parts(revisions: Sequence[Sealed], checklists: dict[str, bytes]) -> Parts:
    """Pack revisions as one compressed line of JSON each, and checklists as they are."""
    out = io.BytesIO()
    size = 0
    with zstandard.ZstdCompressor(level=6).stream_writer(out, closefd=False) as lines:
        for each in revisions:
            size += lines.write(line_of(each.body, each.signature))
    listed = tuple(RevisionEntry(each.id, len(each.body)) for each in revisions)
    return Parts({REVISIONS: out.getvalue(), **checklists}, listed, size)


class _Memory:
    """Remembers the exception that left its block; pyrage would keep only its text."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        self.error = error


class _Pull(io.RawIOBase):
    """A reader over slices that are made when they are wanted."""

    def __init__(self, slices: Iterator[bytes]) -> None:
        self._slices = slices
        self._left = memoryview(b"")
        self.memory = _Memory()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._left:
            with self.memory:
                piece = next(self._slices, None)
            if piece is None:
                return b""
            self._left = memoryview(piece)
        end = len(self._left) if size < 0 else size
        taken, self._left = self._left[:end], self._left[end:]
        return bytes(taken)


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
    """Write, read back and name a package; returns its size. Nothing is left when it fails."""
    raw = canonical(manifest)
    head = {MANIFEST: raw, SIGNATURE: sign(raw)}
    contents = _counted(_contents(head | files, manifest, blob), step)
    temporary = temporary_for(target)
    with explained(target):
        try:
            with temporary.open("wb") as out:
                _encrypt(_Pull(packed(contents)), out, recipients)
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
    try:
        encrypt_stream(cast(IO[bytes], source), out, recipients)
    except pyrage.EncryptError as error:
        raise source.memory.error or error from error


def temporary_for(target: Path) -> Path:
    """Where a package lies until it is whole."""
    return target.with_name(f".{target.name}.part")


def _contents(
    files: dict[str, bytes], manifest: Manifest, blob: Callable[[str], bytes]
) -> Iterator[tuple[str, bytes]]:
    yield from files.items()
    for entry in manifest.blobs:
        data = blob(entry.sha256)
        if len(data) != entry.size or digest(data) != entry.sha256:
            raise EnvironmentFault("vault.evidence_damaged", Place(file=entry.sha256))
        yield f"blobs/{entry.sha256}", data


def _counted(contents: Iterable[tuple[str, bytes]], step: Step) -> Iterator[tuple[str, bytes]]:
    for name, data in contents:
        yield name, data
        step(len(data))
