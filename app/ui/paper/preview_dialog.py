"""A file to look at before it goes on paper, over the screen that it was made on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.files import write_atomically
from app.services.issuing import PrintedForm
from app.ui.chooser import Chooser
from app.ui.paper.print_run import PrintRun
from app.ui.paper.viewer import Viewer
from app.ui.printing import ChoosePrinter, choose_printer
from app.ui.widgets import Banner, HeadingLabel, PrimaryButton, SecondaryButton, WorkingLine, open_once

if TYPE_CHECKING:
    from app.ui.screens import Desk

MARGIN = 96


class PreviewDialog(QDialog):
    """The pages, 另存为 PDF and 打印, as in 打印; ``noticed`` when something was done.

    The dialogs of the system are handed in so that tests can answer.
    """

    noticed = Signal(str)

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
        self.printed = printed
        self._jobs, self._behind = desk.jobs, parent
        self._chooser = chooser or Chooser()
        name = printed.file_name.removesuffix(".pdf")
        self.setWindowTitle(f"打印 {name}")
        self.heading = HeadingLabel(self.windowTitle(), "title", self)
        self.heading.setWordWrap(True)
        self.banner = Banner(self)
        self.viewer = Viewer(desk.jobs, self)
        self.working = WorkingLine(self)
        self._printing = PrintRun(desk.jobs, self.working, ask_printer, self)
        self.close_button = SecondaryButton("关闭", "Esc", self)
        self.save_button = SecondaryButton("另存为 PDF", "Ctrl+S", self)
        self.save_button.setObjectName("save_pdf")
        self.print_button = PrimaryButton("打印", "Ctrl+P", self)
        self.print_button.setObjectName("print")
        self._lay_out()
        self.close_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.save)
        self.print_button.clicked.connect(self.print_now)
        self._printing.turned.connect(self._follow_printing)
        self._printing.sent.connect(self._tell_sent)
        self._printing.failed.connect(self.banner.show_problem)

    def show_paper(self) -> None:
        """Open with the first page; what was shown is let go when it is closed."""
        open_once(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Nearly as large as the window behind; the keys of the pages work at once."""
        super().showEvent(event)
        room = self._behind.window().size()
        self.resize(max(640, room.width() - MARGIN), max(420, room.height() - MARGIN))
        self.viewer.show_pdf(self.printed.pdf)
        self.viewer.view.setFocus()

    def reject(self) -> None:
        """Esc stops the printing first; the dialog stays until that came to its end."""
        if self._printing.running:
            self.working.cancel()
        else:
            super().reject()

    def save(self) -> None:
        """Keep the file that is shown."""
        target = self._chooser.target(self, "另存为 PDF", self.printed.file_name, "PDF (*.pdf)")
        if target is not None:
            work = partial(write_atomically, target, self.printed.pdf)
            self._jobs.run(
                work, partial(self._done, f"已存为 {target}"), self.banner.show_problem, self, lane="files"
            )

    def print_now(self) -> None:
        """Print the file that is shown."""
        self._printing.start(self.printed)

    def _follow_printing(self) -> None:
        self.print_button.setEnabled(not self._printing.running)

    def _tell_sent(self, count: int) -> None:
        self._done(f"已送去打印 {count} 页")

    def _done(self, text: str, _nothing: object = None) -> None:
        self.banner.say(text, "", "good", closable=False)
        self.noticed.emit(text)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.close_button, self.save_button, self.print_button):
            button.setAutoDefault(False)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (self.heading, self.banner, self.working):
            column.addWidget(part)
        column.addWidget(self.viewer, 1)
        column.addLayout(foot)
