"""Reading ahead: what screens are made of, so that the first opening of one does not hold the window up.

Begins while the passphrase is typed. Only what knows no Qt is read in a thread (:mod:`app.ui.libraries`):
two threads that import Qt's modules at once can end the process (seen with PySide6 6.9 on CPython 3.11).
The modules of the window follow one at each idle turn of the event loop; what they import is there by then.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

import app.ui
from app.errors import ChayanError
from app.ui.libraries import inside, read

if TYPE_CHECKING:
    from app.services.workplace import Workplace

_PROGRAMS: Final = frozenset({"app.ui.gallery", "app.ui.pictures", "app.ui.practice.pictures"})
"""Modules that are started by themselves and no part of the window."""


def modules() -> tuple[str, ...]:
    """Every module of the window."""
    return tuple(each for each in inside(app.ui) if each not in _PROGRAMS)


def read_a_visit(place: Workplace) -> None:
    """Read the newest visit, in the store's thread: its statements are made then, not when one is opened."""
    from app.services import sheets, visits

    for newest in visits.inspection_ids(place)[:1]:
        with suppress(ChayanError):  # whoever opens it is told
            sheets.sheet(place, inspection_id=newest)


class WindowReader(QObject):
    """Imports the modules of the window, one whenever nothing else is to do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left = list(reversed(modules()))
        self._idle = QTimer(self)
        self._idle.timeout.connect(self._read_one)

    def begin(self) -> None:
        """Start, or go on."""
        self._idle.start(0)

    def is_done(self) -> bool:
        """Whether everything was read."""
        return not self._left

    def _read_one(self) -> None:
        if self._left:
            read(self._left.pop())
        else:
            self._idle.stop()
