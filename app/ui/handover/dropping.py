"""Screens that take files and folders dropped onto them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from app.errors import Problem
from app.ui.dropping import SCANS, local_paths
from app.ui.screen import Screen


class DropScreen(Screen):
    """Takes what its suffixes name; of anything else it says that it was left alone."""

    suffixes: ClassVar[tuple[str, ...]] = ()
    """Ends of the names that are taken; folders always are."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def can_take(self) -> bool:
        """Whether something may be dropped now."""
        return True

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """Take in what was dropped."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome what can be taken."""
        if self.can_take() and self._sorted(event.mimeData())[0]:
            event.acceptProposedAction()

    def open_with(self, **arguments: object) -> None:
        """Take in what was ``dropped`` elsewhere on the window."""
        dropped = arguments.get("dropped")
        if isinstance(dropped, list) and dropped and self.can_take():
            self.take_dropped(dropped)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it, and name what was left alone."""
        taken, left = self._sorted(event.mimeData())
        scans = [path for path in left if path.name.lower().endswith(SCANS)]
        left = [path for path in left if path not in scans]
        if scans:
            event.acceptProposedAction()
            self.open_requested.emit("scans", {"dropped": scans})
        if left:
            names, kinds = (path.name for path in left), "、".join(self.suffixes)
            self.problem_found.emit(
                Problem("ui.not_taken", values={"names": "、".join(names), "kinds": kinds})
            )
        if taken:
            event.acceptProposedAction()
            self.take_dropped(taken)

    def _sorted(self, data: QMimeData) -> tuple[list[Path], list[Path]]:
        paths = local_paths(data)
        taken = [path for path in paths if path.is_dir() or path.name.lower().endswith(self.suffixes)]
        return taken, [path for path in paths if path not in taken]
