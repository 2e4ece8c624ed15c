"""A person before a window: keys, clicks and an input method; the system's file dialogs answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.screen import Screen
from app.ui.shell import Shell
from app.ui.widgets import SignaturePad

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ENTER, ESCAPE, TAB, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Space
UP, DOWN, LEFT, RIGHT = Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right
FARTHEST = 60
"""More stops than any window has; who has not arrived by then goes round in circles."""


class FileDialogs:
    """Stands where the system's file dialogs are, and gives what was laid out last."""

    def __init__(self) -> None:
        self.laid_out: Sequence[Path] = ()

    def lay_out(self, *paths: Path) -> None:
        """What the next dialogs give."""
        self.laid_out = paths

    def getExistingDirectory(self, *_: object) -> str:
        return str(self.laid_out[0])

    def getOpenFileName(self, *_: object) -> tuple[str, str]:
        return str(self.laid_out[0]), ""

    def getOpenFileNames(self, *_: object) -> tuple[list[str], str]:
        return [str(path) for path in self.laid_out], ""

    def getSaveFileName(self, _parent: QWidget, _title: str, suggested: str, _kind: str) -> tuple[str, str]:
        return str(self.laid_out[0] / Path(suggested).name), ""


def focused() -> QWidget:
    """Where a key would go now."""
    widget = QApplication.focusWidget()
    assert widget is not None, "no field takes the keys"
    return widget


def draw(pad: SignaturePad) -> None:
    """One stroke of a pen."""
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 40))
    for x in range(40, 160, 20):
        QTest.mouseMove(pad, QPoint(x, 30 + x % 40))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(160, 60))


@dataclass
class Person:
    """Somebody at the window of a home; everything is done as a keyboard, a mouse or a pen does it."""

    place: Workplace
    shell: Shell
    jobs: Jobs
    files: FileDialogs
    qtbot: object

    @property
    def screen(self) -> Screen:
        """The screen in view."""
        found = self.shell.current()
        assert found is not None
        return found

    def said(self) -> str:
        """The lines above the screen and at the foot of the window."""
        return f"{self.shell.banner.text()} {self.shell.status_line._left.text()}"

    def sit_down(self) -> None:
        """Turn to this window."""
        self.shell.activateWindow()
        self.qtbot.waitUntil(self.shell.isActiveWindow)

    def go(self, key: str) -> Screen:
        """Open a section by its number in the rail."""
        self.sit_down()
        self.key(str((self.shell.keys().index(key) + 1) % 10), CTRL)
        self.wait()
        assert self.shell.current_key() == key
        return self.screen

    def wait(self) -> None:
        """Wait until the window has done what it was told."""
        self.qtbot.waitUntil(lambda: not self.jobs.is_busy(), timeout=20_000)

    def key(self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press one key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.shell, key, modifiers)

    def step(self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = CTRL) -> None:
        """Take a step by its key and wait for it."""
        self.sit_down()
        self.key(key, modifiers)
        self.wait()

    def strike(self, keys: str) -> None:
        """Press the keys of digits and Latin letters one after the other."""
        QTest.keyClicks(focused(), keys)

    def write(self, text: str) -> None:
        """Write over what a field says, as an input method for Chinese does."""
        self.key("a", CTRL)
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(focused(), event)

    def click(self, name: str, within: QWidget | None = None) -> None:
        """Click a button by its name."""
        found = (within or self.shell).findChild(QAbstractButton, name)
        assert found is not None, name
        assert found.isVisible()
        assert found.isEnabled()
        QTest.mouseClick(found, Qt.MouseButton.LeftButton, pos=QPoint(12, found.height() // 2))

    def tab_to(self, field: QWidget) -> None:
        """Go to a field by Tab."""
        for _ in range(FARTHEST):
            if field is focused() or field.isAncestorOf(focused()):
                return
            self.key(TAB)
        raise AssertionError(f"Tab does not lead to {field.objectName() or field.accessibleName()}")

    def fill(self, window: QWidget, **values: object) -> None:
        """Go to fields by Tab, in the order given, and fill them in by keys."""
        for name, value in values.items():
            field = window.findChild(QWidget, name)
            assert field is not None, name
            self.tab_to(field)
            self._enter(focused(), value)

    def _enter(self, field: QWidget, value: object) -> None:
        if isinstance(field, QComboBox):
            assert field.findText(str(value)) >= 0, value
            down = field.findText(str(value)) > field.currentIndex()
            while field.currentText() != value:
                self.key(DOWN if down else UP)
        elif isinstance(field, QCheckBox | QRadioButton):
            if field.isChecked() is not value:
                self.key(SPACE)
        elif isinstance(field, QSpinBox | QDateEdit):
            self.key("a", CTRL)
            self.strike(str(value))
        else:
            self.write(str(value))

    def dialog(self) -> QDialog:
        """The dialog that is open now, once it takes the keys."""
        self.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
        found = QApplication.activeModalWidget()
        assert isinstance(found, QDialog)
        found.activateWindow()
        self.qtbot.waitUntil(found.isActiveWindow)
        return found

    def submit(self, dialog: QDialog) -> None:
        """Ctrl+Enter, and wait until the dialog has stored and closed."""
        assert dialog.isActiveWindow()
        self.key(ENTER, CTRL)
        self.wait()
        self.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
        self.sit_down()
        self.wait()

    def search(self, words: str) -> None:
        """/ for the search line, some words, and Enter back into the list."""
        self.key("/")
        self.write(words)
        self.key(ENTER)
        self.wait()
