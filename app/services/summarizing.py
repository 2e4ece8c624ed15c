"""The work summary (工作总结): facts of a plan's period, and the Word document made from a template.

The shipped template lies in ``resources/documents``; an office's own takes its place in the folder
``templates`` of its home (:func:`import_template`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput, Problem
from app.files import explained, make_folder, resource, write_atomically
from app.models.inspection import Inspection
from app.models.planning import Plan
from app.services import planning, questions
from app.services.planning import find_plan
from app.services.scopes import DONE, in_conflict
from app.services.workplace import Changes, Workplace
from app.statistics.period import Period, PeriodRule, chosen_period
from app.statistics.summary import Facts, ProblemLine, year_before
from app.statistics.summary_reader import read_facts, read_figures
from app.statistics.summary_words import Summary, TaskLine, schema, spoken
from app.vocabulary import InspectionType

FOLDER = "templates"
TEMPLATE = "work-summary.docx"
SELF_FILLED = frozenset({InspectionType.CB_SELF})
"""What is filled in by others is no inspection of this office's."""


@dataclass(frozen=True, slots=True)
class SummaryWritten:
    """A written summary; ``own_template`` when the office's template was used."""

    path: Path
    summary: Summary
    own_template: bool


def summary(
    place: Workplace, *, plan_id: str = "", period_from: date | None = None, period_to: date | None = None
) -> Summary:
    """The facts of a plan's types of inspection over its period, or of all types over a year.

    A plan that names no days covers its year, as far as that has come. Every inspection of its types
    counts, as in the tables of the same period; the tasks' quotas count the plan's own inspections.
    """
    with place.read() as session:
        plan = find_plan(session, plan_id) if plan_id else None
        period = _period(place, plan, period_from, period_to)
        named = (plan.title, plan.document) if plan else ("", "")
    tasks = planning.task_rows(place, plan_id=plan_id) if plan_id else ()
    types = {task.inspection_type for task in tasks} or set(InspectionType) - SELF_FILLED
    with place.read() as session:
        facts = read_facts(session, types, period, place.today())
        former = read_figures(session, types, year_before(period), place.today())
        counting = _records(session, plan_id) if plan_id else {}
    lines = tuple(
        TaskLine(
            task.key, task.title, task.inspection_type, task.required, task.done, task.remaining,
            task.own_deadline, task.superior_deadline, counting.get(task.key, ()),
        )
        for task in tasks
    )  # fmt: skip
    return Summary(
        place.owner.office, place.today(), _titled(place, facts), former, lines, plan_id, *named,
        contact=place.settings.contact, contact_phone=place.settings.contact_phone,
    )  # fmt: skip


def usual_period(place: Workplace, *, plan_id: str = "") -> Period:
    """The days that a summary covers when nobody says otherwise."""
    with place.read() as session:
        return _period(place, find_plan(session, plan_id) if plan_id else None, None, None)


def _period(place: Workplace, plan: Plan | None, first: date | None, last: date | None) -> Period:
    """The asked days; else the plan's, else its year's up to today."""
    today = place.today()
    year = plan.year if plan else today.year
    whole = PeriodRule().usual(date(year, 1, 1))
    starts = (plan.starts_on if plan else None) or whole.first
    ends = (plan.ends_on if plan else None) or whole.last
    if starts <= today < ends:
        ends = today
    return chosen_period(PeriodRule(), today, first or starts, last or ends)


def _records(session: Session, plan_id: str) -> dict[str, tuple[str, ...]]:
    """Ids of the inspections that count for each task of a plan."""
    query = (
        select(Inspection.task_key, Inspection.id)
        .where(Inspection.plan_id == plan_id, Inspection.status.in_(DONE), ~in_conflict())
        .order_by(Inspection.finalised_at, Inspection.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for task, inspection_id in session.execute(query):
        if task is not None:
            found[task].append(inspection_id)
    return {task: tuple(ids) for task, ids in found.items()}


def _titled(place: Workplace, facts: Facts) -> Facts:
    """The facts with the text of each item, as the checklist asks it."""
    return replace(facts, problems=tuple(_with_text(place, line) for line in facts.problems))


def _with_text(place: Workplace, line: ProblemLine) -> ProblemLine:
    try:
        found = questions.version_of(place, line.checklist_id, line.checklist_version).item(line.item)
    except BadInput:
        return line  # a checklist that is not here: the item keeps its number
    return replace(line, title=found.text, item=found.shown) if found else line


def write_summary(
    place: Workplace,
    *,
    out: Path,
    plan_id: str = "",
    period_from: date | None = None,
    period_to: date | None = None,
    template: Path | None = None,
) -> SummaryWritten:
    """Write the summary of a plan as a Word document from ``template``, the office's, or the shipped one."""
    from app.statistics.word_template import filled

    told = summary(place, plan_id=plan_id, period_from=period_from, period_to=period_to)
    chosen = template or template_path(place)
    write_atomically(out, filled(chosen, schema(), spoken(told)))
    return SummaryWritten(out, told, chosen != _shipped())


def template_path(place: Workplace) -> Path:
    """The template in use: the office's own where there is one."""
    own = place.home / FOLDER / TEMPLATE
    return own if own.is_file() else _shipped()


def _shipped() -> Path:
    return resource("documents", TEMPLATE)


def export_template(place: Workplace, *, out: Path) -> Path:
    """Write the template in use, to be edited in Word."""
    source = template_path(place)
    with explained(source):
        content = source.read_bytes()
    write_atomically(out, content)
    return out


def template_faults(path: Path) -> tuple[Problem, ...]:
    """What is wrong in an edited template, by paragraph or table row."""
    from app.statistics.word_template import template_problems

    return template_problems(path, schema())


def import_template(place: Workplace, *, path: Path) -> Changes:
    """Take an edited template into use; with any problem nothing is taken."""
    if problems := template_faults(path):
        raise BadInput("template.not_taken", name=path.name, count=len(problems))
    with explained(path):
        content = path.read_bytes()
    write_atomically(make_folder(place.home / FOLDER) / TEMPLATE, content)
    return Changes.of("template", TEMPLATE)
