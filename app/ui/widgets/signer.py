"""What one person signs with: the name, the pad, or refusal and absence with reason and witness."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.ui.slots import calling
from app.ui.widgets.cards import HeadingLabel
from app.ui.widgets.fields import Form
from app.ui.widgets.notices import Banner
from app.ui.widgets.signature import SignaturePad
from app.vocabulary import SignatureState
from app.wording import labels


class SignerPane(QWidget):
    """The fields of one signer. ``turned`` tells that signing, refusal or absence was chosen."""

    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = HeadingLabel("", "card", self)
        self.banner = Banner(self)
        self.name = QLineEdit(self)
        self._states = QButtonGroup(self)
        self.pad = SignaturePad(parent=self)
        self.reason = QLineEdit(self)
        self.witness = QLineEdit(self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._states.buttonClicked.connect(calling(self._turn))

    def show_signer(self, heading: str, name: str, *, known: bool, may_refuse: bool) -> None:
        """Begin with another signer; a ``known`` one is not renamed."""
        self.heading.setText(heading)
        self.name.setText(name)
        self.name.setReadOnly(known)
        for button in self._states.buttons():
            button.setVisible(may_refuse)
        self._states.buttons()[0].setChecked(True)
        self.pad.clear()
        self.reason.clear()
        self.witness.clear()
        self.banner.hide()
        self._turn()

    def state(self) -> SignatureState:
        """Signed, refused or absent."""
        return SignatureState(self._states.checkedButton().objectName().removeprefix("state_"))

    def signs(self) -> bool:
        """Whether the pad is shown."""
        return self.state() is SignatureState.SIGNED

    def problem(self) -> str:
        """What is missing before it can be stored, empty for nothing."""
        if not self.signs():
            return "" if self.reason.text().strip() else "写明拒签或不在现场的情况。"
        if not self.name.text().strip():
            return "先填签名人姓名。"
        return "签名板上还没有签名。" if self.pad.is_empty() else ""

    def _turn(self) -> None:
        self._pages.setCurrentIndex(0 if self.signs() else 1)
        (self.pad if self.signs() else self.reason).setFocus()
        self.turned.emit()

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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.heading, self.banner, who):
            column.addWidget(part)
        column.addLayout(states)
        column.addWidget(self._pages, 1)
