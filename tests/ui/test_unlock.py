"""The first window: a passphrase, or a new home, and what is said when it does not open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QRadioButton, QWidget

from app.errors import EnvironmentFault
from app.files import _root
from app.ui.first_use import NewHome, first_use_problems
from app.ui.jobs import Jobs
from app.ui.unlock import UnlockWindow

GOOD = {
    "office": "袁州区市场监督管理局",
    "name": "彭建华",
    "credential": "赣C36090001",
    "passphrase": "correct horse",
    "repeated": "correct horse",
}


class Door:
    """Stands for the opening of a home: one passphrase fits."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, object]] = []

    def open(self, home: Path, passphrase: str) -> object:
        self.asked.append((home, passphrase))
        if passphrase != "open sesame":
            raise EnvironmentFault("vault.wrong_passphrase")
        return "the place"

    def create(self, home: Path, wanted: NewHome) -> object:
        self.asked.append((home, wanted))
        return "a new place"


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def window(show, door: Door, qapp) -> Callable[[Path], UnlockWindow]:
    jobs = Jobs(qapp)

    def make(home: Path, *, locked: bool = False) -> UnlockWindow:
        return show(UnlockWindow(home, jobs, door.open, door.create, locked=locked))

    yield make
    jobs.shutdown()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "张三"
    folder.mkdir()
    (folder / "vault.key").write_bytes(b"age")
    return folder


def field(window: QWidget, name: str) -> QLineEdit:
    found = window.findChild(QLineEdit, name)
    assert found is not None
    return found


def test_the_right_passphrase_opens(window, home: Path, door: Door, qtbot):
    unlock = window(home)
    page = unlock.passphrase_page
    assert QApplication.focusWidget() is page.field
    qtbot.keyClicks(page.field, "open sesame")
    with qtbot.waitSignal(unlock.opened) as told:
        qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert told.args == ["the place"]
    assert door.asked == [(home, "open sesame")]


def test_a_wrong_one_is_a_sentence_and_the_next_try(window, home: Path, qtbot):
    unlock = window(home)
    page = unlock.passphrase_page
    qtbot.keyClicks(page.field, "guess")
    qtbot.mouseClick(page.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(unlock.banner.isVisible)
    assert unlock.banner.text().startswith("口令不对\n")
    assert page.field.isEnabled()
    assert page.field.text() == ""
    assert QApplication.focusWidget() is page.field


def test_nothing_typed_opens_nothing(window, home: Path, door: Door, qtbot):
    unlock = window(home)
    qtbot.keyClick(unlock.passphrase_page.field, Qt.Key.Key_Return)
    assert door.asked == []
    assert unlock.passphrase_page.field.property("wrong") is True


def test_what_is_typed_cannot_be_read(window, home: Path):
    assert field(window(home), "passphrase").echoMode() is QLineEdit.EchoMode.Password


def test_a_new_folder_asks_whose_home_it_is(window, tmp_path: Path, door: Door, qtbot):
    unlock = window(tmp_path)
    page = unlock.first_use_page
    assert page.isVisible()
    for name, value in GOOD.items():
        field(page, name).setText(value)
    with qtbot.waitSignal(unlock.opened) as told:
        qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert told.args == ["a new place"]
    wanted = NewHome("inspector", GOOD["office"], GOOD["name"], GOOD["credential"], GOOD["passphrase"])
    assert door.asked == [(tmp_path, wanted)]


def test_what_is_missing_is_said_beside_its_field(window, tmp_path: Path, door: Door, qtbot):
    page = window(tmp_path).first_use_page
    field(page, "name").setText("彭建华")
    qtbot.mouseClick(page.button, Qt.MouseButton.LeftButton)
    assert door.asked == []
    assert field(page, "office").property("wrong") is True
    assert not field(page, "name").property("wrong")
    assert QApplication.focusWidget() is field(page, "office")


def test_enter_walks_through_the_form(window, tmp_path: Path, qtbot):
    page = window(tmp_path).first_use_page
    for name in ("name", "credential", "passphrase", "repeated"):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert QApplication.focusWidget() is field(page, name)


def test_a_supervisor_needs_no_credential(window, tmp_path: Path, door: Door, qtbot):
    unlock = window(tmp_path)
    page = unlock.first_use_page
    for name, value in {**GOOD, "credential": ""}.items():
        field(page, name).setText(value)
    role = page.findChild(QRadioButton, "role_supervisor")
    qtbot.keyClick(role, Qt.Key.Key_Space)
    with qtbot.waitSignal(unlock.opened):
        page.submit()
    assert door.asked[0][1].role == "supervisor"


@pytest.mark.parametrize(
    "change,missing",
    [
        ({}, set()),
        ({"office": "  "}, {"office"}),
        ({"credential": ""}, {"credential"}),
        ({"passphrase": "short", "repeated": "short"}, {"passphrase"}),
        ({"repeated": "other horse"}, {"repeated"}),
    ],
)
def test_the_form_knows_what_is_missing(change: dict[str, str], missing: set[str]):
    assert set(first_use_problems("inspector", {**GOOD, **change})) == missing


def test_locked_it_offers_no_other_folder(window, home: Path):
    unlock = window(home, locked=True)
    assert not unlock.findChild(QWidget, "choose_home").isVisible()


FIRST_PAINT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.ui import application, unlock
from app.ui.crash import CrashPath

app = QApplication([])
session = application.Session(app, Path(sys.argv[1]), CrashPath(Path(sys.argv[1]), app))
heavy = "sqlalchemy reportlab openpyxl pypdfium2 cryptography.x509 PIL alembic app.bootstrap".split()

def painted():
    session.unlock.grab()
    print("loaded too early:", [name for name in heavy if name in sys.modules])

session.begin()
QTimer.singleShot(0, painted)
app.processEvents()
def warm():
    if "app.ui.shell" in sys.modules and "sqlalchemy" in sys.modules and not session.jobs.is_busy():
        print("warmed up")
        app.quit()
timer = QTimer()
timer.timeout.connect(warm)
timer.start(20)
app.exec()
session.end()
"""


def test_the_first_window_is_painted_before_anything_heavy_is_imported(tmp_path: Path):
    ran = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT, str(tmp_path)],
        cwd=_root(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout.splitlines() == ["loaded too early: []", "warmed up"]
