"""The title bar: what this is, one line of context, quiet steps, and the one filled next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.ui.screen import ScreenAction
from app.ui.tokens import TITLE_HEIGHT
from app.ui.widgets.buttons import KeyButton, PrimaryButton, SecondaryButton, key_text
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
        self._clear()
        primary = next((action for action in actions if action.primary), None)
        quiet = [action for action in actions if action is not primary]
        shown = quiet if len(quiet) <= QUIET_SHOWN else quiet[: QUIET_SHOWN - 1]
        if len(shown) < len(quiet):
            self._buttons.addWidget(self._more(quiet[len(shown) :]))
        for action in shown:
            self._buttons.addWidget(self._button(action, SecondaryButton))
        if primary is not None:
            self._buttons.addWidget(self._button(primary, PrimaryButton))

    def buttons(self) -> list[KeyButton]:
        """The buttons shown now, from left to right."""
        found = (self._buttons.itemAt(place).widget() for place in range(self._buttons.count()))
        return [button for button in found if isinstance(button, KeyButton)]

    def _button(self, action: ScreenAction, kind: type[KeyButton]) -> KeyButton:
        button = kind(action.text, action.shortcut, self)
        button.setObjectName(action.name or "primary_action" * action.primary)
        button.setEnabled(action.enabled)
        if action.hint:
            button.setToolTip(f"{button.toolTip()}\n{action.hint}")
        button.clicked.connect(_plain(action.trigger))
        return button

    def _more(self, actions: Sequence[ScreenAction]) -> KeyButton:
        button = SecondaryButton("更多", "Alt+M", self)
        button.setObjectName("more_actions")
        menu = QMenu(button)
        for action in actions:
            entry = QAction(f"{action.text}\t{key_text(action.shortcut)}", menu)
            entry.setEnabled(action.enabled)
            entry.triggered.connect(_plain(action.trigger))
            menu.addAction(entry)
        button.setMenu(menu)
        return button

    def _clear(self) -> None:
        while self._buttons.count():
            old = self._buttons.takeAt(0).widget()
            if old is not None:
                old.hide()
                old.setParent(None)
                old.deleteLater()


def _plain(trigger: Callable[[], object]) -> Callable[[bool], None]:
    """``trigger`` as a slot: without the button's checked state, whatever kind of callable it is."""

    def run(_checked: bool = False) -> None:
        trigger()

    return run
