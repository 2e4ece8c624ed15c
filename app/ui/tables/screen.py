"""统计: choose a table and a period, read it, ask any number where it comes from, export and send it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
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

from app.errors import ChayanError, Problem
from app.services import reporting, sending, table_layouts
from app.services.reporting import TableExported, TableRow
from app.services.sending import Sent, SentExported
from app.services.table_layouts import LayoutTaken
from app.services.workplace import Changes
from app.statistics.explain import ExplainedRow
from app.statistics.table import CHANGED_SINCE, Table
from app.ui.chooser import Chooser
from app.ui.screen import Screen, ScreenAction
from app.ui.slots import calling
from app.ui.tables import words
from app.ui.tables.annual import AnnualButton
from app.ui.tables.behind import Below
from app.ui.tables.grid import CountedGrid
from app.ui.tables.shown import Shown, as_sent, counted_now, take_layout
from app.ui.tables.split import TableSplit
from app.ui.tokens import Tone
from app.ui.widgets import Banner, Chip, DateField, day_text
from app.ui.widgets.boxes import ElidedBox
from app.ui.widgets.dialogs import asked

if TYPE_CHECKING:
    from app.ui.printing import ChoosePrinter
    from app.ui.screens import Desk


class TablesScreen(Screen):
    """Opens with ``table`` and, where one is meant, ``row`` and ``column``.

    Shows the numbers of now, or a table as it was sent; ``ask`` puts the one question there is.
    """

    def __init__(
        self,
        desk: Desk,
        chooser: Chooser | None = None,
        ask: Callable[..., bool] = asked,
        ask_printer: ChoosePrinter | None = None,
    ) -> None:
        super().__init__()
        self._desk, self._chooser, self._ask = desk, chooser or Chooser(), ask
        self._ask_printer = ask_printer
        self.shown: Shown | None = None
        self._turn = 0
        self._wanted: tuple[str, str] | None = None
        self._known = {row.id: row for row in reporting.table_rows(desk.place)}
        self.choice, self.sent = ElidedBox(self), ElidedBox(self)
        self.first, self.last = DateField(parent=self, weekday=False), DateField(parent=self, weekday=False)
        self.unit = QLineEdit(self)
        self.counted_chip, self.checks_chip = Chip(parent=self), Chip(parent=self)
        self.sent_chip = Chip(parent=self)
        self.banner, self.annual = Banner(self), AnnualButton(desk, self)
        self._comparing = self._counted_again = False
        self.grid = CountedGrid(self)
        self.below = Below(self)
        self.split = TableSplit(self.grid, self.below, self)
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
        """The notice, whose layout it is, and how old the numbers are."""
        row = self._known.get(self.table_id())
        made = f"统计于 {day_text(self.table.made_on)}" if self.table else ""
        return " · ".join(part for part in (words.source_text(row) if row else "", made) if part)

    def screen_actions(self) -> Sequence[ScreenAction]:
        """The account of the table, its layout, sending or supplementing it, export."""
        account = self.below.currentWidget() is self.below.account
        return (
            ScreenAction("看明细" if account else "校验与口径", self.turn, "Ctrl+J", name="account"),
            *self._sending(),
            *self._differing(),
            ScreenAction("报告材料", self.open_reports, "Ctrl+R", name="open_reports"),
            ScreenAction("导出表样", self.export_layout, "Ctrl+Shift+E", name="export_layout"),
            ScreenAction("导入表样", self.import_layout, "Ctrl+Shift+I", name="import_layout"),
            ScreenAction("打印", self.print_table, "Ctrl+P", enabled=self.table is not None, name="print"),
            ScreenAction(
                "展开明细" if self.split.is_folded() else "只看表", self.fold, "Ctrl+Shift+J", name="fold"
            ),
            self._exporting(),
        )

    def _sending(self) -> tuple[ScreenAction, ...]:
        shown = self.shown
        if shown is None:
            return ()
        if shown.sent is None:
            hint = "交叉校验不通过，不能报送" if shown.table.blocked else "冻结现在的数；之后的变动用补报说明"
            return (
                ScreenAction(
                    "标记为已报送",
                    self.send,
                    "Ctrl+Shift+S",
                    enabled=not shown.table.blocked,
                    hint=hint,
                    name="send",
                ),
            )
        hint = "" if shown.later else "数据与报送的一致"
        return (
            ScreenAction(
                "补报",
                self.supplement,
                "Ctrl+Shift+S",
                enabled=bool(shown.later),
                hint=hint,
                name="supplement",
            ),
        )

    def _differing(self) -> tuple[ScreenAction, ...]:
        """Comparing is offered as soon as there is a report to compare with."""
        if self.shown is None or self.shown.before is None:
            return ()
        text = "不再比较" if self._comparing else "与上次报送比较"
        return (ScreenAction(text, self.compare, "Ctrl+D", name="compare"),)

    def compare(self) -> None:
        """Mark the cells that differ from the last report and list them; once more to end it."""
        self._comparing = not self._comparing
        if self.shown is not None:
            self._show_cells(self.shown)
        if self._comparing:
            self.below.setCurrentWidget(self.below.account)
        self.grid.setFocus()
        self.header_changed.emit()

    def _show_cells(self, shown: Shown) -> None:
        self.grid.show_table(shown.table, shown.differences if self._comparing else shown.marks)

    def _exporting(self) -> ScreenAction:
        table, sent = self.table, self.shown is not None and self.shown.sent is not None
        draft = table is not None and table.blocked and not sent
        return ScreenAction(
            "导出草稿" if draft else "导出工作簿",
            self.export,
            "Ctrl+E",
            primary=True,
            enabled=table is not None,
            hint="交叉校验不通过，只能导出带“草稿”标记的工作簿" if draft else "",
            name="export",
        )

    def open_reports(self) -> None:
        """Lead to the summary and the lists that go with the tables."""
        self.open_requested.emit("reports", {})

    def refresh(self, changes: Changes | None) -> None:
        """Count again when something that counts has changed."""
        listed = self.table is not None and bool(self.table.definition.listing)
        kinds = ("plan", "assignment") if listed else ()
        if changes is None or changes.concern("inspection", "organization", *kinds):
            self.count()
        if changes is None or changes.concern("inspection", "plan", "assignment", "sent_table"):
            self.annual.read_again()

    def open_with(self, **arguments: object) -> None:
        """Show a table, and one cell of it."""
        place = self.choice.findData(arguments.get("table"))
        if place >= 0 and place != self.choice.currentIndex():
            self.choice.setCurrentIndex(place)
        row, column = arguments.get("row"), arguments.get("column")
        if isinstance(row, str) and isinstance(column, str):
            self.show_cell(row, column)

    def where(self) -> dict[str, object]:
        """The chosen table and its current cell."""
        row, column = self.grid.current_keys() or (None, None)
        return {"table": self.table_id(), "row": row, "column": column}

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
        if self.split.is_folded():
            self.split.fold()
        if self.below.turn():
            self.below.account.setFocus()
        else:
            self.grid.setFocus()
        self.header_changed.emit()

    def fold(self) -> None:
        """Give the whole height to the table, or show again what is below it."""
        self.split.fold()
        self.grid.setFocus()
        self.header_changed.emit()

    def count(self) -> None:
        """Count the chosen table beside the window; an older answer that comes later is dropped."""
        if not self.table_id():
            return
        self._turn += 1
        turn, sent = self._turn, str(self.sent.currentData() or "")
        place = self._desk.place
        for field in (self.first, self.last, self.unit):
            field.setEnabled(not sent)
        work = (
            partial(as_sent, place, sent=sent)
            if sent
            else partial(
                counted_now,
                place,
                table=self.table_id(),
                period_from=self.first.day(),
                period_to=self.last.day(),
                unit=self.unit.text(),
            )
        )
        self._desk.jobs.run(work, partial(self._counted, turn), partial(self._refused, turn), self)

    def export(self) -> None:
        """Write the workbook; a draft where a cross check forbids the report."""
        shown = self.shown
        if shown is None:
            return
        table, sent = shown.table, shown.sent
        out = self._chooser.target(self, "导出工作簿", words.file_name(table, sent), words.WORKBOOKS)
        if out is None:
            return
        place = self._desk.place
        if sent is not None:
            work = partial(sending.export_sent, place, sent=sent.id, out=out)
            self._desk.jobs.run(work, self._written, self.banner.show_problem, self)
            return
        counted = partial(
            reporting.export_table,
            place,
            table=table.id,
            out=out,
            period_from=table.period.first,
            period_to=table.period.last,
            unit=table.unit,
            draft=table.blocked,
        )
        self._desk.jobs.run(counted, self._exported, self.banner.show_problem, self)

    def print_table(self) -> None:
        """Look at the table as pages and print it; a draft where a cross check forbids the report."""
        from app.ui.tables.printing import print_shown

        if self.shown is not None:
            how = (self._chooser, self._ask_printer)
            print_shown(self, self._desk, self.shown, how, self.banner.show_problem)

    def send(self) -> None:
        """Freeze the numbers of now as sent, after asking."""
        shown = self.shown
        if shown is None or shown.sent is not None:
            return
        table = shown.table
        period = f"{day_text(table.period.first)} 至 {day_text(table.period.last)}"
        consequence = f"“{table.title}”（{period}，{table.unit}）的全部数字连同构成它们的记录将冻结，不能撤回；数据后来有变动的，用补报说明。"
        if not self._ask("标记为已报送", consequence, "标记为已报送", self):
            return
        work = partial(
            sending.send,
            self._desk.place,
            table=table.id,
            period_from=table.period.first,
            period_to=table.period.last,
            unit=table.unit,
        )
        self._desk.jobs.run(work, self._sent, self.banner.show_problem, self)

    def supplement(self) -> None:
        """Freeze what changed since as a supplement of today, after asking."""
        shown = self.shown
        if shown is None or shown.sent is None or not shown.later:
            return
        consequence = f"{len(shown.later)} 格的变动连同引起变动的记录将作为今天的补报冻结，不能撤回。"
        if not self._ask("做补报", consequence, "补报", self):
            return
        work = partial(sending.supplement, self._desk.place, sent=shown.sent.id)
        self._desk.jobs.run(work, self._sent, self.banner.show_problem, self)

    def export_layout(self) -> None:
        """Write the table's layout as a workbook to be edited."""
        row = self._known.get(self.table_id())
        if row is None:
            return
        out = self._chooser.target(self, "导出表样", f"表样-{row.title}.xlsx", words.WORKBOOKS)
        if out is None:
            return
        work = partial(table_layouts.export_layout, self._desk.place, table=row.id, out=out)
        self._desk.jobs.run(work, self._layout_written, self.banner.show_problem, self)

    def import_layout(self) -> None:
        """Take an edited layout in as the table's next version."""
        path = self._chooser.file(self, "导入表样", words.WORKBOOKS)
        if path is not None:
            work = partial(take_layout, self._desk.place, path)
            self._desk.jobs.run(work, self._layout_taken, self.banner.show_problem, self)

    def _layout_written(self, path: Path) -> None:
        self.notice_given.emit(f"已导出表样 {path}；改好后用“导入表样”收入，已报送的表不受影响")

    def _layout_taken(self, told: LayoutTaken | tuple[Problem, ...]) -> None:
        if isinstance(told, tuple):
            lines = words.problem_lines(told)
            self.banner.say(f"表样没有收入，有 {len(told)} 处问题", lines, "bad")
            return
        self._known = {row.id: row for row in reporting.table_rows(self._desk.place)}
        with QSignalBlocker(self.choice):
            self.choice.clear()
            self._offer()
            self.choice.setCurrentIndex(self.choice.findData(told.table))
        self._choose_table()
        self.notice_given.emit(f"表样已收入，为本单位第 {told.version} 版")

    def _choose_table(self) -> None:
        row = self._known.get(self.table_id())
        if row is not None:
            self._show_period(row)
            self._offer_sent()
            self.count()
            self.header_changed.emit()

    def _show_period(self, row: TableRow) -> None:
        for field, day in ((self.first, row.period_from), (self.last, row.period_to)):
            with QSignalBlocker(field):
                field.set_day(day)

    def _change_unit(self) -> None:
        if self.table is None or self.unit.text().strip() != self.table.unit:
            self.count()

    def _counted(self, turn: int, shown: Shown) -> None:
        if turn != self._turn:
            return
        self.banner.hide()
        table = shown.table
        self.shown = shown
        self._comparing = self._comparing and shown.before is not None
        self._show_cells(shown)
        self.counted_chip.show_text(words.counted_text(table), words.counted_tone(table))
        self._show_standing(shown)
        checks = words.checks_text(table)
        self.checks_chip.setVisible(bool(checks))
        self.checks_chip.show_text(checks, words.checks_tone(table))
        self.below.account.show_table(shown)
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.grid.choose(*wanted)
        if self.grid.current_keys() is None and table.rows:
            self.grid.choose(table.rows[0].key, table.columns[0].key)
        self.header_changed.emit()

    def _show_standing(self, shown: Shown) -> None:
        """Say that a table was sent and whether the data changed since, or how it lies to the last one."""
        if shown.sent is not None:
            later = words.later_chip(len(shown.later))
            tone: Tone = "attention" if shown.later else "good"
            self.sent_chip.show_text(f"{words.sent_chip(shown.sent)}；{later}", tone)
        elif shown.before is not None:
            self.sent_chip.show_text(words.since_chip(shown.before, len(shown.since)), "neutral")
        self.sent_chip.setVisible(shown.sent is not None or shown.before is not None)

    def _sent(self, sent: Sent) -> None:
        self._offer_sent(sent.row.id)
        self.count()
        self.changed.emit(sent.changes)
        self.notice_given.emit("已补报" if sent.row.sequence else "已标记为报送，内容已冻结")

    def _offer_sent(self, chosen: str = "") -> None:
        """Offer what was sent of the chosen table; the numbers of now come first."""
        rows = sending.sent_rows(self._desk.place, table=self.table_id())
        with QSignalBlocker(self.sent):
            self.sent.clear()
            self.sent.addItem("现在的数", "")
            for row in rows:
                self.sent.addItem(words.sent_text(row), row.id)
            self.sent.setCurrentIndex(max(0, self.sent.findData(chosen)))
        self.sent.setVisible(bool(rows))

    def _written(self, exported: SentExported) -> None:
        self.notice_given.emit(f"已导出 {exported.path}")

    def _refused(self, turn: int, error: ChayanError) -> None:
        if turn == self._turn:
            self.banner.show_problem(error)

    def _explain(self, row: str, column: str) -> None:
        table = self.table
        if table is None:
            return
        work = partial(reporting.explain_cell, self._desk.place, counted=table, row=row, column=column)
        done = partial(self._explained, table, (row, column))
        self._desk.jobs.run(work, done, partial(self._unexplained, table, (row, column)), self)

    def _unexplained(self, table: Table, keys: tuple[str, str], error: ChayanError) -> None:
        """Count again when the store has changed since; say so when that was in vain."""
        if table is not self.table:
            return
        if error.problem.code != CHANGED_SINCE or self._counted_again:
            self.banner.show_problem(error)
            return
        self._counted_again, self._wanted = True, keys
        self.count()
        self.notice_given.emit("数据在统计之后有变动，已重新统计")

    def _explained(self, table: Table, keys: tuple[str, str], rows: tuple[ExplainedRow, ...]) -> None:
        self._counted_again = False
        if table is self.table and keys == self.grid.current_keys():
            change = self.grid.cells.marks.get(keys)
            self.below.records.show_records(table, keys, rows, words.former_text(change).strip())

    def _go_behind(self) -> None:
        if self.split.is_folded():
            self.split.fold()
        self.below.setCurrentWidget(self.below.records)
        if self.below.records.records.isVisible():
            self.below.records.records.setFocus()
        self.header_changed.emit()

    def _open_record(self, kind: str, record_id: str) -> None:
        if kind == "organization":
            self.open_requested.emit("registry", {"organization_id": record_id})
        elif kind == "plan":
            self.open_requested.emit("planning", {"plan_id": record_id})
        else:
            self.open_requested.emit("printing", {"inspection_id": record_id})

    def _exported(self, exported: TableExported) -> None:
        if exported.draft:
            self.banner.say("已导出草稿", f"{exported.path}；改正不通过的校验后再导出正式报表")
        else:
            self.notice_given.emit(f"已导出 {exported.path}")

    def _fill(self) -> None:
        self._offer()
        self._offer_sent()
        self.unit.setText(self._desk.place.owner.office)
        if self._known:
            self._show_period(next(iter(self._known.values())))

    def _offer(self) -> None:
        for row in self._known.values():
            self.choice.addItem(words.choice_text(row), row.id)

    def _lay_out(self) -> None:
        self.sent.setObjectName("sent")
        self.sent.setAccessibleName("现在的数或已报送的表")
        self.sent.setSizeAdjustPolicy(ElidedBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sent.setMinimumContentsLength(16)
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
        self.sent_chip.hide()
        head = _row(self.choice, "统计期", self.first, "至", self.last, "填报单位", self.unit)
        head.setStretch(0, 3)
        head.setStretch(head.count() - 1, 2)
        # What was sent and how it counts share a line: a small window needs its height for the table.
        chips = _row(self.sent, self.sent_chip, self.counted_chip, self.annual)
        chips.setStretch(0, 1)
        chips.addStretch(0)
        chips.addWidget(self.checks_chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addLayout(chips)
        column.addWidget(self.split, 1)

    def _connect(self) -> None:
        self.annual.clicked.connect(self.open_reports)
        self.choice.currentIndexChanged.connect(self._choose_table)
        self.sent.currentIndexChanged.connect(calling(self.count))
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
