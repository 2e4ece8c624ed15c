"""回执: what every receiver said of every record, and when what nobody confirmed goes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.clock import local_date
from app.services import handover
from app.services.deliveries import RESEND_AFTER
from app.services.handover import Mark, ReceiptRow
from app.services.merging import Fate
from app.services.titles import record_titles
from app.services.workplace import Workplace
from app.ui.handover import lines
from app.ui.handover.arrivals import screen_of
from app.ui.handover.tables import GroupedRows
from app.ui.tokens import Tone
from app.ui.widgets import CaptionLabel, Column, EmptyState, day_text
from app.vocabulary import Role
from app.wording import sentence


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A record with one receiver: its mark, and for what is under way when it was sent and goes again."""

    title: str
    receipt: ReceiptRow
    sent_on: date | None = None
    again_on: date | None = None
    due: bool = False


def read_answers(place: Workplace) -> tuple[AnswerRow, ...]:
    """Every record that was handed over, with each of its receivers; those that need somebody first."""
    sent = {(row.package_id, row.peer): row.made_at for row in handover.history(place) if row.outgoing}
    found = [row for kind in lines.KINDS for row in handover.receipt_rows(place, kind=kind)]
    titles = record_titles(place, {(row.kind, row.record_id) for row in found})
    rows = [
        _answer(
            row, titles.get((row.kind, row.record_id), ""), sent.get((row.package_id, row.peer)), place.now()
        )
        for row in found
    ]
    order = (Mark.REFUSED, Mark.QUESTION, Mark.SENT, Mark.CONFIRMED)
    return tuple(sorted(rows, key=lambda row: (order.index(row.receipt.mark), not row.due, row.title)))


def _answer(row: ReceiptRow, title: str, sent: datetime | None, now: datetime) -> AnswerRow:
    named = title or f"编号 {row.record_id[:8]}"
    if row.mark is not Mark.SENT or sent is None:
        return AnswerRow(named, row)
    again = sent + RESEND_AFTER
    return AnswerRow(named, row, local_date(sent), local_date(again), due=now >= again)


def mark_text(row: AnswerRow) -> str:
    """Where a record stands with its receiver, with its sign."""
    return lines.MARKS[row.receipt.mark][0]


def mark_tone(row: AnswerRow) -> Tone:
    """The colour of that word."""
    return "attention" if row.due else lines.MARKS[row.receipt.mark][1]


def reason_text(row: AnswerRow) -> str:
    """Why a record was not taken, what it waits for, or when it goes again."""
    receipt = row.receipt
    if receipt.problem is not None:
        words = sentence(receipt.problem)
        return f"{words.message}；{words.remedy}"
    if receipt.mark is Mark.SENT and row.sent_on is not None:
        if row.due:
            return f"{day_text(row.sent_on)} 交出，过期没有回执；下次导出再发"
        return f"{day_text(row.sent_on)} 交出；{day_text(row.again_on)} 还没有回执就再发"
    if receipt.fate is Fate.CONFLICT and receipt.mark is Mark.QUESTION:
        return "两人填写不一致，对方定下后生效"
    if receipt.missing:
        return f"缺前面的修订 {len(receipt.missing)} 条，再交一次即可补上"
    return f"{lines.moment_text(receipt.answered_at)} 答复" if receipt.answered_at is not None else ""


ANSWERS: Final[tuple[Column[AnswerRow], ...]] = (
    Column("回执", mark_text, 12, tone=mark_tone),
    Column("种类", lambda row: lines.kind_text(row.receipt.kind), 6),
    Column("名称", "title", 36),
    Column("收件方", "receipt.peer_name", 9),
    Column("说明", reason_text, 0),
)
GROUPS: Final = {mark.value: lines.MARKS[mark][0].split()[-1] for mark in
                 (Mark.REFUSED, Mark.QUESTION, Mark.SENT, Mark.CONFIRMED)}  # fmt: skip


def _mark_of(row: AnswerRow) -> str:
    return row.receipt.mark.value


class AnswersPanel(GroupedRows[AnswerRow]):
    """The list of what was handed over, counted by mark; ``open_asked`` carries a screen and its arguments."""

    open_asked = Signal(str, dict)

    def __init__(self, role: Role, parent: QWidget) -> None:
        empty = EmptyState("还没有交出记录", "交出的记录列在这里，导入回执后逐条打勾")
        super().__init__("回执", ANSWERS, GROUPS, _mark_of, empty=empty, parent=parent)
        self._role = role
        self.opened.connect(self._open)
        self.hint = CaptionLabel("Enter 打开选中的记录；过期没有回执的下次导出自动再发", parent=self)
        self.column.addWidget(self.hint)

    def show_answers(self, rows: Sequence[AnswerRow]) -> None:
        """List rows under kind, record and receiver."""
        keys = [f"{row.receipt.kind}:{row.receipt.record_id}:{row.receipt.peer}" for row in rows]
        self.show_rows(rows, keys)
        self.hint.setVisible(bool(rows))

    def _open(self, key: str) -> None:
        row = self.row(key)
        led = (
            None
            if row is None
            else screen_of(self._role, (row.receipt.kind, row.receipt.record_id), row.title)
        )
        if led is not None:
            self.open_asked.emit(*led)

    def waiting(self) -> int:
        """How many wait for a receipt for too long."""
        return sum(row.due for row in self._rows.values())
