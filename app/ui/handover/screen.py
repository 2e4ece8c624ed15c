"""The screen 交接 of an inspector: what goes to the office, what came from it, and who both are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QWidget

from app.services import enrolment, evidence, handover, merging, visits
from app.services.enrolment import DeviceRow, Enrolment
from app.services.handover import Exported, Unexported, UnexportedRow
from app.services.merging import Imported
from app.services.workplace import Changes, Workplace
from app.ui.blocks import BlocksCard
from app.ui.chooser import Chooser
from app.ui.handover import lines
from app.ui.handover.tables import (
    HANDED,
    OUTGOING,
    HandedRow,
    ResultsPanel,
    RowsTable,
    history_table,
    stacked,
)
from app.ui.jobs import Ticket
from app.ui.screen import Screen, ScreenAction
from app.ui.steps import LongStep
from app.ui.tokens import ASIDE_WIDTH
from app.ui.widgets import Banner, EmptyState, WorkingLine

if TYPE_CHECKING:
    from app.ui.screens import Desk

TO_GO, HANDED_OVER, HISTORY, RESULTS = range(4)


def import_files(place: Workplace, paths: Sequence[Path], ticket: Ticket) -> tuple[Imported, ...]:
    """Take packages in; made to run as a long step."""
    return merging.import_packages(place, paths=paths, progress=ticket.report, cancelled=ticket.is_cancelled)


def merged_changes(done: Sequence[Imported]) -> Changes:
    """What all packages together changed."""
    kinds = frozenset().union(*(each.changes.kinds for each in done))
    ids = frozenset().union(*(each.changes.ids for each in done))
    return Changes(kinds, ids)


class HandoverScreen(Screen):
    """Export with a check afterwards, import of task packages, enrolment, history."""

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._chooser = chooser or Chooser()
        self._left = Unexported(0, ())
        self._size = 0
        self._devices: tuple[DeviceRow, ...] = ()
        self.banner = Banner(self)
        self.working = WorkingLine(self)
        self._long = LongStep(self, self.working, desk.jobs)
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName("内容")
        self.tabs.setExpanding(False)
        for text in ("待交接", "已交", "往来历史", "导入结果"):
            self.tabs.addTab(text)
        self.tabs.setTabVisible(RESULTS, False)
        self.outgoing: RowsTable[UnexportedRow] = RowsTable("待交接", OUTGOING, EmptyState(""), self)
        self.handed: RowsTable[HandedRow] = RowsTable(
            "已交", HANDED, EmptyState("还没有交出检查", "交出的检查列在这里，导入回执后逐条打勾"), self
        )
        self.history = history_table(self)
        self.results = ResultsPanel(EmptyState("还没有导入"), self)
        self.aside = BlocksCard("指纹须与对方屏幕上的一致", self)
        self.aside.setFixedWidth(ASIDE_WIDTH)
        self._pages = QStackedWidget(self)
        self._lay_out()

    def _lay_out(self) -> None:
        first = QWidget(self)
        row = QHBoxLayout(first)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.outgoing, 1)
        row.addWidget(self.aside)
        for page in (first, self.handed, self.history, self.results):
            self._pages.addWidget(page)
        stacked(self.banner, self.working, self.tabs, self._pages, parent=self)
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)

    def title(self) -> str:
        """The name of the screen."""
        return "交接"

    def context(self) -> str:
        """What will go, how big, to whom."""
        office = lines.office_of(self._devices)
        if office is None:
            return "还没有登记到办公室"
        if not self._left.records:
            return f"没有待交接的检查 · 收件方 {office.office}"
        return f"{self._left.records} 次检查，证据约 {lines.size_text(self._size)}，交给 {office.office} {office.name}"

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Enrol first; then export, and import what the office sends."""
        free = not self._long.running
        if lines.office_of(self._devices) is None:
            return (
                ScreenAction("导入答复", self.take_answer, "Ctrl+D", enabled=free, name="take_answer"),
                ScreenAction(
                    "生成登记申请",
                    self.make_request,
                    "Ctrl+G",
                    primary=True,
                    enabled=free,
                    name="make_request",
                ),
            )
        return (
            ScreenAction(
                "全部重发", partial(self.export, whole=True), "Ctrl+Shift+E", enabled=free, name="whole"
            ),
            ScreenAction(
                "导入任务包和回执",
                self.import_tasks,
                "Ctrl+I",
                primary=not self._left.records,
                enabled=free,
                name="import_tasks",
            ),
            ScreenAction(
                "导出交接包",
                self.export,
                "Ctrl+E",
                primary=bool(self._left.records),
                enabled=free and bool(self._left.records),
                hint="" if self._left.records else "办公室那里已经都有了",
                name="export",
            ),
        )

    def refresh(self, changes: Changes | None) -> None:
        """Read what is left to hand over, the devices and the history."""
        if changes is not None and not changes.concern("inspection", "device", "package", "assignment"):
            return
        place = self._desk.place
        self._devices = enrolment.device_rows(place)
        self._left = handover.unexported(place)
        self._size = sum(
            row.size for each in self._left.rows for row in evidence.rows(place, inspection_id=each.record_id)
        )
        self.outgoing.show_rows(self._left.rows, [row.record_id for row in self._left.rows])
        self.tabs.setTabText(TO_GO, f"待交接 {self._left.records}" if self._left.records else "待交接")
        self._explain_empty()
        self.handed.show_rows(self._handed_rows())
        history = handover.history(place)
        self.history.show_rows(history, [row.package_id for row in history])
        self.aside.show_blocks(lines.enrolment_blocks(self._devices))
        self.header_changed.emit()

    def focus_first(self) -> None:
        """Begin in the list of what has to go; an earlier import's results stay behind their tab."""
        if self._left.records:
            self.tabs.setCurrentIndex(TO_GO)
        self.outgoing.table.setFocus()

    def make_request(self) -> None:
        """Write the file that asks an office to enrol this device."""
        folder = self._chooser.folder(self, "登记申请放到哪里")
        if folder is not None:
            place = self._desk.place
            self._long.run(
                "正在写登记申请",
                lambda _: enrolment.make_request(place, out=folder),
                lambda fingerprint: self.banner.say(
                    f"登记申请已写到 {folder}，交给办公室",
                    f"办公室屏幕上的指纹须是 {fingerprint}",
                    "good",
                ),
            )

    def take_answer(self) -> None:
        """Take the office's answer."""
        path = self._chooser.file(self, "办公室的登记答复", lines.ANSWERS)
        if path is not None:
            place = self._desk.place
            self._long.run("正在核对登记答复", lambda _: enrolment.accept(place, path=path), self._enrolled)

    def export(self, *, whole: bool = False) -> None:
        """Write what the office does not have yet, and read it back."""
        folder = self._chooser.folder(self, "交接包放到哪里（文件夹或移动磁盘）")
        if folder is not None:
            place = self._desk.place
            self.banner.hide()
            self._long.run(
                "正在写交接包并读回核对",
                lambda ticket: handover.export_package(
                    place, out=folder, whole=whole, progress=ticket.report, cancelled=ticket.is_cancelled
                ),
                self._exported,
            )

    def import_tasks(self) -> None:
        """Take in what the office sent."""
        paths = self._chooser.files(self, "办公室的任务包或回执", lines.PACKAGES)
        if paths:
            place = self._desk.place
            self.banner.hide()
            self._long.run("正在导入", partial(import_files, place, paths), self._imported)

    def _enrolled(self, done: Enrolment) -> None:
        self.banner.say(
            "登记好了，可以导入任务包",
            f"本机指纹 {done.fingerprint}，办公室指纹 {done.office_fingerprint}；与对方念的一致才可交接",
            "good",
        )
        self.changed.emit(done.changes)

    def _exported(self, done: Exported) -> None:
        self.banner.say(*lines.exported_text(done), "good")
        self.changed.emit(done.changes)

    def _imported(self, done: tuple[Imported, ...]) -> None:
        self.results.show_results(done)
        self.tabs.setTabVisible(RESULTS, True)
        self.tabs.setCurrentIndex(RESULTS)
        self.notice_given.emit(lines.import_summary(done))
        self.changed.emit(merged_changes(done))

    def _handed_rows(self) -> tuple[HandedRow, ...]:
        place = self._desk.place
        receipts = handover.receipt_rows(place)
        found = visits.inspection_rows(place, [row.record_id for row in receipts])
        titles = {row.id: row.subject_name for row in found}
        return tuple(HandedRow(titles.get(row.record_id, row.record_id), row) for row in receipts)

    def _explain_empty(self) -> None:
        if lines.office_of(self._devices) is None:
            self.outgoing.empty.say(
                "还没有登记到办公室", "按 Ctrl+G 生成登记申请交给办公室，再按 Ctrl+D 导入答复"
            )
        else:
            self.outgoing.empty.say("没有待交接的检查", "完成的检查会列在这里；按 Ctrl+I 导入任务包")
