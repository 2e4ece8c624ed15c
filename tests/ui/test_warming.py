"""Reading ahead: libraries in a thread without Qt, the window's modules by its own thread."""

from __future__ import annotations

import subprocess
import sys

from app.ui.warming import WindowReader, modules


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
