"""What to print: the form, filled from a visit or blank, the visit, and what of it the form is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Final

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.clock import local_date
from app.services.issuing import FormRow
from app.services.visits import InspectionRow
from app.ui.slots import calling
from app.ui.steps import ChoiceBox
from app.ui.theme import current
from app.ui.tokens import TARGET
from app.ui.widgets import CaptionLabel, Column, PagedTable, SearchField
from app.vocabulary import InspectionType
from app.wording import label, labels

WIDTH: Final = 320
_ID: Final = Qt.ItemDataRole.UserRole
_SHOWN: Final = 6
"""Lines of the list of forms in view; the visits below need the room."""
_LEAST: Final = 3
"""Lines of it that stay in a low window."""
_VISITS: Final = 5
"""Visits in view before the list of forms gets more than its least."""
_SPACING: Final = 8

COLUMNS: Final[tuple[Column[InspectionRow], ...]] = (
    Column("企业", "subject_name", 0),
    Column("检查日期", lambda row: local_date(row.started_at).isoformat(), 12),
)


class FormList(QListWidget):
    """The forms under the headings of what they are about."""

    def __init__(self, forms: Sequence[FormRow], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("forms")
        self.setAccessibleName("文书")
        order = list(labels("form_about"))
        # What prints without any further word comes first.
        listed = sorted(forms, key=lambda row: (order.index(row.about), row.kept, row.title))
        for about, rows in groupby(listed, lambda row: row.about):
            heading = QListWidgetItem(label("form_about", about))
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            font = self.font()
            font.setBold(True)
            heading.setFont(font)
            self.addItem(heading)
            for row in rows:
                item = QListWidgetItem(f"　{row.title}")
                item.setData(_ID, row.id)
                self.addItem(item)
        self.setCurrentRow(1)
        self.fit(0)

    def fit(self, room: int) -> None:
        """Take as many lines as ``room`` has, within bounds; the chosen form stays in view."""
        line = max(TARGET, current().sizes.line + 14)
        lines = min(self.count(), max(_LEAST, min(_SHOWN, (room - 4) // line)))
        if self.height() != lines * line + 4 or self.minimumHeight() != self.maximumHeight():
            self.setFixedHeight(lines * line + 4)
            self.scrollToItem(self.currentItem())

    def form_id(self) -> str:
        """The chosen form's identifier."""
        return str(self.currentItem().data(_ID))

    def choose(self, form: str) -> None:
        """Choose a form without telling."""
        for line in range(self.count()):
            if self.item(line).data(_ID) == form:
                self.blockSignals(True)
                self.setCurrentRow(line, QItemSelectionModel.SelectionFlag.ClearAndSelect)
                self.scrollToItem(self.item(line))
                self.blockSignals(False)


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
        self.forms = FormList(forms, self)
        self.blank = QCheckBox("空白件（Alt+B）", self)
        self.blank.setObjectName("blank")
        self.blank.setShortcut("Alt+B")
        self.subject = ChoiceBox({}, parent=self)
        self.subject.setObjectName("subject")
        self.subject.setAccessibleName("关于哪一件")
        self.paper = ChoiceBox({}, parent=self)
        self.paper.setObjectName("paper")
        self.paper.setAccessibleName("哪一份文书")
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
        return self._forms[self.forms.form_id()]

    def choose_form(self, form: str) -> None:
        """Choose a form without telling."""
        self.forms.choose(form)

    def offer_subjects(self, titles: Mapping[str, str], wanted: str = "") -> None:
        """Offer what the form can be about; one alone needs no choice."""
        _offer(self.subject, titles, wanted)
        self.subject.setVisible(len(titles) > 1 and not self.blank.isChecked())
        self._share()

    def offer_papers(self, titles: Mapping[str, str], wanted: str = "") -> None:
        """Offer the papers of the form that were begun, the newest first."""
        _offer(self.paper, titles, wanted)
        self.paper.setVisible(len(titles) > 1 and not self.blank.isChecked())
        self._share()

    def explain(self) -> None:
        """Say what of the form still waits for the official original."""
        form = self.form()
        texts = [f"版式有 {form.unverified} 处未与官方原件核对，用前比照"] if form.unverified else []
        texts += ["所填内容只印在文件里，不存入记录"] if form.asked else []
        self.hint.show_text("；".join(texts), "attention")
        self.hint.setVisible(bool(texts))
        self._offer_blank(offered=not form.of_history)
        self.questions.setVisible(self.blank.isChecked() and form.of_questions)
        self.table.setEnabled(not self.blank.isChecked())
        self.search.setEnabled(not self.blank.isChecked())
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new height out."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Give the forms what the visits can spare: in a low window both lists stay of use."""
        between = [
            part for part in (self.hint, self.blank, self.questions, self.subject, self.paper, self.search)
            if not part.isHidden()
        ]  # fmt: skip
        taken = sum(max(part.sizeHint().height(), part.heightForWidth(WIDTH)) for part in between)
        head, row = self.table.horizontalHeader(), self.table.verticalHeader().defaultSectionSize()
        visits = head.sizeHint().height() + _VISITS * row + 4
        self.forms.fit(self.height() - taken - visits - _SPACING * (len(between) + 1))

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
        column.setSpacing(_SPACING)
        parts = (self.forms, self.hint, self.blank, self.questions, self.subject, self.paper, self.search)
        for part in parts:
            column.addWidget(part)
        column.addWidget(self.table, 1)
        for part in (self.subject, self.paper, self.questions):
            part.hide()

    def _connect(self) -> None:
        self.forms.currentRowChanged.connect(calling(self.changed.emit))
        self.blank.toggled.connect(calling(self.changed.emit))
        for box in (self.questions, self.subject, self.paper):
            box.currentIndexChanged.connect(calling(self.changed.emit))
        self.table.chosen.connect(calling(self.changed.emit))


def _offer(box: ChoiceBox, titles: Mapping[str, str], wanted: str) -> None:
    kept = wanted or box.word()
    box.blockSignals(True)
    box.clear()
    for key, title in titles.items():
        box.addItem(title, key)
    box.choose(kept)
    box.blockSignals(False)
