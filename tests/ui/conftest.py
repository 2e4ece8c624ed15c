"""What tests of widgets share."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.jobs import Jobs

Shown = TypeVar("Shown", bound=QWidget)

PATIENCE = 30_000
"""How long a wait may take before it counts as failed: a busy machine is no fault of the window."""


class PatientBot(QtBot):
    """A qtbot whose waits end as soon as they can and give up late."""

    def waitSignal(self, *args, timeout=PATIENCE, **options):
        return super().waitSignal(*args, timeout=timeout, **options)

    def waitUntil(self, *args, timeout=PATIENCE, **options):
        return super().waitUntil(*args, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """The bot of every test of the window, which wears its theme whichever test comes first."""
    theme.current()
    return PatientBot(request)


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    """The threads of a window; ended before its store is closed."""
    made = Jobs()
    yield made
    made.shutdown()


@pytest.fixture
def show(qtbot) -> Callable[[Shown], Shown]:
    """Show a widget and wait until it is the active window: shortcuts work in no other."""
    held: list[QWidget] = []

    def shown(widget: Shown) -> Shown:
        held.append(widget)  # qtbot itself holds no widget
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        with qtbot.waitActive(widget):
            pass
        return widget

    return shown


@pytest.fixture(autouse=True)
def _no_program_outlives_its_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End what a test let the window start beside it: the practice window, the camera's program."""
    begun: list[int] = []
    start = QProcess.startDetached

    def started(*arguments: object) -> tuple[bool, int]:
        done, number = start(*arguments)
        begun.extend([number] if done else [])
        return done, number

    monkeypatch.setattr(QProcess, "startDetached", staticmethod(started))
    yield
    for number in begun:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


@pytest.fixture(autouse=True)
def _nothing_stays_for_good() -> Iterator[None]:
    """Let the collector have what a window set aside: a run of tests opens many windows."""
    yield
    gc.unfreeze()
