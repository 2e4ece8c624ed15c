"""签名: each officer, the party, a witness; drawn, or refused or absent with reason and witness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.sheet_rows import Sheet
from app.ui.slots import calling
from app.ui.visit.lines import clock_text
from app.ui.visit.work import VisitWork
from app.ui.widgets import (
    Banner,
    Form,
    HeadingLabel,
    PlainButton,
    PrimaryButton,
    SignaturePad,
)
from app.vocabulary import SignatureState
from app.wording import label, labels, sentence


@dataclass(frozen=True, slots=True)
class Party:
    """Who signs: key in the record, role, name as known, and what was noted so far."""

    key: str
    role: str
    name: str
    state: SignatureState | None
    note: str


def parties(sheet: Sheet) -> tuple[Party, ...]:
    """Everyone who may sign: officers, the party, a witness."""
    signed = {row.party: row for row in sheet.signatures}
    who = [(f"officer:{number}", "检查人员", name) for number, name in sheet.officers]
    who += [("party", "当事人", sheet.header.subject_representative), ("witness", "见证人", "")]
    return tuple(
        Party(
            key,
            role,
            signed[key].name or name if key in signed else name,
            signed[key].state if key in signed else None,
            clock_text(signed[key].signed_at) if key in signed else "",
        )
        for key, role, name in who
    )


def next_unsigned(found: Sequence[Party], after: str) -> str:
    """Who signs next: the first after ``after`` without a mark, the witness only when asked for."""
    keys = [each.key for each in found]
    start = keys.index(after) + 1 if after in keys else 0
    for each in (*found[start:], *found[:start]):
        if each.state is None and each.key != "witness":
            return each.key
    return ""


class SigningDialog(QDialog):
    """Takes one signature after the other; each is stored by itself, so closing loses nothing stored."""

    signed = Signal(str)

    def __init__(self, work: VisitWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("signing")
        self.setWindowTitle("签名")
        self._work = work
        self._parties: tuple[Party, ...] = ()
        self.list = QListWidget(self)
        self.list.setObjectName("parties")
        self.list.setAccessibleName("签名人")
        self.list.setFixedWidth(232)
        self._heading = HeadingLabel("", "card", self)
        self.name = QLineEdit(self)
        self._states = QButtonGroup(self)
        self.pad = SignaturePad(parent=self)
        self.reason = QLineEdit(self)
        self.witness = QLineEdit(self)
        self._pages = QStackedWidget(self)
        self.banner = Banner(self)
        self.clear = PlainButton("清空", "Delete", self)
        self.close_button = PlainButton("关闭", "Esc", self)
        self.close_button.setObjectName("close")
        self.button = PrimaryButton("存为签名", "Ctrl+Return", self)
        self.button.setObjectName("store_signature")
        self._lay_out()
        self._connect()

    def ask(self, party: str = "") -> None:
        """Open at ``party``, else at the first who has not signed."""
        self._refill(party or next_unsigned(parties(self._work.sheet), "") if self._work.sheet else "")
        self.open()
        self.pad.setFocus()

    def party(self) -> Party | None:
        """Who is signing now."""
        line = self.list.currentRow()
        return self._parties[line] if 0 <= line < len(self._parties) else None

    def state(self) -> SignatureState:
        """Signed, refused or absent."""
        return SignatureState(self._states.checkedButton().objectName().removeprefix("state_"))

    def _refill(self, chosen: str) -> None:
        sheet = self._work.sheet
        self._parties = parties(sheet) if sheet is not None else ()
        self.list.blockSignals(True)
        self.list.clear()
        for each in self._parties:
            unsigned = "有见证人时签" if each.key == "witness" else "未签"
            mark = f"{label('signature_state', each.state)} {each.note}" if each.state else unsigned
            who = f"{each.role} {each.name}".strip()
            line = QListWidgetItem(f"{who}\n{mark}")
            line.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() * 2 + 20))
            self.list.addItem(line)
        keys = [each.key for each in self._parties]
        self.list.setCurrentRow(keys.index(chosen) if chosen in keys else 0)
        self.list.blockSignals(False)
        self._show_party()

    def _show_party(self) -> None:
        party = self.party()
        if party is None:
            return
        self._heading.setText(f"{party.role} {party.name}".strip())
        self.name.setText(party.name)
        self.name.setReadOnly(party.key.startswith("officer:"))
        absent_allowed = party.key == "party"
        for button in self._states.buttons():
            button.setVisible(absent_allowed)
        self._states.buttons()[0].setChecked(True)
        self.pad.clear()
        self.reason.clear()
        self.witness.clear()
        self.banner.hide()
        self._show_state()

    def _show_state(self) -> None:
        drawn = self.state() is SignatureState.SIGNED
        self._pages.setCurrentIndex(0 if drawn else 1)
        self.button.say("存为签名" if drawn else f"记为{label('signature_state', self.state())}")
        self.clear.setVisible(drawn)
        (self.pad if drawn else self.reason).setFocus()

    def _store(self) -> None:
        party = self.party()
        if party is None:
            return
        problem = self._problem()
        if problem:
            self.banner.say(problem, "", "attention", closable=False)
            return
        if self._stored(party):
            self.signed.emit(party.key)
            following = next_unsigned(parties(self._work.sheet), party.key) if self._work.sheet else ""
            if following:
                self._refill(following)
            else:
                self.accept()

    def _problem(self) -> str:
        if self.state() is not SignatureState.SIGNED:
            return "" if self.reason.text().strip() else "写明拒签或不在现场的情况。"
        if not self.name.text().strip():
            return "先填签名人姓名。"
        return "签名板上还没有签名。" if self.pad.is_empty() else ""

    def _stored(self, party: Party) -> bool:
        name = self.name.text().strip()
        if self.state() is SignatureState.SIGNED:
            return self._work.sign(party.key, name, self.pad.png())
        return self._work.note_no_signature(
            party.key, name, self.state(), self.reason.text(), self.witness.text()
        )

    def _lay_out(self) -> None:
        states = QHBoxLayout()
        states.setSpacing(16)
        for word, text in labels("signature_state").items():
            button = QRadioButton("签名" if word == "signed" else text, self)
            button.setObjectName(f"state_{word}")
            self._states.addButton(button)
            states.addWidget(button)
        states.addStretch(1)
        who = Form(self)
        who.add("姓名", self.name, name="signer_name")
        told = Form(self)
        told.add("情况", self.reason, "如：拒绝签名，已当场宣读；或负责人外出，电话告知", "reason")
        told.add("见证人", self.witness, "邻居、社区工作人员等在场见证的人", "witness")
        self._pages.addWidget(self.pad)
        self._pages.addWidget(told)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self._heading)
        right.addWidget(self.banner)
        right.addWidget(who)
        right.addLayout(states)
        right.addWidget(self._pages, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.clear)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.button)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addWidget(self.list)
        row.addLayout(right, 1)
        self.resize(820, 460)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(calling(self._show_party))
        self._states.buttonClicked.connect(calling(self._show_state))
        self.clear.clicked.connect(self.pad.clear)
        self.close_button.clicked.connect(self.reject)
        self.button.clicked.connect(self._store)
        self._work.refused.connect(self._refused)

    def _refused(self, error: object) -> None:
        if self.isVisible():
            words = sentence(error)  # type: ignore[arg-type]  # the signal carries ChayanError or Problem
            self.banner.say(words.message, words.remedy, "bad", closable=False)
