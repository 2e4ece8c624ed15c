"""A clock that went back: told to the person and written down, and no work is refused for it.

Times of a visit are read by courts. Whether the clock stands before what is already stored can be
told at any moment; that it did is written by the store itself (:mod:`app.models.stepback`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import LOCAL
from app.models.inspection import Inspection
from app.models.journal import JournalEntry
from app.models.stepback import TOLERANCE, StepBack, steps_back
from app.services.sheet_rows import MissingItem
from app.services.workplace import Workplace

__all__ = ["StepBack", "behind", "clock_doubts"]

_NEWEST = select(JournalEntry.at).order_by(JournalEntry.sequence.desc()).limit(1)


def behind(place: Workplace) -> StepBack | None:
    """How far the clock stands before the latest time that is stored here; ``None`` where it does not."""
    with place.read() as session:
        known = [each.was for each in steps_back(session)]
        newest = session.scalar(_NEWEST)
    latest = max([*known, newest] if newest is not None else known, default=None)
    return StepBack.between(latest, place.now())


def clock_doubts(session: Session, inspection: Inspection, now: datetime) -> Iterator[MissingItem]:
    """What is to be asked about the times of a visit before it is sealed."""
    end = inspection.finished_at or now
    for step in steps_back(session):
        # Which of the two times was the wrong one nobody here knows: whoever was there is asked.
        if inspection.started_at <= step.was and step.now <= end:
            yield MissingItem("clock_went_back", subject=f"{_local(step.was)} → {_local(step.now)}")
    if inspection.started_at - end > TOLERANCE:
        yield MissingItem("begins_after_its_end", subject=_local(inspection.started_at))


def _local(moment: datetime) -> str:
    return moment.astimezone(LOCAL).strftime("%m-%d %H:%M")
