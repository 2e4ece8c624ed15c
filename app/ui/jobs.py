"""Work beside the window: one thread for the store, one for savepoints, a small pool for everything else.

All store work goes through one thread, in the order in which it was asked for. Savepoints have their own:
behind a long reading they would come later than the second that is promised of them; the store itself
lets one writer in at a time. Jobs get plain
data and hand back plain data; results return to the main thread through one relay object that was
made there, because a signal owned by a worker would run its receivers in the worker.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, TypeVar, cast

from PySide6.QtCore import QMetaObject, QObject, Qt, Signal

from app.errors import Bug, ChayanError

T = TypeVar("T")
Failed = Callable[[ChayanError], None]
Lane = Literal["store", "files", "savepoints"]

REPORT_EVERY: Final = 0.05
SWITCH: Final = 0.0005
"""Seconds after which a thread at work lets the window go on."""


class Ticket(QObject):
    """A handle on running work: its progress, and the wish to stop it.

    Hand :meth:`report` and :meth:`is_cancelled` to the work; both are safe in its thread.
    ``progressed(done, total)`` arrives in the main thread, at most twenty times a second;
    ``total`` is 0 while it is unknown.
    """

    progressed = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cancelled = False
        self._reported = 0.0

    def cancel(self) -> None:
        """Ask the work to stop at the next good moment."""
        self._cancelled = True

    def is_cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._cancelled

    def report(self, done: int, total: int | None = None) -> None:
        """Tell how far the work is; reports that come too fast are dropped, the last one never."""
        now = time.monotonic()
        if now - self._reported >= REPORT_EVERY or done == total:
            self._reported = now
            self.progressed.emit(done, total or 0)


@dataclass(slots=True)
class _Waiting:
    """Who waits for a job's end."""

    done: Callable[[object], None]
    failed: Failed | None
    ticket: Ticket
    tie: QMetaObject.Connection
    """To the end of its owner; undone with the job, or every job would weigh on an owner that lives long."""


class Jobs(QObject):
    """Runs work in threads and calls back in the main thread; make one, in the main thread.

    ``failed_unheard`` carries the error of a job that nobody else listens to.
    ``busy_changed`` tells when the first job begins and the last one ends.
    """

    failed_unheard = Signal(object)
    busy_changed = Signal(bool)
    _ended = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[Lane, ThreadPoolExecutor] = {
            "store": ThreadPoolExecutor(1, "store"),
            "files": ThreadPoolExecutor(2, "files"),
            "savepoints": ThreadPoolExecutor(1, "savepoints"),
        }
        self._over = False
        # Each call into Qt gives the interpreter away; a busy thread would keep it for 5 ms every time.
        sys.setswitchinterval(SWITCH)
        self._numbers = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._running: dict[int, Ticket] = {}
        # Queued even where the work ended before run() did: nobody is called back while still asking.
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Failed | None,
        owner: QObject,
        *,
        ticket: Ticket | None = None,
        lane: Lane = "store",
    ) -> Ticket:
        """Run ``work`` and call ``done`` with its result, or ``failed`` with its error.

        Neither is called when ``owner`` is destroyed first. ``lane`` is ``"files"`` for work that
        does not touch the store, or reads it for long and writes nothing, and ``"savepoints"`` for those only.
        A bug goes to the crash path and to ``failed`` as ``ui.bug``.
        After :meth:`shutdown` nothing is begun any more.
        """
        ticket = ticket or Ticket(self)
        if self._over:  # a view's timer that was still running when the window closed
            ticket.cancel()
            return ticket
        number = next(self._numbers)
        tie = owner.destroyed.connect(partial(self._forget, number))
        self._waiting[number] = _Waiting(cast(Callable[[object], None], done), failed, ticket, tie)
        future: Future[object] = self._lanes[lane].submit(work)
        self._running[number] = ticket
        if len(self._running) == 1:
            self.busy_changed.emit(True)
        future.add_done_callback(partial(self._ended.emit, number))
        return ticket

    def is_busy(self) -> bool:
        """Whether any work is running or waiting for its turn."""
        return bool(self._running)

    def shutdown(self) -> None:
        """Ask everything to stop and wait for the threads; call it before the store is closed."""
        self._over = True
        for waiting in self._waiting.values():
            waiting.ticket.cancel()
        self._waiting.clear()
        for executor in self._lanes.values():
            executor.shutdown(wait=True, cancel_futures=True)

    def _forget(self, number: int, *_: object) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is not None:
            waiting.ticket.cancel()

    def _deliver(self, number: int, future: Future[object]) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is not None:
            QObject.disconnect(waiting.tie)
        # Only now: until its end the work reports through its ticket, whether or not somebody waits.
        ticket = self._running.pop(number)
        if ticket.parent() is self:
            ticket.deleteLater()
        if not self._running:
            self.busy_changed.emit(False)
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            if waiting is not None:
                waiting.done(future.result())
            return
        self._fail(waiting, error)

    def _fail(self, waiting: _Waiting | None, error: BaseException) -> None:
        if isinstance(error, Bug) or not isinstance(error, ChayanError):
            sys.excepthook(type(error), error, error.__traceback__)
            told: ChayanError = Bug("ui.bug")
        else:
            told = error
        if waiting is not None and waiting.failed is not None:
            waiting.failed(told)
        elif waiting is not None and told is error:
            self.failed_unheard.emit(told)
