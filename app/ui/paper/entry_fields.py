"""One field of the entry page for each kind of entry; all speak text, as it is typed and kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from app.forms.entries import Entry, typed, words_of
from app.ui.slots import calling
from app.ui.visit.fieldset import ChoiceField
from app.ui.visit.writing import WritingField

_PLACEHOLDERS: Final = {
    "date": "年-月-日",
    "time": "年-月-日 时:分",
    "number": "数",
    "money": "元",
}
_LINES: Final = 4


class TicksField(QWidget):
    """Any number of words, each with its box."""

    chosen = Signal(str)

    def __init__(self, words: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.boxes = {word: QCheckBox(text, self) for word, text in words.items()}
        for word, box in self.boxes.items():
            box.setObjectName(word)
            box.clicked.connect(calling(self._tell))
            row.addWidget(box)
        row.addStretch(1)
        if self.boxes:
            self.setFocusProxy(next(iter(self.boxes.values())))

    def text(self) -> str:
        """The chosen words."""
        return " ".join(word for word, box in self.boxes.items() if box.isChecked())

    def show_words(self, text: str) -> None:
        """Tick stored words."""
        chosen = text.split()
        for word, box in self.boxes.items():
            box.setChecked(word in chosen)

    def _tell(self) -> None:
        self.chosen.emit(self.text())


EntryWidget = QLineEdit | WritingField | ChoiceField | TicksField


def field_for(entry: Entry, parent: QWidget) -> EntryWidget:
    """The field that an entry is filled in with."""
    if entry.kind == "lines":
        return WritingField(_LINES, parent)
    if entry.kind in ("choice", "yes_no"):
        if entry.several:
            return TicksField(words_of(entry), parent)
        return ChoiceField(words_of(entry), parent=parent)
    line = QLineEdit(parent)
    line.setPlaceholderText(_PLACEHOLDERS.get(entry.kind, ""))
    return line


def show_kept(field: EntryWidget, entry: Entry, kept: str) -> None:
    """Show what is kept; what is being typed stays."""
    if isinstance(field, ChoiceField):
        field.set_word(kept)
    elif isinstance(field, TicksField):
        field.show_words(kept)
    elif not field.hasFocus():
        text = typed(entry, kept)
        if (field.toPlainText() if isinstance(field, WritingField) else field.text()) != text:
            put_text(field, text)


def put_text(field: EntryWidget, text: str) -> None:
    """Put a text into a field that is typed into, without its being heard as typed."""
    if isinstance(field, QLineEdit):
        field.setText(text)
    elif isinstance(field, WritingField):
        field.blockSignals(True)
        field.setPlainText(text)
        field.blockSignals(False)


def let_edit(field: EntryWidget, *, editable: bool) -> None:
    """Open a field, or let it only be read."""
    if isinstance(field, QLineEdit | WritingField):
        field.setReadOnly(not editable)
    else:
        field.setEnabled(editable)
