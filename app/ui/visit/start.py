"""开始检查: asks for what the law needs at the beginning of a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.services import clockwatch, coverage, inspecting, officers, questions
from app.services.inspecting import Duties, InspectionStarted
from app.services.officers import Officer
from app.services.registering import PersonView
from app.services.team import OFFICERS_NEEDED
from app.services.workplace import Workplace
from app.ui.slots import calling
from app.ui.visit.fieldset import ChoiceField
from app.ui.visit.start_aside import StartAside
from app.ui.visit.start_lines import Given
from app.ui.widgets import DateField, FormDialog, FormRow
from app.vocabulary import InspectionType, TaskSource
from app.wording import labels

SHOWN_OFFICERS: Final = 3
NUMERALS: Final = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Start:
    """What a visit is to be started from: an assignment of a type, or an organization."""

    name: str
    assignment_id: str | None = None
    organization_id: str | None = None
    inspection_type: InspectionType | None = None
    source: TaskSource | None = None


class StartDialog(FormDialog):
    """Collects the duties; after ``accept`` :attr:`started` holds the new visit.

    ``visit_asked`` carries an earlier visit of the enterprise that is to be looked at instead.
    """

    visit_asked = Signal(str)

    def __init__(
        self, place: Workplace, start: Start, people: Sequence[PersonView], parent: QWidget | None = None
    ) -> None:
        super().__init__(f"开始检查 · {start.name}", "开始检查", parent)
        self.setObjectName("start_dialog")
        self._place, self._start = place, start
        self.started: InspectionStarted | None = None
        self._type: FormRow | None = None
        self._officers: list[ChoiceField] = []
        self._assigned: tuple[Officer, ...] = ()
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
        self.beside = StartAside(self)
        self.set_aside(self.beside)
        self._connect()
        self._look_up()
        self._tell()
        room = parent.window().height() - 24 if parent is not None else self.sizeHint().height()
        self.resize(900, min(720, room))

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

    def officers(self) -> dict[str, str]:
        """Who goes, by credential with the name."""
        return {field.word(): field.currentText().split(" ")[0] for field in self._officers if field.word()}

    def _add_team(self, people: Sequence[PersonView]) -> None:
        words = {each.credential: f"{each.name} {each.credential}" for each in people}
        if self._start.assignment_id is None:
            self.kind = ChoiceField(questions.offered(self._place), parent=self)
            self._type = self.form.add("检查类型", self.kind, name="inspection_type")
            wanted = [self._place.owner.credential]
        else:
            self._assigned = officers.team_of(self._place, assignment_id=self._start.assignment_id)
            words = {number: f"{name} {number}" for number, name in self._assigned} | words
            wanted = [number for number, _ in self._assigned]
        fields = max(SHOWN_OFFICERS, len(wanted))
        for number in range(fields):
            field = ChoiceField(words, "未选" if number < OFFICERS_NEEDED else "没有", self)
            self.form.add(f"检查人员{NUMERALS[number]}", field, name=f"officer_{number + 1}")
            field.set_word(wanted[number] if number < len(wanted) else "")
            self._officers.append(field)

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

    def _connect(self) -> None:
        self.submitted.connect(self._submit)
        for field in self._officers:
            field.currentIndexChanged.connect(calling(self._look_up))
            field.currentIndexChanged.connect(calling(self._tell))
        if self._type is not None:
            self.kind.currentIndexChanged.connect(calling(self._look_up))
            self.kind.currentIndexChanged.connect(calling(self._tell))
        self.source.currentIndexChanged.connect(calling(self._tell))
        for line in (self.number, self.approver, self.notice):
            line.textChanged.connect(calling(self._tell))
        for check in (self.shown, self.told):
            check.toggled.connect(calling(self._tell))
        self.beside.field_asked.connect(self.go_to)
        self.beside.visit_asked.connect(self._leave_for)
        for number in range(1, 10):
            QShortcut(QKeySequence(f"Alt+{number}"), self).activated.connect(calling(self._go_number, number))

    def go_to(self, name: str) -> None:
        """Put the cursor into a field."""
        field = self.form.findChild(QWidget, name)
        if field is not None:
            field.setFocus()

    def _go_number(self, number: int) -> None:
        lines = self.beside.lines()
        if number <= len(lines):
            self.go_to(lines[number - 1].field)

    def _leave_for(self, inspection_id: str) -> None:
        self.reject()
        self.visit_asked.emit(inspection_id)

    def _tell(self) -> None:
        """Show which conditions hold with what is filled in now."""
        self.beside.show_given(
            Given(
                len(self.officers()), self._type is None or bool(self.kind.word()), bool(self.source.word()),
                bool(self.number.text().strip()), bool(self.approver.text().strip()),
                bool(self.notice.text().strip()), self.shown.isChecked(), self.told.isChecked(),
            )
        )  # fmt: skip

    def _look_up(self) -> None:
        """Show who was at the enterprise this year, seen from this team and this content."""
        start = self._start
        organization, kind = start.organization_id or "", start.inspection_type
        if start.assignment_id is not None:
            organization = officers.organization_of(self._place, assignment_id=start.assignment_id)
        elif self.kind.word():
            kind = InspectionType(self.kind.word())
        found = coverage.coverage(
            self._place, organization_id=organization, inspection_type=kind,
            team=tuple(self.officers().values()), but=(start.assignment_id or "",),
        )  # fmt: skip
        self.beside.show_coverage(found, clockwatch.behind(self._place))

    def _submit(self) -> None:
        source = self.source.word()
        self._source.set_problem("" if source else "先选任务来源")
        kind = self.kind.word() if self._type is not None else ""
        if self._type is not None:
            self._type.set_problem("" if kind else "先选检查类型")
        if not source or (self._type is not None and not kind):
            return
        chosen = tuple(self.officers())
        as_assigned = {number for number, _ in self._assigned} == set(chosen)
        try:
            self.started = inspecting.start(
                self._place,
                duties=self.duties(TaskSource(source)),
                assignment_id=self._start.assignment_id,
                organization_id=self._start.organization_id,
                inspection_type=InspectionType(kind) if kind else None,
                officers=() if as_assigned else chosen,
            )
        except ChayanError as error:
            self.show_problem(error)
            return
        self.accept()
