"""The dialog 履历: what was written into a record day by day at the left, one entry in full at the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.services.chronicle import HistoryEntry, Told, told
from app.services.issuing import HISTORY_FORM
from app.ui.blocks import BlocksCard
from app.ui.history import lines
from app.ui.history.timeline import Timeline
from app.ui.screen import Screen
from app.ui.slots import calling
from app.ui.widgets import (
    CaptionLabel,
    EmptyState,
    HeadingLabel,
    PrimaryButton,
    SearchField,
    SecondaryButton,
    open_once,
)
from app.ui.widgets.buttons import explain

if TYPE_CHECKING:
    from app.ui.screens import Desk

LIST_WIDTH: Final = 340
MARGIN: Final = 80


def open_history(screen: Screen, desk: Desk, *, kind: str, record_id: str) -> None:
    """Read a record's history beside the window and show it over ``screen``."""
    work = partial(told, desk.place, kind=kind, record_id=record_id)
    desk.jobs.run(work, partial(_open, screen), screen.problem_found.emit, screen)


def _open(screen: Screen, found: Told) -> None:
    dialog = HistoryDialog(found, screen)
    dialog.print_asked.connect(calling(_print, screen, found))
    open_once(dialog)


def _print(screen: Screen, found: Told) -> None:
    arguments = {"kind": found.kind, "record_id": found.record_id, "form": HISTORY_FORM}
    if found.kind == "inspection":
        arguments["inspection_id"] = found.record_id
    screen.open_requested.emit("printing", arguments)


class HistoryDialog(QDialog):
    """Entries by day, 全部 / 更正 / 不一致与定下, a search; ``print_asked`` when the paper is wanted."""

    print_asked = Signal()

    def __init__(self, found: Told, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries, self._behind = found.entries, parent
        self.setWindowTitle(f"履历 {found.title}".rstrip())
        self.heading = HeadingLabel(self.windowTitle(), "title", self)
        self.heading.setWordWrap(True)
        self.summary = CaptionLabel(lines.summary(found), parent=self)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("history_tabs")
        self.tabs.setAccessibleName("列出哪些")
        self.search = SearchField("搜索栏目、内容或姓名", self)
        self.list = Timeline(self)
        self.detail = BlocksCard(parent=self)
        self.detail.setAccessibleName("这一条的改动")
        self.empty = EmptyState("没有这样的履历", "换一个词，或看全部", parent=self)
        self._pages = QStackedWidget(self)
        # Without a key of its own: in the search line Esc clears first, and the dialog knows it anyway.
        self.close_button = SecondaryButton("关闭", parent=self)
        explain(self.close_button, "关闭", "Esc")
        self.print_button = PrimaryButton("打印履历", "Ctrl+P", self)
        self.print_button.setObjectName("print_history")
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """List what the tab and the search ask for; the entry in view stays where it is still listed."""
        word, choice = self._word(), list(lines.CHOICES)[self.tabs.currentIndex()]
        shown = [
            (place, entry)
            for place, entry in enumerate(self._entries)
            if lines.chosen(entry, choice) and lines.matches(entry, word)
        ]
        self.list.show_entries(shown)
        self._pages.setCurrentIndex(0 if shown else 1)
        self.show_current()

    def current(self) -> HistoryEntry | None:
        """The chosen entry."""
        place = self.list.place()
        return None if place is None else self._entries[place]

    def show_current(self) -> None:
        """Show the chosen entry in full."""
        entry = self.current()
        self.detail.show_blocks(() if entry is None else lines.blocks(entry, self._word()))

    def showEvent(self, event: QShowEvent) -> None:
        """Nearly as large as the window behind; begin in the list, at the newest entry."""
        super().showEvent(event)
        room = self._behind.window().size()
        self.resize(max(640, room.width() - MARGIN), max(420, room.height() - MARGIN))
        self.list.setFocus()
        self.list.scrollToItem(self.list.currentItem())

    def _word(self) -> str:
        return self.search.text().strip().lower()

    def _ask_print(self) -> None:
        self.accept()
        self.print_asked.emit()

    def _lay_out(self) -> None:
        for choice, text in lines.CHOICES.items():
            count = sum(lines.chosen(entry, choice) for entry in self._entries)
            self.tabs.addTab(f"{text} {count}")
        for page in (self.detail, self.empty):
            self._pages.addWidget(page)
        left = QWidget(self)
        left.setFixedWidth(LIST_WIDTH)
        beside = QVBoxLayout(left)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        for part in (self.tabs, self.search, self.list):
            beside.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(left)
        row.addWidget(self._pages, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.close_button, self.print_button):
            button.setAutoDefault(False)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.heading)
        column.addWidget(self.summary)
        column.addLayout(row, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(calling(self.refresh))
        self.search.searched.connect(calling(self.refresh))
        self.search.returnPressed.connect(self.list.setFocus)
        QShortcut(QKeySequence("/"), self).activated.connect(self.search.setFocus)
        self.list.itemSelectionChanged.connect(calling(self.show_current))
        self.close_button.clicked.connect(self.reject)
        self.print_button.clicked.connect(self._ask_print)
