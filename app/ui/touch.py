"""Fingers: what scrolls is flicked, and a long press asks for the menu that the right button opens.

Qt makes a click of a touch that nobody took, from the moment the finger comes down. Over something
that can be scrolled it is held back here until the finger is lifted, so that a flick chooses nothing
on its way. The end of every click comes at the next turn of the loop: a dialog that it opens takes no
touches as long as Qt is still at work on the former one. Only windows are listened to: the many events of their widgets do not pass through here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent, QTouchEvent, QWindow
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QScroller,
    QWidget,
)

from app.ui.pauses import pause

LONG_PRESS: Final = 600
"""Milliseconds a finger rests before it asks for the menu."""
STEADY: Final = 12
"""So far may a resting finger wander, in device-independent pixels."""
_FAR: Final = QPointF(-10_000, -10_000)
_CLICKS: Final = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease}
)


class TouchHelp(QObject):
    """Helps fingers in every window that ever takes the focus."""

    def __init__(self, app: QGuiApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._at = self._former = QPointF()
        self._window: QWindow | None = None
        self._touching = self._holding = self._spent = self._replaying = False
        self._pressed = False
        self._held: list[QMouseEvent] = []
        self._rest = pause(self, LONG_PRESS, self._ask_menu)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._replay)
        self._helping = True
        app.focusWindowChanged.connect(self._watch)

    def stop(self) -> None:
        """Help no longer."""
        if self._helping:
            self._app.focusWindowChanged.disconnect(self._watch)
        self._helping = False
        for window in self._app.topLevelWindows():
            window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the finger, and keep back the clicks that are not meant."""
        kind = event.type()
        if isinstance(event, QTouchEvent):
            if kind == QEvent.Type.TouchBegin:
                self._begin(watched, event)
            elif kind == QEvent.Type.TouchUpdate:
                self._follow(event)
            else:
                self._rest.stop()
            return False
        if not isinstance(event, QMouseEvent) or not self._touching:
            return False
        if self._replaying:
            # Only the one event that is sent from here: it may open a dialog with touches of its own.
            self._replaying = False
            return False
        return self._keep(event)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def _begin(self, watched: QObject, event: QTouchEvent) -> None:
        if self._later.isActive():
            self._later.stop()
            self._replay()
        self._window = watched if isinstance(watched, QWindow) else None
        self._former, self._at = self._at, event.points()[0].globalPosition()
        self._touching, self._spent, self._pressed = True, False, False
        self._held.clear()
        areas = list(_areas_over(QApplication.widgetAt(self._at.toPoint())))
        for area in areas:
            _make_flickable(area)
        self._holding = bool(areas)
        self._rest.start()

    def _follow(self, event: QTouchEvent) -> None:
        if len(event.points()) > 1 or not _near(event.points()[0].globalPosition(), self._at):
            self._rest.stop()
            self._spent |= self._holding

    def _keep(self, event: QMouseEvent) -> bool:
        """Whether this part of a click is kept from the window; the last part ends the touch."""
        kind = event.type()
        if kind not in _CLICKS:
            return self._holding and bool(event.buttons())
        if kind == QEvent.Type.MouseButtonDblClick:
            return self._keep_second(event)
        released = kind == QEvent.Type.MouseButtonRelease
        if released:
            self._touching = False
        elif kind == QEvent.Type.MouseButtonPress:
            self._pressed = True
        if not self._holding and not released:
            return False
        self._held.append(_copy(event))
        if released and not self._spent:
            self._later.start()
        return True

    def _keep_second(self, event: QMouseEvent) -> bool:
        """A second tap. Qt takes any two quick ones for a double one, also those of two buttons."""
        double = _near(self._at, self._former)
        if self._holding:
            if double:
                self._held = [_copy(event)]
            return True
        if not double:
            self._held = [_copy(event, QEvent.Type.MouseButtonPress)]
            self._replay()
        return not double

    def _replay(self) -> None:
        if self._window is None:
            return
        held, self._held = self._held, []
        for event in held:
            self._replaying = self._touching
            QApplication.sendEvent(self._window, event)

    def _ask_menu(self) -> None:
        """The menu of what is under the finger; a press that is felt already is taken back first."""
        touched = QApplication.widgetAt(self._at.toPoint())
        if touched is None or self._window is None:
            return
        self._spent = True
        if self._pressed and not self._holding:
            self._held = [_released_far_away()]
            self._replay()
        local = touched.mapFromGlobal(self._at).toPoint()
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, local, self._at.toPoint())
        QApplication.sendEvent(touched, asked)


def _near(one: QPointF, other: QPointF) -> bool:
    return (one - other).manhattanLength() <= STEADY


def _copy(event: QMouseEvent, kind: QEvent.Type | None = None) -> QMouseEvent:
    return QMouseEvent(
        kind or event.type(), event.position(), event.scenePosition(), event.globalPosition(), event.button(),
        event.buttons(), event.modifiers(),
    )  # fmt: skip


def _released_far_away() -> QMouseEvent:
    """Where a release presses nothing."""
    return QMouseEvent(
        QEvent.Type.MouseButtonRelease, _FAR, _FAR, _FAR, Qt.MouseButton.LeftButton,
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip


def _areas_over(widget: QWidget | None) -> Iterator[QAbstractScrollArea]:
    """What a widget lies in that has more to show than it shows; nothing over a scroll bar."""
    while widget is not None and not isinstance(widget, QAbstractSlider):
        if isinstance(widget, QAbstractScrollArea):
            bars = (widget.verticalScrollBar(), widget.horizontalScrollBar())
            if any(bar.maximum() > bar.minimum() for bar in bars):
                yield widget
        widget = None if widget.isWindow() else widget.parentWidget()


def _make_flickable(area: QAbstractScrollArea) -> None:
    if QScroller.hasScroller(area.viewport()):
        return
    if isinstance(area, QAbstractItemView):
        # A finger moves by pixels; by rows it would fly through the list.
        area.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        area.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)
