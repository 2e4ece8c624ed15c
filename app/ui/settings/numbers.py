"""文号规则: what numbers papers get, each rule with the number that it would give next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.errors import ChayanError
from app.services import numbering
from app.ui.slots import calling
from app.ui.widgets import CaptionLabel, Card, Form
from app.ui.widgets.fields import FormRow
from app.wording import sentence

if TYPE_CHECKING:
    from app.ui.screens import Desk


class NumbersCard(Card):
    """A field for each form that is numbered; an empty one keeps the usual rule.

    ``changed`` carries the rules that are to be stored, by form.
    """

    changed = Signal(dict)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__("文号规则", parent)
        self._desk = desk
        self.fields: dict[str, QLineEdit] = {}
        self.rows: dict[str, FormRow] = {}
        self._tried: dict[str, tuple[str, bool]] = {}
        note = "{n} 是序号（{n:03} 补足三位），{year} 年度，{office} 本单位代字，{device} 本机代号；不填用原来的规则"
        self.body.addWidget(CaptionLabel(note, parent=self))
        form = Form(self)
        for each in numbering.rules(desk.place):
            field = QLineEdit(self)
            field.setPlaceholderText(each.usual)
            self.fields[each.form] = field
            self.rows[each.form] = form.add(each.title, field, name=f"rule_{each.form}")
            field.textEdited.connect(partial(self._preview, each.form))
            field.editingFinished.connect(calling(self.store))
        self.body.addWidget(form)
        self.body.addWidget(CaptionLabel("改动随填随存，立即生效", parent=self))

    def show_rules(self) -> None:
        """Show the rules as they are set, each with its next number."""
        for each in numbering.rules(self._desk.place):
            if each.form in self.fields:
                self.fields[each.form].setText(each.own)
                self._preview(each.form, each.own)

    def store(self) -> bool:
        """Have the rules stored; ``False`` where one cannot be used, which says so below its field."""
        usable = [self._is_usable(name) for name in self.fields]
        if not all(usable):
            return False
        told = {name: field.text().strip() for name, field in self.fields.items()}
        self.changed.emit({name: text for name, text in told.items() if text})
        return True

    def preview_all(self) -> None:
        """Say the next numbers anew, for a mark that they contain was changed."""
        for name, field in self.fields.items():
            self._preview(name, field.text())

    def settle(self) -> bool:
        """Store before the screen is left, or go to the rule that cannot be used."""
        if self.store():
            return True
        wrong = (field for name, field in self.fields.items() if not self._is_usable(name))
        next(wrong).setFocus()
        return False

    def _is_usable(self, name: str) -> bool:
        """Whether a rule can be used; one that was tried while it was typed asks nothing of the store."""
        text = self.fields[name].text()
        tried, usable = self._tried.get(name, (None, False))
        return usable if tried == text else self._preview(name, text)

    def _preview(self, name: str, text: str) -> bool:
        usable = self._show_next(name, text)
        self._tried[name] = (text, usable)
        return usable

    def _show_next(self, name: str, text: str) -> bool:
        row = self.rows[name]
        try:
            number = numbering.preview(self._desk.place, form=name, text=text)
        except ChayanError as error:
            said = sentence(error)
            row.set_problem(f"{said.message}；{said.remedy}")
            return False
        row.set_problem("")
        row.explain(f"下一个：{number}" if number else "先填写本单位代字")
        return True
