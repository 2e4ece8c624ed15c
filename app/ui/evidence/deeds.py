"""What is done to evidence of a visit, each step durable when it returns; and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.services import evidence, evidence_copies, evidence_outside, evidence_removal
from app.services.evidence import EvidenceAdded, EvidenceRow
from app.services.workplace import Changes
from app.ui.chooser import Chooser
from app.ui.evidence.drawing import Drawn
from app.ui.evidence.reason import ReasonDialog
from app.ui.evidence.saving import save_original
from app.ui.evidence.words import title
from app.ui.jobs import Jobs
from app.ui.visit.stepping import Step
from app.ui.visit.work import VisitWork


class Deeds(QObject):
    """Steps on pieces of evidence.

    ``removed(count)`` when something can be put back, ``wanted(key)`` the piece to go to, ``elsewhere(step)``
    a step that was taken at another place of the visit, ``copied(key, copy)`` a
    copy that is in the record, ``settled(kept)`` what became of one, ``looked(key, state)`` a file outside, ``told`` a line about what was done.
    """

    removed = Signal(int)
    wanted = Signal(str)
    elsewhere = Signal(object)
    copied = Signal(str, str)
    not_copied = Signal(str)
    settled = Signal(bool)
    looked = Signal(str, str)
    told = Signal(str)

    def __init__(self, work: VisitWork, jobs: Jobs, chooser: Chooser, window: QWidget) -> None:
        super().__init__(window)
        self._work, self._jobs, self._chooser, self._window = work, jobs, chooser, window
        self.reason: ReasonDialog | None = None
        self.copying = 0

    def describe(
        self,
        name: str,
        rows: Sequence[EvidenceRow],
        *,
        caption: str | None = None,
        item: str | None = None,
        turn: int = 0,
        kept_at: str | None = None,
    ) -> bool:
        """Say or turn the same for several pieces; ``name`` is what undo calls it."""
        if not rows:
            return True
        place, visit = self._work.place, self._work.inspection_id
        keys = [row.key for row in rows]
        step = partial(
            evidence.describe_all,
            place,
            inspection_id=visit,
            keys=keys,
            caption=caption,
            item=item,
            turn=turn,
            kept_at=kept_at,
        )
        typing = f"{name}:{','.join(keys)}" if caption is not None or kept_at is not None else ""
        return self._work.evidence_step(
            f"{_called(rows)} {name}", keys, step, item=rows[0].item, typing=typing
        )

    def remove(self, rows: Sequence[EvidenceRow]) -> None:
        """Take pieces out: at once with undo, or with a reason once they were sealed."""
        keys = [row.key for row in rows]
        if not keys or not self._work.editable:
            return
        visit = self._work.inspection_id
        if not evidence_removal.needs_reason(self._work.place, inspection_id=visit, keys=keys):
            self._remove(rows, "")
            return
        self.reason = ReasonDialog(len(keys), self._window)
        self.reason.given.connect(partial(self._remove, rows))
        self.reason.open()

    def _remove(self, rows: Sequence[EvidenceRow], reason: str) -> None:
        keys = [row.key for row in rows]

        def step() -> Changes:
            return evidence_removal.remove(
                self._work.place, inspection_id=self._work.inspection_id, keys=keys, reason=reason
            ).changes

        if reason:
            # Others have seen it: the way back is to take the file in again, in the open.
            if self._work.do(step):
                self.told.emit(f"已移出 {len(keys)} 件，原因记入更正")
        elif self._work.evidence_step(f"{_called(rows)} 移出", keys, step, item=rows[0].item):
            self.removed.emit(len(keys))

    def undo(self) -> None:
        """Take the last step of the visit back, whatever it was taken on."""
        self._tell("已撤销", self._work.undo(), "没有可以撤销的步骤")

    def redo(self) -> None:
        """Take the step again that was taken back last."""
        self._tell("已重做", self._work.redo(), "没有可以重做的步骤")

    def _tell(self, done: str, step: Step | None, nothing: str) -> None:
        if step is None:
            self.told.emit(self._work.barred() or nothing)
            return
        self.told.emit(f"{done}：{step.name}")
        if step.piece():
            self.wanted.emit(step.piece())
        else:
            self.elsewhere.emit(step)

    def copy(self, key: str, drawn: Drawn) -> None:
        """Keep a marked copy, made beside the window from the whole original."""
        self.copying += 1
        make = partial(
            evidence_copies.add_copy,
            self._work.place,
            inspection_id=self._work.inspection_id,
            key=key,
            marks=drawn.marks,
            turn=drawn.turn,
        )
        self._jobs.run(make, partial(self._copied, key), partial(self._not_copied, key), self)

    def _copied(self, key: str, added: EvidenceAdded) -> None:
        self.copying -= 1
        self.copied.emit(key, added.keys[0])
        self._work.photos_added(added)
        self.told.emit("标注副本已存，原件不变；照片证据页印副本")
        self.settled.emit(True)

    def _not_copied(self, key: str, error: object) -> None:
        self.copying -= 1
        self.not_copied.emit(key)
        self._work.refused.emit(error)
        self.settled.emit(False)

    def save_original(self, row: EvidenceRow) -> None:
        """Hand the original out as a plain file."""
        save = save_original(self._window, self._work.place, row, self._chooser)
        if save is not None:
            self._jobs.run(save, self._saved, self._work.refused.emit, self, lane="files")

    def _saved(self, target: Path) -> None:
        self.told.emit(f"原件已另存到 {target}，不再加密")

    def verify(self, row: EvidenceRow) -> None:
        """Hash a file outside the vault again."""
        look = partial(evidence_outside.state_of, row)
        done = partial(self.looked.emit, row.key)
        self._jobs.run(look, done, self._work.refused.emit, self, lane="files")


def _called(rows: Sequence[EvidenceRow]) -> str:
    return title(rows[0]) if len(rows) == 1 else f"{len(rows)} 件证据"
