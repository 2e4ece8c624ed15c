"""前后对比: the photos from before and after a rectification side by side, as large as the window allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.services import evidence
from app.services.before_after import BeforeAfter, Shot
from app.services.workplace import Workplace
from app.ui.slots import calling
from app.ui.widgets import CaptionLabel, Card, HeadingLabel, PlainButton, SecondaryButton, day_text
from app.ui.widgets.photos import decoded

if TYPE_CHECKING:
    from app.ui.screens import Desk

BOX: Final = 1200
"""Longest side of a picture as it is read; larger than the window shows it."""

Read = Callable[[Shot], bytes]


class ShotPane(Card):
    """One side: a picture, its words, and the way to the next; Left and Right while it has the focus."""

    def __init__(self, heading: str, shots: Sequence[Shot], read: Read, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._heading, self._shots, self._read = heading, shots, read
        self._place, self._image = 0, QImage()
        self.title = HeadingLabel(heading, "card", self)
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.caption = CaptionLabel(parent=self)
        self.back, self.on = PlainButton("上一张", parent=self), PlainButton("下一张", parent=self)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        for by, button in ((-1, self.back), (1, self.on)):
            button.setVisible(len(shots) > 1)
            button.setToolTip(f"{button.text()}（{'←' if by < 0 else '→'}）")
            button.clicked.connect(calling(self.step, by))
            head.addWidget(button)
        self.body.addLayout(head)
        self.body.addWidget(self.picture, 1)
        self.body.addWidget(self.caption)
        self._show()

    def shot(self) -> Shot | None:
        """The photo in view."""
        return self._shots[self._place] if self._shots else None

    def step(self, by: int) -> None:
        """Show the next or the one before; it stops at the ends."""
        wanted = max(0, min(len(self._shots) - 1, self._place + by))
        if wanted != self._place:
            self._place = wanted
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right."""
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.step(-1 if event.key() == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Wear the frame."""
        super().focusInEvent(event)
        self.set_current(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame off."""
        super().focusOutEvent(event)
        self.set_current(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture."""
        super().resizeEvent(event)
        self._fit()

    def _show(self) -> None:
        shot = self.shot()
        count = f" {self._place + 1}/{len(self._shots)}" if len(self._shots) > 1 else ""
        self.title.setText(f"{self._heading}{count}")
        self.back.setEnabled(self._place > 0)
        self.on.setEnabled(self._place < len(self._shots) - 1)
        words = f"{day_text(shot.on)} · {shot.caption}" if shot else ""
        self._image = QImage()
        if shot is not None:
            self._image = decoded(self._read(shot), QSize(BOX, BOX))
            words = words if not self._image.isNull() else f"{words} · 照片打不开，见体检"
        self.caption.setText(words)
        self.setAccessibleName(f"{self.title.text()}，{words or '没有照片'}")
        self._fit()

    def _fit(self) -> None:
        if self._image.isNull():
            self.picture.setPixmap(QPixmap())
            self.picture.setText("没有照片" if not self._shots else "照片打不开")
            return
        ratio = self.devicePixelRatioF()
        fitted = self._image.scaled(
            self.picture.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )  # fmt: skip
        shown = QPixmap.fromImage(fitted)
        shown.setDevicePixelRatio(ratio)
        self.picture.setPixmap(shown)


class CompareDialog(QDialog):
    """Both sides; Tab goes from one to the other, Esc closes."""

    def __init__(self, desk: Desk, title: str, found: BeforeAfter, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("compare")
        self.setWindowTitle(f"前后对比 {title}")
        read = _reader(desk.place)
        self.before = ShotPane("整改前", found.before, read, self)
        self.after = ShotPane("整改后", found.after, read, self)
        self.close_button = SecondaryButton("关闭", "Esc", self)
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addWidget(self.before, 1)
        sides.addWidget(self.after, 1)
        foot = QHBoxLayout()
        foot.addWidget(CaptionLabel("← → 换一张，Tab 换一边", parent=self), 1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(HeadingLabel(f"前后对比 · {title}", "title", self))
        column.addLayout(sides, 1)
        column.addLayout(foot)
        room = parent.window().size()
        self.resize(max(720, room.width() - 80), max(460, room.height() - 60))
        self.after.setFocus()


def _reader(place: Workplace) -> Read:
    def read(shot: Shot) -> bytes:
        try:
            return evidence.preview(place, sha256=shot.sha256, box=BOX, rotation=shot.rotation)
        except ChayanError:
            return b""  # said under the picture; 体检 names the file

    return read
