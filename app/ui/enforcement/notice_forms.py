"""The forms of written notices: to a certification body, and to the province about one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.clock import local_date
from app.services import casework, numbering
from app.services.casework import Notice
from app.services.sheet_rows import FindingRow, Sheet
from app.ui.enforcement.lines import facts_of
from app.ui.steps import LinesField, StepDialog, filled
from app.ui.widgets import DateField
from app.vocabulary import NotificationKind
from app.wording import joined

if TYPE_CHECKING:
    from app.ui.screens import Desk


def bodies_of(sheet: Sheet) -> dict[str, str]:
    """The bodies that certified the organization, with their approval numbers; the visit's scheme first."""
    rows = sorted(sheet.certificates, key=lambda row: not row.in_scheme)
    return {row.body_name: row.body_approval for row in rows if row.body_name}


def notice_text(sheet: Sheet, findings: Sequence[FindingRow], kind: NotificationKind) -> str:
    """A first wording: whom was inspected when, with which certificates, and what was found."""
    header = sheet.header
    numbers = joined("names", (row.number for row in sheet.certificates if row.in_scheme))
    held = f"（证书 {numbers}）" if numbers else ""
    asked = (
        "请贵机构跟踪核实，依法处理证书，并将结果书面反馈我局。"
        if kind is NotificationKind.CERTIFICATION_BODY
        else "现将有关情况报告，请予核查。"
    )
    day = local_date(header.started_at)
    return f"我局于 {day.isoformat()} 对{header.subject_name}{held}实施监督检查，发现：{facts_of(findings)}。{asked}"


class NoticeForm(StepDialog):
    """A notice: the certificate's body is filled in, the wording begins with the findings."""

    def __init__(
        self,
        desk: Desk,
        sheet: Sheet,
        findings: Sequence[FindingRow],
        kind: NotificationKind,
        parent: QWidget,
    ) -> None:
        to_body = kind is NotificationKind.CERTIFICATION_BODY
        title = "通报认证机构" if to_body else "向省局报告认证机构问题"
        super().__init__(title, "登记通报" if to_body else "登记报告", desk.jobs, parent)
        self.setMinimumWidth(620)
        self._bodies = bodies_of(sheet)
        self.body = QComboBox(self)
        self.body.setEditable(True)
        self.body.addItems(list(self._bodies))
        self.add("认证机构", self.body, "body_name", check=filled(self.body.currentText, "填认证机构全称"))
        self.approval = QLineEdit(self)
        self.add("批准号", self.approval, "body_approval")
        proposed = numbering.propose(desk.place, form=numbering.NOTICE_FORM) if to_body else ""
        self.number = QLineEdit(proposed, self)
        self.add("文号", self.number, "number")
        self.content = LinesField(6, notice_text(sheet, findings, kind), self)
        self.add("内容", self.content, "content", check=filled(self.content.text, "写明通报的事实"))
        self.on = DateField(desk.place.today(), self)
        self.add("发出日期", self.on, "on")
        self.body.currentTextChanged.connect(self._body_changed)
        self._body_changed(self.body.currentText())
        send = casework.notify_body if to_body else casework.report_province
        self.prepare = lambda: partial(send, desk.place, inspection_id=sheet.header.id, notice=self._notice())

    def _body_changed(self, name: str) -> None:
        if name in self._bodies:
            self.approval.setText(self._bodies[name])

    def _notice(self) -> Notice:
        return Notice(
            body_name=self.body.currentText(),
            content=self.content.text(),
            on=self.on.day(),
            body_approval=self.approval.text(),
            number=self.number.text(),
        )
