"""When the system locks its screen or goes to sleep, the program locks too.

On Linux by signals of D-Bus: logind (``Lock`` of this session, ``PrepareForSleep``) on the system's bus,
the screen savers of the desktops (``ActiveChanged``) on the session's. On Windows by the messages of
:mod:`app.ui.system_lock_windows`. Where neither is there, the idle lock remains.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QCoreApplication, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QWidget

LOGIND: Final = "org.freedesktop.login1"
SESSION_FOLDER: Final = "/org/freedesktop/login1/session"
# The stubs ask for bytes here, the library for text.
ACTIVE: Final[Any] = SLOT("active(bool)")
LOCK: Final[Any] = SLOT("lock()")
SCREEN_SAVERS: Final = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
)


class SystemLock(QObject):
    """Emits :attr:`locked` when the system locks or is about to sleep."""

    locked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._filter: QAbstractNativeEventFilter | None = None

    def start(self, window: QWidget) -> None:
        """Listen; ``window`` gets the messages where a system sends them to windows."""
        if sys.platform == "win32":
            from app.ui.system_lock_windows import listen

            self._filter = listen(int(window.winId()), self.locked.emit)
        elif sys.platform == "linux":
            self.listen(QDBusConnection.systemBus(), QDBusConnection.sessionBus(), os.environ)

    def stop(self) -> None:
        """Listen no longer to messages of windows; signals end with this object."""
        if self._filter is not None:
            QCoreApplication.instance().removeNativeEventFilter(self._filter)  # type: ignore[union-attr]
            self._filter = None

    def listen(
        self, system: QDBusConnection, session: QDBusConnection, environment: Mapping[str, str]
    ) -> None:
        """Follow the signals of two buses; one that is not there is left out."""
        if system.isConnected():
            manager = f"{LOGIND}.Manager"
            system.connect(LOGIND, "/org/freedesktop/login1", manager, "PrepareForSleep", self, ACTIVE)
            path = session_path(environment.get("XDG_SESSION_ID", ""))
            if path:
                system.connect(LOGIND, path, f"{LOGIND}.Session", "Lock", self, LOCK)
        if session.isConnected():
            for name in SCREEN_SAVERS:
                session.connect(name, "", name, "ActiveChanged", self, ACTIVE)

    @Slot()
    def lock(self) -> None:
        """This session is to be locked."""
        self.locked.emit()

    @Slot(bool)
    def active(self, active: bool) -> None:
        """A screen saver came or went; the system goes to sleep or wakes."""
        if active:
            self.locked.emit()


def session_path(session: str) -> str:
    """The path of a logind session: what is no letter or digit, and a first digit, is written ``_xx``."""
    if not session:
        return ""
    signs = [
        sign if sign.isascii() and sign.isalnum() and not (at == 0 and sign.isdigit()) else _escaped(sign)
        for at, sign in enumerate(session)
    ]
    return f"{SESSION_FOLDER}/{''.join(signs)}"


def _escaped(sign: str) -> str:
    return "".join(f"_{byte:02x}" for byte in sign.encode())
