"""Where evidence comes from besides files and clipboard: the scanner's folder, and the camera program's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.errors import ChayanError
from app.services import configuring
from app.services.workplace import Workplace
from app.ui.chooser import Chooser
from app.ui.evidence.camera import Camera, find_camera, photo_folders
from app.ui.evidence.offers import OfferDialog
from app.ui.evidence.watching import FolderWatch, Found
from app.ui.jobs import Jobs

FindCamera = Callable[[str], Camera]
SCANNED: Final = "扫描文件夹里的新文件"
SHOT: Final = "相机新拍的照片"


class Sources(QObject):
    """Watches both folders while a visit is worked on, and offers what is new.

    ``taken(files, clear)`` when somebody wants some of it; ``waiting_changed`` when there is more or less
    of it; ``refused(error)`` when the camera does not open.
    """

    taken = Signal(list, bool)
    waiting_changed = Signal()
    refused = Signal(object)

    def __init__(
        self,
        place: Workplace,
        jobs: Jobs,
        chooser: Chooser,
        parent: QWidget,
        find: FindCamera = find_camera,
    ) -> None:
        super().__init__(parent)
        self._place, self._jobs, self._chooser, self._find = place, jobs, chooser, find
        self._window = parent
        self.scanner, self.camera = FolderWatch(jobs, self), FolderWatch(jobs, self)
        self._since = 0.0
        self.dialog: OfferDialog | None = None
        for watch in (self.scanner, self.camera):
            watch.changed.connect(self.waiting_changed)

    def begin(self, since: float) -> None:
        """Look out for what is written from a moment on (seconds); the camera is watched once it was opened."""
        if since != self._since:
            self.end()
            self._since = since
        folder = configuring.present(self._place).scanner_folder
        if folder:
            self.scanner.watch((Path(folder),), since)
        if self.camera.folders():
            self.camera.watch(self.camera.folders(), since)

    def rest(self) -> None:
        """Look no more until :meth:`begin`."""
        self.scanner.stop()
        self.camera.stop()

    def end(self) -> None:
        """Another visit."""
        self.scanner.forget()
        self.camera.forget()

    def waiting(self) -> tuple[int, int]:
        """How many new files the scanner and the camera have."""
        return len(self.scanner.waiting()), len(self.camera.waiting())

    def scanner_folder(self) -> str:
        """The folder that is watched, empty while none is chosen."""
        return configuring.present(self._place).scanner_folder

    def open_camera(self) -> None:
        """Start the camera program and look out for its photos; says so when there is none."""
        wanted = configuring.present(self._place)
        try:
            camera = self._find(wanted.camera_program)
            folders: Sequence[Path] = photo_folders(wanted.camera_folder)
            self.camera.watch(tuple(folders), self._since)
            camera.start()
        except ChayanError as error:
            self.refused.emit(error)

    def open_scanner(self) -> None:
        """Offer what is new; where nothing is and no folder was chosen, ask for it."""
        if any(self.waiting()):
            self.offer()
            return
        if not self.scanner_folder() and not self.choose_scanner_folder():
            return
        self.begin(self._since)
        self.scanner.look()

    def choose_scanner_folder(self) -> bool:
        """Ask for the folder the scanner writes into; ``False`` when nobody chose one."""
        folder = self._chooser.folder(self._window, "扫描仪把文件存到哪个文件夹")
        if folder is None:
            return False
        try:
            configuring.configure(self._place, scanner_folder=str(folder))
        except ChayanError as error:
            self.refused.emit(error)
            return False
        return True

    def offer(self) -> None:
        """Show what is new, the camera's photos first."""
        watch, title = (self.camera, SHOT) if self.camera.waiting() else (self.scanner, SCANNED)
        if not watch.waiting() or self.dialog is not None:
            return
        self.dialog = OfferDialog(title, watch.waiting(), self._jobs, self._window)
        self.dialog.taken.connect(self._take)
        self.dialog.declined.connect(self._decline)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _take(self, files: tuple[Found, ...], clear: bool) -> None:
        offered = (
            self.camera.waiting() if set(files) <= set(self.camera.waiting()) else self.scanner.waiting()
        )
        self._decline(offered)
        self.taken.emit([each.path for each in files], clear)

    def _decline(self, files: tuple[Found, ...]) -> None:
        self.camera.put_aside(files)
        self.scanner.put_aside(files)

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()
