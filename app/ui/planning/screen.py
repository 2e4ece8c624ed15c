"""任务分派: choose a task, choose organizations, choose a team and a device, hand them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.services import assigning, planning, registering, targets
from app.services.assigning import AssignmentsMade
from app.services.planning import PlanAdded, PlanImported, TaskAdded, TaskRow
from app.services.registering import OrganizationRow
from app.services.search_texts import assignment_texts, organization_texts
from app.services.targets import TargetRow
from app.services.workplace import Changes
from app.ui.chooser import Chooser
from app.ui.pauses import pause
from app.ui.planning.board import (
    ASSIGNED_COLUMNS,
    CANDIDATE_COLUMNS,
    Asked,
    Board,
    board,
    look_up,
    missing,
    plan_text,
    progress_text,
    task_columns,
)
from app.ui.planning.forms import PlanDialog, TaskDialog
from app.ui.planning.team import TeamCard
from app.ui.registry.outcome import TABLES, Outcome, OutcomePage, of_failure, of_plan
from app.ui.screen import Screen, ScreenAction
from app.ui.searching import Found, Search, Source
from app.ui.slots import calling
from app.ui.visit.fieldset import ChoiceField
from app.ui.widgets import (
    Banner,
    CaptionLabel,
    EmptyState,
    PagedTable,
    SearchField,
    SecondaryButton,
    asked,
    open_once,
)

if TYPE_CHECKING:
    from app.ui.screens import Desk

Ask = Callable[[str, str, str, QWidget], bool]

TEAM: Final = 300
NARROW_TEAM: Final = 248
NARROW: Final = 1000
TASK_LINES: Final = 4
AFTER_THE_LIST: Final = 60
"""Milliseconds after which what the list is searched by is read."""
LEFT_OUT: Final = {9: 1120, 2: 900}
"""Columns of the tasks, and the width of the screen below which they find no room."""


class PlanningScreen(Screen):
    """Plans with their tasks above; what can be handed out or was, and the team, below."""

    def __init__(self, desk: Desk, chooser: Chooser | None = None, ask: Ask = asked) -> None:
        super().__init__()
        self._desk, self._chooser, self._ask = desk, chooser or Chooser(), ask
        self._board: Board | None = None
        self._asked: Asked | None = None
        place = desk.place
        self._sources = {True: partial(assignment_texts, place), False: partial(organization_texts, place)}
        self._search: Search[Asked] = Search(
            desk.jobs, self, find=partial(look_up, place), source=self._texts, show=self._show_found,
            failed=self.problem_found.emit,
        )  # fmt: skip
        self._rest = pause(self, AFTER_THE_LIST, self._search.prepare)
        self.banner = Banner(self)
        self.plan = ChoiceField({}, "还没有计划", self)
        self.tasks: PagedTable[TaskRow] = PagedTable(task_columns(place.today), self._task_rows, parent=self)
        self.open_ones = SecondaryButton("待分派", "Ctrl+Shift+O", self)
        self.assigned_ones = SecondaryButton("已分派", "Ctrl+Shift+A", self)
        self.search = SearchField("搜索名称、代码、地址、证书号或拼音首字母", self)
        self.region = ChoiceField({}, "全部地区", self)
        self.count = CaptionLabel(parent=self)
        self.candidates: PagedTable[OrganizationRow] = PagedTable(
            CANDIDATE_COLUMNS, lambda ids: registering.organization_rows(place, ids), many=True, parent=self
        )
        self.assigned: PagedTable[TargetRow] = PagedTable(
            ASSIGNED_COLUMNS, lambda ids: targets.assignment_rows(place, ids), many=True, parent=self
        )
        self.none_listed = EmptyState("", icon="targets", parent=self)
        self.empty = EmptyState(
            "还没有检查计划", "按 Ctrl+I 导入计划文件（任务、检查类型、应查数、期限），或按 Ctrl+N 自己建一个。",
            action="导入计划", icon="plan", parent=self,
        )  # fmt: skip
        self.team = TeamCard(self)
        self.outcome = OutcomePage("回到任务分派", self)
        self.dialog: PlanDialog | TaskDialog | None = None
        self._lists, self._whole = QStackedWidget(self), QStackedWidget(self)
        self._lay_out()
        self._connect()

    def title(self) -> str:
        """The name of the screen."""
        return "任务分派"

    def context(self) -> str:
        """How far the chosen plan is."""
        return progress_text(self._board.plan) if self._board else ""

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Plans and tasks, and the step for what is selected."""
        ready = self._board is not None and bool(self._board.plan_id)
        return (
            ScreenAction("导入计划", self.import_plans, "Ctrl+I", name="import"),
            ScreenAction("新建计划", self.add_plan, "Ctrl+N", name="add_plan"),
            ScreenAction("新增任务", self.add_task, "Ctrl+T", enabled=ready, name="add_task"),
            self._step(),
        )

    def refresh(self, changes: Changes | None) -> None:
        """Read again when plans, people, devices, targets or visits changed."""
        kinds = ("plan", "person", "device", "organization", "assignment", "inspection")
        if changes is None or changes.concern(*kinds):
            about_texts = ("organization", "assignment", "package")
            self._search.forget(texts=changes is None or changes.concern(*about_texts))
            self.read()

    def focus_first(self) -> None:
        """Wait in the tasks."""
        self.tasks.setFocus()

    def read(self, plan_id: str = "") -> None:
        """Read plans, tasks, people and devices beside the window."""
        work = partial(board, self._desk.place, plan_id or self.plan.word())
        self._desk.jobs.run(work, self._show_board, self.problem_found.emit, self)

    def look_up(self) -> None:
        """List organizations of the chosen task; only the newest answer is shown."""
        task = self._task()
        if task is None:
            self._asked = None
            self._show_list(None, ())
            return
        wanted = Asked(
            task.plan_id, task.key, self.assigned_ones.isChecked(), self.search.text().strip(),
            self.region.word(),
        )  # fmt: skip
        self._asked = wanted
        self._search.ask(wanted)

    def _texts(self, asked: Asked) -> Source:
        return self._sources[asked.assigned]

    def import_plans(self) -> None:
        """Choose plan files and take them in."""
        for path in self._chooser.files(self, "导入计划", TABLES):
            work = partial(planning.import_plan, self._desk.place, path=path)
            self._desk.jobs.run(work, partial(self._imported, path), partial(self._import_failed, path), self)

    def add_plan(self) -> None:
        """Ask for a new plan."""
        self._open(PlanDialog(self._desk.place, self._desk.jobs, self))

    def add_task(self) -> None:
        """Ask for a new task of the chosen plan."""
        if self._board is not None and self._board.plan_id:
            plan, regions = self._board.plan_id, self._board.regions
            self._open(TaskDialog(self._desk.place, self._desk.jobs, plan, regions, self))

    def assign(self) -> None:
        """Hand the selected organizations to the team."""
        task, ids, team = self._task(), self.candidates.selected_ids(), self.team.team()
        if task is None or self._missing():
            return
        work = partial(
            assigning.assign,
            self._desk.place,
            plan_id=task.plan_id,
            task_key=task.key,
            organization_ids=ids,
            officers=team.officers,
            lead=team.lead,
            device_id=team.device_id,
        )
        self._desk.jobs.run(work, self._handed_out, self.banner.show_problem, self)

    def cancel(self) -> None:
        """Take the selected assignments back, after asking."""
        ids = self.assigned.selected_ids()
        if ids and self._ask(
            f"撤回 {len(ids)} 家的分派",
            "企业回到待分派；已经开始的检查保留。下次下发任务包时设备上也会撤回。",
            "撤回分派",
            self,
        ):
            work = partial(_cancel_all, self._desk, ids)
            self._desk.jobs.run(work, self._taken_back, self.banner.show_problem, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """/ searches; Down leads from the search line into the list."""
        if event.text() == "/":
            self.search.setFocus()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self._table().setFocus()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what finds no room."""
        self.team.setFixedWidth(NARROW_TEAM if self.width() < NARROW else TEAM)
        for column, least in LEFT_OUT.items():
            self.tasks.setColumnHidden(column, self.width() < least)
        super().resizeEvent(event)

    def _step(self) -> ScreenAction:
        if self.assigned_ones.isChecked():
            count = len(self.assigned.selected_ids())
            return ScreenAction(
                f"撤回 {count} 家" if count else "撤回", self.cancel, "Ctrl+Return", primary=True,
                enabled=bool(count), hint="" if count else "先在列表里选", name="cancel",
            )  # fmt: skip
        count, lacking = len(self.candidates.selected_ids()), self._missing()
        return ScreenAction(
            f"分派 {count} 家" if count else "分派", self.assign, "Ctrl+Return", primary=True,
            enabled=not lacking, hint="\n".join(lacking), name="assign",
        )  # fmt: skip

    def _missing(self) -> tuple[str, ...]:
        if self._board is None:
            return ("正在读取",)
        return missing(self._board, self._task(), len(self.candidates.selected_ids()), self.team.team())

    def _task(self) -> TaskRow | None:
        return None if self._board is None else self._board.task(self.tasks.current_id())

    def _table(self) -> PagedTable[OrganizationRow] | PagedTable[TargetRow]:
        return self.assigned if self.assigned_ones.isChecked() else self.candidates

    def _task_rows(self, ids: Sequence[str]) -> Sequence[TaskRow]:
        rows = (self._board.task(key) for key in ids) if self._board else ()
        return [row for row in rows if row is not None]

    def _show_board(self, found: Board) -> None:
        self._board = found
        self.plan.offer([(plan.id, plan_text(plan)) for plan in found.plans], found.plan_id)
        regions = [(row.code, row.name or row.code) for row in found.regions]
        self.region.offer(regions, self.region.word())
        self.team.show_people(found.people, found.devices)
        with QSignalBlocker(self.tasks):
            self.tasks.set_ids([task.key for task in found.tasks])
            if found.tasks and self.tasks.current_id() is None:
                self.tasks.choose(found.tasks[0].key)
        if self._whole.currentWidget() is not self.outcome:
            self._whole.setCurrentIndex(0 if found.plans else 1)
        self.look_up()
        self._tell()

    def _show_found(self, found: Found[Asked]) -> None:
        self._show_list(found.asked, found.ids)
        self._rest.start()

    def _show_list(self, wanted: Asked | None, ids: tuple[str, ...]) -> None:
        if wanted != self._asked:
            return
        table = self._table()
        table.set_ids(ids)
        self.count.setText(f"共 {len(ids):,} 家" if wanted else "")
        self._lists.setCurrentWidget(table if ids else self.none_listed)
        if not ids:
            self._explain_empty(wanted)
        self._tell()

    def _explain_empty(self, wanted: Asked | None) -> None:
        if wanted is None:
            self.none_listed.say("计划里还没有任务", "按 Ctrl+T 新增任务，或导入计划文件。")
        elif (wanted.query or wanted.region) and wanted.assigned:
            self.none_listed.say("没有符合条件的企业", "换一个词，或放宽地区。")
        elif wanted.query or wanted.region:
            self.none_listed.say("没有符合条件的待分派企业", "换一个词，或放宽地区；分派过的在“已分派”里。")
        elif wanted.assigned:
            self.none_listed.say("这项任务还没有分派", "在“待分派”里选企业，再选检查组和设备。")
        else:
            self.none_listed.say(
                "没有可分派的企业", "名录里没有这类有效或暂停的证书，或已全部分派；导入名录后再看。"
            )

    def _tell(self) -> None:
        """Say again what is missing and which step comes next."""
        self.team.setVisible(not self.assigned_ones.isChecked())
        self.team.show_missing(self._missing())
        self.header_changed.emit()

    def _open(self, dialog: PlanDialog | TaskDialog) -> None:
        self.dialog = dialog
        dialog.stored.connect(self._stored)
        open_once(dialog)

    def _stored(self, result: object) -> None:
        if isinstance(result, PlanAdded):
            self.changed.emit(result.changes)
            self.read(result.id)
        elif isinstance(result, TaskAdded):
            self.changed.emit(result.changes)
            for problem in result.problems:
                self.banner.show_problem(problem)

    def _imported(self, path: Path, done: PlanImported) -> None:
        self.changed.emit(done.changes)
        self.read(done.plan_id)
        if done.problems:
            self._show_outcome(of_plan(path, done))
        else:
            self.notice_given.emit(
                f"{path.name}：任务新增 {done.added}、更新 {done.updated}、未变 {done.unchanged}"
            )

    def _import_failed(self, path: Path, error: ChayanError) -> None:
        self._show_outcome(of_failure(path, error))

    def _show_outcome(self, what: Outcome) -> None:
        self.outcome.show_outcomes((what,))
        self._whole.setCurrentWidget(self.outcome)
        self.outcome.focus_first()

    def _close_outcome(self) -> None:
        self._whole.setCurrentIndex(0 if self._board is not None and self._board.plans else 1)
        self.focus_first()

    def _handed_out(self, made: AssignmentsMade) -> None:
        self.candidates.clearSelection()
        self.changed.emit(made.changes)
        skipped = f"，{len(made.skipped)} 家已在别处" if made.skipped else ""
        self.notice_given.emit(f"已分派 {len(made.ids)} 家{skipped}；到“设备与下发”导出任务包")

    def _taken_back(self, changes: Changes) -> None:
        self.changed.emit(changes)
        self.notice_given.emit(f"已撤回 {len(changes.ids)} 家")

    def _switch(self) -> None:
        self._lists.setCurrentWidget(self._table())
        self._table().setFocus()
        self.look_up()

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        for button in (self.open_ones, self.assigned_ones):
            button.setCheckable(True)
            group.addButton(button)
        self.open_ones.setChecked(True)
        self.plan.setAccessibleName("计划")
        self.region.setAccessibleName("地区")
        self.tasks.setAccessibleName("任务")
        self.candidates.setAccessibleName("待分派的企业")
        self.assigned.setAccessibleName("已分派的企业")
        self.plan.setMinimumContentsLength(20)
        self.region.setMinimumContentsLength(8)
        for field in (self.plan, self.region):
            field.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.count.setWordWrap(False)
        line = self.tasks.verticalHeader().defaultSectionSize()
        self.tasks.setMinimumHeight(line * 3 + 6)
        self.tasks.setMaximumHeight(line * (TASK_LINES + 1) + 6)
        for page in (self.candidates, self.assigned, self.none_listed):
            self._lists.addWidget(page)
        work = QWidget(self)
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.plan)
        column.addWidget(self.tasks, 2)
        column.addLayout(self._lower(), 3)
        for whole in (work, self.empty, self.outcome):
            self._whole.addWidget(whole)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(10)
        outer.addWidget(self.banner)
        outer.addWidget(self._whole, 1)

    def _lower(self) -> QHBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(10)
        parts = (self.open_ones, self.assigned_ones, self.search, self.region, self.count)
        left.addLayout(_line(*parts, stretch=2))
        left.addWidget(self._lists, 1)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addLayout(left, 1)
        row.addWidget(self.team)
        return row

    def _connect(self) -> None:
        self.plan.chosen.connect(self.read)
        self.tasks.chosen.connect(calling(self.look_up))
        self.open_ones.clicked.connect(self._switch)
        self.assigned_ones.clicked.connect(self._switch)
        self.search.searched.connect(calling(self.look_up))
        self.search.returnPressed.connect(calling(self._focus_list))
        self.region.chosen.connect(calling(self.look_up))
        for table in (self.candidates, self.assigned):
            table.selectionModel().selectionChanged.connect(calling(self._tell))
        self.team.changed.connect(self._tell)
        self.empty.acted.connect(self.import_plans)
        self.outcome.closed.connect(self._close_outcome)

    def _focus_list(self) -> None:
        self._table().setFocus()


def _cancel_all(desk: Desk, ids: Sequence[str]) -> Changes:
    """Take assignments back one by one; runs in the store's thread."""
    for each in ids:
        assigning.cancel(desk.place, assignment_id=each)
    return Changes.of("assignment", *ids)


def _line(*parts: QWidget, stretch: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for place, part in enumerate(parts):
        row.addWidget(part, 1 if place == stretch else 0)
    return row
