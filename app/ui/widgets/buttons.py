"""Buttons: the one filled next step, quiet ones beside it, and the four answers."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.ui.icons import set_icon


def key_text(key: str) -> str:
    """A key as people read it: ``Ctrl+Return`` is written ``Ctrl+Enter``."""
    shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    return shown.replace("Return", "Enter")


def key_sequences(key: str) -> list[QKeySequence]:
    """The key itself; ``Return`` is also the Enter of the number block."""
    keys = [key, key.replace("Return", "Enter")] if "Return" in key else [key] if key else []
    return [QKeySequence(one) for one in keys]


def explain(button: QWidget, text: str, key: str) -> None:
    """Tell what a control does and by which key, to the eye (tool tip) and the ear."""
    button.setToolTip(f"{text}（{key_text(key)}）" if key else text)
    button.setAccessibleName(text)


class KeyButton(QPushButton):
    """A button with its key in the tool tip; ``key`` works in the whole window while it is visible.

    A shortcut of its own, because ``setShortcut`` lets every key wait for a tenth of a second.
    """

    show_key = False

    def __init__(
        self, text: str, key: str = "", parent: QWidget | None = None, *, icon: str | None = None
    ) -> None:
        super().__init__(parent)
        self._key = key
        if icon is not None:
            set_icon(self, icon)
        self.say(text)
        for sequence in key_sequences(key):
            QShortcut(sequence, self).activated.connect(self.click)

    def say(self, text: str) -> None:
        """Name the effect; keeps the key."""
        written = f"{text}  {key_text(self._key)}" if self.show_key and self._key else text
        self.setText(written.replace("&", "&&"))
        explain(self, text, self._key)


class SecondaryButton(KeyButton):
    """A quiet button with a frame."""


class PlainButton(KeyButton):
    """A button without a frame, for a step inside a text or a card."""


class PrimaryButton(KeyButton):
    """The filled button of a view: the next natural step, with its key written on it."""

    show_key = True


class AnswerButton(QPushButton):
    """One of the answers; the key stands in front of the word."""

    def __init__(self, word: str, label: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(f"{key}  {label}", parent)
        self.word = word
        self.setProperty("answer", word)
        self.setObjectName(f"answer_{word}")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(150)
        explain(self, label, key)

    def sizeHint(self) -> QSize:
        """All answers of a row are equally wide."""
        return QSize(104, super().sizeHint().height())


class SegmentedAnswer(QWidget):
    """The answers of an item in one row, chosen by click or by the keys 1 to 4.

    ``options`` maps coded words to labels in their order. :attr:`answered` is emitted for a choice
    of the user only; :meth:`set_answer` is silent.
    """

    answered = Signal(str)

    def __init__(self, options: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, AnswerButton] = {}
        for number, (word, label) in enumerate(options.items(), start=1):
            button = AnswerButton(word, label, str(number), self)
            self._buttons[word] = button
            self._group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self._group.buttonClicked.connect(self._report)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def answer(self) -> str | None:
        """The chosen word, ``None`` while nothing is chosen."""
        button = self._group.checkedButton()
        return button.word if isinstance(button, AnswerButton) else None

    def set_answer(self, word: str | None) -> None:
        """Show a stored answer, or none."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == word)
        self._group.setExclusive(True)

    def button(self, word: str) -> AnswerButton:
        """The button of one answer."""
        return self._buttons[word]

    def choose(self, number: int) -> None:
        """Choose the answer with this key, as a click would."""
        buttons = list(self._buttons.values())
        if 1 <= number <= len(buttons) and self.isEnabled():
            buttons[number - 1].setChecked(True)
            self.answered.emit(buttons[number - 1].word)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take 1 to 4; leave every other key to the screen."""
        if event.text().isdigit() and 1 <= int(event.text()) <= len(self._buttons):
            self.choose(int(event.text()))
        else:
            super().keyPressEvent(event)

    def _report(self, button: AnswerButton) -> None:
        self.answered.emit(button.word)
