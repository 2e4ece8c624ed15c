"""The officers of a team, by credential and name: of an assignment before a visit begins."""

from __future__ import annotations

from sqlalchemy import select

from app.models.planning import Assignment, AssignmentOfficer
from app.services.workplace import Workplace

Officer = tuple[str, str]
"""A credential and a name."""


def team_of(place: Workplace, *, assignment_id: str) -> tuple[Officer, ...]:
    """The officers that a target was handed to, the lead first."""
    rows = (
        select(AssignmentOfficer.credential, AssignmentOfficer.name)
        .where(AssignmentOfficer.assignment_id == assignment_id)
        .order_by(AssignmentOfficer.lead.desc(), AssignmentOfficer.credential)
    )
    with place.read() as session:
        return tuple((credential, name) for credential, name in session.execute(rows))


def organization_of(place: Workplace, *, assignment_id: str) -> str:
    """The organization that an assignment is about; empty for an unknown one."""
    with place.read() as session:
        found = session.get(Assignment, assignment_id)
        return "" if found is None else found.organization_id
