"""Tables that are lists: a line of each certificate, task or self-inspection (specs/statistics.md).

A column names the field it shows; what fields a listing has stands beside its reader. A line keeps its
key as long as the thing it tells of does, so that a later list can be compared with one that was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.models.inspection import Inspection
from app.models.people import Device
from app.models.planning import Assignment, Plan, PlanTask
from app.models.registry import Certificate, Organization
from app.statistics.certificates import CertificateDates, Holding, holding_on
from app.statistics.definition import TableDefinition
from app.statistics.material import Listed, Material, Visit
from app.statistics.period import Period
from app.statistics.words import word
from app.vocabulary import CertificateStatus, InspectionType
from app.wording import label

Reader = Callable[[Session, TableDefinition, Period, tuple[Visit, ...]], tuple[Listed, ...]]
Values = dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing's lines are made of; ``fields`` of a listing with items are what those hold."""

    measure: str
    fields: frozenset[str]
    read: Reader


def certificates(
    session: Session, definition: TableDefinition, period: Period, _visits: tuple[Visit, ...]
) -> tuple[Listed, ...]:
    """A line of each certificate that counts on the period's last day, suspended ones marked."""
    query = (
        select(
            Certificate.organization_id, Certificate.number, Certificate.product, Certificate.body_name,
            Certificate.status, Certificate.issued_on, Certificate.expires_on, Certificate.ended_on,
            Certificate.suspended_from, Certificate.suspended_to, Organization.name,
            Organization.credit_code, Organization.address, Organization.contact, Organization.phone,
        )
        .join(Organization, Organization.id == Certificate.organization_id)
        .where(Certificate.scheme == definition.scheme)
        .order_by(Organization.name, Organization.id, Certificate.number)
    )  # fmt: skip
    day = period.last
    held = (
        row for row in session.connection().execute(query) if holding_on(_dates(row), day) is Holding.COUNTS
    )
    fields = {column.field for column in definition.columns}
    return tuple(_certificate(row, day, fields) for row in held)


def _certificate(row: Any, day: date, fields: set[str]) -> Listed:
    """The line of a certificate, with the fields that the table shows."""
    suspended = _suspended_on(row, day)
    return Listed(
        key=f"{row.organization_id}/{row.number}",
        record_id=row.organization_id,
        subject=row.credit_code or f"#{row.organization_id}",
        part=row.number,
        values={name: value for name, value in _told(row, suspended).items() if name in fields},
    )


def _told(row: Any, suspended: bool) -> Values:
    """Every field of a certificate."""
    status = CertificateStatus.SUSPENDED if suspended else CertificateStatus.VALID
    return {
        "holder": row.name,
        "address_and_contact": joined(row.address, row.contact, row.phone),
        "product": row.product,
        "number": word("listing", "suspended", number=row.number) if suspended else row.number,
        "body": row.body_name,
        "status": label("certificate_status", status),
        "issued_on": _iso(row.issued_on),
        "expires_on": _iso(row.expires_on),
        "credit_code": row.credit_code,
    }


def joined(*texts: str) -> str:
    """What is there of an address, a name and a number, with a space between."""
    return " ".join(text for text in texts if text)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _dates(row: Any) -> CertificateDates:
    return CertificateDates(row.status, row.issued_on, row.expires_on, row.ended_on)


def _suspended_on(row: Any, day: date) -> bool:
    """Whether a certificate is suspended on a day: by its window, else by the registry's word."""
    begins, ends = row.suspended_from, row.suspended_to
    if begins is not None and begins <= day and (ends is None or day <= ends):
        return ends is not None or row.status is not CertificateStatus.VALID
    return row.status is CertificateStatus.SUSPENDED and (begins is None or begins <= day)


def plan_tasks(
    session: Session, _definition: TableDefinition, period: Period, _visits: tuple[Visit, ...]
) -> tuple[Listed, ...]:
    """A line of each task of the plans whose days, or whose year where they give none, meet the period."""
    years = Plan.year.between(period.first.year, period.last.year)
    met = and_(
        or_(Plan.starts_on.is_(None), Plan.starts_on <= period.last),
        or_(Plan.ends_on.is_(None), Plan.ends_on >= period.first),
        or_(Plan.starts_on.is_not(None), Plan.ends_on.is_not(None), years),
    )
    query = (
        select(PlanTask, Plan.title, Plan.starts_on, Plan.ends_on)
        .join(Plan, Plan.id == PlanTask.plan_id)
        .where(met)
        .order_by(Plan.year, Plan.title, PlanTask.sequence, PlanTask.key)
    )
    offices = _offices(session)
    return tuple(
        Listed(
            key=f"{task.plan_id}/{task.key}",
            record_id=task.plan_id,
            subject=f"#{task.plan_id}/{task.key}",
            part=task.key,
            values={
                "title": task.title,
                "when": _when(starts, task.own_deadline or task.superior_deadline or ends),
                "targets": _targets(task),
                "offices": word("listing", "comma").join(offices.get((task.plan_id, task.key), ())) or None,
                "plan": plan,
                "document": task.document,
            },
        )
        for task, plan, starts, ends in session.execute(query)
    )


def _when(first: date | None, last: date | None) -> str | None:
    """From the plan's first day to the task's deadline, as far as they are known."""
    if last is None:
        return None
    key = "until" if first is None else "from_until"
    return word("listing", key, first=_day(first) if first else "", last=_day(last))


def _day(day: date) -> str:
    return word("workbook", "day", year=day.year, month=day.month, day=day.day)


def _targets(task: PlanTask) -> str:
    """The scope in words and what is demanded of it."""
    if task.required_count is not None:
        demand = word("listing", "count", count=task.required_count)
    elif task.required_permille is not None:
        percent = f"{task.required_permille / 10:g}"
        demand = word("listing", "ratio", percent=percent)
    else:
        demand = ""
    return joined(task.scope, demand)


def _offices(session: Session) -> dict[tuple[str, str], tuple[str, ...]]:
    """Offices whose devices were handed targets of a task: who carries it out."""
    query = (
        select(Assignment.plan_id, Assignment.task_key, Device.office)
        .join(Device, Device.id == Assignment.device_id)
        .where(Assignment.cancelled_at.is_(None), Device.office != "")
        .distinct()
        .order_by(Device.office)
    )
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for plan_id, task_key, office in session.execute(query):
        found[plan_id, task_key] = (*found.get((plan_id, task_key), ()), office)
    return found


def last_of_each(known: dict[str, Visit], material: Material) -> dict[str, Visit]:
    """The last self-inspection of each body that counts, ``known`` ones and those of ``material``."""
    visits, last = material.visits, dict(known)
    for number in material.in_period:
        if visits.inspection_type[number] is InspectionType.CB_SELF:
            former = last.get(visits.subject[number])
            if former is None or visits.finalised[number] >= former.finalised:
                last[visits.subject[number]] = visits[number]
    return last


def self_inspections(
    session: Session, definition: TableDefinition, _period: Period, visits: tuple[Visit, ...]
) -> tuple[Listed, ...]:
    """A line of each certification body: its last self-inspection of the period that counts."""
    ids = [visit.id for visit in visits]
    query = select(Inspection.id, Inspection.subject_name).where(Inspection.id.in_(ids))
    names = {row.id: row.subject_name for row in session.execute(query)}
    lines = (
        Listed(visit.subject, visit.id, visit.subject, "", _entered(definition, visit, names[visit.id]))
        for visit in visits
    )
    return tuple(sorted(lines, key=lambda line: (str(line.values["name"]), line.key)))


def _entered(definition: TableDefinition, visit: Visit, name: str) -> Values:
    """The body's name, and for each column what was entered for its item: a number where it is one."""
    values: Values = {"name": name}
    for column in definition.columns:
        if column.items:
            text = visit.values.get(column.items[0], "").strip()
            values[column.field] = int(text) if text.isdecimal() else text or None
    return values


LISTINGS: dict[str, Listing] = {
    "certificates": Listing(
        "certificate_field",
        frozenset({"holder", "address_and_contact", "product", "number", "body", "status", "issued_on",
                   "expires_on", "credit_code"}),
        certificates,
    ),
    "plan_tasks": Listing(
        "task_field",
        frozenset({"title", "when", "targets", "offices", "plan", "document"}),
        plan_tasks,
    ),
    "self_inspections": Listing("self_inspection_field", frozenset({"name"}), self_inspections),
}  # fmt: skip
"""Every listing by the word that a table names it with."""
