"""The team: officers to tick, one of them the lead, and the device that gets the work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.services.enrolment import DeviceRow
from app.services.registering import PersonView
from app.ui.blocks import scrolling
from app.ui.planning.board import Team
from app.ui.slots import calling
from app.ui.visit.fieldset import ChoiceField
from app.ui.widgets import CaptionLabel, Card

CREDENTIAL = Qt.ItemDataRole.UserRole


class TeamCard(Card):
    """Tells by ``changed`` that somebody else is chosen; says what is still missing."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("检查组与设备", parent)
        self.officers = QListWidget(self)
        self.officers.setObjectName("officers")
        self.officers.setAccessibleName("执法人员")
        self.officers.setToolTip("空格勾选")
        self.lead = ChoiceField({}, "未选组长", self)
        self.device = ChoiceField({}, "未选设备", self)
        self.missing = CaptionLabel(parent=self)
        self.missing.setObjectName("missing")
        for field, name in ((self.lead, "组长"), (self.device, "设备")):
            field.setAccessibleName(name)
            field.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        # It takes what is left and scrolls by itself, so that the card need not scroll around it.
        self.officers.setMinimumHeight(84)
        self.officers.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        fields = QGridLayout()
        fields.setSpacing(6)
        fields.setColumnStretch(1, 1)
        for line, (text, field) in enumerate((("组长", self.lead), ("设备", self.device))):
            fields.addWidget(QLabel(text, self), line, 0)
            fields.addWidget(field, line, 1)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.officers, 1)
        column.addLayout(fields)
        column.addWidget(self.missing)
        self.body.addWidget(scrolling(inside), 1)
        self.officers.itemChanged.connect(calling(self._ticked))
        self.lead.chosen.connect(calling(self.changed.emit))
        self.device.chosen.connect(calling(self.changed.emit))

    def show_people(self, people: Sequence[PersonView], devices: Sequence[DeviceRow]) -> None:
        """Offer people and devices; who is ticked and chosen stays so."""
        former = self.team()
        with QSignalBlocker(self.officers):
            self.officers.clear()
            for person in people:
                self.officers.addItem(_item(person, ticked=person.credential in former.officers))
        self.device.offer([(row.device_id, _device_text(row)) for row in devices], former.device_id)
        if len(devices) == 1:
            self.device.set_word(devices[0].device_id)
        self._offer_leads(former.lead)

    def team(self) -> Team:
        """Who is chosen now."""
        items = (self.officers.item(line) for line in range(self.officers.count()))
        ticked = tuple(
            str(item.data(CREDENTIAL)) for item in items if item.checkState() == Qt.CheckState.Checked
        )
        return Team(ticked, self.lead.word(), self.device.word())

    def tick(self, credential: str, *, ticked: bool = True) -> None:
        """Tick an officer, or take the tick away."""
        for line in range(self.officers.count()):
            item = self.officers.item(line)
            if item.data(CREDENTIAL) == credential:
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def show_missing(self, sentences: Sequence[str]) -> None:
        """Say what still has to be chosen, or that all is there."""
        if sentences:
            self.missing.show_text("\n".join(f"· {each}" for each in sentences), "attention")
        else:
            self.missing.show_text("齐了，Ctrl+Enter 分派", "good")

    def _ticked(self) -> None:
        self._offer_leads(self.lead.word())
        self.changed.emit()

    def _offer_leads(self, former: str) -> None:
        """Only a ticked officer can lead; the first one does where nobody else was chosen."""
        ticked = self.team().officers
        items = (self.officers.item(line) for line in range(self.officers.count()))
        words = [(str(item.data(CREDENTIAL)), item.text()) for item in items]
        self.lead.offer([pair for pair in words if pair[0] in ticked], former)
        if ticked and self.lead.word() not in ticked:
            self.lead.set_word(ticked[0])


def _item(person: PersonView, *, ticked: bool) -> QListWidgetItem:
    twice = "　重复" if person.repeated else ""
    item = QListWidgetItem(f"{person.name}　{person.credential}{twice}")
    item.setData(CREDENTIAL, person.credential)
    item.setToolTip(person.office)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
    return item


def _device_text(row: DeviceRow) -> str:
    return f"{row.name}　{row.fingerprint}"
