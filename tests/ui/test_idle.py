"""Locking when nobody is there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from app.ui.idle import IdleWatch


class Watchmaker:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch_clock() -> Watchmaker:
    return Watchmaker()


@pytest.fixture
def watch(qapp, watch_clock: Watchmaker):
    owner = QObject()
    made = IdleWatch(5, owner, watch_clock)
    made.start()
    yield made
    made.stop()


def test_it_locks_once_after_the_minutes(watch: IdleWatch, watch_clock: Watchmaker, qtbot):
    locked: list[bool] = []
    watch.idle.connect(lambda: locked.append(True))
    watch_clock.seconds += 299
    watch.look()
    assert locked == []
    watch_clock.seconds += 1
    watch.look()
    assert locked == [True]


def test_a_key_begins_the_minutes_anew(watch: IdleWatch, watch_clock: Watchmaker, qtbot):
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    watch_clock.seconds += 200
    assert watch.eventFilter(QObject(), key) is False
    watch_clock.seconds += 200
    with qtbot.assertNotEmitted(watch.idle):
        watch.look()


def test_a_computer_that_slept_is_locked_when_it_wakes(watch: IdleWatch, watch_clock: Watchmaker, qtbot):
    watch_clock.seconds += 8 * 3600
    with qtbot.waitSignal(watch.idle):
        watch.look()


def test_no_minutes_never_lock(qapp, watch_clock: Watchmaker):
    owner = QObject()
    never = IdleWatch(0, owner, watch_clock)
    never.start()
    assert not never._timer.isActive()
