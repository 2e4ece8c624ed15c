"""The lists of this folder: what will go, packages that went and came, results of an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services.handover import PackageRow, ReceiptRow, UnexportedRow
from app.services.merging import Imported
from app.ui.blocks import BlocksCard
from app.ui.handover import lines
from app.ui.tokens import ASIDE_WIDTH
from app.ui.widgets import Column, EmptyState, PagedTable

Row = TypeVar("Row")

OUTGOING: Final[tuple[Column[UnexportedRow], ...]] = (
    Column("种类", lambda row: lines.KINDS.get(row.kind, row.kind), 8),
    Column("名称", "title", 0),
)
HISTORY: Final[tuple[Column[PackageRow], ...]] = (
    Column("时间", lambda row: lines.moment_text(row.handled_at), 19),
    Column("", lines.direction, 5),
    Column("对方", "peer_name", 10),
    Column("文件", "file_name", 0),
    Column("记录", "records", 6, "right"),
    Column("证据", "blobs", 6, "right"),
    Column("大小", lambda row: lines.size_text(row.bytes), 9, "right"),
    Column("结果", lines.package_outcome, 16),
)
RESULTS: Final[tuple[Column[Imported], ...]] = (
    Column("文件", "file", 0),
    Column("来自", "author", 9),
    Column("收入", "accepted", 5, "center"),
    Column("已有", "already", 5, "center"),
    Column("合并", "merged", 5, "center"),
    Column("冲突", "conflicts", 5, "center", tone=lambda row: "attention" if row.conflicts else None),
    Column("待补", "held", 5, "center", tone=lambda row: "attention" if row.held else None),
    Column("拒收", "refused", 5, "center", tone=lambda row: "bad" if row.refused else None),
    Column("结果", lines.import_word, 9, tone=lines.import_tone),
)


@dataclass(frozen=True, slots=True)
class HandedRow:
    """A visit that was handed over, and what its receiver said of it."""

    title: str
    receipt: ReceiptRow


HANDED: Final[tuple[Column[HandedRow], ...]] = (
    Column("企业", "title", 26),
    Column("收件方", "receipt.peer_name", 10),
    Column(
        "回执",
        lambda row: lines.mark_text(row.receipt),
        18,
        tone=lambda row: lines.mark_tone(row.receipt),
    ),
    Column(
        "时间",
        lambda row: lines.moment_text(row.receipt.answered_at) if row.receipt.answered_at else "",
        19,
    ),
    Column("说明", lambda row: lines.mark_reason(row.receipt), 0),
)


class RowsTable(QStackedWidget, Generic[Row]):
    """A table over rows that are all at hand, or the sentence about why there are none."""

    def __init__(self, name: str, columns: Sequence[Column[Row]], empty: EmptyState, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: dict[str, Row] = {}
        self.table: PagedTable[Row] = PagedTable(columns, self._fetch, parent=self)
        self.table.setAccessibleName(name)
        self.empty = empty
        self.addWidget(self.table)
        self.addWidget(empty)
        self.setCurrentWidget(empty)

    def show_rows(self, rows: Sequence[Row], keys: Sequence[str] | None = None) -> None:
        """Show ``rows`` under their keys."""
        named = keys if keys is not None else [str(place) for place in range(len(rows))]
        self._rows = dict(zip(named, rows, strict=True))
        self.table.set_ids(tuple(self._rows))
        self.setCurrentIndex(0 if rows else 1)

    def row(self, key: str | None) -> Row | None:
        """The row under a key."""
        return self._rows.get(key or "")

    def current(self) -> Row | None:
        """The row of the current line."""
        return self.row(self.table.current_id())

    def _fetch(self, ids: Sequence[str]) -> Sequence[Row]:
        return [self._rows[key] for key in ids]


def history_table(parent: QWidget) -> RowsTable[PackageRow]:
    """The packages that went out and came in."""
    return RowsTable("往来历史", HISTORY, EmptyState("还没有往来", "交出和收进的包会列在这里"), parent)


class ResultsPanel(QWidget):
    """What became of each package of an import, and everything about the chosen one beside it."""

    def __init__(self, empty: EmptyState, parent: QWidget) -> None:
        super().__init__(parent)
        self.results: RowsTable[Imported] = RowsTable("导入结果", RESULTS, empty, self)
        self.results.table.setObjectName("results")
        self.aside = BlocksCard(parent=self)
        self.aside.setFixedWidth(ASIDE_WIDTH)
        self.aside.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.results, 1)
        row.addWidget(self.aside)
        self.results.table.chosen.connect(self._show_one)

    def show_results(self, done: Sequence[Imported]) -> None:
        """Show an import; the first package that needs attention is chosen."""
        self.results.show_rows(done)
        worst = next((n for n, each in enumerate(done) if lines.import_tone(each) != "good"), 0)
        if done:
            self.results.table.choose(str(worst))
            self._show_one(str(worst))
        self.aside.setVisible(bool(done))

    def _show_one(self, key: str) -> None:
        done = self.results.row(key)
        if done is not None:
            self.aside.show_blocks(lines.import_blocks(done))


def stacked(*parts: QWidget, parent: QWidget) -> QVBoxLayout:
    """A column of parts over the whole screen; the last one takes the room."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(10)
    for part in parts[:-1]:
        column.addWidget(part)
    column.addWidget(parts[-1], 1)
    return column
