"""Closing a window whose screens still have something on its way to the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.ui.screen import Screen


class Leaving(QObject):
    """Lets a window close when every screen has stored, and closes it by itself after what took longer.

    Where something could not be stored the window stays open and the screen says why.
    """

    def __init__(self, window: QWidget, screens: Callable[[], Iterable[Screen]]) -> None:
        super().__init__(window)
        self._window, self._screens = window, screens
        self._closes = False

    def store(self) -> bool:
        """Let every screen store what is being typed; ``False`` when one cannot."""
        left = [screen.leave() for screen in self._screens()]
        return all(left)

    def may_close(self) -> bool:
        """Whether all is stored. Where something is on its way, the window is closed again after it."""
        stored = self.store()
        self._closes = stored and any(screen.is_storing() for screen in self._screens())
        return stored and not self._closes

    def settled(self, kept: bool) -> None:
        """Something that was on its way is in the store, or could not be stored."""
        closes, self._closes = self._closes, False
        if closes and kept:
            self._window.close()
