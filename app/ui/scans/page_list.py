"""The list of scanned pages under their headings, each with a small picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.errors import ChayanError
from app.ui.icons import of_picture, pixmap
from app.ui.jobs import Jobs
from app.ui.scans.lines import Entry, Section
from app.ui.theme import current

THUMB: Final = QSize(58, 78)
BOX: Final = 160
_KEPT: Final = 400
"""Small pictures that are kept: some 10 KB each."""
_ENTRY: Final = Qt.ItemDataRole.UserRole

Fetch = Callable[[str, int, int], bytes]
"""A JPEG of the page with that digest, within a box, turned."""


class PageList(QListWidget):
    """``chosen`` follows the current page; ``key_pressed`` hands on the keys that are for the picture."""

    chosen = Signal()
    key_pressed = Signal(str)

    def __init__(self, jobs: Jobs, fetch: Fetch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scanned_pages")
        self.setAccessibleName("扫描的页")
        self.setIconSize(THUMB)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._jobs, self._fetch = jobs, fetch
        self._icons: dict[tuple[str, int], QIcon] = {}
        self._wanted: list[tuple[str, int]] = []
        self._running = False
        self.currentItemChanged.connect(self._tell)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show these pages; the current one stays current, else the one that takes its place."""
        kept, line = self.current_entry(), self.currentRow()
        self.blockSignals(True)
        self.clear()
        for section in sections:
            self._add_heading(section.heading)
            for entry in section.entries:
                self._add(entry)
        self.blockSignals(False)
        self.choose(kept.key if kept else "", line)
        self._fetch_next()

    def current_entry(self) -> Entry | None:
        """The page that is chosen."""
        line = self.currentRow()
        found = self.item(line).data(_ENTRY) if line >= 0 else None
        return found if isinstance(found, Entry) else None

    def entries(self) -> list[Entry]:
        """All pages in their order."""
        found = (self.item(line).data(_ENTRY) for line in range(self.count()))
        return [entry for entry in found if isinstance(entry, Entry)]

    def choose(self, key: str, line: int = -1) -> None:
        """Make a page the current one; one that is gone gives its place to the next that is there."""
        lines = [at for at in range(self.count()) if isinstance(self.item(at).data(_ENTRY), Entry)]
        same = [at for at in lines if self.item(at).data(_ENTRY).key == key]
        below = [at for at in lines if at >= line >= 0]
        for candidates in (same, below[:1], lines[-1:] if line >= 0 else lines[:1]):
            if candidates:
                self.setCurrentRow(candidates[0])
                break
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the picture and Delete go on; the others move in the list."""
        name = _KEYS.get(Qt.Key(event.key()), "")
        if name and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.key_pressed.emit(name)
        else:
            super().keyPressEvent(event)

    def _add_heading(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = self.font()
        font.setBold(True)
        item.setFont(font)
        self.addItem(item)

    def _add(self, entry: Entry) -> None:
        item = QListWidgetItem(f"{entry.title}\n{entry.detail}")
        item.setData(_ENTRY, entry)
        item.setToolTip(f"{entry.title}\n{entry.detail}")
        if entry.tone == "attention":
            item.setForeground(QColor(current().tokens.attention))
        sign = (entry.sha256, entry.rotation)
        item.setIcon(self._icons.get(sign) or QIcon(pixmap("evidence", current().tokens.soft, 40)))
        if sign not in self._icons and sign not in self._wanted:
            self._wanted.append(sign)
        item.setSizeHint(QSize(10, THUMB.height() + 14))
        self.addItem(item)

    def _fetch_next(self) -> None:
        """One small picture after the other, so that the large one never waits for all of them."""
        if self._running or not self._wanted:
            return
        self._running = True
        sign = self._wanted.pop(0)
        work = partial(self._fetch, sign[0], BOX, sign[1])
        self._jobs.run(work, partial(self._came, sign), self._not_there, self, lane="files")

    def _came(self, sign: tuple[str, int], data: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(data)
        picture.setDevicePixelRatio(2)
        if len(self._icons) >= _KEPT:
            self._icons.pop(next(iter(self._icons)))
        self._icons[sign] = of_picture(picture)
        for line in range(self.count()):
            entry = self.item(line).data(_ENTRY)
            if isinstance(entry, Entry) and (entry.sha256, entry.rotation) == sign:
                self.item(line).setIcon(self._icons[sign])
        self._go_on()

    def _not_there(self, _error: ChayanError) -> None:
        self._go_on()

    def _go_on(self) -> None:
        self._running = False
        self._fetch_next()

    def _tell(self) -> None:
        self.chosen.emit()


_KEYS: Final = {
    Qt.Key.Key_Plus: "larger",
    Qt.Key.Key_Equal: "larger",
    Qt.Key.Key_Minus: "smaller",
    Qt.Key.Key_0: "whole",
    Qt.Key.Key_R: "right",
    Qt.Key.Key_L: "left",
    Qt.Key.Key_Delete: "discard",
}
