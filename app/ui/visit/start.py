"""开始检查: asks for what the law needs at the beginning of a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.services import inspecting, questions
from app.services.inspecting import Duties, InspectionStarted
from app.services.registering import PersonView
from app.services.workplace import Workplace
from app.ui.visit.fieldset import ChoiceField
from app.ui.widgets import DateField, FormDialog, FormRow
from app.vocabulary import InspectionType, TaskSource
from app.wording import joined, labels


@dataclass(frozen=True, slots=True)
class Start:
    """What a visit is to be started from: an assignment with its team, or an organization."""

    name: str
    assignment_id: str | None = None
    organization_id: str | None = None
    team: tuple[str, ...] = ()
    source: TaskSource | None = None


class StartDialog(FormDialog):
    """Collects the duties; after ``accept`` :attr:`started` holds the new visit."""

    def __init__(
        self, place: Workplace, start: Start, people: Sequence[PersonView], parent: QWidget | None = None
    ) -> None:
        super().__init__(f"开始检查 · {start.name}", "开始检查", parent)
        self.setObjectName("start_dialog")
        self._place, self._start = place, start
        self.started: InspectionStarted | None = None
        self._type: FormRow | None = None
        self._officers: list[ChoiceField] = []
        self._add_team(people)
        self.source = ChoiceField(labels("task_source"), parent=self)
        self.source.set_word(start.source)
        self._source = self.form.add("任务来源", self.source, name="task_source")
        self.number, self.approver, self.notice = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        self.form.add("检查审批编号", self.number, "没有审批号可先开始，完成前须补", "approval_number")
        self.form.add("检查审批人", self.approver, name="approval_by")
        self.day = DateField(place.today(), self)
        self.form.add("审批日期", self.day, name="approval_on")
        self.form.add("检查通知书号", self.notice, "没有就空着", "notice_number")
        self._add_checks()
        self.submitted.connect(self._submit)
        room = parent.window().height() - 24 if parent is not None else self.sizeHint().height()
        self.resize(560, min(720, room))

    def duties(self, source: TaskSource) -> Duties:
        """What was filled in."""
        approved = bool(self.number.text().strip() or self.approver.text().strip())
        return Duties(
            source,
            self.number.text(),
            self.approver.text(),
            self.day.day() if approved else None,
            self.notice.text(),
            self.shown.isChecked(),
            self.told.isChecked(),
            self.present.isChecked(),
        )

    def _add_team(self, people: Sequence[PersonView]) -> None:
        if self._start.assignment_id is not None:
            self.form.add("检查人员", QLabel(joined("names", self._start.team), self))
            return
        self.kind = ChoiceField(questions.offered(self._place), parent=self)
        self._type = self.form.add("检查类型", self.kind, name="inspection_type")
        words = {each.credential: f"{each.name} {each.credential}" for each in people}
        for number, text in enumerate(("检查人员一", "检查人员二", "检查人员三")):
            field = ChoiceField(words, "未选" if number < 2 else "没有", self)
            self.form.add(text, field, name=f"officer_{number + 1}")
            self._officers.append(field)
        self._officers[0].set_word(self._place.owner.credential)

    def _add_checks(self) -> None:
        checks = QWidget(self)
        column = QVBoxLayout(checks)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.shown = QCheckBox("已向当事人出示执法证件", checks)
        self.told = QCheckBox("已告知权利义务和申请回避的权利", checks)
        self.present = QCheckBox("当事人或见证人在场", checks)
        self.present.setChecked(True)
        for name, check in (
            ("credentials_shown", self.shown),
            ("rights_told", self.told),
            ("party_present", self.present),
        ):
            check.setObjectName(name)
            column.addWidget(check)
        self.form.add("程序", checks)

    def _submit(self) -> None:
        source = self.source.word()
        self._source.set_problem("" if source else "先选任务来源")
        kind = self.kind.word() if self._type is not None else ""
        if self._type is not None:
            self._type.set_problem("" if kind else "先选检查类型")
        if not source or (self._type is not None and not kind):
            return
        officers = dict.fromkeys(field.word() for field in self._officers if field.word())
        try:
            self.started = inspecting.start(
                self._place,
                duties=self.duties(TaskSource(source)),
                assignment_id=self._start.assignment_id,
                organization_id=self._start.organization_id,
                inspection_type=InspectionType(kind) if kind else None,
                officers=tuple(officers),
            )
        except ChayanError as error:
            self.show_problem(error)
            return
        self.accept()
