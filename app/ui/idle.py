"""When nobody is there: lock after some minutes without a key or a pointer, and after a sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

LOOK_EVERY: Final = 5000
_SIGNS_OF_LIFE: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """Emits :attr:`idle` once when the user has been away for ``minutes``.

    ``now`` is wall-clock time in seconds: a computer that slept past the limit is locked as soon as
    it wakes, which a steady clock would not notice.
    """

    idle = Signal()

    def __init__(self, minutes: int, parent: QObject, now: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._limit = minutes * 60
        self._now = now
        self._last = now()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to watch; a limit of 0 minutes never locks."""
        self._last = self._now()
        if self._limit > 0:
            self._timer.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()

    def look(self) -> None:
        """Lock if the limit has passed since the last sign of life."""
        if self._now() - self._last >= self._limit:
            self.stop()
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note every sign of life; keep nothing back."""
        if event.type() in _SIGNS_OF_LIFE:
            self._last = self._now()
        return super().eventFilter(watched, event)
