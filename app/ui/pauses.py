"""Waiting a little before something is done, so that it is done once and not at every stroke."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def pause(owner: QObject, milliseconds: int, then: Callable[[], object]) -> QTimer:
    """A timer of ``owner`` that calls ``then`` once, so long after it was last started; it is not started yet."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
