"""The first-use form: whose home this is, and the passphrase that will open it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from app.ui.widgets.buttons import PrimaryButton, SecondaryButton
from app.ui.widgets.fields import Form, FormRow, PassphraseField
from app.wording import labels

PASSPHRASE_LENGTH: Final = 8
"""Shorter ones are refused when a home is made; what protects a lost laptop is this alone."""


@dataclass(frozen=True, slots=True)
class NewHome:
    """What the first-use form asks for."""

    role: str
    office: str
    name: str
    credential: str
    passphrase: str


class FirstUsePage(QWidget):
    """Asks whose home this is; says beside the field what is still missing."""

    submitted = Signal(object)
    practice_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = QButtonGroup(self)
        self._form = Form(self)
        self._form.add("使用人", self._role_row(labels("role")))
        self._rows: dict[str, FormRow] = {}
        self._fields: dict[str, QLineEdit] = {}
        self._add("office", "单位", QLineEdit(self), "如：袁州区市场监督管理局")
        self._add("name", "姓名", QLineEdit(self))
        self._add("credential", "执法证号", QLineEdit(self))
        self._add(
            "passphrase", "口令", PassphraseField(self), f"至少 {PASSPHRASE_LENGTH} 位；忘记后数据打不开"
        )
        self._add("repeated", "再输一次", PassphraseField(self))
        self.button = PrimaryButton("建立数据文件夹", "Ctrl+Return", self)
        self.button.setObjectName("create")
        self.practice = SecondaryButton("先用样例数据练一次检查", "Ctrl+T", self)
        self.practice.setObjectName("practise")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._form)
        column.addWidget(self.button)
        column.addWidget(self.practice)
        self.button.clicked.connect(self.submit)
        self.practice.clicked.connect(self.practice_asked)

    def start(self) -> None:
        """Begin at the first field."""
        self._fields["office"].setFocus()

    def submit(self) -> None:
        """Check what was typed; hand it on when nothing is missing."""
        typed = {name: field.text() for name, field in self._fields.items()}
        problems = first_use_problems(self._role(), typed)
        for name, row in self._rows.items():
            if name in problems or row.field.property("wrong"):
                row.set_problem(problems.get(name, ""))
        if problems:
            self._fields[next(name for name in self._fields if name in problems)].setFocus()
            return
        self.submitted.emit(
            NewHome(
                self._role(),
                typed["office"].strip(),
                typed["name"].strip(),
                typed["credential"].strip(),
                typed["passphrase"],
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field; on the last one it submits."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
        elif self._fields["repeated"].hasFocus():
            self.submit()
        else:
            self.focusNextChild()

    def _add(self, name: str, label: str, field: QLineEdit, note: str = "") -> None:
        self._fields[name] = field
        self._rows[name] = self._form.add(label, field, note, name)

    def _role(self) -> str:
        button = self._roles.checkedButton()
        return button.objectName().removeprefix("role_")

    def _role_row(self, roles: Mapping[str, str]) -> QWidget:
        whole = QWidget(self)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for word, text in roles.items():
            button = QRadioButton(text, whole)
            button.setObjectName(f"role_{word}")
            self._roles.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self._roles.buttons()[0].setChecked(True)
        return whole


def first_use_problems(role: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What is missing or wrong in the first-use form, by field."""
    problems = {}
    if not typed["office"].strip():
        problems["office"] = "填单位全称，会印在文书上"
    if not typed["name"].strip():
        problems["name"] = "填姓名，会印在文书上"
    if role == "inspector" and not typed["credential"].strip():
        problems["credential"] = "检查人员须有执法证号"
    if len(typed["passphrase"]) < PASSPHRASE_LENGTH:
        problems["passphrase"] = f"至少 {PASSPHRASE_LENGTH} 位"
    if typed["passphrase"] != typed["repeated"]:
        problems["repeated"] = "两次输入的口令不同"
    return problems
