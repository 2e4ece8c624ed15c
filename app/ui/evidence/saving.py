"""Handing an original out: a plain file, where somebody chose to put it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.files import write_atomically
from app.services import evidence
from app.services.evidence import EvidenceRow
from app.services.workplace import Workplace
from app.ui.chooser import Chooser


def save_original(
    parent: QWidget, place: Workplace, row: EvidenceRow, chooser: Chooser
) -> Callable[[], Path] | None:
    """Ask where to; the work that writes the bytes as they were taken in, or ``None``."""
    target = chooser.target(parent, "另存原件（不再加密）", row.file_name)
    return None if target is None else partial(_save, place, row.sha256, target)


def _save(place: Workplace, sha256: str, target: Path) -> Path:
    write_atomically(target, evidence.original(place, sha256=sha256))
    return target
