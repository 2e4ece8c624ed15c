"""The field for a day and a time of day."""

from __future__ import annotations

from datetime import datetime, time

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QTimeEdit, QWidget

from app.clock import LOCAL
from app.ui.widgets.fields import DateField


class MomentField(QWidget):
    """A day, typed or picked from the calendar, and a time of day to the minute; local time."""

    def __init__(self, moment: datetime, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        local = moment.astimezone(LOCAL)
        self.day = DateField(local.date(), self)
        self.time = QTimeEdit(QTime(local.hour, local.minute), self)
        self.time.setObjectName("time")
        self.time.setDisplayFormat("HH:mm")
        self.time.setMinimumWidth(self.fontMetrics().horizontalAdvance("00:00") + 56)
        self.time.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.day)
        row.addWidget(self.time)
        row.addStretch(1)
        self.setFocusProxy(self.day)

    def moment(self) -> datetime:
        """What is chosen, in local time, on the full minute."""
        chosen = self.time.time()
        return datetime.combine(self.day.day(), time(chosen.hour(), chosen.minute()), tzinfo=LOCAL)

    def setAccessibleName(self, name: str) -> None:
        """Hand the spoken name on to both parts."""
        super().setAccessibleName(name)
        self.day.setAccessibleName(f"{name}：日期")
        self.time.setAccessibleName(f"{name}：几点几分")
