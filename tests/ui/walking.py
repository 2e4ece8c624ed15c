"""Somebody who presses anything anywhere: a seeded walk through the real program on a real home.

Steps are timer events, so that they go on inside dialogs that wait. After each step the window must
live; every answer, note and measured value that the window was told is compared with the store.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from app.services import sheets
from app.ui.application import Session
from app.ui.visit.items import ItemList
from app.ui.visit.saving import LateSaver
from app.ui.visit.screen import VisitScreen
from tests.conftest import PASSPHRASE

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
KEYS = (
    *("Tab", "Backtab", "Up", "Down", "Left", "Right", "Return", "Escape", "Space", "Home", "End"),
    *("PgUp", "PgDown", "Backspace", "Del", "F1", "Ctrl+Z", "Ctrl+Y", "Ctrl+K", "Ctrl+Return", "Ctrl+A"),
    *("Ctrl+C", "Ctrl+V", "Ctrl+X", "/", "1", "2", "3", "4", "N", "V", "F", "A", "J", "K", "-", "?"),
)
ITEM_KEYS = (*"1234123412", "N", "N", "V", "F", "Down", "PgDown", "Ctrl+Z", *KEYS)
WORDS = ("执照地址已变更", "恒铉", "3.5", "0", "-1", "abc", "2026-08-30", "１２", "' \" < & \\", "无")
CLICKABLE = (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QTabBar,
    QLineEdit,
    QPlainTextEdit,
    QAbstractSpinBox,
)
LAST_STEPS = 30
SLOWEST = 12
STUCK = 20.0
"""Seconds without a step after which the walk counts as stuck."""


class Walk:
    """``steps`` random steps in ``session``; :meth:`go` returns when they are done."""

    def __init__(self, session: Session, seed: int, steps: int, files: Sequence[Path]) -> None:
        self.session, self.seed, self.left = session, seed, steps
        self.chance = random.Random(seed)
        self.files = files
        self.last: deque[str] = deque(maxlen=LAST_STEPS)
        self.visits: Sequence[str] = ()
        self.typed: dict[tuple[str, str], str] = {}
        self.counts: dict[str, int] = {}
        self.slowest: dict[str, float] = {}
        self.faults: list[str] = []
        self._loop = QEventLoop()
        self._stepped = time.monotonic()
        self._guard = QTimer()
        self._guard.setInterval(1000)
        self._guard.timeout.connect(self._look)
        self._spied: set[int] = set()

    def go(self) -> None:
        """Walk; afterwards :attr:`faults` says what went wrong."""
        self._guard.start()
        QTimer.singleShot(0, self._step)
        self._loop.exec()
        self._guard.stop()

    def told(self) -> str:
        """The seed and the last steps, for whoever has to do them again."""
        return f"seed {self.seed}, {self.left} steps left:\n" + "\n".join(self.last)

    def _step(self) -> None:
        self._stepped = time.monotonic()
        if self.left <= 0 or self.faults:
            if QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None:
                self._loop.quit()
                return
            self._leave_dialog()
            QTimer.singleShot(0, self._step)
            return
        self.left -= 1
        # Asked for before the step is done, because the step may open a dialog that waits.
        QTimer.singleShot(self.chance.choice((0, 0, 0, 5, 30)), self._step)
        self._spy()
        visit, before = self._visit(), self._stored()
        name, deed = self._choose()
        self.last.append(name)
        self.counts[name.split(" ", maxsplit=1)[0]] = self.counts.get(name.split(" ", maxsplit=1)[0], 0) + 1
        began, steps = time.thread_time(), self.left
        deed()
        if steps == self.left:
            self._note_time(name, time.thread_time() - began)
        self._check(name, visit, before)

    def _note_time(self, name: str, seconds: float) -> None:
        """Keep what the main thread worked for the slowest steps that had no others in them."""
        self.slowest[name] = max(seconds, self.slowest.get(name, 0.0))
        if len(self.slowest) > SLOWEST:
            del self.slowest[min(self.slowest, key=lambda each: self.slowest[each])]

    # ---- what to do

    def _choose(self) -> tuple[str, Callable[[], object]]:
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            return self._in_popup(popup)
        window = modal or self._window()
        if not window.isActiveWindow():
            window.activateWindow()
        if self.session.unlock is window:
            return self._unlock()
        if modal is not None and self.chance.random() < 0.15:
            return "leave dialog", self._leave_dialog
        ways = (self._click, self._click, self._shortcut, self._key, self._type, self._key, self._switch)
        return self.chance.choice(ways)(window)

    def _window(self) -> QWidget:
        window = self.session.unlock or self.session.shell
        assert window is not None
        return window

    def _unlock(self) -> tuple[str, Callable[[], object]]:
        page = self.session.unlock.passphrase_page
        if not page.isEnabled():
            return "wait", _nothing
        wrong = self.chance.random() < 0.03
        return "unlock", lambda: self._say_passphrase("wrong" if wrong else PASSPHRASE)

    def _say_passphrase(self, words: str) -> None:
        field = self.session.unlock.passphrase_page.field
        field.setFocus()
        field.setText(words)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def _in_popup(self, popup: QWidget) -> tuple[str, Callable[[], object]]:
        key = self.chance.choice(("Down", "Down", "Up", "Return", "Escape"))
        # Qt's own menu of a field may open another below it; keys go to whichever is on top.
        return f"popup {type(popup).__name__} {key}", lambda: _press(popup, key)

    def _leave_dialog(self) -> None:
        popup = QApplication.activePopupWidget()
        target = popup or QApplication.activeModalWidget()
        if isinstance(target, QMenu):
            target.close()
        elif target is not None:
            QTest.keyClick(target, Qt.Key.Key_Escape)
            if target.isVisible() and popup is None:
                target.close()

    def _click(self, window: QWidget) -> tuple[str, Callable[[], object]]:
        found = [one for one in window.findChildren(QWidget) if _can_click(one, window)]
        if not found:
            return "nothing to click", _nothing
        target = self.chance.choice(found)
        where = self._place_in(target)
        button = self.chance.choice((Qt.MouseButton.LeftButton,) * 9 + (Qt.MouseButton.RightButton,))
        twice = isinstance(target, QAbstractItemView) and self.chance.random() < 0.3
        clicked = QTest.mouseDClick if twice else QTest.mouseClick
        aim = target.viewport() if isinstance(target, QAbstractItemView | QPlainTextEdit) else target
        return f"click {_named(target)} {where.toTuple()}", lambda: clicked(aim, button, NONE, where)

    def _place_in(self, target: QWidget) -> QPoint:
        aim = target.viewport() if isinstance(target, QAbstractItemView) else target
        return QPoint(self.chance.randrange(max(1, aim.width())), self.chance.randrange(max(1, aim.height())))

    def _shortcut(self, window: QWidget) -> tuple[str, Callable[[], object]]:
        found = [
            each.key().toString()
            for each in window.findChildren(QShortcut)
            if each.isEnabled() and isinstance(each.parent(), QWidget) and each.parent().isVisible()
        ]
        return self._pressing(self.chance.choice(found)) if found else ("no shortcut", _nothing)

    def _key(self, _window: QWidget) -> tuple[str, Callable[[], object]]:
        in_list = isinstance(QApplication.focusWidget(), ItemList)
        return self._pressing(self.chance.choice(ITEM_KEYS if in_list else KEYS))

    def _pressing(self, key: str) -> tuple[str, Callable[[], object]]:
        at = QApplication.focusWidget() or self._window()
        return f"key {key} at {_named(at)}", lambda: _press(at, key)

    def _type(self, _window: QWidget) -> tuple[str, Callable[[], object]]:
        at, words = QApplication.focusWidget(), self.chance.choice(WORDS)
        if not isinstance(at, QLineEdit | QPlainTextEdit) or at.isReadOnly():
            return self._key(_window)
        event = QInputMethodEvent()
        event.setCommitString(words)
        return f"type {words!r} into {_named(at)}", lambda: QApplication.sendEvent(at, event)

    def _switch(self, window: QWidget) -> tuple[str, Callable[[], object]]:
        shell = self.session.shell
        if window is not shell or shell is None:
            return self._key(window)
        if self.chance.random() < 0.15:
            return "lock", lambda: QTest.keyClick(shell, Qt.Key.Key_L, CTRL)
        if self.visits and self.chance.random() < 0.3:
            visit = self.chance.choice(self.visits)
            return f"open visit {visit[:4]}", lambda: shell.open("visit", inspection_id=visit)
        key = self.chance.choice(shell.keys())
        return f"open {key}", lambda: shell.open(key)

    # ---- what has to hold

    def _spy(self) -> None:
        """Hear what the visit under work is told."""
        screen = self.session.shell.built("visit") if self.session.shell is not None else None
        if isinstance(screen, VisitScreen) and id(screen) not in self._spied:
            self._spied.add(id(screen))
            self._screen = screen
            screen.workplace.items.answered.connect(self._answered)
            _Told(screen.workplace.items.saver, self._typed)

    def _answered(self, item: str, word: str, _by_key: bool) -> None:
        work = self._screen.work
        if not work.editable:
            return
        self.counts["answers"] = self.counts.get("answers", 0) + 1
        row = next(
            (
                row
                for part in self._sheet(work.inspection_id).sections
                for row in part.items
                if row.id == item
            ),
            None,
        )
        if row is not None and str(row.verdict) != word and not self._refused():
            self.faults.append(f"{item} was answered {word}, the store says {row.verdict}")

    def _refused(self) -> bool:
        return self.session.shell is not None and self.session.shell.banner.isVisible()

    def _typed(self, key: str, text: str) -> None:
        if key.startswith("note:"):
            self.counts["notes"] = self.counts.get("notes", 0) + 1
            self.typed[self._screen.work.inspection_id, key.removeprefix("note:")] = text

    def _sheet(self, visit: str) -> object:
        return sheets.sheet(self._screen.work.place, inspection_id=visit)

    def _visit(self) -> str:
        screen = getattr(self, "_screen", None)
        return "" if screen is None else screen.work.inspection_id

    def _stored(self) -> dict[str, tuple[object, str]]:
        """Every answer and note of the visit under work."""
        screen = getattr(self, "_screen", None)
        if screen is None or not screen.work.inspection_id or self.left % 5:
            return {}
        rows = (row for part in self._sheet(screen.work.inspection_id).sections for row in part.items)
        return {row.id: (row.verdict, row.note) for row in rows}

    def _check(self, name: str, visit: str, before: dict[str, tuple[object, str]]) -> None:
        window = self.session.unlock or self.session.shell
        if window is None or not window.isVisible():
            self.faults.append("no window is left")
        if before and _keeps_answers(name) and self._screen.work.inspection_id == visit:
            after = self._stored() if self.left % 5 == 0 else {}
            lost = [
                item for item, (verdict, _) in before.items()
                if after and verdict is not None and item in after and after[item][0] is None
            ]  # fmt: skip
            if lost:
                self.faults.append(f"the answers to {lost} are lost")
        if self.left % 50 == 0:
            self._check_texts()

    def _check_texts(self) -> None:
        """Notes whose typing has ended are in the store."""
        screen = getattr(self, "_screen", None)
        if screen is None or not screen.work.editable or not screen.leave():
            return
        visit = screen.work.inspection_id
        stored = {row.id: row.note for part in self._sheet(visit).sections for row in part.items}
        for (where, item), text in self.typed.items():
            if where == visit and item in stored and stored[item].strip() != text.strip():
                self.faults.append(f"the note of {item} is {stored[item]!r}, not {text!r}")
        self.typed.clear()

    def _look(self) -> None:
        if time.monotonic() - self._stepped > STUCK:
            modal = QApplication.activeModalWidget()
            self.faults.append(f"stuck before {modal!r}")
            self._stepped = time.monotonic()
            QTimer.singleShot(0, self._step)


class _Told:
    """Hears what a saver is told, before the saver does."""

    def __init__(self, saver: LateSaver, hear: Callable[[str, str], None]) -> None:
        real = saver.typed

        def typed(key: str, text: str) -> None:
            hear(key, text)
            real(key, text)

        saver.typed = typed


def _keeps_answers(name: str) -> bool:
    """Whether a step may not take answers away: taking back, redoing, removing and 4 (未查) may."""
    return not any(word in name for word in ("Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z", "popup", "click", "key 4"))


def _press(at: QWidget, key: str) -> None:
    combination = QKeySequence(key)[0]
    QTest.keyClick(at, combination.key(), combination.keyboardModifiers())


def _can_click(one: QWidget, window: QWidget) -> bool:
    if not one.isVisible() or not one.isEnabled() or one.window() is not window:
        return False
    touched = isinstance(one, CLICKABLE) or one.cursor().shape() is Qt.CursorShape.PointingHandCursor
    return touched and not one.visibleRegion().isEmpty()


def _named(one: QWidget) -> str:
    words = one.accessibleName() or (one.text() if isinstance(one, QAbstractButton) else "")
    return f"{type(one).__name__} {one.objectName()} {words}".strip()


def _nothing() -> None:
    """No step."""
