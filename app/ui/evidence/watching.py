"""Folders into which a scanner or a camera writes: what is new there, once it is written to its end.

The system's notice of a change comes at once where there is one; a look every few seconds serves network
folders, which give none. Looking happens beside the window: a folder of a server that is gone blocks.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from app.ui.jobs import Jobs
from app.ui.pauses import pause

LOOK_EVERY: Final = 3000
SETTLED: Final = 700
"""Milliseconds for which a file must stay the same to count as written, however often one looks."""
MOST: Final = 500

PICTURES: Final = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".heic", ".pdf")
MEDIA: Final = (
    *(".mp4", ".mov", ".avi", ".mkv", ".3gp", ".wmv", ".mpg", ".ts", ".mts"),
    *(".mp3", ".m4a", ".wav", ".amr", ".aac", ".ogg", ".flac"),
)
WANTED: Final = frozenset((*PICTURES, *MEDIA))


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a watched folder, as it was when it was looked at."""

    path: Path
    size: int
    modified: float


def look(folders: Sequence[Path], since: float) -> tuple[Found, ...]:
    """Files of a known sort that were written since a moment (seconds), the oldest first."""
    found = [each for folder in folders for each in _files(folder) if each.modified >= since]
    return tuple(sorted(found, key=lambda each: (each.modified, each.path))[-MOST:])


def _files(folder: Path) -> Iterable[Found]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if Path(entry.name).suffix.lower() in WANTED and entry.is_file() and entry.name[0] != ".":
                    stat = entry.stat()
                    yield Found(folder / entry.name, stat.st_size, stat.st_mtime)
    except OSError:
        return  # a stick that was pulled, a server that is off: there is nothing new then


class FolderWatch(QObject):
    """Tells of new files in some folders: :attr:`changed` whenever :meth:`waiting` is another list."""

    changed = Signal()

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._folders: tuple[Path, ...] = ()
        self._since = 0.0
        self._seen: dict[Path, tuple[Found, float]] = {}
        self._settled: tuple[Found, ...] = ()
        self._put_aside: set[Found] = set()
        self._looking = False
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self.look)
        self._pulse = QTimer(self)
        self._pulse.setInterval(LOOK_EVERY)
        self._pulse.timeout.connect(self.look)
        self._again = pause(self, SETTLED + SETTLED // 10, self.look)

    def watch(self, folders: Sequence[Path], since: float) -> None:
        """Watch these folders for what is written from ``since`` on; none stops it."""
        same = tuple(folders) == self._folders and since == self._since
        if not same:
            self.stop()
            self._folders, self._since = tuple(folders), since
        if self._folders and not self._pulse.isActive():
            if there := [str(each) for each in self._folders if each.is_dir()]:
                self._watcher.addPaths(there)  # for none at all Qt complains
            self._pulse.start()
            self.look()

    def stop(self) -> None:
        """Rest; what was put aside stays so."""
        self._pulse.stop()
        self._again.stop()
        if watched := self._watcher.directories():
            self._watcher.removePaths(watched)

    def forget(self) -> None:
        """Begin anew, for another visit."""
        self.stop()
        self._folders = ()
        self._seen.clear()
        self._put_aside.clear()
        self._tell(())

    def folders(self) -> tuple[Path, ...]:
        """What is watched."""
        return self._folders

    def waiting(self) -> tuple[Found, ...]:
        """New files that are written to their end and were not put aside."""
        return self._settled

    def put_aside(self, files: Collection[Found]) -> None:
        """Offer these no more: they were taken in, or are not wanted."""
        self._put_aside.update(files)
        self._tell(tuple(each for each in self._settled if each not in self._put_aside))

    def look(self) -> None:
        """Look now, unless a look is under way."""
        if self._looking or not self._folders:
            return
        self._looking = True
        work = partial(look, self._folders, self._since)
        self._jobs.run(work, self._looked, self._not_looked, self, lane="files")

    def _looked(self, found: tuple[Found, ...]) -> None:
        self._looking = False
        now = time.monotonic()
        known = dict(self._seen.values())
        self._seen = {each.path: (each, known.get(each, now)) for each in found}
        rested = now - SETTLED / 1000
        settled = tuple(each for each, since in self._seen.values() if each.size and since <= rested)
        if len(settled) < len(found):
            self._again.start()
        self._tell(tuple(each for each in settled if each not in self._put_aside))

    def _not_looked(self, _error: object) -> None:
        self._looking = False

    def _tell(self, settled: tuple[Found, ...]) -> None:
        if settled != self._settled:
            self._settled = settled
            self.changed.emit()
