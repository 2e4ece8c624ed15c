"""名录: search, filters, the list of organizations, the dossier beside it; import, 建档, export."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.errors import BadInput
from app.services import registering
from app.services.registering import OrganizationRow, RegistryExport
from app.services.search_texts import organization_texts
from app.services.workplace import Changes
from app.ui.blocks import BlocksCard
from app.ui.chooser import Chooser
from app.ui.history.dialog import open_history
from app.ui.jobs import Ticket
from app.ui.pauses import pause
from app.ui.registry.dossier import blocks
from app.ui.registry.find import (
    COLUMNS,
    LEFT_TO_THE_DOSSIER,
    Asked,
    Holdings,
    find,
    holdings,
    holdings_text,
)
from app.ui.registry.importing import Importer
from app.ui.registry.outcome import TABLES, Outcome, OutcomePage
from app.ui.screen import Screen, ScreenAction
from app.ui.searching import Found, Search
from app.ui.slots import calling
from app.ui.steps import Step, StepDialog
from app.ui.tables.words import WORKBOOKS
from app.ui.visit.fieldset import ChoiceField
from app.ui.widgets import (
    Banner,
    CaptionLabel,
    DateField,
    EmptyState,
    PagedTable,
    SearchField,
    WorkingLine,
    open_once,
)
from app.vocabulary import CertificateStatus, Scheme
from app.wording import labels

if TYPE_CHECKING:
    from app.ui.screens import Desk

AFTER_THE_LIST: Final = 60
"""Milliseconds without another search after which the dossier follows the list."""
NARROW: Final = 1000
DOSSIER: Final = 344
NARROW_DOSSIER: Final = 270
SUFFIXES: Final = frozenset({".xlsx", ".xls", ".ods", ".csv", ".html", ".htm", ".txt"})


class RegistryScreen(Screen):
    """Opens with ``organization_id`` or with ``query``."""

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk, self._chooser = desk, chooser or Chooser()
        source = partial(organization_texts, desk.place)
        self._search: Search[Asked] = Search(
            desk.jobs, self, find=partial(find, desk.place), source=lambda _: source, show=self._found,
            failed=self.problem_found.emit,
        )  # fmt: skip
        self._rest = pause(self, AFTER_THE_LIST, self._follow)
        self._holdings: Holdings | None = None
        self._order, self._wanted, self._listing = "name", "", False
        self.search = SearchField("搜索名称、代码、地址、证书号或拼音首字母", self)
        self.scheme = ChoiceField(labels("scheme"), "全部类别", self)
        self.status = ChoiceField(labels("certificate_status"), "全部状态", self)
        self.region = ChoiceField({}, "全部地区", self)
        self.count = CaptionLabel(parent=self)
        self.banner, self.working = Banner(self), WorkingLine(self)
        place = desk.place
        self.table: PagedTable[OrganizationRow] = PagedTable(
            COLUMNS, lambda ids: registering.organization_rows(place, ids), parent=self
        )
        self.dossier = BlocksCard("每个值都带来源文件、行号和数据日期", self)
        self.empty = EmptyState("", icon="registry", action="导入名录")
        self.outcome = OutcomePage("回到名录", self)
        self.importer = Importer(desk, self)
        self.dossier_dialog: StepDialog | None = None
        self._pages, self._whole = QStackedWidget(self), QStackedWidget(self)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()

    def title(self) -> str:
        """The name of the screen."""
        return "名录"

    def context(self) -> str:
        """How much there is, and how fresh."""
        return "" if self._holdings is None else holdings_text(self._holdings)

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Import, and what is done with the list."""
        free, some = not self.importer.running, bool(self.table.rows.ids())
        return (
            ScreenAction(
                "导入人员", self.import_people, "Ctrl+Shift+I", enabled=free, name="import_people",
                hint="执法人员名单：姓名、执法证号、单位",
            ),
            ScreenAction(
                "建档", self.ask_dossiers, "Ctrl+D", enabled=free and some, name="dossiers",
                hint="为列出的企业记下建档日期，已建的不变",
            ),
            ScreenAction("导出名录", self.export, "Ctrl+E", enabled=free and some, name="export"),
            ScreenAction("履历", self.show_history, "Ctrl+H", enabled=some, name="history"),
            ScreenAction("导入名录", self.import_files, "Ctrl+I", primary=True, enabled=free, name="import"),
        )  # fmt: skip

    def refresh(self, changes: Changes | None) -> None:
        """Search again when organizations or people changed."""
        if changes is None or changes.concern("organization", "person"):
            self._desk.jobs.run(
                partial(holdings, self._desk.place), self._show_holdings, self.problem_found.emit, self
            )
            self._search.forget()
            self.look_up()

    def where(self) -> dict[str, object]:
        """The chosen organization."""
        key = self.table.current_id()
        return {} if key is None else {"organization_id": key}

    def open_with(self, **arguments: object) -> None:
        """Show one organization, or search for ``query``."""
        organization, query = arguments.get("organization_id"), arguments.get("query")
        if isinstance(organization, str):
            self._wanted = organization
            self.clear_filters()
        elif isinstance(query, str):
            self.clear_filters()
            self.search.setText(query)

    def show_history(self) -> None:
        """Show who wrote what into the chosen organization's record."""
        key = self.table.current_id()
        if key is not None:
            open_history(self, self._desk, kind="organization", record_id=key)

    def focus_first(self) -> None:
        """Wait in the list."""
        if self._whole.currentWidget() is self.outcome:
            self.outcome.focus_first()
        elif self._pages.currentWidget() is self.table:
            self.table.setFocus()
        else:
            self.search.setFocus()

    def clear_filters(self) -> None:
        """Show everything."""
        self.search.clear()
        for field in (self.scheme, self.status, self.region):
            field.set_word("")
        self._whole.setCurrentIndex(0)
        self.look_up()

    def look_up(self) -> None:
        """Search; only the newest answer is shown."""
        scheme, status = self.scheme.word(), self.status.word()
        asked = Asked(
            self.search.text().strip(),
            Scheme(scheme) if scheme else None,
            CertificateStatus(status) if status else None,
            self.region.word(),
            self._order,
        )
        self._search.ask(asked)

    def import_files(self) -> None:
        """Choose registry files and take them in."""
        self.importer.import_registries(self._chooser.files(self, "导入名录", TABLES))

    def import_people(self) -> None:
        """Choose lists of inspectors and take them in."""
        self.importer.import_people(self._chooser.files(self, "导入人员", TABLES))

    def ask_dossiers(self) -> None:
        """Ask for the day on which the dossiers of the listed organizations were made."""
        ids, place = self.table.rows.ids(), self._desk.place
        dialog = StepDialog("建档", "记下建档日期", self._desk.jobs, self)
        day = DateField(place.today(), dialog)
        dialog.add("建档日期", day, "dossier_day", f"列出的 {len(ids):,} 家中还没有建档的记为这一天")

        def step() -> Step:
            return partial(registering.open_dossiers, place, ids=ids, on=day.day())

        dialog.prepare = step  # the day is read when it is submitted, the list was when it was asked
        dialog.stored.connect(self._dossiers_opened)
        self.dossier_dialog = dialog
        open_once(dialog)

    def export(self) -> None:
        """Write the whole registry as a workbook."""
        name = f"名录 {self._desk.place.today().isoformat()}.xlsx"
        out = self._chooser.target(self, "导出名录", name, WORKBOOKS)
        if out is None:
            return
        work = partial(registering.export_registry, self._desk.place, path=out)
        ticket = self._desk.jobs.run(work, self._exported, self._export_failed, self)
        self.working.start("正在导出名录", ticket)
        self.working.cancel_button.setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """/ searches; Down leads from the search line into the list."""
        if event.text() == "/":
            self.search.setFocus()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.table.setFocus()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave columns that the dossier says too out of a narrow window."""
        self.dossier.setFixedWidth(NARROW_DOSSIER if self.width() < NARROW else DOSSIER)
        for column, least in LEFT_TO_THE_DOSSIER.items():
            self.table.setColumnHidden(column, self.width() < least)
        super().resizeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files of tables."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the dropped registries in."""
        event.acceptProposedAction()
        self.importer.import_registries(_dropped(event))

    def _found(self, found: Found[Asked]) -> None:
        ids = found.ids
        self._listing = True  # the rows are painted before the dossier of one is read
        self.table.set_ids(ids)
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.table.choose(wanted)
        if ids and self.table.current_id() is None:
            self.table.choose(ids[0])
        self._listing = False
        self.count.setText(f"共 {len(ids):,} 家")
        self._pages.setCurrentWidget(self.table if ids else self.empty)
        self.dossier.setVisible(bool(ids))
        if not ids:
            self._explain_empty(found.asked)
        self._rest.start()
        self.header_changed.emit()

    def _explain_empty(self, asked: Asked) -> None:
        self.empty.button.setVisible(not asked.narrowed)
        if asked.narrowed:
            self.empty.say("没有符合条件的企业", "换一个词，或放宽类别、状态和地区。")
        else:
            self.empty.say(
                "名录还是空的",
                "把名录文件拖进窗口，或按 Ctrl+I 选择。认得附件 5 调查表、证书查询结果、两种上报模版、"
                "网页导出表和企业名单，按内容识别。",
            )

    def _show_holdings(self, found: Holdings) -> None:
        self._holdings = found
        for field, words, counts in (
            (self.scheme, labels("scheme"), {str(key): n for key, n in found.counts.by_scheme.items()}),
            (self.status, labels("certificate_status"),
             {str(key): n for key, n in found.counts.by_status.items()}),
        ):  # fmt: skip
            for line in range(1, field.count()):
                word = str(field.itemData(line))
                field.setItemText(line, f"{words[word]}  {counts.get(word, 0):,} 张")
        regions = [(row.code, f"{row.name or row.code}  {row.organizations:,}") for row in found.regions]
        self.region.offer(regions, self.region.word())
        self.header_changed.emit()

    def _follow(self) -> None:
        self._show_dossier()
        self._search.prepare()

    def _choose(self) -> None:
        if not self._listing:
            self._show_dossier()

    def _show_dossier(self) -> None:
        key = self.table.current_id()
        if key is None:
            self.dossier.show_blocks(())
            return
        try:
            detail = registering.organization_detail(self._desk.place, key)
        except BadInput:  # gone since the list was read
            self.dossier.show_blocks(())
            return
        self.dossier.show_blocks(blocks(detail, self._desk.place.today()))

    def _sort(self, order: str) -> None:
        self._order = order
        self.look_up()

    def _begun(self, text: str, ticket: object) -> None:
        assert isinstance(ticket, Ticket)
        self._whole.setCurrentIndex(0)
        self.working.start(text, ticket, "正在停下，这个文件一行也不收")
        self.header_changed.emit()

    def _finished(self, outcomes: tuple[Outcome, ...]) -> None:
        self.working.finish()
        self.outcome.show_outcomes(outcomes)
        self._whole.setCurrentWidget(self.outcome)
        self.outcome.focus_first()
        self.header_changed.emit()

    def _close_outcome(self) -> None:
        self._whole.setCurrentIndex(0)
        self.focus_first()

    def _dossiers_opened(self, changes: Changes) -> None:
        self.changed.emit(changes)
        opened = len(changes.ids)
        self.notice_given.emit(f"已为 {opened:,} 家建档" if opened else "列出的企业都已建档，没有改动")

    def _exported(self, done: RegistryExport) -> None:
        self.working.finish()
        self.notice_given.emit(f"已导出 {done.organizations:,} 家、{done.rows:,} 行到 {done.path}")

    def _export_failed(self, error: object) -> None:
        self.working.finish()
        self.problem_found.emit(error)

    def _lay_out(self) -> None:
        for field, name in ((self.scheme, "认证类别"), (self.status, "证书状态"), (self.region, "地区")):
            field.setAccessibleName(name)
            field.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            field.setMinimumContentsLength(8)
        self.table.setAccessibleName("名录")
        self.count.setWordWrap(False)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        filters = QHBoxLayout()
        filters.setSpacing(6)
        for part in (self.scheme, self.status, self.region):
            filters.addWidget(part)
        filters.addStretch(1)
        filters.addWidget(self.count)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.search)
        left.addLayout(filters)
        left.addWidget(self._pages, 1)
        listing = QWidget(self)
        row = QHBoxLayout(listing)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addLayout(left, 1)
        row.addWidget(self.dossier)
        self._whole.addWidget(listing)
        self._whole.addWidget(self.outcome)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.banner)
        column.addWidget(self.working)
        column.addWidget(self._whole, 1)

    def _connect(self) -> None:
        self.search.searched.connect(calling(self.look_up))
        self.search.returnPressed.connect(self.table.setFocus)
        for field in (self.scheme, self.status, self.region):
            field.chosen.connect(calling(self.look_up))
        self.table.chosen.connect(calling(self._choose))
        self.table.sort_asked.connect(self._sort)
        self.empty.acted.connect(self.import_files)
        self.importer.begun.connect(self._begun)
        self.importer.stored.connect(self.changed)
        self.importer.finished.connect(self._finished)
        self.outcome.closed.connect(self._close_outcome)


def _dropped(event: QDropEvent) -> list[Path]:
    """The files of tables that are dragged over the window."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in SUFFIXES]
