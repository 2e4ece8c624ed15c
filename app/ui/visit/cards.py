"""The card of one item: question, answers, measured values, what they come to, chips and note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.services.sheet_rows import ItemRow
from app.ui.slots import calling
from app.ui.theme import current
from app.ui.visit.lines import chips, hint_line
from app.ui.visit.values import ValueRows, values_of
from app.ui.widgets import CaptionLabel, Card, ChipRow, PlainButton, SegmentedAnswer, TextLabel
from app.wording import labels

NUMBER_WIDTH: Final = 42
WIDE: Final = 560
"""From this width on the buttons of the current card stand beside the answers, else at its foot."""


QWIDGETSIZE_MAX: Final = (1 << 24) - 1
"""Qt's own word for "no limit", which its Python binding does not name."""


class ListCard(Card):
    """A card in the list of a visit; ``pressed`` when it is clicked anywhere."""

    pressed = Signal(str)

    def __init__(self, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.key = key
        self.body.setContentsMargins(16, 12, 16, 12)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell that the card was clicked."""
        super().mousePressEvent(event)
        self.pressed.emit(self.key)

    def refresh(self) -> None:
        """Show what is stored now; asked whenever the card is in sight."""

    def fit(self, width: int) -> int:
        """The height this card wants at ``width``."""
        self.body.invalidate()
        self.body.activate()
        return max(self.heightForWidth(width), self.minimumSizeHint().height())


class ItemCard(ListCard):
    """One question with its answers. It emits what the person wants; the list does it."""

    answered = Signal(str, str)
    note_asked = Signal(str)
    photo_asked = Signal(str)
    finding_asked = Signal(str)
    value_typed = Signal(str, str, str)
    """Item, measure and text."""
    value_left = Signal(str)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("item_card")
        self.row: ItemRow | None = None
        self._shown: tuple[object, ...] = ()
        self._number = CaptionLabel(parent=self)
        self._number.setFixedWidth(NUMBER_WIDTH)
        self._number.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._number.setWordWrap(False)
        self.text = TextLabel(parent=self)
        self.answers = SegmentedAnswer(labels("verdict"), self)
        self.values = ValueRows(now, self)
        self.hint = CaptionLabel(parent=self)
        self.hint.setObjectName("hint")
        self.chips = ChipRow(self)
        self.note = TextLabel(parent=self)
        self._tools = QWidget(self)
        self._editor: QPlainTextEdit | None = None
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(2)
        self.note_button = self._tool("note", "备注", "N")
        self.photo_button = self._tool("photo", "照片", "P")
        self.finding_button = self._tool("findings", "问题", "F")
        for button in (self.note_button, self.photo_button, self.finding_button):
            tools.addWidget(button)
        self._answer_line, self._tool_line = QHBoxLayout(), QHBoxLayout()
        self._answer_line.addWidget(self.answers, 1)
        self._tool_line.addStretch(1)
        self.inside = QVBoxLayout()
        self.inside.setSpacing(8)
        self.inside.addWidget(self.text)
        self.inside.addLayout(self._answer_line)
        self.inside.addWidget(self.values)
        self.inside.addWidget(self.hint)
        self.inside.addWidget(self.chips)
        self.inside.addWidget(self.note)
        self.inside.addLayout(self._tool_line)
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self._number)
        line.addLayout(self.inside, 1)
        self.body.addLayout(line)
        # Keys belong to the list; a button that takes the focus would keep them.
        for child in self.answers.findChildren(QWidget):
            child.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.answers.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _tool(self, icon: str, text: str, key: str) -> PlainButton:
        button = PlainButton("", parent=self._tools, icon=icon)
        button.setToolTip(f"{text}（{key}）")
        button.setAccessibleName(text)
        button.setObjectName(f"item_{icon}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _connect(self) -> None:
        self.answers.answered.connect(self._tell_answer)
        self.note_button.clicked.connect(calling(self._ask, self.note_asked))
        self.photo_button.clicked.connect(calling(self._ask, self.photo_asked))
        self.finding_button.clicked.connect(calling(self._ask, self.finding_asked))
        self.values.entered.connect(calling(self._ask, self.pressed))
        self.values.typed.connect(self._tell_value)
        self.values.left.connect(calling(self._ask, self.value_left))

    def _ask(self, signal: SignalInstance) -> None:
        signal.emit(self.key)

    def _tell_answer(self, word: str) -> None:
        self.answered.emit(self.key, word)

    def _tell_value(self, measure: str, text: str) -> None:
        self.value_typed.emit(self.key, measure, text)

    def show_row(self, row: ItemRow, number: int, width: int, *, is_current: bool, editable: bool) -> None:
        """Show ``row``; ``number`` is its finding's. Does nothing when it shows all that already."""
        shown = (row, number, width, is_current, editable, current().tokens.dark)
        if shown == self._shown:
            return
        self._shown, self.row, self.key = shown, row, row.id
        self.setAccessibleName(f"{row.number} {row.text}")
        self.setAccessibleDescription(labels("verdict").get(row.verdict or "", "未判定"))
        self._number.setText(row.number)
        room = self._number.fontMetrics().horizontalAdvance(row.number) + 8
        self._number.setFixedWidth(max(NUMBER_WIDTH, room))
        self.text.setText(row.text)
        self._show_answers(row, editable)
        self.values.show_values(values_of(row), editable=editable)
        self._show_hint(row)
        self._show_chips(row, number, width)
        self._show_tools(row, width, is_current and editable)
        self.note.setText(row.note)
        self.note.setVisible(bool(row.note) and self._editor is None)
        self.set_current(is_current)

    def _show_answers(self, row: ItemRow, editable: bool) -> None:
        self.answers.set_answer(row.verdict)
        self.answers.setEnabled(editable)
        refused = self.answers.button("not_applicable")
        refused.setEnabled(editable and row.allow_not_applicable)
        refused.setToolTip("不适用（3）" if row.allow_not_applicable else "该项必须检查，不能判为不适用")

    def _show_hint(self, row: ItemRow) -> None:
        found = hint_line(row)
        self.hint.setVisible(found is not None)
        if found is not None:
            self.hint.show_text(*found)

    def _show_chips(self, row: ItemRow, number: int, width: int) -> None:
        found = chips(row, number)
        room = max(150, width - NUMBER_WIDTH - 330)
        cut = [
            (self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room), tone)
            for text, tone in found
        ]
        self.chips.show_chips(*cut)
        self.chips.setVisible(bool(found))
        self.chips.setToolTip(row.finding if row.finding_key else "")

    def _show_tools(self, row: ItemRow, width: int, wanted: bool) -> None:
        """Signs beside the answers where there is room for them, else words at the foot."""
        wide = width >= WIDE
        line = self._answer_line if wide else self._tool_line
        if line.indexOf(self._tools) < 0:
            line.insertWidget(1 if wide else 0, self._tools)
            for button in (self.note_button, self.photo_button, self.finding_button):
                button.setText("" if wide else button.accessibleName())
                button.setMaximumWidth(40 if wide else QWIDGETSIZE_MAX)
        self._tools.setVisible(wanted)
        self.finding_button.setVisible(row.finding_key is not None)

    def hold_editor(self, editor: QPlainTextEdit) -> None:
        """Let the note be written in this card."""
        self._editor = editor
        self.note.hide()
        self.inside.addWidget(editor)
        editor.show()

    def release_editor(self) -> None:
        """Show the note as text again; the editor goes back to whoever lent it."""
        if self._editor is not None:
            self.inside.removeWidget(self._editor)
            self._editor.hide()
            self._editor = None
            self._shown = ()
