"""What was done to the evidence in this sitting, and the way back: undo and redo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.services import evidence_removal
from app.services.evidence import EvidenceRow
from app.services.workplace import Changes, Workplace

MOST: Final = 100
Rows = tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Some pieces as they stood before and after; what is gone afterwards was removed."""

    name: str
    before: Rows
    after: Rows


class History:
    """Steps that can be taken back, and those that were."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    def clear(self) -> None:
        """Another visit."""
        self._done.clear()
        self._undone.clear()

    def did(self, name: str, before: Sequence[EvidenceRow], after: Sequence[EvidenceRow]) -> None:
        """Note a step. Changes of the same pieces in the same way become one."""
        keys = {row.key for row in before}
        step = Step(name, tuple(before), tuple(row for row in after if row.key in keys))
        if step.before == step.after:
            return
        last = self._done[-1] if self._done else None
        if last is not None and last.name == name == "说明" and last.after == step.before:
            self._done[-1] = Step(name, last.before, step.after)
        else:
            self._done.append(step)
        del self._done[:-MOST]
        self._undone.clear()

    def can_undo(self) -> bool:
        """Whether there is a way back."""
        return bool(self._done)

    def can_redo(self) -> bool:
        """Whether there is a way forth again."""
        return bool(self._undone)

    def last(self) -> Step | None:
        """What :meth:`undo` would take back."""
        return self._done[-1] if self._done else None

    def undo(self, place: Workplace, inspection_id: str) -> Changes:
        """Take the last step back; it stays last when that fails."""
        changes = evidence_removal.put_back(place, inspection_id=inspection_id, rows=self._done[-1].before)
        self._undone.append(self._done.pop())
        return changes

    def redo(self, place: Workplace, inspection_id: str) -> Changes:
        """Do the step again that was taken back last."""
        step = self._undone[-1]
        kept = {row.key for row in step.after}
        gone = [row.key for row in step.before if row.key not in kept]
        if gone:
            evidence_removal.remove(place, inspection_id=inspection_id, keys=gone)
        changes = evidence_removal.put_back(place, inspection_id=inspection_id, rows=step.after)
        self._done.append(self._undone.pop())
        return changes
