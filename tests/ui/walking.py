"""Somebody who presses anything anywhere: a seeded walk through the real program on a real home.

Steps are timer events, so that they go on inside dialogs that wait. After each step the window must
live; what the visit under work was told is compared with the store (:mod:`tests.ui.ledger`), and how
long the main thread worked at a stretch is kept (:mod:`tests.ui.stalls`).
"""

from __future__ import annotations

import random
from collections import Counter, deque
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
    QDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from app.services.workplace import Changes
from app.sync.documents import read_document
from app.ui.application import Session
from app.ui.visit.items import ItemList
from app.ui.visit.screen import VisitScreen
from app.ui.visit.work import VisitWork
from tests.conftest import PASSPHRASE
from tests.ui.ledger import Contents, Ledger
from tests.ui.stalls import Stalls

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
MOMENTS = ("/answered_at", "/noted_at")
LAST_STEPS = 30
LOOK_EVERY = 50
"""Steps between two looks at the store."""
PATIENT = 200
"""Times that a dialog is asked to close at the end before it counts as one that cannot be left."""
STUCK = 20
"""Seconds served by the window without a step after which the walk counts as stuck."""


class Walk:
    """``steps`` random steps in ``session``; :meth:`go` returns when they are done.

    Where :attr:`enough` is so, no step follows and all stays as it is: dialogs too, so :meth:`go` does not return.
    """

    def __init__(self, session: Session, seed: int, files: Sequence[Path]) -> None:
        self.session, self.seed, self.left, self.done = session, seed, 0, 0
        self.chance = random.Random(seed)
        self.files = files
        self.last: deque[str] = deque(maxlen=LAST_STEPS)
        self.visits: Sequence[str] = ()
        self.known: dict[str, Contents] = {}
        self.told: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.stalls = Stalls()
        self.ledger: Ledger | None = None
        self.enough: Callable[[], bool] = _never
        self._screen: VisitScreen | None = None
        self._loop = QEventLoop()
        self._waited = 0
        self._leaving = 0
        self._guard = QTimer()
        self._guard.setInterval(1000)
        self._guard.timeout.connect(self._look)

    def go(self, steps: int) -> None:
        """Walk so far; afterwards no dialog is open, and :attr:`faults` says what went wrong."""
        self.left, self._leaving = steps, 0
        self._guard.start()
        self.stalls.start()
        QTimer.singleShot(0, self._step)
        self._loop.exec()
        self.stalls.stop()
        self._guard.stop()

    def rest(self, seconds: float) -> None:
        """Do nothing for a while, as somebody who thinks."""
        QTimer.singleShot(int(seconds * 1000), self._loop.quit)
        self._loop.exec()

    def go_on_in(self, session: Session) -> None:
        """The program was started again."""
        self.session, self.ledger, self._screen = session, None, None

    def say(self) -> str:
        """The seed and the last steps, for whoever has to do them again."""
        return f"seed {self.seed}, step {self.done}:\n" + "\n".join(self.last)

    def _step(self) -> None:
        self._waited = 0
        self.stalls.pause()
        if self.enough():
            self._guard.stop()
            return
        if self.left <= 0 or self.faults:
            self._come_to_rest()
            return
        self.left -= 1
        self.done += 1
        # Asked for before the step is done, because the step may open a dialog that waits.
        QTimer.singleShot(self.chance.choice((0, 0, 0, 5, 30)), self._step)
        self._spy()
        name, deed = self._choose()
        self.last.append(name)
        kind = name.split(" ", maxsplit=1)[0]
        self.counts[kind] += 1
        self.stalls.begin(name, f"{kind} in {self._where()}")
        deed()
        self.stalls.pause()
        self._check()
        self.stalls.go_on()

    def _come_to_rest(self) -> None:
        """End outside every dialog."""
        if QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None:
            self._loop.quit()
            return
        self._leaving += 1
        if self._leaving > PATIENT:
            self.faults.append(f"{QApplication.activeModalWidget()!r} cannot be left")
            self._loop.quit()
            return
        self._leave_dialog()
        QTimer.singleShot(10, self._step)

    def _where(self) -> str:
        """The screen, and the dialog over it."""
        modal = QApplication.activeModalWidget()
        over = f", {modal.windowTitle() or type(modal).__name__}" if isinstance(modal, QDialog) else ""
        if self.session.unlock is not None or self.session.shell is None:
            return f"unlock{over}"
        return f"{self.session.shell.current_key()}{over}"

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
        if self._can_go_back(window) and self.chance.random() < 0.02:
            times = self.chance.randrange(1, 8)
            return f"undo {times} and redo", lambda: self._go_back_and_forth(times)
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
        # Qt's own menu of a field may open another below it; keys go to whichever is on top, and in a
        # list that fell open to the list and not to its frame.
        owner = popup.parentWidget()
        name = f"popup {type(popup).__name__} {key} of {_named(owner) if owner else ''}"
        return name, lambda: _press(popup.focusWidget() or popup, key)

    def _leave_dialog(self) -> None:
        popup = QApplication.activePopupWidget()
        target = popup or QApplication.activeModalWidget()
        if isinstance(target, QMenu):
            target.close()
        elif target is not None:
            QTest.keyClick(target.focusWidget() or target if popup else target, Qt.Key.Key_Escape)
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

    def _type(self, window: QWidget) -> tuple[str, Callable[[], object]]:
        """Write into the field that has the keys, or go to some other one first."""
        at, words = QApplication.focusWidget(), self.chance.choice(WORDS)
        if not _can_write(at) or self.chance.random() < 0.5:
            fields = [
                one for one in window.findChildren(QWidget) if _can_write(one) and _can_click(one, window)
            ]
            at = self.chance.choice(fields) if fields else at
        if not _can_write(at):
            return self._key(window)
        return f"type {words!r} into {_named(at)}", lambda: _write(at, words)

    def _can_go_back(self, window: QWidget) -> bool:
        """Whether a visit is worked on in view."""
        shell, screen = self.session.shell, self._screen
        if shell is None or window is not shell or screen is None or shell.current() is not screen:
            return False
        return shell.isActiveWindow() and screen.work.editable and screen.workplace.isVisible()

    def _go_back_and_forth(self, times: int) -> None:
        """Steps that are taken back and taken again leave the visit as it was."""
        screen = self._screen
        assert screen is not None
        work, items, undone = screen.work, screen.workplace.items, 0
        items.setFocus()
        self.stalls.pause()
        before, first = _document(work), work.steps.last()
        self.stalls.go_on()
        for _ in range(times):
            step = work.steps.last()
            self._press_next(items, "Ctrl+Z")
            if step is None or work.steps.next() is not step:
                break
            undone += 1
        for _ in range(undone):
            self._press_next(items, "Ctrl+Y")
        self.stalls.pause()
        self.told["step back and again"] += undone
        if (after := _document(work)) != before or work.steps.last() is not first:
            name = first.name if first is not None else ""
            differ = [path for path in {**before, **after} if before.get(path) != after.get(path)]
            self.faults.append(f"{undone} steps back from {name} and again changed {differ}")

    def _press_next(self, at: QWidget, key: str) -> None:
        """Press another key within one step; each is a stretch of its own."""
        self.stalls.beat()
        _press(at, key)

    def _switch(self, window: QWidget) -> tuple[str, Callable[[], object]]:
        shell = self.session.shell
        at_work = shell is not None and shell.current_key() == "visit" and self.chance.random() < 0.6
        if window is not shell or shell is None or at_work:
            return self._type(window)
        if self.chance.random() < 0.15:
            return "lock", lambda: QTest.keyClick(shell, Qt.Key.Key_L, CTRL)
        if self.visits and self.chance.random() < 0.5:
            visit = self.chance.choice(self.visits)
            return f"open visit {visit[:4]}", lambda: shell.open("visit", inspection_id=visit)
        key = self.chance.choice(shell.keys())
        return f"open {key}", lambda: shell.open(key)

    # ---- what has to hold

    def _spy(self) -> None:
        """Hear what the visit under work is told."""
        shell = self.session.shell
        screen = shell.built("visit") if shell is not None else None
        if not isinstance(screen, VisitScreen) or shell is None:
            return
        if screen is not self._screen:
            self._screen = screen
            self.ledger = Ledger(screen, self.known, self.told)
            shell.heard.connect(self._heard)
        assert self.ledger is not None
        self.ledger.take_up()

    def _heard(self, changes: Changes | None) -> None:
        """Another screen stored something: what it did to a visit, this walk does not know."""
        if self._screen is None or self.ledger is None or self._screen._storing:
            return
        # Nothing in particular is told after unlocking, when nothing was stored.
        if changes is not None and changes.concern("inspection"):
            for visit in list(self.known):
                if visit in changes.ids or not changes.ids:
                    self.ledger.changed_elsewhere(visit)

    def _check(self) -> None:
        window = self.session.unlock or self.session.shell
        if window is None or not window.isVisible():
            self.faults.append("no window is left")
        if self.left % LOOK_EVERY == 0 and self.ledger is not None:
            self.faults += self.ledger.look()
        if self.left % LOOK_EVERY == 0:
            self.stalls.measure()

    def _look(self) -> None:
        # Beats are counted and not seconds: a machine that gives this process no time is no fault of the window.
        self._waited += 1
        if self._waited > STUCK:
            modal = QApplication.activeModalWidget()
            self.faults.append(f"stuck before {modal!r}")
            self._waited = 0
            QTimer.singleShot(0, self._step)


def _document(work: VisitWork) -> dict[str, object]:
    """Everything that the store holds of the visit under work, but when it was answered and found: that is now."""
    with work.place.read() as session:
        found = read_document(session, "inspection", work.inspection_id) or {}
    return {path: value for path, value in found.items() if not path.endswith(MOMENTS)}


def _press(at: QWidget, key: str) -> None:
    combination = QKeySequence(key)[0]
    QTest.keyClick(at, combination.key(), combination.keyboardModifiers())


def _can_write(at: QWidget | None) -> bool:
    return isinstance(at, QLineEdit | QPlainTextEdit) and not at.isReadOnly() and at.isEnabled()


def _write(at: QWidget, words: str) -> None:
    at.setFocus()
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(at, event)


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


def _never() -> bool:
    return False
