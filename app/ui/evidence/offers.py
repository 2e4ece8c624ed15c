"""New files from a scanner or a camera: shown and ticked, taken in only when somebody says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.errors import ChayanError
from app.files import explained
from app.services import annotating
from app.services.evidence_files import readable
from app.ui import icons, theme
from app.ui.evidence import words
from app.ui.evidence.picture import image_of
from app.ui.evidence.watching import PICTURES, Found
from app.ui.jobs import Jobs
from app.ui.widgets import CaptionLabel, HeadingLabel, PrimaryButton, SecondaryButton

ICON: Final = QSize(96, 72)
CLEAR: Final = "收入后删除这个文件夹里的原文件（核对一致才删；库里是加密的）"


class OfferDialog(QDialog):
    """Files to take in. ``taken(files, clear)`` for the ticked ones; the others are not offered again."""

    taken = Signal(tuple, bool)
    declined = Signal(tuple)

    def __init__(self, title: str, files: Sequence[Found], jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumSize(720, 480)
        self._files = tuple(files)
        self.list = QListWidget(self)
        self.list.setObjectName("offered")
        self.list.setAccessibleName("新文件")
        self.clear_folder = QCheckBox(CLEAR, self)
        self.clear_folder.setObjectName("clear_folder")
        self.take = PrimaryButton("", "Ctrl+Return", self)
        self.take.setObjectName("take_offered")
        self.later = SecondaryButton("稍后", "Esc", self)
        self.decline = SecondaryButton("都不收", "", self)
        self.decline.setObjectName("decline_offered")
        self._fill(jobs)
        self._lay_out(title)
        self._count()
        self.list.itemChanged.connect(self._count)
        self.list.itemActivated.connect(self._toggle)
        self.take.clicked.connect(self._take)
        self.later.clicked.connect(self.reject)
        self.decline.clicked.connect(self._decline)
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def _fill(self, jobs: Jobs) -> None:
        self.list.setIconSize(ICON)
        self.list.setUniformItemSizes(True)
        sign = icons.pixmap("scan", theme.current().tokens.soft, 40).toImage()
        empty = QIcon(_centred(sign))
        for line, file in enumerate(self._files):
            item = QListWidgetItem(empty, _told(file))
            item.setToolTip(str(file.path))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
            jobs.run(partial(_small, file.path), partial(self._show, line), None, self, lane="files")

    def _show(self, line: int, image: QImage) -> None:
        item = self.list.item(line)
        if not image.isNull():
            self.list.blockSignals(True)
            item.setIcon(icons.of_picture(_centred(image)))
            self.list.blockSignals(False)

    def ticked(self) -> tuple[Found, ...]:
        """The files that would be taken in."""
        return tuple(
            file
            for line, file in enumerate(self._files)
            if self.list.item(line).checkState() is Qt.CheckState.Checked
        )

    def _toggle(self, item: QListWidgetItem) -> None:
        checked = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked)

    def _count(self, *_: object) -> None:
        count = len(self.ticked())
        self.take.say(f"收入 {count} 件")
        self.take.setEnabled(count > 0)

    def _take(self) -> None:
        self.taken.emit(self.ticked(), self.clear_folder.isChecked())
        self.accept()

    def _decline(self) -> None:
        self.declined.emit(self._files)
        self.accept()

    def _lay_out(self, title: str) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.decline)
        foot.addStretch(1)
        foot.addWidget(self.later)
        foot.addWidget(self.take)
        for button in (self.take, self.later, self.decline):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(HeadingLabel(title, "title", self))
        column.addWidget(CaptionLabel("空格勾选或取消；没有勾选的以后不再提示。", parent=self))
        column.addWidget(self.list, 1)
        column.addWidget(self.clear_folder)
        column.addLayout(foot)


def _centred(image: QImage) -> QPixmap:
    """A picture in the middle of a room that is the same for all, so that the words begin in one line."""
    room = QPixmap(ICON * 2)
    room.fill(Qt.GlobalColor.transparent)
    shown = image.scaled(
        room.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    painter = QPainter(room)
    painter.drawImage((room.width() - shown.width()) // 2, (room.height() - shown.height()) // 2, shown)
    painter.end()
    room.setDevicePixelRatio(2)
    return room


def _told(file: Found) -> str:
    """Name, size and time of a file, in two lines."""
    written = datetime.fromtimestamp(file.modified, UTC)
    return f"{file.path.name}\n{words.size_text(file.size)} · 存于 {words.moment(written)}"


def _small(path: Path) -> QImage:
    """In a worker: a small picture of a file; a null one where it is no picture."""
    if path.suffix.lower() not in PICTURES or path.suffix.lower() == ".pdf":
        return QImage()
    try:
        with explained(path), readable(path.name):
            return image_of(annotating.upright(path.read_bytes(), 0, 2 * ICON.width()))
    except ChayanError:
        return QImage()  # said when it is taken in, with its reason
