"""The screen 打印: choose a record and a form, look at the file itself, save it or print it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.errors import ChayanError
from app.files import write_atomically
from app.services import enforcing, issuing, visits
from app.services.issuing import PrintedForm
from app.services.visits import InspectionRow
from app.services.workplace import Changes
from app.ui.chooser import Chooser
from app.ui.jobs import Ticket
from app.ui.paper.choice import ChoiceColumn
from app.ui.paper.viewer import Viewer
from app.ui.printing import ChoosePrinter, choose_printer, print_pages
from app.ui.screen import Screen, ScreenAction
from app.ui.slots import calling
from app.ui.widgets import WorkingLine
from app.vocabulary import InspectionType

if TYPE_CHECKING:
    from app.ui.screens import Desk

PAUSE: Final = 120


class PrintingScreen(Screen):
    """Preview, 另存为 PDF and 打印; the dialogs of the system are handed in so that tests can answer."""

    def __init__(
        self,
        desk: Desk,
        chooser: Chooser | None = None,
        ask_printer: ChoosePrinter = choose_printer,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._chooser, self._ask_printer = chooser or Chooser(), ask_printer
        self._inspection_id = ""
        self._other: tuple[str, str] | None = None
        self._wanted = 0
        self._chosen: tuple[object, ...] | None = None
        self._ticket: Ticket | None = None
        self.printed: PrintedForm | None = None
        self.choice = ChoiceColumn(issuing.form_rows(), self._fetch, self)
        self.viewer = Viewer(desk.jobs, self)
        self.working = WorkingLine(self)
        self._lay_out()
        self._late = False
        # The arrow keys go through the list faster than files are made.
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.show_choice)
        self.choice.changed.connect(self._chosen_here)
        self.choice.search.searched.connect(calling(self.refresh, None))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.choice)
        row.addWidget(self.viewer, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.working)
        column.addLayout(row, 1)

    def hideEvent(self, event: QHideEvent) -> None:
        """Make no file that nobody looks at."""
        super().hideEvent(event)
        self._late = self._late or self._pause.isActive()
        self._pause.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Make what was left when the screen was hidden."""
        super().showEvent(event)
        if self._late:
            self._late = False
            self._pause.start()

    def title(self) -> str:
        """The name of the form."""
        return f"打印 {self.choice.form().title}"

    def context(self) -> str:
        """Whose record, how many pages, and the fingerprint that the paper carries."""
        if self.printed is None:
            return ""
        name = "空白件" if self.choice.blank.isChecked() else self.printed.file_name.removesuffix(".pdf")
        parts = [name, f"{self.printed.pages} 页"]
        if self.printed.fingerprint:
            parts.append(f"指纹 {self.printed.fingerprint[:16]}")
        return " · ".join(parts)

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Keep the file, or print it."""
        ready = self.printed is not None and self._ticket is None
        hint = "" if ready else "先选一次检查和一种文书"
        return (
            ScreenAction("另存为 PDF", self.save, "Ctrl+S", enabled=ready, hint=hint, name="save_pdf"),
            ScreenAction(
                "打印", self.print_now, "Ctrl+P", primary=True, enabled=ready, hint=hint, name="print"
            ),
        )

    def refresh(self, changes: Changes | None) -> None:
        """Read the visits and the shown record again."""
        if changes is not None and not changes.concern("inspection"):
            return
        ids = visits.inspection_ids(self._desk.place, query=self.choice.search.text())
        self.choice.table.set_ids(ids)
        self.show_choice()

    def open_with(self, **arguments: object) -> None:
        """Show the record ``inspection_id`` in the form ``form``, of the order ``order_key``.

        A history may be of another ``kind`` of record, which the list does not have: ``record_id``.
        """
        self.choice.search.clear()
        self.choice.blank.setChecked(False)
        self.choice.table.set_ids(visits.inspection_ids(self._desk.place))
        if form := str(arguments.get("form", "")):
            self.choice.choose_form(form)
        kind, record_id = str(arguments.get("kind", "")), str(arguments.get("record_id", ""))
        self._other = (kind, record_id) if kind not in {"", "inspection"} else None
        inspection_id = str(arguments.get("inspection_id", ""))
        self.choice.table.choose(inspection_id)
        self._show_orders(inspection_id, str(arguments.get("order_key", "")))
        self.show_choice()

    def focus_first(self) -> None:
        """Begin at the pages where there are some, else at the visits."""
        (self.viewer.view if self.printed is not None else self.choice.table).setFocus()

    def show_choice(self) -> None:
        """Make the file for what is chosen and show it."""
        self._pause.stop()
        self._inspection_id = self.choice.table.current_id() or ""
        self.choice.explain()
        self._show_orders(self._inspection_id)
        form = self.choice.form()
        self._wanted += 1
        blank, order = self.choice.blank.isChecked(), self.choice.order.word()
        chosen = (form.id, blank, self._inspection_id, order, self._other)
        if chosen != self._chosen and self.printed is not None:
            # What is not shown yet must not be printed: the former file is put away first.
            self.printed = None
            self.header_changed.emit()
        self._chosen = chosen
        work = self._work()
        if work is None:
            self._show_none()
            return
        self._desk.jobs.run(work, partial(self._take, self._wanted), partial(self._fail, self._wanted), self)

    def _chosen_here(self) -> None:
        # From now on what the list says counts.
        self._other = None
        self._pause.start()

    def save(self) -> None:
        """Keep the file that is shown."""
        if self.printed is None:
            return
        target = self._chooser.target(self, "另存为 PDF", self.printed.file_name, "PDF (*.pdf)")
        if target is not None:
            pdf = self.printed.pdf
            self._desk.jobs.run(
                lambda: write_atomically(target, pdf),
                lambda _: self.notice_given.emit(f"已存为 {target}"),
                self.problem_found.emit,
                self,
                lane="files",
            )

    def print_now(self) -> None:
        """Print the file that is shown."""
        if self.printed is None or self._ticket is not None:
            return
        try:
            printer = self._ask_printer(self)
        except ChayanError as error:
            self.problem_found.emit(error)
            return
        if printer is None:
            return
        printer.setDocName(self.printed.file_name)
        self._ticket = ticket = Ticket(self)
        work = partial(print_pages, self.printed.pdf, printer, ticket.report, ticket.is_cancelled)
        self._desk.jobs.run(work, self._printed, self._not_printed, self, ticket=ticket, lane="files")
        self.working.start("正在打印", ticket)
        self.header_changed.emit()

    def _printed(self, count: int) -> None:
        self._end_printing()
        self.notice_given.emit(f"已送去打印 {count} 页")

    def _not_printed(self, error: ChayanError) -> None:
        self._end_printing()
        self.problem_found.emit(error)

    def _end_printing(self) -> None:
        self.working.finish()
        if self._ticket is not None:
            self._ticket.deleteLater()
            self._ticket = None
        self.header_changed.emit()

    def _work(self) -> Callable[[], PrintedForm] | None:
        form = self.choice.form()
        if self.choice.blank.isChecked():
            asked = InspectionType(self.choice.questions.word()) if form.of_questions else None
            return partial(issuing.print_blank, self._desk.place, form=form.id, inspection_type=asked)
        if self._other is not None and form.of_history:
            kind, record_id = self._other
            return partial(issuing.print_history, self._desk.place, kind=kind, record_id=record_id)
        if not self._inspection_id:
            return None
        return partial(
            issuing.print_form,
            self._desk.place,
            form=form.id,
            inspection_id=self._inspection_id,
            subject_key=self.choice.order.word() or None if form.about == "order" else None,
        )

    def _show_orders(self, inspection_id: str, wanted: str = "") -> None:
        rows = (
            enforcing.order_rows(self._desk.place, open_only=False, inspection_id=inspection_id)
            if inspection_id and self.choice.form().about == "order"
            else ()
        )
        self.choice.show_orders(rows, wanted)

    def _take(self, wanted: int, printed: PrintedForm) -> None:
        # Another choice may have been made meanwhile; only the last one is shown.
        if wanted == self._wanted:
            self.printed = printed
            self.viewer.show_pdf(printed.pdf)
            self.header_changed.emit()

    def _fail(self, wanted: int, error: ChayanError) -> None:
        if wanted == self._wanted:
            self.printed = None
            self.viewer.show_problem(error)
            self.header_changed.emit()

    def _show_none(self) -> None:
        self.printed = None
        if self.choice.table.rows.rowCount():
            self.viewer.show_nothing("选一次检查", "左边选中后这里就是要打印的文件")
        else:
            self.viewer.show_nothing("还没有检查", "要手写时勾选“空白件”")
        self.header_changed.emit()

    def _fetch(self, ids: Sequence[str]) -> Sequence[InspectionRow]:
        return visits.inspection_rows(self._desk.place, ids)
