"""Corrections that were begun and not made: kept on this device over lock, close and kill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.errors import ChayanError
from app.services import savepoints
from app.services.workplace import Workplace
from app.ui.visit.saving import LateSaver

PREFIX: Final = "correction:"


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """What a value shall be and why; ``former`` is what stood there when it was begun."""

    value: str
    reason: str
    former: str


class CorrectionDrafts(QObject):
    """The drafts of the corrections of each visit by path, the newest last.

    They reach the store when the typing pauses, each second at the latest, as notes do. ``refused`` carries
    why that could not be done; the draft stays in the window and is tried again.
    """

    refused = Signal(object)

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._drafts: dict[str, dict[str, CorrectionDraft]] = {}
        self._saver = LateSaver(self._save, self)

    def of(self, visit: str) -> Mapping[str, CorrectionDraft]:
        """The drafts of a visit."""
        if visit not in self._drafts:
            found = (each.value for each in savepoints.kept(self._place, prefix=PREFIX + visit))
            self._drafts[visit] = drafts_from(next(found, {}))
        return self._drafts[visit]

    def put(self, visit: str, path: str, draft: CorrectionDraft | None) -> None:
        """Keep the newest state of a draft; ``None`` drops it."""
        drafts = dict(self.of(visit))
        former = drafts.pop(path, None)
        if draft is not None:
            drafts[path] = draft
        self._drafts[visit] = drafts
        if draft != former:
            self._saver.typed(visit, path)

    def flush(self) -> bool:
        """Store everything now; ``False`` when it could not be stored."""
        return self._saver.flush()

    def _save(self, visit: str, _path: str) -> bool:
        state = {path: asdict(draft) for path, draft in self._drafts.get(visit, {}).items()}
        try:
            savepoints.keep(self._place, values={PREFIX + visit: state or None})
        except ChayanError as error:
            self.refused.emit(error)
            return False
        return True


def drafts_from(state: Mapping[str, object]) -> dict[str, CorrectionDraft]:
    """The drafts as they were kept; what is no draft is left out."""
    return {
        path: CorrectionDraft(**{name: str(said.get(name, "")) for name in CorrectionDraft.__slots__})
        for path, said in state.items()
        if isinstance(said, dict)
    }
