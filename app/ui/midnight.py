"""When the day changes: what is due is another thing then, and nobody stores anything at midnight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

LOOK_EVERY: Final = 20_000


class DayWatch(QObject):
    """Emits :attr:`turned` when ``today`` is another day than at the last look.

    It looks a few times a minute instead of waiting for midnight: a computer that sleeps over it, or
    whose clock is set, would have waited for a moment that never came. Coming back to the window looks
    at once.
    """

    turned = Signal()

    def __init__(self, today: Callable[[], date], parent: QObject) -> None:
        super().__init__(parent)
        self._today, self._day = today, today()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def follow(self, app: QGuiApplication) -> None:
        """Look whenever somebody comes back to ``app``."""
        app.applicationStateChanged.connect(self.look)

    def look(self) -> None:
        """See which day it is."""
        day = self._today()
        if day != self._day:
            self._day = day
            self.turned.emit()
