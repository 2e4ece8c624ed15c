"""How long an order gives: a number of working days, a day, or at once; the last day shown live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QRadioButton, QSpinBox, QVBoxLayout, QWidget

from app.planning.workdays import ExtraDays, add_working_days, day
from app.ui.enforcement.lines import UNCERTAIN
from app.ui.tokens import Tone
from app.ui.widgets import CaptionLabel, DateField, day_text

USUAL_DAYS: Final = 15
MOST_DAYS: Final = 250


@dataclass(frozen=True, slots=True)
class Term:
    """The chosen term; exactly one of the three holds."""

    at_once: bool = False
    working_days: int | None = None
    due_on: date | None = None


def last_day_text(term: Term, today: date, extra: ExtraDays) -> tuple[str, Tone]:
    """What a term comes to, and whether its day is certain."""
    if term.at_once:
        return "当场改正，出具后即可登记复查", "neutral"
    if term.working_days is not None:
        last = add_working_days(today, term.working_days, extra)
        text = f"从出具日起算；今天出具，期限为 {day_text(last.on, weekday=True)}"
        if last.certain:
            return text, "neutral"
        return f"{text} · {UNCERTAIN}，按周末推算，核对后再出具", "attention"
    if term.due_on is None or term.due_on <= today:
        return "期限须在今天以后", "bad"
    judged = day(term.due_on, extra)
    if judged.certain and not judged.working:
        return "这一天不上班，一般顺延到下一个工作日", "attention"
    return ("", "neutral") if judged.certain else (f"{UNCERTAIN}，不能判断这一天是否上班", "attention")


class TermField(QWidget):
    """Three ways to set a term; the arrow keys go from one to the next."""

    def __init__(self, today: date, extra: ExtraDays, *, at_once: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._today, self._extra = today, extra
        self.in_days = QRadioButton("限", self)
        self.by_date = QRadioButton("限到", self)
        self.now = QRadioButton("责令立即改正", self)
        self.days = QSpinBox(self)
        self.days.setRange(1, MOST_DAYS)
        self.days.setValue(USUAL_DAYS)
        self.days.setMinimumWidth(self.days.fontMetrics().horizontalAdvance("0000") + 64)
        self.date = DateField(add_working_days(today, USUAL_DAYS, extra).on, self)
        self.note = CaptionLabel(parent=self)
        self.note.setObjectName("term_note")
        self._group = QButtonGroup(self)
        for button in (self.in_days, self.by_date, self.now):
            self._group.addButton(button)
        (self.now if at_once else self.in_days).setChecked(True)
        self._name_parts()
        self._lay_out()
        self._connect()
        self._show()

    def term(self) -> Term:
        """The term as chosen now."""
        if self.now.isChecked():
            return Term(at_once=True)
        if self.in_days.isChecked():
            return Term(working_days=self.days.value())
        return Term(due_on=self.date.day())

    def problem(self) -> str:
        """What is wrong with the term; empty when nothing is."""
        text, tone = last_day_text(self.term(), self._today, self._extra)
        return text if tone == "bad" else ""

    def _name_parts(self) -> None:
        self.in_days.setObjectName("term_days")
        self.by_date.setObjectName("term_date")
        self.now.setObjectName("term_now")
        self.days.setObjectName("working_days")
        self.in_days.setAccessibleName("限若干个工作日内改正")
        self.by_date.setAccessibleName("限到某日改正")
        self.days.setAccessibleName("工作日数")
        self.date.setAccessibleName("改正期限")

    def _lay_out(self) -> None:
        rows = (
            (self.in_days, self.days, QLabel("个工作日内改正", self)),
            (self.by_date, self.date, None),
            (self.now, None, None),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for parts in rows:
            line = QHBoxLayout()
            line.setSpacing(8)
            for part in parts:
                if part is not None:
                    line.addWidget(part)
            line.addStretch(1)
            column.addLayout(line)
        column.addWidget(self.note)
        self.setFocusProxy(self.in_days)

    def _connect(self) -> None:
        self._group.buttonToggled.connect(self._show)
        self.days.valueChanged.connect(self._days_changed)
        self.date.changed.connect(self._date_changed)

    def _days_changed(self) -> None:
        self.in_days.setChecked(True)
        self._show()

    def _date_changed(self) -> None:
        self.by_date.setChecked(True)
        self._show()

    def _show(self) -> None:
        text, tone = last_day_text(self.term(), self._today, self._extra)
        self.note.show_text(text, tone)
        self.note.setVisible(bool(text))
