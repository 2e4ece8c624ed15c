"""What a drop or the clipboard holds: files of this computer, or a picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from app.ui.widgets.photos import local_files


def given_by(data: QMimeData) -> tuple[list[Path], QImage]:
    """Files, else a picture; empty and null where there is neither."""
    files = local_files(data)
    return files, QImage() if files or not data.hasImage() else QImage(data.imageData())
