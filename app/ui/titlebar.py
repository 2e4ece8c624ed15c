"""The title bar: what this is, one line of context, quiet steps, and the one filled next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.ui.screen import ScreenAction
from app.ui.slots import calling
from app.ui.tokens import TITLE_HEIGHT
from app.ui.widgets.buttons import KeyButton, PrimaryButton, SecondaryButton, key_sequences, key_text
from app.ui.widgets.cards import ElidedLabel

QUIET_SHOWN: Final = 3


class TitleBar(QFrame):
    """Shows the header of the current screen; steps that find no room go behind 更多."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("title_bar")
        self.setMinimumHeight(TITLE_HEIGHT)
        self._title = ElidedLabel(parent=self)
        self._title.setObjectName("page_title")
        self._context = ElidedLabel(parent=self)
        self._context.setObjectName("page_context")
        self._actions: tuple[ScreenAction, ...] = ()
        self._shape: list[ScreenAction] = []
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(6)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._context)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 4, 20, 4)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addLayout(self._buttons)

    def show_header(self, title: str, context: str, actions: Sequence[ScreenAction]) -> None:
        """Show another header; the buttons are only made anew when the steps changed."""
        self._title.setText(title)
        self._title.setAccessibleName(title)
        self._context.setText(context)
        self._context.setVisible(bool(context))
        self._actions = tuple(actions)
        shape = [replace(action, trigger=_nothing) for action in actions]
        if shape != self._shape:
            self._shape = shape
            self._rebuild()

    def buttons(self) -> list[KeyButton]:
        """The buttons shown now, from left to right."""
        found = (self._buttons.itemAt(place).widget() for place in range(self._buttons.count()))
        return [button for button in found if isinstance(button, KeyButton)]

    def _rebuild(self) -> None:
        self._clear()
        places = range(len(self._actions))
        primary = next((place for place in places if self._actions[place].primary), None)
        quiet = [place for place in places if place != primary]
        shown = quiet if len(quiet) <= QUIET_SHOWN else quiet[: QUIET_SHOWN - 1]
        if len(shown) < len(quiet):
            self._buttons.addWidget(self._more(quiet[len(shown) :]))
        for place in shown:
            self._buttons.addWidget(self._button(place, SecondaryButton))
        if primary is not None:
            self._buttons.addWidget(self._button(primary, PrimaryButton))
        for button in self.buttons():
            # A layout shows its widgets only at the next turn of the loop; their keys work from now on.
            button.show()

    def _button(self, place: int, kind: type[KeyButton]) -> KeyButton:
        action = self._actions[place]
        button = kind(action.text, action.shortcut, self)
        button.setObjectName(action.name or "primary_action" * action.primary)
        button.setEnabled(action.enabled)
        if action.hint:
            button.setToolTip(f"{button.toolTip()}\n{action.hint}")
        button.clicked.connect(calling(self._run, place))
        return button

    def _more(self, places: Sequence[int]) -> KeyButton:
        button = SecondaryButton("更多", "Alt+M", self)
        button.setObjectName("more_actions")
        menu = QMenu(button)
        for place in places:
            action = self._actions[place]
            entry = QAction(f"{action.text}\t{key_text(action.shortcut)}", menu)
            entry.setEnabled(action.enabled)
            entry.triggered.connect(calling(self._run, place))
            menu.addAction(entry)
            for sequence in key_sequences(action.shortcut) if action.enabled else ():
                QShortcut(sequence, button).activated.connect(entry.trigger)
        button.setMenu(menu)
        return button

    def _run(self, place: int) -> None:
        """Take one step; looked up when it is used, for its trigger may be a newer one."""
        self._actions[place].trigger()

    def _clear(self) -> None:
        while self._buttons.count():
            old = self._buttons.takeAt(0).widget()
            if old is not None:
                old.hide()
                old.setParent(None)
                old.deleteLater()


def _nothing() -> None:
    """Stands for every trigger where steps are compared by what is seen of them."""
