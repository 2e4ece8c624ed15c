"""Folders, resources, atomic writes, free space and the one-instance lock.

Every file a person could lose is written here: a temporary file beside the target, flushed,
synced, renamed, and the folder synced. Failures of the disk become
:class:`~app.errors.EnvironmentFault` with the path in its values.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO

import platformdirs

from app.errors import EnvironmentFault, Place

CHUNK = 1 << 20
RESERVE = 16 << 20
"""Bytes that are left free on every disk."""


def resource(*parts: str) -> Path:
    """Path of a file under ``resources/`` in the source tree or in the frozen program."""
    return _root() / "resources" / Path(*parts)


def catalog(*parts: str) -> Path:
    """Path of a data file that lies inside the ``app`` package (checklists, law)."""
    return _root() / "app" / Path(*parts)


def document(*parts: str) -> Path:
    """Path of a file under ``docs/``: the user guide and its pictures."""
    return _root() / "docs" / Path(*parts)


def _root() -> Path:
    # PyInstaller keeps __file__ relative to the bundle's folder, so one rule serves both.
    return Path(__file__).resolve().parents[1]


def default_home() -> Path:
    """The data folder when neither ``--home`` nor ``CHAYAN_HOME`` names one."""
    return Path(os.environ.get("CHAYAN_HOME") or platformdirs.user_data_dir("chayan", appauthor=False))


def disk_fault(error: OSError, path: Path | str) -> EnvironmentFault:
    """The fault that explains ``error`` on ``path`` to a person."""
    code = {
        errno.ENOSPC: "disk.full",
        errno.EDQUOT: "disk.full",
        errno.EROFS: "disk.read_only",
        errno.EACCES: "disk.no_permission",
        errno.EPERM: "disk.no_permission",
        errno.ENOENT: "disk.missing",
    }.get(error.errno or 0, "disk.failed")
    if sys.platform == "win32" and isinstance(error, PermissionError):
        code = "disk.in_use"
    return EnvironmentFault(code, Place(file=str(path)), reason=error.strerror or str(error))


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn an ``OSError`` of the body into the fault that names ``path``."""
    try:
        yield
    except OSError as error:
        raise disk_fault(error, path) from error


def make_folder(path: Path) -> Path:
    """Create ``path`` with its parents, private to the user."""
    with explained(path):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def shown_name(path: Path) -> str:
    """The file's name as text: bytes that are no UTF-8 (an old archive's GBK) are read as Chinese."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return os.fsencode(path.name).decode("gb18030", "replace")
    return path.name


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Write ``path`` whole or not at all: temp file beside it, fsync, replace, fsync the folder."""
    with explained(path):
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            os.replace(name, path)
            sync_folder(path.parent)
        finally:
            # Gone already when it was renamed.
            with suppress(OSError):
                os.unlink(name)


def write_atomically(path: Path, data: bytes) -> None:
    """Replace the content of ``path`` by ``data``, whole or not at all."""
    with atomic_file(path) as out:
        out.write(data)


def sync_folder(path: Path) -> None:
    """Make a rename in ``path`` durable; Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def free_space(folder: Path) -> int:
    """Bytes that may still be written below ``folder``."""
    with explained(folder):
        return shutil.disk_usage(folder).free


def require_free_space(folder: Path, wanted: int) -> None:
    """Raise ``disk.too_small`` unless ``wanted`` bytes and a reserve of 16 MiB are free."""
    free = free_space(folder)
    if free < wanted + RESERVE:
        raise EnvironmentFault(
            "disk.too_small", Place(file=str(folder)), wanted=wanted >> 20, free=free >> 20
        )


def sha256_of(source: IO[bytes]) -> str:
    """Hex SHA-256 of everything left in ``source``."""
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


class InstanceLock:
    """One program per home: an advisory lock on ``home/lock`` that dies with its process."""

    def __init__(self, home: Path) -> None:
        self._path = home / "lock"
        self._file: IO[bytes] | None = None

    def acquire(self) -> None:
        """Take the lock or raise ``home.in_use``."""
        with explained(self._path):
            self._file = open(self._path, "a+b")
        try:
            _lock(self._file)
        except OSError as error:
            self._file.close()
            self._file = None
            raise EnvironmentFault("home.in_use", Place(file=str(self._path.parent))) from error

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":  # pragma: no cover - tried on Windows only
    import msvcrt

    def _lock(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: IO[bytes]) -> None:
        fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
