"""Dialogs, for decisions only: a form to fill in, and a question whose answer cannot be taken back."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.errors import ChayanError, Problem
from app.ui.widgets.buttons import PrimaryButton, SecondaryButton
from app.ui.widgets.cards import HeadingLabel, TextLabel
from app.ui.widgets.drafts import drafts_of
from app.ui.widgets.fields import Form
from app.ui.widgets.notices import Banner


class FormDialog(QDialog):
    """A form with one filled button (Ctrl+Enter) and 取消 (Esc); problems are said inside it.

    ``submitted`` is emitted by the button; the owner checks, stores, and then calls ``accept`` or
    :meth:`show_problem`.
    """

    submitted = Signal()

    def __init__(self, title: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        self.banner = Banner(self)
        self.form = Form(self)
        self.form.setObjectName("scrolled")
        self.cancel_button = SecondaryButton("取消", "Esc", self)
        self.submit_button = PrimaryButton(action, "Ctrl+Return", self)
        self.submit_button.setObjectName("submit")
        for button in (self.cancel_button, self.submit_button):
            button.setAutoDefault(False)
        self._lay_out(title)
        self.cancel_button.clicked.connect(self.reject)
        self.submit_button.clicked.connect(self.submitted)

    def show_problem(self, problem: Problem | ChayanError) -> None:
        """Say why it was not stored; the dialog stays."""
        self.set_busy(False)
        self.banner.show_problem(problem)

    def set_aside(self, aside: QWidget) -> None:
        """Put something to look at beside the form."""
        self._middle.addWidget(aside)

    def set_busy(self, busy: bool) -> None:
        """Take no input while it is being stored."""
        self.form.setEnabled(not busy)
        self.submit_button.setEnabled(not busy)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the first field; Tab goes through the fields before the buttons."""
        super().showEvent(event)
        drafts = drafts_of(self)
        if drafts is not None and drafts.follow(self):
            self.banner.say("已填回上次没有存完的内容", "核对后再存；取消后重新打开则从头填。")
        stops = [*self.form.fields(), self.cancel_button, self.submit_button]
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)
        self.form.focus_first()

    def _lay_out(self, title: str) -> None:
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setSizeAdjustPolicy(QScrollArea.SizeAdjustPolicy.AdjustToContents)
        scroll.setWidget(self.form)
        self._middle = QHBoxLayout()
        self._middle.setSpacing(24)
        self._middle.addWidget(scroll, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.submit_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(HeadingLabel(title, "title", self))
        column.addWidget(self.banner)
        column.addLayout(self._middle, 1)
        column.addLayout(foot)


class Question(QDialog):
    """One question with its consequence; the button names the effect, Esc leaves all as it is."""

    def __init__(self, question: str, consequence: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(question)
        self.setMinimumWidth(420)
        self.cancel_button = SecondaryButton("取消", "Esc", self)
        self.action_button = PrimaryButton(action, "Ctrl+Return", self)
        self.action_button.setObjectName("confirm")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(HeadingLabel(question, "title", self))
        column.addWidget(TextLabel(consequence, parent=self))
        column.addStretch(1)
        column.addLayout(foot)
        for button in (self.cancel_button, self.action_button):
            button.setAutoDefault(False)
            foot.addWidget(button)
        self.cancel_button.clicked.connect(self.reject)
        self.action_button.clicked.connect(self.accept)
        self.cancel_button.setFocus()


def asked(question: str, consequence: str, action: str, parent: QWidget) -> bool:
    """Ask and wait; ``True`` for the named effect. Hand this function in, so that tests can answer."""
    dialog = Question(question, consequence, action, parent)
    answer = dialog.exec()
    dialog.deleteLater()  # its parent lives as long as the window does
    return answer == QDialog.DialogCode.Accepted


def open_once(dialog: QDialog) -> None:
    """Open a dialog that was made for this one time: its parent lives on, so it goes when it is closed."""
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
