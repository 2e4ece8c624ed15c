"""What was decided about a record: by whom, why, what was not taken; and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services import resolving
from app.services.naming import path_text
from app.services.resolving import DecisionRow
from app.ui.conflicts import lines
from app.ui.slots import calling
from app.ui.steps import LinesField, StepDialog, filled
from app.ui.widgets import CaptionLabel, Card, Chip, HeadingLabel, SecondaryButton, TextLabel

if TYPE_CHECKING:
    from app.ui.screens import Desk


def reopen_form(desk: Desk, where: Mapping[str, str], name: str, parent: QWidget) -> StepDialog:
    """重新打开: values stand beside each other again; needs a reason.

    ``where`` is the ``kind``, ``record_id`` and ``path``, ``name`` what people call it.
    """
    dialog = StepDialog(f"重新打开“{name}”", "重新打开", desk.jobs, parent)
    reason = LinesField(3, parent=dialog)
    note = "各方的值重新并列，重新定下之前这条记录不计入报表；原来的决定留在历史里"
    dialog.add("理由", reason, "reopen_reason", note, filled(reason.text, "写明为什么要重新定"))
    dialog.prepare = lambda: partial(
        resolving.reopen,
        desk.place,
        kind=where["kind"],
        record_id=where["record_id"],
        path=where["path"],
        reason=reason.text(),
    )
    return dialog


class DecisionCard(Card):
    """One decision. ``reopen_asked`` carries its path; only the last one of a path can be reopened."""

    reopen_asked = Signal(str)

    def __init__(self, row: DecisionRow, *, last: bool, may_reopen: bool, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.row = row
        self.setObjectName("decision_made")
        self.body.setContentsMargins(14, 10, 14, 12)
        self.body.setSpacing(4)
        self.button: SecondaryButton | None = None
        head = QHBoxLayout()
        head.addWidget(HeadingLabel(path_text(row.path, row.papers), "card", self))
        head.addWidget(self._chip(last=last))
        head.addStretch(1)
        if last and not row.open and may_reopen:
            self.button = SecondaryButton("重新打开", parent=self)
            self.button.setObjectName("reopen")
            self.button.setAccessibleName(f"重新打开 {path_text(row.path, row.papers)}")
            self.button.clicked.connect(calling(self.reopen_asked.emit, row.path))
            head.addWidget(self.button)
        self.body.addLayout(head)
        for name, text in (
            ("采用", lines.decided_text(row)),
            ("没有采用", lines.rejected_text(row)),
            ("理由", row.reason),
        ):
            self.body.addLayout(_line(name, text, self))
        self.body.addWidget(CaptionLabel(lines.decider_text(row), parent=self))

    def _chip(self, *, last: bool) -> Chip:
        if not last:
            return Chip("后来又改定", "neutral", self)
        return Chip("已重新打开", "attention", self) if self.row.open else Chip("已定下", "good", self)


def _line(name: str, text: str, parent: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    caption = CaptionLabel(name, parent=parent)
    caption.setWordWrap(False)
    caption.setFixedWidth(caption.fontMetrics().horizontalAdvance("没有采用") + 8)
    caption.setContentsMargins(0, 1, 0, 0)
    row.addWidget(caption, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(TextLabel(text, selectable=True, parent=parent), 1)
    return row


class DecisionList(QWidget):
    """Every decision about a record, the latest first."""

    reopen_asked = Signal(str)

    def __init__(self, rows: Sequence[DecisionRow], *, may_reopen: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("decisions")
        last = lines.last_ones(rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(HeadingLabel("定下过的", "card", self))
        self.cards = [
            DecisionCard(row, last=f"{row.revision}:{row.path}" in last, may_reopen=may_reopen, parent=self)
            for row in reversed(rows)
        ]
        for card in self.cards:
            card.reopen_asked.connect(self.reopen_asked)
            column.addWidget(card)
