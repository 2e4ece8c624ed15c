"""Plans and their tasks: what a notice demands, and how far it is done.

Required is a number of targets, or a share of the organizations in the task's scope, rounded up;
done are organizations with an inspection that counts (:mod:`app.services.scopes`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session

from app.errors import BadInput, Problem
from app.intake import plans as intake
from app.intake.plans import read_plan
from app.models.base import new_id
from app.models.inspection import Inspection
from app.models.planning import Assignment, Plan, PlanTask
from app.planning import deadlines, quotas
from app.planning.deadlines import TwoDates
from app.planning.quotas import Quota
from app.services.peers import owner_of, require_ours
from app.services.scopes import DONE, base_of, in_conflict
from app.services.workplace import Changes, Workplace
from app.vocabulary import InspectionType

_TOLD = (
    *("sequence", "scope", "required_count", "required_permille"),
    *("own_deadline", "superior_deadline", "document"),
)
"""What a plan file says about a task it knows."""

_PerTask = Select[str | None, int]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan with the sums over its tasks."""

    id: str
    title: str
    document: str
    year: int
    starts_on: date | None
    ends_on: date | None
    tasks: int
    required: int
    done: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task with its progress; ``base`` organizations are in its scope, ``assigned`` handed out."""

    plan_id: str
    key: str
    title: str
    inspection_type: InspectionType
    scope: str
    region: str
    base: int
    required: int
    assigned: int
    done: int
    remaining: int
    own_deadline: date | None
    superior_deadline: date | None
    document: str


@dataclass(frozen=True, slots=True)
class PlanAdded:
    """A new plan."""

    id: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class TaskAdded:
    """A new task of a plan; ``problems`` are remarks about its dates."""

    key: str
    changes: Changes
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanImported:
    """What a plan file brought: counts of tasks, and what was wrong with other rows."""

    plan_id: str
    added: int
    updated: int
    unchanged: int
    problems: tuple[Problem, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class NewTask:
    """What a task demands, before it is stored."""

    title: str
    inspection_type: InspectionType
    scope: str = ""
    region: str = ""
    quota: Quota = field(default_factory=Quota)
    dates: TwoDates = field(default_factory=TwoDates)
    document: str = ""


def add_plan(
    place: Workplace,
    *,
    title: str,
    year: int,
    document: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> PlanAdded:
    """Add a year's or a campaign's plan."""
    if not title.strip():
        raise BadInput("assigning.no_title")
    plan = Plan(
        id=new_id(), title=title.strip(), year=year, document=document, starts_on=starts_on, ends_on=ends_on
    )
    with place.write("plan.add") as work:
        work.session.add(plan)
        plan_id = plan.id
        work.commit()
    return PlanAdded(plan_id, Changes.of("plan", plan_id))


def add_task(
    place: Workplace,
    *,
    plan_id: str,
    title: str,
    inspection_type: InspectionType,
    scope: str = "",
    region: str = "",
    required_count: int | None = None,
    required_permille: int | None = None,
    own_deadline: date | None = None,
    superior_deadline: date | None = None,
    document: str = "",
) -> TaskAdded:
    """Add a task to a plan; an own deadline after the superior one is remarked, not refused."""
    quota, dates = Quota(required_count, required_permille), TwoDates(own_deadline, superior_deadline)
    task = NewTask(title.strip(), inspection_type, scope, region, quota, dates, document)
    if not task.title:
        raise BadInput("assigning.no_title")
    with place.write("plan.add_task") as work:
        find_plan(work.session, plan_id)
        require_ours(work.session, "plan", plan_id)
        last = work.session.scalar(select(func.max(PlanTask.sequence)).where(PlanTask.plan_id == plan_id))
        row = stored_task(plan_id, (last or 0) + 1, task)
        key = row.key
        work.session.add(row)
        work.commit()
    return TaskAdded(key, Changes.of("plan", plan_id), deadlines.check(dates))


def stored_task(plan_id: str, sequence: int, task: NewTask) -> PlanTask:
    """The row of a new task."""
    return PlanTask(
        plan_id=plan_id, key=new_id(), sequence=sequence, title=task.title,
        inspection_type=task.inspection_type, scope=task.scope, region=task.region,
        required_count=task.quota.number, required_permille=task.quota.permille,
        own_deadline=task.dates.own, superior_deadline=task.dates.superior, document=task.document,
    )  # fmt: skip


def import_plan(place: Workplace, *, path: Path, year: int | None = None) -> PlanImported:
    """Take a plan list in: tasks are matched by title and type, so that a second import changes nothing.

    Rows whose type of inspection is not done here stay out and are named among the problems.
    """
    read = read_plan(path)
    tasks = [(row.row, _new_task(row)) for row in read.rows if row.inspection_type is not None]
    left_out = {row.row for row in read.rows if row.inspection_type is None}
    problems = tuple(_left_out(each) if each.where.row in left_out else each for each in read.problems)
    title = read.title or path.stem
    with place.write("plan.import") as work:
        plan = _plan_called(work.session, title, year or _year_in(title) or place.today().year)
        counts = Counter(_take_in(work.session, plan.id, row, task) for row, task in tasks)
        plan_id = plan.id
        work.commit()
    remarks = tuple(remark for _, task in tasks for remark in deadlines.check(task.dates))
    return PlanImported(
        plan_id, counts["added"], counts["updated"], counts["unchanged"], problems + remarks,
        Changes.of("plan", plan_id),
    )  # fmt: skip


def _new_task(row: intake.PlanRow) -> NewTask:
    assert row.inspection_type is not None
    quota = Quota(row.count, row.ratio_permille)
    dates = TwoDates(row.deadline, row.superior_deadline)
    return NewTask(row.task, row.inspection_type, row.scope, "", quota, dates, row.source)


def _left_out(problem: Problem) -> Problem:
    """The reader takes a row of any type and remarks on it; here it stays out, and the remark says so."""
    return replace(problem, taken=False) if problem.code == "intake.unknown_inspection_type" else problem


def _year_in(title: str) -> int | None:
    found = re.search(r"(?<!\d)20\d\d(?!\d)", title)
    return int(found[0]) if found else None


def _plan_called(session: Session, title: str, year: int) -> Plan:
    """Our plan of that title; one that another office handed down under the same title stays as it is."""
    found = session.scalars(select(Plan).where(Plan.title == title, Plan.year == year).order_by(Plan.id))
    plan = next((each for each in found if owner_of(session, "plan", each.id) is None), None)
    if plan is None:
        plan = Plan(id=new_id(), title=title, year=year)
        session.add(plan)
    return plan


def _take_in(session: Session, plan_id: str, sequence: int, task: NewTask) -> str:
    """Add or update one task; says which of it happened."""
    query = select(PlanTask).where(
        PlanTask.plan_id == plan_id,
        PlanTask.title == task.title,
        PlanTask.inspection_type == task.inspection_type,
    )
    fresh = stored_task(plan_id, sequence, task)
    known = session.scalars(query).first()
    if known is None:
        session.add(fresh)
        session.flush()
        return "added"
    # Only what the file says: the key, and what was assigned under it, stay.
    differing = [name for name in _TOLD if getattr(known, name) != getattr(fresh, name)]
    for name in differing:
        setattr(known, name, getattr(fresh, name))
    return "updated" if differing else "unchanged"


def find_plan(session: Session, plan_id: str) -> Plan:
    """The plan, or ``assigning.unknown_plan``."""
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise BadInput("assigning.unknown_plan", plan=plan_id)
    return plan


def find_task(session: Session, plan_id: str, task_key: str) -> PlanTask:
    """The task, or ``assigning.unknown_task``."""
    task = session.get(PlanTask, (plan_id, task_key))
    if task is None:
        raise BadInput("assigning.unknown_task", task=task_key)
    return task


def plan_rows(place: Workplace) -> tuple[PlanRow, ...]:
    """Every plan, the newest year first."""
    with place.read() as session:
        plans = session.scalars(select(Plan).order_by(Plan.year.desc(), Plan.title, Plan.id)).all()
        return tuple(_plan_row(session, plan) for plan in plans)


def _plan_row(session: Session, plan: Plan) -> PlanRow:
    tasks = _task_rows(session, plan)
    return PlanRow(
        plan.id, plan.title, plan.document, plan.year, plan.starts_on, plan.ends_on, len(tasks),
        sum(task.required for task in tasks), sum(task.done for task in tasks),
    )  # fmt: skip


def task_rows(place: Workplace, *, plan_id: str) -> tuple[TaskRow, ...]:
    """The tasks of a plan in their order, with progress."""
    with place.read() as session:
        return _task_rows(session, find_plan(session, plan_id))


def _task_rows(session: Session, plan: Plan) -> tuple[TaskRow, ...]:
    order = (PlanTask.sequence, PlanTask.key)
    tasks = session.scalars(select(PlanTask).where(PlanTask.plan_id == plan.id).order_by(*order)).all()
    done = _per_task(session, _done(plan.id))
    assigned = _per_task(session, _assigned(plan.id))
    return tuple(
        _task_row(plan, task, base_of(session, task), assigned.get(task.key, 0), done.get(task.key, 0))
        for task in tasks
    )


def _task_row(plan: Plan, task: PlanTask, base: int, assigned: int, done: int) -> TaskRow:
    stands = quotas.progress(Quota(task.required_count, task.required_permille), base, done)
    return TaskRow(
        plan.id, task.key, task.title, task.inspection_type, task.scope, task.region, base,
        stands.required, assigned, done, stands.remaining, task.own_deadline, task.superior_deadline,
        task.document or plan.document,
    )  # fmt: skip


def _per_task(session: Session, query: _PerTask) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(query) if row[0] is not None}


def _done(plan_id: str) -> _PerTask:
    """Task key and number of organizations with a counting inspection."""
    return (
        select(Inspection.task_key, func.count(distinct(Inspection.organization_id)))
        .where(Inspection.plan_id == plan_id, Inspection.status.in_(DONE), ~in_conflict())
        .group_by(Inspection.task_key)
    )


def _assigned(plan_id: str) -> _PerTask:
    return (
        select(Assignment.task_key, func.count(distinct(Assignment.organization_id)))
        .where(Assignment.plan_id == plan_id, Assignment.cancelled_at.is_(None))
        .group_by(Assignment.task_key)
    )
