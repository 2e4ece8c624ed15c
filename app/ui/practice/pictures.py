"""Pictures of the first hour for the guide: the form that makes a home, and a practice window."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.demo import practice
from app.errors import EnvironmentFault, Place
from app.ui.application import create_home, open_home
from app.ui.crash import CrashPath
from app.ui.pictures import SIZE, settle
from app.ui.practice.session import PracticeSession
from app.ui.theme import speak_chinese
from app.ui.unlock import UnlockWindow

PATIENCE = 120_000


def take(out: Path) -> list[Path]:
    """Take both into ``out``, in the light; makes the application where there is none."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    speak_chinese(app)
    home = practice.practice_home(out / "数据")
    session = PracticeSession(app, home, CrashPath(home))
    session.theme.set_mode("light")
    first = UnlockWindow(Path("数据"), session.jobs, open_home, create_home)
    made = [_saved(first, session, out / "first-use.png")]
    first.hide()
    session.begin()
    since = QElapsedTimer()
    since.start()
    while session.card is None and since.elapsed() < PATIENCE:
        app.processEvents()
    if session.shell is None:
        raise EnvironmentFault("practice.not_started")
    session.theme.set_mode("light")
    session.shell.open("targets")
    made.append(_saved(session.shell, session, out / "practice.png"))
    session.wipe()
    session.end()
    return made


def _saved(window: QWidget, session: PracticeSession, path: Path) -> Path:
    window.resize(*SIZE)
    window.show()
    settle(session.jobs)
    if not window.grab().save(str(path)):
        raise EnvironmentFault("disk.failed", Place(file=str(path)), reason="PNG")
    return path
