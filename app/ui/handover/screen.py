"""The screen 交接 of an inspector: what goes to the office, what came from it, and who both are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QWidget

from app.services import enrolment
from app.services.enrolment import ANSWER_SUFFIX, DeviceRow, Enrolment
from app.services.handover import Exported, UnexportedRow
from app.services.waiting import HeldRow
from app.services.workplace import Changes
from app.ui.blocks import BlocksCard
from app.ui.chooser import Chooser
from app.ui.handover import arrivals, lines
from app.ui.handover.answers import AnswerRow, AnswersPanel
from app.ui.handover.arrivals import Arrived
from app.ui.handover.dropping import DropScreen
from app.ui.handover.results import ResultsPanel
from app.ui.handover.standing import Standing, read_standing
from app.ui.handover.tables import OUTGOING, RowsTable, history_table, show_history, stacked
from app.ui.handover.taking import Intake
from app.ui.handover.waiting import WaitingPanel
from app.ui.handover.written import Outgoing, WrittenPanel
from app.ui.latest import Latest
from app.ui.screen import ScreenAction
from app.ui.steps import LongStep
from app.ui.tokens import ASIDE_WIDTH
from app.ui.widgets import Banner, EmptyState, WorkingLine

if TYPE_CHECKING:
    from app.ui.screens import Desk

TO_GO, ANSWERS, HISTORY, WRITTEN, RESULTS, WAITING = range(6)
TABS = ("待交接", "回执", "往来历史", "这次导出", "导入结果", "等待中")


class HandoverScreen(DropScreen):
    """Export with a check afterwards, import of task packages, enrolment, receipts, history."""

    suffixes = (".cyb", ".cyv", ".receipt", ANSWER_SUFFIX)

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._chooser = chooser or Chooser()
        self._standing: Standing | None = None
        self._came = False
        self._reading = Latest(desk.jobs, self._show_standing, self.problem_found.emit, self)
        self._devices: tuple[DeviceRow, ...] = ()
        self.banner = Banner(self)
        self.working = WorkingLine(self)
        self._long = LongStep(self, self.working, desk.jobs)
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName("内容")
        self.tabs.setExpanding(False)
        for text in TABS:
            self.tabs.addTab(text)
        for tab in (WRITTEN, RESULTS, WAITING):
            self.tabs.setTabVisible(tab, False)
        self.outgoing: RowsTable[UnexportedRow] = RowsTable("待交接", OUTGOING, EmptyState(""), self)
        self.answers = AnswersPanel(desk.place.owner.role, self)
        self.answers.open_asked.connect(self.open_requested)
        self.history = history_table(self)
        self.written = WrittenPanel(self)
        self.waiting = WaitingPanel(self)
        role, home = desk.place.owner.role, desk.place.home
        self.results = ResultsPanel(role, home, EmptyState("还没有导入"), self)
        self.outbox = Outgoing(self, desk, self._long, self.written, self._chooser)
        self.intake = Intake(self, desk, self._long, self.results, self._chooser)
        self.aside = BlocksCard("指纹须与对方屏幕上的一致", self)
        self.aside.setFixedWidth(ASIDE_WIDTH)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self.outbox.exported.connect(self._exported)
        self.intake.arrived.connect(self._imported)

    def _lay_out(self) -> None:
        first = QWidget(self)
        row = QHBoxLayout(first)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.outgoing, 1)
        row.addWidget(self.aside)
        for page in (first, self.answers, self.history, self.written, self.results, self.waiting):
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
        found = self._standing
        if found is None:
            return f"收件方 {office.office}"
        if not found.left.records:
            return f"没有待交接的检查 · 收件方 {office.office}"
        return f"{found.left.records} 次检查，证据约 {lines.size_text(found.size)}，交给 {office.office} {office.name}"

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Enrol first; then export, and import what the office sends."""
        free = not self._long.running
        if lines.office_of(self._devices) is None:
            return (
                ScreenAction("导入答复", self.take_answer, "Ctrl+D", enabled=free, name="take_answer"),
                ScreenAction(
                    "生成登记申请", self.make_request, "Ctrl+G", primary=True, enabled=free,
                    name="make_request",
                ),
            )  # fmt: skip
        waiting = self._waits()
        return (
            *self.intake.screen_actions(enabled=free),
            ScreenAction(
                "导入任务包和回执", self.import_tasks, "Ctrl+I", primary=not waiting, enabled=free,
                name="import_tasks",
            ),
            ScreenAction("导出交接包", self.export, "Ctrl+E", primary=waiting, enabled=free, name="export"),
        )  # fmt: skip

    def refresh(self, changes: Changes | None) -> None:
        """Read what is left to hand over, the devices and the history."""
        if changes is not None and not changes.concern("inspection", "device", "package", "assignment"):
            return
        place = self._desk.place
        self._devices = enrolment.device_rows(place)
        self.aside.show_blocks(lines.enrolment_blocks(self._devices))
        self._reading.ask(partial(read_standing, place))
        self.header_changed.emit()

    def focus_first(self) -> None:
        """Begin in the list of what has to go; an earlier import's results stay behind their tab."""
        self._came = True
        if self._waits():
            self.tabs.setCurrentIndex(TO_GO)
        self.outgoing.table.setFocus()

    def _waits(self) -> bool:
        return self._standing is not None and bool(self._standing.left.records)

    def _show_standing(self, found: Standing) -> None:
        self._standing, came, self._came = found, self._came, False
        left = found.left
        self.outgoing.show_rows(left.rows, [row.record_id for row in left.rows])
        self.tabs.setTabText(TO_GO, f"待交接 {left.records}" if left.records else "待交接")
        if came and left.records:
            self.tabs.setCurrentIndex(TO_GO)
        self._explain_empty()
        show_history(self.history, found.history)
        self._show_answers(found.answers)
        self._show_waiting(found.held)
        self.header_changed.emit()

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
            self._accept(path)

    def export(self) -> None:
        """Choose what goes to whom, then write it and read it back."""
        office = lines.office_of(self._devices)
        if office is not None:
            self.banner.hide()
            own = lines.own_of(self._devices)
            self.outbox.ask([office, *lines.colleagues_of(self._devices, own)], [office.device_id])

    def import_tasks(self) -> None:
        """Take in what the office sent."""
        self.take(self._chooser.files(self, "办公室的任务包或回执", lines.PACKAGES))

    def take(self, paths: Sequence[Path]) -> None:
        """Take in packages, volumes and receipts."""
        if paths:
            self.banner.hide()
            self.intake.take(paths)

    def can_take(self) -> bool:
        """Not while a long step runs."""
        return not self._long.running

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """An answer of the office comes first: without it nothing else can be read."""
        answers = [path for path in paths if path.suffix == ANSWER_SUFFIX]
        if lines.office_of(self._devices) is None:
            answers += [each for path in paths if path.is_dir() for each in path.glob(f"*{ANSWER_SUFFIX}")]
        if answers:
            self._accept(answers[0])
        else:
            self.take(paths)

    def _accept(self, path: Path) -> None:
        place = self._desk.place
        self._long.run("正在核对登记答复", lambda _: enrolment.accept(place, path=path), self._enrolled)

    def _enrolled(self, done: Enrolment) -> None:
        self.banner.say(
            "登记好了，可以导入任务包",
            f"本机指纹 {done.fingerprint}，办公室指纹 {done.office_fingerprint}；与对方念的一致才可交接",
            "good",
        )
        self.changed.emit(done.changes)

    def _exported(self, done: Exported) -> None:
        self.banner.say(*lines.exported_text(done), "good")
        self.tabs.setTabVisible(WRITTEN, True)
        self.tabs.setCurrentIndex(WRITTEN)
        self.written.files.table.setFocus()
        self.changed.emit(done.changes)

    def _imported(self, arrived: Arrived) -> None:
        self.tabs.setTabVisible(RESULTS, True)
        self.tabs.setCurrentIndex(RESULTS)
        self.results.results.table.setFocus()
        self.notice_given.emit(arrivals.import_summary(arrived.done))
        self.changed.emit(arrived.changes())

    def _show_waiting(self, rows: tuple[HeldRow, ...]) -> None:
        self.waiting.show_waiting(rows)
        self.tabs.setTabText(WAITING, f"等待中 {len(rows)}")
        self.tabs.setTabVisible(WAITING, bool(rows))

    def _show_answers(self, rows: tuple[AnswerRow, ...]) -> None:
        self.answers.show_answers(rows)
        overdue = self.answers.waiting()
        self.tabs.setTabText(ANSWERS, f"回执（{overdue} 条久未回）" if overdue else "回执")

    def _explain_empty(self) -> None:
        if lines.office_of(self._devices) is None:
            self.outgoing.empty.say(
                "还没有登记到办公室", "按 Ctrl+G 生成登记申请交给办公室，再按 Ctrl+D 导入答复"
            )
        else:
            self.outgoing.empty.say(
                "没有待交接的检查", "完成的检查会列在这里；按 Ctrl+I 导入任务包，也可以把文件拖进来"
            )
