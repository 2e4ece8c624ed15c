"""A picture as large as there is room."""

from __future__ import annotations

from typing import Final

from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.widgets.photos import decoded

LARGE_BOX: Final = 1800


class Picture(QLabel):
    """A picture fitted to the room there is, never larger than it is; words where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumSize(160, 120)
        self.setWordWrap(True)
        self._whole = QPixmap()

    def show_picture(self, data: bytes) -> None:
        """Show encoded bytes; nothing for empty ones."""
        self._whole = QPixmap.fromImage(decoded(data, QSize(LARGE_BOX, LARGE_BOX))) if data else QPixmap()
        self._fit()

    def say(self, text: str) -> None:
        """Words instead of a picture."""
        self._whole = QPixmap()
        self.setText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture anew."""
        super().resizeEvent(event)
        if not self._whole.isNull():
            self._fit()

    def _fit(self) -> None:
        if self._whole.isNull():
            self.clear()
            return
        ratio = self.devicePixelRatioF()
        room = (self.size() * ratio).boundedTo(self._whole.size())
        smooth = Qt.TransformationMode.SmoothTransformation
        shown = self._whole.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        shown.setDevicePixelRatio(ratio)
        self.setPixmap(shown)


def image_of(picture: Image.Image) -> QImage:
    """A decoded picture for painting."""
    data = picture.tobytes("raw", "RGBX")
    # The copy outlives the bytes that Qt only borrows.
    return QImage(data, picture.width, picture.height, QImage.Format.Format_RGBX8888).copy()
