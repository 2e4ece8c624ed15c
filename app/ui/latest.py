"""Searching as somebody types: the newest wish is worked on, those in between are passed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from app.errors import ChayanError
from app.ui.jobs import Failed, Jobs

T = TypeVar("T")


class Latest(Generic[T]):
    """One kind of reading of a view, at most one under way.

    A wish that comes meanwhile waits and takes the place of one that waits already, so a slow store is
    never asked for what nobody wants to see any more. Only the answer to the newest wish is handed on.
    """

    def __init__(self, jobs: Jobs, done: Callable[[T], None], failed: Failed, owner: QObject) -> None:
        self._jobs, self._done, self._failed, self._owner = jobs, done, failed, owner
        self._running = False
        self._wanted = True
        self._next: Callable[[], T] | None = None

    def ask(self, work: Callable[[], T]) -> None:
        """Do ``work`` in the store's thread, now or when the one under way has ended."""
        self._wanted = True
        if self._running:
            self._next = work
            return
        self._running = True
        self._jobs.run(work, self._answered, self._refused, self._owner)

    def drop(self) -> None:
        """Nobody wants to see the answer to any wish so far."""
        self._wanted, self._next = False, None

    def _answered(self, result: T) -> None:
        if not self._go_on() and self._wanted:
            self._done(result)

    def _refused(self, error: ChayanError) -> None:
        if not self._go_on() and self._wanted:
            self._failed(error)

    def _go_on(self) -> bool:
        """Begin what waits; tells whether anything did."""
        self._running = False
        waiting, self._next = self._next, None
        if waiting is None:
            return False
        self.ask(waiting)
        return True
