"""Small forms: a new plan, a new task."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from app.services import planning, questions
from app.services.registering import RegionRow
from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.steps import ChoiceBox, Step, StepDialog, filled
from app.ui.widgets import DateField
from app.vocabulary import InspectionType

_AMOUNT: Final = re.compile(r"(\d{1,6})")
_SHARE: Final = re.compile(r"(\d{1,3}(?:\.\d)?)\s*[%％]")


def quota(text: str) -> tuple[int | None, int | None] | None:
    """Number or permille of ``30`` or ``10%``; ``None`` where it is neither."""
    written = text.strip()
    if not written:
        return (None, None)
    if found := _AMOUNT.fullmatch(written):
        return (int(found[1]), None)
    if (found := _SHARE.fullmatch(written)) and float(found[1]) <= 100:
        return (None, round(float(found[1]) * 10))
    return None


class OptionalDay(QWidget):
    """A day that may be left open."""

    def __init__(self, day: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.known = QCheckBox("定期限", self)
        self.field = DateField(day, self)
        self.field.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.known)
        row.addWidget(self.field, 1)
        self.setFocusProxy(self.known)
        self.known.toggled.connect(self.field.setEnabled)

    def day(self) -> date | None:
        """The day, where one is set."""
        return self.field.day() if self.known.isChecked() else None

    def set_day(self, day: date) -> None:
        """Set a day."""
        self.known.setChecked(True)
        self.field.set_day(day)


class PlanDialog(StepDialog):
    """Adds a plan."""

    def __init__(self, place: Workplace, jobs: Jobs, parent: QWidget) -> None:
        super().__init__("新建计划", "建立计划", jobs, parent)
        self._place = place
        self.name, self.document, self.year = QLineEdit(self), QLineEdit(self), QSpinBox(self)
        self.year.setRange(2000, 2100)
        self.year.setValue(place.today().year)
        self.add("名称", self.name, "plan_title", "如：2026 年度认证监督检查计划",
                 filled(self.name.text, "写上计划名称"))  # fmt: skip
        self.add("年度", self.year, "plan_year")
        self.add("文号", self.document, "plan_document", "没有就空着")
        self.prepare = self._step

    def _step(self) -> Step:
        return partial(
            planning.add_plan,
            self._place,
            title=self.name.text(),
            year=self.year.value(),
            document=self.document.text().strip(),
        )


class TaskDialog(StepDialog):
    """Adds a task to a plan."""

    def __init__(
        self, place: Workplace, jobs: Jobs, plan_id: str, regions: Sequence[RegionRow], parent: QWidget
    ) -> None:
        super().__init__("新增任务", "加入计划", jobs, parent)
        self._place, self._plan_id = place, plan_id
        self.name, self.required = QLineEdit(self), QLineEdit(self)
        self.scope, self.document = QLineEdit(self), QLineEdit(self)
        self.kind = ChoiceBox(questions.offered(place), parent=self)
        offered = {"": "全部地区"} | {row.code: row.name or row.code for row in regions}
        self.region = ChoiceBox(offered, parent=self)
        self.own, self.superior = OptionalDay(place.today(), self), OptionalDay(place.today(), self)
        self.add("任务", self.name, "task_title", check=filled(self.name.text, "写上任务名称"))
        self.add("检查类型", self.kind, "task_type", "范围内的企业按持有的有效或暂停证书确定")
        self.add("应查", self.required, "task_required", "写家数，如 30；或范围内的比例，如 10%", self._quota)
        self.add("地区", self.region, "task_region")
        self.add("范围说明", self.scope, "task_scope")
        self.add("本局期限", self.own, "task_own_deadline")
        self.add("上级期限", self.superior, "task_superior_deadline")
        self.add("依据文件", self.document, "task_document", "如：赣市监认监〔2026〕3 号")
        self.prepare = self._step

    def _quota(self) -> str:
        return "" if quota(self.required.text()) else "写成 30 或 10% 的样子"

    def _step(self) -> Step:
        count, permille = quota(self.required.text()) or (None, None)
        return partial(
            planning.add_task,
            self._place,
            plan_id=self._plan_id,
            title=self.name.text(),
            inspection_type=InspectionType(self.kind.word()),
            scope=self.scope.text().strip(),
            region=self.region.word(),
            required_count=count,
            required_permille=permille,
            own_deadline=self.own.day(),
            superior_deadline=self.superior.day(),
            document=self.document.text().strip(),
        )
