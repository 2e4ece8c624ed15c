"""Fields to fill in: rows of a form, dates with their weekday, and the search line."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons, theme
from app.ui.pauses import pause
from app.ui.tokens import TARGET, Tone
from app.ui.widgets.cards import CaptionLabel, restyle

WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SEARCH_PAUSE: Final = 0


def day_text(day: date | None, *, weekday: bool = False) -> str:
    """A day as the field writes it: 2026-08-12, with its weekday where a deadline is meant."""
    if day is None:
        return ""
    return f"{day.isoformat()} {WEEKDAYS[day.weekday()]}" if weekday else day.isoformat()


def mark_wrong(field: QWidget, wrong: bool) -> None:
    """Frame a field that has to be mended, or take the frame off."""
    if bool(field.property("wrong")) != wrong:
        field.setProperty("wrong", wrong)
        restyle(field)


class FormRow:
    """One row of a :class:`Form`: its label, its field and the line under it."""

    def __init__(self, label: QLabel, field: QWidget, note: CaptionLabel) -> None:
        self.label, self.field, self.note = label, field, note

    def explain(self, text: str, tone: Tone = "neutral") -> None:
        """Write under the field; an empty text takes the line away."""
        self.note.show_text(text, tone)
        self.note.setVisible(bool(text))

    def set_problem(self, text: str) -> None:
        """Say what is wrong with the value; an empty text says that all is well."""
        self.explain(text, "bad" if text else "neutral")
        mark_wrong(self.field, bool(text))

    def set_visible(self, visible: bool) -> None:
        """Show or hide the whole row."""
        self.label.setVisible(visible)
        self.field.setVisible(visible)
        self.note.setVisible(visible and bool(self.note.text()))


class Form(QWidget):
    """Labels at the left, fields at the right, a quiet line under a field where it has one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: list[QWidget] = []
        self._grid = QGridLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def focus_first(self) -> None:
        """Put the focus into the first field that can take it."""
        for field in self._fields:
            if field.isVisibleTo(self) and field.isEnabled():
                field.setFocus()
                return

    def fields(self) -> list[QWidget]:
        """The fields in their order."""
        return list(self._fields)

    def add(self, label: str, field: QWidget, note: str = "", name: str = "") -> FormRow:
        """Append a row; ``name`` becomes the field's object name, the label its spoken name."""
        caption = QLabel(label, self)
        caption.setBuddy(field)
        field.setAccessibleName(label)
        line = field.lineEdit() if isinstance(field, QComboBox) else None
        if line is not None:
            line.setAccessibleName(label)
        self._fields.append(field)
        if name:
            field.setObjectName(name)
        at = self._grid.rowCount()
        self._grid.addWidget(caption, at, 0, Qt.AlignmentFlag.AlignLeft | _beside(caption, field))
        self._grid.addWidget(field, at, 1)
        hint = CaptionLabel(parent=self)
        self._grid.addWidget(hint, at + 1, 1)
        self._grid.setRowMinimumHeight(at + 2, 4)
        row = FormRow(caption, field, hint)
        row.explain(note)
        return row

    def add_wide(self, field: QWidget) -> None:
        """Append something over the whole width."""
        self._grid.addWidget(field, self._grid.rowCount(), 0, 1, 2)


def _beside(caption: QLabel, field: QWidget) -> Qt.AlignmentFlag:
    """At the height of the first line of a high field; words stand beside the middle of words."""
    if isinstance(field, QLabel):
        return Qt.AlignmentFlag.AlignVCenter
    caption.setMinimumHeight(max(TARGET, theme.current().sizes.line + 16))
    return Qt.AlignmentFlag.AlignTop


class DateField(QWidget):
    """A day, typed or picked from the calendar, with its weekday beside it unless that says nothing."""

    changed = Signal(object)

    def __init__(
        self, day: date | None = None, parent: QWidget | None = None, *, weekday: bool = True
    ) -> None:
        super().__init__(parent)
        self.edit = QDateEdit(self)
        self.edit.setDisplayFormat("yyyy-MM-dd")
        self.edit.setCalendarPopup(True)
        self.edit.setMinimumWidth(self.fontMetrics().horizontalAdvance("2026-08-12") + 64)
        self.edit.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._weekday = CaptionLabel(parent=self)
        self._weekday.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.edit)
        row.addWidget(self._weekday)
        self._weekday.setVisible(weekday)
        row.addStretch(1)
        self.setFocusProxy(self.edit)
        theme.current().changed.connect(self._tint)
        self._tint()
        self.set_day(day or datetime.now().astimezone().date())
        self.edit.dateChanged.connect(self._tell)

    def day(self) -> date:
        """The chosen day."""
        chosen = self.edit.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def set_day(self, day: date) -> None:
        """Show ``day``."""
        self.edit.setDate(QDate(day.year, day.month, day.day))
        self._weekday.setText(WEEKDAYS[day.weekday()])

    def setAccessibleName(self, name: str) -> None:
        """Hand the spoken name on to the field itself."""
        super().setAccessibleName(name)
        self.edit.setAccessibleName(name)

    def _tint(self) -> None:
        # Qt paints weekends in a red of its own, which the dark cannot bear.
        calendar = self.edit.calendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        weekend = QTextCharFormat()
        weekend.setForeground(theme.current().color("bad"))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, weekend)

    def _tell(self) -> None:
        day = self.day()
        self._weekday.setText(WEEKDAYS[day.weekday()])
        self.changed.emit(day)


class PassphraseField(QLineEdit):
    """A line that hides what is typed; a button inside shows it while it is needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)


class SearchField(QLineEdit):
    """A search line: :attr:`searched` follows each key when the keys that wait are done; Esc clears.

    Who listens asks the store beside the window and passes over what was typed on (``app.ui.latest``).
    """

    searched = Signal(str)

    def __init__(self, hint: str = "搜索", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setToolTip(f"{hint}（/）")
        self._told = ""
        self._pause = pause(self, SEARCH_PAUSE, self._tell)
        self._sign = self.addAction(icons.icon("search", "soft"), QLineEdit.ActionPosition.LeadingPosition)
        self._wipe = self.addAction(icons.icon("clear", "soft"), QLineEdit.ActionPosition.TrailingPosition)
        self._sign.setText("搜索")
        self._wipe.setText("清空")
        self._wipe.setToolTip("清空（Esc）")
        self._wipe.setVisible(False)
        self._connect()

    def _connect(self) -> None:
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._tell)
        self._wipe.triggered.connect(self.clear)
        theme.current().changed.connect(self._tint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears the line; a second one goes on to the view."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._tell()
        else:
            super().keyPressEvent(event)

    def _typed(self, text: str) -> None:
        self._wipe.setVisible(bool(text))
        self._pause.start()

    def _tell(self) -> None:
        self._pause.stop()
        if self.text().strip() != self._told:
            self._told = self.text().strip()
            self.searched.emit(self._told)

    def _tint(self) -> None:
        self._sign.setIcon(icons.icon("search", "soft"))
        self._wipe.setIcon(icons.icon("clear", "soft"))
