"""Long work in the window: what is done, how far it is, and the way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QMetaObject, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.ui.jobs import Ticket
from app.ui.widgets.buttons import SecondaryButton
from app.ui.widgets.cards import CaptionLabel, Card

STOPPING: Final = "正在停下，已做完的部分保留"
Count = Callable[[int, int], str]
"""How far work is, in words: done, and the whole (0 while nobody knows it)."""


def pieces_text(done: int, total: int) -> str:
    """How many pieces are done, of how many."""
    return f"{done:,} / {total:,}" if total else f"{done:,}"


class WorkingLine(Card):
    """Shows a running :class:`~app.ui.jobs.Ticket`; hidden while nothing runs.

    取消 (Esc) asks the work to stop; the line stays until :meth:`finish`, since stopping takes a moment.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("working")
        self._ticket: Ticket | None = None
        self._tie = QMetaObject.Connection()
        self._stopping = STOPPING
        self._say_count: Count = pieces_text
        self._text = QLabel(self)
        self._count = CaptionLabel(parent=self)
        self._count.setWordWrap(False)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self.cancel_button = SecondaryButton("取消", "Esc", self)
        self.cancel_button.setObjectName("cancel_work")
        self._lay_out()
        self.cancel_button.clicked.connect(self.cancel)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._text, 1)
        head.addWidget(self._count)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addLayout(head)
        words.addWidget(self._bar)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.cancel_button)
        self.body.addLayout(row)

    def start(self, text: str, ticket: Ticket, stopping: str = STOPPING, count: Count = pieces_text) -> None:
        """Show ``text`` and follow ``ticket``; ``stopping`` tells what becomes of it when it is stopped.

        ``count`` words how far it is.
        """
        self._let_go()
        self._stopping, self._say_count = stopping, count
        self._ticket = ticket
        self._text.setText(text)
        self.setAccessibleName(text)
        self._count.setText("")
        self._bar.setRange(0, 0)
        self.cancel_button.setEnabled(True)
        self._tie = ticket.progressed.connect(self._show_progress)
        self.show()

    def finish(self) -> None:
        """The work came to its end, whatever it was."""
        self._let_go()
        self.hide()

    def cancel(self) -> None:
        """Ask the work to stop."""
        if self._ticket is not None:
            self._ticket.cancel()
            self._text.setText(self._stopping)
            self.cancel_button.setEnabled(False)
            self.cancelled.emit()

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._count.setText(self._say_count(done, total))

    def _let_go(self) -> None:
        if self._ticket is not None:
            QObject.disconnect(self._tie)  # the ticket itself may have ended with its work
            self._ticket = None
