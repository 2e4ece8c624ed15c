"""成批打印: the papers of many visits, forms about organizations and plans, blank forms, all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QSpinBox, QWidget

from app.services import batches, planning
from app.services.batches import Batch, Printed
from app.services.issuing import FormRow
from app.ui.chooser import Chooser
from app.ui.jobs import Ticket
from app.ui.steps import ChoiceBox, LongStep, Step, StepDialog
from app.ui.widgets import DateField
from app.vocabulary import InspectionType
from app.wording import labels

if TYPE_CHECKING:
    from app.services.workplace import Workplace
    from app.ui.screens import Desk

DAY, LISTED = "day", "listed"
FILLED, BOTH, BLANK = "filled", "both", "blank"
ALL_BEGUN: Final = "只打印填写过的，没有打印的最后逐一列出；选中一种文书时，没有填写的照预填打印"
_MOST: Final = 200
"""Blank copies of each form at once."""


class BatchForm(StepDialog):
    """What to print: papers, blank forms or both; of which visits; which forms; one file or many."""

    def __init__(self, desk: Desk, forms: Sequence[FormRow], listed: Sequence[str], parent: QWidget) -> None:
        super().__init__("成批打印", "选择存放位置", desk.jobs, parent)
        self.place = desk.place
        self._listed = tuple(listed)
        self.what = ChoiceBox(
            {FILLED: "检查的文书", BOTH: "检查的文书和空白件", BLANK: "只打空白件"}, FILLED, self
        )
        self.add("内容", self.what, "what")
        self.visits = ChoiceBox({DAY: "某一天的检查", LISTED: "左边列出的检查"}, DAY, self)
        self._visits_row = self.add("检查", self.visits, "visits")
        self.day = DateField(desk.place.today(), self)
        self._day_row = self.add("日期", self.day, "day")
        offered = {row.id: row.title for row in forms if not row.of_history}
        self._of_plans = {row.id for row in forms if row.about == "plan"}
        self.forms = ChoiceBox({"": "全部文书", **offered}, "", self)
        self._forms_row = self.add("文书", self.forms, "batch_forms")
        self._plans = {row.id: row.title for row in planning.plan_rows(desk.place)}
        self.plan = ChoiceBox({"": "全部计划", **self._plans}, "", self)
        self._plan_row = self.add("计划", self.plan, "batch_plan")
        self.questions = ChoiceBox({"": "不带检查项", **labels("inspection_type")}, "", self)
        self._questions_row = self.add("检查表的检查项", self.questions, "batch_questions")
        self.copies = QSpinBox(self)
        self.copies.setRange(1, _MOST)
        self._copies_row = self.add("每种空白件几份", self.copies, "copies")
        self.way = ChoiceBox({"file": "合成一个 PDF", "folder": "每份一个文件，存进文件夹"}, "file", self)
        self.add("存成", self.way, "way")
        self.prepare = _choosing
        self.what.currentIndexChanged.connect(self._show_rows)
        self.visits.currentIndexChanged.connect(self._show_rows)
        self.forms.currentIndexChanged.connect(self._show_rows)
        self._show_rows()

    def batch(self) -> Batch:
        """What is chosen now."""
        what, of_plans = self.what.word(), self._asks_plan()
        of_visits = what != BLANK and not of_plans
        by_day = of_visits and self.visits.word() == DAY
        questions = self.questions.word() if what == BLANK else ""
        plans = (self.plan.word(),) if self.plan.word() else tuple(self._plans)
        return Batch(
            day=self.day.day() if by_day else None,
            visits=self._listed if of_visits and not by_day else (),
            plans=plans if of_plans else (),
            forms=(self.forms.word(),) if self.forms.word() else (),
            questions=InspectionType(questions) if questions else None,
            copies=self.copies.value() if what != FILLED else 0,
        )

    def _asks_plan(self) -> bool:
        return self.what.word() != BLANK and self.forms.word() in self._of_plans

    def _show_rows(self) -> None:
        what, of_plans = self.what.word(), self._asks_plan()
        of_visits = what != BLANK and not of_plans
        self._visits_row.set_visible(of_visits)
        self._day_row.set_visible(of_visits and self.visits.word() == DAY)
        self._plan_row.set_visible(of_plans)
        self._questions_row.set_visible(what == BLANK)
        self._copies_row.set_visible(what != FILLED)
        self._forms_row.explain(ALL_BEGUN if of_visits and not self.forms.word() else "")
        self.fit()


def run_batch(
    dialog: BatchForm,
    parent: QWidget,
    chooser: Chooser,
    step: LongStep,
    done: Callable[[Printed], object],
) -> None:
    """Ask where to put what the dialog says, and print it."""
    batch, one_file = dialog.batch(), dialog.way.word() == "file"
    place = dialog.place
    day = batch.day or place.today()
    name = f"{day.isoformat()}-{'空白文书' if dialog.what.word() == BLANK else '文书'}.pdf"
    out = (
        chooser.target(parent, "成批打印", name, "PDF (*.pdf)")
        if one_file
        else chooser.folder(parent, "存放文书的文件夹")
    )
    if out is None:
        return
    stopping = "正在停下，没有写完的文件不留下" if one_file else "正在停下，已写出的文件保留"
    work = _printing(place, batch, out, one_file=one_file)
    # It only reads: in the store's thread everything else in the window would wait for hundreds of papers.
    step.run("正在排印", work, done, stopping=stopping, lane="files")


def _printing(place: Workplace, batch: Batch, out: Path, *, one_file: bool) -> Callable[[Ticket], Printed]:
    def work(ticket: Ticket) -> Printed:
        return batches.print_batch(
            place, wanted=batch.papers(place), out=out, one_file=one_file, progress=ticket.report,
            cancelled=ticket.is_cancelled,
        )  # fmt: skip

    return work


def counts_text(done: Printed) -> str:
    """What was printed, in numbers."""
    visits = [f"{done.visits} 次检查"] if done.visits else []
    told = "、".join([*visits, f"{done.papers} 份文书", f"{done.pages} 页"])
    return f"{told}；没有打印 {len(done.left_out)} 份" if done.left_out else told


def _choosing() -> Step:
    return _nothing


def _nothing() -> None:
    """Choosing stores nothing."""
