"""Rows of an entry on the entry page: added, moved and taken out by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.forms.entries import Entry
from app.ui.slots import calling
from app.ui.widgets import CaptionLabel, Card, Form, HeadingLabel, PlainButton
from app.ui.widgets.buttons import explain

KEYS: Final = {"add": "Ins", "remove": "Alt+Del", "up": "Alt+Up", "down": "Alt+Down"}


class RowsBlock(QWidget):
    """The rows of one entry: Ins adds one, Alt+Del takes the focused one out, Alt+↑ and Alt+↓ move it."""

    asked = Signal(str, str)
    """What is to be done, and with which row."""

    def __init__(self, entry: Entry, rows: Sequence[str], parent: QWidget, *, editable: bool) -> None:
        super().__init__(parent)
        self.setObjectName(entry.id)
        self._editable = editable
        if editable:
            self._listen()
        self.forms: dict[str, Form] = {}
        self._entry = entry
        self._cards: dict[str, Card] = {}
        self._numbers: dict[str, tuple[CaptionLabel, PlainButton | None]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(6)
        self.add_button: PlainButton | None = None
        self._head = HeadingLabel("", "card", self)
        column.addLayout(self._heading(entry))
        if entry.hint:
            column.addWidget(CaptionLabel(entry.hint, parent=self))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        column.addLayout(self._rows)
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[str]) -> list[str]:
        """Show these rows in this order and return those that are new, whose forms are empty.

        Rows that stay keep their fields: making all of a long table anew held the window for a third of a
        second at every row.
        """
        for row in [row for row in self._cards if row not in rows]:
            self._drop(row)
        new = [row for row in rows if row not in self._cards]
        for number, row in enumerate(rows, 1):
            card = self._cards.get(row) or self._card(row)
            if self._rows.indexOf(card) != number - 1:
                self._rows.removeWidget(card)
                self._rows.insertWidget(number - 1, card)
            self._say_number(row, number)
        required = " *" if self._entry.required else ""
        self._head.setText(f"{self._entry.label}{required} {len(rows) or ''}".rstrip())
        return new

    def show_cards(self) -> None:
        """Show every row now; a layout would show new ones at the next turn, too late for the focus."""
        for card in self._cards.values():
            card.show()

    def _drop(self, row: str) -> None:
        """The card goes later: the key that takes it out is still being handled in it."""
        card = self._cards.pop(row)
        del self.forms[row], self._numbers[row]
        self._rows.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _say_number(self, row: str, number: int) -> None:
        caption, remove = self._numbers[row]
        caption.setText(f"{number}")
        if remove is not None:
            explain(remove, f"去掉第 {number} 行", "Alt+Del")

    def _listen(self) -> None:
        """The keys work in every field of the rows, also where the field would take them for itself."""
        for act, keys in KEYS.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(calling(self._ask, act))

    def _ask(self, act: str) -> None:
        row = self._focused_row()
        if row or act == "add":
            self.asked.emit(act, row)

    def _focused_row(self) -> str:
        focus = QApplication.focusWidget()
        if focus is None:
            return ""
        return next((row for row, card in self._cards.items() if card.isAncestorOf(focus)), "")

    def _heading(self, entry: Entry) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(self._head)
        line.addStretch(1)
        if self._editable:
            self.add_button = add = PlainButton("添加一行", parent=self)
            add.setObjectName(f"add_{entry.id}")
            explain(add, f"{entry.label}：添加一行", "Ins")
            add.clicked.connect(calling(self.asked.emit, "add", ""))
            line.addWidget(add)
        return line

    def _card(self, row: str) -> Card:
        card = Card(parent=self)
        form = Form(card)
        line = QHBoxLayout()
        number, remove = CaptionLabel("", parent=card), None
        line.addWidget(number)
        line.addWidget(form, 1)
        if self._editable:
            remove = PlainButton("", parent=card, icon="remove")
            # Tab goes through the fields; the key is for people without a mouse.
            remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            remove.clicked.connect(calling(self.asked.emit, "remove", row))
            line.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(line)
        self.forms[row], self._cards[row], self._numbers[row] = form, card, (number, remove)
        return card
