"""Another style sheet for the whole program without holding the window.

Qt gives every widget its style anew in one piece, and each once more for every widget around it: with all
screens opened that takes a second. Taken off first, the old sheet is followed by the new one in one go
through the widgets. Pages that nobody sees are left out; they follow in pauses, or when they come into view.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

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
        """Give everything in view the style ``sheet`` now, and hidden pages soon."""
        for page in _hidden_pages(self._app.allWidgets()):
            page.installEventFilter(self)
            late = self._late.setdefault(page, [])
            late.extend(each for each in (page, *page.findChildren(QWidget)) if _is_out_of_sight(each))
        passed_over = [each for late in self._late.values() for each in late if shiboken6.isValid(each)]
        with_their_own = [each for each in passed_over if each.testAttribute(_HAS_ITS_OWN)]
        for each in passed_over:
            # Qt leaves out what has not been in view yet, and tells nothing to what brings its own style.
            each.setAttribute(_POLISHED, False)
            each.setAttribute(_HAS_ITS_OWN, True)
        self._app.setStyleSheet("")
        self._app.setStyleSheet(sheet)
        for each in passed_over:
            each.setAttribute(_HAS_ITS_OWN, False)
        for each in with_their_own:
            each.setAttribute(_HAS_ITS_OWN, True)
        self._pauses.start()

    def waiting(self) -> int:
        """How many widgets are still to be given the style."""
        return sum(map(len, self._late.values()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A page that comes into view before its turn is given its style whole."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched in self._late:
            self._restyle(watched, len(self._late[watched]))
        return False

    def _go_on(self) -> None:
        page = next(iter(self._late), None)
        if page is None:
            self._pauses.stop()
        else:
            self._restyle(page, AT_A_TIME)

    def _restyle(self, page: QWidget, most: int) -> None:
        late = self._late[page]
        for _ in range(min(most, len(late))):
            each = late.pop()  # what lies in another first: who measures it is told last
            if shiboken6.isValid(each):
                QApplication.sendEvent(each, QEvent(QEvent.Type.Polish))
                QApplication.sendEvent(each, QEvent(QEvent.Type.StyleChange))
        if not late:
            del self._late[page]
            if shiboken6.isValid(page):
                page.removeEventFilter(self)


def _hidden_pages(widgets: Sequence[QWidget]) -> Iterator[QWidget]:
    """The pages of stacks that are out of sight, without those that lie in another one."""
    hidden = [
        each for each in widgets if isinstance(each.parentWidget(), QStackedWidget) and not each.isVisible()
    ]
    for page in hidden:
        if not any(each.isAncestorOf(page) for each in hidden if each is not page):
            yield page


def _is_out_of_sight(widget: QWidget) -> bool:
    return widget.testAttribute(_POLISHED) and not widget.isVisible()
