"""The store's rows of one scope and period, in a handful of queries whatever the table's size."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select, union
from sqlalchemy.orm import Session

from app.models.enforcement import Case as CaseRow
from app.models.enforcement import FollowUp, Notification, RectificationOrder
from app.models.inspection import Finding, Inspection, InspectionOfficer
from app.models.registry import Certificate, Organization
from app.models.revisions import RecordState
from app.statistics.certificates import CertificateDates, Holding, holding_on
from app.statistics.material import (
    Case,
    HeldCertificate,
    Material,
    Notice,
    Order,
    Standing,
    Visit,
    standing_of,
)
from app.statistics.period import Period
from app.statistics.subjects import Subjects
from app.vocabulary import FollowUpResult, InspectionType, Scheme, SubjectKind

CASE_DAYS = (CaseRow.filed_on, CaseRow.decided_on, CaseRow.referred_on)


def gather(
    session: Session, types: tuple[InspectionType, ...], scheme: Scheme | None, period: Period
) -> Material:
    """The material of inspections of ``types`` and certificates of ``scheme`` in ``period``."""
    people = Subjects(session)
    visits = _visits(session, types, period, people)
    counting = {each.id: each for each in visits if each.standing is Standing.COUNTS}
    registry = _registry(session, scheme, period, people) if scheme else _Registry()
    return Material(
        period=period,
        visits=visits,
        orders=_orders(session, counting, period, people),
        cases=_cases(session, counting, period, people),
        notices=_notices(session, counting, period, people),
        certificates=tuple(registry.held),
        unknown_status=tuple(dict.fromkeys(registry.unknown)),
        as_of=(min(registry.days), max(registry.days)) if registry.days else None,
        registry_known=registry.known,
    )


def _touched(period: Period) -> Select[str]:
    """Inspections with an order, case or notice in the period."""
    days = (period.first, period.last)
    parts = union(
        select(RectificationOrder.inspection_id).where(RectificationOrder.issued_on.between(*days)),
        select(CaseRow.inspection_id).where(or_(*(day.between(*days) for day in CASE_DAYS))),
        select(Notification.inspection_id).where(Notification.sent_on.between(*days)),
    ).subquery()
    return select(parts.c.inspection_id)


def _headers(types: tuple[InspectionType, ...], period: Period) -> Select[*tuple[Any, ...]]:
    """Headers of every inspection that touches the period, in the order they were finalised."""
    start, end = period.bounds()
    conflict = and_(RecordState.record_kind == "inspection", RecordState.record_id == Inspection.id)
    return (
        select(
            Inspection.id, Inspection.organization_id, Inspection.inspection_type, Inspection.status,
            Inspection.product_class, Inspection.production_status, Inspection.subject_name,
            Inspection.subject_code, Inspection.finalised_at,
            Organization.credit_code, RecordState.in_conflict,
        )
        .outerjoin(Organization, Organization.id == Inspection.organization_id)
        .outerjoin(RecordState, conflict)
        .where(Inspection.inspection_type.in_(types))
        .where(
            or_(
                and_(Inspection.finalised_at >= start, Inspection.finalised_at < end),
                and_(Inspection.started_at >= start, Inspection.started_at < end),
                Inspection.id.in_(_touched(period)),
            )
        )
        .order_by(Inspection.finalised_at, Inspection.id)
    )  # fmt: skip


def _visits(
    session: Session, types: tuple[InspectionType, ...], period: Period, people: Subjects
) -> tuple[Visit, ...]:
    rows = session.execute(_headers(types, period)).all()
    start, end = period.bounds()
    for row in rows:
        people.learn_code(row.organization_id, row.credit_code, row.subject_code)
    officers, findings = _officers(session, start, end), _findings(session, start, end)
    return tuple(
        Visit(
            id=row.id,
            inspection_type=row.inspection_type,
            product_class=row.product_class,
            production_status=row.production_status,
            subject=people.visited(row.id, row.organization_id, row.subject_name, row.subject_code),
            finalised_at=row.finalised_at,
            in_period=period.holds(row.finalised_at),
            standing=standing_of(row.status, row.finalised_at, in_conflict=bool(row.in_conflict)),
            officers=tuple(officers.get(row.id, ())),
            findings=tuple(findings.get(row.id, ())),
        )
        for row in rows
    )


def _officers(session: Session, start: datetime, end: datetime) -> dict[str, list[str]]:
    """Officers with a credential by inspection; experts and audit staff do not count (common rule 3)."""
    query = (
        select(InspectionOfficer.inspection_id, InspectionOfficer.credential)
        .join(Inspection, Inspection.id == InspectionOfficer.inspection_id)
        .where(InspectionOfficer.officer.is_(True), InspectionOfficer.credential != "")
        .where(Inspection.finalised_at >= start, Inspection.finalised_at < end)
    )
    return _grouped(session, query)


def _findings(session: Session, start: datetime, end: datetime) -> dict[str, list[str]]:
    """Confirmed findings against the inspected organization itself, by inspection."""
    query = (
        select(Finding.inspection_id, Finding.key)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(Finding.confirmed.is_(True), Finding.against == SubjectKind.ORGANIZATION)
        .where(Inspection.finalised_at >= start, Inspection.finalised_at < end)
    )
    return _grouped(session, query)


def _grouped(session: Session, query: Select[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for visit_id, key in session.execute(query):
        found[visit_id].append(key)
    return found


def _orders(
    session: Session, visits: dict[str, Visit], period: Period, people: Subjects
) -> tuple[Order, ...]:
    passed = (
        select(FollowUp.inspection_id, FollowUp.order_key)
        .where(FollowUp.result == FollowUpResult.PASSED, FollowUp.done_on <= period.last)
        .distinct()
    )
    closed = {(visit_id, key) for visit_id, key in session.execute(passed)}
    rows = session.execute(
        select(
            RectificationOrder.inspection_id, RectificationOrder.key, RectificationOrder.subject_kind,
            RectificationOrder.subject_name, RectificationOrder.subject_code,
        ).where(RectificationOrder.issued_on.between(period.first, period.last))
    ).all()  # fmt: skip
    return tuple(
        Order(
            visit=visits[row.inspection_id],
            key=row.key,
            subject_kind=row.subject_kind,
            subject=people.addressed(row.inspection_id, row.subject_kind, row.subject_name, row.subject_code),
            closed=(row.inspection_id, row.key) in closed,
        )
        for row in rows
        if row.inspection_id in visits
    )


def _cases(session: Session, visits: dict[str, Visit], period: Period, people: Subjects) -> tuple[Case, ...]:
    days = or_(*(day.between(period.first, period.last) for day in CASE_DAYS))
    found = session.scalars(select(CaseRow).where(days)).all()
    return tuple(
        Case(
            visit=visits[row.inspection_id],
            key=row.key,
            cause=row.cause,
            subject_kind=row.subject_kind,
            subject=people.addressed(row.inspection_id, row.subject_kind, row.subject_name, row.subject_code),
            days={day.key: getattr(row, day.key) for day in CASE_DAYS},
            referral=row.referral,
            amounts={name: getattr(row, name) or 0 for name in ("goods_value", "confiscated", "fine")},
        )
        for row in found
        if row.inspection_id in visits
    )


def _notices(
    session: Session, visits: dict[str, Visit], period: Period, people: Subjects
) -> tuple[Notice, ...]:
    rows = session.execute(
        select(
            Notification.inspection_id, Notification.key, Notification.kind,
            Notification.body_name, Notification.body_approval,
        ).where(Notification.sent_on.between(period.first, period.last))
    ).all()  # fmt: skip
    return tuple(
        Notice(visits[row.inspection_id], row.key, row.kind, people.body(row.body_name, row.body_approval))
        for row in rows
        if row.inspection_id in visits
    )


class _Registry:
    """What the registry says of a scheme at the period's end."""

    def __init__(self) -> None:
        self.held: list[HeldCertificate] = []
        self.unknown: list[str] = []
        self.days: list[date] = []
        self.known = False


def _registry(session: Session, scheme: Scheme, period: Period, people: Subjects) -> _Registry:
    query = (
        select(
            Organization.id, Organization.credit_code, Organization.dossier_on,
            Certificate.number, Certificate.product_class, Certificate.status, Certificate.issued_on,
            Certificate.expires_on, Certificate.ended_on, Certificate.as_of,
        )
        .join(Certificate, Certificate.organization_id == Organization.id)
        .where(Certificate.scheme == scheme)
        .order_by(Organization.id, Certificate.number)
    )  # fmt: skip
    found = _Registry()
    for row in session.execute(query):
        found.known = True
        if row.as_of is not None:
            found.days.append(row.as_of)
        dates = CertificateDates(row.status, row.issued_on, row.expires_on, row.ended_on)
        match holding_on(dates, period.last):
            case Holding.COUNTS:
                subject = people.organization(row.id, row.credit_code)
                dossier = row.dossier_on is not None and row.dossier_on <= period.last
                found.held.append(HeldCertificate(row.id, row.number, subject, row.product_class, dossier))
            case Holding.NOT_KNOWN:
                found.unknown.append(row.id)
            case Holding.DOES_NOT:
                pass
    return found
