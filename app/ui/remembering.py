"""What the window remembers between runs, beside the store: its place, its splitters, its columns.

In ``window.ini`` of the home, for it is needed before the passphrase; hence numbers only, no word of any
record. A place that is no longer on any screen is brought back onto one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QRect, QSettings, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView, QSplitter, QTableView, QWidget

FILE: Final = "window.ini"
SMALLEST: Final = QSize(640, 480)
SEEN: Final = 80
"""So much of a title bar must be on a screen, in both directions, for the window to stay where it was."""


class Remembered:
    """The file of one home; a home that is not there yet remembers nothing."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def place(self, window: QWidget) -> bool:
        """Put a window where the last one stood; ``False`` when nothing is remembered."""
        file = self._file()
        numbers = [_number(file.value(f"window/{name}")) for name in ("x", "y", "width", "height")]
        known = [each for each in numbers if each is not None]
        if len(known) < len(numbers):
            return False
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        window.setGeometry(fitted(QRect(*known), screens))
        if file.value("window/maximised") in {True, "true"}:
            window.showMaximized()
        return True

    def keep_place(self, window: QWidget) -> None:
        """Remember where a window stands, or would stand when it were not maximised."""
        at = window.normalGeometry() if window.isMaximized() else window.geometry()
        if not (self._home.is_dir() and at.isValid()):
            return
        file = self._file()
        numbers = {"x": at.x(), "y": at.y(), "width": at.width(), "height": at.height()}
        for name, value in numbers.items():
            file.setValue(f"window/{name}", value)
        file.setValue("window/maximised", window.isMaximized())
        file.sync()

    def restore_parts(self, key: str, screen: QWidget) -> None:
        """Give the splitters and columns of a screen their former widths."""
        file = self._file()
        for name, part in _parts(screen):
            state, count = file.value(f"parts/{key}/{name}"), file.value(f"parts/{key}/{name}-count")
            if isinstance(state, QByteArray) and _number(count) == part.count():
                part.restoreState(state)

    def keep_parts(self, screens: Iterable[tuple[str, QWidget]]) -> None:
        """Remember the splitters and columns of screens."""
        if not self._home.is_dir():
            return
        file = self._file()
        for key, screen in screens:
            for name, part in _parts(screen):
                file.setValue(f"parts/{key}/{name}", part.saveState())
                file.setValue(f"parts/{key}/{name}-count", part.count())
        file.sync()

    def _file(self) -> QSettings:
        return QSettings(str(self._home / FILE), QSettings.Format.IniFormat)


def _parts(screen: QWidget) -> Sequence[tuple[str, QSplitter | QHeaderView]]:
    splitters = screen.findChildren(QSplitter)
    headers = [table.horizontalHeader() for table in screen.findChildren(QTableView) if not _in_popup(table)]
    named: list[tuple[str, QSplitter | QHeaderView]] = []
    named += [(f"splitter-{number}", each) for number, each in enumerate(splitters)]
    named += [(f"columns-{number}", each) for number, each in enumerate(headers)]
    return named


def _in_popup(table: QTableView) -> bool:
    """Whether a table is inside something that comes and goes, as a calendar's."""
    return table.objectName().startswith("qt_")


def _number(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None


def fitted(wanted: QRect, screens: Sequence[QRect]) -> QRect:
    """``wanted`` where enough of its title bar is on a screen, else the same size in the middle of one.

    It is never larger than its screen nor smaller than anybody could use.
    """
    if not screens:
        return wanted
    size = wanted.size().expandedTo(SMALLEST)
    title = QRect(wanted.x(), wanted.y(), max(wanted.width(), 1), 1)
    home = max(screens, key=lambda screen: _area(screen.intersected(wanted)))
    size = size.boundedTo(home.size())
    if any(screen.intersected(title).width() >= SEEN for screen in screens):
        place = QRect(wanted.topLeft(), size)
        place.moveLeft(max(home.left(), min(place.left(), home.right() - size.width() + 1)))
        place.moveTop(max(home.top(), min(place.top(), home.bottom() - size.height() + 1)))
        return place
    place = QRect(home.topLeft(), size)
    place.moveCenter(home.center())
    return place


def _area(rect: QRect) -> int:
    return rect.width() * rect.height() if rect.isValid() else 0
