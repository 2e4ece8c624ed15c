"""Targets as lists show them: those that can be handed out, and those that were.

Lists get ids in order; the rows of a page are asked for when it is painted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.enforcement import RectificationOrder
from app.models.inspection import Inspection
from app.models.planning import Assignment, AssignmentOfficer
from app.models.registry import Certificate, Organization
from app.models.revisions import RecordState
from app.services.deadlines import Deadline, due_in, nearest_due
from app.services.planning import find_task
from app.services.registry_filters import says
from app.services.scopes import DONE, in_scope, region_is
from app.services.workplace import Workplace
from app.vocabulary import (
    SCHEME_OF,
    CertificateStatus,
    InspectionStatus,
    InspectionType,
    OrderStatus,
    Role,
    Scheme,
)

State = Literal["open", "waiting", "done", "all"]
"""Open is what is not finished; of that, waiting is what nobody began."""
Order = Literal["due", "name", "region", "newest"]

_CHUNK = 500

_FLAG_OF_STATUS = {
    CertificateStatus.SUSPENDED: "certificate_suspended",
    CertificateStatus.WITHDRAWN: "certificate_ended",
    CertificateStatus.CANCELLED: "certificate_ended",
    CertificateStatus.EXPIRED: "certificate_ended",
}
_OPEN_ORDERS = tuple(status for status in OrderStatus if status is not OrderStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """An assigned target. ``due_on`` is this office's date, ``superior_due_on`` the one above's.

    ``flags`` are codes: ``certificate_suspended``, ``certificate_ended``, ``order_open``,
    ``code_bad``, ``in_conflict``, ``cancelled``.
    """

    assignment_id: str
    organization_id: str
    name: str
    credit_code: str
    region_name: str
    address: str
    risk: str
    inspection_type: InspectionType
    due_on: date | None
    superior_due_on: date | None
    document: str
    officers: tuple[str, ...]
    status: InspectionStatus
    inspection_id: str | None
    flags: tuple[str, ...]


def candidate_ids(
    place: Workplace,
    *,
    plan_id: str,
    task_key: str,
    query: str = "",
    region: str = "",
    include_assigned: bool = False,
) -> tuple[str, ...]:
    """Organizations in a task's scope that can be handed out, by region and name."""
    with place.read() as session:
        task = find_task(session, plan_id, task_key)
        found = select(Organization.id).where(*in_scope(task), *narrowed(query, region))
        if not include_assigned:
            found = found.where(
                ~exists().where(
                    Assignment.organization_id == Organization.id,
                    Assignment.plan_id == plan_id,
                    Assignment.task_key == task_key,
                    Assignment.cancelled_at.is_(None),
                )
            )
        order = (Organization.region, Organization.name, Organization.id)
        return tuple(session.scalars(found.order_by(*order)))


def assignment_ids(
    place: Workplace,
    *,
    query: str = "",
    inspection_type: InspectionType | None = None,
    state: State = "open",
    order: Order = "due",
    region: str = "",
    deadline: Deadline | None = None,
    risk: str | None = None,
    plan_id: str = "",
    task_key: str = "",
    organization_id: str = "",
) -> tuple[str, ...]:
    """Assigned targets in order, of one plan, task or organization where asked.

    An inspector's device lists its own.

    ``risk`` is a level as the registry says it; the empty one lists those without any.
    """
    found = select(Assignment.id).join(Organization, Organization.id == Assignment.organization_id)
    conditions = [*narrowed(query, region), _in_state(state)]
    if deadline is not None:
        conditions.append(due_in(deadline, place.today()))
    if risk is not None:
        conditions.append(Organization.risk == risk)
    if inspection_type is not None:
        conditions.append(Assignment.inspection_type == inspection_type)
    if plan_id:
        conditions.append(Assignment.plan_id == plan_id)
    if task_key:
        conditions.append(Assignment.task_key == task_key)
    if organization_id:
        conditions.append(Assignment.organization_id == organization_id)
    if place.owner.role is Role.INSPECTOR:
        conditions.append(Assignment.device_id == place.device_id)
    with place.read() as session:
        return tuple(session.scalars(found.where(*conditions).order_by(*_ordered(order))))


def narrowed(query: str, region: str) -> list[ColumnElement[bool]]:
    """Conditions on the organization: every word of ``query``, and the region."""
    conditions = [region_is(region)] if region else []
    return [*conditions, *(says(word) for word in query.split())]


def begun() -> ColumnElement[bool]:
    """Whether a visit of the assignment was ever begun."""
    return exists().where(Inspection.assignment_id == Assignment.id)


def finished() -> ColumnElement[bool]:
    """Whether a visit of the assignment is finished."""
    return exists().where(Inspection.assignment_id == Assignment.id, Inspection.status.in_(DONE))


def _in_state(state: State) -> ColumnElement[bool]:
    was_begun, done = begun(), finished()
    standing = Assignment.cancelled_at.is_(None)
    if state == "open":
        return and_(standing, ~done)
    if state == "waiting":
        return and_(standing, ~was_begun)
    return done if state == "done" else or_(standing, was_begun)


def _ordered(order: Order) -> tuple[ColumnElement[Any], ...]:
    due = nearest_due()
    first: dict[Order, tuple[ColumnElement[Any], ...]] = {
        "due": (due.asc().nulls_last(),),
        "name": (),
        "region": (Organization.region.asc(),),
        "newest": (Assignment.assigned_at.desc(),),
    }
    return (*first[order], Organization.name.asc(), Assignment.id.asc())


def chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    """``ids`` in parts that one query can name."""
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def assignment_rows(place: Workplace, ids: Sequence[str]) -> tuple[TargetRow, ...]:
    """Rows of assigned targets in the order of ``ids``; ids no longer there are left out."""
    with place.read() as session:
        rows = {row.assignment_id: row for part in chunks(ids) for row in _rows(session, part)}
    return tuple(rows[each] for each in ids if each in rows)


# Past the mapper: a list waits for this while it is painted.
_LISTED: tuple[InstrumentedAttribute[Any], ...] = (
    Assignment.id, Assignment.inspection_type, Assignment.due_on, Assignment.superior_due_on,
    Assignment.document, Assignment.cancelled_at, Assignment.organization_id, Organization.name,
    Organization.credit_code, Organization.code_state, Organization.region_name, Organization.address,
    Organization.risk,
)  # fmt: skip


def _rows(session: Session, ids: Sequence[str]) -> list[TargetRow]:
    query = select(*_LISTED).join(Organization, Organization.id == Assignment.organization_id)
    listed = session.execute(query.where(Assignment.id.in_(ids))).all()
    about = _About.of(session, listed)
    return [about.row(each) for each in listed]


@dataclass(frozen=True, slots=True)
class _About:
    """What the rows of one page need beside their two tables, each read in one query."""

    officers: dict[str, list[str]]
    visits: dict[str, tuple[str, InspectionStatus]]
    certificates: dict[tuple[str, Scheme], list[CertificateStatus]]
    with_orders: frozenset[str]
    in_conflict: frozenset[str]

    @classmethod
    def of(cls, session: Session, listed: Sequence[Row[Any]]) -> _About:
        """Read it for a page."""
        ids = [each.id for each in listed]
        organizations = [each.organization_id for each in listed]
        officers: dict[str, list[str]] = defaultdict(list)
        team = select(AssignmentOfficer.assignment_id, AssignmentOfficer.name)
        order = (AssignmentOfficer.lead.desc(), AssignmentOfficer.credential)
        for assignment, name in session.execute(
            team.where(AssignmentOfficer.assignment_id.in_(ids)).order_by(*order)
        ):
            officers[assignment].append(name)
        certificates: dict[tuple[str, Scheme], list[CertificateStatus]] = defaultdict(list)
        held = select(Certificate.organization_id, Certificate.scheme, Certificate.status)
        for organization, scheme, status in session.execute(
            held.where(Certificate.organization_id.in_(organizations))
        ):
            certificates[organization, scheme].append(status)
        begun_ones = select(Inspection.assignment_id, Inspection.id, Inspection.status)
        visits = {
            str(assignment): (visit, status)
            for assignment, visit, status in session.execute(
                begun_ones.where(Inspection.assignment_id.in_(ids)).order_by(Inspection.started_at)
            )
        }
        return cls(
            officers, visits, certificates, _with_orders(session, organizations),
            _conflicts(session, [visit for visit, _ in visits.values()]),
        )  # fmt: skip

    def row(self, one: Row[Any]) -> TargetRow:
        """One row."""
        visit, status = self.visits.get(one.id, (None, InspectionStatus.ASSIGNED))
        held = self.certificates.get((one.organization_id, SCHEME_OF[one.inspection_type]), ())
        return TargetRow(
            one.id, one.organization_id, one.name, one.credit_code, one.region_name, one.address, one.risk,
            one.inspection_type, one.due_on, one.superior_due_on, one.document,
            tuple(self.officers.get(one.id, ())), status, visit, self._flags(one, held, visit),
        )  # fmt: skip

    def _flags(self, one: Row[Any], held: Sequence[CertificateStatus], visit: str | None) -> tuple[str, ...]:
        flags = dict.fromkeys(_FLAG_OF_STATUS[each] for each in held if each in _FLAG_OF_STATUS)
        said = {
            "order_open": one.organization_id in self.with_orders,
            "code_bad": one.code_state in {"bad", "old"},
            "in_conflict": visit in self.in_conflict,
            "cancelled": one.cancelled_at is not None,
        }
        return (*flags, *(flag for flag, holds in said.items() if holds))


def _with_orders(session: Session, organizations: Sequence[str]) -> frozenset[str]:
    query = (
        select(Inspection.organization_id)
        .join(RectificationOrder, RectificationOrder.inspection_id == Inspection.id)
        .where(Inspection.organization_id.in_(organizations), RectificationOrder.status.in_(_OPEN_ORDERS))
    )
    return frozenset(session.scalars(query))


def _conflicts(session: Session, inspections: Sequence[str]) -> frozenset[str]:
    query = select(RecordState.record_id).where(
        RecordState.record_kind == Inspection.__record__,
        RecordState.record_id.in_(inspections),
        RecordState.in_conflict,
    )
    return frozenset(session.scalars(query))
