"""The menu under the right button: what the keys do, for the row under it and for the screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QWidget

from app.ui.screen import offered
from app.ui.slots import calling
from app.ui.widgets.buttons import key_text
from app.ui.widgets.copying import copy_rows

if TYPE_CHECKING:
    from app.ui.screen import Screen


def popup(screen: Screen | None, event: QContextMenuEvent) -> None:
    """Show the menu of a screen where it was asked for: at the focus by key, else under the pointer."""
    by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
    at = QApplication.focusWidget() if by_key else QApplication.widgetAt(event.globalPos())
    if screen is not None and at is not None and screen.isAncestorOf(at):
        menu_of(screen, at).popup(event.globalPos())


def menu_of(screen: Screen, at: QWidget | None) -> QMenu:
    """The menu for a place in a screen; ``at`` is the widget under the pointer or with the focus."""
    menu = QMenu(screen)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    view = view_of(at)
    if view is not None and view.currentIndex().isValid():
        _add(menu, "打开", "Return", partial(press_enter, view))
        _add(menu, "复制", "Ctrl+C", partial(copy_rows, view))
        menu.addSeparator()
    for step in offered(screen.more_actions(), screen.screen_actions()):
        entry = _add(menu, step.text, step.shortcut, step.trigger)
        entry.setToolTip(step.hint)
    return menu


def _add(menu: QMenu, text: str, key: str, run: Callable[[], object]) -> QAction:
    entry = QAction(f"{text}\t{key_text(key)}" if key else text, menu)
    entry.triggered.connect(calling(run))
    menu.addAction(entry)
    return entry


def view_of(at: QWidget | None) -> QAbstractItemView | None:
    """The list or table that a widget is or lies in."""
    while at is not None and not isinstance(at, QAbstractItemView):
        at = at.parentWidget()
    return at


def press_enter(view: QAbstractItemView) -> None:
    """What Enter does in a list."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(view, QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier))
