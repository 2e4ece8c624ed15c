"""Files dropped anywhere on the window go to the screen that takes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData

from app.errors import Problem
from app.ui.screen import ScreenSpec

SCANS: Final = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png")
PACKAGES: Final = (".cyb", ".cyv", ".receipt", ".cyenr")


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders of this computer among what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def by_screen(specs: Sequence[ScreenSpec], paths: Sequence[Path]) -> tuple[dict[str, list[Path]], list[Path]]:
    """What each screen takes of these, by its key, and what nobody takes.

    A folder goes to whoever takes most of the files in it.
    """
    found: dict[str, list[Path]] = {}
    left = []
    for path in paths:
        key = _folder_taker(specs, path) if path.is_dir() else _taker(specs, path)
        if key:
            found.setdefault(key, []).append(path)
        else:
            left.append(path)
    return found, left


def not_taken(specs: Sequence[ScreenSpec], left: Sequence[Path]) -> Problem:
    """That nobody takes these, and what is taken."""
    kinds = "、".join(dict.fromkeys(end for spec in specs for end in spec.takes))
    return Problem("ui.not_taken", values={"names": "、".join(path.name for path in left), "kinds": kinds})


def _taker(specs: Sequence[ScreenSpec], path: Path) -> str:
    return next((spec.key for spec in specs if spec.takes and path.name.lower().endswith(spec.takes)), "")


def _folder_taker(specs: Sequence[ScreenSpec], folder: Path) -> str:
    takers = [taker for each in folder.iterdir() if each.is_file() and (taker := _taker(specs, each))]
    return max(takers, key=takers.count, default="")
