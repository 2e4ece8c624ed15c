"""The records behind a cell, named so that a person finds them; read for the facts it was made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.clock import local_date
from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.inspection import Finding, Inspection, InspectionOfficer
from app.models.planning import Plan, PlanTask
from app.models.registry import Certificate, Organization
from app.statistics.material import PARTS
from app.statistics.measures import Counting, Measure
from app.statistics.whole import Fact
from app.wording import joined, labels

CHUNK = 5000
"""Ids in one query: far below the engine's limit of parameters."""

ONCE = (Counting.SUBJECTS, Counting.WORDS)
"""The countings in which a subject adds one, whatever the number of its records."""

Attribute = InstrumentedAttribute[str]


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """One record behind a cell.

    ``kind`` is ``inspection``, ``organization`` or ``plan``; ``subject`` who it counts for in the cell; ``on``
    the day the inspection was finalised or the dossier made; ``details`` the officers, certificates,
    findings, orders, cases or notices that made it count; ``amount`` what it adds (money in 分), so
    that the amounts of a cell's records make its number. A subject's further records add 0.
    """

    kind: str
    record_id: str
    subject: str
    subject_name: str
    subject_code: str
    on: date | None
    number: str
    details: tuple[str, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class _Header:
    name: str
    code: str
    on: date | None
    number: str


def explain_facts(session: Session, measure: Measure, facts: Sequence[Fact]) -> tuple[ExplainedRow, ...]:
    """The records behind ``facts``, oldest first; each once for every subject it counts for."""
    grouped: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        grouped[fact.record_id, fact.subject].append(fact)
    ids = list(dict.fromkeys(fact.record_id for fact in facts))
    headers = _HEADERS[measure.record](session, ids)
    words = _part_words(session, measure.part, ids)
    rows = (
        ExplainedRow(
            kind=measure.record,
            record_id=record_id,
            subject=subject,
            subject_name=headers[record_id].name,
            subject_code=headers[record_id].code,
            on=headers[record_id].on,
            number=headers[record_id].number,
            details=tuple(
                dict.fromkeys(
                    words.get((record_id, part), part)
                    for fact in behind
                    for part in fact.part.split(PARTS)
                    if part
                )
            ),
            amount=1 if measure.counting is Counting.RECORDS else sum(fact.amount for fact in behind),
        )
        for (record_id, subject), behind in grouped.items()
    )
    ordered = sorted(rows, key=lambda row: (row.on or date.min, row.subject_name, row.record_id))
    return tuple(_once_a_subject(ordered) if measure.counting in ONCE else ordered)


def name_records(session: Session, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """What people call records: number or day, and whose they are; an unknown id stays as it is."""
    found = _HEADERS[kind](session, ids)
    return {
        each: joined("names", (header.number or (header.on.isoformat() if header.on else ""), header.name))
        for each, header in found.items()
    } | {each: each for each in ids if each not in found}


def _once_a_subject(rows: Sequence[ExplainedRow]) -> Iterator[ExplainedRow]:
    seen: set[str] = set()
    for row in rows:
        yield replace(row, amount=int(row.subject not in seen))
        seen.add(row.subject)


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _inspections(session: Session, ids: Sequence[str]) -> dict[str, _Header]:
    columns = (
        Inspection.id, Inspection.subject_name, Inspection.subject_code,
        Inspection.finalised_at, Inspection.number,
    )  # fmt: skip
    return {
        row.id: _Header(
            row.subject_name,
            row.subject_code,
            local_date(row.finalised_at) if row.finalised_at else None,
            row.number,
        )
        for chunk in _chunks(ids)
        for row in session.execute(select(*columns).where(Inspection.id.in_(chunk)))
    }


def _organizations(session: Session, ids: Sequence[str]) -> dict[str, _Header]:
    columns = (Organization.id, Organization.name, Organization.credit_code, Organization.dossier_on)
    return {
        row.id: _Header(row.name, row.credit_code, row.dossier_on, "")
        for chunk in _chunks(ids)
        for row in session.execute(select(*columns).where(Organization.id.in_(chunk)))
    }


def _plans(session: Session, ids: Sequence[str]) -> dict[str, _Header]:
    columns = (Plan.id, Plan.title, Plan.starts_on, Plan.document)
    return {
        row.id: _Header(row.title, "", row.starts_on, row.document)
        for chunk in _chunks(ids)
        for row in session.execute(select(*columns).where(Plan.id.in_(chunk)))
    }


_HEADERS: dict[str, Callable[[Session, Sequence[str]], dict[str, _Header]]] = {
    "inspection": _inspections,
    "organization": _organizations,
    "plan": _plans,
}

# Part of a record → its record, its key, and the words it is known by, the best first.
_PARTS: dict[str, tuple[Attribute, Attribute, tuple[Attribute, ...]]] = {
    "officer": (InspectionOfficer.inspection_id, InspectionOfficer.credential, (InspectionOfficer.name,)),
    "certificate": (Certificate.organization_id, Certificate.number, (Certificate.number,)),
    "task": (PlanTask.plan_id, PlanTask.key, (PlanTask.title,)),
    "finding": (Finding.inspection_id, Finding.key, (Finding.description, Finding.item)),
    "order": (
        RectificationOrder.inspection_id,
        RectificationOrder.key,
        (RectificationOrder.number, RectificationOrder.subject_name),
    ),
    "case": (Case.inspection_id, Case.key, (Case.number, Case.subject_name)),
    "notification": (
        Notification.inspection_id,
        Notification.key,
        (Notification.number, Notification.body_name),
    ),
}


def _part_words(session: Session, part: str, ids: Sequence[str]) -> dict[tuple[str, str], str]:
    if part == "production_status":
        return {(record_id, state): text for record_id in ids for state, text in labels(part).items()}
    if part not in _PARTS:
        return {}
    record, key, words = _PARTS[part]
    found: dict[tuple[str, str], str] = {}
    for chunk in _chunks(ids):
        query: Select[*tuple[str, ...]] = select(record, key, *words).where(record.in_(chunk))
        for record_id, name, *said in session.execute(query):
            found[record_id, name] = next((text for text in said if text), name)
    return found
