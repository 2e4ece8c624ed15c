"""The screen 收件: a folder of packages imported in one go, each with its result."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar

from app.services import handover
from app.services.merging import Imported
from app.services.workplace import Changes
from app.ui.chooser import Chooser
from app.ui.handover import lines
from app.ui.handover.screen import import_files, merged_changes
from app.ui.handover.tables import ResultsPanel, history_table, stacked
from app.ui.screen import Screen, ScreenAction
from app.ui.steps import LongStep
from app.ui.widgets import EmptyState, WorkingLine

if TYPE_CHECKING:
    from app.ui.screens import Desk


class InboxScreen(Screen):
    """Takes packages in; one bad package never stops the others, and each says what became of it."""

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._chooser = chooser or Chooser()
        self._done: tuple[Imported, ...] = ()
        self._taken = 0
        self.working = WorkingLine(self)
        self._long = LongStep(self, self.working, desk.jobs)
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName("内容")
        self.tabs.setExpanding(False)
        for text in ("这次收件", "往来历史"):
            self.tabs.addTab(text)
        empty = EmptyState(
            "这次还没有收件",
            "把各台电脑交来的查验包放进一个文件夹，一次收进来；也可以拖到这里",
            action="导入文件夹",
            icon="inbox",
            parent=self,
        )
        self.results = ResultsPanel(empty, self)
        self.history = history_table(self)
        pages = QStackedWidget(self)
        for page in (self.results, self.history):
            pages.addWidget(page)
        self.tabs.currentChanged.connect(pages.setCurrentIndex)
        empty.acted.connect(self.import_folder)
        self.setAcceptDrops(True)
        stacked(self.working, self.tabs, pages, parent=self)

    def title(self) -> str:
        """The name of the screen."""
        return "收件"

    def context(self) -> str:
        """How the last import went."""
        return lines.import_summary(self._done) if self._done else f"已收 {self._taken} 个包"

    def screen_actions(self) -> Sequence[ScreenAction]:
        """A folder of packages, or some files."""
        free = not self._long.running
        return (
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
        self.history.show_rows(history, [row.package_id for row in history])
        self.header_changed.emit()

    def focus_first(self) -> None:
        """Begin at the results, or at the tabs while there are none."""
        (self.results.results.table if self._done else self.tabs).setFocus()

    def import_folder(self) -> None:
        """Take in every package of a folder."""
        folder = self._chooser.folder(self, "放着查验包的文件夹")
        if folder is not None:
            self.take([folder])

    def import_some(self) -> None:
        """Take in the chosen packages."""
        self.take(self._chooser.files(self, "查验包", lines.PACKAGES))

    def take(self, paths: Sequence[Path]) -> None:
        """Import packages; the window stays alive."""
        if paths:
            work = partial(import_files, self._desk.place, list(paths))
            self._long.run("正在核对并收入", work, self._imported)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome packages and folders."""
        if not self._long.running and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in what was dropped."""
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def _imported(self, done: tuple[Imported, ...]) -> None:
        self._done = done
        self.tabs.setCurrentIndex(0)
        self.results.show_results(done)
        self.notice_given.emit(lines.import_summary(done))
        self.changed.emit(merged_changes(done))
