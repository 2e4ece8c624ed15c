"""等待中: records of which something came before what it builds on, and what would bring that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.services.branching import told
from app.services.waiting import HeldRow
from app.ui.blocks import Block, BlocksCard, Part
from app.ui.handover import lines
from app.ui.handover.tables import RowsTable
from app.ui.tokens import ASIDE_WIDTH
from app.ui.widgets import Column, EmptyState
from app.wording import sentence


def title_text(row: HeldRow) -> str:
    """What the record is called, where it is known at all."""
    return row.title or f"编号 {row.record_id[:8]}（整条还没到）"


def missing_text(row: HeldRow) -> str:
    """What is missing, in short: packages by number, or what another device wrote."""
    lost = "、".join(f"{each.name}第 {told(each.numbers)} 包" for each in row.lost)
    return lost or f"另一台设备写的；请{'、'.join(row.senders or row.authors)}全部重发"


COLUMNS: Final[tuple[Column[HeldRow], ...]] = (
    Column("种类", lambda row: lines.kind_text(row.kind), 6),
    Column("名称", title_text, 34),
    Column("谁写的", lambda row: "、".join(row.authors), 9),
    Column("缺什么", missing_text, 0, tone=lambda _: "attention"),
)


def waiting_blocks(row: HeldRow) -> tuple[Block, ...]:
    """One record that waits: how much of it, who brought it, and what to ask for."""
    words = sentence(row.problem)
    parts: list[Part] = [("chip", ("待补", "attention")), ("text", words.message), ("soft", words.remedy)]
    parts.append(("soft", f"等着的修订 {row.revisions} 条，缺前面的 {len(row.missing)} 条"))
    return (Block(title_text(row), tuple(parts)),)


class WaitingPanel(QWidget):
    """What waits, and everything about the chosen one beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        empty = EmptyState("没有等待中的记录", "包来得有先后，缺前一包的记录列在这里")
        self.rows: RowsTable[HeldRow] = RowsTable("等待中", COLUMNS, empty, self)
        self.aside = BlocksCard(parent=self)
        self.aside.setFixedWidth(ASIDE_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.rows, 1)
        row.addWidget(self.aside)
        self.aside.hide()
        self.rows.table.chosen.connect(self._show)

    def show_waiting(self, rows: Sequence[HeldRow]) -> None:
        """List what waits; the first one is chosen where none was."""
        keys = [f"{row.kind}:{row.record_id}" for row in rows]
        self.rows.show_rows(rows, keys)
        self.aside.setVisible(bool(rows))
        if rows and self.rows.table.current_id() is None:
            self.rows.table.choose(keys[0])
        self._show(self.rows.table.current_id() or "")

    def _show(self, key: str) -> None:
        row = self.rows.row(key)
        if row is not None:
            self.aside.show_blocks(waiting_blocks(row))
