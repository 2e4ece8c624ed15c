"""The conditions of a visit as a list: those that hold, and what is missing, one key or click away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from app.services.conditions import Condition, Phase, conditions
from app.services.sheet_rows import MissingItem, Sheet
from app.ui import theme
from app.ui.icons import icon
from app.ui.visit.lines import BASICS, CLOSING, Destination, destination, missing_text
from app.ui.widgets import CaptionLabel, Card, HeadingLabel, PlainButton

DIGITS: Final = "①②③④⑤⑥⑦⑧⑨"
"""So many missing things have a digit of their own."""
_SIGN: Final = 16
_PHASES: Final[dict[Phase, str]] = {"start": "开始检查", "finish": "完成检查"}
_DOUBTS: Final = "再核对"
_HELD: Final[dict[str, str]] = {
    "officers": "检查人员两名以上，有执法证号",
    "credentials": "已出示执法证件",
    "rights": "已告知权利义务和申请回避的权利",
    "source": "任务来源",
    "approval": "检查审批",
    "notice": "检查通知书",
    "settled": "没有填写不一致",
    "basics": "检查地点、生产状态",
    "answers": "检查项",
    "findings": "问题都有描述",
    "dispositions": "处置都有文书",
    "account": "检查情况、处理意见",
    "officer_signatures": "检查人员签名",
    "party_signature": "当事人",
    "witness": "见证人",
}
_PLACES: Final[dict[str, Destination]] = {
    "officers": Destination("none", BASICS),
    "credentials": Destination("field", BASICS, "credentials_shown"),
    "rights": Destination("field", BASICS, "rights_told"),
    "source": Destination("field", BASICS, "task_source"),
    "approval": Destination("field", BASICS, "approval_number"),
    "notice": Destination("field", BASICS, "notice_number"),
    "basics": Destination("field", BASICS, "place"),
    "dispositions": Destination("enforcement"),
    "account": Destination("field", CLOSING, "situation"),
    "officer_signatures": Destination("sign", CLOSING),
    "party_signature": Destination("sign", CLOSING),
    "witness": Destination("sign", CLOSING, "witness"),
}
"""Where a condition that holds is seen; the others lead to the end of the visit."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words, its sign, and where it leads; a heading leads nowhere."""

    text: str
    sign: str
    ink: str
    where: Destination | None
    missing: MissingItem | None = None
    blocks: bool = False


def lines_of(sheet: Sheet) -> tuple[Line, ...]:
    """The list for one visit: the beginning, the end, and what is only to be looked at again."""
    return tuple(_lines(conditions(sheet), sheet.doubts))


def _lines(found: Sequence[Condition], doubts: Sequence[MissingItem]) -> Iterator[Line]:
    if doubts:
        yield _heading_line(_DOUBTS)
        yield from (_lacking(each, "info", blocks=False) for each in doubts)
    # What is to be done stands first: the beginning goes below once all of it is there.
    begun = all(each.holds for each in found if each.phase == "start")
    for phase in ("finish", "start") if begun else ("start", "finish"):
        rows = [row for row in found if row.phase == phase]
        yield _heading_line(_PHASES[phase])
        for each in rows:
            sign = "info" if each.advised else "findings"
            yield from (_lacking(missing, sign, blocks=not each.advised) for missing in each.lacking)
        yield from (_held(each) for each in rows if each.holds)


def _heading_line(text: str) -> Line:
    return Line(text, "", "soft", None)


def _held(row: Condition) -> Line:
    words = f"{_HELD[row.code]} · {row.detail}" if row.detail else _HELD[row.code]
    return Line(words, "good", "good", _PLACES.get(row.code, Destination("none", CLOSING)))


def _lacking(missing: MissingItem, sign: str, *, blocks: bool) -> Line:
    ink = "attention" if blocks else "soft"
    return Line(missing_text(missing), sign, ink, destination(missing), missing, blocks)


class ConditionList(QListWidget):
    """The lines; digits are left to the panel instead of searching the list for them."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave digits to whoever the list lies in."""
        if event.text().isdigit():
            event.ignore()
        else:
            super().keyPressEvent(event)


class MissingPanel(Card):
    """Lists the conditions; ``chosen`` carries the :class:`Destination` of a line."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("missing_panel")
        self._lines: tuple[Line, ...] = ()
        self._heading = HeadingLabel("", "card", self)
        self._hint = CaptionLabel(parent=self)
        self.list = ConditionList(self)
        self.list.setObjectName("missing")
        self.list.setAccessibleName("办理条件")
        self.list.setWordWrap(True)
        self.list.setIconSize(QSize(_SIGN, _SIGN))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._close = PlainButton("收起", "Esc", self)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._close)
        self.body.addLayout(head)
        self.body.addWidget(self._hint)
        self.body.addWidget(self.list, 1)
        self._close.clicked.connect(self.closed)
        self.list.itemClicked.connect(self._go)
        theme.current().changed.connect(self._fill)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show how a visit stands now; the current line stays where it was."""
        lines = lines_of(sheet)
        if lines == self._lines:
            return
        self._lines = lines
        missing = sum(line.blocks for line in lines)
        self._heading.setText(_heading(missing, len(sheet.doubts)))
        self._hint.setText(_hint(missing, len(sheet.doubts)))
        self._fill()

    def go_to_first(self) -> None:
        """Wait at the first thing that is missing, else at what is to be looked at again."""
        wanted = [row for row, line in enumerate(self._lines) if line.blocks]
        wanted = wanted or [row for row, line in enumerate(self._lines) if line.missing is not None]
        self.list.setCurrentRow(wanted[0] if wanted else 1)
        self.list.setFocus()

    def texts(self) -> list[str]:
        """The words of each line."""
        return [line.text for line in self._lines]

    def destinations(self) -> list[Destination | None]:
        """Where each line leads; a heading leads nowhere."""
        return [line.where for line in self._lines]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the line, a digit to the missing thing of that number, Esc puts the list away."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.list.currentItem() is not None:
            self._go(self.list.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.text().isdigit():
            # A digit without a line ends here: below it would answer the item behind the list.
            if (line := self._keyed(int(event.text()))) is not None:
                self.chosen.emit(line.where)
        else:
            super().keyPressEvent(event)

    def _keyed(self, number: int) -> Line | None:
        lines = [line for line in self._lines if line.missing is not None]
        return lines[number - 1] if 1 <= number <= min(len(DIGITS), len(lines)) else None

    def _fill(self) -> None:
        row, number = max(0, self.list.currentRow()), 0
        self.list.clear()
        for line in self._lines:
            digit = DIGITS[number : number + 1] if line.missing is not None else ""
            number += line.missing is not None
            self.list.addItem(_item(line, f"{digit} " if digit else ""))
        self.list.setCurrentRow(min(row, len(self._lines) - 1))

    def _go(self, item: QListWidgetItem) -> None:
        where = self._lines[self.list.row(item)].where
        if where is not None:
            self.chosen.emit(where)


def _item(line: Line, digit: str) -> QListWidgetItem:
    item = QListWidgetItem(f"{digit}{line.text}")
    colors = theme.current()
    if line.where is None:
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        font = item.font()
        font.setBold(True)
        item.setFont(font)
        item.setForeground(colors.color("soft"))
        return item
    item.setIcon(icon(line.sign, line.ink))
    state = "已具备" if line.missing is None else ("缺" if line.blocks else "请核对")
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{state} {line.text}")
    if line.missing is None:
        item.setForeground(colors.color("soft"))
    return item


def _heading(missing: int, doubts: int) -> str:
    if missing:
        return f"还缺 {missing} 项"
    return f"有 {doubts} 处请再核对" if doubts else "都办完了"


def _hint(missing: int, doubts: int) -> str:
    if missing:
        return "按前面的数字、Enter 或单击到那一项；补上一项，就打一个勾。"
    return "核对无误后再按 Ctrl+Enter 完成并封存。" if doubts else "按 Ctrl+Enter 完成并封存。"
