"""When nobody is there: lock after some minutes without a key or a pointer, and after a sleep."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

LOOK_EVERY: Final = 5000
_SIGNS_OF_LIFE: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


class IdleWatch(QObject):
    """Emits :attr:`idle` once when the user has been away for ``minutes``.

    ``now`` is wall-clock time in seconds: a computer that slept past the limit is locked as soon as
    it wakes, which a steady clock would not notice.

    It listens to the windows that ever had the focus, and to the field that has it, where an input method
    puts its words past the window. It must not listen to the whole application: each event of each widget
    would come by here, and a change of colours alone has sixty thousand of them.
    """

    idle = Signal()

    def __init__(self, minutes: int, parent: QObject, now: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._limit = minutes * 60
        self._begun = False
        self._now = now
        self._last = now()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        self._field: QObject | None = None

    def follow(self, app: QGuiApplication) -> None:
        """Look for signs of life in the windows of ``app``."""
        app.focusWindowChanged.connect(self._follow_window)
        app.focusObjectChanged.connect(self._follow_field)
        for window in app.topLevelWindows():
            self._follow_window(window)
        self._follow_field(app.focusObject())

    def leave(self, app: QGuiApplication) -> None:
        """Follow nothing any more."""
        app.focusWindowChanged.disconnect(self._follow_window)
        app.focusObjectChanged.disconnect(self._follow_field)
        for window in app.topLevelWindows():
            window.removeEventFilter(self)
        self._follow_field(None)

    def _follow_window(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def _follow_field(self, field: QObject | None) -> None:
        if self._field is not None and shiboken6.isValid(self._field):
            self._field.removeEventFilter(self)
        self._field = field
        if field is not None:
            field.installEventFilter(self)

    def start(self) -> None:
        """Begin to watch; a limit of 0 minutes never locks."""
        self._last = self._now()
        self._begun = True
        if self._limit > 0:
            self._timer.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._begun = False
        self._timer.stop()

    def set_minutes(self, minutes: int) -> None:
        """Another limit, counted from now on; the same one again changes nothing."""
        if minutes * 60 != self._limit:
            self._limit = minutes * 60
            self._timer.stop()
            if self._begun:
                self.start()

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
