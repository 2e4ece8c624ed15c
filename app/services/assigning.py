"""Handing targets to teams: who visits whom, with which device, until when.

A team has at least two officers with a credential (domain.md §1.3). Cancelling or handing a
target to another team never deletes an inspection that was begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.models.base import new_id
from app.models.people import Device, Person
from app.models.planning import Assignment, AssignmentOfficer, Plan, PlanTask
from app.models.registry import Organization
from app.services.peers import require_ours
from app.services.planning import find_plan, find_task
from app.services.targets import TargetRow, assignment_ids, assignment_rows, candidate_ids, chunks
from app.services.workplace import Changes, Workplace

__all__ = [
    "SMALLEST_TEAM",
    "AssignmentsMade",
    "TargetRow",
    "assign",
    "assignment_ids",
    "assignment_rows",
    "cancel",
    "candidate_ids",
]

SMALLEST_TEAM = 2


@dataclass(frozen=True, slots=True)
class Team:
    """Who goes, who leads, and the device that gets the work."""

    officers: tuple[Person, ...]
    lead: str
    device_id: str


@dataclass(frozen=True, slots=True)
class AssignmentsMade:
    """New assignments, and the organizations ``skipped`` because the task already has them."""

    ids: tuple[str, ...]
    skipped: tuple[str, ...]
    changes: Changes


def assign(
    place: Workplace,
    *,
    plan_id: str,
    task_key: str,
    organization_ids: Sequence[str],
    officers: Sequence[str],
    lead: str,
    device_id: str,
    reassign: bool = False,
) -> AssignmentsMade:
    """Hand organizations to a team; with ``reassign`` those already handed out change hands."""
    wanted = tuple(dict.fromkeys(organization_ids))
    if not wanted:
        raise BadInput("assigning.no_targets")
    with place.write("assignment.add") as work:
        plan, task = find_plan(work.session, plan_id), find_task(work.session, plan_id, task_key)
        team = _team(work.session, officers, lead, device_id)
        _require_known(work.session, wanted)
        present = _present(work.session, plan_id, task_key, wanted)
        withdrawn = tuple(present.values()) if reassign else ()
        for former in withdrawn:
            require_ours(work.session, "assignment", former.id)
            former.cancelled_at = place.now()
        fresh = wanted if reassign else tuple(each for each in wanted if each not in present)
        ids = tuple(_add(work.session, _assignment(place, plan, task, each, team), team) for each in fresh)
        changed = frozenset((*ids, *(former.id for former in withdrawn)))
        work.commit()
    skipped = tuple(each for each in wanted if each not in fresh)
    return AssignmentsMade(ids, skipped, Changes(frozenset({"assignment"}), changed))


def cancel(place: Workplace, *, assignment_id: str) -> Changes:
    """Take a target back; an inspection already begun stays as it is."""
    with place.write("assignment.cancel") as work:
        found = work.session.get(Assignment, assignment_id)
        if found is None:
            raise BadInput("assigning.unknown_assignment", assignment=assignment_id)
        require_ours(work.session, "assignment", assignment_id)
        if found.cancelled_at is None:
            found.cancelled_at = place.now()
            work.commit()
    return Changes.of("assignment", assignment_id)


def _team(session: Session, officers: Sequence[str], lead: str, device_id: str) -> Team:
    """The team as known people and an enrolled device, or the reason why it is none."""
    credentials = tuple(dict.fromkeys(credential.strip() for credential in officers if credential.strip()))
    if len(credentials) < SMALLEST_TEAM:
        raise BadInput("assigning.too_few_officers", wanted=SMALLEST_TEAM, given=len(credentials))
    # Of two entries with one credential the first by its id counts.
    found = select(Person).where(Person.credential.in_(credentials)).order_by(Person.id.desc())
    known = {person.credential: person for person in session.scalars(found)}
    for credential in credentials:
        if credential not in known:
            raise BadInput("assigning.unknown_officer", credential=credential)
    if lead not in credentials:
        raise BadInput("assigning.lead_outside_team", credential=lead)
    device = session.get(Device, device_id)
    if device is None:
        raise BadInput("assigning.unknown_device", device=device_id)
    if device.revoked_at is not None:
        raise BadInput("assigning.revoked_device", device=device.name)
    return Team(tuple(known[credential] for credential in credentials), lead, device_id)


def _require_known(session: Session, wanted: Sequence[str]) -> None:
    known: set[str] = set()
    for part in chunks(wanted):
        known.update(session.scalars(select(Organization.id).where(Organization.id.in_(part))))
    for each in wanted:
        if each not in known:
            raise BadInput("assigning.unknown_organization", organization=each)


def _present(session: Session, plan_id: str, task_key: str, wanted: Sequence[str]) -> dict[str, Assignment]:
    """Assignments of the task that are not cancelled, by organization."""
    found: dict[str, Assignment] = {}
    for part in chunks(wanted):
        query = select(Assignment).where(
            Assignment.plan_id == plan_id,
            Assignment.task_key == task_key,
            Assignment.cancelled_at.is_(None),
            Assignment.organization_id.in_(part),
        )
        found.update((each.organization_id, each) for each in session.scalars(query))
    return found


def _assignment(place: Workplace, plan: Plan, task: PlanTask, organization_id: str, team: Team) -> Assignment:
    return Assignment(
        id=new_id(), plan_id=plan.id, task_key=task.key, organization_id=organization_id,
        inspection_type=task.inspection_type, device_id=team.device_id, due_on=task.own_deadline,
        superior_due_on=task.superior_deadline, document=task.document or plan.document,
        assigned_at=place.now(), assigned_by=place.owner.name,
    )  # fmt: skip


def _add(session: Session, assignment: Assignment, team: Team) -> str:
    session.add(assignment)
    session.add_all(
        AssignmentOfficer(
            assignment_id=assignment.id,
            credential=officer.credential,
            name=officer.name,
            lead=officer.credential == team.lead,
        )
        for officer in team.officers
    )
    return assignment.id
