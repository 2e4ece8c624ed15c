"""The list of visits on this device: what is under way, returned or done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.clock import LOCAL
from app.services import visits
from app.services.visits import InspectionRow
from app.services.workplace import Workplace
from app.ui.slots import calling
from app.ui.tokens import Tone
from app.ui.visit.fieldset import ChoiceField
from app.ui.widgets import Column, EmptyState, PagedTable, SearchField
from app.vocabulary import InspectionStatus
from app.wording import label, labels


def _status_tone(row: InspectionRow) -> Tone | None:
    if row.in_conflict or row.status is InspectionStatus.RETURNED:
        return "attention"
    return "accent" if row.status is InspectionStatus.IN_PROGRESS else None


def _status_text(row: InspectionRow) -> str:
    return f"{label('inspection_status', row.status)}{' · 有不一致' if row.in_conflict else ''}"


COLUMNS: Final = (
    Column[InspectionRow]("企业", "subject_name", 0),
    Column[InspectionRow]("检查类型", lambda row: label("inspection_type", row.inspection_type), 18),
    Column[InspectionRow]("状态", _status_text, 12, tone=_status_tone),
    Column[InspectionRow](
        "开始", lambda row: row.started_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M"), 17
    ),
    Column[InspectionRow]("检查人员", "officers", 16),
    Column[InspectionRow]("问题", "findings", 6, align="center"),
    Column[InspectionRow]("照片", "photos", 6, align="center"),
)


class VisitList(QWidget):
    """Lists visits; ``opened`` carries the one to go on with, ``start_asked`` leads to the targets."""

    opened = Signal(str)
    start_asked = Signal()

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.search = SearchField("搜索企业名称或代码", self)
        words = {word: text for word, text in labels("inspection_status").items() if word != "assigned"}
        self.status = ChoiceField(words, "全部状态", self)
        self.status.setAccessibleName("状态")
        self.table: PagedTable[InspectionRow] = PagedTable(COLUMNS, self._rows, parent=self)
        self.table.setAccessibleName("检查")
        self.empty = EmptyState(
            "还没有检查", "从检查对象里选一家开始。", action="去检查对象", key="Return", icon="inspection"
        )
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.search, 1)
        head.addWidget(self.status)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        self.search.searched.connect(calling(self.refresh))
        self.status.chosen.connect(calling(self.refresh))
        self.table.opened.connect(self.opened)
        self.empty.acted.connect(self.start_asked)

    def refresh(self) -> None:
        """Read the list again."""
        word = self.status.word()
        ids = visits.inspection_ids(
            self._place,
            status=InspectionStatus(word) if word else None,
            query=self.search.text(),
        )
        self.table.set_ids(ids)
        if ids and self.table.current_id() is None:
            self.table.choose(ids[0])
        filtered = bool(word or self.search.text().strip())
        self.empty.say(*(_NONE_FOUND if filtered else _NONE_YET))
        self.empty.button.setVisible(not filtered)
        self._pages.setCurrentWidget(self.table if ids else self.empty)

    def focus_first(self) -> None:
        """Wait in the list."""
        (self.table if self.table.rows.ids() else self.empty.button).setFocus()

    def _rows(self, ids: Sequence[str]) -> Sequence[InspectionRow]:
        return visits.inspection_rows(self._place, ids)


_NONE_YET: Final = ("还没有检查", "从检查对象里选一家开始。")
_NONE_FOUND: Final = ("没有符合条件的检查", "换一个词或状态再找。")
