"""Reading a package: untrusted bytes, from front to back, each checked before the next is asked for.

The order is the safety: age authenticates every byte; the manifest's signature is checked against
a known device before the manifest is parsed; sizes and names come from the signed manifest and
every entry must be exactly the next one expected. Evidence is hashed and handed on in other threads
while the next file is decrypted; all of it is done before the package counts as read. No name in a
package is used as a path, and nothing is written to the disk here.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import IO, cast

import msgspec
import pyrage
import zstandard

from app.beside import Beside
from app.errors import BadInput, Place
from app.files import explained
from app.sync.archive import LOCAL_SIZE, Entry, directory, read_header
from app.sync.canonical import digest
from app.sync.package import (
    LARGEST_MANIFEST,
    MANIFEST,
    REVISIONS,
    SIGNATURE,
    SIGNATURE_SIZE,
    Manifest,
    head_of,
    line_of,
    read_manifest,
)
from app.sync.revision import LARGEST_BODY
from app.sync.volumes import Readable
from app.vault import PublicKeys

_AGE = b"age-encryption.org/v1\n"
Decrypt = Callable[[IO[bytes], IO[bytes]], None]
Parsing = Generator[int, bytes, None]


class Enough(Exception):
    """Raised by a receiver that has everything: the rest need not be read."""


class Receiver:
    """Who is told what a package holds; may raise to refuse it. This one only checks."""

    def __init__(self, keys_of: Callable[[str], PublicKeys]) -> None:
        self.keys_of = keys_of
        """The keys of the device that claims to have made the package."""

    def begin(self, manifest: Manifest, raw: bytes) -> None:
        """The manifest, whose signature holds."""

    def revision(self, listed: str, body: bytes, signature: bytes) -> None:
        """A revision under the id the manifest lists it by; neither is checked."""

    def content(self, name: str, data: bytes) -> None:
        """A checklist or a supplement to the law, under the name the manifest lists."""

    def evidence(self) -> None:
        """The files of evidence follow, if there are any; may raise :class:`Enough`."""

    def blob(self, sha256: str, data: bytes) -> None:
        """A file of evidence; its digest holds. Called from other threads, several at once."""

    def step(self, size: int) -> None:
        """How many bytes went by."""


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    revision: msgspec.Raw
    signature: str


def read_package(path: Readable, decrypt: Decrypt, receiver: Receiver) -> None:
    """Tell ``receiver`` everything a package holds; raises :class:`BadInput` at the first fault."""
    try:
        with suppress(Enough), explained(path.name), path.open("rb") as source, Beside[None]() as beside:
            _decrypted(source, decrypt, _Feed(_parse(receiver, beside)))
    except BadInput as error:
        problem = error.problem
        raise BadInput(problem.code, Place(file=path.name), **problem.values) from error


def _decrypted(source: IO[bytes], decrypt: Decrypt, feed: _Feed) -> None:
    start = source.read(len(_AGE))
    if start != _AGE:
        whole = len(start) == len(_AGE) or not _AGE.startswith(start) or not start
        raise BadInput("sync.not_a_package" if whole else "sync.truncated")
    source.seek(0)
    try:
        decrypt(source, cast(IO[bytes], feed))
    except pyrage.DecryptError as error:
        raise BadInput(_code_for(str(error))) from error
    except OSError as error:
        # pyrage reports a broken stream as an OSError without a number.
        if error.errno is not None:
            raise
        raise BadInput(_code_for(str(error))) from error
    if not feed.finished:
        raise BadInput("sync.damaged")


def _code_for(text: str) -> str:
    if "No matching keys" in text:
        return "sync.not_for_this_device"
    short = ("truncated", "Incomplete", "fill whole buffer", "unexpected end")
    return "sync.truncated" if any(word in text for word in short) else "sync.damaged"


class _Feed:
    """A writer that hands a parser exactly as many bytes as it asks for; each is copied once."""

    def __init__(self, parsing: Parsing) -> None:
        self._parsing = parsing
        self._wanted = next(parsing)
        self._pieces: list[bytes] = []
        self._held = 0
        self.finished = False

    def write(self, chunk: bytes) -> int:
        """Take a piece of the decrypted stream."""
        if self.finished:
            raise BadInput("sync.damaged")
        self._pieces.append(chunk)
        self._held += len(chunk)
        if self._held >= self._wanted:
            self._deliver(chunk)
        return len(chunk)

    def _deliver(self, last: bytes) -> None:
        """Hand over what is whole; ``last`` is the piece that made it so and may reach beyond."""
        start = len(last) - (self._held - self._wanted)
        self._pieces[-1] = last[:start]
        self._send(b"".join(self._pieces))
        while not self.finished and len(last) - start >= self._wanted:
            end = start + self._wanted
            self._send(last[start:end])
            start = end
        self._pieces, self._held = [last[start:]], len(last) - start
        if self.finished and self._held:
            raise BadInput("sync.damaged")

    def _send(self, piece: bytes) -> None:
        try:
            self._wanted = self._parsing.send(piece)
        except StopIteration:
            self.finished = True

    def flush(self) -> None:
        """Nothing waits."""


class _Entries:
    """Takes one expected entry after the other and remembers where each stood."""

    def __init__(self) -> None:
        self._taken: list[Entry] = []
        self._offset = 0

    def take(self, name: str, most: int, *, exact: bool = True) -> Generator[int, bytes, bytes]:
        """The bytes of the next entry, which must be ``name`` with ``most`` bytes (or at most so many)."""
        data, crc = yield from self.unchecked(name, most, exact=exact)
        _require_sum(data, crc)
        return data

    def unchecked(
        self, name: str, most: int, *, exact: bool = True
    ) -> Generator[int, bytes, tuple[bytes, int]]:
        """The same with the sum that the archive says the bytes have."""
        crc, size, length = read_header((yield LOCAL_SIZE))
        if length != len(name) or (size != most if exact else size > most):
            raise BadInput("sync.damaged")
        if (yield length) != name.encode():
            raise BadInput("sync.damaged")
        data = yield size
        entry = Entry(name, size, crc, self._offset)
        self._taken.append(entry)
        self._offset += entry.span
        return data, crc

    def close(self) -> Parsing:
        """The rest of the archive must be the directory of what was taken."""
        expected = directory(self._taken)
        if (yield len(expected)) != expected:
            raise BadInput("sync.damaged")


def _parse(receiver: Receiver, beside: Beside[None]) -> Parsing:
    entries = _Entries()
    raw = yield from entries.take(MANIFEST, LARGEST_MANIFEST, exact=False)
    signature = yield from entries.take(SIGNATURE, SIGNATURE_SIZE)
    if not receiver.keys_of(head_of(raw).author).verify(signature, raw):
        raise BadInput("sync.bad_signature")
    manifest = read_manifest(raw)
    receiver.begin(manifest, raw)
    for part in manifest.parts:
        data = yield from entries.take(part.name, part.size)
        _require_digest(data, part.sha256)
        if part.name == REVISIONS:
            for listed, body, seal in _revisions(data, manifest):
                receiver.revision(listed, body, seal)
        else:
            receiver.content(part.name, data)
        receiver.step(len(data))
    receiver.evidence()
    for blob in manifest.blobs:
        while beside.full(blob.size):
            beside.take()
        data, crc = yield from entries.unchecked(f"blobs/{blob.sha256}", blob.size)
        beside.begin(blob.size, _blob, receiver, blob.sha256, data, crc)
        receiver.step(len(data))
    while beside:
        beside.take()
    yield from entries.close()


def _blob(receiver: Receiver, sha256: str, data: bytes, crc: int) -> None:
    _require_sum(data, crc)
    _require_digest(data, sha256)
    receiver.blob(sha256, data)


def _require_sum(data: bytes, crc: int) -> None:
    if zlib.crc32(data) != crc:
        raise BadInput("sync.damaged")


def _require_digest(data: bytes, sha256: str) -> None:
    if digest(data) != sha256:
        raise BadInput("sync.damaged")


def _revisions(data: bytes, manifest: Manifest) -> Iterator[tuple[str, bytes, bytes]]:
    """Listed id, body and signature of every revision; no more bytes than the manifest declares."""
    left = manifest.unpacked
    listed = iter(manifest.revisions)
    try:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)) as unpacked:
            lines = io.BufferedReader(cast(io.RawIOBase, unpacked))
            while line := lines.readline(min(left, 2 * LARGEST_BODY) + 1):
                left -= len(line)
                entry = next(listed, None)
                if left < 0 or entry is None:
                    raise BadInput("sync.damaged")
                found = msgspec.json.decode(line, type=_Line)
                body, signature = bytes(found.revision), bytes.fromhex(found.signature)
                if len(body) != entry.size or line != line_of(body, signature):
                    raise BadInput("sync.damaged")
                yield entry.id, body, signature
    except (zstandard.ZstdError, msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadInput("sync.damaged") from error
    if left or next(listed, None) is not None:
        raise BadInput("sync.damaged")
