"""What today asks for: what is due, a visit under way, the next one, what was not handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.models.registry import Certificate
from app.services import annual, clockwatch, handover, targets, visits
from app.services.annual import AnnualReport
from app.services.clockwatch import StepBack
from app.services.due import Due, due_rows, target_days
from app.services.targets import TargetRow
from app.services.visits import InspectionRow
from app.services.workplace import Workplace
from app.vocabulary import InspectionStatus

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Agenda:
    """The first screen. ``data_as_of`` is the oldest date of the certificate data held here.

    ``open_targets`` and ``next_targets`` are those that nobody began; ``due`` is everything else with a
    last day, ``hidden_due`` of it are not among them. ``overdue`` and ``due_today`` count both.
    ``behind`` tells that the clock stands before what is stored.
    ``annual`` is the year's report while it is near and something is missing; supervisors only.
    """

    today: date
    running: tuple[InspectionRow, ...]
    returned: tuple[InspectionRow, ...]
    open_targets: int
    next_targets: tuple[TargetRow, ...]
    due: tuple[Due, ...]
    hidden_due: int
    overdue: int
    due_today: int
    unsent: int
    data_as_of: date | None
    annual: AnnualReport | None = None
    behind: StepBack | None = None


def agenda(place: Workplace) -> Agenda:
    """What this home's owner has to do, the most urgent first."""
    open_ids = targets.assignment_ids(place, state="waiting", order="due")
    due, targets_due, today = due_rows(place, targets=False), target_days(place), place.today()
    return Agenda(
        today=today,
        running=_visits(place, InspectionStatus.IN_PROGRESS),
        returned=_visits(place, InspectionStatus.RETURNED),
        open_targets=len(open_ids),
        next_targets=targets.assignment_rows(place, open_ids[:SHOWN]),
        due=due[:SHOWN],
        hidden_due=max(0, len(due) - SHOWN),
        overdue=sum(row.overdue for row in due)
        + sum(count for last, count in targets_due.items() if last < today),
        due_today=sum(row.on == today for row in due) + targets_due[today],
        unsent=handover.unexported(place).records,
        data_as_of=_data_as_of(place),
        annual=annual.pending(place),
        behind=clockwatch.behind(place),
    )


def _visits(place: Workplace, status: InspectionStatus) -> tuple[InspectionRow, ...]:
    return visits.inspection_rows(place, visits.inspection_ids(place, status=status)[:SHOWN])


def _data_as_of(place: Workplace) -> date | None:
    with place.read() as session:
        return session.scalar(select(func.min(Certificate.as_of)))
