"""What is due and when, in one list: orders and their re-inspections, leads, cases, targets.

Overdue things stand in front. Days left are working days as the office counts them; whether a day
is overdue is computed, never stored. The periods of leads and cases are data
(``resources/tables/periods.toml``).
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Literal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.files import resource
from app.models.enforcement import Case, RectificationOrder
from app.models.inspection import Inspection
from app.models.planning import Assignment
from app.models.registry import Organization
from app.planning.workdays import (
    Deadline,
    ExtraDays,
    WorkingDays,
    add_days,
    add_working_days,
    working_days_between,
)
from app.services.enforcing import extra_days
from app.services.workplace import Workplace
from app.vocabulary import CaseStatus, InspectionType, OrderStatus, Role

DueKind = Literal["order", "follow_up", "lead", "case", "target"]

_RUNNING_ORDERS = (OrderStatus.DRAFTED, OrderStatus.ISSUED, OrderStatus.DELIVERED, OrderStatus.EXTENDED)
_TO_FOLLOW_UP = frozenset({OrderStatus.DELIVERED, OrderStatus.EXTENDED})
_LAST_DAY = func.coalesce(Assignment.due_on, Assignment.superior_due_on)
"""A target's own last day, else that of the office above."""


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
    days = _Calendar(place.today(), extra_days(place))
    with place.read() as session:
        found = [*_orders(session, days), *_cases(session, days)]
        if targets:
            found += _targets(session, days, place)
    return tuple(sorted(found, key=lambda row: (row.on, row.organization, row.kind, row.key)))


@cache
def _periods() -> dict[str, dict[str, int]]:
    return tomllib.loads(resource("tables", "periods.toml").read_text("utf8"))


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Counts days as the office does."""

    today: date
    extra: ExtraDays
    _left: dict[date, WorkingDays] = field(default_factory=dict)

    def left_until(self, last: date) -> WorkingDays:
        """Working days from today; thousands of targets share a handful of last days."""
        if last not in self._left:
            self._left[last] = working_days_between(self.today, last, self.extra)
        return self._left[last]

    def last_day(self, kind: DueKind, since: date) -> Deadline:
        """The last day of a statutory period."""
        period = _periods()[kind]
        if "working_days" in period:
            return add_working_days(since, period["working_days"], self.extra)
        return add_days(since, period["days"], self.extra)

    def row(self, kind: DueKind, part: RectificationOrder | Case, visit: Inspection, last: Deadline) -> Due:
        """One row about a part of a visit."""
        left = self.left_until(last.on)
        return Due(
            kind, visit.id, part.key, visit.subject_name, part.number, last.on, last.on < self.today, left.count,
            left.certain and last.certain, visit.inspection_type,
        )  # fmt: skip


def _orders(session: Session, days: _Calendar) -> Iterator[Due]:
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
            yield days.row(kind, order, visit, Deadline(last, certain=True))


def _cases(session: Session, days: _Calendar) -> Iterator[Due]:
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
            yield days.row(kind, case, visit, days.last_day(kind, since))


def _targets(session: Session, days: _Calendar, place: Workplace) -> Iterator[Due]:
    rows = _open_targets(
        place, Assignment.id, Organization.name, Assignment.document, Assignment.inspection_type, _LAST_DAY,
        Assignment.superior_due_on,
    ).join(Organization, Organization.id == Assignment.organization_id)  # fmt: skip
    for record, name, document, kind, last, superior in session.execute(rows):
        left = days.left_until(last)
        yield Due(
            "target", record, "", name, document, last, last < days.today, left.count, left.certain, kind,
            superior,
        )  # fmt: skip


def target_days(place: Workplace) -> Counter[date]:
    """How many targets that nobody began are due on each day, without reading a row of them."""
    with place.read() as session:
        days = session.execute(_open_targets(place, _LAST_DAY, func.count()).group_by(_LAST_DAY)).all()
        return Counter(dict(days))


def _open_targets(place: Workplace, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Assignments with a last day that nobody began; an inspector sees those of this device."""
    begun = select(Inspection.assignment_id).where(Inspection.assignment_id.is_not(None))
    rows = select(*columns).where(
        Assignment.cancelled_at.is_(None), Assignment.id.not_in(begun), _LAST_DAY.is_not(None)
    )
    if place.owner.role is Role.INSPECTOR:
        rows = rows.where(Assignment.device_id == place.device_id)
    return rows
