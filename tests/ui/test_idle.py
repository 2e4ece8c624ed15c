"""Locking when nobody is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QWidget

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


@pytest.fixture
def window(watch: IdleWatch, qapp, show) -> Iterator[QLineEdit]:
    """A field in a window that is followed."""
    watch.follow(qapp)
    yield show(QLineEdit())
    watch.leave(qapp)


def press(focused: QWindow) -> None:
    QTest.keyClick(focused, Qt.Key.Key_A)


def click(focused: QWindow) -> None:
    QTest.mouseClick(focused, Qt.MouseButton.LeftButton)


def say(_focused: QWindow) -> None:
    """Chinese comes from an input method, and not by keys."""
    words = QInputMethodEvent()
    words.setCommitString("现场")
    QApplication.sendEvent(QGuiApplication.focusObject(), words)


def in_front(widget: QWidget) -> bool:
    """Whether the focus has come to a window; it comes late, and may go once more with a former one."""
    if QGuiApplication.focusObject() is not widget or not widget.windowHandle().isExposed():
        widget.activateWindow()
        return False
    return True


def test_no_sign_of_life_is_missed(watch: IdleWatch, watch_clock: Watchmaker, window, show, qtbot):
    for front in (window, show(QDialog(window))):
        for sign in (press, click, say):
            qtbot.waitUntil(lambda front=front: in_front(front))
            watch_clock.seconds += 299
            sign(front.windowHandle())
            watch_clock.seconds += 299
            with qtbot.assertNotEmitted(watch.idle):
                watch.look()
    watch_clock.seconds += 1
    with qtbot.waitSignal(watch.idle):
        watch.look()


def test_what_widgets_do_by_themselves_does_not_pass_through_it(watch: IdleWatch, qapp, show):
    """An event of a widget that came by here would cost as much as the event itself."""
    heard: list[QObject] = []

    class Listening(IdleWatch):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            heard.append(watched)
            return super().eventFilter(watched, event)

    listening = Listening(5, watch)
    listening.follow(qapp)
    page = show(QWidget())
    lines = [QLabel("行", page) for _ in range(20)]
    for line in lines:
        line.show()
        line.setText("另一行")
    qapp.processEvents()
    listening.leave(qapp)
    assert heard
    assert not set(heard) & set(lines)


def test_a_computer_that_slept_is_locked_when_it_wakes(watch: IdleWatch, watch_clock: Watchmaker, qtbot):
    watch_clock.seconds += 8 * 3600
    with qtbot.waitSignal(watch.idle):
        watch.look()


def test_no_minutes_never_lock(qapp, watch_clock: Watchmaker):
    owner = QObject()
    never = IdleWatch(0, owner, watch_clock)
    never.start()
    assert not never._timer.isActive()


def test_another_limit_counts_from_now_on(watch: IdleWatch, watch_clock: Watchmaker):
    locked: list[bool] = []
    watch.idle.connect(lambda: locked.append(True))
    watch_clock.seconds += 299
    watch.set_minutes(5)
    watch_clock.seconds += 1
    watch.look()
    assert locked == [True], "the same limit begins nothing anew"
    watch.start()
    watch_clock.seconds += 90
    watch.set_minutes(1)
    watch_clock.seconds += 59
    watch.look()
    assert locked == [True]
    watch_clock.seconds += 1
    watch.look()
    assert locked == [True, True]


def test_a_limit_that_is_set_while_nobody_watches_waits_for_the_start(watch: IdleWatch):
    watch.stop()
    watch.set_minutes(3)
    assert not watch._timer.isActive()
    watch.start()
    watch.set_minutes(0)
    assert not watch._timer.isActive()
    watch.set_minutes(4)
    assert watch._timer.isActive()
