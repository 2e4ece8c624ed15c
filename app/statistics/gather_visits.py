"""Headers of inspections with the officers, findings and entered values that tables ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, String, and_, or_, select, type_coerce, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.clock import local_date
from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.inspection import Answer, Finding, Inspection, InspectionOfficer, Measurement
from app.models.registry import Organization
from app.models.revisions import RecordState
from app.statistics.material import NOTHING, Visit, standing_of
from app.statistics.period import Period
from app.statistics.subjects import Subjects
from app.statistics.want import Want
from app.vocabulary import InspectionStatus, InspectionType, ProductClass, ProductionStatus, SubjectKind

PARTS = frozenset({"orders", "cases", "notices"})

_TYPES = {each.value: each for each in InspectionType}
_CLASSES = {each.value: each for each in ProductClass}
_STATES = {each.value: each for each in ProductionStatus}
_STATUSES = {each.value: each for each in InspectionStatus}


def touched(period: Period, needs: Iterable[str]) -> Select[str]:
    """Inspections with an order, case or notice in the period, as far as ``needs`` names them."""
    days = (period.first, period.last)
    case_days = (Case.filed_on, Case.decided_on, Case.referred_on)
    parts: dict[str, Select[str]] = {
        "orders": select(RectificationOrder.inspection_id).where(RectificationOrder.issued_on.between(*days)),
        "cases": select(Case.inspection_id).where(or_(*(day.between(*days) for day in case_days))),
        "notices": select(Notification.inspection_id).where(Notification.sent_on.between(*days)),
    }
    found = union(*(part for name, part in parts.items() if name in needs)).subquery()
    return select(found.c.inspection_id)


def read_visits(session: Session, want: Want, period: Period, people: Subjects) -> tuple[Visit, ...]:
    """Every visit of the wanted types that touches the period, in the order they were finalised."""
    return _Visits(session, want, period, people).read()


def _text(column: InstrumentedAttribute[Any]) -> Label[str]:
    """A column as the store has it."""
    return type_coerce(column, String).label(column.key)


def _headers(want: Want, period: Period) -> Select[*tuple[Any, ...]]:
    """Headers of every inspection that touches the period, in the order they were finalised."""
    start, end = period.bounds()
    conflict = and_(RecordState.record_kind == "inspection", RecordState.record_id == Inspection.id)
    touching = []
    if "visits" in want.needs:
        touching += [
            and_(Inspection.finalised_at >= start, Inspection.finalised_at < end),
            and_(Inspection.started_at >= start, Inspection.started_at < end),
        ]
    if asked := PARTS if "visits" in want.needs else want.needs & PARTS:
        touching.append(Inspection.id.in_(touched(period, asked)))
    return (
        select(
            Inspection.id, Inspection.organization_id, _text(Inspection.inspection_type),
            _text(Inspection.status), _text(Inspection.product_class), _text(Inspection.production_status),
            Inspection.subject_name, Inspection.subject_code, _text(Inspection.finalised_at),
            _text(Inspection.started_at), Organization.credit_code, RecordState.in_conflict,
        )
        .outerjoin(Organization, Organization.id == Inspection.organization_id)
        .outerjoin(RecordState, conflict)
        .where(Inspection.inspection_type.in_(sorted(want.types)))
        .where(or_(*touching))
        .order_by(Inspection.finalised_at, Inspection.id)
    )  # fmt: skip


class _Visits:
    """Reads the headers of inspections with what hangs on them."""

    def __init__(self, session: Session, want: Want, period: Period, people: Subjects) -> None:
        self._session, self._want, self._people = session, want, people
        self._query = _headers(want, period)
        self._start, self._end = (stored(moment) for moment in period.bounds())
        self._within = _finalised_in(*period.bounds())
        needs = want.needs
        self._officers = self._keys(_officers()) if "officers" in needs else {}
        self._findings = self._keys(_findings()) if "findings" in needs else {}
        self._problems = self._pairs(_problems()) if "problems" in needs else {}
        self._values = self._entered(want.items) if want.items else {}

    def read(self) -> tuple[Visit, ...]:
        """Every visit that touches the period."""
        return tuple(self._visit(row) for row in self._session.execute(self._query))

    def _visit(self, row: Any) -> Visit:
        key, organization, kind, status, product, met, name, code, finalised, started, credit, conflict = row
        return Visit(
            key,
            _TYPES[kind],
            _CLASSES[product] if product else None,
            _STATES[met] if met else None,
            self._people.visited(key, organization, credit, name, code),
            local_date(datetime.fromisoformat(started)) if self._want.items else None,
            finalised is not None and self._start <= finalised < self._end,
            standing_of(_STATUSES[status], finalised=finalised is not None, in_conflict=bool(conflict)),
            self._officers.get(key, ()),
            self._findings.get(key, ()),
            self._problems.get(key, ()),
            self._values.get(key, NOTHING),
        )

    def _keys(self, query: Select[str, str]) -> dict[str, tuple[str, ...]]:
        """Keys by inspection. Each text is kept once: a credential stands on many inspections."""
        found: dict[str, tuple[str, ...]] = {}
        kept: dict[tuple[str, ...], tuple[str, ...]] = {}
        for visit_id, key in self._session.execute(query.where(self._within)):
            keys = (*found.get(visit_id, ()), key)
            found[visit_id] = kept.setdefault(keys, keys)
        return found

    def _pairs(self, query: Select[str, str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for visit_id, key, item in self._session.execute(query.where(self._within)):
            found[visit_id].append((key, item))
        return {visit_id: tuple(pairs) for visit_id, pairs in found.items()}

    def _entered(self, items: Iterable[str]) -> dict[str, Mapping[str, str]]:
        """Values of the wanted items, and of their named measures, by inspection."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for part, name in ((Answer, Answer.item), (Measurement, Measurement.key)):
            query = (
                select(part.inspection_id, name, part.value)
                .join(Inspection, Inspection.id == part.inspection_id)
                .where(name.in_(sorted(items)), self._within)
            )
            for visit_id, item, value in self._session.execute(query):
                found[visit_id][item] = value
        return dict(found)


def stored(moment: datetime) -> str:
    """A moment as the store has it: text that sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _finalised_in(start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(Inspection.finalised_at >= start, Inspection.finalised_at < end)


def _officers() -> Select[str, str]:
    """Officers with a credential by inspection; experts and audit staff do not count (common rule 3)."""
    return (
        select(InspectionOfficer.inspection_id, InspectionOfficer.credential)
        .join(Inspection, Inspection.id == InspectionOfficer.inspection_id)
        .where(InspectionOfficer.officer.is_(True), InspectionOfficer.credential != "")
    )


def _findings() -> Select[str, str]:
    """Confirmed findings against the inspected organization itself, by inspection."""
    return (
        select(Finding.inspection_id, Finding.key)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(Finding.confirmed.is_(True), Finding.against == SubjectKind.ORGANIZATION)
    )


def _problems() -> Select[str, str, str]:
    """Confirmed findings against whomever with their checklist items, by inspection."""
    return (
        select(Finding.inspection_id, Finding.key, Finding.item)
        .join(Inspection, Inspection.id == Finding.inspection_id)
        .where(Finding.confirmed.is_(True), Finding.item != "")
    )
