"""The crash path: once for each mistake, never a value, never in the hook."""

from __future__ import annotations

import errno
import logging
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType

from app.crashes import without_folders
from app.errors import Bug
from app.ui.crash import CrashPath, CrashReport, headline, log_qt_message, report_text

SECRET, CODE = "open sesame", "91360902MA35K1234X"
NOTE = "现场查见两台样机"


def broken(passphrase: str, code: str) -> None:
    raise ValueError(f"cannot use {passphrase!r} for {code}")


def caught() -> ValueError:
    try:
        broken(SECRET, CODE)
    except ValueError as error:
        return error
    raise AssertionError


@pytest.fixture
def crashes(tmp_path: Path, qapp):
    path = CrashPath(tmp_path)
    path.install()
    yield path
    path.uninstall()


def reports(home: Path) -> list[Path]:
    return sorted((home / "crashes").glob("crash-*.txt"))


def test_a_mistake_leaves_one_report_however_often_it_happens(crashes: CrashPath, tmp_path: Path, qtbot):
    told: list[CrashReport] = []
    crashes.reported.connect(told.append)
    for _ in range(21):
        error = caught()
        sys.excepthook(ValueError, error, error.__traceback__)
    assert len(told) == len(reports(tmp_path)) == 1
    assert told[0].path == reports(tmp_path)[0]
    assert not told[0].restart_advised


def test_the_report_names_the_place_and_no_secret(crashes: CrashPath, tmp_path: Path):
    crashes.take(caught())
    text = reports(tmp_path)[0].read_text("utf8")
    assert "tests/ui/test_crash.py" in text
    assert "broken" in text
    assert SECRET not in text
    assert CODE not in text
    assert str(Path.home()) not in text


def test_a_report_from_a_folder_with_a_secret_name_holds_neither_it_nor_any_local(
    crashes: CrashPath, tmp_path: Path
):
    folder = tmp_path / SECRET / "张三"
    folder.mkdir(parents=True)
    module = folder / "plugin.py"
    module.write_text("def read(passphrase, record):\n    note = record\n    return {}[passphrase]\n", "utf8")
    code: dict[str, object] = {}
    exec(compile(module.read_text("utf8"), str(module), "exec"), code)
    try:
        code["read"](SECRET, NOTE)
    except KeyError as error:
        crashes.take(error)
    [report] = reports(tmp_path)
    text = report.read_text("utf8")
    assert "plugin.py:3 read" in text
    for part in (SECRET, "张三", NOTE, str(tmp_path)):
        assert part not in text


def test_a_fault_is_kept_without_the_folders_of_its_user(tmp_path: Path):
    told = without_folders('Current thread:\n  File "/home/张三/chayan/app/ui/shell.py", line 3 in open\n')
    assert told == 'Current thread:\n  File "app/ui/shell.py", line 3 in open\n'


def test_causes_are_told_too():
    try:
        try:
            broken("x", "y")
        except ValueError as error:
            raise RuntimeError("outer") from error
    except RuntimeError as error:
        text = report_text(error)
    assert text.index("RuntimeError") < text.index("ValueError")


def test_different_mistakes_advise_to_start_anew(crashes: CrashPath):
    found = [crashes.take(error) for error in (caught(), KeyError("b"), IndexError("c"))]
    assert [report.restart_advised for report in found if report] == [False, False, True]


def test_a_worker_thread_reports_in_the_main_thread(crashes: CrashPath, qtbot):
    threads: list[int] = []

    def note(_report: CrashReport) -> None:
        threads.append(threading.get_ident())

    with qtbot.waitSignal(crashes.reported):
        worker = threading.Thread(target=lambda: crashes.take(caught()))
        worker.start()
        worker.join()
    crashes.reported.connect(note)
    crashes.take(KeyError("x"))
    assert threads == [threading.main_thread().ident]


def test_the_hooks_are_given_back(tmp_path: Path, qapp):
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    path = CrashPath(tmp_path)
    path.install()
    assert sys.excepthook != before[0]
    path.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_a_home_that_cannot_be_written_loses_the_report_not_the_program(tmp_path: Path, qapp):
    (tmp_path / "file").write_text("in the way")
    report = CrashPath(tmp_path / "file").take(caught())
    assert report is not None
    assert report.path is None


def test_a_fault_of_a_former_run_is_found(tmp_path: Path, qapp, monkeypatch: pytest.MonkeyPatch):
    enabled: list[object] = []
    monkeypatch.setattr("faulthandler.enable", enabled.append)
    monkeypatch.setattr("faulthandler.disable", lambda: None)
    (tmp_path / "crashes").mkdir()
    (tmp_path / "crashes" / "fault.log").write_text("Fatal Python error: Aborted")
    path = CrashPath(tmp_path)
    left = path.watch_faults()
    assert left is not None
    assert "Aborted" in left.read_text()
    assert enabled
    path.uninstall()
    assert not (tmp_path / "crashes" / "fault.log").exists()
    assert path.watch_faults() is None
    path.uninstall()


def fails() -> None:
    """An error that the interpreter words."""
    None.nowhere  # noqa: B018


def interpreter_error() -> BaseException:
    try:
        fails()
    except AttributeError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    "error,said",
    [
        (ValueError(SECRET), "ValueError"),
        (RuntimeError(f"about {SECRET}"), "RuntimeError"),
        (KeyError("彭建华"), "KeyError"),
        (OSError(errno.ENOSPC, "full", f"/home/{SECRET}/store.db"), "OSError: ENOSPC"),
        (FileNotFoundError(errno.ENOENT, "gone", "彭建华.xlsx"), "FileNotFoundError: ENOENT"),
        (
            TypeError(f"bad {SECRET!r} for 宜春恒铉电器 at /home/inspector/peng/x.py, 91360902MA35K1234X"),
            None,
        ),
        (TypeError("f() takes no arguments"), "TypeError: f() takes no arguments"),
        (Bug("ui.bug", name="彭建华"), "Bug: ui.bug"),
        (interpreter_error(), "AttributeError: nowhere"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
        (ValueError(), "ValueError"),
    ],
)
def test_headlines_hold_no_word_that_somebody_entered(error: Exception, said: str | None):
    told = headline(error)
    assert said is None or told == said
    for part in (SECRET, "彭建华", "恒铉", "peng", CODE, CODE[:8]):
        assert part not in told


def test_qts_messages_go_to_the_log(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, "chayan.qt"):
        log_qt_message(QtMsgType.QtCriticalMsg, QMessageLogContext(), "painter not active")
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("ERROR", "painter not active")
    ]
