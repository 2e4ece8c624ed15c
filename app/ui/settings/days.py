"""节假日补充: days off and days of work that the official calendar of the program does not know yet."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.settings import Settings
from app.ui.slots import calling
from app.ui.widgets import CaptionLabel, Card, Form
from app.ui.widgets.fields import FormRow

_APART: Final = re.compile(r"[\s,，;；、]+")


class DaysCard(Card):
    """Two lists of days; ``changed`` carries what is to be stored."""

    changed = Signal(dict)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("节假日补充", parent)
        self.fields: dict[str, QLineEdit] = {}
        self.rows: dict[str, FormRow] = {}
        form = Form(self)
        for name, text in (("extra_holidays", "放假"), ("extra_workdays", "调休上班")):
            field = QLineEdit(self)
            field.setPlaceholderText("2027-02-10、2027-02-11")
            self.fields[name] = field
            self.rows[name] = form.add(text, field, name=name)
            field.editingFinished.connect(calling(self.store))
        self.body.addWidget(form)
        note = "程序里还没有的年份按周末推算，期限旁有提示；放假通知公布后在这里补，期限随即重算。"
        self.body.addWidget(CaptionLabel(note, parent=self))

    def show_days(self, said: Settings) -> None:
        """Show the days as they are set."""
        for name, field in self.fields.items():
            field.setText("、".join(day.isoformat() for day in getattr(said, name)))

    def store(self) -> bool:
        """Have the days stored; ``False`` where a list cannot be read, which says so below its field."""
        if self._wrong():
            return False
        self.changed.emit({name: days_of(field.text())[0] for name, field in self.fields.items()})
        return True

    def settle(self) -> bool:
        """Store before the screen is left, or go to the list that cannot be read."""
        stored = self.store()
        if not stored:
            self.fields[self._wrong()[0]].setFocus()
        return stored

    def _wrong(self) -> list[str]:
        found = {name: days_of(field.text())[1] for name, field in self.fields.items()}
        for name, word in found.items():
            self.rows[name].set_problem(f"“{word}”不是日期；写成 2027-02-10" if word else "")
        return [name for name, word in found.items() if word]


def days_of(text: str) -> tuple[tuple[date, ...], str]:
    """The days of a list in their order, and the first word that is none."""
    days = set[date]()
    for word in filter(None, _APART.split(text)):
        try:
            days.add(date.fromisoformat(word))
        except ValueError:
            return (), word
    return tuple(sorted(days)), ""
