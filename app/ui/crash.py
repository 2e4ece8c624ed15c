"""The crash path: what our own mistakes leave behind, and how the user hears of them.

PySide goes on after an exception in a slot, a timer or a paint event, and calls ``sys.excepthook``
on whichever thread it happened, once for each of many repeated calls. So the hook only logs, writes
one report for each place in the code (:mod:`app.crashes`), and emits a signal; the window speaks
from the event loop.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion

from app.crashes import FOLDER, headline, report_text, save, stamp, without_folders

log = logging.getLogger("chayan.crash")
qt_log = logging.getLogger("chayan.qt")

FAULTS: Final = "fault.log"
RECOMMEND_RESTART_AFTER: Final = 3
_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class CrashReport:
    """One mistake of ours: where its report lies, and how many different ones this session had."""

    path: Path | None
    headline: str
    count: int

    @property
    def restart_advised(self) -> bool:
        """Whether so much went wrong that starting anew is wiser."""
        return self.count >= RECOMMEND_RESTART_AFTER


class CrashPath(QObject):
    """Takes the hooks of Python and Qt over and reports each mistake once.

    ``reported`` carries a :class:`CrashReport` in the main thread, whichever thread failed.
    """

    reported = Signal(object)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._seen: set[tuple[str, str, int]] = set()
        self._lock = threading.Lock()
        self._restore: list[Callable[[], object]] = []
        self._faults: IO[str] | None = None

    def install(self) -> None:
        """Take the hooks over; :meth:`uninstall` gives them back."""
        hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        self._restore = [lambda: _set_hooks(*hooks)]
        _set_hooks(self._exception, self._thread_exception, self._unraisable)
        former = qInstallMessageHandler(log_qt_message)
        self._restore.append(lambda: qInstallMessageHandler(former))

    def uninstall(self) -> None:
        """Give the hooks back and forget the file for faults of the interpreter."""
        for restore in self._restore:
            restore()
        self._restore.clear()
        if self._faults is not None:
            faulthandler.disable()
            self._faults.close()
            self._faults = None
            with suppress(OSError):
                (self._home / FOLDER / FAULTS).unlink(missing_ok=True)

    def watch_faults(self) -> Path | None:
        """Record faults of the interpreter itself; returns the record that a former one left.

        Call it once the home exists. The record is removed at a clean end.
        """
        folder = self._home / FOLDER
        left: Path | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            found = folder / FAULTS
            if found.is_file() and found.stat().st_size:
                left = folder / f"fault-{stamp()}.txt"
                left.write_text(without_folders(found.read_text("utf8", "replace")), "utf8")
            self._faults = open(found, "w", encoding="utf8")
        except OSError as error:
            log.warning("no record of faults: %s", error)
            return left
        faulthandler.enable(self._faults)
        return left

    def take(self, error: BaseException) -> CrashReport | None:
        """Log ``error`` and report it, unless one from the same line was reported already."""
        key = _key(error)
        with self._lock:
            known = key in self._seen
            self._seen.add(key)
            count = len(self._seen)
        if known:
            log.error("again: %s in %s:%s", *key)
            return None
        text = report_text(error, f"Qt {qVersion()}")
        log.error("%s", text)
        report = CrashReport(save(self._home, text), headline(error), count)
        self.reported.emit(report)
        return report

    def _exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.take(error)

    def _thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.take(args.exc_value)

    def _unraisable(self, args: sys.UnraisableHookArgs) -> None:
        if args.exc_value is not None:
            self.take(args.exc_value)


def _set_hooks(
    main: Callable[[type[BaseException], BaseException, TracebackType | None], object],
    thread: Callable[[threading.ExceptHookArgs], object],
    unraisable: Callable[[sys.UnraisableHookArgs], object],
) -> None:
    sys.excepthook = main
    threading.excepthook = thread
    sys.unraisablehook = unraisable


def log_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Send Qt's own messages to the log."""
    qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s", text)


def _key(error: BaseException) -> tuple[str, str, int]:
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return type(error).__name__, last.filename if last else "", (last.lineno or 0) if last else 0
