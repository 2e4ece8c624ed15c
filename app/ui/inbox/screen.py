"""The screen 收件: a folder of packages imported in one go, each with its result."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QStackedWidget, QTabBar

from app.services import handover
from app.services.waiting import HeldRow, held_rows
from app.services.workplace import Changes
from app.ui.chooser import Chooser
from app.ui.handover import arrivals, lines
from app.ui.handover.arrivals import Arrived
from app.ui.handover.dropping import DropScreen
from app.ui.handover.results import ResultsPanel
from app.ui.handover.tables import history_table, show_history, stacked
from app.ui.handover.taking import Intake
from app.ui.handover.waiting import WaitingPanel
from app.ui.screen import ScreenAction
from app.ui.steps import LongStep
from app.ui.widgets import EmptyState, WorkingLine

if TYPE_CHECKING:
    from app.ui.screens import Desk

WAITING: Final = 1


class InboxScreen(DropScreen):
    """Takes packages in; one bad package never stops the others, and each says what became of it."""

    suffixes = (".cyb", ".cyv", ".receipt")

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._chooser = chooser or Chooser()
        self._taken = 0
        self.working = WorkingLine(self)
        self._long = LongStep(self, self.working, desk.jobs)
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName("内容")
        self.tabs.setExpanding(False)
        for text in ("这次收件", "等待中", "往来历史"):
            self.tabs.addTab(text)
        empty = EmptyState(
            "这次还没有收件",
            "把各台电脑交来的查验包和分卷放进一个文件夹，一次收进来；也可以拖到这里",
            action="导入文件夹",
            icon="inbox",
            parent=self,
        )
        self.results = ResultsPanel(desk.place.owner.role, desk.place.home, empty, self)
        self.intake = Intake(self, desk, self._long, self.results, self._chooser)
        self.waiting = WaitingPanel(self)
        self.history = history_table(self)
        pages = QStackedWidget(self)
        for page in (self.results, self.waiting, self.history):
            pages.addWidget(page)
        self.tabs.currentChanged.connect(pages.setCurrentIndex)
        self.intake.arrived.connect(self._imported)
        empty.acted.connect(self.import_folder)
        stacked(self.working, self.tabs, pages, parent=self)

    def title(self) -> str:
        """The name of the screen."""
        return "收件"

    def context(self) -> str:
        """How the last import went."""
        done = self.results.arrived.done
        return arrivals.import_summary(done) if done else f"已收 {self._taken} 个包"

    def screen_actions(self) -> Sequence[ScreenAction]:
        """A folder of packages, or some files; receipts that could not be written beside them."""
        free = not self._long.running
        return (
            *self.intake.screen_actions(enabled=free),
            ScreenAction("选文件", self.import_some, "Ctrl+O", enabled=free, name="import_files"),
            ScreenAction(
                "导入文件夹", self.import_folder, "Ctrl+I", primary=True, enabled=free, name="import_folder"
            ),
        )

    def refresh(self, changes: Changes | None) -> None:
        """Read the history again."""
        if changes is not None and not changes.concern("package", "device"):
            return
        history = handover.history(self._desk.place)
        self._taken = sum(not row.outgoing for row in history)
        show_history(self.history, history)
        self._desk.jobs.run(
            partial(held_rows, self._desk.place), self._show_waiting, self.problem_found.emit, self
        )
        self.header_changed.emit()

    def focus_first(self) -> None:
        """Begin at the results, or at the tabs while there are none."""
        (self.results.results.table if self.results.arrived.done else self.tabs).setFocus()

    def import_folder(self) -> None:
        """Take in every package of a folder."""
        folder = self._chooser.folder(self, "放着查验包的文件夹")
        if folder is not None:
            self.intake.take([folder])

    def import_some(self) -> None:
        """Take in the chosen packages."""
        self.intake.take(self._chooser.files(self, "查验包", lines.PACKAGES))

    def can_take(self) -> bool:
        """Not while a long step runs."""
        return not self._long.running

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """Take in what was dropped."""
        self.intake.take(paths)

    def _show_waiting(self, rows: tuple[HeldRow, ...]) -> None:
        self.waiting.show_waiting(rows)
        self.tabs.setTabText(WAITING, f"等待中 {len(rows)}" if rows else "等待中")

    def _imported(self, arrived: Arrived) -> None:
        self.tabs.setCurrentIndex(0)
        self.results.results.table.setFocus()
        self.notice_given.emit(arrivals.import_summary(arrived.done))
        self.changed.emit(arrived.changes())
        self.header_changed.emit()
