"""Beside the form of the start: warnings, the conditions with their state, who was there this year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.services.clockwatch import StepBack
from app.services.coverage import Coverage, VisitKnown
from app.ui import theme
from app.ui.icons import icon
from app.ui.visit.start_lines import (
    Given,
    StartLine,
    count_text,
    start_lines,
    state_text,
    visit_text,
    warnings,
)
from app.ui.widgets import Banner, CaptionLabel, HeadingLabel

WIDTH: Final = 330
ROOM: Final = 10
"""Air of a line; the fields that the lines lead to are the targets for fingers."""
_SIGN: Final = 16


class StartAside(QWidget):
    """``field_asked`` carries the name of a field, ``visit_asked`` the id of a visit of this store."""

    field_asked = Signal(str)
    visit_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self._conditions: tuple[StartLine, ...] = ()
        self._visits: tuple[VisitKnown, ...] = ()
        self.warnings = [Banner(self), Banner(self)]
        for number, banner in enumerate(self.warnings):
            banner.setObjectName(f"start_warning_{number}")
            banner.hide()
        self.count = HeadingLabel("", "card", self)
        self.note = CaptionLabel(parent=self)
        self.visits = _list("known_visits", "今年的检查和任务", self)
        self.conditions = _list("start_conditions", "开始的条件", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (*self.warnings, self.count, self.note):
            column.addWidget(part)
        column.addWidget(self.visits, 1)
        column.addWidget(HeadingLabel("开始的条件", "card", self))
        column.addWidget(self.conditions, 2)
        self.conditions.itemActivated.connect(self._go)
        self.conditions.itemClicked.connect(self._go)
        self.visits.itemActivated.connect(self._open)
        self.visits.itemClicked.connect(self._open)

    def show_coverage(self, found: Coverage | None, behind: StepBack | None) -> None:
        """Show who was there this year, and what is to be weighed."""
        said = [*warnings(found, behind)]
        for number, banner in enumerate(self.warnings):
            banner.setVisible(number < len(said))
            if number < len(said):
                banner.say(*said[number], "attention", closable=False)
        self.count.setText("" if found is None else count_text(found))
        self._visits = () if found is None else (*found.visits[::-1], *found.planned)
        self.note.setText(_note(self._visits))
        self.note.setVisible(bool(self.note.text()))
        self.visits.setVisible(bool(self._visits))
        self.visits.clear()
        for each in self._visits:
            item = _visit_item(each)
            item.setSizeHint(QSize(0, 2 * self.fontMetrics().lineSpacing() + ROOM))
            self.visits.addItem(item)

    def show_given(self, given: Given) -> None:
        """Show which conditions hold now."""
        lines = start_lines(given)
        if lines == self._conditions:
            return
        row, self._conditions = self.conditions.currentRow(), lines
        self.conditions.clear()
        for number, line in enumerate(lines, 1):
            item = _condition_item(line, number)
            item.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() + ROOM))
            self.conditions.addItem(item)
        self.conditions.setCurrentRow(min(row, len(lines) - 1))

    def lines(self) -> Sequence[StartLine]:
        """The conditions as shown."""
        return self._conditions

    def _go(self, item: QListWidgetItem) -> None:
        self.field_asked.emit(self._conditions[self.conditions.row(item)].field)

    def _open(self, item: QListWidgetItem) -> None:
        visit = self._visits[self.visits.row(item)]
        if visit.here:
            self.visit_asked.emit(visit.key)


def _list(name: str, spoken: str, parent: QWidget) -> QListWidget:
    made = QListWidget(parent)
    made.setObjectName(name)
    made.setAccessibleName(spoken)
    made.setWordWrap(True)
    made.setIconSize(QSize(_SIGN, _SIGN))
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return made


def _note(visits: Sequence[VisitKnown]) -> str:
    if not visits:
        return "本机和任务包里都没有今年的检查或别的任务。"
    return "" if all(each.here for each in visits) else "没有箭头的只知道梗概，记录在别的单位或设备上。"


def _visit_item(visit: VisitKnown) -> QListWidgetItem:
    first, second = visit_text(visit)
    item = QListWidgetItem(f"{first}\n{second}" if second else first)
    item.setIcon(icon("next" if visit.here else "calendar" if visit.planned else "info", "soft"))
    item.setToolTip("打开这次检查（Enter）" if visit.here else "")
    return item


def _condition_item(line: StartLine, number: int) -> QListWidgetItem:
    item = QListWidgetItem(f"{line.text} · {state_text(line)}")
    sign = "good" if line.holds else "info" if line.advised else "findings"
    ink = "good" if line.holds else "soft" if line.advised else "bad" if line.needed else "attention"
    item.setIcon(icon(sign, ink))
    item.setToolTip(f"到这一栏（Alt+{number}）")
    if line.holds:
        item.setForeground(theme.current().color("soft"))
    return item
