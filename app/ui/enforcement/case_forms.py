"""The forms of a lead and its case: note, verify, file or not, decide, refer, close."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from app.services import casework, penalties
from app.services.casework import CaseRow, Lead
from app.services.enforcing import FollowUpRow, OrderRow
from app.services.sheet_rows import FindingRow, Sheet
from app.ui.enforcement.lines import facts_of
from app.ui.enforcement.money import fen, money_check, yuan
from app.ui.steps import ChoiceBox, LinesField, StepDialog, filled
from app.ui.widgets import DateField
from app.vocabulary import ReferralKind, SubjectKind
from app.wording import joined, labels, sentence

if TYPE_CHECKING:
    from app.ui.screens import Desk


class Questioned:
    """Asks once about amounts that the cited provisions do not allow; entered again, they stand."""

    def __init__(self, desk: Desk, case: CaseRow, fine: MoneyField, confiscated: MoneyField) -> None:
        self._place, self._case = desk.place, case
        self._fine, self._confiscated = fine, confiscated
        self._answered: set[tuple[str, int, int]] = set()

    def about_fine(self) -> str:
        """What is wrong with the fine, or to be asked about it."""
        return self._fine.problem() or self._ask("casework.fine_outside")

    def about_confiscation(self) -> str:
        """What is wrong with the confiscated amount, or to be asked about it."""
        return self._confiscated.problem() or self._ask("casework.confiscation_outside")

    def _ask(self, code: str) -> str:
        amounts = (self._fine.amount() or 0, self._confiscated.amount() or 0)
        if (code, *amounts) in self._answered:
            return ""
        self._answered.add((code, *amounts))
        found = penalties.doubts(
            self._place, inspection_id=self._case.inspection_id, key=self._case.key,
            fine=amounts[0], confiscated=amounts[1],
        )  # fmt: skip
        said = [sentence(each) for each in found if each.code == code]
        return "".join(f"{each.message}；{each.remedy}" for each in said)


class MoneyField(QLineEdit):
    """An amount in 元; kept as text until it is stored in 分."""

    def __init__(self, amount: int | None = None, *, needed: bool, parent: QWidget | None = None) -> None:
        super().__init__(yuan(amount), parent)
        self._needed = needed
        self.setPlaceholderText("元，如 12345.67")
        self.editingFinished.connect(self._tidy)

    def amount(self) -> int | None:
        """The amount in 分, ``None`` where nothing is written."""
        return fen(self.text())

    def problem(self) -> str:
        """What is wrong with what is written; empty when nothing is."""
        return money_check(self.text(), needed=self._needed)

    def _tidy(self) -> None:
        if self.amount() is not None:
            self.setText(yuan(self.amount()))


def escalation_form(
    desk: Desk, sheet: Sheet, order: OrderRow, follow_ups: Sequence[FollowUpRow], parent: QWidget
) -> StepDialog:
    """登记线索 of an order that was not obeyed: what it ordered, and what the re-inspection found."""
    notes = (row.note for row in follow_ups if row.order_key == order.key and row.note)
    said = [order.facts, f"责令改正通知书 {order.number} 期满未改正".replace("  ", " "), *notes]
    return lead_form(desk, sheet, (), parent, facts=joined("clauses", said), order_key=order.key)


def lead_form(
    desk: Desk,
    sheet: Sheet,
    findings: Sequence[FindingRow],
    parent: QWidget,
    *,
    facts: str = "",
    order_key: str | None = None,
) -> StepDialog:
    """登记线索: cause, facts from the chosen findings (or as given), and the party."""
    written = facts or facts_of(findings)
    dialog = StepDialog("登记案件线索", "登记线索", desk.jobs, parent)
    dialog.setMinimumWidth(600)
    cause = ChoiceBox({"": "未选"} | casework.case_causes(), parent=dialog)
    dialog.add("案由", cause, "cause", check=filled(cause.word, "从案由表里选一个"))
    account = LinesField(4, written, dialog)
    dialog.add("违法事实", account, "facts", check=filled(account.text, "写明何时何地发现什么"))
    kind = ChoiceBox(labels("subject_kind"), SubjectKind.ORGANIZATION, dialog)
    dialog.add("当事人", kind, "subject_kind", sheet.header.subject_name)
    name, code = QLineEdit(dialog), QLineEdit(dialog)

    def own() -> bool:
        return kind.word() == SubjectKind.ORGANIZATION

    name_row = dialog.add(
        "名称", name, "subject_name", check=lambda: "" if own() or name.text().strip() else "写明当事人名称"
    )
    code_row = dialog.add("信用代码", code, "subject_code")

    def adapt() -> None:
        name_row.set_visible(not own())
        code_row.set_visible(not own())

    kind.currentIndexChanged.connect(adapt)
    adapt()
    key = order_key or next((row.order_key for row in findings if row.order_key), None)
    dialog.prepare = lambda: partial(
        casework.note_lead,
        desk.place,
        inspection_id=sheet.header.id,
        lead=Lead(
            cause=cause.word(),
            facts=account.text(),
            subject_kind=SubjectKind(kind.word()),
            subject_name="" if own() else name.text(),
            subject_code="" if own() else code.text(),
            order_key=key,
        ),
    )
    return dialog


def verify_form(desk: Desk, case: CaseRow, parent: QWidget) -> StepDialog:
    """登记核查: the day the lead was verified."""
    dialog = StepDialog("登记核查", "登记核查", desk.jobs, parent)
    on = _day(desk, dialog, "核查日期")
    dialog.prepare = lambda: partial(
        casework.verify_lead, desk.place, inspection_id=case.inspection_id, key=case.key, on=on.day()
    )
    return dialog


def file_form(desk: Desk, case: CaseRow, parent: QWidget) -> StepDialog:
    """立案: number, day, and the value of the goods where it is known."""
    dialog = StepDialog("立案", "立案", desk.jobs, parent)
    number = QLineEdit(dialog)
    dialog.add("案号", number, "number", check=filled(number.text, "按立案审批表填写"))
    on = _day(desk, dialog, "立案日期")
    goods = MoneyField(case.goods_value, needed=False, parent=dialog)
    dialog.add("货值金额", goods, "goods_value", "元；还不清楚的先不填", goods.problem)
    dialog.prepare = lambda: partial(
        casework.file_case,
        desk.place,
        inspection_id=case.inspection_id,
        key=case.key,
        number=number.text(),
        on=on.day(),
        goods_value=goods.amount(),
    )
    return dialog


def not_filed_form(desk: Desk, case: CaseRow, parent: QWidget) -> StepDialog:
    """不予立案: the reason."""
    dialog = StepDialog("不予立案", "记为不予立案", desk.jobs, parent)
    reason = LinesField(3, parent=dialog)
    dialog.add("理由", reason, "reason", check=filled(reason.text, "写明依据和理由"))
    dialog.prepare = lambda: partial(
        casework.do_not_file,
        desk.place,
        inspection_id=case.inspection_id,
        key=case.key,
        reason=reason.text(),
    )
    return dialog


def decide_form(desk: Desk, case: CaseRow, parent: QWidget) -> StepDialog:
    """登记处罚决定: its number, what was fined and confiscated."""
    dialog = StepDialog(f"处罚决定 {case.number}", "登记决定", desk.jobs, parent)
    number = QLineEdit(dialog)
    dialog.add("行政处罚决定书文号", number, "decision_number", "还没有文号的先不填，发文后用“补填文号”")
    on = _day(desk, dialog, "决定日期")
    fine = MoneyField(needed=True, parent=dialog)
    confiscated = MoneyField(needed=True, parent=dialog)
    asked = Questioned(desk, case, fine, confiscated)
    dialog.add("罚款", fine, "fine", "元；没有的填 0", asked.about_fine)
    note = "元，违法所得与变价款合计；没有的填 0"
    dialog.add("没收款", confiscated, "confiscated", note, asked.about_confiscation)
    dialog.prepare = lambda: partial(
        casework.decide_case,
        desk.place,
        inspection_id=case.inspection_id,
        key=case.key,
        on=on.day(),
        confiscated=confiscated.amount() or 0,
        fine=fine.amount() or 0,
        number=number.text(),
    )
    return dialog


def number_form(desk: Desk, case: CaseRow, parent: QWidget) -> StepDialog:
    """补填文号: the number of a decision that was entered without, or with a wrong one."""
    dialog = StepDialog(f"处罚决定书文号 {case.number}", "存入文号", desk.jobs, parent)
    number = QLineEdit(case.decision_number, dialog)
    check = filled(number.text, "按行政处罚决定书填写")
    dialog.add("行政处罚决定书文号", number, "decision_number", check=check)
    dialog.prepare = lambda: partial(
        casework.number_decision, desk.place,
        inspection_id=case.inspection_id, key=case.key, number=number.text(),
    )  # fmt: skip
    return dialog


def close_form(desk: Desk, case: CaseRow, parent: QWidget) -> StepDialog:
    """结案: the day."""
    dialog = StepDialog(f"结案 {case.number}", "结案", desk.jobs, parent)
    on = _day(desk, dialog, "结案日期")
    dialog.prepare = lambda: partial(
        casework.close_case, desk.place, inspection_id=case.inspection_id, key=case.key, on=on.day()
    )
    return dialog


def refer_form(desk: Desk, case: CaseRow, parent: QWidget) -> StepDialog:
    """移送: to whom, and when."""
    dialog = StepDialog("移送", "登记移送", desk.jobs, parent)
    kind = ChoiceBox(labels("referral"), ReferralKind.JUDICIAL, dialog)
    dialog.add("移送给", kind, "kind")
    to = QLineEdit(dialog)
    dialog.add("受移送机关", to, "to", check=filled(to.text, "填机关全称"))
    on = _day(desk, dialog, "移送日期")
    dialog.prepare = lambda: partial(
        casework.refer_case,
        desk.place,
        inspection_id=case.inspection_id,
        key=case.key,
        kind=ReferralKind(kind.word()),
        to=to.text(),
        on=on.day(),
    )
    return dialog


def _day(desk: Desk, dialog: StepDialog, label: str) -> DateField:
    field = DateField(desk.place.today(), dialog)
    dialog.add(label, field, "on")
    return field
