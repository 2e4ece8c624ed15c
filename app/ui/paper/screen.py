"""The screen 打印: choose a record and a form, fill in what it asks, look at the file, save it or print it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from app.errors import ChayanError
from app.files import write_atomically
from app.services import issuing, papers, scan_rows, visits
from app.services.batches import Printed
from app.services.filling import AskedForm, Filling, KeptPaper
from app.services.issuing import PrintedForm
from app.services.page_signing import signed_by_page
from app.services.scan_rows import SignedCopy
from app.services.visits import InspectionRow
from app.services.workplace import Changes
from app.ui.chooser import Chooser
from app.ui.paper import paper_steps
from app.ui.paper.batch import BatchForm, counts_text, run_batch
from app.ui.paper.choice import ChoiceColumn
from app.ui.paper.filling_column import FillingColumn
from app.ui.paper.left_out import LeftOutDialog
from app.ui.paper.offers import asked_record, paper_titles, subject_titles
from app.ui.paper.page_signing import PageSigningDialog
from app.ui.paper.print_run import PrintRun
from app.ui.paper.viewer import Viewer
from app.ui.pauses import pause
from app.ui.printing import ChoosePrinter, choose_printer
from app.ui.scans.lines import copy_text
from app.ui.screen import Screen, ScreenAction
from app.ui.slots import calling
from app.ui.steps import LongStep, StepDialog
from app.ui.widgets import WorkingLine, open_once
from app.vocabulary import InspectionType, PaperStatus

if TYPE_CHECKING:
    from app.ui.screens import Desk

PAUSE: Final = 120


class PrintingScreen(Screen):
    """Preview, 另存为 PDF and 打印; the dialogs of the system are handed in so that tests can answer.

    A form with entries has two sides: 填写 and 预览 (F2).
    """

    def __init__(
        self,
        desk: Desk,
        chooser: Chooser | None = None,
        ask_printer: ChoosePrinter = choose_printer,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._chooser = chooser or Chooser()
        self._inspection_id = ""
        self._other: tuple[str, str] | None = None  # kind and id of a record that the list does not have
        self._wanted = 0  # which file was asked for last; an older one that comes later is dropped
        self._chosen: tuple[object, ...] | None = None  # what the file was asked for with
        self._asked: dict[str, AskedForm] = {}
        self._paper: KeptPaper | None = None
        self._writing = self._storing = False
        self._field = ""
        self.printed: PrintedForm | None = None
        self._signed: SignedCopy | None = None
        self.choice = ChoiceColumn(issuing.form_rows(desk.place), self._fetch, self)
        self.viewer = Viewer(desk.jobs, self)
        self.filling = FillingColumn(self)
        self.working = WorkingLine(self)
        self._batch = LongStep(self, self.working, desk.jobs)
        self._printing = PrintRun(desk.jobs, self.working, ask_printer, self)
        self._sides = QStackedWidget(self)
        self._lay_out()
        self._late = False  # whether a file is wanted that was not made while the screen was hidden
        # The arrow keys go through the list faster than files are made.
        self._pause = pause(self, PAUSE, self.show_choice)
        self._connect()

    def _connect(self) -> None:
        self.choice.changed.connect(self._chosen_here)
        self.choice.search.searched.connect(calling(self.refresh, None))
        self.filling.stored.connect(self._tell_stored)
        self.filling.problem_found.connect(self.problem_found)
        self._printing.turned.connect(self.header_changed)
        self._printing.sent.connect(self._tell_sent)
        self._printing.failed.connect(self.problem_found)

    def _lay_out(self) -> None:
        for side in (self.viewer, self.filling):
            self._sides.addWidget(side)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.choice)
        row.addWidget(self._sides, 1)
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
        return f"{'填写' if self._writing else '打印'} {self.choice.form().title}"

    def context(self) -> str:
        """Whose record, how many pages, and the fingerprint that the paper carries."""
        if self.printed is None:
            return ""
        name = "空白件" if self.choice.blank.isChecked() else self.printed.file_name.removesuffix(".pdf")
        parts = [name, f"{self.printed.pages} 页"]
        if self.printed.fingerprint:
            parts.append(f"指纹 {self.printed.fingerprint[:16]}")
        if self._signable():
            parts.append(copy_text(self._signed))
        return " · ".join(parts)

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Fill in, issue, keep the file, or print it; many at once."""
        ready = self.printed is not None and not self._printing.running
        hint = "" if ready else "先选一次检查和一种文书"
        return (
            *self._paper_actions(),
            *self._signed_actions(),
            ScreenAction("成批打印", self.ask_batch, "Ctrl+B", enabled=not self._batch.running, name="batch"),
            ScreenAction("另存为 PDF", self.save, "Ctrl+S", enabled=ready, hint=hint, name="save_pdf"),
            ScreenAction(
                "打印", self.print_now, "Ctrl+P", primary=not self._writing, enabled=ready, hint=hint,
                name="print",
            ),
        )  # fmt: skip

    def _signed_actions(self) -> Sequence[ScreenAction]:
        """The scans of the signed paper, where there are some."""
        if not self._signable() or self._signed is None:
            return ()
        return (ScreenAction("签字件", self.open_signed, "Ctrl+G", name="signed"),)

    def open_signed(self) -> None:
        """Show the scans of the signed paper."""
        if self._signed is not None:
            copy = self._signed.copy
            about = {"inspection_id": self._inspection_id, "form": copy.form, "copy_key": copy.key}
            self.open_requested.emit("scans", about)

    def _signable(self) -> bool:
        """Whether what is shown is a paper of a visit, of which a signed copy can come back."""
        about = self.choice.form().about
        return bool(self._inspection_id and self._other is None) and not (
            self.choice.blank.isChecked() or about in ("organization", "plan")
        )

    def _read_signed(self) -> None:
        """Read what there is of the signed copy of the paper that is shown."""
        self._signed = None
        if self._signable():
            key = self.choice.paper.word() or self.choice.subject.word()
            self._signed = scan_rows.signed_copy(
                self._desk.place, inspection_id=self._inspection_id, form=self.choice.form().id, key=key
            )

    def _paper_actions(self) -> Sequence[ScreenAction]:
        filling, form = self._current(), self.choice.form()
        actions = []
        if form.kept and self._inspection_id and not self.choice.blank.isChecked():
            actions.append(ScreenAction("新填一份", self.begin, "Ctrl+N", name="begin"))
        if filling is None:
            return actions
        actions.append(ScreenAction("预览" if self._writing else "填写", self.turn, "F2", name="turn"))
        if isinstance(filling, KeptPaper):
            status = filling.sheet.row.status
            if status is not PaperStatus.VOIDED and signed_by_page(filling.sheet.form):
                actions.append(ScreenAction("逐页签名", self.sign_pages, "Ctrl+T", name="sign_pages"))
            if status is PaperStatus.DRAFTED:
                actions.append(
                    ScreenAction("出具", self.issue, "Ctrl+Return", primary=self._writing, name="issue")
                )
            elif status is PaperStatus.ISSUED:
                actions.append(ScreenAction("作废", self.void, "Ctrl+D", name="void"))
        return actions

    def refresh(self, changes: Changes | None) -> None:
        """Read the visits and the shown record again; what was filled in here has shown itself."""
        if self._storing or (changes is not None and not changes.concern("inspection")):
            return
        ids = visits.inspection_ids(self._desk.place, query=self.choice.search.text())
        self.choice.table.set_ids(ids)
        self.show_choice()

    def open_with(self, **arguments: object) -> None:
        """Show the record ``inspection_id`` in the form ``form``, about ``subject_key`` in it.

        A history may be of another ``kind`` of record, which the list does not have: ``record_id``. With
        ``fill`` a form with entries opens on its entry page, at ``field``; a paper is begun where there is none.
        """
        self.choice.search.clear()
        self.choice.blank.setChecked(bool(arguments.get("blank")))
        self.choice.table.set_ids(visits.inspection_ids(self._desk.place))
        if form := str(arguments.get("form", "")):
            self.choice.choose_form(form)
        kind, record_id = str(arguments.get("kind", "")), str(arguments.get("record_id", ""))
        self._other = (kind, record_id) if kind not in {"", "inspection"} else None
        self._inspection_id = str(arguments.get("inspection_id", ""))
        self.choice.table.choose(self._inspection_id)
        self._offer(str(arguments.get("subject_key", "")), str(arguments.get("paper", "")))
        self._writing, self._field = bool(arguments.get("fill")), str(arguments.get("field", ""))
        if self._writing and self.choice.form().kept and not self.choice.paper.word():
            self.begin()
        else:
            self.show_choice()

    def where(self) -> dict[str, object]:
        """Form, record and what of it is shown; the field in which it is being filled in."""
        choice = self.choice
        at: dict[str, object] = {
            "form": choice.form().id, "inspection_id": self._inspection_id,
            "subject_key": choice.subject.word(), "paper": choice.paper.word(),
            "blank": choice.blank.isChecked(),
        }  # fmt: skip
        if self._other is not None:
            at["kind"], at["record_id"] = self._other
        if self._sides.currentWidget() is self.filling:
            at |= {"fill": True, "field": self.filling.page.current_field()}
        return at

    def leave(self) -> bool:
        """Store what is being typed."""
        return self.filling.page.flush()

    def focus_first(self) -> None:
        """Begin at the entries or the pages where there are some, else at the visits."""
        field, self._field = self._field, ""
        if self._writing and self.filling.filling is not None:
            self.filling.focus_first(field)
        else:
            # The list would choose its first line with the focus, and show that instead of a record it does not have.
            shown = self.printed is not None or self._other is not None
            (self.viewer.view if shown else self.choice.table).setFocus()

    def begin(self) -> None:
        """Begin a paper of the chosen form and open its entry page."""
        try:
            begun = papers.begin(
                self._desk.place,
                inspection_id=self._inspection_id,
                form=self.choice.form().id,
                subject_key=self.choice.subject.word(),
            )
        except ChayanError as error:
            self._writing = False
            self.problem_found.emit(error)
            self.show_choice()
            return
        self._writing = True
        self._offer(self.choice.subject.word(), begun.key)
        self.show_choice()
        self._tell_stored(begun.changes)
        self.filling.focus_first()

    def turn(self) -> None:
        """Go to the other side: fill in, or look at the file."""
        if not self.filling.page.flush():
            return
        self._writing = not self._writing
        self.show_choice()
        self.focus_first()

    def issue(self) -> None:
        """Issue the paper, when nothing required is missing."""
        filling = self._current()
        if not isinstance(filling, KeptPaper) or not self._complete(filling):
            return
        numbered = self.choice.form().numbered
        self._open(paper_steps.issue_form(self._desk, filling.sheet.row, self, numbered=numbered))

    def _complete(self, filling: KeptPaper) -> bool:
        """Whether everything required is filled in; else the entry page shows what is not."""
        if not self.filling.page.flush():
            return False
        filling.read()
        if not (filling.missing() or filling.refused() or filling.unplaced()):
            return True
        self._writing = True
        self.show_choice()
        self.filling.point_at_missing()
        return False

    def sign_pages(self) -> None:
        """Let everyone who has to sign each page on the screen, when nothing required is missing."""
        filling = self._current()
        if not isinstance(filling, KeptPaper) or not self._complete(filling):
            return
        row = filling.sheet.row
        dialog = PageSigningDialog(self._desk, row.inspection_id, row.key, self)
        dialog.stored.connect(self.changed.emit)
        dialog.finished.connect(calling(self.show_choice))
        dialog.finished.connect(dialog.deleteLater)
        dialog.ask()

    def void(self) -> None:
        """Void the issued paper."""
        filling = self._current()
        if isinstance(filling, KeptPaper):
            self._open(paper_steps.void_form(self._desk, filling.sheet.row, self))

    def _open(self, dialog: StepDialog) -> None:
        dialog.stored.connect(self._stepped)
        open_once(dialog)

    def _stepped(self, changes: object) -> None:
        self._writing = False
        self.show_choice()
        self.changed.emit(changes)
        self.notice_given.emit("已存盘")

    def ask_batch(self) -> None:
        """Ask which visits and forms to print at once."""
        rows = issuing.form_rows(self._desk.place)
        dialog = BatchForm(self._desk, rows, self.choice.table.rows.ids(), self)
        dialog.stored.connect(calling(self._print_batch, dialog))
        open_once(dialog)

    def _print_batch(self, dialog: BatchForm) -> None:
        run_batch(dialog, self, self._chooser, self._batch, self._printed_batch)

    def _printed_batch(self, done: Printed) -> None:
        self.notice_given.emit(f"已存为 {done.path}：{counts_text(done)}")
        if done.left_out:
            dialog = LeftOutDialog(done, self)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def show_choice(self) -> None:
        """Make the file for what is chosen and show it, or its entry page."""
        self._pause.stop()
        if self._other is None:
            self._inspection_id = self.choice.table.current_id() or ""
        self.choice.explain()
        self._offer()
        filling = self._current()
        if self._writing and filling is not None:
            self._fill_in(filling)
            return
        if isinstance(filling, KeptPaper):
            filling.read()
        self._writing = False
        self._sides.setCurrentWidget(self.viewer)
        self._preview(filling)

    def _preview(self, filling: Filling | None) -> None:
        self._wanted += 1
        choice = self.choice
        chosen = (
            choice.form().id, choice.blank.isChecked(), self._inspection_id, choice.subject.word(),
            choice.paper.word(), self._other,
        )  # fmt: skip
        if chosen != self._chosen and self.printed is not None:
            # What is not shown yet must not be printed: the former file is put away first.
            self.printed = None
            self.header_changed.emit()
        self._chosen = chosen
        work = self._work(filling)
        if work is None:
            self._show_none()
            return
        self.viewer.show_working()
        self._desk.jobs.run(work, partial(self._take, self._wanted), partial(self._fail, self._wanted), self)

    def _fill_in(self, filling: Filling) -> None:
        """Show the entry page; the file is made when the other side is turned to."""
        self._wanted += 1
        self.printed = None
        self._sides.setCurrentWidget(self.filling)
        self.filling.show_filling(filling)
        self.header_changed.emit()

    def _tell_stored(self, changes: object) -> None:
        """Tell the window, which hands the same news back to this screen and then reads its header again."""
        self._storing = True
        self.changed.emit(changes)
        self._storing = False

    def _chosen_here(self) -> None:
        # From now on what the list says counts.
        self.filling.page.flush()
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
        if self.printed is not None:
            self._printing.start(self.printed)

    def _tell_sent(self, count: int) -> None:
        self.notice_given.emit(f"已送去打印 {count} 页")

    def _work(self, filling: Filling | None) -> Callable[[], PrintedForm] | None:
        form, place = self.choice.form(), self._desk.place
        if self.choice.blank.isChecked():
            asked = InspectionType(self.choice.questions.word()) if form.of_questions else None
            return partial(issuing.print_blank, place, form=form.id, inspection_type=asked)
        if self._other is not None and form.of_history:
            kind, record_id = self._other
            return partial(issuing.print_history, place, kind=kind, record_id=record_id)
        if filling is not None:
            return filling.print
        if form.about in ("organization", "plan"):
            record = asked_record(place, form, self._inspection_id, self.choice.subject.word())
            return partial(issuing.print_asked, place, form=form.id, record_id=record) if record else None
        if not self._inspection_id:
            return None
        subject = self.choice.subject.word() or None
        return partial(
            issuing.print_form, place, form=form.id, inspection_id=self._inspection_id, subject_key=subject
        )

    def _current(self) -> Filling | None:
        """What the entry page fills in now, as last read; nothing for a form without entries or a paper not begun."""
        form, place = self.choice.form(), self._desk.place
        if self.choice.blank.isChecked():
            return None
        if form.asked:
            record = asked_record(place, form, self._inspection_id, self.choice.subject.word())
            made = self._asked.setdefault(f"{form.id}/{record}", AskedForm(place, form.id, record))
            return made if record else None
        paper = self.choice.paper.word()
        if not form.kept or not paper or not self._inspection_id:
            return None
        if self._paper is None or (self._paper.inspection_id, self._paper.paper) != (
            self._inspection_id,
            paper,
        ):
            self._paper = KeptPaper(place, self._inspection_id, paper)
        return self._paper

    def _offer(self, subject: str = "", paper: str = "") -> None:
        """Offer what the form can be about, and the papers of it that there are."""
        place, form = self._desk.place, self.choice.form()
        blank = self.choice.blank.isChecked()
        titles: Mapping[str, str] = {} if blank else subject_titles(place, form, self._inspection_id)
        self.choice.offer_subjects(titles, subject)
        rows = {} if blank else paper_titles(place, form, self._inspection_id, self.choice.subject.word())
        self.choice.offer_papers(rows, paper)

    def _take(self, wanted: int, printed: PrintedForm) -> None:
        # Another choice may have been made meanwhile; only the last one is shown.
        if wanted == self._wanted:
            self.printed = printed
            self._read_signed()
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
