"""The screen 设备与下发 of an office: enrolled devices, new ones, and task packages to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QStackedWidget, QTabBar, QWidget

from app.errors import ChayanError
from app.services import enrolment
from app.services.enrolment import REQUEST_SUFFIX, DeviceRequest, DeviceRow, Enrolment
from app.services.handover import Exported
from app.services.workplace import Changes
from app.ui.chooser import Chooser
from app.ui.handover import lines
from app.ui.handover.answers import AnswerRow, AnswersPanel
from app.ui.handover.arrivals import screen_of
from app.ui.handover.dropping import DropScreen
from app.ui.handover.revoking import (
    DoubtfulRow,
    doubtful_table,
    read_doubtful,
    revoke_form,
    show_doubtful,
)
from app.ui.handover.standing import Standing, read_standing
from app.ui.handover.tables import RowsTable, history_table, show_history, stacked
from app.ui.handover.written import Outgoing, WrittenPanel
from app.ui.latest import Latest
from app.ui.screen import ScreenAction
from app.ui.slots import calling
from app.ui.steps import LongStep, StepDialog
from app.ui.widgets import (
    Banner,
    CaptionLabel,
    Column,
    EmptyState,
    HeadingLabel,
    TextLabel,
    WorkingLine,
    open_once,
)
from app.wording import label

if TYPE_CHECKING:
    from app.ui.screens import Desk

DEVICES, ANSWERS, HISTORY, DOUBTFUL, WRITTEN = range(5)

COLUMNS: Final[tuple[Column[DeviceRow], ...]] = (
    Column("姓名", "name", 9),
    Column("执法证号", "credential", 14),
    Column("角色", lines.role_text, 9),
    Column("单位", "office", 0),
    Column("指纹", "fingerprint", 22),
    Column("登记时间", lambda row: lines.moment_text(row.enrolled_at), 19),
    Column("状态", lines.device_state, 7, tone=lines.device_tone),
)


def enrol_form(desk: Desk, asked_for: DeviceRequest, request: Path, parent: QWidget) -> StepDialog:
    """登记设备: who asks, and the fingerprint to be compared before anything is signed."""
    dialog = StepDialog("登记设备", "登记并写出答复", desk.jobs, parent)
    who = f"{asked_for.name} {asked_for.credential} · {asked_for.office} · {label('role', asked_for.role)}"
    dialog.form.add_wide(TextLabel(who, parent=dialog))
    dialog.form.add_wide(HeadingLabel(asked_for.fingerprint, "number", dialog))
    dialog.form.add_wide(CaptionLabel("让对方念出他屏幕上的指纹，四组都要一致", parent=dialog))
    same = QCheckBox("已逐组比对，一致", dialog)
    dialog.add("", same, "compared", check=lambda: "" if same.isChecked() else "比对一致后勾选")
    dialog.form.add_wide(CaptionLabel(f"答复写在 {request.parent}，交回给他", parent=dialog))
    dialog.prepare = lambda: partial(enrolment.enrol, desk.place, request=request, out=request.parent)
    return dialog


class DevicesScreen(DropScreen):
    """Who may write in whose name, and what each device still has to be given."""

    suffixes = (REQUEST_SUFFIX,)

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._chooser = chooser or Chooser()
        self._to_go: Counter[str] | None = None
        self._rows: tuple[DeviceRow, ...] = ()
        self._reading = Latest(desk.jobs, self._show_standing, self.problem_found.emit, self)
        self.banner = Banner(self)
        self.working = WorkingLine(self)
        self._long = LongStep(self, self.working, desk.jobs)
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName("内容")
        self.tabs.setExpanding(False)
        for text in ("设备", "回执", "往来历史", "待核对", "这次导出"):
            self.tabs.addTab(text)
        for each in (DOUBTFUL, WRITTEN):
            self.tabs.setTabVisible(each, False)
        self.devices: RowsTable[DeviceRow] = RowsTable(
            "设备", COLUMNS, EmptyState("还没有登记设备", "按 Ctrl+G 登记一台"), self
        )
        self.devices.table.setObjectName("devices")
        self.answers = AnswersPanel(desk.place.owner.role, self)
        self.answers.open_asked.connect(self.open_requested)
        self.history = history_table(self)
        self.doubtful = doubtful_table(self)
        self.doubtful.table.opened.connect(self._open_doubtful)
        self.written = WrittenPanel(self)
        self.outbox = Outgoing(self, desk, self._long, self.written, self._chooser)
        self.outbox.exported.connect(self._exported)
        pages = QStackedWidget(self)
        for page in (self.devices, self.answers, self.history, self.doubtful, self.written):
            pages.addWidget(page)
        self.tabs.currentChanged.connect(pages.setCurrentIndex)
        self.devices.table.chosen.connect(calling(self.header_changed.emit))
        stacked(self.banner, self.working, self.tabs, pages, parent=self)

    def title(self) -> str:
        """The name of the screen."""
        return "设备与下发"

    def context(self) -> str:
        """How many devices, and how much waits to be handed out."""
        rows = [row for row in enrolment.device_rows(self._desk.place) if not row.own]
        used = sum(row.revoked_at is None for row in rows)
        if not rows:
            return "还没有登记过别的电脑；检查人员在“交接”里生成登记申请，拿来这里登记"
        if self._to_go is None:
            return f"在用设备 {used} 台"
        up = f" · 待上报检查 {self._to_go['inspection']} 件" if self._to_go["inspection"] else ""
        return f"在用设备 {used} 台 · 待下发任务 {self._to_go['assignment']} 项{up}"

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Enrol, revoke, hand out."""
        if all(self._own(key) for key in self.devices.table.rows.ids()):
            return (ScreenAction("登记设备", self.enrol, "Ctrl+G", primary=True, name="enrol"),)
        row = self.devices.current()
        usable = row is not None and not row.own and not self._long.running
        hint = "" if usable else "先选一台别人的设备"
        revoking = "改停用日期" if row is not None and row.revoked_at is not None else "停用"
        free = not self._long.running and any(map(lines.in_use, self._rows))
        return (
            ScreenAction("登记设备", self.enrol, "Ctrl+G", name="enrol"),
            ScreenAction(revoking, self.revoke, "Ctrl+Delete", enabled=usable, hint=hint, name="revoke"),
            ScreenAction("下发任务包", self.export, "Ctrl+E", primary=True, enabled=free, name="export"),
        )

    def refresh(self, changes: Changes | None) -> None:
        """Read devices, what waits, and the history."""
        if changes is not None and not changes.concern("device", "package", "assignment"):
            return
        place = self._desk.place
        rows = self._rows = enrolment.device_rows(place)
        self.devices.show_rows(rows, [row.device_id for row in rows])
        self._reading.ask(partial(read_standing, place))
        self._desk.jobs.run(partial(read_doubtful, place), self._show_doubtful, self.problem_found.emit, self)
        self.header_changed.emit()

    def _show_standing(self, found: Standing) -> None:
        self._to_go = found.kinds
        show_history(self.history, found.history)
        self._show_answers(found.answers)
        self.header_changed.emit()

    def focus_first(self) -> None:
        """Begin at the devices, on the first one that is not this."""
        table = self.devices.table
        others = [key for key in table.rows.ids() if not self._own(key)]
        if table.current_id() is None and others:
            table.choose(others[0])
        table.setFocus()

    def enrol(self) -> None:
        """Read a request, let the fingerprints be compared, then sign the answer."""
        request = self._chooser.file(self, "登记申请", lines.REQUESTS)
        if request is not None:
            self._enrol(request)

    def can_take(self) -> bool:
        """Not while a long step runs."""
        return not self._long.running

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """One request after the other needs its fingerprint compared: begin with the first."""
        found = [each for path in paths for each in _requests(path)]
        if found:
            self._enrol(found[0])

    def _enrol(self, request: Path) -> None:
        try:
            asked_for = enrolment.read_request(request)
        except ChayanError as error:
            self.problem_found.emit(error)
            return
        dialog = enrol_form(self._desk, asked_for, request, self)
        dialog.stored.connect(partial(self._enrolled, request.parent))
        open_once(dialog)

    def revoke(self) -> None:
        """Accept nothing any more that the chosen device writes, from a day on."""
        row = self.devices.current()
        if row is not None:
            dialog = revoke_form(self._desk, row, self)
            dialog.stored.connect(partial(self._revoked, row))
            open_once(dialog)

    def export(self) -> None:
        """Choose which devices get what they do not have, then write one package for all of them."""
        usable = [row for row in self._rows if lines.in_use(row)]
        chosen = self.devices.current()
        ticked = [chosen.device_id] if chosen is not None and chosen in usable else []
        if usable:
            self.banner.hide()
            self.outbox.ask(usable, ticked or [row.device_id for row in usable[:1]])

    def _own(self, key: str) -> bool:
        row = self.devices.row(key)
        return row is not None and row.own

    def _enrolled(self, folder: Path, result: object) -> None:
        if isinstance(result, Enrolment):
            self.banner.say(
                f"已登记{result.name}的设备，答复写在 {folder}",
                f"设备指纹 {result.fingerprint}，本办公室指纹 {result.office_fingerprint}；把答复文件交回给他导入",
                "good",
            )
            self.changed.emit(result.changes)
            self.devices.table.choose(result.device_id)

    def _exported(self, done: Exported) -> None:
        self.banner.say(*lines.exported_text(done), "good")
        self.tabs.setTabVisible(WRITTEN, True)
        self.tabs.setCurrentIndex(WRITTEN)
        self.written.files.table.setFocus()
        self.changed.emit(done.changes)

    def _revoked(self, device: DeviceRow, result: object) -> None:
        if isinstance(result, Changes):
            self.changed.emit(result)
            self._desk.jobs.run(
                partial(read_doubtful, self._desk.place),
                partial(self._tell_revoked, device),
                self.problem_found.emit,
                self,
            )

    def _tell_revoked(self, device: DeviceRow, rows: tuple[DoubtfulRow, ...]) -> None:
        self._show_doubtful(rows)
        count, name = sum(row.device_id == device.device_id for row in rows), device.name
        if count:
            self.tabs.setCurrentIndex(DOUBTFUL)
            why = "停用日期之后写的，或停用之后才送到；已收入的不撤，Enter 打开逐条核对"
            self.banner.say(f"已停用{name}的设备，有 {count} 条记录要核对", why, "attention")
        else:
            self.banner.say(f"已停用{name}的设备", "没有收过它停用日期之后写的记录", "good")

    def _show_doubtful(self, rows: tuple[DoubtfulRow, ...]) -> None:
        show_doubtful(self.doubtful, rows)
        self.tabs.setTabText(DOUBTFUL, f"待核对 {len(rows)}")
        self.tabs.setTabVisible(DOUBTFUL, bool(rows))

    def _open_doubtful(self, key: str) -> None:
        row = self.doubtful.row(key)
        led = row and screen_of(self._desk.place.owner.role, (row.kind, row.record_id), row.title)
        if led:
            self.open_requested.emit(*led)

    def _show_answers(self, rows: tuple[AnswerRow, ...]) -> None:
        self.answers.show_answers(rows)
        overdue = self.answers.waiting()
        self.tabs.setTabText(ANSWERS, f"回执（{overdue} 条久未回）" if overdue else "回执")


def _requests(path: Path) -> list[Path]:
    return sorted(path.glob(f"*{REQUEST_SUFFIX}")) if path.is_dir() else [path]
