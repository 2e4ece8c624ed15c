"""Why evidence that was sealed before is taken out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.errors import BadInput
from app.ui.widgets import CaptionLabel, FormDialog


class ReasonDialog(FormDialog):
    """``given(reason)`` once there is one."""

    given = Signal(str)

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(f"移出 {count} 件证据", "移出", parent)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(400)
        self.form.add("原因", self.reason, name="removal_reason")
        self.form.add_wide(
            CaptionLabel(
                "已随记录封存过，别的设备可能有它；原因记入更正，封存的版本里仍能查到。", parent=self
            )
        )
        self.submitted.connect(self._submit)

    def _submit(self) -> None:
        if not self.reason.text().strip():
            self.show_problem(BadInput("evidence.removal_reason"))
            return
        self.given.emit(self.reason.text())
        self.accept()
