"""检查对象: search, filters with counts, the list, and the dossier of the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout

from app.services import registering, targets
from app.services.registering import OrganizationRow
from app.services.search_texts import assignment_texts, organization_texts
from app.services.targets import Order, TargetRow
from app.services.workplace import Changes
from app.ui.blocks import BlocksCard
from app.ui.history.dialog import open_history
from app.ui.latest import Latest
from app.ui.pauses import pause
from app.ui.screen import Screen, ScreenAction
from app.ui.searching import Found, Search, Source
from app.ui.slots import calling
from app.ui.targets.dossier import blocks, dossier
from app.ui.targets.filters import FilterRow
from app.ui.targets.lists import (
    LEFT_TO_THE_DOSSIER,
    ORGANIZATION_COLUMNS,
    Asked,
    count,
    find,
    target_columns,
)
from app.ui.widgets import EmptyState, PagedTable, SearchField, SecondaryButton
from app.vocabulary import InspectionStatus

if TYPE_CHECKING:
    from app.ui.screens import Desk

NARROW: Final = 1040
AFTER_THE_LIST: Final = 60
"""Milliseconds without another search after which the dossier follows the list."""
BEFORE_COUNTS: Final = 250
"""And the counts: of a whole registry they hold the store's thread longer than the next letter may wait."""
DOSSIER: Final = 300
NARROW_DOSSIER: Final = 244


class TargetsScreen(Screen):
    """Lists targets; Enter begins the visit, goes on with it, or shows it when it is done."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._order: Order = "due"
        self._found: Found[Asked] | None = None
        self._listing = False
        self._wanted = ""
        self._asked: Asked | None = None
        self._search: Search[Asked] = Search(
            desk.jobs, self, find=partial(find, desk.place), source=self._texts, show=self._show,
            failed=self.problem_found.emit,
        )  # fmt: skip
        self._sources = {
            True: partial(organization_texts, desk.place), False: partial(assignment_texts, desk.place),
        }  # fmt: skip
        self._rest = pause(self, AFTER_THE_LIST, self._follow)
        self._before_counts = pause(self, BEFORE_COUNTS, self._count)
        self.search = SearchField("搜索名称、代码、地址、证书号或拼音首字母", self)
        self.mine = SecondaryButton("分派给我", "Ctrl+Shift+M", self)
        self.registry = SecondaryButton("全部名录", "Ctrl+Shift+R", self)
        self.filters = FilterRow(desk.place, self)
        self.count = self.filters.count
        self._tally = Latest(desk.jobs, self.filters.show_counts, self.problem_found.emit, self)
        place = desk.place
        self.table: PagedTable[TargetRow] = PagedTable(
            target_columns(place.today), lambda ids: targets.assignment_rows(place, ids), parent=self
        )
        self.organizations: PagedTable[OrganizationRow] = PagedTable(
            ORGANIZATION_COLUMNS, lambda ids: registering.organization_rows(place, ids), parent=self
        )
        self.empty = EmptyState("", icon="targets", action="去交接导入任务包", key="Ctrl+I")
        self.dossier = BlocksCard("Enter 开始或继续检查  / 搜索", self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def title(self) -> str:
        """The name of the screen."""
        return "检查对象"

    def context(self) -> str:
        """Where the list comes from."""
        if self.registry.isChecked():
            return "全部名录：投诉举报、案件线索等没有分派的对象从这里开始"
        return "分派给这台设备的对象，先到期的在前"

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Begin or go on with the chosen one."""
        key = self._chosen()
        return (
            ScreenAction("企业履历", self.show_history, "Ctrl+H", enabled=bool(key), name="history"),
            ScreenAction(
                self._step_text(),
                self.open_chosen,
                "Ctrl+Return",
                primary=True,
                enabled=bool(key),
                hint="" if key else "先在列表里选一家",
                name="begin",
            ),
        )

    def refresh(self, changes: Changes | None) -> None:
        """Search again when targets, visits or organizations changed."""
        if changes is None or changes.concern("assignment", "inspection", "organization", "package"):
            about_texts = ("organization", "assignment", "package")
            self._search.forget(texts=changes is None or changes.concern(*about_texts))
            self.look_up()

    def where(self) -> dict[str, object]:
        """Which list, what it is searched for, and the chosen one."""
        registry = self.registry.isChecked()
        return {"registry": registry, "query": self.search.text(), "chosen": self._table().current_id() or ""}

    def open_with(self, **arguments: object) -> None:
        """Search for ``query``, in the whole registry where ``registry`` says so, and choose ``chosen``."""
        self._wanted = str(arguments.get("chosen", ""))
        query, registry = arguments.get("query"), arguments.get("registry")
        if isinstance(registry, bool) and registry is not self.registry.isChecked():
            (self.registry if registry else self.mine).click()
        if isinstance(query, str):
            self.search.setText(query)
        self._choose_wanted()

    def focus_first(self) -> None:
        """Wait in the list."""
        self._table().setFocus()

    def look_up(self) -> None:
        """Search; only the newest answer is shown."""
        asked = Asked(
            self.search.text().strip(),
            self.filters.filters(),
            self._order,
            self.registry.isChecked(),
            self.filters.certificate_status() if self.registry.isChecked() else None,
        )
        self._asked = asked
        self._search.ask(asked)

    def _texts(self, asked: Asked) -> Source:
        return self._sources[asked.registry]

    def open_chosen(self) -> None:
        """Begin, go on with or show the chosen one."""
        key = self._chosen()
        if key is None:
            return
        if self.registry.isChecked():
            row = self.organizations.current_row()
            name = row.name if row is not None else ""
            self.open_requested.emit("visit", {"organization_id": key, "name": name})
        else:
            self.open_requested.emit("visit", {"assignment_id": key})

    def show_history(self) -> None:
        """Show who wrote what into the record of the chosen one's organization."""
        if organization := self._organization():
            open_history(self, self._desk, kind="organization", record_id=organization)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """/ searches; Down leads from the search line into the list."""
        if event.text() == "/":
            self.search.setFocus()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self._table().setFocus()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave columns that the dossier says too out of a narrow window."""
        narrow = self.width() < NARROW
        self.dossier.setFixedWidth(NARROW_DOSSIER if narrow else DOSSIER)
        for column, least in LEFT_TO_THE_DOSSIER.items():
            self.table.setColumnHidden(column, self.width() < least)
        super().resizeEvent(event)

    def _table(self) -> PagedTable[TargetRow] | PagedTable[OrganizationRow]:
        return self.organizations if self.registry.isChecked() else self.table

    def _chosen(self) -> str | None:
        return self._table().current_id() if self._found is not None and self._found.ids else None

    def _step_text(self) -> str:
        row = None if self.registry.isChecked() else self.table.current_row()
        if row is None or row.inspection_id is None:
            return "开始检查"
        running = row.status in {InspectionStatus.IN_PROGRESS, InspectionStatus.RETURNED}
        return "继续检查" if running else "查看检查"

    def _show(self, found: Found[Asked]) -> None:
        self._found = found
        table = self._table()
        self._listing = True  # the rows are painted before the dossier of one is read
        table.set_ids(found.ids)
        self._choose_wanted()
        if found.ids and table.current_id() is None:
            table.choose(found.ids[0])
        self._listing = False
        self.filters.show_list(found.asked, len(found.ids))
        self._pages.setCurrentWidget(table if found.ids else self.empty)
        if not found.ids:
            self._explain_empty(found)
        self.header_changed.emit()
        self._rest.start()
        self._before_counts.start()

    def _choose_wanted(self) -> None:
        """Go to the line that was asked for, once, as soon as it is listed."""
        if self._found is not None and self._wanted in self._found.ids:
            self._table().choose(self._wanted)
            self._wanted = ""

    def _follow(self) -> None:
        self._show_dossier()
        self._search.prepare()

    def _count(self) -> None:
        if self._asked is not None:
            self._tally.ask(partial(count, self._desk.place, self._asked))

    def _explain_empty(self, found: Found[Asked]) -> None:
        filtered = found.asked.narrowed
        nothing = not filtered and found.nothing and not found.asked.registry
        self.empty.button.setVisible(nothing)
        if nothing:
            self.empty.say("还没有任务", "导入管理人员给的任务包；没有分派的对象可从“全部名录”开始。")
        elif found.asked.registry and not filtered:
            self.empty.say("这台设备里还没有名录", "名录随任务包一起来，也可请管理人员重新导出。")
            self.empty.button.setVisible(True)
        elif filtered:
            self.empty.say("没有符合条件的对象", "换一个词，或放宽类型和状态。")
        else:
            self.empty.say("这里没有对象", "换一个状态看看。")

    def _organization(self) -> str | None:
        key = self._chosen()
        if key is None or self.registry.isChecked():
            return key
        target = self.table.current_row()
        return None if target is None else target.organization_id

    def _choose(self) -> None:
        if not self._listing:
            self._show_dossier()

    def _show_dossier(self) -> None:
        key, organization = self._chosen(), self._organization()
        target = None if key is None or self.registry.isChecked() else self.table.current_row()
        found = dossier(self._desk.place, organization, target) if organization else None
        self.dossier.show_blocks(blocks(found, target) if found is not None else ())
        self.header_changed.emit()

    def _switch(self) -> None:
        self._pages.setCurrentWidget(self._table())
        self._table().setFocus()
        self.look_up()

    def _sort(self, order: str) -> None:
        self._order = "name" if order == "name" else "due"
        self.look_up()

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        for button in (self.mine, self.registry):
            button.setCheckable(True)
            group.addButton(button)
        self.mine.setChecked(True)
        self.table.setAccessibleName("检查对象")
        self.organizations.setAccessibleName("全部名录")
        scope = QHBoxLayout()
        scope.setSpacing(6)
        scope.addWidget(self.search, 1)
        for part in (self.mine, self.registry):
            scope.addWidget(part)
        for page in (self.table, self.organizations, self.empty):
            self._pages.addWidget(page)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addLayout(scope)
        left.addWidget(self.filters)
        left.addWidget(self._pages, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addLayout(left, 1)
        row.addWidget(self.dossier)

    def _connect(self) -> None:
        self.search.searched.connect(calling(self.look_up))
        self.search.returnPressed.connect(self.focus_first)
        self.filters.narrowed.connect(calling(self.look_up))
        self.mine.clicked.connect(self._switch)
        self.registry.clicked.connect(self._switch)
        self.empty.acted.connect(calling(self.open_requested.emit, "handover", {}))
        self.table.sort_asked.connect(self._sort)
        for table in (self.table, self.organizations):
            table.chosen.connect(calling(self._choose))
            table.opened.connect(calling(self.open_chosen))
