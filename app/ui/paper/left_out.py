"""What 成批打印 left out: every paper by name, with the reason, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.services.batches import NOT_BEGUN, Printed
from app.services.left_out import left_out_groups
from app.ui.slots import calling
from app.ui.steps import MARGIN
from app.ui.widgets import Card, HeadingLabel, PrimaryButton, SecondaryButton, TextLabel

PREFILLED = "还没有填写的，在“文书”里点名一种再打一次，就照预填打印"


class LeftOutDialog(QDialog):
    """A card for each form and reason; 复制 takes all of it along as text."""

    def __init__(self, done: Printed, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("left_out")
        self._behind = parent
        self._groups = left_out_groups(done.left_out)
        title = f"已打印 {done.papers} 份，没有打印 {len(done.left_out)} 份"
        self.setWindowTitle(title)
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(HeadingLabel(title, "title", self))
        if any(each.problem.code == NOT_BEGUN for each in done.left_out):
            column.addWidget(TextLabel(PREFILLED, parent=self))
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("left_out_list")
        self._scroll.setAccessibleName("没有打印的文书")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._cards())
        column.addWidget(self._scroll, 1)
        column.addLayout(self._buttons())

    def text(self) -> str:
        """All that was left out, one line for each form and reason."""
        return "\n".join(group.line for group in self._groups)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as the list is, where the window behind has the room."""
        super().showEvent(event)
        inside, frame = self._scroll.widget(), self._scroll
        wanted = self.height() - frame.height() + inside.heightForWidth(frame.viewport().width())
        room = self._behind.window().height() - MARGIN
        self.resize(self.width(), max(self.minimumHeight(), min(wanted, room)))
        self._scroll.setFocus()

    def _cards(self) -> QWidget:
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for group in self._groups:
            card = Card(f"《{group.title}》{group.reason}", inside)
            if group.names:
                card.body.addWidget(TextLabel("、".join(group.names), selectable=True, parent=card))
            column.addWidget(card)
        column.addStretch(1)
        return inside

    def _buttons(self) -> QHBoxLayout:
        copy = SecondaryButton("复制", "Ctrl+C", self)
        copy.setObjectName("copy_left_out")
        close = PrimaryButton("知道了", "Esc", self)
        close.setObjectName("close_left_out")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (copy, close):
            button.setAutoDefault(False)
            row.addWidget(button)
        copy.clicked.connect(calling(self._copy))
        close.clicked.connect(self.accept)
        return row

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
