"""What is due and when, in one list: orders and their re-inspections, leads, cases, targets.

Overdue things stand in front. Days left are working days as the office counts them; whether a day
is overdue is computed, never stored. The periods of leads and cases are data
(``resources/tables/periods.toml``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.files import resource
from app.models.enforcement import Case, RectificationOrder
from app.models.inspection import Inspection
from app.models.planning import Assignment
from app.models.registry import Organization
from app.planning.workdays import Deadline, ExtraDays, add_days, add_working_days, working_days_between
from app.services.enforcing import extra_days
from app.services.workplace import Workplace
from app.vocabulary import CaseStatus, InspectionType, OrderStatus, Role

DueKind = Literal["order", "follow_up", "lead", "case", "target"]

_RUNNING_ORDERS = (OrderStatus.DRAFTED, OrderStatus.ISSUED, OrderStatus.DELIVERED, OrderStatus.EXTENDED)
_TO_FOLLOW_UP = frozenset({OrderStatus.DELIVERED, OrderStatus.EXTENDED})


@dataclass(frozen=True, slots=True)
class Due:
    """One thing with a last day.

    ``record`` is the inspection (of a target the assignment), ``key`` the order or case in it.
    ``working_days_left`` is negative once it is overdue; ``certain`` is false where a day on the way
    is beyond the official calendar. ``superior_on`` is the day of the office above.
    """

    kind: DueKind
    record: str
    key: str
    organization: str
    number: str
    on: date
    overdue: bool
    working_days_left: int
    certain: bool
    inspection_type: InspectionType
    superior_on: date | None = None


def due_rows(place: Workplace, *, targets: bool = True) -> tuple[Due, ...]:
    """Everything open that has a last day, the most urgent first; ``targets`` not begun too."""
    counter = _Counter(place.today(), extra_days(place))
    with place.read() as session:
        found = [*_orders(session, counter), *_cases(session, counter)]
        if targets:
            found += _targets(session, counter, place)
    return tuple(sorted(found, key=lambda row: (row.on, row.organization, row.kind, row.key)))


@cache
def _periods() -> dict[str, dict[str, int]]:
    return tomllib.loads(resource("tables", "periods.toml").read_text("utf8"))


@dataclass(frozen=True, slots=True)
class _Counter:
    """Counts days as the office does."""

    today: date
    extra: ExtraDays

    def last_day(self, kind: DueKind, since: date) -> Deadline:
        """The last day of a statutory period."""
        period = _periods()[kind]
        if "working_days" in period:
            return add_working_days(since, period["working_days"], self.extra)
        return add_days(since, period["days"], self.extra)

    def row(self, kind: DueKind, part: RectificationOrder | Case, visit: Inspection, last: Deadline) -> Due:
        """One row about a part of a visit."""
        left = working_days_between(self.today, last.on, self.extra)
        return Due(
            kind, visit.id, part.key, visit.subject_name, part.number, last.on, last.on < self.today, left.count,
            left.certain and last.certain, visit.inspection_type,
        )  # fmt: skip


def _orders(session: Session, counter: _Counter) -> Iterator[Due]:
    rows = (
        select(RectificationOrder, Inspection)
        .join(Inspection, Inspection.id == RectificationOrder.inspection_id)
        .where(RectificationOrder.status.in_(_RUNNING_ORDERS))
    )
    for order, visit in session.execute(rows):
        # At once means on the day it was handed over; a draft of that kind has no day yet.
        last = order.due_on or order.delivered_on or order.issued_on
        if last is not None:
            kind: DueKind = "follow_up" if order.status in _TO_FOLLOW_UP else "order"
            yield counter.row(kind, order, visit, Deadline(last, certain=True))


def _cases(session: Session, counter: _Counter) -> Iterator[Due]:
    rows = (
        select(Case, Inspection)
        .join(Inspection, Inspection.id == Case.inspection_id)
        .where(Case.status.in_((CaseStatus.NOTED, CaseStatus.VERIFIED, CaseStatus.FILED)))
    )
    for case, visit in session.execute(rows):
        filed = case.status is CaseStatus.FILED
        since = case.filed_on if filed else case.noted_on
        if since is not None:
            kind: DueKind = "case" if filed else "lead"
            yield counter.row(kind, case, visit, counter.last_day(kind, since))


def _targets(session: Session, counter: _Counter, place: Workplace) -> Iterator[Due]:
    begun = select(Inspection.assignment_id).where(Inspection.assignment_id.is_not(None))
    rows = (
        select(Assignment, Organization.name)
        .join(Organization, Organization.id == Assignment.organization_id)
        .where(Assignment.cancelled_at.is_(None), Assignment.id.not_in(begun))
    )
    if place.owner.role is Role.INSPECTOR:
        rows = rows.where(Assignment.device_id == place.device_id)
    for task, name in session.execute(rows):
        last = task.due_on or task.superior_due_on
        if last is None:
            continue
        left = working_days_between(counter.today, last, counter.extra)
        yield Due(
            "target", task.id, "", name, task.document, last, last < counter.today, left.count,
            left.certain, task.inspection_type, task.superior_due_on,
        )  # fmt: skip
