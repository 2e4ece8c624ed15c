"""Photos of a re-inspection on their way into the store: read, encoded and made small beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from app.errors import BadInput, Place
from app.services import evidence
from app.services.workplace import Workplace
from app.ui.widgets.photos import decoded
from app.ui.widgets.signature import png_bytes

SMALL = QSize(240, 240)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo chosen for the follow-up, not yet stored: a file or what was pasted; ``data`` once it was read."""

    name: str
    source: Path | QImage
    data: bytes = b""
    small: QImage | None = None

    def bytes(self) -> bytes:
        """The file's bytes; raises ``evidence.broken`` where it cannot be read. Not in the window's thread."""
        if self.data:
            return self.data
        if isinstance(self.source, QImage):
            return png_bytes(self.source)
        try:
            return self.source.read_bytes()
        except OSError as error:
            place = Place(file=self.name)
            raise BadInput("evidence.broken", place, reason=str(error.strerror)) from error


def read(picture: Picture) -> Picture:
    """Read it and make it small; raises ``evidence.broken`` and ``ui.not_an_image``."""
    data = picture.bytes()
    if isinstance(picture.source, QImage):
        mode, way = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        small = picture.source.scaled(SMALL, mode, way)
    else:
        small = decoded(data, SMALL)
    if small.isNull():
        raise BadInput("ui.not_an_image", Place(file=picture.name))
    return Picture(picture.name, picture.source, data, small)


def stored(place: Workplace, sha256: str) -> QImage:
    """The small picture of a photo in the store."""
    return QImage.fromData(evidence.preview(place, sha256=sha256, box=SMALL.width()))
