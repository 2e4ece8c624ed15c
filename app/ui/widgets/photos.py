"""A strip of photos: small pictures in one line, and every way to add one.

Nothing is stored here: files and pictures that are given are handed on as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QImage,
    QImageReader,
    QKeyEvent,
    QKeySequence,
    QPixmap,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListView, QListWidget, QListWidgetItem, QWidget

from app.ui.forgetting import forget_folders
from app.ui.icons import of_picture, pixmap
from app.ui.theme import current
from app.ui.widgets.buttons import SecondaryButton

THUMB: Final = QSize(112, 84)
PICTURES: Final = "照片 (*.jpg *.jpeg *.png *.webp *.bmp *.heic *.tif *.tiff);;所有文件 (*)"
_ID: Final = Qt.ItemDataRole.UserRole

ChooseFiles = Callable[[QWidget], Sequence[Path]]


@dataclass(frozen=True, slots=True)
class Thumb:
    """One photo in the strip: its id, its words, and a picture, encoded (JPEG, PNG) or made small already."""

    id: str
    caption: str
    picture: bytes | QImage


def decoded(data: bytes, room: QSize) -> QImage:
    """Decode a picture to fit ``room``, upright as its EXIF says; a null image where it cannot be."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        # The longer side serves both orientations, since the turn comes after the scaling.
        side = max(room.width(), room.height())
        if max(size.width(), size.height()) > side:
            reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def choose_files(parent: QWidget) -> Sequence[Path]:
    """Ask for picture files in the system's dialog."""
    names, _ = QFileDialog.getOpenFileNames(parent, "添加照片", "", PICTURES)
    forget_folders()
    return [Path(name) for name in names]


class PhotoStrip(QWidget):
    """Shows thumbnails; takes files by dialog, drop or paste, and pictures by paste.

    ``files_given(list[Path])`` and ``picture_given(QImage)`` hand on what came; ``chosen(id)``
    follows the current photo, ``opened(id)`` Enter or a double click, ``removal_asked(id)`` Delete.
    """

    files_given = Signal(list)
    picture_given = Signal(QImage)
    chosen = Signal(str)
    opened = Signal(str)
    removal_asked = Signal(str)

    def __init__(
        self, add_key: str = "P", choose: ChooseFiles = choose_files, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("photo_strip")
        self.setAcceptDrops(True)
        self._choose = choose
        self.add_button = SecondaryButton("添加照片", add_key, self, icon="photo")
        self.add_button.setObjectName("add_photo")
        self.add_button.setToolTip(f"{self.add_button.toolTip()}；也可拖入文件或粘贴（Ctrl+V）")
        self._list = QListWidget(self)
        self._set_habits()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._list, 1)
        row.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignTop)
        self.add_button.clicked.connect(self.add_files)
        self._list.itemActivated.connect(self._tell_opened)
        self._list.currentItemChanged.connect(self._tell_current)

    def _set_habits(self) -> None:
        self._list.setObjectName("photos")
        self._list.setAccessibleName("照片")
        self._list.setViewMode(QListView.ViewMode.IconMode)
        self._list.setFlow(QListView.Flow.LeftToRight)
        self._list.setWrapping(False)
        self._list.setMovement(QListView.Movement.Static)
        self._list.setIconSize(THUMB)
        self._list.setGridSize(THUMB + QSize(20, current().sizes.line + 16))
        self._list.setUniformItemSizes(True)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setAcceptDrops(False)
        self._list.setDragEnabled(False)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFixedHeight(self._list.gridSize().height() + 22)

    def show_photos(self, photos: Sequence[Thumb]) -> None:
        """Show these photos; the current one stays current."""
        kept = self.current_id()
        self._list.blockSignals(True)
        self._list.clear()
        for photo in photos:
            item = QListWidgetItem(_icon(photo.picture), photo.caption)
            item.setData(_ID, photo.id)
            item.setToolTip(photo.caption)
            self._list.addItem(item)
            if photo.id == kept:
                self._list.setCurrentItem(item)
        self._list.blockSignals(False)

    def show_picture(self, key: str, picture: QImage) -> None:
        """Show the picture of a photo, which came later than its words."""
        if key in self.ids():
            self._list.item(self.ids().index(key)).setIcon(_icon(picture))

    def ids(self) -> list[str]:
        """Ids of the photos in their order."""
        return [str(self._list.item(line).data(_ID)) for line in range(self._list.count())]

    def current_id(self) -> str | None:
        """The current photo's id."""
        line = self._list.currentRow()
        return None if line < 0 else str(self._list.item(line).data(_ID))

    def choose(self, key: str) -> None:
        """Make a photo the current one."""
        if key in self.ids():
            self._list.setCurrentRow(self.ids().index(key))

    def add_files(self) -> None:
        """Ask for files and hand them on."""
        self._give_files(self._choose(self))

    def paste(self) -> bool:
        """Take files or a picture from the clipboard; ``False`` when it holds neither."""
        return self._take(QGuiApplication.clipboard().mimeData())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V pastes, Delete asks for removal."""
        key = self.current_id()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_Delete and key is not None:
            self.removal_asked.emit(key)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files and pictures."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        if self._take(event.mimeData()):
            event.acceptProposedAction()

    def _take(self, data: QMimeData) -> bool:
        files = local_files(data)
        if files:
            self._give_files(files)
            return True
        if data.hasImage():
            image = QImage(data.imageData())
            if not image.isNull():
                self.picture_given.emit(image)
                return True
        return False

    def _give_files(self, files: Sequence[Path]) -> None:
        if files:
            self.files_given.emit(list(files))

    def _tell_opened(self, item: QListWidgetItem) -> None:
        self.opened.emit(str(item.data(_ID)))

    def _tell_current(self, item: QListWidgetItem | None) -> None:
        self.chosen.emit("" if item is None else str(item.data(_ID)))


def local_files(data: QMimeData) -> list[Path]:
    """The files of this computer among what was dropped or pasted."""
    found = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in found if path.is_file()]


def _icon(picture: bytes | QImage) -> QIcon:
    image = picture if isinstance(picture, QImage) else decoded(picture, THUMB)
    if image.isNull():
        return QIcon(pixmap("photo", current().tokens.soft, 40))
    fitted = image.scaled(
        THUMB * 2, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    shown = QPixmap.fromImage(fitted)
    shown.setDevicePixelRatio(2)
    return of_picture(shown)
