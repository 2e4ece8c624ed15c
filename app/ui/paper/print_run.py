"""Sends a file that is shown to a printer, beside the window."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.errors import ChayanError
from app.services.issuing import PrintedForm
from app.ui.jobs import Jobs, Ticket
from app.ui.printing import ChoosePrinter, print_pages
from app.ui.widgets import WorkingLine


class PrintRun(QObject):
    """One printing at a time, from the choice of a printer to the last page; its line shows how far it is.

    ``turned`` tells that a printing began or came to its end, whichever end that was; then ``sent`` carries
    the number of pages that went out, or ``failed`` the error.
    """

    turned = Signal()
    sent = Signal(int)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, line: WorkingLine, ask_printer: ChoosePrinter, parent: QWidget) -> None:
        super().__init__(parent)
        self._jobs, self._line = jobs, line
        self._ask_printer, self._behind = ask_printer, parent
        self._ticket: Ticket | None = None

    @property
    def running(self) -> bool:
        """Whether pages are going out."""
        return self._ticket is not None

    def start(self, printed: PrintedForm) -> None:
        """Ask for a printer and send the file to it; nothing happens while another file is being printed."""
        if self.running:
            return
        try:
            printer = self._ask_printer(self._behind)
        except ChayanError as error:
            self.failed.emit(error)
            return
        if printer is None:
            return
        printer.setDocName(printed.file_name)
        self._ticket = ticket = Ticket(self)
        work = partial(print_pages, printed.pdf, printer, ticket.report, ticket.is_cancelled)
        self._jobs.run(work, self._finish, self._fail, self, ticket=ticket, lane="files")
        self._line.start("正在打印", ticket)
        self.turned.emit()

    def _finish(self, pages: int) -> None:
        self._end()
        self.sent.emit(pages)

    def _fail(self, error: ChayanError) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self._line.finish()
        if self._ticket is not None:
            self._ticket.deleteLater()
            self._ticket = None
        self.turned.emit()
