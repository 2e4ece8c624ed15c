"""Small forms for a paper: issue it with its number, void it with a reason."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from app.services import numbering, papers
from app.services.papers import PaperRow
from app.ui.steps import LinesField, StepDialog, filled
from app.ui.widgets import DateField

if TYPE_CHECKING:
    from app.ui.screens import Desk


def number_row(dialog: StepDialog, desk: Desk, form: str) -> QLineEdit:
    """The row for the number of a form, with the number proposed that follows those in use."""
    number = QLineEdit(numbering.propose(desk.place, form=form), dialog)
    note = "按已用编号顺推，可改" if number.text() else "在设置里填本单位代字后，这里会顺推编号"
    dialog.add("文书编号", number, "number", note, filled(number.text, "按本单位编号规则填写"))
    return number


def issue_form(desk: Desk, row: PaperRow, parent: QWidget, *, numbered: bool) -> StepDialog:
    """出具: the number, where the form has one, and the day."""
    dialog = StepDialog(f"出具{row.title}", "出具", desk.jobs, parent)
    number = number_row(dialog, desk, row.form) if numbered else None
    on = DateField(desk.place.today(), dialog)
    dialog.add("出具日期", on, "on")
    dialog.prepare = lambda: partial(
        papers.issue,
        desk.place,
        inspection_id=row.inspection_id,
        paper=row.key,
        number=number.text() if number is not None else "",
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
