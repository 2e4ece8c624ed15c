"""Under the table: the records behind the chosen cell, or how the whole table was counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.statistics.definition import Column as TableColumn
from app.statistics.explain import ExplainedRow
from app.statistics.table import Table
from app.ui import theme
from app.ui.tables import words
from app.ui.tables.shown import Shown
from app.ui.tables.words import Line
from app.ui.widgets import CaptionLabel, Card, Column, HeadingLabel, PagedTable, day_text

KEYS_HINT: Final = "Enter 到明细，再按打开记录 · Ctrl+J 校验与口径"
LOWEST: Final = 132
SMALLEST: Final = 52
"""What the card takes round the lines of its heading and of one record."""
CODE: Final = 1
WITH_CODES: Final = 1000
CHOOSE_HINT: Final = "选一个单元格，这里列出它由哪些记录构成"


class BehindCard(Card):
    """Records of one cell with what made each of them count; ``opened(kind, record)`` follows Enter."""

    opened = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(CHOOSE_HINT, parent)
        self._rows: tuple[ExplainedRow, ...] = ()
        self._column: TableColumn | None = None
        self.note = CaptionLabel(parent=self)
        self.note.hide()
        self.records: PagedTable[ExplainedRow] = PagedTable(
            (
                Column[ExplainedRow]("被检查单位", "subject_name", 34),
                Column[ExplainedRow]("统一社会信用代码", "subject_code", 25),
                Column[ExplainedRow]("日期", lambda row: day_text(row.on), 11),
                Column[ExplainedRow]("由什么构成", words.details_text, 0),
                Column[ExplainedRow]("计", self._amount, 13, "right"),
            ),
            self._fetch,
            parent=self,
        )
        self.records.setObjectName("behind")
        self.records.setAccessibleName("构成这个数的记录")
        self.records.hide()
        self.records.horizontalHeader().hide()
        self.records.verticalHeader().setDefaultSectionSize(theme.current().sizes.line + 11)
        self._lay_out()
        self.records.opened.connect(self._open)

    def _lay_out(self) -> None:
        hint = CaptionLabel(KEYS_HINT, parent=self)
        hint.setWordWrap(False)
        head = QHBoxLayout()
        head.setSpacing(16)
        if self.heading is not None:
            self.body.removeWidget(self.heading)
            head.addWidget(self.heading, 1)
        head.addWidget(hint)
        self.body.setContentsMargins(16, 10, 16, 12)
        self.body.setSpacing(6)
        self.body.addLayout(head)
        self.body.addWidget(self.note)
        self.body.addWidget(self.records, 1)
        self.body.addStretch(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the codes out where what made a record count needs the room."""
        self.records.setColumnHidden(CODE, self.width() < WITH_CODES)
        super().resizeEvent(event)

    def show_records(
        self, table: Table, keys: tuple[str, str], rows: Sequence[ExplainedRow], former: str = ""
    ) -> None:
        """Show what is behind one cell, and what it said before where that is compared."""
        row, column = table.definition.row(keys[0]), table.definition.column(keys[1])
        if row is None or column is None or self.heading is None:
            return
        cell = table.cells[row.key][column.key]
        self._rows, self._column = tuple(rows), column
        self.heading.setText(words.behind_heading(row, column, cell, len(rows)))
        said = "；".join(text for text in (former, cell.note) if text)
        self.note.setText(said)
        self.note.setVisible(bool(said))
        self.records.setVisible(bool(rows))
        self.records.set_ids([str(number) for number in range(len(rows))])
        self.records.reload()
        if rows:
            self.records.choose("0")

    def _amount(self, row: ExplainedRow) -> str:
        return "" if self._column is None else words.amount_text(self._column, row)

    def _fetch(self, ids: Sequence[str]) -> Sequence[ExplainedRow]:
        return [self._rows[int(key)] for key in ids if int(key) < len(self._rows)]

    def _open(self, key: str) -> None:
        row = self._rows[int(key)]
        self.opened.emit(row.kind, row.record_id)


class AccountCard(Card):
    """Cross checks, what was left out, and the rules of counting."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._inner = QWidget()
        self._inner.setObjectName("scrolled")
        self._parts = QHBoxLayout(self._inner)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(24)
        scroll = QScrollArea(self)
        scroll.setObjectName("account")
        scroll.setAccessibleName("校验与口径")
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._inner)
        self.setFocusProxy(scroll)
        self.body.addWidget(scroll, 1)

    def show_table(self, shown: Shown) -> None:
        """Account for a table, and for what differs from what was sent."""
        table = shown.table
        while self._parts.count():
            if (old := self._parts.takeAt(0).widget()) is not None:
                old.hide()
                old.deleteLater()
        if shown.told:
            self._add("本次补报", words.change_lines(shown.told, "neutral"))
        if shown.later:
            self._add("尚未补报的变动", words.change_lines(shown.later))
        if shown.before is not None:
            self._add("与上次报送比较", words.change_lines(shown.since, "neutral"))
        self._add("交叉校验", words.check_lines(table))
        self._add("未计入", words.left_out_lines(table))
        self._add("口径说明", words.note_lines(table))

    def texts(self) -> list[str]:
        """The lines as they are read."""
        labels = self._inner.findChildren(CaptionLabel)
        return [label.text() for label in labels if label.isVisibleTo(self._inner)]

    def _add(self, heading: str, lines: Iterable[Line]) -> None:
        listed = tuple(lines) or (Line("无"),)
        part = QWidget(self._inner)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(HeadingLabel(heading, "card", part))
        for line in listed:
            column.addWidget(CaptionLabel(line.text, line.tone, part))
        column.addStretch(1)
        self._parts.addWidget(part, 1)


class Below(QStackedWidget):
    """One of the two at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clear")
        self.records, self.account = BehindCard(self), AccountCard(self)
        self.addWidget(self.records)
        self.addWidget(self.account)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """What is left under the table; some lines at least."""
        return QSize(400, LOWEST)

    def minimumSizeHint(self) -> QSize:
        """The heading and one line: a small window needs its height for the table."""
        return QSize(300, SMALLEST + theme.current().sizes.line * 2)

    def turn(self) -> bool:
        """Show the other one; whether it is the account now."""
        shown = self.currentWidget() is self.records
        self.setCurrentWidget(self.account if shown else self.records)
        return shown
