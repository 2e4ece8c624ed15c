"""年度报告: when the year's report to the office above is due, and what is missing for it.

国市监认证〔2019〕102号 asks for a report at least once a year, of provinces by 1 December; the day is data
(``resources/documents/annual.toml``, or ``templates/annual.toml`` of the home).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.clock import day_bounds
from app.errors import BadInput, Place
from app.files import explained, resource
from app.models.inspection import Inspection
from app.models.sent import SentTable
from app.services import planning
from app.services.reporting import FOLDER as TABLES
from app.services.scopes import DONE, in_conflict
from app.services.workplace import Workplace
from app.statistics.loader import load_tables
from app.vocabulary import InspectionStatus, Role

FILE, FOLDER = "annual.toml", "templates"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the report still lacks: ``what`` (``annual_missing`` in the labels) and how many.

    ``names`` are the plans' tasks or the tables it is about, or ids of inspections.
    """

    what: str
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """A year's report; ``near`` from some weeks before its day on. ``days_left`` is negative when late."""

    year: int
    due_on: date
    days_left: int
    near: bool
    source: str
    contents: str
    missing: tuple[Missing, ...]


def annual_report(place: Workplace) -> AnnualReport:
    """This year's report as it stands today."""
    data = _data(place)
    today = place.today()
    due_on = date(today.year, data["month"], data["day"])
    return AnnualReport(
        year=today.year,
        due_on=due_on,
        days_left=(due_on - today).days,
        near=today >= due_on - timedelta(days=data["notice_days"]),
        source=data["source"],
        contents=data["contents"],
        missing=tuple(each for each in _missing(place, today.year) if each.count),
    )


def pending(place: Workplace) -> AnnualReport | None:
    """The year's report while it is near and something is missing; supervisors are told, nobody else."""
    if place.owner.role is not Role.SUPERVISOR:
        return None
    report = annual_report(place)
    return report if report.near and report.missing else None


def days_left(place: Workplace) -> int | None:
    """Days until the year's report is due while it is near, for supervisors; asks the store nothing.

    A day of the office's own that cannot be read is told where the report is shown; here the usual one
    stands in for it.
    """
    if place.owner.role is not Role.SUPERVISOR:
        return None
    try:
        data = _data(place)
    except BadInput:
        data = _shipped()
    left = (date(place.today().year, data["month"], data["day"]) - place.today()).days
    return left if left <= data["notice_days"] else None


def _shipped() -> dict[str, Any]:
    return tomllib.loads(resource("documents", FILE).read_text("utf8"))


def _data(place: Workplace) -> dict[str, Any]:
    own = place.home / FOLDER / FILE
    path = own if own.is_file() else resource("documents", FILE)
    with explained(path):
        text = path.read_text("utf8")
    try:
        data = {**_shipped(), **tomllib.loads(text)}
        date(2000, data["month"], data["day"])
        timedelta(days=data["notice_days"])
    except (tomllib.TOMLDecodeError, TypeError, ValueError, OverflowError) as error:
        raise BadInput("lists.not_readable", Place(file=f"{FOLDER}/{FILE}"), reason=str(error)) from error
    return data


def _missing(place: Workplace, year: int) -> Iterator[Missing]:
    start, end = day_bounds(date(year, 1, 1), date(year, 12, 31))
    of_year = Inspection.started_at.between(start, end)
    with place.read() as session:
        unfinished = Inspection.status.in_((InspectionStatus.IN_PROGRESS, InspectionStatus.RETURNED))
        yield _inspections(session, "unfinished", of_year, unfinished)
        unapproved = Inspection.status == InspectionStatus.FINALISED
        yield _inspections(session, "unapproved", of_year, unapproved, ~in_conflict())
        yield _inspections(session, "in_conflict", of_year, Inspection.status.in_(DONE), in_conflict())
    gaps = tuple(
        task
        for plan in planning.plan_rows(place)
        if plan.year == year
        for task in planning.task_rows(place, plan_id=plan.id)
        if task.remaining
    )
    yield Missing("gaps", sum(task.remaining for task in gaps), tuple(task.title for task in gaps))
    unsent = tuple(_unsent(place, year))
    yield Missing("unsent", len(unsent), unsent)


def _inspections(session: Session, what: str, *conditions: ColumnElement[bool]) -> Missing:
    ids = tuple(session.scalars(select(Inspection.id).where(*conditions).order_by(Inspection.id)))
    return Missing(what, len(ids), ids)


def _unsent(place: Workplace, year: int) -> Iterator[str]:
    """Titles of the tables that were sent the year before and not yet for this one.

    Which tables an office owes is its superiors' word; what it sent last year it will owe again.
    """
    with place.read() as session:
        sent = {
            (row.table_id, row.year)
            for row in session.execute(
                select(SentTable.table_id, func.extract("year", SentTable.period_to).label("year"))
            )
        }
    definitions = load_tables(place.home / TABLES)[0]
    for table_id, of_year in sorted(sent):
        if of_year == year - 1 and (table_id, year) not in sent and table_id in definitions:
            yield definitions[table_id].title
