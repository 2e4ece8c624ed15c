"""The officers of a visit with their times, and whether two of them were there at every moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import LOCAL, local_date
from app.models.inspection import Inspection, InspectionOfficer
from app.wording import label

OFFICERS_NEEDED: Final = 2
"""The law's least number of officers (domain.md §1.3)."""

Span = tuple[datetime | None, datetime | None]
"""From when and until when; ``None`` for the beginning and the end of the visit."""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """An officer of a visit; the times are set for who did not take part in the whole of it."""

    credential: str
    name: str
    joined_at: datetime | None
    left_at: datetime | None
    reason: str
    began: datetime | None = None
    """When the visit began: a change on a later day is told with its day."""

    @property
    def there(self) -> bool:
        """Whether the officer has not left."""
        return self.left_at is None

    @property
    def called(self) -> str:
        """The name, with the times of one who did not take part in the whole visit."""
        said = [
            label("team_change", word).format(time=self._when(moment))
            for word, moment in (("joined", self.joined_at), ("left", self.left_at))
            if moment is not None
        ]
        return (
            label("team_change", "called").format(name=self.name, changes=" ".join(said))
            if said
            else self.name
        )

    def _when(self, moment: datetime) -> str:
        return when(moment, self.began)


def clock(moment: datetime) -> str:
    """The time of day, as the record has it."""
    return f"{moment.astimezone(LOCAL):%H:%M}"


def when(moment: datetime, *others: datetime | None) -> str:
    """The time of day, with its day where any of the ``others`` that are known lies on another one."""
    day = local_date(moment)
    if all(other is None or local_date(other) == day for other in others):
        return clock(moment)
    return label("team_change", "later").format(month=day.month, day=day.day, time=clock(moment))


def team_rows(session: Session, inspection_id: str) -> tuple[TeamRow, ...]:
    """Everybody who took part, in the order of the credentials."""
    wanted = select(InspectionOfficer).where(
        InspectionOfficer.inspection_id == inspection_id, InspectionOfficer.officer
    )
    began = session.scalar(select(Inspection.started_at).where(Inspection.id == inspection_id))
    return tuple(
        TeamRow(row.credential, row.name, row.joined_at, row.left_at, row.change_reason, began)
        for row in session.scalars(wanted.order_by(InspectionOfficer.credential))
    )


def alone_from(spans: Sequence[Span]) -> datetime | Literal["beginning"] | None:
    """From when on fewer than two were there; ``None`` where that never was."""
    moments: list[datetime | None] = [None]
    moments += sorted({moment for span in spans for moment in span if moment is not None})
    for moment in moments:
        there = sum(_there(span, moment) for span in spans)
        if there < OFFICERS_NEEDED:
            return moment or "beginning"
    return None


def _there(span: Span, moment: datetime | None) -> bool:
    joined, left = span
    if moment is None:
        return joined is None
    return (joined is None or joined <= moment) and (left is None or left > moment)


def gaps(rows: Iterable[TeamRow]) -> Iterator[str]:
    """The time from which on fewer than two were there during the visit; nothing where that never was."""
    team = tuple(rows)
    found = alone_from([(row.joined_at, row.left_at) for row in team])
    if isinstance(found, datetime):
        yield when(found, team[0].began)
