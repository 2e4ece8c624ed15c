"""The finding beside its item: wording, weight, what is done about it, what it violates."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.services.citing import cited_at
from app.services.findings import FindingValues
from app.services.sheet_rows import CitedProvision, FindingRow, Sheet
from app.services.workplace import Workplace
from app.ui.blocks import scrolling
from app.ui.slots import calling
from app.ui.visit.fieldset import ChoiceField, FieldSet
from app.ui.visit.lines import finding_number
from app.ui.visit.work import VisitWork
from app.ui.visit.writing import WritingField
from app.ui.widgets import CaptionLabel, Card, Chip, HeadingLabel, PlainButton, SecondaryButton, TextLabel
from app.vocabulary import Disposition, Severity, SubjectKind
from app.wording import label, labels


def offered(place: Workplace, sheet: Sheet, row: FindingRow) -> tuple[CitedProvision, ...]:
    """Provisions to tick: those the finding has and those of its item."""
    own = (each.id for section in sheet.sections for item in section.items if item.id == row.item
           for each in item.references)  # fmt: skip
    return cited_at(place, sheet.header.started_at, (*own, *row.provision.split()))


def others(sheet: Sheet, shown: Iterable[CitedProvision]) -> dict[str, str]:
    """Every other provision that this visit's items rest on, to be added."""
    known = {each.id for each in shown}
    found = (each for section in sheet.sections for item in section.items for each in item.references)
    return {each.id: each.text for each in found if each.id not in known}


class FindingPanel(Card):
    """Edits one finding; ``closed`` when it is put away, ``disposal_asked`` for what follows from it."""

    closed = Signal()
    disposal_asked = Signal(str)

    def __init__(self, work: VisitWork, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("finding_panel")
        self._work = work
        self.key = ""
        self._shown = ""
        self._heading = HeadingLabel("问题", "card", self)
        self.description = WritingField(5, self)
        self.description.setObjectName("finding_description")
        self.description.setPlaceholderText("时间、地点、产品型号、数量，看到了什么；停笔即存")
        self.severity = ChoiceField(labels("severity"), parent=self)
        self.severity.setObjectName("finding_severity")
        self.disposition = ChoiceField(labels("disposition"), parent=self)
        self.disposition.setObjectName("finding_disposition")
        self.against = ChoiceField(labels("subject_kind"), parent=self)
        self.against.setObjectName("finding_against")
        self.add_provision = ChoiceField({}, "添加条款…", self)
        self.add_provision.setObjectName("finding_provision")
        self._fields = FieldSet(self._save, self)
        self._provisions = QVBoxLayout()
        self._checks: dict[str, QCheckBox] = {}
        self._close = PlainButton("完成", "Esc", self)
        self._dispose = SecondaryButton("去处置", "Ctrl+D", self)
        self._remove = PlainButton("删除问题", parent=self)
        self._lay_out()
        self._connect()

    def show_finding(self, key: str) -> bool:
        """Show a finding; ``False`` when there is none or the former one could not be stored."""
        if self._work.finding(key) is None or not self.flush():
            return False
        self.key, self._shown = key, ""
        self.refresh()
        return True

    def open(self, key: str) -> bool:
        """Show a finding and wait for its wording."""
        if not self.show_finding(key):
            return False
        self.description.setFocus()
        self.description.moveCursor(QTextCursor.MoveOperation.End)
        return True

    def refresh(self) -> None:
        """Show the finding as it is stored."""
        row, sheet = self._work.finding(self.key), self._work.sheet
        if row is None or sheet is None:
            if self.key:
                self.key = ""
                self.closed.emit()
            return
        editable = self._work.editable
        item = f" · {row.number}" if row.number else ""
        self._heading.setText(f"问题 {finding_number(sheet, row.key)}{item}")
        names = ("description", "severity", "disposition", "against")
        values = {name: getattr(row, name) for name in names}
        self._fields.show_values(values, editable=editable)
        self._show_provisions(sheet, row, editable=editable)
        self._remove.setVisible(editable and not row.item and row.order_key is None)

    def flush(self) -> bool:
        """Store what is being typed."""
        return self._fields.saver.flush()

    def close_panel(self) -> None:
        """Store and put away."""
        if self.flush():
            self.key = ""
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the panel away."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(4)
        for text, field in (
            ("描述", self.description),
            ("程度", self.severity),
            ("处置", self.disposition),
            ("问题归属", self.against),
        ):
            field.setAccessibleName(text)
            column.addWidget(CaptionLabel(text, parent=inside))
            column.addWidget(field)
            column.addSpacing(6)
        column.addWidget(CaptionLabel("违反条款", parent=inside))
        column.addLayout(self._provisions)
        self.add_provision.setAccessibleName("添加条款")
        self.add_provision.setSizeAdjustPolicy(
            ChoiceField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.add_provision.setMinimumContentsLength(8)
        column.addWidget(self.add_provision)
        column.addStretch(1)
        scroll = scrolling(inside)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._close)
        self.body.addLayout(head)
        self.body.addWidget(scroll, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._remove)
        foot.addStretch(1)
        foot.addWidget(self._dispose)
        self.body.addLayout(foot)

    def _connect(self) -> None:
        for name, field in (
            ("description", self.description),
            ("severity", self.severity),
            ("disposition", self.disposition),
            ("against", self.against),
        ):
            self._fields.add(name, field)
        self.description.ended.connect(self.close_panel)
        self.add_provision.chosen.connect(self._add_provision)
        self._close.clicked.connect(self.close_panel)
        self._dispose.clicked.connect(self._go_on)
        self._remove.clicked.connect(self._drop)

    def _show_provisions(self, sheet: Sheet, row: FindingRow, *, editable: bool) -> None:
        offer = offered(self._work.place, sheet, row)
        shown = f"{row.key}|{row.provision}|{editable}"
        if shown == self._shown:
            return
        self._shown = shown
        while self._provisions.count():
            old = self._provisions.takeAt(0).widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        chosen = row.provision.split()
        self._checks.clear()
        for each in offer:
            line = self._provision_line(each, chosen=each.id in chosen, editable=editable)
            self._provisions.addWidget(line)
            line.show()
        self.add_provision.clear()
        self.add_provision.addItem("添加条款…", "")
        for key, text in others(sheet, offer).items():
            self.add_provision.addItem(text, key)
        self.add_provision.setVisible(editable and self.add_provision.count() > 1)

    def _provision_line(self, provision: CitedProvision, *, chosen: bool, editable: bool) -> QWidget:
        whole = QWidget(self)
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        check = QCheckBox(whole)
        self._checks[provision.id] = check
        check.setObjectName(f"provision_{provision.id}")
        check.setAccessibleName(provision.text)
        check.setChecked(chosen)
        check.setEnabled(editable)
        check.clicked.connect(calling(self._tick_line, provision.id, check))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(TextLabel(provision.text, parent=whole))
        if provision.needs_confirmation:
            chip = Chip(label("confidence", provision.confidence), "attention", whole)
            words.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
        line.addWidget(check, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        return whole

    def _tick_line(self, provision: str, check: QCheckBox) -> None:
        self._tick(provision, check.isChecked())
        # The lines were made anew; the keys stay with the one that was ticked.
        if provision in self._checks:
            self._checks[provision].setFocus()

    def _tick(self, provision: str, chosen: bool) -> None:
        row = self._work.finding(self.key)
        if row is not None:
            kept = [each for each in row.provision.split() if each != provision]
            self._change(provision=" ".join([*kept, provision] if chosen else kept))

    def _add_provision(self, provision: str) -> None:
        if provision:
            self._tick(provision, chosen=True)

    def _save(self, name: str, value: object) -> bool:
        text = "" if value is None else str(value)
        if name == "description":
            return self._change(description=text)
        if not text:
            self.refresh()
            return True
        if name == "severity":
            return self._change(severity=Severity(text))
        if name == "against":
            return self._change(against=SubjectKind(text))
        return self._change(disposition=Disposition(text))

    def _change(
        self,
        *,
        description: str | None = None,
        severity: Severity | None = None,
        disposition: Disposition | None = None,
        provision: str | None = None,
        against: SubjectKind | None = None,
    ) -> bool:
        if self._work.finding(self.key) is None:
            return True
        values = FindingValues(description, severity, disposition, provision, against=against)
        return self._work.change_finding(self.key, values)

    def _go_on(self) -> None:
        if self.flush():
            self.disposal_asked.emit(self.key)

    def _drop(self) -> None:
        key, self.key = self.key, ""
        self._fields.saver.forget()
        if self._work.remove_finding(key):
            self.closed.emit()
