"""What was chosen and typed for conflicts and not decided yet: kept on this device, over a new start too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from app.errors import ChayanError
from app.services import savepoints
from app.ui.conflicts.field import Draft

if TYPE_CHECKING:
    from app.services.workplace import Workplace

PREFIX: Final = "conflict:"
LOOK_EVERY: Final = 500
_TEXTS: Final = ("choice", "third", "reason")


class DraftShelf(QObject):
    """The drafts of each record by path; whatever changed reaches the store within half a second."""

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._drafts: dict[str, dict[str, Draft]] = {}
        self._kept: dict[str, savepoints.Value] = {
            each.name: each.value for each in savepoints.kept(place, prefix=PREFIX)
        }
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self._look)

    def of(self, key: str) -> dict[str, Draft]:
        """The drafts of a record; what is put into them is kept from now on."""
        if key not in self._drafts:
            self._drafts[key] = drafts_of(self._kept.get(PREFIX + key, {}))
        self._timer.start()
        return self._drafts[key]

    def forget(self, key: str, path: str) -> None:
        """Drop the draft of a field that was decided."""
        self._drafts.get(key, {}).pop(path, None)

    def settle(self) -> None:
        """Keep everything as it is now; raises where the store does not take it."""
        state = {PREFIX + key: state_of(drafts) for key, drafts in self._drafts.items()}
        changed = {name: value or None for name, value in state.items() if value != self._kept.get(name, {})}
        if changed:
            savepoints.keep(self._place, values=changed)
            self._kept |= {name: state[name] for name in changed}

    def _look(self) -> None:
        try:
            self.settle()
        except ChayanError:
            # It is said when the screen is left, and tried again until then.
            return


def state_of(drafts: Mapping[str, Draft]) -> dict[str, object]:
    """What is kept of the drafts of a record: those that were begun."""
    return {
        path: {**{name: getattr(draft, name) for name in _TEXTS}, "seen": list(draft.seen)}
        for path, draft in drafts.items()
        if draft.begun
    }


def drafts_of(state: Mapping[str, object]) -> dict[str, Draft]:
    """The drafts again."""
    found: dict[str, Draft] = {}
    for path, said in state.items():
        if isinstance(said, dict):
            texts = {name: str(said.get(name, "")) for name in _TEXTS}
            found[path] = Draft(**texts, seen=tuple(map(str, said.get("seen", ()))))
    return found
