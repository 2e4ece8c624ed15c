"""Homes that know each other, the folder files travel in, and a window on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from app import bootstrap
from app.services.workplace import Owner, Workplace
from app.ui.handover.sending import SendingDialog
from app.ui.jobs import Jobs
from app.ui.screen import Screen
from app.ui.shell import Shell
from app.vocabulary import Role
from tests.conftest import INSTALLED, PASSPHRASE, FakeClock, open_copy
from tests.services.parcels import introduce
from tests.ui.desks import CTRL, ENTER, Answers, desk_of, dialog_of, shell_of

ELSEWHERE = ("conflicts", "review", "visit", "targets", "registry")


@dataclass
class Window:
    """A screen in a shell, and the person before it."""

    shell: Shell
    jobs: Jobs
    chooser: Answers
    qtbot: object

    @property
    def screen(self) -> Screen:
        """The screen that was opened first."""
        found = self.shell.built("room")
        assert found is not None
        return found

    def settle(self) -> None:
        """Wait until nothing runs any more."""
        self.qtbot.waitUntil(lambda: not self.jobs.is_busy())

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = CTRL) -> None:
        """Press a key in the window."""
        self.shell.activateWindow()
        self.qtbot.waitUntil(self.shell.isActiveWindow)
        self.qtbot.keyClick(self.shell, key, modifiers)

    def step(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = CTRL) -> None:
        """Take a step by its key and wait for it."""
        self.press(key, modifiers)
        self.settle()

    def sending(self) -> SendingDialog:
        """Ctrl+E, and the form once it has counted."""
        self.press(Qt.Key.Key_E)
        dialog = dialog_of(self.qtbot)
        assert isinstance(dialog, SendingDialog)
        self.settle()
        return dialog

    def send(self, dialog: SendingDialog, folder: Path) -> None:
        """Choose the folder by its key, agree, and wait until the package is written."""
        self.chooser.paths = (folder,)
        self.qtbot.keyClick(dialog, Qt.Key.Key_O, CTRL)
        assert dialog.target.folder == folder
        with self.qtbot.waitSignal(dialog.stored):
            self.qtbot.keyClick(dialog, ENTER, CTRL)
        self.settle()

    def drop(self, *paths: Path) -> None:
        """Let files fall onto the screen."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        event = QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        self.screen.dropEvent(event)
        self.settle()

    def click(self, name: str) -> None:
        """Click a button by its name."""
        button = self.shell.findChild(QWidget, name)
        assert button is not None
        assert button.isVisible()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


OpenWindow = Callable[..., Window]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """The folder that files travel in."""
    folder = tmp_path / "移动磁盘"
    folder.mkdir()
    return folder


@pytest.fixture
def window(show, jobs: Jobs, qtbot) -> OpenWindow:
    """Opens a screen on a home, with stand-ins for the screens it leads to."""

    def opened(screen: Callable[..., Screen], place: Workplace, *paths: Path) -> Window:
        chooser = Answers(*paths)
        shell = show(shell_of("room", lambda: screen(desk_of(place, jobs), chooser), *ELSEWHERE))
        found = Window(shell, jobs, chooser, qtbot)
        found.settle()
        return found

    return opened


@pytest.fixture
def met(office: Workplace, laptop: Workplace, tmp_path: Path) -> tuple[Workplace, Workplace]:
    """An office and its laptop."""
    introduce(office, laptop, tmp_path)
    return office, laptop


@pytest.fixture(scope="session")
def colleague_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of another inspector of the same office."""
    folder = tmp_path_factory.mktemp("template") / "colleague"
    owner = Owner(Role.INSPECTOR, "袁州区市场监督管理局", "易晓燕", "赣C36090003")
    with bootstrap.create_home(folder, PASSPHRASE, owner, clock=FakeClock(INSTALLED)):
        pass
    return folder


@pytest.fixture
def colleague(
    colleague_template: Path, met, tmp_path: Path, clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workplace]:
    """A colleague's laptop, enrolled; the first laptop was told of it."""
    office, laptop = met
    with open_copy(colleague_template, tmp_path / "colleague", clock, monkeypatch) as place:
        folder = tmp_path / "enrolling"
        folder.mkdir()
        introduce(office, place, folder)
        introduce(office, laptop, folder)
        yield place
