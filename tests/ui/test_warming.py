"""Reading ahead: libraries in a thread without Qt, the window's modules by its own thread."""

from __future__ import annotations

import subprocess
import sys

from sqlalchemy import event

from app.services.workplace import Workplace
from app.ui.application import Session
from app.ui.visit.cards import ItemCard
from app.ui.visit.items import IN_SIGHT
from app.ui.warming import WindowReader, modules, read_a_visit
from tests.conftest import PASSPHRASE
from tests.ui.desks import found_visit
from tests.ui.test_application import enter, home, session  # noqa: F401 - fixtures


def test_what_the_thread_reads_brings_no_qt() -> None:
    asked = (
        "import sys; from app.ui.libraries import read_libraries; read_libraries();"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'shiboken'))])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_window_reads_its_own_modules_while_nothing_else_is_to_do(qtbot) -> None:
    reader = WindowReader()
    reader.begin()
    qtbot.waitUntil(reader.is_done)
    assert [name for name in modules() if name not in sys.modules] == []
    assert "app.ui.visit.screen" in modules()
    assert "app.ui.gallery" not in modules()


def test_the_newest_visit_is_read_ahead_and_one_that_cannot_be_read_is_left(laptop: Workplace) -> None:
    read_a_visit(laptop)
    found_visit(laptop)
    asked: list[str] = []

    def note(*call: object) -> None:
        asked.append(str(call[2]))

    event.listen(laptop.store.engine, "before_cursor_execute", note)
    read_a_visit(laptop)
    event.remove(laptop.store.engine, "before_cursor_execute", note)
    assert any("FROM inspection" in each for each in asked)


def test_the_screen_of_visits_is_made_while_nothing_else_is_to_do(session: Session, qtbot) -> None:  # noqa: F811
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.built("visit") is not None)
    screen = session.shell.built("visit")
    assert session.shell.current_key() == "today"
    qtbot.waitUntil(lambda: len(screen.findChildren(ItemCard)) == IN_SIGHT)
    assert not screen.isVisible()


def test_what_was_read_is_never_looked_through_for_garbage_again() -> None:
    asked = (
        "import gc; from PySide6.QtWidgets import QApplication; from app.ui.warming import WindowReader;"
        "app = QApplication([]); reader = WindowReader(); reader.begin();"
        "[app.processEvents() for _ in iter(reader.is_done, True)];"
        "import app.ui.visit.screen as read, app.models.registry as below;"
        "looked_at = {id(each) for each in gc.get_objects()};"
        "print([id(vars(each)) in looked_at for each in (read, read.VisitScreen, below)], len(looked_at) < 5000)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[False, False, False] True", done.stderr
