"""Where an arriving package's files wait for the switch, so that a killed import leaves nothing.

``home/staging/<token>/`` holds evidence (already sealed as the store keeps it), checklists,
scoring tables and supplements to the law. The store's commit is the switch: it carries the token. A folder whose token was not committed is
thrown away; the files of one that was are moved to where they belong. :func:`sweep` does either
for what a killed program left behind.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Container
from pathlib import Path

from sqlalchemy.orm import Session

from app.files import explained, make_folder, sync_folder
from app.models.base import new_id
from app.models.journal import HomeFact
from app.services.workplace import Workplace
from app.sync.shapes import is_hex

FOLDER = "staging"
FOLDERS = ("checklists", "law", "scoring")
"""Folders of a home that packages bring files for."""
_FACT = "staging"


class Staging:
    """The waiting files of one package."""

    def __init__(self, place: Workplace, token: str = "") -> None:
        self._place = place
        self._token = token or new_id()
        self.folder = make_folder(place.home / FOLDER / self._token)

    def add_blob(self, sha256: str, data: bytes) -> None:
        """Keep evidence, unless it is here already."""
        if not self._place.evidence.has(sha256):
            _keep(self.folder / sha256, self._place.evidence.sealed(sha256, data))

    def add_content(self, name: str, data: bytes) -> None:
        """Keep a file for the home's folder that ``name`` begins with; both were checked."""
        folder, _, file = name.partition("/")
        _keep(make_folder(self.folder / folder) / file, data)

    def has_blob(self, sha256: str) -> bool:
        """Whether this evidence waits here."""
        return (self.folder / sha256).is_file()

    def keep_only(self, wanted: Container[str]) -> None:
        """Forget evidence that nothing taken names."""
        with explained(self.folder):
            for path in self._blobs():
                if path.name not in wanted:
                    path.unlink()

    def promise(self, session: Session) -> None:
        """Make the names durable and put the token into the open transaction."""
        session.merge(HomeFact(name=_FACT, value=self._token))
        with explained(self.folder):
            sync_folder(self.folder)
            for folder in self._contents():
                sync_folder(folder)

    def settle(self) -> None:
        """Move everything to where it belongs; may be done again after a kill."""
        with explained(self.folder):
            self._place.evidence.adopt((path, path.name) for path in self._blobs())
            for folder in self._contents():
                for path in sorted(folder.glob("*@*")):
                    os.replace(path, make_folder(self._place.home / folder.name) / path.name)
        self.drop()

    def drop(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _contents(self) -> list[Path]:
        return [folder for name in FOLDERS if (folder := self.folder / name).is_dir()]

    def _blobs(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if is_hex(path.name, 64))


def _keep(target: Path, data: bytes) -> None:
    # Under another name until it is whole: a name in the folder is a promise.
    part = target.with_name(f"{target.name}.part")
    with explained(target), part.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    with explained(target):
        os.replace(part, target)


def sweep(place: Workplace) -> None:
    """Finish or forget what a killed import left behind."""
    root = place.home / FOLDER
    if not root.is_dir():
        return
    with place.read() as session:
        fact = session.get(HomeFact, _FACT)
        committed = None if fact is None else fact.value
    with explained(root):
        for folder in sorted(path for path in root.iterdir() if path.is_dir()):
            staging = Staging(place, folder.name)
            if folder.name == committed:
                staging.settle()
            else:
                staging.drop()
