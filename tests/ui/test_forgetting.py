"""Clipboard and lists of folders hold nothing of ours after the lock."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app import attempts
from app.clock import utc_now
from app.ui.application import Session
from app.ui.chooser import Chooser
from app.ui.forgetting import Clipboard
from tests.conftest import PASSPHRASE
from tests.ui.test_application import enter, home, session  # noqa: F401 - fixtures


@pytest.fixture
def qt_settings(tmp_path: Path) -> QSettings:
    """Qt's own settings in a place of the test."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "config"))
    return QSettings(QSettings.Scope.UserScope, "QtProject")


def text_of(settings: QSettings) -> str:
    settings.sync()
    path = Path(settings.fileName())
    return path.read_text("utf8") if path.is_file() else ""


def test_a_file_dialog_leaves_no_folder_behind(qt_settings: QSettings, show, tmp_path: Path, qtbot):
    secret = tmp_path / "hengxuan"
    secret.mkdir()
    (secret / "a.txt").write_text("x")
    behind = QFileDialog(None, "", str(secret))
    behind.setHistory([str(secret)])
    behind.deleteLater()
    del behind
    QApplication.processEvents()
    window, chooser = show(QWidget()), Chooser()
    chooser._last = str(secret)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        assert "hengxuan" in dialog.directory().absolutePath()
        dialog.reject()

    QTimer.singleShot(200, answer)
    assert chooser.file(window, "选一个文件") is None
    assert "hengxuan" not in text_of(qt_settings)


def test_what_we_copied_goes_at_the_lock(session: Session, qtbot):  # noqa: F811
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
    QApplication.clipboard().setText("91360902MA0000000X")
    session.lock()
    assert QApplication.clipboard().text() == ""


def test_what_others_copied_stays(qapp):
    clipboard = QApplication.clipboard()
    clipboard.setText("别的程序")
    owner = QObject()
    Clipboard(owner).forget()
    assert clipboard.text() == "别的程序"


def test_wrong_tries_hold_the_next_up_also_after_a_restart(session: Session, home: Path, qtbot):  # noqa: F811
    for _ in range(5):
        attempts.failed(home, utc_now())
    session.unlock.show_home(home)  # as a start of the program does
    page = session.unlock.passphrase_page
    assert not page.field.isEnabled()
    assert not page.button.isEnabled()
    assert "20 秒后可再试" in page._row.note.text() or "19 秒后可再试" in page._row.note.text()
    attempts._note(home, attempts.Attempts(5, utc_now().replace(year=2020)))
    page.wait()
    assert page.field.isEnabled()
    assert page._row.note.text() == ""
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
    assert not (home / attempts.FILE).exists()


def test_three_wrong_tries_at_the_lock_make_the_fourth_wait(session: Session, home: Path, qtbot):  # noqa: F811
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
    session.lock()
    page = session.unlock.passphrase_page
    for _ in range(3):
        enter(qtbot, session.unlock, "guess")
        qtbot.waitUntil(session.unlock.banner.isVisible)
        qtbot.waitUntil(lambda: not session.jobs.is_busy())
    assert not page.field.isEnabled()
    assert "秒后可再试" in page._row.note.text()
