"""Who inspected an enterprise this year, and who else is to: asked before a visit begins.

The State Council's opinion on inspections of enterprises limits how often one is inspected and wants
several inspections put into one (domain.md §1.0, §4.2). Known are the inspections and tasks of this
store, and what the office wrote into the assignments. Nothing here refuses a visit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.models.inspection import Inspection, InspectionOfficer
from app.models.people import Device
from app.models.planning import Assignment, AssignmentOfficer, KnownVisit
from app.services.workplace import Workplace
from app.sync.ledger import offices_of
from app.vocabulary import InspectionStatus, InspectionType
from app.wording import label

By = Literal["above", "other_office", "other_team"]


@dataclass(frozen=True, slots=True)
class VisitKnown:
    """A visit of the year, or a task that has not begun (``assigned``; ``on`` is then the day it is due).

    ``here`` tells that its record can be opened; ``above`` that the office stands above this one.
    """

    key: str
    on: date | None
    office: str
    officers: tuple[str, ...]
    inspection_type: InspectionType
    status: InspectionStatus
    document: str
    here: bool = False
    above: bool = False

    @property
    def planned(self) -> bool:
        """Whether it has not begun."""
        return self.status is InspectionStatus.ASSIGNED


@dataclass(frozen=True, slots=True)
class Overlap:
    """Somebody else covers the same content: an office above, another office, another team of ours."""

    by: By
    visit: VisitKnown


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of one enterprise in one year: begun visits, tasks, and overlaps, the weightiest first."""

    year: int
    visits: tuple[VisitKnown, ...]
    planned: tuple[VisitKnown, ...]
    overlaps: tuple[Overlap, ...]


def coverage(
    place: Workplace,
    *,
    organization_id: str,
    inspection_type: InspectionType | None = None,
    team: Sequence[str] = (),
    but: Iterable[str] = (),
) -> Coverage:
    """What is known of an enterprise this year, before a ``team`` (names) begins a visit of a type.

    ``but`` names the inspections or assignments that the question is about.
    """
    year = place.today().year
    left_out = set(but)
    with place.read() as session:
        known = {each.key: each for each in _told(session, organization_id)}
        known |= {each.key: each for each in _tasks(session, organization_id)}
        known |= {each.key: each for each in _visits(session, organization_id)}
        offices = offices_of(session)
        here = select(Inspection.assignment_id).where(Inspection.organization_id == organization_id)
        begun = set(session.scalars(here))
    found = [each for each in known.values() if each.key not in left_out | begun and _in(each, year)]
    marked = sorted((_marked(each, offices.above) for each in found), key=_order)
    # A laptop names its own office in its visits and belongs to the one that enrolled it.
    own = frozenset({offices.own, place.owner.office})
    overlaps = sorted(_overlaps(marked, own, inspection_type, set(team)), key=_weight)
    return Coverage(
        year,
        tuple(each for each in marked if not each.planned),
        tuple(each for each in marked if each.planned),
        tuple(overlaps),
    )


@dataclass(frozen=True, slots=True)
class InYear:
    """A visit among those to its organization in one year, as far as is known here.

    ``nth`` counts those that began before it, and itself; ``total`` all of the year. Of these ``told``
    and ``told_in_all`` are known only from what the office wrote into the task.
    """

    nth: int
    total: int
    told: int
    told_in_all: int


def in_year(session: Session, inspection: Inspection) -> InYear:
    """How many visits the organization had in the year of this one (domain.md §1.0: limits of frequency)."""
    begun = local_date(inspection.started_at)
    wanted = select(Inspection.id, Inspection.started_at)
    rows = session.execute(wanted.where(Inspection.organization_id == inspection.organization_id))
    here = dict(rows.all())
    own = [moment for moment in here.values() if local_date(moment).year == begun.year]
    others = {each.key: each for each in _told(session, inspection.organization_id)}
    told = [
        each
        for each in others.values()
        if each.key not in here and not each.planned and _in(each, begun.year)
    ]
    # Of what was told only the day is known: one of the same day counts as before.
    told_before = sum(each.on is None or each.on <= begun for each in told)
    before = sum(moment <= inspection.started_at for moment in own)
    return InYear(before + told_before, len(own) + len(told), told_before, len(told))


def _told(session: Session, organization_id: str) -> Iterator[VisitKnown]:
    """What the office wrote into the assignments of this organization."""
    rows = (
        select(KnownVisit)
        .join(Assignment, Assignment.id == KnownVisit.assignment_id)
        .where(Assignment.organization_id == organization_id)
        .order_by(Assignment.assigned_at)
    )
    for row in session.scalars(rows):
        yield VisitKnown(
            row.key, row.visited_on, row.office, _split(row.officers), row.inspection_type, row.status,
            row.document,
        )  # fmt: skip


def _tasks(session: Session, organization_id: str) -> Iterator[VisitKnown]:
    rows = (
        select(Assignment, Device.office)
        .outerjoin(Device, Device.id == Assignment.device_id)
        .where(Assignment.organization_id == organization_id, Assignment.cancelled_at.is_(None))
    )
    for task, office in session.execute(rows):
        team = select(AssignmentOfficer.name).where(AssignmentOfficer.assignment_id == task.id)
        due = task.due_on or task.superior_due_on or local_date(task.assigned_at)
        yield VisitKnown(
            task.id, due, office or "", tuple(session.scalars(team.order_by(AssignmentOfficer.credential))),
            task.inspection_type, InspectionStatus.ASSIGNED, task.document,
        )  # fmt: skip


def _visits(session: Session, organization_id: str) -> Iterator[VisitKnown]:
    rows = (
        select(Inspection, Assignment.document)
        .outerjoin(Assignment, Assignment.id == Inspection.assignment_id)
        .where(Inspection.organization_id == organization_id)
    )
    for visit, document in session.execute(rows):
        team = select(InspectionOfficer.name).where(
            InspectionOfficer.inspection_id == visit.id, InspectionOfficer.officer
        )
        yield VisitKnown(
            visit.id, local_date(visit.started_at), visit.office,
            tuple(session.scalars(team.order_by(InspectionOfficer.credential))),
            visit.inspection_type, visit.status, document or "", here=True,
        )  # fmt: skip


def _split(names: str) -> tuple[str, ...]:
    return tuple(part for part in names.split(label("separator", "names")) if part)


def _in(visit: VisitKnown, year: int) -> bool:
    return visit.on is None or visit.on.year == year


def _marked(visit: VisitKnown, above: frozenset[str]) -> VisitKnown:
    return replace(visit, above=visit.office in above)


def _order(visit: VisitKnown) -> tuple[date, str]:
    return (visit.on or date.max, visit.key)


def _overlaps(
    visits: Iterable[VisitKnown], own: frozenset[str], kind: InspectionType | None, team: set[str]
) -> Iterator[Overlap]:
    for visit in visits:
        # Shanghai's plan wants no second inspection "of the same content and nature" but after complaints and
        # grave violations; no source defines either word, and what is told of others' tasks is their type.
        if kind is not None and visit.inspection_type is not kind:
            continue
        if visit.above:
            yield Overlap("above", visit)
        elif visit.office and visit.office not in own:
            yield Overlap("other_office", visit)
        elif team and visit.officers and team.isdisjoint(visit.officers):
            yield Overlap("other_team", visit)


_WEIGHTS: dict[By, int] = {"above": 0, "other_office": 1, "other_team": 2}


def _weight(overlap: Overlap) -> tuple[bool, int, date]:
    return (overlap.visit.planned, _WEIGHTS[overlap.by], overlap.visit.on or date.max)
