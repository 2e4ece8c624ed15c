"""A person at the real window, in a process of its own that is killed in the middle of writing.

``python -m tests.ui.strokes HOME note|form|correction|answers|change|paper``: unlocks, goes to where something is
written, and writes one letter after the other for ever, telling each on standard output once it was struck.
"""

from __future__ import annotations

import itertools
import string
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app.ui.application import Session
from app.ui.crash import CrashPath
from tests.conftest import PASSPHRASE

BETWEEN_STROKES = 40
CTRL = Qt.KeyboardModifier.ControlModifier
ITEM = "2.2"
ANSWERED = 3
"""How many items are answered in turns."""


def wait(until: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    while not until():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)


def sit_down(window: QWidget) -> None:
    """Make a window the active one."""
    window.activateWindow()
    wait(window.isActiveWindow)


def strike(field: QWidget) -> None:
    """Write letters, each a while after the one before, and say how many there are."""
    letters = itertools.cycle(string.ascii_lowercase)
    for count in itertools.count(1):
        QTest.keyClicks(field, next(letters))
        print(count, flush=True)
        QTest.qWait(BETWEEN_STROKES)


def write_note(session: Session) -> None:
    """N on an item of the visit."""
    screen = session.shell.current()
    screen.workplace.items.go(ITEM)
    screen.workplace.items.setFocus()
    QTest.keyClicks(screen.workplace.items, "n")
    strike(QApplication.focusWidget())


def write_form(session: Session) -> None:
    """The first step in 问题与处置: the draft of an order."""
    session.shell.open("enforcement", inspection_id=session.shell.current().work.inspection_id)
    QTest.keyClick(session.shell, Qt.Key.Key_Return, CTRL)
    wait(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    sit_down(dialog)
    field = dialog.findChild(QPlainTextEdit, "requirements")
    field.setFocus()
    strike(field)


def write_correction(session: Session) -> None:
    """Ctrl+R on an item of a sealed visit: why it is corrected."""
    screen = session.shell.current()
    screen.workplace.items.go("1.1")
    screen.workplace.items.setFocus()
    QTest.keyClick(screen.workplace.items, Qt.Key.Key_R, CTRL)
    panel = screen.workplace.correction
    wait(panel.isVisible)
    panel.reason.setFocus()
    strike(panel.reason)


def answer_keys() -> Iterator[str]:
    """不符合 for all of them, then 符合, then 不符合 again: every key changes its item."""
    for turn in itertools.count():
        yield from ("2", "1")[turn % 2] * ANSWERED


def write_answers(session: Session) -> None:
    """1 or 2 at one item after the other, over and over, so that each is answered anew each time."""
    screen = session.shell.current()
    items = [row.id for section in screen.work.sheet.sections for row in section.items][:ANSWERED]
    for count, (item, key) in enumerate(zip(itertools.cycle(items), answer_keys(), strict=False), 1):
        screen.workplace.items.go(item)
        screen.workplace.items.setFocus()
        QTest.keyClicks(screen.workplace.items, key)
        print(count, flush=True)
        QTest.qWait(BETWEEN_STROKES)


def write_change(session: Session) -> None:
    """Ctrl+T in a visit: why an officer leaves."""
    QTest.keyClick(session.shell, Qt.Key.Key_T, CTRL)
    wait(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    sit_down(dialog)
    leaving = dialog.findChild(QWidget, "leaving")
    leaving.setFocus()
    QTest.keyClick(leaving, Qt.Key.Key_Down)
    field = dialog.findChild(QWidget, "reason")
    field.setFocus()
    strike(field)


def write_paper(session: Session) -> None:
    """A paper of the visit: its entry in several lines."""
    visit = session.shell.current().work.inspection_id
    session.shell.open("printing", inspection_id=visit, form="talk", fill=True)
    field = session.shell.current().filling.page.field("content")
    field.setFocus()
    strike(field)


def main(home: Path, what: str) -> None:
    """Unlock the home, open its visit, and write."""
    app = QApplication([])
    session = Session(app, home, CrashPath(home))
    session.begin()
    sit_down(session.unlock)
    QTest.keyClicks(session.unlock.passphrase_page.field, PASSPHRASE)
    QTest.keyClick(session.unlock.passphrase_page.field, Qt.Key.Key_Return)
    wait(lambda: session.shell is not None and session.shell.isVisible())
    sit_down(session.shell)
    session.shell.open("visit", inspection_id=(home / "visit").read_text("utf8"))
    QTimer.singleShot(60_000, app.exit)
    writers = {
        "note": write_note,
        "form": write_form,
        "correction": write_correction,
        "answers": write_answers,
        "change": write_change,
        "paper": write_paper,
    }
    writers[what](session)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
