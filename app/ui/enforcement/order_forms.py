"""The forms of an order's steps: draft, issue, deliver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QLineEdit, QWidget

from app.law.citation import lacks_article, unplaced_span
from app.planning.workdays import ExtraDays, add_working_days
from app.services import enforcing, numbering
from app.services.enforcing import OrderRow, OrderTerms
from app.services.order_law import OrderLaw, law_of_draft
from app.services.sheet_rows import CitedProvision, FindingRow, Sheet
from app.ui.enforcement.term import TermField
from app.ui.paper.paper_steps import number_row
from app.ui.steps import ChoiceBox, LinesField, Step, StepDialog, filled
from app.ui.widgets import Chip, DateField, FormRow, TextLabel, day_text
from app.vocabulary import DeliveryMethod, Disposition, SubjectKind
from app.wording import joined, label, labels

if TYPE_CHECKING:
    from app.ui.screens import Desk

NOBODY: Final = "还没有核对"
PRINTED: Final = "印在通知书上，核对后可改"
LACKING: Final = "“条号待核”处出具前要写上条号；可以先存拟稿，打印时带草稿字样"
EMPTY: Final = "检查依据里没有当事人自己的义务条款，查到后写上才能出具；可以先存拟稿"
UNWRITTEN: Final = "对照官方文本，把“条号待核”换成条号，才能出具"


def requirements_of(findings: Sequence[FindingRow]) -> str:
    """A first wording of what has to be put right: one line for each finding."""
    lines = [f"针对“{row.description.rstrip('。')}”采取措施改正，留存改正证明材料备查。" for row in findings]
    if len(lines) < 2:
        return "".join(lines)
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def _text(provisions: Iterable[CitedProvision]) -> str:
    return joined("clauses", (each.text for each in provisions))


class DraftForm(StepDialog):
    """拟责令改正通知书: what was found, until when, what has to be done, who checked the provisions."""

    def __init__(self, desk: Desk, sheet: Sheet, findings: Sequence[FindingRow], parent: QWidget) -> None:
        super().__init__("拟责令改正通知书", "存为拟稿", desk.jobs, parent)
        self.setMinimumWidth(620)
        self._desk, self._sheet, self._findings = desk, sheet, tuple(findings)
        # Another party's findings are its own; to whom those of the inspected one go is chosen.
        self._addressee = next(
            (row.against for row in findings if row.against is not SubjectKind.ORGANIZATION),
            SubjectKind.ORGANIZATION,
        )
        self._rests = self._law()
        self._add_findings()
        self._add_term()
        self._add_addressee()
        self.requirements = LinesField(4, requirements_of(findings), self)
        self.add(
            "改正要求",
            self.requirements,
            "requirements",
            check=filled(self.requirements.text, "写明要改什么、改到什么程度"),
        )
        self._add_citations()
        self.confirmed = ChoiceBox({"": NOBODY} | self._people(), parent=self)
        self._add_provisions()
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self._kind_changed()
        self.prepare = self._step

    def _add_findings(self) -> None:
        facts = "\n".join(f"{n}. {row.description}" for n, row in enumerate(self._findings, start=1))
        self.form.add_wide(TextLabel(facts, selectable=True, parent=self))

    def _add_term(self) -> None:
        place = self._desk.place
        at_once = all(row.disposition is Disposition.RECTIFY_AT_ONCE for row in self._findings)
        self.term = TermField(place.today(), enforcing.extra_days(place), at_once=at_once, parent=self)
        self.add("改正期限", self.term, "term", check=self.term.problem)

    def _add_addressee(self) -> None:
        self.kind = ChoiceBox(labels("subject_kind"), self._addressee, self)
        self.add("当事人", self.kind, "subject_kind", self._sheet.header.subject_name)
        self.name = QLineEdit(self)
        self._name_row = self.add("名称", self.name, "subject_name", check=self._name_problem)

    def _law(self) -> OrderLaw:
        """What the order cites while it is directed at the chosen addressee."""
        return law_of_draft(
            self._desk.place,
            inspection_id=self._sheet.header.id,
            finding_keys=[row.key for row in self._findings],
            addressee=self._addressee,
        )

    def _add_citations(self) -> None:
        """The citations as they will be printed; whoever checks them may put them right here."""
        self.violated = LinesField(2, _text(self._rests.violated), self)
        self.basis = LinesField(2, _text(self._rests.basis), self)
        for field, name in ((self.violated, "violated"), (self.basis, "basis")):
            row = self.add(label("order_citation", name), field, name, PRINTED)
            field.textChanged.connect(partial(_say_lacking, row, field))
            _say_lacking(row, field)

    def _add_provisions(self) -> None:
        self._doubtful = TextLabel("", selectable=True, parent=self)
        self._doubts = Chip("待核对条款", "attention", self)
        self.form.add_wide(self._doubts)
        self.form.add_wide(self._doubtful)
        self._confirmed_row = self.add(
            "核对人",
            self.confirmed,
            "confirmed_by",
            "对照官方文本核对上列条款的检查人员，姓名随文书留存",
            check=self._unconfirmed,
        )

    def _unconfirmed(self) -> str:
        waiting = self._rests.doubtful and not self.confirmed.word()
        return "上列条款须有人对照官方文本核对后署名" if waiting else ""

    def _say_doubtful(self) -> None:
        found = self._rests.doubtful
        self._doubts.setText(f"待核对条款 {len(found)}")
        self._doubtful.setText(
            "\n".join(" ".join((each.text, each.duty or each.penalty)).strip() for each in found)
        )
        self._doubts.setVisible(bool(found))
        self._doubtful.setVisible(bool(found))
        self._confirmed_row.set_visible(bool(found))

    def _people(self) -> dict[str, str]:
        names = [name for _, name in self._sheet.officers] + [self._desk.place.owner.name]
        return {name: name for name in dict.fromkeys(names)}

    def _kind_changed(self) -> None:
        """Another addressee has other duties; what somebody has written already stays."""
        self._addressee, before = SubjectKind(self.kind.word()), self._rests
        self._rests = self._law()
        for field, was, now in (
            (self.violated, before.violated, self._rests.violated),
            (self.basis, before.basis, self._rests.basis),
        ):
            if field.text() == _text(was) and was != now:
                field.setPlainText(_text(now))
        self._say_doubtful()
        own = self.kind.word() == SubjectKind.ORGANIZATION
        self._name_row.set_visible(not own)
        if self.kind.word() == SubjectKind.CERTIFICATION_BODY and not self.name.text():
            bodies = [row.body_name for row in self._sheet.certificates if row.body_name]
            self.name.setText(bodies[0] if bodies else "")

    def _name_problem(self) -> str:
        own = self.kind.word() == SubjectKind.ORGANIZATION
        return "" if own or self.name.text().strip() else "写明当事人名称"

    def _step(self) -> Step:
        term = self.term.term()
        kind = SubjectKind(self.kind.word())
        terms = OrderTerms(
            requirements=self.requirements.text(),
            at_once=term.at_once,
            working_days=term.working_days,
            due_on=term.due_on,
            subject_kind=kind,
            subject_name="" if kind is SubjectKind.ORGANIZATION else self.name.text(),
            confirmed_by=self.confirmed.word(),
            violated=self.violated.text(),
            basis=self.basis.text(),
        )
        keys = [row.key for row in self._findings]
        return partial(
            enforcing.draft_order,
            self._desk.place,
            inspection_id=self._sheet.header.id,
            finding_keys=keys,
            terms=terms,
        )


def _say_lacking(row: FormRow, field: LinesField) -> None:
    """A draft may wait for its articles; the line under the field says until when."""
    empty, lacking = not field.text().strip(), lacks_article(field.text())
    note = EMPTY if empty else LACKING if lacking else PRINTED
    row.explain(note, "attention" if empty or lacking else "neutral")


def _article_problem(field: LinesField) -> str:
    if not field.text().strip():
        return EMPTY
    return UNWRITTEN if lacks_article(field.text()) else ""


def _add_written(dialog: StepDialog, order: OrderRow, name: str, *, final: bool) -> LinesField:
    """A citation of a drafted order, what it lacks chosen; a ``final`` one must not lack anything."""
    text = order.violated if name == "violated" else order.basis
    field = LinesField(3, text, dialog)
    check = partial(_article_problem, field)
    row = dialog.add(label("order_citation", name), field, name, PRINTED, check if final else None)
    if problem := check():
        row.set_problem(problem)
    if lacks_article(text):
        start, end = unplaced_span(text)
        cursor = field.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, cursor.MoveMode.KeepAnchor)
        field.setTextCursor(cursor)
    return field


def cite_form(desk: Desk, order: OrderRow, parent: QWidget) -> StepDialog:
    """写条款: the citations of a draft as they will be printed."""
    dialog = StepDialog("写明引用的条款", "存入拟稿", desk.jobs, parent)
    dialog.setMinimumWidth(620)
    fields = {name: _add_written(dialog, order, name, final=False) for name in ("violated", "basis")}
    dialog.prepare = lambda: partial(
        enforcing.cite_order,
        desk.place,
        inspection_id=order.inspection_id,
        key=order.key,
        **{name: field.text() for name, field in fields.items()},
    )
    return dialog


def issue_form(desk: Desk, order: OrderRow, parent: QWidget) -> StepDialog:
    """出具通知书: its number and day, and before them the citations that still want an article."""
    dialog = StepDialog("出具责令改正通知书", "出具", desk.jobs, parent)
    if order.lacking:
        dialog.setMinimumWidth(620)
    written = {name: _add_written(dialog, order, name, final=True) for name in order.lacking}
    number = number_row(dialog, desk, numbering.ORDER_FORM)
    on = DateField(desk.place.today(), dialog)
    day_row = dialog.add("出具日期", on, "on")
    if order.working_days is not None:
        extra = enforcing.extra_days(desk.place)
        on.changed.connect(partial(_say_term, dialog, day_row, order.working_days, extra))
        _say_term(dialog, day_row, order.working_days, extra, on.day())
    dialog.prepare = lambda: partial(
        enforcing.issue_order,
        desk.place,
        inspection_id=order.inspection_id,
        key=order.key,
        number=number.text(),
        issued_on=on.day(),
        **{name: field.text() for name, field in written.items()},
    )
    return dialog


def _say_term(dialog: StepDialog, row: FormRow, days: int, extra: ExtraDays, on: date) -> None:
    """What the working days come to when the order is issued on a day."""
    last = add_working_days(on, days, extra).on
    dialog.explain(row, f"期限 {days} 个工作日，从这一天起算，到 {day_text(last, weekday=True)}")


def deliver_form(desk: Desk, order: OrderRow, representative: str, parent: QWidget) -> StepDialog:
    """登记送达: how, when, and who took it."""
    dialog = StepDialog(f"登记送达 {order.number}", "登记送达", desk.jobs, parent)
    method = ChoiceBox(labels("delivery_method"), DeliveryMethod.DIRECT, dialog)
    dialog.add("送达方式", method, "method")
    receiver = QLineEdit(representative, dialog)
    row = dialog.add("签收人", receiver, "received_by", check=filled(receiver.text, "填收件人姓名"))

    def explain() -> None:
        witness = method.word() == DeliveryMethod.LEFT_WITH_WITNESS
        row.label.setText("见证人" if witness else "签收人")

    method.currentIndexChanged.connect(explain)
    on = DateField(desk.place.today(), dialog)
    dialog.add("送达日期", on, "on")
    dialog.prepare = lambda: partial(
        enforcing.deliver_order,
        desk.place,
        inspection_id=order.inspection_id,
        key=order.key,
        on=on.day(),
        method=DeliveryMethod(method.word()),
        received_by=receiver.text(),
    )
    return dialog
