"""The screen 冲突: what two people wrote differently, side by side. For reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.services import merging
from app.services.merging import ConflictRow, DisputedField, DisputedValue
from app.services.workplace import Changes
from app.sync.shapes import moment
from app.ui.handover.lines import KINDS, moment_text
from app.ui.handover.tables import RowsTable
from app.ui.inbox.paths import path_text, value_text
from app.ui.screen import Screen
from app.ui.widgets import Banner, CaptionLabel, Card, Column, EmptyState, HeadingLabel, TextLabel

if TYPE_CHECKING:
    from app.ui.screens import Desk

LIST_WIDTH: Final = 320
ACROSS: Final = 2

COLUMNS: Final[tuple[Column[ConflictRow], ...]] = (
    Column("种类", lambda row: KINDS.get(row.kind, row.kind), 6),
    Column("名称", "title", 0),
    Column("处", lambda row: len(row.paths), 4, "right"),
)


class ValueCard(Card):
    """One of the values: what, whose, where, when."""

    def __init__(self, path: str, value: DisputedValue, *, shown: bool, parent: QWidget) -> None:
        super().__init__(value.author or value.credential, parent)
        where = f"{value.device} · {moment_text(moment(value.made_at))}"
        self.body.addWidget(CaptionLabel(where, parent=self))
        self.body.addWidget(TextLabel(value_text(path, value.value), selectable=True, parent=self))
        if shown:
            self.body.addWidget(CaptionLabel("眼下记录里显示的是这一个", "accent", self))
        self.body.addStretch(1)


class ConflictsScreen(Screen):
    """Records in conflict at the left, their disputed fields at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.records: RowsTable[ConflictRow] = RowsTable(
            "冲突的记录", COLUMNS, EmptyState("没有冲突", "两人改了同一处时列在这里", icon="good"), self
        )
        self.records.table.setObjectName("conflicts")
        self.records.setFixedWidth(LIST_WIDTH)
        self.banner = Banner(self)
        self.detail = QScrollArea(self)
        self.detail.setWidgetResizable(True)
        self.detail.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.detail.setAccessibleName("不一致之处")
        self._pages = QStackedWidget(self)
        self._pages.addWidget(EmptyState("选一条记录", "右边并排列出每一处的不同写法", parent=self))
        self._pages.addWidget(self.detail)
        self._lay_out()
        self.records.table.chosen.connect(self._show)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.banner)
        right.addWidget(self._pages, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.records)
        row.addLayout(right, 1)

    def title(self) -> str:
        """The chosen record."""
        row = self.records.current()
        return "冲突" if row is None else f"{row.title} · 冲突"

    def context(self) -> str:
        """How many records and places."""
        count = self.records.table.rows.rowCount()
        row = self.records.current()
        if row is None:
            return f"{count} 条记录有冲突" if count else "没有冲突"
        return f"{len(row.paths)} 处不一致，其余改动已自动合并 · 共 {count} 条记录"

    def refresh(self, changes: Changes | None) -> None:
        """Read the conflicts again."""
        if changes is not None and not changes.kinds:
            return
        rows = merging.conflict_rows(self._desk.place)
        self.records.show_rows(rows, [f"{row.kind}:{row.record_id}" for row in rows])
        if rows:
            self.banner.say(
                "两个值都留着；定下之前，这些记录不计入报表，也不能作为正式件打印",
                tone="attention",
                closable=False,
            )
        self.banner.setVisible(bool(rows))
        self._pages.setVisible(bool(rows))
        self._show(self.records.table.current_id() or "")

    def focus_first(self) -> None:
        """Begin at the first record."""
        table = self.records.table
        if table.current_id() is None and table.rows.ids():
            table.choose(table.rows.ids()[0])
        table.setFocus()

    def _show(self, key: str) -> None:
        row = self.records.row(key)
        if row is not None:
            try:
                fields = merging.conflict_detail(self._desk.place, kind=row.kind, record_id=row.record_id)
            except ChayanError as error:
                self.problem_found.emit(error)
                fields = ()
            self.detail.setWidget(_fields(fields, self))
        self._pages.setCurrentIndex(0 if row is None else 1)
        self.header_changed.emit()


def _fields(fields: Sequence[DisputedField], parent: QWidget) -> QWidget:
    whole = QWidget(parent)
    whole.setObjectName("scrolled")
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 8, 0)
    column.setSpacing(8)
    for field in fields:
        column.addWidget(HeadingLabel(path_text(field.path), "card", whole))
        grid = QGridLayout()
        grid.setSpacing(12)
        for place, value in enumerate(field.values):
            card = ValueCard(field.path, value, shown=value.value == field.shown, parent=whole)
            grid.addWidget(card, place // ACROSS, place % ACROSS)
        column.addLayout(grid)
        column.addSpacing(8)
    column.addStretch(1)
    return whole
