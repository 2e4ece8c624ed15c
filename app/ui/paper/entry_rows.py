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
        self._cards: dict[str, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(6)
        column.addLayout(self._heading(entry, len(rows)))
        if entry.hint:
            column.addWidget(CaptionLabel(entry.hint, parent=self))
        for number, row in enumerate(rows, 1):
            column.addWidget(self._card(number, row))

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

    def _heading(self, entry: Entry, count: int) -> QHBoxLayout:
        line = QHBoxLayout()
        required = " *" if entry.required else ""
        line.addWidget(HeadingLabel(f"{entry.label}{required} {count or ''}".rstrip(), "card", self))
        line.addStretch(1)
        if self._editable:
            add = PlainButton("添加一行", parent=self)
            add.setObjectName(f"add_{entry.id}")
            explain(add, f"{entry.label}：添加一行", "Ins")
            add.clicked.connect(calling(self.asked.emit, "add", ""))
            line.addWidget(add)
        return line

    def _card(self, number: int, row: str) -> Card:
        card = Card(parent=self)
        form = Form(card)
        self.forms[row], self._cards[row] = form, card
        line = QHBoxLayout()
        line.addWidget(CaptionLabel(f"{number}", parent=card))
        line.addWidget(form, 1)
        if self._editable:
            remove = PlainButton("", parent=card, icon="remove")
            explain(remove, f"去掉第 {number} 行", "Alt+Del")
            # Tab goes through the fields; the key is for people without a mouse.
            remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            remove.clicked.connect(calling(self.asked.emit, "remove", row))
            line.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(line)
        return card
