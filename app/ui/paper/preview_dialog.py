"""One paper that belongs to no visit: seen as it prints, kept as a file, or printed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.files import write_atomically
from app.services.issuing import PrintedForm
from app.ui.chooser import Chooser
from app.ui.jobs import Ticket
from app.ui.paper.viewer import Viewer
from app.ui.printing import ChoosePrinter, choose_printer, print_pages
from app.ui.widgets import Banner, PlainButton, PrimaryButton, SecondaryButton
from app.wording import sentence

if TYPE_CHECKING:
    from app.ui.screens import Desk


class PreviewDialog(QDialog):
    """Shows ``printed``; the dialogs of the system are handed in so that tests can answer."""

    def __init__(
        self,
        desk: Desk,
        printed: PrintedForm,
        parent: QWidget,
        chooser: Chooser | None = None,
        ask_printer: ChoosePrinter = choose_printer,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("preview")
        self.setWindowTitle(printed.file_name.removesuffix(".pdf"))
        self._desk, self.printed = desk, printed
        self._chooser, self._ask_printer = chooser or Chooser(), ask_printer
        self._ticket: Ticket | None = None
        self.banner = Banner(self)
        self.viewer = Viewer(desk.jobs, self)
        self.close_button = PlainButton("关闭", "Esc", self)
        self.save_button = SecondaryButton("另存为 PDF", "Ctrl+S", self)
        self.print_button = PrimaryButton("打印", "Ctrl+P", self)
        self._lay_out()
        self.close_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.save)
        self.print_button.clicked.connect(self.print_now)

    def show_paper(self) -> None:
        """Open with the first page."""
        self.viewer.show_pdf(self.printed.pdf)
        self.open()
        self.viewer.view.setFocus()

    def save(self) -> None:
        """Keep the file."""
        target = self._chooser.target(self, "另存为 PDF", self.printed.file_name, "PDF (*.pdf)")
        if target is not None:
            work = partial(write_atomically, target, self.printed.pdf)
            told = f"已存为 {target}"
            self._desk.jobs.run(work, partial(self._tell, told), self._fail, self, lane="files")

    def print_now(self) -> None:
        """Print it."""
        if self._ticket is not None:
            return
        try:
            printer = self._ask_printer(self)
        except ChayanError as error:
            self._fail(error)
            return
        if printer is None:
            return
        printer.setDocName(self.printed.file_name)
        self._ticket = ticket = Ticket(self)
        work = partial(print_pages, self.printed.pdf, printer, ticket.report, ticket.is_cancelled)
        self._desk.jobs.run(work, self._sent, self._fail, self, ticket=ticket, lane="files")

    def _sent(self, count: int) -> None:
        self._tell(f"已送去打印 {count} 页", None)

    def _tell(self, text: str, _result: object) -> None:
        self._ticket = None
        self.banner.say(text, "", "good", closable=False)

    def _fail(self, error: ChayanError) -> None:
        self._ticket = None
        words = sentence(error)
        self.banner.say(words.message, words.remedy, "bad", closable=False)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in (self.close_button, self.save_button, self.print_button):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.banner)
        column.addWidget(self.viewer, 1)
        column.addLayout(foot)
        self.resize(820, 680)
