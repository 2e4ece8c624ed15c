"""The system's own camera program, and the folder into which it puts its photos.

There is no camera inside this window: what that would cost is written down in docs/decisions/0012.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QProcess, QSettings, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices

from app.errors import BadInput, EnvironmentFault

WINDOWS_CAMERA: Final = "microsoft.windows.camera:"
PROGRAMS: Final = ("kylin-camera", "deepin-camera", "snapshot", "cheese", "kamoso", "guvcview")
"""Camera programs of 麒麟, 统信, GNOME and KDE, in the order they are looked for."""

FOLDERS: Final = ("Camera Roll", "本机照片", "Webcam", "Camera", "摄像头")
"""Where they put their photos, below the folder of pictures."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera program: its name for people, and how it is started (a program, or a link of the system)."""

    name: str
    command: str

    def start(self) -> None:
        """Open it beside this window; raises ``evidence.camera_failed``."""
        if self.command == WINDOWS_CAMERA:
            started = QDesktopServices.openUrl(QUrl(self.command))
        else:
            started, _ = QProcess.startDetached(self.command, [], "")
        if not started:
            raise EnvironmentFault("evidence.camera_failed", name=self.name)


def find_camera(wanted: str = "") -> Camera:
    """The camera program: the one that was set, else the system's own; ``evidence.no_camera_program``."""
    if wanted:
        found = shutil.which(wanted)
        if found is None:
            raise EnvironmentFault("evidence.camera_failed", name=wanted)
        return Camera(Path(wanted).name, found)
    if platform.system() == "Windows" and _windows_has_one():
        return Camera("相机", WINDOWS_CAMERA)
    for name in PROGRAMS:
        if (found := shutil.which(name)) is not None:
            return Camera(name, found)
    raise BadInput("evidence.no_camera_program")


def _windows_has_one() -> bool:
    key = QSettings(f"HKEY_CLASSES_ROOT\\{WINDOWS_CAMERA.rstrip(':')}", QSettings.Format.NativeFormat)
    return bool(key.allKeys() or key.childGroups())


def photo_folders(wanted: str = "") -> Sequence[Path]:
    """Folders in which new photos of the camera program appear: the one that was set, else the usual ones."""
    if wanted:
        return [Path(wanted)]
    pictures = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))
    return [pictures, *(pictures / name for name in FOLDERS if (pictures / name).is_dir())]
