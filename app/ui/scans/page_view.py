"""One scanned page: as large as the window, or larger and moved about in."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QScrollBar, QWidget

from app.ui import theme

ZOOMS: Final = (1.0, 1.5, 2.0, 3.0, 4.0)
"""Times the size at which the whole page is seen."""
STEP: Final = 60


class PageView(QScrollArea):
    """Shows a picture. + and − zoom, 0 shows the whole page, arrows move in a page that is larger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_view")
        self.setAccessibleName("扫描的页")
        self.setFrameShape(self.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label = QLabel(self)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWidget(self._label)
        self._image = QImage()
        self._zoom = 0

    def show_page(self, jpeg: bytes) -> None:
        """Show another picture, whole."""
        self._image, self._zoom = QImage.fromData(jpeg), 0
        self._fit()

    def say(self, text: str) -> None:
        """Show words in the place of the picture."""
        self._image = QImage()
        self._label.setPixmap(QPixmap())
        self._label.setText(text)
        self._label.adjustSize()

    def has_picture(self) -> bool:
        """Whether a page is shown."""
        return not self._image.isNull()

    def zoom(self) -> float:
        """Times the whole page's size."""
        return ZOOMS[self._zoom]

    def zoom_by(self, steps: int) -> None:
        """Larger or smaller by some steps; the middle stays in the middle."""
        across, down = self._middle(self.horizontalScrollBar()), self._middle(self.verticalScrollBar())
        self._zoom = min(max(self._zoom + steps, 0), len(ZOOMS) - 1)
        self._fit()
        for bar, share in ((self.horizontalScrollBar(), across), (self.verticalScrollBar(), down)):
            bar.setValue(round(share * (bar.maximum() + bar.pageStep()) - bar.pageStep() / 2))

    def show_whole(self) -> None:
        """The whole page."""
        self.zoom_by(-len(ZOOMS))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+, −, 0; arrows move."""
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1, Qt.Key.Key_0: -len(ZOOMS)}
        if event.key() in steps and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the page fitted."""
        super().resizeEvent(event)
        self._fit()

    @staticmethod
    def _middle(bar: QScrollBar) -> float:
        whole = bar.maximum() + bar.pageStep()
        return (bar.value() + bar.pageStep() / 2) / whole if whole else 0.5

    def _fit(self) -> None:
        if self._image.isNull():
            return
        room = self.maximumViewportSize() - QSize(8, 8)
        ratio = self.devicePixelRatioF()
        whole = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        wanted = whole * self.zoom() * ratio
        shown = QPixmap.fromImage(
            self._image.scaled(
                wanted, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        )
        with QPainter(shown) as painter:
            painter.setPen(theme.current().color("line"))
            painter.drawRect(shown.rect().adjusted(0, 0, -1, -1))
        shown.setDevicePixelRatio(ratio)
        self._label.setPixmap(shown)
        self._label.adjustSize()
