"""签名: each officer, the party, a witness; drawn, or refused or absent with reason and witness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.services.sheet_rows import Sheet
from app.ui.slots import calling
from app.ui.visit.lines import clock_text
from app.ui.visit.work import VisitWork
from app.ui.widgets import (
    PlainButton,
    PrimaryButton,
    SignerPane,
)
from app.vocabulary import SignatureState
from app.wording import label, sentence


@dataclass(frozen=True, slots=True)
class Party:
    """Who signs: key in the record, role, name as known, what was noted so far; ``waits`` to be asked for."""

    key: str
    role: str
    name: str
    state: SignatureState | None
    note: str
    waits: bool = False


def parties(sheet: Sheet) -> tuple[Party, ...]:
    """Everyone who may sign: officers, the party, a witness."""
    signed = {row.party: row for row in sheet.signatures}
    left = [row.credential for row in sheet.team if not row.there]
    who = [(f"officer:{number}", "检查人员", name) for number, name in sheet.officers]
    who += [("party", "当事人", sheet.header.subject_representative), ("witness", "见证人", "")]
    asked_for = {"witness", *(f"officer:{number}" for number in left)}
    return tuple(
        Party(
            key,
            role,
            signed[key].name or name if key in signed else name,
            signed[key].state if key in signed else None,
            clock_text(signed[key].signed_at) if key in signed else "",
            key in asked_for,
        )
        for key, role, name in who
    )


def next_unsigned(found: Sequence[Party], after: str) -> str:
    """Who signs next: the first after ``after`` without a mark; who ``waits`` only when asked for."""
    keys = [each.key for each in found]
    start = keys.index(after) + 1 if after in keys else 0
    for each in (*found[start:], *found[:start]):
        if each.state is None and not each.waits:
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
        self._pane = SignerPane(self)
        self.name, self.pad, self.banner = self._pane.name, self._pane.pad, self._pane.banner
        self.reason, self.witness = self._pane.reason, self._pane.witness
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
        return self._pane.state()

    def _refill(self, chosen: str) -> None:
        sheet = self._work.sheet
        self._parties = parties(sheet) if sheet is not None else ()
        self.list.blockSignals(True)
        self.list.clear()
        for each in self._parties:
            unsigned = (
                "有见证人时签" if each.key == "witness" else "中途离开，可不签" if each.waits else "未签"
            )
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
        self._pane.show_signer(
            f"{party.role} {party.name}".strip(),
            party.name,
            known=party.key.startswith("officer:"),
            may_refuse=party.key == "party",
        )

    def _show_state(self) -> None:
        drawn = self._pane.signs()
        self.button.say("存为签名" if drawn else f"记为{label('signature_state', self.state())}")
        self.clear.setVisible(drawn)

    def _store(self) -> None:
        party = self.party()
        if party is None:
            return
        problem = self._pane.problem()
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

    def _stored(self, party: Party) -> bool:
        name = self.name.text().strip()
        if self.state() is SignatureState.SIGNED:
            return self._work.sign(party.key, name, self.pad.png())
        return self._work.note_no_signature(
            party.key, name, self.state(), self.reason.text(), self.witness.text()
        )

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self._pane, 1)
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
        self._pane.turned.connect(self._show_state)
        self.clear.clicked.connect(self.pad.clear)
        self.close_button.clicked.connect(self.reject)
        self.button.clicked.connect(self._store)
        self._work.refused.connect(self._refused)

    def _refused(self, error: object) -> None:
        if self.isVisible():
            words = sentence(error)  # type: ignore[arg-type]  # the signal carries ChayanError or Problem
            self.banner.say(words.message, words.remedy, "bad", closable=False)
