"""Crash reports: what our own mistakes leave behind in ``home/crashes``.

A report holds versions, the trace and the kind of error, never the values of variables, so that it
can be handed on without naming a person or a number.
"""

from __future__ import annotations

import logging
import platform
import re
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import app

log = logging.getLogger("chayan.crash")

FOLDER: Final = "crashes"
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
_LONG_NUMBER: Final = re.compile(r"[0-9A-Za-z]{9,}")


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
    """The kind of an error and its message without anything that could name a person or a number."""
    first = next(iter(str(error).splitlines()), "")
    masked = _LONG_NUMBER.sub(
        lambda found: "…" if any(sign.isdigit() for sign in found[0]) else found[0], _QUOTED.sub("'…'", first)
    )
    return f"{type(error).__name__}: {masked[:200]}".rstrip(": ")


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
