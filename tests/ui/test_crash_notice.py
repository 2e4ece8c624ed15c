"""A report of a crash is told at the next start, opened by a button, and put away for good."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from app import crashes
from app.ui.application import Session
from app.ui.crash import CrashPath
from app.ui.crash_notice import UNREADABLE, ReportDialog
from app.ui.screen import ScreenSpec
from app.ui.shell import Shell
from tests.conftest import PASSPHRASE
from tests.ui.desks import Elsewhere
from tests.ui.test_application import enter, home  # noqa: F401 - the fixture


@pytest.fixture
def begun(qapp: QApplication, home: Path, qtbot):  # noqa: F811
    """Begin runs of the program on one home, one after the other."""
    runs: list[tuple[Session, CrashPath]] = []

    def begin() -> Session:
        crash_path = CrashPath(home)
        session = Session(qapp, home, crash_path)
        runs.append((session, crash_path))
        session.begin()
        enter(qtbot, session.unlock, PASSPHRASE)
        qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
        session.shell.activateWindow()
        qtbot.waitUntil(session.shell.isActiveWindow)
        return session

    def end() -> None:
        session, crash_path = runs.pop()
        session.end()
        crash_path.uninstall()
        for window in (session.unlock, session.shell):
            if window is not None:
                window.hide()
                window.deleteLater()

    begin.end = end
    yield begin
    while runs:
        end()


def press(qtbot, dialog: ReportDialog, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog, key, modifiers)


def test_a_report_is_told_opened_copied_and_put_away(begun, home: Path, qtbot):  # noqa: F811
    session = begun()
    assert not session.shell.notice.isVisible()
    begun.end()
    path = crashes.save(home, "ZeroDivisionError: division by zero")

    session = begun()
    notice = session.shell.notice
    assert str(path) in notice.text()
    session.shell.say("别的话")
    assert notice.isVisible(), "another sentence does not push it aside"
    notice.findChild(QAbstractButton, "banner_action").click()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ReportDialog))
    dialog = QApplication.activeModalWidget()
    assert "division by zero" in dialog.text.toPlainText()
    press(
        qtbot, dialog, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert "division by zero" in QApplication.clipboard().text()
    press(qtbot, dialog, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    begun.end()

    session = begun()
    assert session.shell.notice.isVisible(), "read is not put away"
    session.shell.notice.findChild(QAbstractButton, "banner_close").click()
    begun.end()
    session = begun()
    assert not session.shell.notice.isVisible()
    assert path.is_file()


def test_the_newest_of_several_is_told_and_all_are_put_away(tmp_path: Path):
    folder = tmp_path / crashes.FOLDER
    folder.mkdir()
    for name in ("fault-20260812-090000-000001.txt", "crash-20260811-080000-000001.txt"):
        (folder / name).write_text("x", "utf8")
    assert [path.name[:5] for path in crashes.unseen(tmp_path)] == ["crash", "fault"]
    crashes.put_away(tmp_path)
    assert crashes.unseen(tmp_path) == []


def test_a_report_that_is_gone_says_so(tmp_path: Path, show):
    shell = show(Shell("认证查验", ("局", "人"), [ScreenSpec("a", "a", "info", Elsewhere)]))
    dialog = ReportDialog(tmp_path / "gone.txt", shell)
    assert dialog.text.toPlainText() == UNREADABLE
    dialog.deleteLater()
