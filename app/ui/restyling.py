"""Another style sheet for the whole program without holding the window.

Qt takes the old style off every widget and gives it the new one in one piece, and each once more for every
widget around it: with all screens opened that takes a second. Here Qt is told to pass every widget over;
what is in view is then given its style once, and what nobody sees follows in pauses, or when it comes into
view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

AT_A_TIME: Final = 40
"""Widgets that are given their style in one pause: a few milliseconds."""
_POLISHED: Final = Qt.WidgetAttribute.WA_WState_Polished
_HAS_ITS_OWN: Final = Qt.WidgetAttribute.WA_SetStyle


class Restyling(QObject):
    """Puts style sheets on the application; :meth:`wear` is the only way to change it."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._late: dict[QWidget, list[QWidget]] = {}
        self._pauses = QTimer(self)
        self._pauses.setInterval(0)
        self._pauses.timeout.connect(self._go_on)

    def wear(self, sheet: str) -> None:
        """Give everything in view the style ``sheet`` now, and what is hidden soon."""
        in_view = self._sort_out()
        passed_over = [*in_view, *filter(shiboken6.isValid, chain.from_iterable(self._late.values()))]
        with_their_own = [each for each in passed_over if each.testAttribute(_HAS_ITS_OWN)]
        for each in passed_over:
            # Qt leaves out what has not been in view yet, and tells nothing to what brings its own style.
            each.setAttribute(_POLISHED, False)
            each.setAttribute(_HAS_ITS_OWN, True)
        # Put over the old one, the new sheet would go through all widgets again.
        self._app.setStyleSheet("")
        self._app.setStyleSheet(sheet)
        for each in passed_over:
            each.setAttribute(_HAS_ITS_OWN, False)
        for each in with_their_own:
            each.setAttribute(_HAS_ITS_OWN, True)
        for each in reversed(in_view):
            _give_style(each)
        self._pauses.start()

    def _sort_out(self) -> list[QWidget]:
        """What is in view, each before what lies in it; what is hidden is put with the outermost it lies in."""
        in_view: list[QWidget] = []
        hidden_in: dict[QWidget | None, QWidget] = {}
        for each in _from_the_outermost(self._app.allWidgets()):
            if each.isVisible():
                in_view.append(each)
                continue
            root = hidden_in[each] = hidden_in.get(each.parentWidget(), each)
            if each.testAttribute(_POLISHED):
                if root not in self._late:
                    self._late[root] = []
                    root.installEventFilter(self)
                self._late[root].append(each)
        return in_view

    def waiting(self) -> int:
        """How many widgets are still to be given the style."""
        return sum(map(len, self._late.values()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What comes into view before its turn is given its style whole."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched in self._late:
            self._restyle(watched, len(self._late[watched]))
        return False

    def _go_on(self) -> None:
        left = AT_A_TIME
        while self._late and left > 0:
            left -= self._restyle(next(iter(self._late)), left)
        if not self._late:
            self._pauses.stop()

    def _restyle(self, root: QWidget, most: int) -> int:
        late = self._late[root]
        count = min(most, len(late))
        for _ in range(count):
            _give_style(late.pop())  # what lies in another first: who measures it is told last
        if not late:
            del self._late[root]
            if shiboken6.isValid(root):
                root.removeEventFilter(self)
        return count


def _give_style(widget: QWidget) -> None:
    if shiboken6.isValid(widget):
        QApplication.sendEvent(widget, QEvent(QEvent.Type.Polish))
        QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


def _from_the_outermost(widgets: Sequence[QWidget]) -> Iterator[QWidget]:
    for top in widgets:
        if top.parentWidget() is None:
            yield top
            yield from top.findChildren(QWidget)
