"""The foot of the window: what is durable at the left, the state of the program at the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.ui.pauses import pause
from app.ui.screen import Status
from app.ui.slots import calling
from app.ui.tokens import STATUS_HEIGHT, TARGET
from app.ui.widgets.cards import ElidedLabel

NOTICE_TIME: Final = 8000
BETWEEN: Final = " · "


class StatusLine(QFrame):
    """The foot of the window; a notice takes the left end for some seconds. ``led`` names a screen to open."""

    led = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_line")
        self.setMinimumHeight(STATUS_HEIGHT)
        self._left, self._right = ElidedLabel(parent=self), ElidedLabel(parent=self)
        self._left.setObjectName("status_left")
        self._right.setObjectName("status_right")
        self._right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._status = Status()
        self.lead = QPushButton(self)
        self.lead.setObjectName("status_lead")
        self.lead.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.lead.setCursor(Qt.CursorShape.PointingHandCursor)
        self.lead.hide()
        self.lead.clicked.connect(calling(self._lead_on))
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.addWidget(self._left, 3)
        row.addWidget(self.lead)
        row.addWidget(self._right, 2)
        self._pause = pause(self, NOTICE_TIME, self._show)

    def make_room(self) -> None:
        """Be as high as a finger is wide from the start, so that the line that leads on moves nothing."""
        self.setMinimumHeight(TARGET + 1)  # the line above it

    def show_status(self, status: Status) -> None:
        """Show what is durable at the left and the state of the program at the right."""
        self._status = status
        if not self._pause.isActive():
            self._show()
        self._right.setText(BETWEEN.join(status.right))
        self.lead.setVisible(status.lead is not None)
        if status.lead is not None:
            self.lead.setText(status.lead.text)
            self.lead.setToolTip(status.lead.hint)

    def show_notice(self, text: str) -> None:
        """Say one line for a while."""
        self._left.setText(text)
        self._pause.start()

    def _lead_on(self) -> None:
        if self._status.lead is not None:
            self.led.emit(self._status.lead.key)

    def _show(self) -> None:
        self._left.setText(BETWEEN.join(self._status.left))
