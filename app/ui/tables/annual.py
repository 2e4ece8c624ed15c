"""The year's report on the screen of the tables: how many days are left and what is missing; leads to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.services.annual import AnnualReport, pending
from app.ui.today.lines import annual_line
from app.ui.widgets import PlainButton

if TYPE_CHECKING:
    from app.errors import ChayanError
    from app.ui.screens import Desk


class AnnualButton(PlainButton):
    """There from some weeks before the report is due, as long as something is missing for it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent, icon="calendar")
        self.setObjectName("annual")
        self._desk = desk
        self.hide()

    def read_again(self) -> None:
        """Ask beside the window what is missing now."""
        self._desk.jobs.run(partial(pending, self._desk.place), self._tell, self._cannot, self)

    def _tell(self, report: AnnualReport | None) -> None:
        self.setVisible(report is not None)
        if report is not None:
            line = annual_line(report)
            left = line.chip[0] if line.chip else ""
            self.say(f"年度报告{left}")
            told = f"{line.title}\n还差：{line.words}"
            self.setToolTip(f"{told}\n打开报告材料（Ctrl+R）")
            self.setAccessibleDescription(told)

    def _cannot(self, _error: ChayanError) -> None:
        """What is wrong with the office's own day is said where the report is shown."""
        self.setVisible(True)
        self.say("年度报告期限读不出")
