"""Small forms that store one step, and long steps that show how far they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QScrollArea, QWidget

from app.errors import ChayanError, Problem
from app.ui.jobs import Jobs, Lane, Ticket
from app.ui.screen import Screen
from app.ui.widgets import FormDialog, FormRow, WorkingLine
from app.ui.widgets.working import STOPPING, Count, pieces_text
from app.wording import sentence

MARGIN: Final = 48
T = TypeVar("T")
Check = Callable[[], str]
"""What is wrong with a field now; empty when nothing is."""
Step = Callable[[], object]
"""Stores something; runs in the store's thread, so it holds plain values and no widget."""


class StepDialog(FormDialog):
    """A form for one durable step; it stays open until the step is on the disk.

    ``prepare`` reads the fields in the main thread and returns the step. ``stored`` carries what the
    step returned.
    """

    stored = Signal(object)

    def __init__(self, title: str, action: str, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(title, action, parent)
        self._jobs = jobs
        self._checks: dict[FormRow, Check] = {}
        self._notes: dict[FormRow, str] = {}
        self.prepare: Callable[[], Step] = _no_step
        self.submitted.connect(self._submit)

    def add(
        self, label: str, field: QWidget, name: str, note: str = "", check: Check | None = None
    ) -> FormRow:
        """Append a row; ``check`` says what is wrong with it when the form is submitted."""
        row = self.form.add(label, field, note, name)
        self._notes[row] = note
        if check is not None:
            self._checks[row] = check
        return row

    def explain(self, row: FormRow, note: str) -> None:
        """Write another note under a field; it comes back when a problem there is mended."""
        self._notes[row] = note
        row.explain(note)

    def show_problem(self, problem: Problem | ChayanError) -> None:
        """Say why it was not stored, and at the field that it is about go there."""
        super().show_problem(problem)
        found = problem.problem if isinstance(problem, ChayanError) else problem
        for row in self._notes:
            if row.field.objectName() == found.where.column:
                row.set_problem(sentence(found).message)
                self._make_room()
                self._go_to(row.field)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as the form wants to be."""
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Grow to what the form wants now, where the window behind has the room."""
        frame, behind = self.form.parentWidget(), self.parentWidget()
        if frame is None or behind is None:
            return
        wanted = self.height() + self.form.sizeHint().height() - frame.height()
        room = behind.window().height() - MARGIN
        self.resize(self.width(), max(self.height(), min(wanted, room)))

    def _make_room(self) -> None:
        """Grow by what is said above the form, which would cover what is said at the field."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.fit()

    def _submit(self) -> None:
        self.banner.hide()
        wrong = {row: check() for row, check in self._checks.items()}
        for row, text in wrong.items():
            row.set_problem(text)
            if not text:
                row.explain(self._notes[row])
        faulty = [row for row, text in wrong.items() if text]
        if faulty:
            self._go_to(faulty[0].field)
            return
        self.set_busy(True)
        self._jobs.run(self.prepare(), self._done, self.show_problem, self)

    def _go_to(self, field: QWidget) -> None:
        field.setFocus()
        for scroll in self.findChildren(QScrollArea):
            if scroll.isAncestorOf(field):
                scroll.ensureWidgetVisible(field, 0, MARGIN)

    def _done(self, result: object) -> None:
        self.set_busy(False)
        self.stored.emit(result)
        self.accept()


class LinesField(QPlainTextEdit):
    """Some lines of text; Tab goes on to the next field."""

    def __init__(self, lines: int, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 22)
        self.setPlainText(text)

    def text(self) -> str:
        """What is written, without white space around it."""
        return self.toPlainText().strip()


class ChoiceBox(QComboBox):
    """One of some coded words."""

    def __init__(self, words: Mapping[str, str], word: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for each, label in words.items():
            self.addItem(label, each)
        self.choose(word)

    def word(self) -> str:
        """The chosen word."""
        return str(self.currentData() or "")

    def choose(self, word: str) -> None:
        """Choose a word; the first one where it is not offered."""
        self.setCurrentIndex(max(0, self.findData(word)))


class LongStep:
    """One long step at a time: its line shows how far it is, and its problem goes to the screen."""

    def __init__(self, screen: Screen, line: WorkingLine, jobs: Jobs) -> None:
        self._screen, self._line, self._jobs = screen, line, jobs
        self.running = False

    def run(
        self,
        text: str,
        work: Callable[[Ticket], T],
        done: Callable[[T], object],
        *,
        stopping: str = STOPPING,
        count: Count = pieces_text,
        lane: Lane = "store",
    ) -> None:
        """Begin ``work`` unless another step is under way; ``done`` gets what it returned.

        ``stopping`` and ``count`` are what its line says (:meth:`WorkingLine.start`), ``lane`` is as in
        :meth:`Jobs.run`.
        """
        if self.running:
            return
        self.running = True
        ticket = Ticket(self._screen)
        self._line.start(text, ticket, stopping, count)
        self._jobs.run(
            partial(work, ticket), partial(self._finish, done), self._fail, self._screen, ticket=ticket,
            lane=lane,
        )  # fmt: skip
        self._screen.header_changed.emit()

    def _finish(self, done: Callable[[T], object], result: T) -> None:
        self._end()
        done(result)
        self._screen.header_changed.emit()

    def _fail(self, error: ChayanError) -> None:
        self._end()
        self._screen.problem_found.emit(error)
        self._screen.header_changed.emit()

    def _end(self) -> None:
        self.running = False
        self._line.finish()


def filled(text: Callable[[], str], problem: str) -> Check:
    """A check that something is written."""
    return partial(_filled, text, problem)


def _filled(text: Callable[[], str], problem: str) -> str:
    return "" if text().strip() else problem


def _no_step() -> Step:
    raise NotImplementedError
