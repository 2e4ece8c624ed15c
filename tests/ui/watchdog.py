"""How long the window did not answer: the longest stall of the event loop, by what was being done.

A timer beats in the main thread. Between two beats nothing else of the window was served either, so
the longest pause between beats is what a person felt. A thread looks over the main thread's shoulder
and keeps the stack of whatever took longer than the limit.
"""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

BEAT = 4
"""Milliseconds between beats; shorter stalls are not seen."""
LIMIT = 0.1
"""Seconds that nothing may block the window for."""
QUIET = 0.05
PATIENCE = 60.0


class Watchdog:
    """Use it around each step::

    with watchdog.during("search"):
        QTest.keyClick(...)

    The step ends when ``busy`` has said ``False`` for a while. ``longest`` has the seconds of the
    longest stall by name, ``worked`` what the main thread itself worked at most between two beats (the
    same on a busy machine), ``stacks`` where the main thread stood in a stall beyond ``limit``.
    """

    def __init__(self, busy: Callable[[], bool], limit: float = LIMIT) -> None:
        self.longest: dict[str, float] = {}
        self.worked: dict[str, float] = {}
        self.stacks: dict[str, str] = {}
        self._busy, self._limit = busy, limit
        self._action = ""
        self._last, self._spent = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)
        self._main = threading.get_ident()
        self._over = threading.Event()
        self._looker = threading.Thread(target=self._look, name="watchdog", daemon=True)
        self._looker.start()

    @contextmanager
    def during(self, action: str) -> Iterator[None]:
        """Watch until what was begun here is done and the loop is idle again."""
        self._last, self._spent, self._action = time.perf_counter(), time.thread_time(), action
        self._timer.start()
        try:
            yield
            self._beat()
            self._settle()
        finally:
            self._timer.stop()
            self._action = ""

    def stop(self) -> None:
        """End the thread."""
        self._over.set()
        self._looker.join()

    def table(self) -> str:
        """The longest stalls, worst first."""
        rows = sorted(self.longest.items(), key=lambda row: -row[1])
        return "\n".join(f"{seconds * 1000:7.0f} ms  {action}" for action, seconds in rows)

    def _settle(self) -> None:
        now = time.perf_counter()
        quiet_since, end = now, now + PATIENCE
        while now - quiet_since < QUIET and now < end:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            time.sleep(0.001)
            now = time.perf_counter()
            if self._busy():
                quiet_since = now

    def _beat(self) -> None:
        now, spent = time.perf_counter(), time.thread_time()
        if self._action:
            for kept, took in ((self.longest, now - self._last), (self.worked, spent - self._spent)):
                kept[self._action] = max(took, kept.get(self._action, 0.0))
        self._last, self._spent = now, spent

    def _look(self) -> None:
        seen = 0.0
        while not self._over.wait(0.02):
            action, last = self._action, self._last
            if action and last != seen and time.perf_counter() - last > self._limit:
                seen = last
                frame = sys._current_frames().get(self._main)
                self.stacks[action] = "".join(traceback.format_stack(frame)[-12:])
