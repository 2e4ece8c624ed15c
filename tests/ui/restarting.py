"""The real program on one home, killed and started again, and its surroundings answered for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from app.services import sheets
from app.services.visits import inspection_ids
from app.ui.application import Session
from app.ui.crash import CrashPath
from tests.conftest import PASSPHRASE
from tests.ui.ledger import Contents, contents
from tests.ui.walking import Walk


class Program:
    """The program on one home; it can be killed and started again."""

    def __init__(self, app: QApplication, home: Path, qtbot) -> None:
        self._app, self._home, self._bot = app, home, qtbot
        self.crashes = CrashPath(home)
        self.session = Session(app, home, self.crashes)

    def start(self) -> Session:
        """Unlock and wait for the window."""
        session = self.session
        session.begin()
        session.unlock.passphrase_page.submitted.emit(PASSPHRASE)
        self._bot.waitUntil(lambda: session.shell is not None and session.unlock is None)
        return session

    def place(self) -> tuple[str, dict[str, object]]:
        """The screen and what it shows, also while it is locked."""
        session = self.session
        key, where = session._here if session.unlock else (session.shell.current_key(), session._where())
        return key, json.loads(json.dumps(where))

    def kill(self) -> None:
        """End without storing or remembering anything; only what a dead process gives back is given back."""
        if self.session._places is not None:
            self.session._places.stop()
        self.session._places = self.session._keeper = None
        self.session.end()
        self.crashes.uninstall()
        for window in QApplication.topLevelWidgets():
            window.hide()
            window.deleteLater()

    def start_again(self) -> Session:
        """Kill it and start it again on the same home."""
        self.kill()
        return self.start_anew()

    def start_anew(self) -> Session:
        """Start it on the same home after something else ended it."""
        self.crashes = CrashPath(self._home)
        self.session = Session(self._app, self._home, self.crashes)
        return self.start()


def answer_the_system(monkeypatch: pytest.MonkeyPatch, walk: Walk, folder: Path) -> None:
    """Files and folders instead of the system's dialogs, which no test can reach."""

    def one(*_: object, **__: object) -> tuple[str, str]:
        return str(walk.chance.choice([*walk.files, ""])), ""

    def many(*_: object, **__: object) -> tuple[list[str], str]:
        return [str(path) for path in walk.chance.sample(walk.files, walk.chance.randrange(3))], ""

    def directory(*_: object, **__: object) -> str:
        return walk.chance.choice(["", str(folder / "文件")])

    def target(*call: object, **__: object) -> tuple[str, str]:
        name = Path(str(call[2])).name if len(call) > 2 else "out"
        return walk.chance.choice(["", str(folder / "文件" / name)]), ""

    for name, answer in (
        ("getOpenFileName", one), ("getOpenFileNames", many), ("getExistingDirectory", directory),
        ("getSaveFileName", target),
    ):  # fmt: skip
        monkeypatch.setattr(QFileDialog, name, staticmethod(answer))
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(bool))


def everything(program: Program) -> dict[str, Contents]:
    """What every visit of the home holds."""
    place = program.session._opened.place
    return {each: contents(sheets.sheet(place, inspection_id=each)) for each in inspection_ids(place)}
