"""The third value: an editor that fits the field, and what was written there as the store wants it.

What is written is kept as text (``raw``), so that half a number survives when the view is made anew.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QLineEdit, QWidget

from app.clock import LOCAL
from app.services.disputed_parts import Asked
from app.services.naming import vocabulary
from app.sync.shapes import TIME_FORMAT, Value, moment
from app.ui.enforcement.money import fen, money_check, yuan
from app.ui.slots import calling
from app.ui.steps import LinesField
from app.ui.visit.fieldset import ChoiceField
from app.ui.widgets import CaptionLabel, DateField
from app.wording import label

MINUTE: Final = "yyyy-MM-dd HH:mm"
EMPTY: Final = "-"
"""Stands for the choice to leave a coded field empty; no word looks like it."""
TRUTHS: Final = {"true": "是", "false": "否"}
_NUMBER: Final = re.compile(r"-?\d{1,9}")


def can_be_written(asked: Asked) -> bool:
    """Whether a third value can be written at all: a part is kept or removed, and a reference is no text."""
    return asked.entry not in {"presence", "reference"}


def raw_of(value: Value, asked: Asked) -> str:
    """A stored value as it is written in the editor."""
    if value is None or value == "":
        return EMPTY if asked.entry == "word" and asked.empty else ""
    if asked.entry == "truth":
        return "true" if value else "false"
    if asked.entry == "money":
        return yuan(int(value))
    return str(value)


def problem_of(raw: str, asked: Asked) -> str:
    """What is wrong with what was written; empty when nothing is."""
    if not raw.strip():
        return "选好第三个值" if asked.entry in {"word", "truth"} else "写第三个值"
    if asked.entry == "money":
        return money_check(raw, needed=True)
    if asked.entry == "number" and not _NUMBER.fullmatch(raw.strip()):
        return "第三个值写成整数"
    return ""


def value_of(raw: str, asked: Asked) -> Value:
    """What was written as the store wants it; only for a text without a problem."""
    written = raw.strip()
    if asked.entry == "truth":
        return written == "true"
    if asked.entry == "word":
        return "" if written == EMPTY else written
    if asked.entry == "money":
        return fen(written)
    return int(written) if asked.entry == "number" else written


class ThirdEditor(QWidget):
    """One field for a third value; :attr:`changed` follows each change by its user."""

    changed = Signal()

    def __init__(self, path: str, asked: Asked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked = asked
        self.field = _field(path, asked, self)
        self.field.setObjectName("third_value")
        self.field.setAccessibleName("第三个值")
        self.setFocusProxy(self.field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 0 if isinstance(self.field, DateField | QDateTimeEdit) else 1)
        if asked.entry == "money":
            row.addWidget(CaptionLabel("元", parent=self))
        if not isinstance(self.field, LinesField | QLineEdit):
            row.addStretch(1)
        self._connect()

    def _connect(self) -> None:
        field, tell = self.field, calling(self.changed.emit)
        if isinstance(field, LinesField | QLineEdit):
            field.textChanged.connect(tell)
        elif isinstance(field, ChoiceField):
            field.currentIndexChanged.connect(tell)
        elif isinstance(field, DateField):
            field.changed.connect(tell)
        elif isinstance(field, QDateTimeEdit):
            field.dateTimeChanged.connect(tell)

    def raw(self) -> str:
        """What is written."""
        field = self.field
        if isinstance(field, LinesField | QLineEdit):
            return field.text()
        if isinstance(field, ChoiceField):
            return field.word()
        if isinstance(field, DateField):
            return field.day().isoformat()
        assert isinstance(field, QDateTimeEdit)
        local = datetime.fromisoformat(field.dateTime().toString(MINUTE)).replace(tzinfo=LOCAL)
        return local.astimezone(UTC).strftime(TIME_FORMAT)

    def write(self, raw: str) -> None:
        """Put something there to begin with."""
        field = self.field
        if isinstance(field, LinesField):
            field.setPlainText(raw)
            field.moveCursor(QTextCursor.MoveOperation.End)
        elif isinstance(field, QLineEdit):
            field.setText(raw)
        elif isinstance(field, ChoiceField):
            field.set_word(raw)
        elif isinstance(field, DateField) and raw:
            field.set_day(date.fromisoformat(raw))
        elif isinstance(field, QDateTimeEdit) and raw:
            local = moment(raw).astimezone(LOCAL)
            field.setDateTime(QDateTime.fromString(local.strftime("%Y-%m-%d %H:%M"), MINUTE))


def _field(path: str, asked: Asked, parent: QWidget) -> QWidget:
    if asked.entry == "truth":
        return ChoiceField(TRUTHS, parent=parent)
    if asked.entry == "word":
        words = {word: label(vocabulary(path), word) for word in asked.words}
        return ChoiceField({**words, EMPTY: "（空）"} if asked.empty else words, parent=parent)
    if asked.entry == "day":
        return DateField(parent=parent)
    if asked.entry == "moment":
        found = QDateTimeEdit(parent)
        found.setDisplayFormat(MINUTE)
        found.setButtonSymbols(QDateTimeEdit.ButtonSymbols.NoButtons)
        return found
    return LinesField(3, parent=parent) if asked.entry == "text" else QLineEdit(parent)
