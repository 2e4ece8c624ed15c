"""What visits leave behind: which of them have something open, the most urgent first.

Open are confirmed findings whose disposition promises an order that is not drafted yet, orders that
are not closed, and leads and cases that are not ended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.inspection import Finding, Inspection
from app.services.enforcing import OrderRow, order_rows
from app.services.workplace import Workplace
from app.vocabulary import CaseStatus, Disposition, InspectionStatus, InspectionType

PROMISE_AN_ORDER = frozenset({Disposition.RECTIFY_AT_ONCE, Disposition.RECTIFY_BY_DATE})
FEW = 500
"""Up to so many visits are asked for by their ids; of more, all are read."""
ENDED_CASES = frozenset({CaseStatus.CLOSED, CaseStatus.NOT_FILED})


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A visit with what it left behind; the deadline is that of its most urgent open order."""

    inspection_id: str
    organization: str
    code: str
    inspection_type: InspectionType
    status: InspectionStatus
    visited_on: date
    findings: int
    unordered: int
    open_orders: int
    open_cases: int
    due_on: date | None
    overdue: bool
    working_days_left: int | None
    certain: bool

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return bool(self.unordered or self.open_orders or self.open_cases)


def matter_rows(place: Workplace, *, open_only: bool = True, query: str = "") -> tuple[MatterRow, ...]:
    """Visits that left something behind: overdue first, then by deadline, then the newest visit."""
    orders: dict[str, list[OrderRow]] = defaultdict(list)
    for order in order_rows(place):
        orders[order.inspection_id].append(order)
    with place.read() as session:
        findings = _findings(session)
        unordered = _unordered(session)
        cases = _open_cases(session)
        wanted = {*orders, *unordered, *cases}
        if not open_only:
            wanted |= {*findings, *_with_papers(session)}
        visits = _visits(session, wanted, query)
    rows = [
        _row(visit, findings[visit.id], unordered[visit.id], orders.get(visit.id, []), cases[visit.id])
        for visit in visits
    ]
    return tuple(sorted(rows, key=urgency))


def urgency(row: MatterRow) -> tuple[bool, bool, date, int, str]:
    """The place of a matter in the list."""
    return (
        not row.is_open,
        row.due_on is None,
        row.due_on or date.max,
        -row.visited_on.toordinal(),
        row.inspection_id,
    )


def _findings(session: Session) -> Counter[str]:
    return Counter(session.scalars(select(Finding.inspection_id).where(Finding.confirmed)))


def _unordered(session: Session) -> Counter[str]:
    wanted = select(Finding.inspection_id).where(
        Finding.confirmed, Finding.order_key.is_(None), Finding.disposition.in_(PROMISE_AN_ORDER)
    )
    return Counter(session.scalars(wanted))


def _open_cases(session: Session) -> Counter[str]:
    wanted = select(Case.inspection_id).where(Case.status.not_in(ENDED_CASES))
    return Counter(session.scalars(wanted))


def _with_papers(session: Session) -> set[str]:
    tables = (RectificationOrder, Case, Notification)
    return {found for table in tables for found in session.scalars(select(table.inspection_id).distinct())}


class _Visit(NamedTuple):
    """What the list shows of a visit."""

    id: str
    organization: str
    code: str
    inspection_type: InspectionType
    status: InspectionStatus
    started_at: datetime


def _visits(session: Session, wanted: set[str], query: str) -> list[_Visit]:
    """Columns past the mapper: an office may have thousands of open matters, and rereads them often."""
    found = select(
        Inspection.id, Inspection.subject_name, Inspection.subject_code, Inspection.inspection_type,
        Inspection.status, Inspection.started_at,
    )  # fmt: skip
    if text := query.strip():
        found = found.where(
            or_(
                Inspection.subject_name.contains(text, autoescape=True),
                Inspection.subject_code.contains(text.upper(), autoescape=True),
            )
        )
    if len(wanted) <= FEW:
        found = found.where(Inspection.id.in_(wanted))
    rows = (_Visit(*row) for row in session.execute(found))
    return [row for row in rows if row.id in wanted]


def _row(visit: _Visit, findings: int, unordered: int, orders: list[OrderRow], cases: int) -> MatterRow:
    # order_rows puts the most urgent first; a draft and an order at once have no date to watch.
    first = next((order for order in orders if order.due_on is not None), None)
    return MatterRow(
        inspection_id=visit.id,
        organization=visit.organization,
        code=visit.code,
        inspection_type=visit.inspection_type,
        status=visit.status,
        visited_on=local_date(visit.started_at),
        findings=findings,
        unordered=unordered,
        open_orders=len(orders),
        open_cases=cases,
        due_on=first.due_on if first else None,
        overdue=bool(first and first.overdue),
        working_days_left=first.working_days_left if first else None,
        certain=first.certain if first else True,
    )
