"""Taking files in beside the window: how far it is, what came of it, what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.clock import LOCAL
from app.errors import Problem
from app.services import evidence
from app.services.evidence import EvidenceAdded, Link
from app.services.workplace import Workplace
from app.ui.jobs import Jobs, Ticket
from app.ui.visit.work import VisitWork
from app.ui.widgets.signature import png_bytes
from app.wording import sentence


class Intake(QObject):
    """``began(ticket, text)`` and ``ended`` around each run; ``came(keys)`` what is in the record now."""

    began = Signal(object, str)
    ended = Signal()
    came = Signal(tuple)

    def __init__(self, work: VisitWork, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._jobs = work, jobs

    def take(self, item: str, files: Sequence[Path], *, clear: bool = False) -> None:
        """Take files in for an item; ``clear`` deletes them afterwards where they lay."""
        if not files or not self._work.editable:
            return
        ticket = Ticket(self)
        run = partial(
            evidence.add_photos,
            self._work.place,
            inspection_id=self._work.inspection_id,
            paths=list(files),
            link=Link(item=item),
            clear=clear,
            report=ticket.report,
            cancelled=ticket.is_cancelled,
        )
        self.began.emit(ticket, f"正在收入 {len(files)} 件")
        self._jobs.run(run, self._came, self._failed, self, ticket=ticket)

    def take_picture(self, item: str, picture: QImage) -> None:
        """Take in a picture from the clipboard; it is encoded beside the window."""
        if not self._work.editable:
            return
        name = f"粘贴-{self._work.place.now().astimezone(LOCAL):%H%M%S}.png"
        run = partial(_pasted, self._work.place, self._work.inspection_id, item, picture, name)
        self._jobs.run(run, self._came, self._failed, self)

    def _came(self, added: EvidenceAdded) -> None:
        self.ended.emit()
        problem = together(added.problems)
        self._work.photos_added(EvidenceAdded(added.keys, (problem,) if problem else (), added.changes))
        if added.keys:
            self.came.emit(added.keys)

    def _failed(self, error: object) -> None:
        self.ended.emit()
        self._work.refused.emit(error)


def _pasted(place: Workplace, visit: str, item: str, picture: QImage, name: str) -> EvidenceAdded:
    return evidence.add_photo_bytes(
        place, inspection_id=visit, data=png_bytes(picture), file_name=name, link=Link(item=item)
    )


def together(problems: Sequence[Problem]) -> Problem | None:
    """Several refusals as one sentence that names each file; one alone as it is."""
    if len(problems) < 2:
        return problems[0] if problems else None
    lines = "\n".join(sentence(problem).message for problem in problems[:8])
    more = len(problems) - 8
    told = f"{lines}\n另有 {more} 件" if more > 0 else lines
    return Problem("evidence.several", values={"count": len(problems), "lines": told})
