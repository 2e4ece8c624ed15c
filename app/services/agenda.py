"""What today asks for: due targets, overdue orders, a visit under way, what was not handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.models.registry import Certificate
from app.services import annual, enforcing, handover, targets, visits
from app.services.annual import AnnualReport
from app.services.enforcing import OrderRow
from app.services.targets import TargetRow
from app.services.visits import InspectionRow
from app.services.workplace import Workplace
from app.vocabulary import InspectionStatus

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Agenda:
    """The first screen. ``data_as_of`` is the oldest date of the certificate data held here.

    ``annual`` is the year's report while it is near and something is missing; supervisors only.
    """

    today: date
    running: tuple[InspectionRow, ...]
    returned: tuple[InspectionRow, ...]
    open_targets: int
    next_targets: tuple[TargetRow, ...]
    overdue_orders: tuple[OrderRow, ...]
    due_orders: tuple[OrderRow, ...]
    unsent: int
    data_as_of: date | None
    annual: AnnualReport | None = None


def agenda(place: Workplace) -> Agenda:
    """What this home's owner has to do, the most urgent first."""
    open_ids = targets.assignment_ids(place, state="open", order="due")
    orders = enforcing.order_rows(place)
    return Agenda(
        today=place.today(),
        running=_visits(place, InspectionStatus.IN_PROGRESS),
        returned=_visits(place, InspectionStatus.RETURNED),
        open_targets=len(open_ids),
        next_targets=targets.assignment_rows(place, open_ids[:SHOWN]),
        overdue_orders=tuple(row for row in orders if row.overdue),
        due_orders=tuple(row for row in orders if not row.overdue and row.due_on is not None)[:SHOWN],
        unsent=handover.unexported(place).records,
        data_as_of=_data_as_of(place),
        annual=annual.pending(place),
    )


def _visits(place: Workplace, status: InspectionStatus) -> tuple[InspectionRow, ...]:
    return visits.inspection_rows(place, visits.inspection_ids(place, status=status)[:SHOWN])


def _data_as_of(place: Workplace) -> date | None:
    with place.read() as session:
        return session.scalar(select(func.min(Certificate.as_of)))
