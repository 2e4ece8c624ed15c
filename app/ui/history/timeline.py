"""The list of a history: entries under their days; a day is read, not chosen."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from app.services.chronicle import HistoryEntry
from app.ui.history import lines
from app.ui.theme import current

ABOVE_AND_BELOW: Final = 18
_PLACE: Final = Qt.ItemDataRole.UserRole

Numbered = tuple[int, HistoryEntry]
"""An entry with its place in the record's history."""


class Timeline(QListWidget):
    """Entries by day, two lines each."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAccessibleName("履历")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_entries(self, entries: Iterable[Numbered]) -> None:
        """List other entries; the chosen one stays where it is still listed, else it is the last."""
        kept = self.place()
        self.blockSignals(True)
        self.clear()
        for day, members in groupby(entries, _day):
            self.addItem(_day_item(day))
            for place, entry in members:
                self.addItem(_entry_item(place, entry, self._height()))
                if place == kept:
                    self.setCurrentRow(self.count() - 1)
        if self.place() is None:
            self.setCurrentRow(self.count() - 1)
        self.blockSignals(False)

    def place(self) -> int | None:
        """The place of the chosen entry."""
        places = [int(item.data(_PLACE)) for item in self.selectedItems()]
        return places[0] if places else None

    def _height(self) -> int:
        # Said, not measured: under the frame of the current line Qt would find no room for the second.
        return 2 * self.fontMetrics().lineSpacing() + ABOVE_AND_BELOW

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Go where the key leads, and from a day to its first entry: Home would stop at the first day."""
        index = super().moveCursor(action, modifiers)
        if index.isValid() and not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            return index.siblingAtRow(index.row() + 1)
        return index


def _day(numbered: Numbered) -> str:
    return lines.day_of(numbered[1])


def _day_item(day: str) -> QListWidgetItem:
    item = QListWidgetItem(day)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = item.font()
    font.setBold(True)
    item.setFont(font)
    return item


def _entry_item(place: int, entry: HistoryEntry, height: int) -> QListWidgetItem:
    text = lines.entry_text(entry)
    item = QListWidgetItem(text)
    item.setSizeHint(QSize(0, height))
    item.setData(_PLACE, place)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, " ".join(text.split()))
    if (tone := lines.entry_tone(entry)) is not None:
        item.setForeground(current().color(tone))
    return item
