"""Headers of inspections with the officers, findings and entered values that tables ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Label,
    ScalarSelect,
    Select,
    String,
    and_,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.clock import local_date
from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.inspection import Answer, Finding, Inspection, InspectionOfficer, Measurement
from app.models.registry import Organization
from app.models.revisions import RecordState
from app.statistics.material import NOTHING, PARTS, Visit, standing_of
from app.statistics.period import Period
from app.statistics.subjects import Subjects
from app.statistics.want import Want
from app.vocabulary import InspectionStatus, InspectionType, ProductClass, ProductionStatus, SubjectKind

FOLLOWED = frozenset({"orders", "cases", "notices"})
AT_ONCE = 2000

_TYPES = {each.value: each for each in InspectionType}
_CLASSES = {each.value: each for each in ProductClass}
_STATES = {each.value: each for each in ProductionStatus}
_STANDINGS = {
    (status.value, finalised, conflict): standing_of(status, finalised=finalised, in_conflict=conflict)
    for status in InspectionStatus
    for finalised in (True, False)
    for conflict in (True, False)
}


def read_rows(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """Rows past the mapper, some at a time: a year's inspections are never in memory twice."""
    for part in session.connection().execute(query).partitions(AT_ONCE):
        yield from part


def read_texts(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """Rows of columns that need no decoding, as the driver gives them."""
    result = session.connection().execute(query)
    cursor = result.cursor
    while part := cursor.fetchmany(AT_ONCE):
        yield from part
    result.close()


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


def as_text(column: InstrumentedAttribute[Any]) -> Label[str]:
    """A column as the store has it."""
    return type_coerce(column, String).label(column.key)


def _team() -> ScalarSelect[str]:
    """Credentials of an inspection's officers; experts and audit staff do not count (common rule 3)."""
    credential = func.replace(InspectionOfficer.credential, PARTS, " ")
    return (
        select(func.aggregate_strings(credential, PARTS))
        .where(InspectionOfficer.inspection_id == Inspection.id)
        .where(InspectionOfficer.officer.is_(True), InspectionOfficer.credential != "")
        .scalar_subquery()
    )


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
    if asked := FOLLOWED if "visits" in want.needs else want.needs & FOLLOWED:
        touching.append(Inspection.id.in_(touched(period, asked)))
    return (
        select(
            Inspection.id, Inspection.organization_id, as_text(Inspection.inspection_type),
            as_text(Inspection.status), as_text(Inspection.product_class), as_text(Inspection.production_status),
            as_text(Inspection.finalised_at), as_text(Inspection.started_at), Organization.credit_code,
            RecordState.in_conflict, _team() if "officers" in want.needs else literal(None),
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
        self._teams: dict[str, str] = {}
        self._findings: dict[str, tuple[str, ...]] = {}
        self._problems: dict[str, tuple[tuple[str, str], ...]] = {}
        if needs & {"findings", "problems"}:
            self._read_findings(with_items="problems" in needs)
        self._values = self._entered() if want.items else {}

    def read(self) -> tuple[Visit, ...]:
        """Every visit that touches the period."""
        return tuple(map(self._visit, read_texts(self._session, self._query)))

    def _visit(self, row: Any) -> Visit:
        key, organization, kind, status, product, met, finalised, started, credit, conflict, team = row
        values = self._values.get(key)
        return Visit(
            key,
            _TYPES[kind],
            _CLASSES[product] if product else None,
            _STATES[met] if met else None,
            credit or self._people.organization(organization, credit),
            local_date(datetime.fromisoformat(started)) if values else None,
            finalised is not None and self._start <= finalised < self._end,
            _STANDINGS[status, finalised is not None, bool(conflict)],
            self._teams.setdefault(team, team) if team else "",  # the same people stand on many
            self._findings.get(key, ()),
            self._problems.get(key, ()),
            values or NOTHING,
        )

    def _read_findings(self, *, with_items: bool) -> None:
        """Confirmed findings: those against the organization itself, and those that name an item."""
        query = (
            select(Finding.inspection_id, Finding.key, Finding.item, as_text(Finding.against))
            .join(Inspection, Inspection.id == Finding.inspection_id)
            .where(Finding.confirmed.is_(True), self._within)
        )
        for visit_id, key, item, against in read_texts(self._session, query):
            if against == SubjectKind.ORGANIZATION:
                self._findings[visit_id] = (*self._findings.get(visit_id, ()), key)
            if with_items and item:
                self._problems[visit_id] = (*self._problems.get(visit_id, ()), (key, item))

    def _entered(self) -> dict[str, Mapping[str, str]]:
        """Values of the wanted items, and of their named measures, by inspection."""
        by_type: dict[InspectionType, list[str]] = defaultdict(list)
        for kind, item in sorted(self._want.items):
            by_type[kind].append(item)
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for kind, items in by_type.items():
            for part, name in ((Answer, Answer.item), (Measurement, Measurement.key)):
                query = (
                    select(part.inspection_id, name, part.value)
                    .join(Inspection, Inspection.id == part.inspection_id)
                    .where(Inspection.inspection_type == kind, name.in_(items), self._within)
                )
                for visit_id, item, value in read_texts(self._session, query):
                    found[visit_id][item] = value
        return dict(found)


def stored(moment: datetime) -> str:
    """A moment as the store has it: text that sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _finalised_in(start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(Inspection.finalised_at >= start, Inspection.finalised_at < end)
