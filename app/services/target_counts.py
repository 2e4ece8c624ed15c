"""How many targets each choice of each filter would list, the other filters staying as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

from sqlalchemy import func, select

from app.models.planning import Assignment
from app.models.registry import Organization
from app.services.deadlines import Deadline, nearest_due, stretch
from app.services.scopes import covering
from app.services.targets import State, begun, finished, narrowed
from app.services.workplace import Workplace
from app.vocabulary import InspectionType, Role


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of targets is narrowed to; ``None`` and an empty region narrow nothing."""

    inspection_type: InspectionType | None = None
    state: State = "open"
    deadline: Deadline | None = None
    risk: str | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class TargetCounts:
    """How many targets there are under each choice; one that is not named has none.

    ``regions`` gives the names of the codes of ``by_region``.
    """

    by_state: Mapping[State, int]
    by_type: Mapping[InspectionType, int]
    by_deadline: Mapping[Deadline, int]
    by_risk: Mapping[str, int]
    by_region: Mapping[str, int]
    regions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Targets that no filter tells apart."""

    inspection_type: InspectionType
    states: frozenset[State]
    deadline: Deadline
    risk: str
    region: str
    region_name: str
    number: int


def assignment_counts(place: Workplace, *, query: str = "", filters: Filters) -> TargetCounts:
    """How many targets ``targets.assignment_ids`` would list with one filter set otherwise."""
    kinds = _kinds(place, query)
    names = {kind.region: kind.region_name or kind.region for kind in kinds if kind.region}
    states: Counter[State] = Counter()
    types: Counter[InspectionType] = Counter()
    deadlines: Counter[Deadline] = Counter()
    risks: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    for kind in kinds:
        if _passes(kind, replace(filters, state="all")):
            states.update(dict.fromkeys(kind.states, kind.number))
        if _passes(kind, replace(filters, inspection_type=None)):
            types[kind.inspection_type] += kind.number
        if _passes(kind, replace(filters, deadline=None)):
            deadlines[kind.deadline] += kind.number
        if _passes(kind, replace(filters, risk=None)):
            risks[kind.risk] += kind.number
        if _passes(kind, replace(filters, region="")):
            regions.update({code: kind.number for code in names if kind.region.startswith(covering(code))})
    return TargetCounts(states, types, deadlines, risks, regions, names)


def _passes(kind: _Kind, filters: Filters) -> bool:
    return (
        filters.state in kind.states
        and filters.inspection_type in {None, kind.inspection_type}
        and filters.deadline in {None, kind.deadline}
        and filters.risk in {None, kind.risk}
        and kind.region.startswith(covering(filters.region))
    )


def _kinds(place: Workplace, query: str) -> list[_Kind]:
    told = (
        Assignment.inspection_type, Assignment.cancelled_at.is_(None), begun(), finished(), nearest_due(),
        Organization.risk, Organization.region, Organization.region_name,
    )  # fmt: skip
    every = (
        select(*told, func.count())
        .join(Organization, Organization.id == Assignment.organization_id)
        .where(*narrowed(query, ""))
        .group_by(*told)
    )
    if place.owner.role is Role.INSPECTOR:
        every = every.where(Assignment.device_id == place.device_id)
    today = place.today()
    with place.read() as session:
        rows = session.execute(every).all()
    return [
        _Kind(
            kind, _states(standing=standing, begun_once=was_begun, done=done), stretch(due, today), risk,
            region, name, number,
        )
        for kind, standing, was_begun, done, due, risk, region, name, number in rows
    ]  # fmt: skip


def _states(*, standing: bool, begun_once: bool, done: bool) -> frozenset[State]:
    holds: dict[State, bool] = {
        "open": standing and not done, "waiting": standing and not begun_once, "done": done,
        "all": standing or begun_once,
    }  # fmt: skip
    return frozenset(state for state in get_args(State) if holds[state])
