"""Looking after a home: what it holds, what is due, and whether everything in it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import EnvironmentFault, Problem
from app.models.enforcement import Case, RectificationOrder
from app.models.inspection import Evidence, Inspection
from app.models.people import Device, Person
from app.models.planning import Assignment, Plan
from app.models.registry import Certificate, Organization
from app.models.revisions import HeldRevision, RecordState
from app.services import integrity
from app.services.assigning import TargetRow, assignment_ids, assignment_rows
from app.services.enforcing import OrderRow, order_rows
from app.services.workplace import Workplace
from app.vocabulary import InspectionStatus

SOON = timedelta(days=7)
"""How far ahead a date counts as due."""

_COUNTED = {
    "organizations": Organization,
    "certificates": Certificate,
    "people": Person,
    "plans": Plan,
    "assignments": Assignment,
    "inspections": Inspection,
    "orders": RectificationOrder,
    "cases": Case,
    "evidence": Evidence,
    "devices": Device,
    "held": HeldRevision,
}


@dataclass(frozen=True, slots=True)
class Status:
    """What a home holds: counts by kind, inspections by status, and what is due within a week."""

    counts: Mapping[str, int]
    inspections: Mapping[InspectionStatus, int]
    conflicts: int
    targets_due: tuple[TargetRow, ...]
    orders_due: tuple[OrderRow, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """The result of an examination: faults, harmless remarks, and which checks were made, when.

    ``met`` gives what each check met, faults and remarks, in the order of ``checked``.
    """

    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    checked: tuple[str, ...]
    examined_at: datetime
    met: tuple[tuple[Problem, ...], ...]

    @property
    def ok(self) -> bool:
        """Whether no fault was met."""
        return not self.problems


def status(place: Workplace) -> Status:
    """Count what is here and name what is due or overdue."""
    last = place.today() + SOON
    targets = assignment_rows(place, assignment_ids(place))
    orders = order_rows(place)
    with place.read() as session:
        return Status(
            counts={name: _count(session, kind) for name, kind in _COUNTED.items()},
            inspections=_by_status(session),
            conflicts=session.scalar(
                select(func.count()).select_from(RecordState).where(RecordState.in_conflict)
            )
            or 0,
            targets_due=tuple(row for row in targets if row.due_on is not None and row.due_on <= last),
            orders_due=tuple(row for row in orders if row.due_on is not None and row.due_on <= last),
        )


def _count(session: Session, kind: type[object]) -> int:
    return session.scalar(select(func.count()).select_from(kind)) or 0


def _by_status(session: Session) -> dict[InspectionStatus, int]:
    rows = session.execute(select(Inspection.status, func.count()).group_by(Inspection.status))
    return {row[0]: row[1] for row in rows}


CHECKS: dict[str, Callable[[Workplace], Iterator[Problem]]] = {
    "store": integrity.store_pages,
    "journal": integrity.journal_chain,
    "evidence": integrity.evidence_files,
    "former": integrity.former_evidence,
    "orphans": integrity.orphans,
    "data": integrity.shipped_data,
}


def verify(place: Workplace, *, progress: Callable[[str], None] | None = None) -> Findings:
    """Examine store, journal, evidence, checklists, forms and fonts; changes nothing."""
    met: list[tuple[Problem, ...]] = []
    for name, check in CHECKS.items():
        if progress is not None:
            progress(name)
        met.append(tuple(_met(check, place)))
    return Findings(
        problems=tuple(each for some in met for each in some if not each.taken),
        remarks=tuple(each for some in met for each in some if each.taken),
        checked=tuple(CHECKS),
        examined_at=place.now(),
        met=tuple(met),
    )


def _met(check: Callable[[Workplace], Iterator[Problem]], place: Workplace) -> Iterator[Problem]:
    """What one check met; damage that stops the check itself is a finding too."""
    try:
        yield from check(place)
    except EnvironmentFault as fault:
        yield fault.problem
