"""The system's lock and sleep, over a real message bus; Windows' messages as far as they can be read here."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable, Iterator
from ctypes import wintypes
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect
from PySide6.QtDBus import QDBusConnection, QDBusMessage

from app.ui.application import Session
from app.ui.system_lock import LOGIND, SystemLock, session_path
from app.ui.system_lock_windows import (
    PBT_APMSUSPEND,
    WM_POWERBROADCAST,
    WM_WTSSESSION_CHANGE,
    WTS_SESSION_LOCK,
    LockMessages,
    listen,
    says_lock,
)
from tests.conftest import PASSPHRASE
from tests.ui.test_application import enter, home, session  # noqa: F401 - fixtures

MANAGER = "/org/freedesktop/login1", f"{LOGIND}.Manager", "PrepareForSleep"
OWN = {"XDG_SESSION_ID": "12"}
Tell = Callable[..., None]


@pytest.fixture
def bus(tmp_path: Path, qapp) -> Iterator[Callable[[str], QDBusConnection]]:
    """A message bus of our own; gives a connection to it by a name."""
    daemon = shutil.which("dbus-daemon")
    if daemon is None:
        pytest.skip("no dbus-daemon on this machine")
    command = [daemon, "--session", "--nofork", "--print-address=1", f"--address=unix:dir={tmp_path}"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    address = running.stdout.readline().strip()
    names: list[str] = []

    def connect(name: str) -> QDBusConnection:
        names.append(name)
        made = QDBusConnection.connectToBus(address, name)
        assert made.isConnected()
        return made

    yield connect
    for name in names:
        QDBusConnection.disconnectFromBus(name)
    running.terminate()
    running.wait()
    running.stdout.close()


@pytest.fixture
def tell(bus) -> Tell:
    """Send a signal as logind and the desktop's screen saver do."""
    sender = bus("sender")
    for service in (LOGIND, "org.gnome.ScreenSaver"):
        assert sender.registerService(service)

    def send(path: str, interface: str, name: str, *arguments: object) -> None:
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(list(arguments))
        assert sender.send(message)

    return send


@pytest.fixture
def lock(bus, tell) -> SystemLock:
    made = SystemLock()
    made.listen(bus("system"), bus("session"), OWN)
    return made


def test_the_screen_saver_sleep_and_logind_lock(lock: SystemLock, tell: Tell, qtbot):
    for signal in (
        ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", True),
        (*MANAGER, True),
        (session_path("12"), f"{LOGIND}.Session", "Lock"),
    ):
        with qtbot.waitSignal(lock.locked):
            tell(*signal)


def test_waking_and_the_sessions_of_others_lock_nothing(lock: SystemLock, tell: Tell, qtbot):
    heard: list[bool] = []
    lock.locked.connect(lambda: heard.append(True))
    tell("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", False)
    tell(*MANAGER, False)
    tell(session_path("7"), f"{LOGIND}.Session", "Lock")
    with qtbot.waitSignal(lock.locked):
        tell(*MANAGER, True)
    assert heard == [True]


def test_without_a_bus_nothing_is_heard_and_nothing_fails(qapp):
    nowhere = QDBusConnection("nowhere")
    SystemLock().listen(nowhere, nowhere, OWN)


@pytest.mark.parametrize("name,path", [("2", "_32"), ("12", "_312"), ("c2", "c2"), ("a-b", "a_2db")])
def test_a_session_has_the_path_that_logind_gives_it(name: str, path: str):
    assert session_path(name) == f"/org/freedesktop/login1/session/{path}"
    assert session_path("") == ""


@pytest.mark.parametrize(
    "message,parameter,expected",
    [
        (WM_WTSSESSION_CHANGE, WTS_SESSION_LOCK, True),
        (WM_WTSSESSION_CHANGE, 0x8, False),
        (WM_POWERBROADCAST, PBT_APMSUSPEND, True),
        (WM_POWERBROADCAST, 0x7, False),
        (0x0100, WTS_SESSION_LOCK, False),
    ],
)
def test_windows_messages_are_read(message: int, parameter: int, expected: bool):
    heard: list[bool] = []
    sent = wintypes.MSG()
    sent.message, sent.wParam = message, parameter
    messages = LockMessages(lambda: heard.append(True))
    kept = messages.nativeEventFilter(QByteArray(b"windows_generic_MSG"), ctypes.addressof(sent))
    assert kept == (False, 0)
    assert heard == [True] * expected
    assert says_lock(message, parameter) is expected


def test_messages_of_another_system_are_left_alone(qapp):
    heard: list[bool] = []
    messages = listen(0, lambda: heard.append(True))
    assert messages.nativeEventFilter(QByteArray(b"xcb_generic_event_t"), 0) == (False, 0)
    qapp.removeNativeEventFilter(messages)
    assert heard == []


def test_the_program_locks_with_the_system_and_comes_back_to_its_place(
    session: Session,  # noqa: F811
    bus,
    tell: Tell,
    qtbot,
):
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
    session._system.listen(bus("system"), bus("session"), OWN)
    shell = session.shell
    shell.setGeometry(QRect(10, 10, 1200, 700))
    shell.open("handover")
    tell(*MANAGER, True)
    qtbot.waitUntil(lambda: session.unlock is not None)
    assert not shell.isVisible()
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(shell.isVisible)
    assert shell.current_key() == "handover"
