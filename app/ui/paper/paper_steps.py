"""Small forms for a paper: issue it with its number, void it with a reason, print many at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from app.services import numbering, papers
from app.services.papers import PaperRow
from app.ui.steps import ChoiceBox, LinesField, Step, StepDialog, filled
from app.ui.widgets import DateField

if TYPE_CHECKING:
    from app.ui.screens import Desk

DAY, LISTED = "day", "listed"


def issue_form(desk: Desk, row: PaperRow, parent: QWidget, *, numbered: bool) -> StepDialog:
    """出具: the number, where the form has one, and the day."""
    dialog = StepDialog(f"出具{row.title}", "出具", desk.jobs, parent)
    number = QLineEdit(numbering.propose(desk.place, form=row.form) if numbered else "", dialog)
    if numbered:
        note = "按已用编号顺推，可改" if number.text() else "在设置里填本单位代字后，这里会顺推编号"
        dialog.add("文书编号", number, "number", note, filled(number.text, "按本单位编号规则填写"))
    else:
        number.hide()
    on = DateField(desk.place.today(), dialog)
    dialog.add("出具日期", on, "on")
    dialog.prepare = lambda: partial(
        papers.issue,
        desk.place,
        inspection_id=row.inspection_id,
        paper=row.key,
        number=number.text(),
        on=on.day(),
    )
    return dialog


def void_form(desk: Desk, row: PaperRow, parent: QWidget) -> StepDialog:
    """作废: why."""
    dialog = StepDialog(f"作废{row.title} {row.number}".rstrip(), "作废", desk.jobs, parent)
    reason = LinesField(3, "", dialog)
    dialog.add("原因", reason, "reason", "文号不再使用，作废的文书仍列出", filled(reason.text, "写明原因"))
    dialog.prepare = lambda: partial(
        papers.void, desk.place, inspection_id=row.inspection_id, paper=row.key, reason=reason.text()
    )
    return dialog


class BatchForm(StepDialog):
    """成批打印: which visits, which forms, one file or many. ``wanted`` is what was chosen."""

    def __init__(self, desk: Desk, forms: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__("成批打印", "选择存放位置", desk.jobs, parent)
        self.visits = ChoiceBox({DAY: "某一天的检查", LISTED: "左边列出的检查"}, DAY, self)
        self.add("检查", self.visits, "visits")
        self.day = DateField(desk.place.today(), self)
        self._day_row = self.add("日期", self.day, "day")
        self.forms = ChoiceBox({"": "全部文书", **dict(forms)}, "", self)
        self.add("文书", self.forms, "batch_forms")
        self.way = ChoiceBox({"file": "合成一个 PDF", "folder": "每份一个文件，存进文件夹"}, "file", self)
        self.add("存成", self.way, "way")
        self.prepare = _choosing
        self.visits.currentIndexChanged.connect(self._show_day)

    def _show_day(self) -> None:
        self._day_row.set_visible(self.visits.word() == DAY)


def _choosing() -> Step:
    return _nothing


def _nothing() -> None:
    """Choosing stores nothing."""
