"""Windows tells a window that asked for it when its session is locked, and every window of a sleep.

Written to the documentation of WTSRegisterSessionNotification and WM_POWERBROADCAST; it cannot be tried
where this program is built, so everything but the two calls is a function that a test reaches.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from collections.abc import Callable
from ctypes import wintypes
from typing import Final

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

log = logging.getLogger("chayan.window")

WM_WTSSESSION_CHANGE: Final = 0x02B1
WTS_SESSION_LOCK: Final = 0x7
WM_POWERBROADCAST: Final = 0x0218
PBT_APMSUSPEND: Final = 0x4
NOTIFY_FOR_THIS_SESSION: Final = 0
_LOCKS: Final = {(WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK), (WM_POWERBROADCAST, PBT_APMSUSPEND)}


def says_lock(message: int, parameter: int) -> bool:
    """Whether a message says that the session is locked or the machine goes to sleep."""
    return (message, parameter) in _LOCKS


class LockMessages(QAbstractNativeEventFilter):
    """Looks at every message of the program's windows and keeps none back."""

    def __init__(self, told: Callable[[], object]) -> None:
        super().__init__()
        self._told = told

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        """Tell of a lock; ``message`` is the address of a MSG."""
        said = bytes(kind.data() if isinstance(kind, QByteArray) else kind)
        if said.startswith(b"windows_"):
            found = wintypes.MSG.from_address(int(message))
            if says_lock(found.message, found.wParam):
                self._told()
        return False, 0


def listen(window: int, told: Callable[[], object]) -> LockMessages:
    """Ask for the messages of ``window`` (its handle) and follow them."""
    messages = LockMessages(told)
    application = QCoreApplication.instance()
    if application is not None:
        application.installNativeEventFilter(messages)
    if sys.platform == "win32":  # pragma: no cover - tried on Windows only
        if not ctypes.windll.wtsapi32.WTSRegisterSessionNotification(window, NOTIFY_FOR_THIS_SESSION):
            log.warning("no word of the session's lock: %s", ctypes.get_last_error())
    return messages
