"""The field for some lines of text that notes, findings and the header are written in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget


def ends_writing(event: QKeyEvent) -> bool:
    """Whether a key says that the text is written: Esc or Ctrl+Enter."""
    if event.key() == Qt.Key.Key_Escape:
        return True
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return bool(control) and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}


def is_redo(event: QKeyEvent) -> bool:
    """Ctrl+Y and Ctrl+Shift+Z, whichever of them the system calls redo."""
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    pressed = event.key(), event.modifiers()
    return pressed in {(Qt.Key.Key_Y, control), (Qt.Key.Key_Z, control | shift)}


class WritingField(QPlainTextEdit):
    """A field for some lines of text; ``ended`` by Esc or Ctrl+Enter, ``left`` when it loses the focus."""

    ended = Signal()
    left = Signal()

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 22)

    def event(self, event: QEvent) -> bool:
        """Claim the keys that end the writing before a button of the window takes them."""
        wanted = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if wanted and isinstance(event, QKeyEvent) and (ends_writing(event) or is_redo(event)):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Ctrl+Enter end the writing; inside it undo and redo are the field's own."""
        if ends_writing(event):
            self.ended.emit()
        elif is_redo(event):
            self.redo()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the field was left."""
        super().focusOutEvent(event)
        self.left.emit()
