"""The first and the last card of a visit: what it rests on, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.inspecting import Duties
from app.services.sheet_rows import FindingRow, Sheet, SignatureRow
from app.ui.slots import calling
from app.ui.visit.cards import ListCard
from app.ui.visit.fieldset import ChoiceField, FieldSet
from app.ui.visit.lines import (
    BASICS,
    BASICS_TITLE,
    CLOSING,
    CLOSING_TITLE,
    FIELD_NAMES,
    clock_text,
    result_lines,
)
from app.ui.visit.work import VisitWork
from app.ui.visit.writing import WritingField
from app.ui.widgets import (
    CaptionLabel,
    Chip,
    DateField,
    Form,
    FormRow,
    HeadingLabel,
    PlainButton,
    SecondaryButton,
    Separator,
    TextLabel,
)
from app.vocabulary import InspectionType
from app.wording import label, labels

DUTY_NAMES: Final = frozenset(Duties.__slots__)


class HeaderCard(ListCard):
    """A card with fields of the header; each is stored by itself."""

    left = Signal()
    """Writing ended by Esc or Ctrl+Enter; the focus is free."""

    def __init__(self, key: str, heading: str, work: VisitWork) -> None:
        super().__init__(key)
        self.setObjectName(f"card_{key.removeprefix('@')}")
        self.setAccessibleName(heading)
        self._work = work
        self._shown: Sheet | None = None
        self.fields = FieldSet(self._save, self)
        self.fields.left.connect(work.steps.settle)
        self.body.addWidget(HeadingLabel(heading, "card", self))
        self.form = Form(self)
        self.body.addWidget(self.form)

    def add_line(self, name: str) -> FormRow:
        """Append a line of text."""
        return self._add(name, QLineEdit(self))

    def add_choice(self, name: str) -> FormRow:
        """Append a choice among the words of the vocabulary of that name."""
        return self._add(name, ChoiceField(labels(name), parent=self))

    def add_text(self, name: str, lines: int) -> FormRow:
        """Append a field for some lines."""
        field = WritingField(lines, self)
        field.ended.connect(self.left)
        return self._add(name, field)

    def refresh(self) -> None:
        """Show the sheet as it was last read; the same one again costs nothing."""
        sheet = self._work.sheet
        if sheet is not None and sheet is not self._shown:
            self._shown = sheet
            self._show(sheet)

    def _show(self, sheet: Sheet) -> None:
        values = {name: getattr(sheet.header, name) for name in sheet.header.__slots__}
        self.fields.show_values(values, editable=self._work.editable)

    def focus_field(self, name: str) -> None:
        """Put the cursor into one field."""
        field = self.fields.field(name)
        if field is not None:
            field.setFocus()

    def _add(self, name: str, field: QWidget) -> FormRow:
        self.fields.add(name, field)
        return self.form.add(FIELD_NAMES[name], field, name=name)

    def _save(self, name: str, value: object) -> bool:
        if name in DUTY_NAMES:
            return self._work.duties(**{name: value})
        return self._work.header(name, None if value is None else str(value))


class BasicsCard(HeaderCard):
    """基本情况: where, in what state, on what task and approval; what was shown and told."""

    def __init__(self, work: VisitWork) -> None:
        super().__init__(BASICS, BASICS_TITLE, work)
        self.add_line("place")
        self.add_choice("production_status")
        self._product = self.add_choice("product_class")
        self.add_line("subject_representative")
        self.add_line("subject_phone")
        self.add_choice("task_source")
        self.add_line("approval_number")
        self.add_line("approval_by")
        self._approval = DateField(parent=self)
        self.form.add(FIELD_NAMES["approval_on"], self._approval, name="approval_on")
        self._approval.changed.connect(self._set_approval)
        self.add_line("notice_number")
        self._add_checks()

    def _show(self, sheet: Sheet) -> None:
        """Show the header; other kinds of organization have no product class of 附件1."""
        super()._show(sheet)
        self._product.set_visible(sheet.header.inspection_type is InspectionType.CCC_PRODUCER)
        self._approval.blockSignals(True)
        self._approval.set_day(sheet.header.approval_on or self._work.place.today())
        self._approval.blockSignals(False)
        self._approval.setEnabled(self._work.editable)

    def _add_checks(self) -> None:
        checks = QWidget(self)
        row = QVBoxLayout(checks)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for name in ("credentials_shown", "rights_told", "party_present"):
            check = QCheckBox(FIELD_NAMES[name], checks)
            check.setObjectName(name)
            self.fields.add(name, check)
            row.addWidget(check)
        self.form.add("程序", checks)

    def _set_approval(self, day: date) -> None:
        self._work.duties(approval_on=day)


class ClosingCard(HeaderCard):
    """检查情况与签名: what was seen, what is to be done, other findings, who signed."""

    sign_asked = Signal(str)
    finding_asked = Signal(str)

    def __init__(self, work: VisitWork) -> None:
        super().__init__(CLOSING, CLOSING_TITLE, work)
        self.add_text("previous_rectification", 2)
        self.add_text("situation", 4)
        self.add_text("opinion", 3)
        self.add_line("recorder")
        self.result = CaptionLabel(parent=self)
        self.result.setObjectName("result")
        self.body.addWidget(self.result)
        self._findings = QVBoxLayout()
        self._signers = QVBoxLayout()
        self.add_finding = SecondaryButton("记录检查表以外的问题", parent=self)
        self.add_finding.setObjectName("add_finding")
        self.body.addWidget(Separator(self))
        self.body.addWidget(HeadingLabel("问题", "card", self))
        self.body.addLayout(self._findings)
        left = QHBoxLayout()
        left.addWidget(self.add_finding)
        left.addStretch(1)
        self.body.addLayout(left)
        self.body.addWidget(Separator(self))
        self.body.addWidget(HeadingLabel("签名", "card", self))
        self.body.addLayout(self._signers)
        self.add_finding.clicked.connect(self._add_finding)

    def _show(self, sheet: Sheet) -> None:
        """Show the header, the findings and the signatures."""
        super()._show(sheet)
        lines = result_lines(sheet)
        self.result.setText("\n".join(lines))
        self.result.setVisible(bool(lines))
        self.add_finding.setVisible(self._work.editable)
        _refill(self._findings, [self._finding_line(*each) for each in enumerate(sheet.findings, start=1)])
        signed = {row.party: row for row in sheet.signatures}
        parties = [(f"officer:{row.credential}", f"检查人员 {row.called}") for row in sheet.team]
        parties += [("party", "当事人"), ("witness", "见证人")]
        _refill(self._signers, [self._signer_line(key, who, signed.get(key)) for key, who in parties])

    def _finding_line(self, number: int, row: FindingRow) -> QWidget:
        whole, line = _row(self)
        text = TextLabel(f"{number}. {row.description or '（未写描述）'}", parent=whole)
        button = PlainButton("编辑" if self._work.editable else "查看", parent=whole)
        button.setAccessibleName(f"{button.text()}问题 {number}")
        button.clicked.connect(calling(self.finding_asked.emit, row.key))
        line.addWidget(text, 1)
        line.addWidget(Chip(label("disposition", row.disposition), "neutral", whole))
        line.addWidget(button)
        return whole

    def _signer_line(self, party: str, who: str, signed: SignatureRow | None) -> QWidget:
        whole, line = _row(self)
        line.addWidget(TextLabel(who, parent=whole), 1)
        if signed is not None:
            words = f"{label('signature_state', signed.state)} {clock_text(signed.signed_at)}"
            line.addWidget(Chip(words, "good" if signed.image else "attention", whole))
        elif party == "witness":
            line.addWidget(CaptionLabel("有见证人时签", parent=whole))
        if self._work.editable:
            button = PlainButton("重签" if signed else "签名", parent=whole)
            button.setAccessibleName(f"{who}{button.text()}")
            button.clicked.connect(calling(self.sign_asked.emit, party))
            line.addWidget(button)
        return whole

    def _add_finding(self) -> None:
        key = self._work.add_finding()
        if key is not None:
            self.finding_asked.emit(key)


def _row(parent: QWidget) -> tuple[QWidget, QHBoxLayout]:
    whole = QWidget(parent)
    line = QHBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    return whole, line


def _refill(column: QVBoxLayout, widgets: Sequence[QWidget]) -> None:
    while column.count():
        old = column.takeAt(0).widget()
        if old is not None:
            old.hide()
            old.deleteLater()
    for widget in widgets:
        column.addWidget(widget)
        widget.show()
