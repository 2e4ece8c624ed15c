"""Telling a laptop of other visits to its targets: written into the assignments that go out to it.

A laptop gets its own inspections back and nobody else's. How often an enterprise was inspected this
year, and by whom, is what the office knows; it goes with the target as a few words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.models.inspection import Inspection, InspectionOfficer
from app.models.people import Device
from app.models.planning import Assignment, AssignmentOfficer, KnownVisit
from app.services.peers import owner_of
from app.services.scopes import DONE
from app.services.targets import chunks
from app.vocabulary import InspectionStatus
from app.wording import joined

Values = dict[str, Any]


def note_known_visits(session: Session, assignment_ids: Sequence[str], now: datetime) -> None:
    """Bring what the open ones among these assignments say of other visits up to what is known here."""
    year = local_date(now).year
    for part in chunks(assignment_ids):
        targets = _open(session, part)
        others = _others(session, {each.organization_id for each in targets}, year)
        for target in targets:
            mine = {target.id, *_visits_of(session, target)}
            wanted = {
                key: values
                for key, (device, values) in others[target.organization_id].items()
                if key not in mine and device != target.device_id
            }
            _write(session, target.id, wanted)


def _open(session: Session, ids: Sequence[str]) -> list[Assignment]:
    finished = select(Inspection.assignment_id).where(Inspection.status.in_(DONE))
    query = select(Assignment).where(
        Assignment.id.in_(ids),
        Assignment.cancelled_at.is_(None),
        Assignment.id.not_in(finished.where(Inspection.assignment_id.is_not(None))),
    )
    return list(session.scalars(query))


def _visits_of(session: Session, target: Assignment) -> Iterator[str]:
    yield from session.scalars(select(Inspection.id).where(Inspection.assignment_id == target.id))


_Other = tuple[str, Values]
"""The device that a visit was handed to, empty where nobody handed it out, and the visit."""


def _others(session: Session, organizations: Collection[str], year: int) -> dict[str, dict[str, _Other]]:
    """By organization and key: the visits of the year, and the tasks of it that nobody has begun."""
    found: dict[str, dict[str, _Other]] = defaultdict(dict)
    begun: set[str] = set()
    visits = (
        select(Inspection, Assignment.device_id, Assignment.document)
        .outerjoin(Assignment, Assignment.id == Inspection.assignment_id)
        .where(Inspection.organization_id.in_(organizations))
    )
    for visit, device, document in session.execute(visits):
        # Of whichever year: a task that was begun last year is told by its visit or not at all.
        begun.add(visit.assignment_id or "")
        if local_date(visit.started_at).year == year:
            told = _visit(session, visit, document)
            found[visit.organization_id][visit.id] = (device or "", told)
    tasks = (
        select(Assignment, Device.office)
        .outerjoin(Device, Device.id == Assignment.device_id)
        .where(Assignment.organization_id.in_(organizations), Assignment.cancelled_at.is_(None))
    )
    for task, office in session.execute(tasks):
        if task.id not in begun and _year_of(task) == year:
            found[task.organization_id][task.id] = (task.device_id, _task(session, task, office))
    return found


def _visit(session: Session, visit: Inspection, document: str | None) -> Values:
    """What is told of a visit."""
    officers = select(InspectionOfficer.name).where(
        InspectionOfficer.inspection_id == visit.id, InspectionOfficer.officer
    )
    names = joined("names", session.scalars(officers.order_by(InspectionOfficer.credential)))
    day = local_date(visit.started_at)
    return _values(
        visit, visit.status, visited_on=day, office=visit.office, officers=names, document=document
    )


def _task(session: Session, task: Assignment, office: str | None) -> Values:
    """What is told of a target that somebody has as a task."""
    team = select(AssignmentOfficer.name).where(AssignmentOfficer.assignment_id == task.id)
    names = joined("names", session.scalars(team.order_by(AssignmentOfficer.credential)))
    due = task.due_on or task.superior_due_on
    return _values(
        task, InspectionStatus.ASSIGNED, visited_on=due, office=office, officers=names,
        document=task.document,
    )  # fmt: skip


def _year_of(task: Assignment) -> int:
    due = task.due_on or task.superior_due_on
    return due.year if due is not None else local_date(task.assigned_at).year


def _values(row: Inspection | Assignment, status: InspectionStatus, **told: object) -> Values:
    said = {name: value or "" for name, value in told.items() if name != "visited_on"}
    day = told["visited_on"]
    return {"visited_on": day, "inspection_type": row.inspection_type, "status": status, **said}


def _write(session: Session, assignment_id: str, wanted: dict[str, Values]) -> None:
    rows = session.scalars(select(KnownVisit).where(KnownVisit.assignment_id == assignment_id))
    present = {row.key: row for row in rows}
    same = {key: _as_written(row) for key, row in present.items()} == wanted
    if same or owner_of(session, "assignment", assignment_id) is not None:
        return  # what another office handed out says what that office knew
    for key in present.keys() - wanted.keys():
        session.delete(present[key])
    for key, values in wanted.items():
        if key not in present:
            session.add(KnownVisit(assignment_id=assignment_id, key=key, **values))
            continue
        for name, value in values.items():
            setattr(present[key], name, value)


_WRITTEN = ("visited_on", "office", "officers", "inspection_type", "status", "document")


def _as_written(row: KnownVisit) -> Values:
    return {name: getattr(row, name) for name in _WRITTEN}
