"""今日: running visits, what was returned, due targets, orders; what is unsent and how old the data is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services.agenda import Agenda, agenda
from app.services.workplace import Changes
from app.ui.blocks import scrolling
from app.ui.calendar_export import ask_calendar, calendar_action
from app.ui.chooser import Chooser
from app.ui.screen import Screen, ScreenAction
from app.ui.slots import calling
from app.ui.today.lines import Group, Line, counted_text, data_text, groups, is_empty, unsent_text
from app.ui.visit.lines import behind_text
from app.ui.widgets import (
    Banner,
    CaptionLabel,
    Card,
    Chip,
    ElidedLabel,
    EmptyState,
    PlainButton,
    Separator,
    day_text,
)

if TYPE_CHECKING:
    from app.ui.screens import Desk


class LineRow(QFrame):
    """One line to click or to open by Enter; Up and Down go to its neighbours."""

    spoken_role = QAccessible.Role.Button

    opened = Signal()

    def __init__(self, line: Line, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("today_line")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        said = f"{line.title} {line.words} {line.chip[0] if line.chip else ''}".strip()
        self.setAccessibleName(said)
        self.setToolTip("打开（Enter）")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(line.title, self))
        caption = CaptionLabel(line.words, parent=self)
        words.addWidget(caption)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.addLayout(words, 1)
        if line.chip is not None:
            row.addWidget(Chip(*line.chip, self))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the line."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Up and Down move."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit()
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_J}:
            self.focusNextChild()
        elif event.key() in {Qt.Key.Key_Up, Qt.Key.Key_K}:
            self.focusPreviousChild()
        else:
            super().keyPressEvent(event)


class TodayScreen(Screen):
    """The first screen; everything on it leads somewhere."""

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk, self._chooser = desk, chooser or Chooser()
        self._agenda: Agenda | None = None
        self._first: LineRow | None = None
        self.counted, self.unsent, self.data = Chip(parent=self), Chip(parent=self), Chip(parent=self)
        self.clock = Banner(self)
        self.clock.hide()
        self.handover = PlainButton("去交接", parent=self)
        self.empty = EmptyState(
            "还没有任务",
            "在交接里登记这台设备，再导入管理人员给的任务包；对象、名录和检查表都在里面。",
            action="去交接",
            key="Ctrl+I",
            icon="today",
        )
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        self._pages = QStackedWidget(self)
        self._lay_out()
        self.empty.acted.connect(self._go_handover)
        self.handover.clicked.connect(self._go_handover)

    def title(self) -> str:
        """The name of the screen."""
        return "今日"

    def context(self) -> str:
        """The day."""
        return day_text(self._desk.place.today(), weekday=True)

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Go on with the newest visit, else with the most urgent target."""
        found = self._agenda
        if found is None:
            return ()
        calendar = calendar_action(self.export_calendar)
        if found.running:
            return (calendar, self._go_on("继续上次检查"))
        if found.returned:
            return (calendar, self._go_on("补正退回的检查"))
        if found.next_targets:
            return (calendar, self._go_on("开始下一家"))
        return (calendar,) if found.due else ()

    def export_calendar(self) -> None:
        """Write the deadlines for other calendars."""
        ask_calendar(self, self._desk, self._chooser)

    def refresh(self, changes: Changes | None) -> None:
        """Read the agenda anew, beside the window."""
        place = self._desk.place
        if changes is None or changes.kinds:
            self._desk.jobs.run(lambda: agenda(place), self._show, self.problem_found.emit, self)

    def focus_first(self) -> None:
        """Wait at the most urgent line, else at whatever leads on."""
        row = self._first or next((row for row in self.findChildren(LineRow) if row.isVisible()), None)
        if row is not None:
            row.setFocus()
        else:
            self.empty.button.setFocus()

    def _go_on(self, text: str) -> ScreenAction:
        return ScreenAction(text, self._open_first, "Ctrl+Return", primary=True, name="go_on")

    def _open_first(self) -> None:
        if self._first is not None:
            self._first.opened.emit()

    def _go_handover(self) -> None:
        self.open_requested.emit("handover", {})

    def _show(self, found: Agenda) -> None:
        had_focus = self._first is None or self._first.hasFocus()
        self._agenda, self._first = found, None
        self.unsent.show_text(*unsent_text(found))
        self.data.show_text(*data_text(found))
        self.handover.setVisible(found.unsent > 0)
        counted = counted_text(found)
        self.counted.setVisible(counted is not None)
        self.counted.show_text(*(counted or ("", "neutral")))
        if found.behind is not None:
            self.clock.say(*behind_text(found.behind), "attention")
        else:
            self.clock.hide()
        shown = groups(found)
        # Targets are the long list; what is already begun stands before it.
        begun = [self._card(group) for group in shown if not group.targets]
        targets = [self._card(group) for group in shown if group.targets]
        left, right = (begun, targets) if found.running or found.returned else (targets, begun)
        _refill(self._left, left)
        _refill(self._right, right)
        self._pages.setCurrentIndex(1 if is_empty(found) else 0)
        if had_focus and self.isVisible():
            self.focus_first()
        self.header_changed.emit()

    def _card(self, group: Group) -> Card:
        card = Card(group.heading, self)
        card.body.setContentsMargins(12, 14, 12, 10)
        card.body.setSpacing(2)
        if card.heading is not None:
            card.heading.setContentsMargins(8, 0, 0, 6)
        for number, line in enumerate(group.lines):
            if number:
                card.body.addWidget(Separator(card))
            row = LineRow(line, card)
            row.opened.connect(calling(self.open_requested.emit, line.screen, dict(line.arguments)))
            if line.screen == "visit":
                self._first = self._first or row
            card.body.addWidget(row)
        said = group.more if group.lines else group.empty
        if said:
            caption = CaptionLabel(said, parent=card)
            caption.setContentsMargins(8, 4, 8, 4)
            card.body.addWidget(caption)
        return card

    def _lay_out(self) -> None:
        facts = QHBoxLayout()
        facts.setSpacing(8)
        for part in (self.counted, self.data, self.unsent, self.handover):
            facts.addWidget(part)
        facts.addStretch(1)
        inside = QWidget(self)
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(14)
        for column in (self._left, self._right):
            column.setSpacing(14)
            column.addStretch(1)
            columns.addLayout(column, 1)
        scroll = scrolling(inside)
        self._pages.addWidget(scroll)
        self._pages.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.clock)
        whole.addLayout(facts)
        whole.addWidget(self._pages, 1)


def _refill(column: QVBoxLayout, cards: Sequence[QWidget]) -> None:
    """Replace the cards of a column; its last entry is the stretch below them."""
    while column.count() > 1:
        old = column.takeAt(0).widget()
        if old is not None:
            old.hide()
            old.deleteLater()
    for place, card in enumerate(cards):
        column.insertWidget(place, card)
        card.show()
