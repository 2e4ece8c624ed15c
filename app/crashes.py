"""Crash reports: what our own mistakes leave behind in ``home/crashes``.

A report holds versions, the trace and the kind of error, never the values of variables and never an
error's own words where those can repeat what somebody typed, so that it can be handed on without naming
a person, a record or a folder of theirs.
"""

from __future__ import annotations

import errno
import logging
import platform
import re
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import app
from app.errors import ChayanError

log = logging.getLogger("chayan.crash")

FOLDER: Final = "crashes"
SEEN: Final = "seen.txt"
_REPORTS: Final = ("crash-*.txt", "fault-*.txt")
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
_LONG_NUMBER: Final = re.compile(r"[0-9A-Za-z]*[0-9][0-9A-Za-z]*")
_FOREIGN: Final = re.compile(r"[^\x20-\x7e]+")
_PATH: Final = re.compile(r"\S*[/\\]\S*")
_FAULT_FILE: Final = re.compile(r'File "([^"]*)"')
_PLAIN: Final = (TypeError, ZeroDivisionError, IndexError, RecursionError, NotImplementedError, StopIteration)
"""Errors whose words the interpreter chooses; they are kept without what is quoted in them."""
_NAMED: Final = (AttributeError, NameError, ImportError)
"""Errors that carry the name in our code that they are about."""


def report_text(error: BaseException, *parts: str) -> str:
    """The report on ``error``; ``parts`` name further versions (``Qt 6.9.3``)."""
    lines = [
        datetime.now(UTC).isoformat(timespec="seconds"),
        " · ".join((f"chayan {app.__version__}", f"Python {platform.python_version()}", *parts)),
        f"{platform.system()} {platform.release()} {platform.machine()} · {threading.current_thread().name}",
        "",
    ]
    link: BaseException | None = error
    while link is not None:
        lines.append(headline(link))
        lines.extend(
            f"  {_short(frame.filename)}:{frame.lineno} {frame.name}: {frame.line}"
            for frame in traceback.extract_tb(link.__traceback__)
        )
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n".join(lines) + "\n"


def headline(error: BaseException) -> str:
    """The kind of an error, with only so much of its words as cannot repeat what a person entered."""
    return f"{type(error).__name__}: {_words(error)}".rstrip(": ")


def _words(error: BaseException) -> str:
    if isinstance(error, ChayanError):
        return error.problem.code
    if isinstance(error, _NAMED):
        return error.name or ""
    if isinstance(error, OSError):
        return errno.errorcode.get(error.errno or 0, "")
    if not isinstance(error, _PLAIN):
        return ""
    words = next(iter(str(error).splitlines()), "")
    for hidden in (_QUOTED, _FOREIGN, _PATH, _LONG_NUMBER):
        words = hidden.sub("…", words)
    return words[:200]


def save(home: Path, text: str) -> Path | None:
    """Write a report into ``home/crashes``; ``None`` when even that fails."""
    folder = home / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"crash-{stamp()}.txt"
        path.write_text(text, "utf8")
    except OSError as error:
        log.warning("no crash report: %s", error)
        return None
    return path


def unseen(home: Path) -> list[Path]:
    """The reports that nobody has put away yet, the newest last."""
    folder = home / FOLDER
    try:
        seen = set((folder / SEEN).read_text("utf8").splitlines())
    except OSError:
        seen = set()
    found = [path for pattern in _REPORTS for path in folder.glob(pattern)]
    return sorted((path for path in found if path.name not in seen), key=_moment)


def put_away(home: Path) -> None:
    """Speak no more of the reports that are there now; they stay where they are."""
    folder = home / FOLDER
    names = sorted(path.name for pattern in _REPORTS for path in folder.glob(pattern))
    try:
        (folder / SEEN).write_text("\n".join(names), "utf8")
    except OSError as error:
        log.warning("reports stay new: %s", error)


def without_folders(text: str) -> str:
    """A record of a fault without the folders in which a person's program lies."""
    return _FAULT_FILE.sub(lambda found: f'File "{_short(found[1])}"', text)


def stamp() -> str:
    """The present moment as part of a file name."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")


def _short(name: str) -> str:
    """A file's path from the package on, so that no user's folder is in the report."""
    parts = Path(name).parts
    for anchor in ("app", "site-packages", "tests"):
        if anchor in parts:
            return "/".join(parts[parts.index(anchor) :])
    return parts[-1] if parts else name


def _moment(path: Path) -> str:
    return path.stem.partition("-")[2]
