"""A run of the program on a real home: unlock, lock, come back, end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from app.files import InstanceLock
from app.ui.application import Session
from app.ui.crash import CrashPath
from app.ui.unlock import UnlockWindow
from app.ui.widgets import asked
from tests.conftest import PASSPHRASE


@pytest.fixture
def home(laptop_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(laptop_template, tmp_path / "张三的数据"))


@pytest.fixture
def session(qapp: QApplication, home: Path, qtbot):
    crashes = CrashPath(home)
    made = Session(qapp, home, crashes)
    made.begin()
    yield made
    made.end()
    crashes.uninstall()
    for window in (made.unlock, made.shell):
        if window is not None:
            window.hide()
            window.deleteLater()


def enter(qtbot, unlock: UnlockWindow | None, passphrase: str) -> None:
    assert unlock is not None
    unlock.activateWindow()
    with qtbot.waitActive(unlock):
        pass
    qtbot.keyClicks(unlock.passphrase_page.field, passphrase)
    qtbot.keyClick(unlock.passphrase_page.field, Qt.Key.Key_Return)


def test_unlock_work_lock_and_come_back(session: Session, home: Path, qtbot):
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible(), timeout=20_000)
    shell = session.shell
    assert shell is not None
    assert session.unlock is None

    dialog = QDialog(shell)
    dialog.show()
    shell.activateWindow()
    with qtbot.waitActive(shell):
        pass
    qtbot.keyClick(shell, "l", Qt.KeyboardModifier.ControlModifier)
    locked = session.unlock
    assert locked is not None
    assert (locked.isVisible(), shell.isVisible(), dialog.isVisible()) == (True, False, False)

    enter(qtbot, locked, "guess")
    qtbot.waitUntil(locked.banner.isVisible, timeout=20_000)
    assert not shell.isVisible()
    enter(qtbot, locked, PASSPHRASE)
    qtbot.waitUntil(shell.isVisible, timeout=20_000)
    assert session.shell is shell

    session.end()
    other = InstanceLock(home)
    other.acquire()
    other.release()


def test_what_ended_while_it_was_locked_does_not_come_back(session: Session, qtbot):
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
    stays, stored = QDialog(session.shell), QDialog(session.shell)
    stored.finished.connect(stored.deleteLater)
    for dialog in (stays, stored):
        dialog.open()
    # Locking gives up the question that waits for its answer here.
    QTimer.singleShot(0, session.lock)
    assert asked("标记为已报送", "以后按这一份核对", "标记为已报送", session.shell) is False
    stored.accept()  # as a form does whose step has reached the store
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(session.shell.isVisible)
    qtbot.waitUntil(stays.isVisible)
    assert [each for each in session.shell.findChildren(QDialog) if each.isVisible()] == [stays]
    assert session._watch._timer.isActive(), "and it can be locked again"
    stays.close()


def test_a_mistake_is_told_in_whichever_window_is_open(session: Session, qtbot):
    session._crashes.take(KeyError("x"))
    assert session.unlock is not None
    qtbot.waitUntil(session.unlock.banner.isVisible)
    assert "崩溃报告" in session.unlock.banner.text()
