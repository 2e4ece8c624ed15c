"""统计: choose a table and a period, read it, ask any number where it comes from, export it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.errors import ChayanError
from app.services import reporting
from app.services.reporting import TableExported, TableRow
from app.services.workplace import Changes
from app.statistics.explain import ExplainedRow
from app.statistics.table import Table
from app.ui.chooser import Chooser
from app.ui.screen import Screen, ScreenAction
from app.ui.tables import words
from app.ui.tables.behind import Below
from app.ui.tables.grid import CountedGrid
from app.ui.widgets import Banner, Chip, DateField, day_text
from app.ui.widgets.boxes import ElidedBox

if TYPE_CHECKING:
    from app.ui.screens import Desk


class TablesScreen(Screen):
    """Opens with ``table`` and, where one is meant, ``row`` and ``column``."""

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk, self._chooser = desk, chooser or Chooser()
        self._turn = 0
        self._wanted: tuple[str, str] | None = None
        self._known = {row.id: row for row in reporting.table_rows(desk.place)}
        self.choice = ElidedBox(self)
        self.first, self.last = DateField(parent=self, weekday=False), DateField(parent=self, weekday=False)
        self.unit = QLineEdit(self)
        self.counted_chip, self.checks_chip = Chip(parent=self), Chip(parent=self)
        self.banner = Banner(self)
        self.grid = CountedGrid(self)
        self.below = Below(self)
        self._lay_out()
        self._fill()
        self._connect()

    @property
    def table(self) -> Table | None:
        """The table as it was counted last."""
        return self.grid.cells.table

    def title(self) -> str:
        """The title as the notice's annex prints it."""
        row = self._known.get(self.table_id())
        return words.choice_text(row) if row else "统计"

    def context(self) -> str:
        """The notice, and how old the numbers are."""
        row = self._known.get(self.table_id())
        made = f"统计于 {day_text(self.table.made_on)}" if self.table else ""
        return " · ".join(part for part in (row.source if row else "", made) if part)

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Export, and the account of the table."""
        table = self.table
        account = self.below.currentWidget() is self.below.account
        draft = table is not None and table.blocked
        return (
            ScreenAction("看明细" if account else "校验与口径", self.turn, "Ctrl+K", name="account"),
            ScreenAction(
                "导出草稿" if draft else "导出工作簿",
                self.export,
                "Ctrl+E",
                primary=True,
                enabled=table is not None,
                hint="交叉校验不通过，只能导出带“草稿”标记的工作簿" if draft else "",
                name="export",
            ),
        )

    def refresh(self, changes: Changes | None) -> None:
        """Count again when something that counts has changed."""
        if changes is None or changes.concern("inspection", "organization"):
            self.count()

    def open_with(self, **arguments: object) -> None:
        """Show a table, and one cell of it."""
        place = self.choice.findData(arguments.get("table"))
        if place >= 0 and place != self.choice.currentIndex():
            self.choice.setCurrentIndex(place)
        row, column = arguments.get("row"), arguments.get("column")
        if isinstance(row, str) and isinstance(column, str):
            self.show_cell(row, column)

    def focus_first(self) -> None:
        """Arrow keys walk the table at once."""
        self.grid.setFocus()

    def table_id(self) -> str:
        """The chosen table."""
        return str(self.choice.currentData() or "")

    def show_cell(self, row: str, column: str) -> None:
        """Choose a cell now, or as soon as the table is counted."""
        if self.table is None or self.table.id != self.table_id() or not self.grid.choose(row, column):
            self._wanted = (row, column)

    def turn(self) -> None:
        """Show how the table was counted, or the records of the chosen cell again."""
        if self.below.turn():
            self.below.account.setFocus()
        else:
            self.grid.setFocus()
        self.header_changed.emit()

    def count(self) -> None:
        """Count the chosen table beside the window; an older answer that comes later is dropped."""
        if not self.table_id():
            return
        self._turn += 1
        work = partial(
            reporting.table,
            self._desk.place,
            table=self.table_id(),
            period_from=self.first.day(),
            period_to=self.last.day(),
            unit=self.unit.text(),
        )
        turn = self._turn
        self._desk.jobs.run(work, partial(self._counted, turn), partial(self._refused, turn), self)

    def export(self) -> None:
        """Write the workbook; a draft where a cross check forbids the report."""
        table = self.table
        if table is None:
            return
        out = self._chooser.target(self, "导出工作簿", words.file_name(table), words.WORKBOOKS)
        if out is None:
            return
        work = partial(
            reporting.export_table,
            self._desk.place,
            table=table.id,
            out=out,
            period_from=table.period.first,
            period_to=table.period.last,
            unit=table.unit,
            draft=table.blocked,
        )
        self._desk.jobs.run(work, self._exported, self.banner.show_problem, self)

    def _choose_table(self) -> None:
        row = self._known.get(self.table_id())
        if row is not None:
            self._show_period(row)
            self.count()
            self.header_changed.emit()

    def _show_period(self, row: TableRow) -> None:
        for field, day in ((self.first, row.period_from), (self.last, row.period_to)):
            with QSignalBlocker(field):
                field.set_day(day)

    def _change_unit(self) -> None:
        if self.table is None or self.unit.text().strip() != self.table.unit:
            self.count()

    def _counted(self, turn: int, table: Table) -> None:
        if turn != self._turn:
            return
        self.banner.hide()
        self.grid.show_table(table)
        self.counted_chip.show_text(words.counted_text(table), words.counted_tone(table))
        checks = words.checks_text(table)
        self.checks_chip.setVisible(bool(checks))
        self.checks_chip.show_text(checks, words.checks_tone(table))
        self.below.account.show_table(table)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.grid.choose(*wanted)
        if self.grid.current_keys() is None:
            self.grid.choose(table.rows[0].key, table.columns[0].key)
        self.header_changed.emit()

    def _refused(self, turn: int, error: ChayanError) -> None:
        if turn == self._turn:
            self.banner.show_problem(error)

    def _explain(self, row: str, column: str) -> None:
        table = self.table
        if table is None:
            return
        work = partial(reporting.explain_cell, self._desk.place, counted=table, row=row, column=column)
        done = partial(self._explained, table, (row, column))
        self._desk.jobs.run(work, done, self.banner.show_problem, self)

    def _explained(self, table: Table, keys: tuple[str, str], rows: tuple[ExplainedRow, ...]) -> None:
        if table is self.table and keys == self.grid.current_keys():
            self.below.records.show_records(table, keys, rows)

    def _go_behind(self) -> None:
        self.below.setCurrentWidget(self.below.records)
        if self.below.records.records.isVisible():
            self.below.records.records.setFocus()
        self.header_changed.emit()

    def _open_record(self, kind: str, record_id: str) -> None:
        if kind == "organization":
            self.open_requested.emit("registry", {"organization_id": record_id})
        else:
            self.open_requested.emit("printing", {"inspection_id": record_id})

    def _exported(self, exported: TableExported) -> None:
        if exported.draft:
            self.banner.say("已导出草稿", f"{exported.path}；改正不通过的校验后再导出正式报表")
        else:
            self.notice_given.emit(f"已导出 {exported.path}")

    def _fill(self) -> None:
        for row in self._known.values():
            self.choice.addItem(words.choice_text(row), row.id)
        self.unit.setText(self._desk.place.owner.office)
        if self._known:
            self._show_period(next(iter(self._known.values())))

    def _lay_out(self) -> None:
        self.choice.setObjectName("table")
        self.choice.setAccessibleName("统计表")
        self.choice.setSizeAdjustPolicy(ElidedBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(18)
        self.choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.unit.setObjectName("unit")
        self.unit.setAccessibleName("填报单位")
        self.unit.setMinimumWidth(120)
        self.first.setAccessibleName("统计期开始日")
        self.last.setAccessibleName("统计期结束日")
        self.checks_chip.hide()
        head = _row(self.choice, "统计期", self.first, "至", self.last, "填报单位", self.unit)
        head.setStretch(0, 3)
        head.setStretch(head.count() - 1, 2)
        chips = QHBoxLayout()
        chips.setSpacing(8)
        chips.addWidget(self.counted_chip)
        chips.addStretch(1)
        chips.addWidget(self.checks_chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addLayout(chips)
        column.addWidget(self.grid)
        column.addWidget(self.below, 1)

    def _connect(self) -> None:
        self.choice.currentIndexChanged.connect(self._choose_table)
        self.first.changed.connect(self.count)
        self.last.changed.connect(self.count)
        self.unit.editingFinished.connect(self._change_unit)
        self.grid.chosen.connect(self._explain)
        self.grid.opened.connect(self._go_behind)
        self.below.records.opened.connect(self._open_record)


def _row(*parts: QWidget | str) -> QHBoxLayout:
    """Fields in one line, words between them."""
    row = QHBoxLayout()
    row.setSizeConstraint(QLayout.SizeConstraint.SetDefaultConstraint)
    row.setSpacing(8)
    for part in parts:
        row.addWidget(QLabel(part) if isinstance(part, str) else part)
    return row
