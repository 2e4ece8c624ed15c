"""Where a page of the tray belongs: the visit, the paper, its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.clock import local_date
from app.services import scan_rows, visits
from app.services.scan_rows import Copy
from app.services.scan_tray import Wanted
from app.services.visits import InspectionRow
from app.ui.slots import calling
from app.ui.steps import ChoiceBox
from app.ui.widgets import CaptionLabel, Column, PagedTable, PrimaryButton, SearchField

if TYPE_CHECKING:
    from app.services.workplace import Workplace

WIDTH: Final = 340
_MOST: Final = 999
COLUMNS: Final[tuple[Column[InspectionRow], ...]] = (
    Column("企业", "subject_name", 0),
    Column("检查日期", lambda row: local_date(row.started_at).isoformat(), 12),
)


class AssignPanel(QWidget):
    """Search and a table of visits, the papers of the chosen one, the page; ``asked`` when it is to be done."""

    asked = Signal()

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("assigning")
        self._place = place
        self._copies: tuple[Copy, ...] = ()
        self.search = SearchField("归到哪次检查：企业或代码", self)
        self.table: PagedTable[InspectionRow] = PagedTable(COLUMNS, self._fetch, parent=self)
        self.table.setObjectName("visits")
        self.table.setAccessibleName("归到哪次检查")
        self.copy = ChoiceBox({}, parent=self)
        self.copy.setObjectName("copy")
        self.copy.setAccessibleName("哪一份文书")
        self.page, self.pages = PageNumber("页码", self), PageNumber("总页数", self)
        self.button = PrimaryButton("归到这里", "Ctrl+Return", self)
        self.button.setObjectName("assign")
        self._lay_out()
        self._connect()
        self._search()

    def wanted(self) -> Wanted | None:
        """Where the page is to go; ``None`` while no visit is chosen."""
        inspection_id = self.table.current_id()
        if inspection_id is None:
            return None
        self._match()
        form, _, key = self.copy.word().partition("/")
        return Wanted(inspection_id, form, key, self.page.value(), self.pages.value())

    def go_on(self) -> None:
        """Propose the next page of the same paper."""
        if 0 < self.page.value() < self.pages.value():
            self.page.set_value(self.page.value() + 1)
        else:
            self.page.set_value(0)
            self.pages.set_value(0)

    def refresh(self) -> None:
        """Read the visits and the papers again."""
        self._search()

    def _search(self) -> None:
        kept = self.table.current_id()
        self.table.set_ids(visits.inspection_ids(self._place, query=self.search.text()))
        if kept:
            self.table.choose(kept)
        self._offer()

    def _offer(self) -> None:
        inspection_id = self.table.current_id()
        kept = self.copy.word()
        self._copies = scan_rows.copies_of(self._place, inspection_id=inspection_id) if inspection_id else ()
        self.copy.blockSignals(True)
        self.copy.clear()
        self.copy.addItem("未注明文书", "")
        for each in self._copies:
            self.copy.addItem(each.title, f"{each.form}/{each.key}")
        self.copy.choose(kept)
        self.copy.blockSignals(False)
        self.button.setEnabled(inspection_id is not None)

    def _fetch(self, ids: Sequence[str]) -> Sequence[InspectionRow]:
        return visits.inspection_rows(self._place, ids)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        for part in (_word("第", self), self.page, _word("页，共", self), self.pages, _word("页", self)):
            line.addWidget(part)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addWidget(self.copy)
        column.addLayout(line)
        column.addWidget(self.button)
        self.setFixedWidth(WIDTH)

    def _connect(self) -> None:
        self.search.searched.connect(calling(self._search))
        self.table.chosen.connect(calling(self._offer))
        self.page.editingFinished.connect(self._match)
        self.button.clicked.connect(self.asked)

    def _match(self) -> None:
        """A page needs a number of pages not smaller than itself."""
        if self.pages.value() < self.page.value():
            self.pages.set_value(self.page.value())


class PageNumber(QLineEdit):
    """A number of up to three digits; empty where nobody knows it."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}：照纸上印的填，不知道就空着")
        self.setValidator(QIntValidator(0, _MOST, self))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("0000") + 28)

    def value(self) -> int:
        """The number, 0 for none."""
        return int(self.text() or 0)

    def set_value(self, number: int) -> None:
        """Show a number; none for 0."""
        self.setText(str(number) if number else "")


def _word(text: str, parent: QWidget) -> CaptionLabel:
    label = CaptionLabel(text, parent=parent)
    label.setWordWrap(False)
    return label
