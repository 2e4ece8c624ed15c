"""Small pictures, made beside the window and kept in memory only, within bounds.

What is painted asks for its picture; the newest wish comes first, so that fast scrolling waits for
what is seen and not for what flew by. Nothing is written to the disk: it would be the photo unencrypted.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from app.errors import ChayanError
from app.services import evidence
from app.services.evidence import EvidenceRow
from app.services.workplace import Workplace
from app.ui.jobs import Jobs

AT_ONCE: Final = 2
WAITING: Final = 60
"""More wishes than any window shows at once; older ones come again when they are painted."""

PIXMAPS: Final = 240
"""Pictures ready to paint, more than the largest screen shows at once: at 352 × 264 pixels 90 MB at most."""
BYTES: Final = 24 << 20
"""Compressed small pictures, from which those are made again in a millisecond: over a thousand."""

Sign = tuple[str, int]


class Thumbs(QObject):
    """Small pictures of evidence; :attr:`ready` carries the digest of one that has come."""

    ready = Signal(str)

    def __init__(self, place: Workplace, jobs: Jobs, box: int, parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._jobs, self._box = place, jobs, box
        self._pixmaps: OrderedDict[Sign, QPixmap] = OrderedDict()
        self._packed: OrderedDict[Sign, bytes] = OrderedDict()
        self._size = 0
        self._wishes: OrderedDict[Sign, None] = OrderedDict()
        self._running: set[Sign] = set()
        self._unreadable: set[Sign] = set()

    def picture(self, row: EvidenceRow) -> QPixmap | None:
        """The small picture, or ``None`` while it is being made or where there is none."""
        sign = (row.sha256, row.rotation)
        if not row.pictured or sign in self._unreadable:
            return None
        found = self._pixmaps.get(sign)
        if found is not None:
            self._pixmaps.move_to_end(sign)
            return found
        if sign in self._packed:
            self._packed.move_to_end(sign)
            return self._keep(sign, QImage.fromData(self._packed[sign]))
        self._wish(sign)
        return None

    def is_unreadable(self, row: EvidenceRow) -> bool:
        """Whether the original is not here or no longer opens."""
        return (row.sha256, row.rotation) in self._unreadable

    def held(self) -> tuple[int, int]:
        """Pictures ready to paint, and bytes of compressed ones."""
        return len(self._pixmaps), self._size

    def _wish(self, sign: Sign) -> None:
        if sign in self._running:
            return
        self._wishes[sign] = None
        self._wishes.move_to_end(sign)
        while len(self._wishes) > WAITING:
            self._wishes.popitem(last=False)
        self._begin()

    def _begin(self) -> None:
        while self._wishes and len(self._running) < AT_ONCE:
            sign, _ = self._wishes.popitem()
            self._running.add(sign)
            make = partial(_made, self._place, sign, self._box)
            self._jobs.run(make, partial(self._came, sign), partial(self._failed, sign), self, lane="files")

    def _came(self, sign: Sign, made: tuple[bytes, QImage]) -> None:
        self._running.discard(sign)
        packed, image = made
        self._packed[sign] = packed
        self._size += len(packed)
        while self._size > BYTES:
            _, old = self._packed.popitem(last=False)
            self._size -= len(old)
        self._keep(sign, image)
        self.ready.emit(sign[0])
        self._begin()

    def _failed(self, sign: Sign, _error: ChayanError) -> None:
        # Told once, by a sign in the gallery; 体检 names what is missing.
        self._running.discard(sign)
        self._unreadable.add(sign)
        self.ready.emit(sign[0])
        self._begin()

    def _keep(self, sign: Sign, image: QImage) -> QPixmap:
        pixmap = QPixmap.fromImage(image)
        self._pixmaps[sign] = pixmap
        while len(self._pixmaps) > PIXMAPS:
            self._pixmaps.popitem(last=False)
        return pixmap


def _made(place: Workplace, sign: Sign, box: int) -> tuple[bytes, QImage]:
    """In a worker: decrypted, decoded and made small; only the small picture comes back."""
    packed = evidence.preview(place, sha256=sign[0], box=box, rotation=sign[1])
    return packed, QImage.fromData(packed)
