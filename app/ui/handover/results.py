"""What became of files that were taken in: each file, its records by fate, and all there is to say of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.merging import Imported
from app.ui.blocks import BlocksCard
from app.ui.handover import arrivals, lines
from app.ui.handover.arrivals import Arrived, RecordLine
from app.ui.handover.tables import GroupedRows, RowsTable
from app.ui.slots import calling
from app.ui.theme import current
from app.ui.tokens import ASIDE_WIDTH, TARGET
from app.ui.widgets import Column, EmptyState, SecondaryButton
from app.vocabulary import Role

UNBOUND: Final = (1 << 24) - 1
MOST_LINES: Final = 4
"""Files listed at once above their records; more are reached by scrolling."""

FILES: Final[tuple[Column[Imported], ...]] = (
    Column("文件", "file", 0),
    Column("来自", "author", 9),
    Column("收入", lambda row: row.accepted + row.merged, 5, "center"),
    Column("冲突", "conflicts", 5, "center", tone=lambda row: "attention" if row.conflicts else None),
    Column("待补", "held", 5, "center", tone=lambda row: "attention" if row.held else None),
    Column("拒收", "refused", 5, "center", tone=lambda row: "bad" if row.refused else None),
    Column("结果", arrivals.import_word, 10, tone=arrivals.import_tone),
)
RECORDS: Final[tuple[Column[RecordLine], ...]] = (
    Column("结果", arrivals.fate_text, 8, tone=arrivals.fate_tone),
    Column("种类", lambda row: lines.kind_text(row.outcome.kind), 6),
    Column("名称", "title", 34),
    Column("说明", arrivals.why_text, 0),
)
FATES: Final = {fate.value: text for fate, text in lines.FATES.items()}


def _fate_of(row: RecordLine) -> str:
    return row.outcome.fate.value


class ResultsPanel(QWidget):
    """The files of an import, the records of the chosen one, and everything about it beside them.

    ``review_asked`` carries the place of a package that waits for somebody to look at it;
    ``open_asked`` a screen and its arguments.
    """

    review_asked = Signal(int)
    open_asked = Signal(str, dict)

    def __init__(self, role: Role, home: Path, empty: EmptyState, parent: QWidget) -> None:
        super().__init__(parent)
        self._role, self._home = role, home
        self.arrived = Arrived()
        self.results: RowsTable[Imported] = RowsTable("收进的文件", FILES, empty, self)
        self.results.table.setObjectName("results")
        self.results.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.records: GroupedRows[RecordLine] = GroupedRows(
            "记录", RECORDS, FATES, _fate_of, empty=EmptyState("没有收进记录"), parent=self
        )
        self.records.rows.table.setObjectName("records")
        self.aside = BlocksCard("Enter 打开选中的记录", self)
        self.aside.foot.hide()
        self.review = SecondaryButton("查看后收入", "Ctrl+R", self)
        self.review.setObjectName("review_package")
        self.go_on = SecondaryButton("去定下冲突", "Ctrl+J", self)
        self.go_on.setObjectName("to_conflicts")
        self._lay_out()
        self.results.table.chosen.connect(calling(self._show_current))
        self.records.rows.table.chosen.connect(calling(self._show_beside))
        self.records.opened.connect(self._open)
        self.review.clicked.connect(calling(self._ask_review))
        self.go_on.clicked.connect(calling(self._to_conflicts))

    def _lay_out(self) -> None:
        self._beside = QWidget(self)
        self._beside.setFixedWidth(ASIDE_WIDTH)
        right = QVBoxLayout(self._beside)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addWidget(self.aside, 1)
        right.addWidget(self.review)
        right.addWidget(self.go_on)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.results, 1)
        left.addWidget(self.records, 2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(self._beside)
        for part in (self._beside, self.records):
            part.hide()

    def show_results(self, arrived: Arrived, place: int | None = None) -> None:
        """Show an import; the file at ``place`` is chosen, else the first that needs attention."""
        self.arrived = arrived
        done = arrived.done
        self.results.show_rows(done)
        self._beside.setVisible(bool(done))
        worst = next((n for n, each in enumerate(done) if arrivals.import_tone(each) != "good"), 0)
        if done:
            self.results.table.choose(str(worst if place is None else place))
            self._show_current()

    def _set_height(self, count: int, *, beside: bool) -> None:
        """As high as the few files there are where their records stand below, else all there is."""
        line = max(TARGET - 4, current().sizes.line + 14)
        most = (min(count, MOST_LINES) + 1) * line + 8
        self.results.setMaximumHeight(most if beside else UNBOUND)
        self.results.setMinimumHeight(min(most, 3 * line) if beside else 0)

    def place(self) -> int | None:
        """The place of the chosen file."""
        key = self.results.table.current_id()
        return int(key) if key else None

    def _show_current(self) -> None:
        place = self.place()
        if place is None or place >= len(self.arrived.done):
            return
        done = self.arrived.done[place]
        rows = arrivals.record_lines(self.arrived, place)
        self.records.show_rows(rows, arrivals.record_keys(rows))
        self.records.setVisible(bool(rows))
        self._set_height(len(self.arrived.done), beside=bool(rows))
        self._show_beside()
        waits = done.problem is not None and done.problem.code == arrivals.REVIEW
        self.review.setVisible(waits and self.arrived.paths[place] is not None)
        self.go_on.setVisible(bool(done.conflicts))

    def _show_beside(self) -> None:
        """The chosen record stands above its file: it was chosen last."""
        place, line = self.place(), self.records.current()
        if place is not None and place < len(self.arrived.done):
            file = arrivals.import_blocks(self.arrived.done[place], self._home)
            chosen = arrivals.record_blocks(line) if line is not None else ()
            self.aside.show_blocks((*chosen, *file))
        self.aside.foot.setVisible(line is not None and arrivals.leads_to(self._role, line) is not None)

    def _ask_review(self) -> None:
        place = self.place()
        if place is not None:
            self.review_asked.emit(place)

    def _to_conflicts(self) -> None:
        first = next(key for key in self._conflicts())
        self._open(first)

    def _conflicts(self) -> list[str]:
        place = self.place()
        rows = () if place is None else arrivals.record_lines(self.arrived, place)
        return [
            f"{row.outcome.kind}:{row.outcome.record_id}"
            for row in rows
            if row.outcome.fate.value == "conflict"
        ]

    def _open(self, key: str) -> None:
        line = self.records.row(key)
        led = None if line is None else arrivals.leads_to(self._role, line)
        if led is not None:
            self.open_asked.emit(*led)
