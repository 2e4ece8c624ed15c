"""Volumes (``*.cyv``): a package in pieces, for sticks that hold no large files and for mail.

Each begins with two lines, ``chayan-volume/1`` and a JSON object that says which piece of which
package it is; the piece follows. They are joined in any order, and without us by
``tail -q -n +3 *.cyv`` in the order of their names. The header is not signed: it only finds the
pieces, what they join to is checked like any package.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol, cast

import msgspec

from app.errors import BadInput, Place, Problem
from app.files import CHUNK, explained, sync_folder
from app.sync.canonical import canonical
from app.sync.shapes import is_hex

Step = Callable[[int], None]
"""Told how many bytes went by; may raise to stop."""

SUFFIX = ".cyv"
SMALLEST = 64_000
MOST = 999
_MAGIC = b"chayan-volume/1\n"
_LONGEST_HEADER = 400
_SIZE = re.compile(r"(\d{1,15})\s*([KMGT]?)B?", re.IGNORECASE)


def _nobody(_told: object) -> None:
    """Nobody follows."""


class Readable(Protocol):
    """Something with a name that can be read from its beginning, a file or volumes joined."""

    @property
    def name(self) -> str:
        """What a person knows it by."""

    def open(self, mode: Literal["rb"]) -> IO[bytes]:
        """Its bytes."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which piece a volume holds: ``package`` is the SHA-256 of the whole, ``sha256`` of the piece."""

    count: int
    number: int
    package: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume on the disk whose header was read."""

    path: Path
    header: Header
    start: int


@dataclass(frozen=True, slots=True)
class Joined:
    """The volumes of one package, each verified, in their order."""

    volumes: tuple[Volume, ...]

    @property
    def path(self) -> Path:
        """The first volume."""
        return self.volumes[0].path

    @property
    def name(self) -> str:
        """The first volume's name."""
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes of the package."""
        return sum(volume.header.size for volume in self.volumes)

    def open(self, _mode: Literal["rb"] = "rb") -> IO[bytes]:
        """The package as one stream; nothing is copied."""
        return cast(IO[bytes], io.BufferedReader(_Chain(self.volumes), CHUNK))


class _Chain(io.RawIOBase):
    """Reads one piece after the other."""

    def __init__(self, volumes: tuple[Volume, ...]) -> None:
        self._volumes = volumes
        self._rest = iter(volumes)
        self._file: IO[bytes] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        if (offset, whence) != (0, 0):
            raise io.UnsupportedOperation("seek")
        self._close_piece()
        self._rest = iter(self._volumes)
        return 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        while True:
            if self._file is None:
                volume = next(self._rest, None)
                if volume is None:
                    return 0
                self._file = volume.path.open("rb")
                self._file.seek(volume.start)
            piece = self._file.read(len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)
            self._close_piece()

    def _close_piece(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def close(self) -> None:
        self._close_piece()
        super().close()


def parse_size(text: str) -> int:
    """Bytes of ``650M`` or ``4G``; thousands, so that it fits whichever way the other side counts."""
    found = _SIZE.fullmatch(text.strip())
    size = int(found[1]) * 1000 ** " KMGT".index(found[2].upper() or " ") if found else 0
    if size < SMALLEST:
        raise BadInput("sync.bad_size", text=text[:40], smallest=SMALLEST // 1000)
    return size


def required(total: int, size: int) -> int:
    """How many volumes of at most ``size`` bytes hold ``total``; refuses more than there may be."""
    count = -(-total // (size - _LONGEST_HEADER))
    if count > MOST:
        raise BadInput("sync.too_many_volumes", count=count, most=MOST)
    return count


def size_of(total: int, size: int) -> int:
    """Bytes that ``total`` takes at most in volumes of ``size``."""
    return total + required(total, size) * _LONGEST_HEADER


def split(
    whole: Path, folder: Path, stem: str, size: int, step: Step, *, naming: Callable[[str], None] = _nobody
) -> tuple[Path, ...]:
    """Write ``whole`` into ``folder`` as volumes of at most ``size`` bytes, each read back.

    They get their names when all of them are there; nothing is left when one fails. ``step`` is told
    of every byte three times: read, written, read back; ``naming`` of the package's digest before the
    first volume gets its name.
    """
    room = size - _LONGEST_HEADER
    total = whole.stat().st_size
    count = required(total, size)
    with whole.open("rb") as source:
        package = _sha256(source, step)
    targets = tuple(folder / f"{stem}.{number:03}{SUFFIX}" for number in range(1, count + 1))
    made: list[Path] = []
    try:
        with explained(folder), whole.open("rb") as source:
            for number, target in enumerate(targets, 1):
                piece = min(room, total - (number - 1) * room)
                made.append(temporary_for(target))
                _write_piece(made[-1], source, Header(count, number, package, "", piece), step)
            naming(package)
            for target in targets:
                os.replace(temporary_for(target), target)
                # From here on it goes by its own name, should a later one fail.
                made.append(target)
            sync_folder(folder)
        made.clear()
    finally:
        for path in made:
            path.unlink(missing_ok=True)
    return targets


def temporary_for(target: Path) -> Path:
    """Where a volume lies until all of them are whole."""
    return target.with_name(f".{target.name}.part")


def _write_piece(target: Path, source: IO[bytes], header: Header, step: Step) -> None:
    # Gone through twice, for the header that stands before the piece holds the piece's digest.
    start = source.tell()
    hashed = hashlib.sha256()
    for chunk in _chunks(source, header.size):
        hashed.update(chunk)
    source.seek(start)
    done = msgspec.structs.replace(header, sha256=hashed.hexdigest())
    with target.open("wb") as out:
        out.write(_MAGIC + canonical(done) + b"\n")
        for chunk in _chunks(source, header.size):
            out.write(chunk)
            step(len(chunk))
        out.flush()
        os.fsync(out.fileno())
    verify(read_header(target), step)


def _chunks(source: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := source.read(min(CHUNK, size))):
        size -= len(chunk)
        yield chunk


def read_header(path: Path) -> Volume:
    """What a volume says of itself; anything else is refused."""
    where = Place(file=path.name)
    with explained(path), path.open("rb") as source:
        start = source.read(len(_MAGIC) + _LONGEST_HEADER)
    line, found, _ = start.removeprefix(_MAGIC).partition(b"\n")
    try:
        header = msgspec.json.decode(line, type=Header)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadInput("sync.not_a_volume", where) from error
    good = (
        1 <= header.number <= header.count <= MOST
        and is_hex(header.package, 64)
        and is_hex(header.sha256, 64)
        and header.size > 0
    )
    if not (start.startswith(_MAGIC) and found and good):
        raise BadInput("sync.not_a_volume", where)
    return Volume(path, header, len(_MAGIC) + len(line) + 1)


def _sha256(source: IO[bytes], step: Step) -> str:
    hashed = hashlib.sha256()
    while chunk := source.read(CHUNK):
        hashed.update(chunk)
        step(len(chunk))
    return hashed.hexdigest()


def verify(volume: Volume, step: Step = _nobody) -> None:
    """Refuse a volume that is not whole or was changed."""
    with explained(volume.path), volume.path.open("rb") as source:
        source.seek(volume.start)
        if (
            _sha256(source, step) != volume.header.sha256
            or source.tell() - volume.start != volume.header.size
        ):
            raise BadInput("sync.volume_damaged", Place(file=volume.path.name))


def join(paths: Iterable[Path], step: Step = _nobody) -> tuple[list[Joined], list[Problem]]:
    """Put volumes together, whatever order they come in; what is missing or damaged is named.

    ``step`` is told of every byte that is verified, and may raise to stop.
    """
    packages: dict[str, list[Volume]] = {}
    problems: list[Problem] = []
    for path in dict.fromkeys(paths):
        try:
            volume = read_header(path)
            verify(volume, step)
        except BadInput as error:
            if error.problem.code == "sync.cancelled":
                raise  # the wish to stop is about all volumes and no fault of this one
            problems.append(error.problem)
        else:
            packages.setdefault(volume.header.package, []).append(volume)
    joined: list[Joined] = []
    for volumes in packages.values():
        try:
            joined.append(_in_order(volumes))
        except BadInput as error:
            problems.append(error.problem)
    return joined, problems


def _in_order(volumes: list[Volume]) -> Joined:
    where = Place(file=volumes[0].path.name)
    count = volumes[0].header.count
    by_number: dict[int, Volume] = {}
    # Two of one number may lie on two sticks; they count as one as long as they are the same.
    for volume in volumes:
        other = by_number.setdefault(volume.header.number, volume)
        if other.header != volume.header or volume.header.count != count:
            raise BadInput("sync.volumes_differ", where, other=volume.path.name)
    if missing := [number for number in range(1, count + 1) if number not in by_number]:
        raise BadInput("sync.volumes_missing", where, count=count, numbers=", ".join(map(str, missing)))
    return Joined(tuple(by_number[number] for number in range(1, count + 1)))


def siblings(path: Path) -> list[Path]:
    """The volumes in ``path``'s folder that belong to the same package; at least itself."""
    try:
        wanted = read_header(path).header.package
    except BadInput:
        return [path]
    found = [path]
    for other in sorted(path.parent.glob(f"*{SUFFIX}")):
        try:
            if other != path and read_header(other).header.package == wanted:
                found.append(other)
        except BadInput:
            continue
    return found
