"""What to print: the form, filled from a visit or blank, and the visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.clock import local_date
from app.services.enforcing import OrderRow
from app.services.issuing import FormRow
from app.services.visits import InspectionRow
from app.ui.enforcement.lines import order_title
from app.ui.slots import calling
from app.ui.steps import ChoiceBox
from app.ui.theme import current
from app.ui.tokens import TARGET
from app.ui.widgets import CaptionLabel, Column, PagedTable, SearchField
from app.vocabulary import InspectionType
from app.wording import label, labels

WIDTH: Final = 320
_ID: Final = Qt.ItemDataRole.UserRole

COLUMNS: Final[tuple[Column[InspectionRow], ...]] = (
    Column("企业", "subject_name", 0),
    Column("检查日期", lambda row: local_date(row.started_at).isoformat(), 12),
)


class ChoiceColumn(QWidget):
    """The column at the left; ``changed`` when something else is to be shown."""

    changed = Signal()

    def __init__(
        self,
        forms: Sequence[FormRow],
        fetch: Callable[[Sequence[str]], Sequence[InspectionRow]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self._forms = {row.id: row for row in forms}
        self.forms = QListWidget(self)
        self.forms.setObjectName("forms")
        self.forms.setAccessibleName("文书")
        for row in forms:
            item = QListWidgetItem(row.title)
            item.setData(_ID, row.id)
            self.forms.addItem(item)
        self.forms.setCurrentRow(0)
        self.forms.setFixedHeight(len(forms) * max(TARGET, current().sizes.line + 14) + 4)
        self.forms.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.blank = QCheckBox("空白件（Alt+B）", self)
        self.blank.setObjectName("blank")
        self.blank.setShortcut("Alt+B")
        self.order = ChoiceBox({}, parent=self)
        self.order.setObjectName("order")
        self.order.setAccessibleName("哪一份通知书")
        self.questions = ChoiceBox(labels("inspection_type"), InspectionType.CCC_PRODUCER, self)
        self.questions.setObjectName("questions")
        self.questions.setAccessibleName("哪一类的检查项")
        self.hint = CaptionLabel(parent=self)
        self.search = SearchField("搜索企业或代码", self)
        self.table: PagedTable[InspectionRow] = PagedTable(COLUMNS, fetch, parent=self)
        self.table.setObjectName("visits")
        self.table.setAccessibleName("检查")
        self._lay_out()
        self._connect()

    def form(self) -> FormRow:
        """The chosen form."""
        return self._forms[str(self.forms.currentItem().data(_ID))]

    def choose_form(self, form: str) -> None:
        """Choose a form without telling."""
        for line in range(self.forms.count()):
            if self.forms.item(line).data(_ID) == form:
                self.forms.blockSignals(True)
                self.forms.setCurrentRow(line, QItemSelectionModel.SelectionFlag.ClearAndSelect)
                self.forms.blockSignals(False)

    def show_orders(self, orders: Sequence[OrderRow], wanted: str = "") -> None:
        """Offer the orders of the visit where the form is about one."""
        kept = wanted or self.order.word()
        self.order.blockSignals(True)
        self.order.clear()
        for row in orders:
            self.order.addItem(f"{order_title(row)} · {label('order_status', row.status)}", row.key)
        self.order.choose(kept)
        self.order.blockSignals(False)
        self.order.setVisible(len(orders) > 1 and self.form().about == "order" and not self.blank.isChecked())

    def explain(self) -> None:
        """Say what of the form still waits for the official original."""
        count = self.form().unverified
        self.hint.show_text(f"版式有 {count} 处未与官方原件核对，用前比照" if count else "", "attention")
        self.hint.setVisible(bool(count))
        self._offer_blank(offered=not self.form().of_history)
        self.questions.setVisible(self.blank.isChecked() and self.form().of_questions)
        self.table.setEnabled(not self.blank.isChecked())
        self.search.setEnabled(not self.blank.isChecked())

    def _offer_blank(self, *, offered: bool) -> None:
        """A history has no blank paper; what was ticked for another form is taken back."""
        self.blank.setEnabled(offered)
        if not offered and self.blank.isChecked():
            self.blank.blockSignals(True)
            self.blank.setChecked(False)
            self.blank.blockSignals(False)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.forms, self.hint, self.blank, self.questions, self.order, self.search):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        self.order.hide()
        self.questions.hide()

    def _connect(self) -> None:
        self.forms.currentRowChanged.connect(calling(self.changed.emit))
        self.blank.toggled.connect(calling(self.changed.emit))
        self.questions.currentIndexChanged.connect(calling(self.changed.emit))
        self.order.currentIndexChanged.connect(calling(self.changed.emit))
        self.table.chosen.connect(calling(self.changed.emit))
