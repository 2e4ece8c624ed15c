"""How far work has come: told to who follows it, and stopped when he says so."""

from __future__ import annotations

from collections.abc import Callable

from app.errors import BadInput, Place

Progress = Callable[[int, int], None]
"""Told how many bytes are done, and of how many."""

Cancelled = Callable[[], bool]
"""Asked whether the work is to stop."""


class Stepper:
    """Counts bytes towards a total, reports them, and stops the work when it was cancelled."""

    def __init__(self, total: int, progress: Progress | None, cancelled: Cancelled | None, name: str) -> None:
        self._done, self._total, self._name = 0, total, name
        self._progress, self._cancelled = progress, cancelled

    def __call__(self, size: int) -> None:
        """``size`` more bytes are done."""
        self._done += size
        if self._cancelled is not None and self._cancelled():
            raise BadInput("sync.cancelled", Place(file=self._name))
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)
