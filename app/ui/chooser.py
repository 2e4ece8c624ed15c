"""Asking for files and folders in the system's dialogs; handed to screens, so that tests can answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.forgetting import forget_folders

ANY: Final = "所有文件 (*)"


class Chooser:
    """Asks for files and folders; begins where the last one was chosen."""

    def __init__(self) -> None:
        self._last = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """A folder that is there."""
        return self._kept(QFileDialog.getExistingDirectory(parent, title, self._last))

    def file(self, parent: QWidget, title: str, kind: str = ANY) -> Path | None:
        """A file that is there."""
        return self._kept(QFileDialog.getOpenFileName(parent, title, self._last, kind)[0])

    def files(self, parent: QWidget, title: str, kind: str = ANY) -> Sequence[Path]:
        """Files that are there."""
        names, _ = QFileDialog.getOpenFileNames(parent, title, self._last, kind)
        forget_folders()
        return [path for name in names if (path := self._kept(name))]

    def target(self, parent: QWidget, title: str, name: str, kind: str = ANY) -> Path | None:
        """A file to be written, ``name`` suggested."""
        return self._kept(QFileDialog.getSaveFileName(parent, title, str(Path(self._last) / name), kind)[0])

    def _kept(self, chosen: str) -> Path | None:
        forget_folders()
        if not chosen:
            return None
        path = Path(chosen)
        self._last = str(path if path.is_dir() else path.parent)
        return path
