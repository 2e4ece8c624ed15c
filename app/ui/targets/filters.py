"""The row of filters over a list of targets, each choice with how many it would list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.services import questions
from app.services.target_counts import Filters
from app.services.targets import State
from app.ui.slots import calling
from app.ui.targets.lists import DEADLINES, NO_RISK, STATES, Asked, Counts
from app.ui.visit.fieldset import ChoiceField
from app.ui.widgets import CaptionLabel
from app.vocabulary import CertificateStatus, InspectionType
from app.wording import labels

if TYPE_CHECKING:
    from app.services.workplace import Workplace


class FilterRow(QWidget):
    """Type, status, deadline, risk and district. ``narrowed`` tells that another choice was made.

    Of assigned targets the status is how far they are; of the registry it is that of the certificates.
    """

    narrowed = Signal()

    def __init__(self, place: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self.kind = ChoiceField(questions.offered(place), "全部类型", self)
        self.state = ChoiceField({}, "", self)
        self.standing = ChoiceField({}, "全部证书", self)
        self.deadline = ChoiceField({str(each): text for each, text in DEADLINES.items()}, "全部期限", self)
        self.risk = ChoiceField({}, "全部风险", self)
        self.region = ChoiceField({}, "全部地区", self)
        self.count = CaptionLabel(parent=self)
        self.state.clear()
        for state, text in STATES.items():
            self.state.addItem(text, state)
        self._lay_out()

    def filters(self) -> Filters:
        """What the list is narrowed to."""
        deadline, risk, state = self.deadline.word(), self.risk.word(), self.state.word()
        return Filters(
            InspectionType(self.kind.word()) if self.kind.word() else None,
            next((each for each in get_args(State) if each == state), "open"),
            next((each for each in DEADLINES if each == deadline), None),
            None if not risk else "" if risk == NO_RISK else risk,
            self.region.word(),
        )

    def certificate_status(self) -> CertificateStatus | None:
        """What the certificates of the registry's organizations are narrowed to."""
        word = self.standing.word()
        return CertificateStatus(word) if word else None

    def show_list(self, asked: Asked, number: int) -> None:
        """Say how many were found, and offer the status that fits the list."""
        self.count.setText(f"共 {number:,} 家")
        self.state.setVisible(not asked.registry)
        self.standing.setVisible(asked.registry)

    def show_counts(self, counts: Counts) -> None:
        """Say beside each choice how many it would list."""
        found = counts.found
        for line in range(1, self.kind.count()):
            word = str(self.kind.itemData(line))
            text = labels("inspection_type")[word]
            self.kind.setItemText(line, f"{text}  {found.by_type.get(InspectionType(word), 0):,}")
        if counts.asked.registry:
            texts, numbers = labels("certificate_status"), counts.by_standing
            _offer(self.standing, texts, {str(each): number for each, number in numbers.items()})
        else:
            for line, state in enumerate(STATES):
                self.state.setItemText(line, f"{STATES[state]}  {found.by_state.get(state, 0):,}")
        for line, (deadline, text) in enumerate(DEADLINES.items(), start=1):
            self.deadline.setItemText(line, f"{text}  {found.by_deadline.get(deadline, 0):,}")
        risks = {risk or NO_RISK: number for risk, number in sorted(found.by_risk.items(), reverse=True)}
        _offer(self.risk, {risk: f"风险 {risk}" for risk in risks} | {NO_RISK: "未分级"}, risks)
        _offer(self.region, dict(sorted(found.regions.items())), found.by_region)

    def _lay_out(self) -> None:
        named = {
            "检查类型": self.kind, "状态": self.state, "证书状态": self.standing, "期限": self.deadline,
            "风险": self.risk, "地区": self.region,
        }  # fmt: skip
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for name, field in named.items():
            field.setAccessibleName(name)
            field.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            field.setMinimumContentsLength(4)
            field.chosen.connect(calling(self.narrowed.emit))
            row.addWidget(field, 1)
        self.standing.hide()
        self.count.setWordWrap(False)
        row.addWidget(self.count)


def _offer(field: ChoiceField, texts: Mapping[str, str], counts: Mapping[str, int]) -> None:
    """Offer what there is with how many; what is chosen stays chosen, also when none is left of it."""
    chosen = field.word()
    words = [(word, f"{text}  {counts.get(word, 0):,}") for word, text in texts.items()]
    shown = [(word, text) for word, text in words if counts.get(word) or word == chosen]
    field.offer(shown, chosen)
