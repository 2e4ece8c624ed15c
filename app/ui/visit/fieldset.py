"""Fields of a header whose values reach the store by name, each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.ui.slots import calling
from app.ui.visit.saving import LateSaver
from app.ui.visit.writing import WritingField
from app.ui.widgets.boxes import ElidedBox


class ChoiceField(ElidedBox):
    """One word of a vocabulary; the first entry is "not chosen yet". The wheel does not change it."""

    chosen = Signal(str)

    def __init__(self, words: Mapping[str, str], empty: str = "未选", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItem(empty, "")
        for word, text in words.items():
            self.addItem(text, word)
        self.activated.connect(self._tell)

    def word(self) -> str:
        """The chosen word, empty while none is."""
        return str(self.currentData() or "")

    def set_word(self, word: str | None) -> None:
        """Show a stored word."""
        self.setCurrentIndex(max(0, self.findData(word or "")))

    def _tell(self) -> None:
        self.chosen.emit(self.word())

    def offer(self, words: Iterable[tuple[str, str]], chosen: str) -> None:
        """Offer other words behind the first entry; ``chosen`` is shown where it is still offered."""
        while self.count() > 1:
            self.removeItem(1)
        for word, text in words:
            self.addItem(text, word)
        self.set_word(chosen)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the list."""
        event.ignore()


class FieldSet(QObject):
    """Connects fields with ``save(name, value)``: text after a pause, the others at once.

    ``left`` when a field of text was left and what it said is stored.
    """

    left = Signal()

    def __init__(self, save: Callable[[str, object], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._save = save
        self.saver = LateSaver(save, self)
        self._fields: dict[str, QWidget] = {}

    def add(self, name: str, field: QWidget) -> None:
        """Follow a field."""
        self._fields[name] = field
        if isinstance(field, QLineEdit):
            field.textEdited.connect(partial(self.saver.typed, name))
            field.editingFinished.connect(self._leave)
        elif isinstance(field, WritingField):
            field.textChanged.connect(calling(self._typed, name, field))
            field.left.connect(self._leave)
        elif isinstance(field, ChoiceField):
            field.chosen.connect(partial(self._chosen, name))
        elif isinstance(field, QCheckBox):
            # Not by a partial: the signal's argument has a default, and Qt would leave it out.
            field.clicked.connect(calling(self._ticked, name, field))

    def _leave(self) -> None:
        self.saver.flush()
        self.left.emit()

    def _typed(self, name: str, field: WritingField) -> None:
        self.saver.typed(name, field.toPlainText())

    def _ticked(self, name: str, field: QCheckBox) -> None:
        self._save(name, field.isChecked())

    def _chosen(self, name: str, word: str) -> None:
        self._save(name, word or None)

    def field(self, name: str) -> QWidget | None:
        """The field of a name."""
        return self._fields.get(name)

    def show_values(self, values: Mapping[str, object], *, editable: bool) -> None:
        """Show stored values; a field with text on its way to the store is left alone."""
        for name, field in self._fields.items():
            if not self.saver.waits(name):
                _show(field, values[name])
            _set_editable(field, editable)


def _show(field: QWidget, value: object) -> None:
    text = value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
    field.blockSignals(True)
    if isinstance(field, QLineEdit) and field.text() != text:
        field.setText(text)
    elif isinstance(field, WritingField) and field.toPlainText() != text:
        field.setPlainText(text)
    elif isinstance(field, ChoiceField):
        field.set_word(text)
    elif isinstance(field, QCheckBox):
        field.setChecked(bool(value))
    field.blockSignals(False)


def _set_editable(field: QWidget, editable: bool) -> None:
    if isinstance(field, QLineEdit | WritingField):
        field.setReadOnly(not editable)
    else:
        field.setEnabled(editable)
