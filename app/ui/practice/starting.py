"""Opening the practice window: a program of its own, so that it never meets the records of this one."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess

import app
from app.errors import EnvironmentFault

COMMAND = "practice"


def start_practice(home: Path) -> None:
    """Start the program on the practice home that belongs to ``home``."""
    frozen = bool(getattr(sys, "frozen", False))
    folder = "" if frozen else str(Path(app.__file__).resolve().parents[1])
    started, _ = QProcess.startDetached(sys.executable, arguments(home, frozen=frozen), folder)
    if not started:
        raise EnvironmentFault("practice.not_started")


def arguments(home: Path, *, frozen: bool) -> list[str]:
    """What the program is started with."""
    own = [COMMAND, str(home.resolve())]
    return own if frozen else ["-m", "app", *own]
