"""Typed text reaches the store when the typing pauses, each second at the latest, and when its field is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject

from app.ui.pauses import pause

PAUSE: Final = 600
LATEST: Final = 1000
"""Who types without a pause has it stored after this many milliseconds all the same."""


class LateSaver(QObject):
    """Holds the newest text of each field until ``save(key, text)`` has stored it.

    A text that could not be stored stays here and is tried again, so that nothing typed is lost.
    """

    def __init__(self, save: Callable[[str, str], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._save = save
        self._waiting: dict[str, str] = {}
        self._pause = pause(self, PAUSE, self.flush)
        self._since = QElapsedTimer()

    def typed(self, key: str, text: str) -> None:
        """Remember ``text`` and store it after a pause."""
        if not self._waiting or not self._since.isValid():
            self._since.start()
        self._waiting[key] = text
        self._pause.start(max(0, min(PAUSE, LATEST - self._since.elapsed())))

    def waits(self, key: str) -> bool:
        """Whether a text of this field is not stored yet."""
        return key in self._waiting

    def forget(self) -> None:
        """Drop what waits: its record is gone."""
        self._pause.stop()
        self._waiting.clear()

    def flush(self) -> bool:
        """Store everything now; ``False`` when something could not be stored and is kept."""
        self._pause.stop()
        for key, text in list(self._waiting.items()):
            # Out of the way first: storing makes the views ask whether something waits.
            del self._waiting[key]
            if not self._save(key, text):
                self._waiting[key] = text
        return not self._waiting
