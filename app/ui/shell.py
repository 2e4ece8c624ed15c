"""The main window: rail, title bar, body, status line. It knows screens and no business word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.errors import ChayanError, Problem
from app.ui.dropping import by_screen, local_paths, not_taken
from app.ui.leaving import Leaving
from app.ui.menus import popup
from app.ui.rail import Rail
from app.ui.screen import Screen, ScreenSpec, Status
from app.ui.statusline import StatusLine
from app.ui.titlebar import TitleBar
from app.ui.tokens import Tone
from app.ui.widgets.notices import Banner

if TYPE_CHECKING:
    from app.services.workplace import Changes


class Shell(QMainWindow):
    """Holds the screens of one role, made when first opened, and carries messages between them.

    ``status`` is asked after every change. Changes reach the visible screen at once and every other
    one when it is shown next.
    """

    lock_requested = Signal()
    closing = Signal()
    palette_requested = Signal()
    help_requested = Signal()
    heard = Signal(object)
    """Something was stored: what was told to the screens."""
    screen_made = Signal(str, object)
    """A screen was opened for the first time: its key and itself."""

    def __init__(
        self,
        name: str,
        owner: Sequence[str],
        specs: Sequence[ScreenSpec],
        status: Callable[[], Status] = Status,
    ) -> None:
        super().__init__()
        self.setObjectName("shell")
        self.setAcceptDrops(True)
        self.setWindowTitle(name)
        self._name = name
        self._specs = {spec.key: spec for spec in specs}
        self._screens: dict[str, Screen] = {}
        self._missed: dict[str, list[Changes | None]] = {}
        self._key = ""
        self._status = status
        self.rail = Rail(name, owner, specs, self)
        self.title_bar = TitleBar(self)
        self.notice, self.banner = Banner(self), Banner(self)
        self.status_line = StatusLine(self)
        self._stack = QStackedWidget(self)
        self._leaving = Leaving(self, self._screens.values)
        self._lay_out()
        self.rail.chosen.connect(self.open)
        self.rail.lock_chosen.connect(self.lock_requested)
        QShortcut(QKeySequence("Ctrl+K"), self).activated.connect(self.palette_requested)
        QShortcut(QKeySequence("F1"), self).activated.connect(self.help_requested)
        self.refresh_status()
        if specs:
            self.open(specs[0].key)

    def _lay_out(self) -> None:
        body = QVBoxLayout()
        body.setContentsMargins(16, 14, 16, 14)
        body.setSpacing(12)
        self._above = QVBoxLayout()
        body.addLayout(self._above)
        body.addWidget(self.notice)
        body.addWidget(self.banner)
        body.addWidget(self._stack, 1)
        page = QVBoxLayout()
        page.setSpacing(0)
        page.addWidget(self.title_bar)
        page.addLayout(body, 1)
        page.addWidget(self.status_line)
        whole = QWidget(self)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(page, 1)
        self.setCentralWidget(whole)
        self.resize(1366, 768)

    def open(self, key: str, **arguments: object) -> None:
        """Show the screen ``key``, with what it is asked to show; the one left behind stores first."""
        if key not in self._specs:
            raise KeyError(key)
        left = self.current()
        if left is not None and self._key != key and not left.leave():
            self.rail.show_current(self._key)
            return
        screen = self.made(key)
        self._key = key
        self.rail.show_current(key)
        self._stack.setCurrentWidget(screen)
        self._catch_up(key)
        if arguments:
            screen.open_with(**arguments)
        self.refresh_header()
        screen.focus_first()

    def add_above(self, card: QWidget) -> None:
        """Put something above every screen that stays there."""
        self._above.addWidget(card)

    def current(self) -> Screen | None:
        """The screen shown now."""
        return self._screens.get(self._key)

    def keys(self) -> tuple[str, ...]:
        """The keys of every screen, in the order of the rail."""
        return tuple(self._specs)

    def specs(self) -> list[ScreenSpec]:
        """The sections of this role, in the order of the rail."""
        return list(self._specs.values())

    def has(self, key: str) -> bool:
        """Whether this role has a screen ``key``."""
        return key in self._specs

    def current_key(self) -> str:
        """The key of the screen shown now."""
        return self._key

    def built(self, key: str) -> Screen | None:
        """The screen ``key`` if it was made already."""
        return self._screens.get(key)

    def screens(self) -> list[tuple[str, Screen]]:
        """Every screen that was made, with its key."""
        return list(self._screens.items())

    def broadcast(self, changes: Changes | None) -> None:
        """Tell every screen what was stored; ``None`` means that anything may have changed."""
        self.heard.emit(changes)
        for key, screen in self._screens.items():
            if key == self._key:
                screen.refresh(changes)
            else:
                self._missed.setdefault(key, []).append(changes)
        self.refresh_status()
        self.refresh_header()

    def refresh_status(self) -> None:
        """Read the status line and the counts of the rail again."""
        self.status_line.show_status(self._status())
        for spec in self._specs.values():
            if spec.count is not None and spec.listed:
                self.rail.show_count(spec.key, spec.count())

    def refresh_header(self) -> None:
        """Read title, context and actions of the current screen again."""
        screen = self.current()
        if screen is not None:
            self.title_bar.show_header(screen.title(), screen.context(), screen.screen_actions())
            self.setWindowTitle(f"{screen.title()} — {self._name}")

    def show_problem(self, problem: Problem | ChayanError) -> None:
        """Show a problem's sentence and remedy above the screen."""
        self.banner.show_problem(problem)

    def say(self, message: str, remedy: str = "", tone: Tone = "attention") -> None:
        """Show a sentence above the screen."""
        self.banner.say(message, remedy, tone)

    def leave(self) -> bool:
        """Let every screen store what is being typed; ``False`` when one cannot."""
        return self._leaving.store()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the banner away."""
        if event.key() == Qt.Key.Key_Escape and self.banner.isVisible():
            self.banner.put_away()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of what the keys do; lists, cards and tables leave theirs to the window."""
        popup(self.current(), event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files that some screen takes, wherever they are dropped."""
        if by_screen(self.specs(), local_paths(event.mimeData()))[0]:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand files to the screens that take them; name the others."""
        found, left = by_screen(self.specs(), local_paths(event.mimeData()))
        for key, paths in found.items():
            event.acceptProposedAction()
            self.open(key, dropped=paths)
        if left:
            self.show_problem(not_taken(self.specs(), left))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Store first; wait for what is on its way, and stay open where something cannot be stored."""
        event.setAccepted(self._leaving.may_close())
        if event.isAccepted():
            self.closing.emit()

    def made(self, key: str) -> Screen:
        """The screen ``key``, made now if it was not yet; it is not shown by that."""
        if key not in self._screens:
            screen = self._specs[key].factory()
            screen.setObjectName(screen.objectName() or f"screen_{key}")
            screen.header_changed.connect(partial(self._header_changed, key))
            screen.open_requested.connect(self._open_requested)
            screen.changed.connect(self.broadcast)
            screen.settled.connect(self._leaving.settled)
            screen.problem_found.connect(self.show_problem)
            screen.notice_given.connect(self.status_line.show_notice)
            self._stack.addWidget(screen)
            self._screens[key], self._missed[key] = screen, [None]
            self.screen_made.emit(key, screen)
        return self._screens[key]

    def _catch_up(self, key: str) -> None:
        if missed := self._missed.pop(key, []):
            self._screens[key].refresh(missed[0] if len(missed) == 1 else None)

    def _header_changed(self, key: str) -> None:
        if key == self._key:
            self.refresh_header()

    def _open_requested(self, key: str, arguments: dict[str, object]) -> None:
        self.open(key, **arguments)
