"""报告材料: 工作总结, 结果公示, 信用信息, 录入对照表 of a plan; the summary's template; the year's report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.errors import Problem
from app.services import crediting, entering, planning, publishing, summarizing
from app.services.annual import AnnualReport, annual_report
from app.services.workplace import Changes, Workplace
from app.ui.blocks import scrolling
from app.ui.chooser import Chooser
from app.ui.jobs import Ticket
from app.ui.planning.board import plan_text
from app.ui.screen import Screen, ScreenAction
from app.ui.slots import calling
from app.ui.steps import ChoiceBox, LongStep
from app.ui.tables.words import WORKBOOKS, problem_lines
from app.ui.today.lines import annual_line
from app.ui.widgets import (
    Banner,
    CaptionLabel,
    Card,
    Chip,
    DateField,
    SecondaryButton,
    TextLabel,
    WorkingLine,
)
from app.wording import joined, label

if TYPE_CHECKING:
    from app.ui.screens import Desk

DOCUMENTS: Final = "Word 文档 (*.docx)"
STOPPING: Final = "正在停下，没有写出任何文件"

PAPERS: Final = (
    ("summary", "工作总结", "Ctrl+Shift+W", "数字、突出问题、典型案例、与上年同期比较、任务缺口；写成 Word 文档，再由本单位修改"),
    ("public", "结果公示", "Ctrl+Shift+G", "计划中已审核、没有冲突的检查结果；不含个人信息"),
    ("credit", "信用信息", "Ctrl+Shift+X", "统计期内决定的行政处罚，带最迟公示日和公示期限"),
    ("entries", "录入对照表", "Ctrl+Shift+L", "每次检查要录入认证行政监管系统的字段，逐项打勾；建议版式"),
)  # fmt: skip


class ReportsScreen(Screen):
    """One button for each paper; all are of the chosen plan."""

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk, self._chooser = desk, chooser or Chooser()
        self.plan = ChoiceBox({}, parent=self)
        self.first, self.last = DateField(parent=self, weekday=False), DateField(parent=self, weekday=False)
        self.banner = Banner(self)
        self.annual, self.annual_chip = TextLabel(parent=self), Chip(parent=self)
        self.working = WorkingLine(self)
        self._long = LongStep(self, self.working, desk.jobs)
        self.buttons: dict[str, SecondaryButton] = {}
        self._lay_out()
        self.plan.currentIndexChanged.connect(calling(self._show_period))

    def title(self) -> str:
        """The name of the screen."""
        return "报告材料"

    def context(self) -> str:
        """The plan."""
        return self.plan.currentText()

    def screen_actions(self) -> Sequence[ScreenAction]:
        """The template of the summary, and the way back."""
        free = not self._long.running
        return (
            ScreenAction("导出总结模板", self.export_template, "Ctrl+Shift+E", enabled=free, name="export_template"),
            ScreenAction("导入总结模板", self.import_template, "Ctrl+Shift+I", enabled=free, name="import_template"),
            ScreenAction("回统计表", self.go_back, "Ctrl+R", name="go_back"),
        )  # fmt: skip

    def refresh(self, changes: Changes | None) -> None:
        """Read the plans and the year's report again."""
        if changes is None or changes.concern("plan", "inspection", "assignment", "sent_table"):
            place = self._desk.place
            self._desk.jobs.run(partial(_read, place), self._show, self.problem_found.emit, self)

    def focus_first(self) -> None:
        """Begin with the plan."""
        self.plan.setFocus()

    def make(self, paper: str) -> None:
        """Ask where, then write one paper beside the window."""
        if self._long.running:
            return
        self.banner.hide()
        name = next(text for key, text, *_ in PAPERS if key == paper)
        kind, ending = (DOCUMENTS, "docx") if paper == "summary" else (WORKBOOKS, "xlsx")
        plan_id = self.plan.word()
        if not plan_id and paper in {"public", "entries"}:
            self.banner.say("先选一个计划", f"{name}按计划列出", "attention")
            return
        suggested = f"{name} {self.plan.currentText()}.{ending}".replace("/", " ")
        out = self._chooser.target(self, f"写出{name}", suggested, kind)
        if out is not None:
            days = (self.first.day(), self.last.day())
            work = partial(_WORK[paper], self._desk.place, plan_id, days, out)
            self._long.run(f"正在写出{name}", work, self._written, stopping=STOPPING)

    def export_template(self) -> None:
        """Write the template in use, to be edited in Word."""
        out = self._chooser.target(self, "导出总结模板", "工作总结模板.docx", DOCUMENTS)
        if out is not None:
            work = partial(summarizing.export_template, self._desk.place, out=out)
            self._desk.jobs.run(work, self._template_written, self.banner.show_problem, self)

    def import_template(self) -> None:
        """Take an edited template into use."""
        path = self._chooser.file(self, "导入总结模板", DOCUMENTS)
        if path is not None:
            work = partial(_take_template, self._desk.place, path)
            self._desk.jobs.run(work, self._template_taken, self.banner.show_problem, self)

    def go_back(self) -> None:
        """Lead back to the tables."""
        self.open_requested.emit("tables", {})

    def _written(self, told: tuple[Path, str]) -> None:
        path, remark = told
        if remark:
            self.banner.say(f"已写出 {path}", remark, "attention")
        else:
            self.notice_given.emit(f"已写出 {path}")

    def _template_written(self, path: Path) -> None:
        self.notice_given.emit(f"已导出 {path}；改好后用“导入总结模板”收入")

    def _template_taken(self, problems: tuple[Problem, ...]) -> None:
        if problems:
            self.banner.say(f"模板没有收入，有 {len(problems)} 处问题", problem_lines(problems), "bad")
        else:
            self.notice_given.emit("总结模板已收入，以后用它")

    def _show(self, found: tuple[dict[str, str], AnnualReport]) -> None:
        plans, report = found
        chosen = self.plan.word() if self.plan.count() else next(iter(plans), "")
        with QSignalBlocker(self.plan):
            self.plan.clear()
            for key, text in {**plans, "": "全部检查（不分计划）"}.items():
                self.plan.addItem(text, key)
            self.plan.choose(chosen)
        line = annual_line(report)
        self.annual.setText(f"{line.title}（{report.source}：{report.contents}）\n{line.words}")
        if line.chip is not None:
            self.annual_chip.show_text(*line.chip)
        self._show_period()

    def _show_period(self) -> None:
        period = summarizing.usual_period(self._desk.place, plan_id=self.plan.word())
        for field, day in ((self.first, period.first), (self.last, period.last)):
            with QSignalBlocker(field):
                field.set_day(day)
        self.header_changed.emit()

    def _lay_out(self) -> None:
        self.plan.setObjectName("plan")
        self.plan.setAccessibleName("计划")
        self.first.setAccessibleName("统计期开始日")
        self.last.setAccessibleName("统计期结束日")
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in ("计划", self.plan, "统计期", self.first, "至", self.last):
            head.addWidget(QLabel(part, self) if isinstance(part, str) else part)
        head.setStretch(1, 1)
        year = Card("年度报告", self)
        line = QHBoxLayout()
        line.addWidget(self.annual, 1)
        line.addWidget(self.annual_chip)
        year.body.addLayout(line)
        inside = QWidget(self)
        cards = QGridLayout(inside)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(14)
        for place, (key, name, keys, words) in enumerate(PAPERS):
            cards.addWidget(self._card(key, name, keys, words), place // 2, place % 2)
        cards.addWidget(year, 2, 0, 1, 2)
        cards.setRowStretch(3, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.banner)
        column.addWidget(self.working)
        column.addWidget(scrolling(inside), 1)

    def _card(self, key: str, name: str, keys: str, words: str) -> Card:
        card = Card(name, self)
        card.body.addWidget(CaptionLabel(words, parent=card))
        button = SecondaryButton(f"写出{name}（{keys}）", keys, card)
        button.setObjectName(f"make_{key}")
        button.clicked.connect(calling(self.make, key))
        self.buttons[key] = button
        card.body.addWidget(button)
        return card


def _read(place: Workplace) -> tuple[dict[str, str], AnnualReport]:
    plans = {row.id: plan_text(row) for row in planning.plan_rows(place)}
    return plans, annual_report(place)


def _take_template(place: Workplace, path: Path) -> tuple[Problem, ...]:
    problems = summarizing.template_faults(path)
    if not problems:
        summarizing.import_template(place, path=path)
    return problems


Days = tuple[date, date]


def _summary(place: Workplace, plan_id: str, days: Days, out: Path, _ticket: Ticket) -> tuple[Path, str]:
    made = summarizing.write_summary(place, plan_id=plan_id, out=out, period_from=days[0], period_to=days[1])
    return made.path, ""


def _public(place: Workplace, plan_id: str, _days: Days, out: Path, ticket: Ticket) -> tuple[Path, str]:
    made = publishing.write_public(
        place, plan_id=plan_id, out=out, progress=ticket.report, cancelled=ticket.is_cancelled
    )
    told = made.told
    said = [f"{label('list_left_out', reason)} {len(ids)} 次" for reason, ids in told.left_out.items()]
    remark = f"没有列入：{joined('names', said)}。" if said else ""
    if told.uncoded:
        remark += f"{len(told.uncoded)} 家没有统一社会信用代码，可能是自然人，公布前核对名称。"
    return made.path, remark


def _credit(place: Workplace, plan_id: str, days: Days, out: Path, ticket: Ticket) -> tuple[Path, str]:
    made = crediting.write_credit(
        place, plan_id=plan_id, out=out, period_from=days[0], period_to=days[1],
        progress=ticket.report, cancelled=ticket.is_cancelled,
    )  # fmt: skip
    return made.path, _not_ready(len(made.told.left_out))


def _entries(place: Workplace, plan_id: str, _days: Days, out: Path, ticket: Ticket) -> tuple[Path, str]:
    made = entering.write_entries(
        place, plan_id=plan_id, out=out, progress=ticket.report, cancelled=ticket.is_cancelled
    )
    return made.path, _not_ready(len(made.told.left_out))


def _not_ready(count: int) -> str:
    return f"未完成或有冲突的 {count} 次检查没有列入" if count else ""


_WORK: Final[dict[str, Callable[[Workplace, str, Days, Path, Ticket], tuple[Path, str]]]] = {
    "summary": _summary,
    "public": _public,
    "credit": _credit,
    "entries": _entries,
}
