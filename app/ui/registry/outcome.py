"""What imports brought: counts for each file, and every problem with its cell and its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import ChayanError, Problem
from app.intake.layout import named_layout
from app.services.planning import PlanImported
from app.services.registering import Counts, PeopleImport, RegistryImport
from app.ui.tokens import Tone
from app.ui.widgets import (
    CaptionLabel,
    Card,
    ChipRow,
    Column,
    HeadingLabel,
    PagedTable,
    SecondaryButton,
    day_text,
)
from app.wording import sentence

ChipText = tuple[str, Tone]

TABLES: Final = "表格文件 (*.xlsx *.xls *.ods *.csv *.html *.htm);;所有文件 (*)"
"""Files that can be taken in, as the dialog offers them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    file: str
    recognised: str
    chips: tuple[ChipText, ...]
    problems: tuple[Problem, ...] = ()


def of_registry(path: Path, done: RegistryImport) -> Outcome:
    """The outcome of a registry file."""
    if done.cancelled:
        return Outcome(path.name, "", (("已取消，这个文件一行也没有收入", "attention"),))
    dated = f"，数据截至 {day_text(done.as_of)}" if done.as_of else "，没有注明数据日期，按今天计"
    chips = (*_chips("企业", done.organizations), *_chips("证书", done.certificates))
    return Outcome(path.name, named_layout(done.layout).title + dated, _with_problems(chips, done.problems),
                   done.problems)  # fmt: skip


def of_people(path: Path, done: PeopleImport) -> Outcome:
    """The outcome of a list of people."""
    chips = _with_problems(_chips("人员", done.people), done.problems)
    return Outcome(path.name, "执法人员名单", chips, done.problems)


def of_plan(path: Path, done: PlanImported) -> Outcome:
    """The outcome of a list of tasks."""
    chips = _chips("任务", Counts(done.added, done.updated, done.unchanged))
    return Outcome(path.name, "检查计划", _with_problems(chips, done.problems), done.problems)


def of_failure(path: Path, error: ChayanError) -> Outcome:
    """A file that could not even be begun."""
    return Outcome(path.name, "", (("没有收入", "bad"),), (error.problem,))


def _chips(what: str, counts: Counts) -> tuple[ChipText, ...]:
    said = f"{what} 新增 {counts.added:,}、更新 {counts.updated:,}、未变 {counts.unchanged:,}"
    return ((said, "good" if counts.added or counts.updated else "neutral"),)


def _with_problems(chips: tuple[ChipText, ...], problems: Sequence[Problem]) -> tuple[ChipText, ...]:
    left_out = sum(not problem.taken for problem in problems)
    flagged = len(problems) - left_out
    more: list[ChipText] = []
    if left_out:
        more.append((f"未收 {left_out:,} 处", "bad"))
    if flagged:
        more.append((f"收入并标记 {flagged:,} 处", "attention"))
    return (*chips, *(more or [("没有问题", "neutral")]))


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A problem as the table lists it."""

    file: str
    sheet: str
    row: int | None
    column: str
    message: str
    remedy: str
    taken: bool

    @classmethod
    def of(cls, file: str, problem: Problem) -> ProblemLine:
        """A problem of ``file`` in words."""
        said, where = sentence(problem), problem.where
        return cls(
            where.file or file, where.sheet or "", where.row, where.column or "", said.message, said.remedy,
            problem.taken,
        )  # fmt: skip


def _fate(line: ProblemLine) -> str:
    return "已收并标记" if line.taken else "未收"


def _fate_tone(line: ProblemLine) -> Tone:
    return "attention" if line.taken else "bad"


COLUMNS: Final = (
    Column[ProblemLine]("文件", "file", 22),
    Column[ProblemLine]("工作表", "sheet", 12),
    Column[ProblemLine]("行", "row", 6, "right"),
    Column[ProblemLine]("列", "column", 5, "center"),
    Column[ProblemLine]("问题", "message", 0),
    Column[ProblemLine]("怎么办", "remedy", 0),
    Column[ProblemLine]("结果", _fate, 11, tone=_fate_tone),
)


class OutcomePage(QWidget):
    """Shows the outcomes of one round of imports; ``closed`` leads ``back``."""

    closed = Signal()

    def __init__(self, back: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[ProblemLine, ...] = ()
        self._files = QVBoxLayout()
        self._files.setSpacing(10)
        self.close_button = SecondaryButton(back, "Esc", self)
        self.close_button.setObjectName("close_outcome")
        self.heading = HeadingLabel("", "card", self)
        self.hint = CaptionLabel("选中一处，下面写着整句；改好后再导入一次，已收入的不会重复", parent=self)
        self.problems: PagedTable[ProblemLine] = PagedTable(COLUMNS, self._fetch, parent=self)
        self.problems.setObjectName("import_problems")
        self.problems.setAccessibleName("导入中的问题")
        self.sentence = CaptionLabel(parent=self)
        self._lay_out()
        self.close_button.clicked.connect(self.closed)
        self.problems.chosen.connect(self._say_whole)

    def show_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        """Show what became of each file."""
        while self._files.count():
            if (old := self._files.takeAt(0).widget()) is not None:
                old.hide()
                old.deleteLater()
        for outcome in outcomes:
            self._files.addWidget(self._file(outcome))
        self._lines = tuple(
            ProblemLine.of(outcome.file, problem) for outcome in outcomes for problem in outcome.problems
        )
        self.problems.set_ids([str(number) for number in range(len(self._lines))])
        self.problems.reload()
        self.heading.setText(f"问题 {len(self._lines):,} 处" if self._lines else "没有问题，全部收入")
        for part in (self.problems, self.hint, self.sentence):
            part.setVisible(bool(self._lines))
        if self._lines:
            self.problems.choose("0")

    def lines(self) -> tuple[ProblemLine, ...]:
        """The problems listed now."""
        return self._lines

    def focus_first(self) -> None:
        """Begin in the problems, or at the way back."""
        (self.problems if self._lines else self.close_button).setFocus()

    def _file(self, outcome: Outcome) -> QWidget:
        card = Card(parent=self)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(HeadingLabel(outcome.file, "card", card))
        recognised = CaptionLabel(outcome.recognised, parent=card)
        recognised.setWordWrap(False)
        chips = ChipRow(card)
        chips.show_chips(*outcome.chips)
        card.body.setContentsMargins(16, 10, 16, 10)
        recognised.setVisible(bool(outcome.recognised))
        row.addWidget(recognised)
        row.addStretch(1)
        row.addWidget(chips)
        card.body.addLayout(row)
        return card

    def _fetch(self, ids: Sequence[str]) -> Sequence[ProblemLine]:
        return [self._lines[int(key)] for key in ids if int(key) < len(self._lines)]

    def _say_whole(self, key: str) -> None:
        if key:
            line = self._lines[int(key)]
            self.sentence.setText(f"{line.message}。{line.remedy}")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.heading)
        head.addWidget(self.hint, 1)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._files)
        column.addLayout(head)
        column.addWidget(self.problems, 1)
        column.addWidget(self.sentence)
        column.addStretch(0)
