"""The screen 审核: finished inspections that wait, with what to look at; approve or return."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.clock import local_date
from app.errors import ChayanError
from app.services import enforcing, evidence, inspecting, sheets, visits
from app.services.sheet_rows import Sheet
from app.services.visits import InspectionRow
from app.services.workplace import Changes
from app.ui.blocks import BlocksCard
from app.ui.history.dialog import open_history
from app.ui.inbox.attention import blocks
from app.ui.screen import Screen, ScreenAction
from app.ui.slots import calling
from app.ui.steps import LinesField, StepDialog, filled
from app.ui.widgets import Column, EmptyState, PagedTable, SearchField, open_once
from app.vocabulary import InspectionStatus
from app.wording import label

if TYPE_CHECKING:
    from app.ui.screens import Desk

STATES: Final = (InspectionStatus.FINALISED, InspectionStatus.RETURNED, InspectionStatus.APPROVED)
TEXTS: Final = ("待审核", "已退回", "已通过")
LIST_WIDTH: Final = 420
RECORD_FORM: Final = "inspection-record"

COLUMNS: Final[tuple[Column[InspectionRow], ...]] = (
    Column("企业", "subject_name", 0),
    Column("检查日期", lambda row: local_date(row.started_at).isoformat(), 12),
    Column("问题", "findings", 5, "right", tone=lambda row: "attention" if row.findings else None),
    Column("照片", "photos", 5, "right", tone=lambda row: None if row.photos else "attention"),
)


def return_form(desk: Desk, sheet: Sheet, parent: QWidget) -> StepDialog:
    """退回: the remark that reaches the laptop."""
    dialog = StepDialog("退回检查", "退回", desk.jobs, parent)
    remark = LinesField(4, parent=dialog)
    dialog.add(
        "退回意见",
        remark,
        "remark",
        f"随任务包回到{'、'.join(name for _, name in sheet.officers)}的电脑",
        filled(remark.text, "写明要补什么、改什么"),
    )
    dialog.prepare = lambda: partial(
        inspecting.review, desk.place, inspection_id=sheet.header.id, approve=False, remark=remark.text()
    )
    return dialog


class ReviewScreen(Screen):
    """Waiting, returned and approved inspections; the chosen one in short at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._sheet: Sheet | None = None
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("review_tabs")
        self.tabs.setAccessibleName("状态")
        for text in TEXTS:
            self.tabs.addTab(text)
        self.search = SearchField("搜索企业或代码", self)
        self.table: PagedTable[InspectionRow] = PagedTable(COLUMNS, self._fetch, parent=self)
        self.table.setObjectName("finished")
        self.table.setAccessibleName("检查")
        self.empty = EmptyState(
            "没有待审核的检查", "收件后，完成的检查会列在这里", icon="review", parent=self
        )
        self.lists = QStackedWidget(self)
        self.lists.addWidget(self.table)
        self.lists.addWidget(self.empty)
        self.summary = BlocksCard(parent=self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(EmptyState("选一次检查", "这里列出要看一看的地方", parent=self))
        self._pages.addWidget(self.summary)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left = QWidget(self)
        left.setFixedWidth(LIST_WIDTH)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.tabs, self.search, self.lists):
            column.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        # Alone in the row, a column of fixed width would wander to the middle.
        row.addWidget(left, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(calling(self.refresh, None))
        self.search.searched.connect(calling(self.refresh, None))
        self.table.chosen.connect(self._show)

    def title(self) -> str:
        """The chosen organization."""
        return "审核" if self._sheet is None else self._sheet.header.subject_name

    def context(self) -> str:
        """Where the chosen inspection stands."""
        if self._sheet is None:
            waiting = len(visits.inspection_ids(self._desk.place, status=InspectionStatus.FINALISED))
            return f"待审核 {waiting} 次" if waiting else "没有待审核的检查"
        header = self._sheet.header
        remark = f" · 意见：{header.review_remark}" if header.review_remark else ""
        return (
            f"{label('inspection_type', header.inspection_type)} · {header.office} · "
            f"{label('inspection_status', header.status)}{remark}"
        )

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Look at the paper, look at what follows, return, approve."""
        if self._sheet is None:
            return ()
        header = self._sheet.header
        waits = header.status is InspectionStatus.FINALISED
        actions = [ScreenAction("记录表", self._print, "Ctrl+P", name="print")]
        if waits:
            actions += self._settling() if header.in_conflict else self._reviewing()
        return [
            *actions,
            ScreenAction("处置", self._enforcement, "Ctrl+D", name="enforcement"),
            ScreenAction("履历", self._history, "Ctrl+H", name="history"),
        ]

    def _settling(self) -> list[ScreenAction]:
        """What several people wrote differently is decided before anybody approves or returns it."""
        return [ScreenAction("去定下冲突", self._conflict, "Ctrl+J", primary=True, name="conflict")]

    def _reviewing(self) -> list[ScreenAction]:
        return [
            ScreenAction("退回", self.send_back, "Ctrl+B", name="return"),
            ScreenAction("审核通过", self.approve, "Ctrl+Return", primary=True, name="approve"),
        ]

    def refresh(self, changes: Changes | None) -> None:
        """Read the list and the chosen inspection again."""
        if changes is not None and not changes.concern("inspection"):
            return
        status = STATES[self.tabs.currentIndex()]
        ids = visits.inspection_ids(self._desk.place, status=status, query=self.search.text())
        self.tabs.setTabText(self.tabs.currentIndex(), f"{TEXTS[self.tabs.currentIndex()]} {len(ids)}")
        self.table.set_ids(ids)
        self.lists.setCurrentIndex(0 if ids else 1)
        self._say_empty()
        self._pages.setVisible(bool(ids))
        if self.table.current_id() is None and ids:
            self.table.choose(ids[0])
        self._show(self.table.current_id() or "")

    def open_with(self, **arguments: object) -> None:
        """Show the visit ``inspection_id`` in the list of its state; one under way is in none."""
        wanted = str(arguments.get("inspection_id", ""))
        self.search.clear()
        for tab, status in enumerate(STATES):
            if wanted in visits.inspection_ids(self._desk.place, status=status):
                self.tabs.setCurrentIndex(tab)
                self.refresh(None)
                self.table.choose(wanted)
                return
        self.notice_given.emit("这次检查还没有完成，完成后列在“待审核”里")

    def focus_first(self) -> None:
        """Begin in the list."""
        self.table.setFocus()

    def approve(self) -> None:
        """Approve the chosen inspection."""
        if self._sheet is not None:
            work = partial(
                inspecting.review, self._desk.place, inspection_id=self._sheet.header.id, approve=True
            )
            self._desk.jobs.run(work, self._reviewed, self.problem_found.emit, self)

    def send_back(self) -> None:
        """Return the chosen inspection with a remark."""
        if self._sheet is not None:
            dialog = return_form(self._desk, self._sheet, self)
            dialog.stored.connect(self._reviewed)
            open_once(dialog)

    def _reviewed(self, changes: Changes) -> None:
        self.notice_given.emit("已存盘")
        self.changed.emit(changes)

    def _say_empty(self) -> None:
        if self.search.text():
            self.empty.say("没有找到", "换一个名称或代码")
        elif self.tabs.currentIndex() == 0:
            self.empty.say("没有待审核的检查", "收件后，完成的检查会列在这里")
        else:
            self.empty.say(f"没有{TEXTS[self.tabs.currentIndex()]}的检查", "")

    def _show(self, inspection_id: str) -> None:
        self._sheet = None
        if inspection_id:
            place = self._desk.place
            try:
                self._sheet = sheets.sheet(place, inspection_id=inspection_id)
            except ChayanError as error:
                self.problem_found.emit(error)
            else:
                photos = evidence.rows(place, inspection_id=inspection_id)
                orders = enforcing.order_rows(place, open_only=False, inspection_id=inspection_id)
                self.summary.show_blocks(blocks(self._sheet, photos, orders))
        self._pages.setCurrentIndex(0 if self._sheet is None else 1)
        self.header_changed.emit()

    def _fetch(self, ids: Sequence[str]) -> Sequence[InspectionRow]:
        return visits.inspection_rows(self._desk.place, ids)

    def _print(self) -> None:
        if self._sheet is not None:
            arguments = {"inspection_id": self._sheet.header.id, "form": RECORD_FORM}
            self.open_requested.emit("printing", arguments)

    def _conflict(self) -> None:
        if self._sheet is not None:
            arguments = {"kind": "inspection", "record_id": self._sheet.header.id}
            self.open_requested.emit("conflicts", arguments)

    def _history(self) -> None:
        if self._sheet is not None:
            open_history(self, self._desk, kind="inspection", record_id=self._sheet.header.id)

    def _enforcement(self) -> None:
        if self._sheet is not None:
            self.open_requested.emit("enforcement", {"inspection_id": self._sheet.header.id})
