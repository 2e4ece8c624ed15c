"""What the program leaves outside its home is taken away again: the clipboard and lists of recent folders."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtGui import QClipboard, QGuiApplication

_OF_DIALOGS: Final = ("FileDialog/history", "FileDialog/lastVisited")


def use_own_dialogs() -> None:
    """Ask for files in Qt's own dialogs: those of a system write what was opened into its lists."""
    QGuiApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)


def forget_folders() -> None:
    """Take out of Qt's settings which folders its file dialogs showed; call it after each of them."""
    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    for name in _OF_DIALOGS:
        kept.remove(name)
    kept.sync()


class Clipboard(QObject):
    """Knows what was put on the clipboard while this program had the keys."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ours: str | None = None
        QGuiApplication.clipboard().dataChanged.connect(self._note)

    def forget(self) -> None:
        """Empty the clipboard where it holds something of ours; what others put there stays."""
        clipboard = QGuiApplication.clipboard()
        if clipboard.ownsClipboard() or (self._ours is not None and clipboard.text() == self._ours):
            clipboard.clear(QClipboard.Mode.Clipboard)
        if clipboard.supportsSelection() and clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)
        self._ours = None

    def _note(self) -> None:
        active = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        self._ours = QGuiApplication.clipboard().text() if active else None
