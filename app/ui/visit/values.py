"""Fields for measured values: one line each, with an editor that fits the kind of value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.checklists.schema import Measure, MeasureKind
from app.clock import LOCAL
from app.errors import ChayanError
from app.services.sheet_rows import EntryRow, ItemRow
from app.ui.slots import calling
from app.ui.widgets import CaptionLabel, PlainButton, mark_wrong
from app.wording import sentence

_PLACEHOLDERS: Final = {
    MeasureKind.DATE: "年-月-日",
    MeasureKind.TIME: "时:分",
    MeasureKind.PLACE: "纬度,经度",
    MeasureKind.CODE: "编号",
}
_WIDTHS: Final = {MeasureKind.TEXT: 320, MeasureKind.CODE: 260, MeasureKind.PLACE: 200}
NARROW: Final = 140
LABEL: Final = 180
"""No label is given more room than this for the sake of the others."""


class ValueField(QLineEdit):
    """A line for a measured value; ``entered`` when it takes the focus."""

    entered = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that a value is about to be typed."""
        super().focusInEvent(event)
        self.entered.emit()


class ValueRow(QWidget):
    """One value: label, field, unit, a button for today or now, and what is wrong with it."""

    typed = Signal(str, str)
    """The id of the measure and what was typed."""
    left = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = now
        self.entry_id = ""
        self._kind = MeasureKind.NUMBER
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self.field = ValueField(self)
        self.field.setObjectName("value")
        self._unit = QLabel(self)
        self._now = PlainButton("", parent=self)
        self._now.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._problem = CaptionLabel(tone="bad", parent=self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self._label, self.field, self._unit, self._now):
            row.addWidget(part)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._problem)
        self._problem.hide()
        self.field.textEdited.connect(self._tell_typed)
        self.field.editingFinished.connect(self.left)
        self._now.clicked.connect(calling(self._enter_now))

    def show_value(self, entry_id: str, measure: Measure, value: str, *, editable: bool) -> None:
        """Show one value; what is being typed stays."""
        self.setVisible(True)
        other, self.entry_id, self._kind = entry_id != self.entry_id, entry_id, measure.kind
        self._label.setText(measure.label)
        self._unit.setText(measure.unit)
        self._unit.setVisible(bool(measure.unit))
        unit = f"（{measure.unit}）" if measure.unit else ""
        self.field.setAccessibleName(f"{measure.label}{unit}")
        self.field.setToolTip(f"{measure.label}（V 填写，Enter 存好）")
        self.field.setPlaceholderText(_PLACEHOLDERS.get(measure.kind, ""))
        self.field.setFixedWidth(_WIDTHS.get(measure.kind, NARROW))
        self.field.setReadOnly(not editable)
        if other or not self.field.hasFocus():
            self.field.setText(value)
            self.tell(None)
        self._show_now(editable)

    def align(self, width: int) -> None:
        """Begin the field where those above and below begin."""
        self._label.setMinimumWidth(width)

    def label_width(self) -> int:
        """The room that the label's words take."""
        return self._label.fontMetrics().horizontalAdvance(self._label.text())

    def _show_now(self, editable: bool) -> None:
        words = {MeasureKind.DATE: "今天", MeasureKind.TIME: "此刻"}.get(self._kind, "")
        self._now.setText(words)
        self._now.setVisible(bool(words) and editable and not self.field.text())

    def _enter_now(self) -> None:
        moment = self._clock().astimezone(LOCAL)
        text = moment.date().isoformat() if self._kind is MeasureKind.DATE else f"{moment:%H:%M}"
        self.field.setText(text)
        self._tell_typed(text)
        self.left.emit()

    def _tell_typed(self, text: str) -> None:
        self.typed.emit(self.entry_id, text)

    def tell(self, error: ChayanError | None) -> None:
        """Say under the field why its value was not taken."""
        text = (
            ""
            if error is None
            else "；".join(filter(None, (sentence(error).message, sentence(error).remedy)))
        )
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        mark_wrong(self.field, bool(text))


class ValueRows(QWidget):
    """The values of an item or the fields of an instance, one below the other."""

    typed = Signal(str, str)
    left = Signal()
    entered = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = now
        self.rows: list[ValueRow] = []
        self._shown = 0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def show_values(self, values: Sequence[tuple[str, Measure, str]], *, editable: bool) -> None:
        """Show id, measure and stored text of each value."""
        while len(self.rows) < len(values):
            self._add()
        self._shown = len(values)
        for row, (entry_id, measure, value) in zip(self.rows, values, strict=False):
            row.show_value(entry_id, measure, value, editable=editable)
        for row in self.rows[len(values) :]:
            row.hide()
        width = max((row.label_width() for row in self.rows[: len(values)]), default=0)
        for row in self.rows[: len(values)]:
            row.align(min(width, LABEL))
        self.setVisible(bool(values))

    def row(self, entry_id: str) -> ValueRow | None:
        """The line of a value."""
        return next((row for row in self.rows[: self._shown] if row.entry_id == entry_id), None)

    def focus(self) -> bool:
        """Put the cursor into the first empty field, else into the first; ``False`` without any."""
        shown = self.rows[: self._shown]
        row = next((row for row in shown if not row.field.text()), shown[0] if shown else None)
        return row is not None and _focus(row)

    def focus_next(self) -> bool:
        """Put the cursor into the field below the one that has it; ``False`` behind the last."""
        shown = self.rows[: self._shown]
        at = next((number for number, row in enumerate(shown) if row.field.hasFocus()), len(shown))
        return at + 1 < len(shown) and _focus(shown[at + 1])

    def _add(self) -> None:
        row = ValueRow(self._clock, self)
        row.typed.connect(self.typed)
        row.left.connect(self.left)
        row.field.entered.connect(self.entered)
        self._column.addWidget(row)
        self.rows.append(row)


def _focus(row: ValueRow) -> bool:
    row.field.setFocus()
    row.field.selectAll()
    return True


def values_of(row: ItemRow) -> list[tuple[str, Measure, str]]:
    """The values of an item: its own, then the further ones."""
    own: list[tuple[str, Measure, str]] = [("", row.measure, row.value)] if row.measure is not None else []
    return own + entries_of(row.measures)


def entries_of(rows: Sequence[EntryRow]) -> list[tuple[str, Measure, str]]:
    """Further measures, or the fields of an instance, as values to be shown."""
    return [(each.entry.id, each.entry, each.value) for each in rows]
