"""Headers of inspections with the officers, findings and entered values that tables ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Label, Select, String, and_, func, or_, select, type_coerce, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.clock import local_date
from app.models.enforcement import Case, Notification, RectificationOrder
from app.models.inspection import Answer, Finding, Inspection, InspectionOfficer, Measurement
from app.models.revisions import RecordState
from app.statistics.material import PARTS, Visits, standing_of
from app.statistics.period import Period
from app.statistics.subjects import Subjects
from app.statistics.want import Want
from app.vocabulary import InspectionStatus, InspectionType, ProductClass, ProductionStatus, SubjectKind

FOLLOWED = frozenset({"orders", "cases", "notices"})
AT_ONCE = 2000
FEW = 2000
"""Up to so many inspections, what hangs on them is asked for by their ids."""

_TYPES = {each.value: each for each in InspectionType}
_CLASSES: dict[str | None, ProductClass] = {each.value: each for each in ProductClass}
_STATES: dict[str | None, ProductionStatus] = {each.value: each for each in ProductionStatus}
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


def read_parts(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """Rows of columns that need no decoding, as the driver gives them, some at a time."""
    result = session.connection().execute(query)
    cursor = result.cursor
    while part := cursor.fetchmany(AT_ONCE):
        yield part
    result.close()


def read_texts(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """The same rows one by one."""
    return chain.from_iterable(read_parts(session, query))


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


def read_visits(session: Session, want: Want, period: Period, people: Subjects) -> Visits:
    """Every visit of the wanted types that touches the period, in the order they were finalised."""
    return _Reader(session, want, period, people).read()


def as_text(column: InstrumentedAttribute[Any]) -> Label[str]:
    """A column as the store has it."""
    return type_coerce(column, String).label(column.key)


def _headers(want: Want, period: Period) -> Select[*tuple[Any, ...]]:
    """Headers of every inspection that touches the period, in the order they were finalised."""
    start, end = period.bounds()
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
            as_text(Inspection.finalised_at), as_text(Inspection.started_at),
        )
        .where(Inspection.inspection_type.in_(sorted(want.types)))
        .where(or_(*touching))
        .order_by(Inspection.finalised_at, Inspection.id)
    )  # fmt: skip


class _Reader:
    """Reads headers into columns, then what hangs on them.

    A join asks for each inspection's parts anew, wherever they lie; one pass over all parts is several
    times faster where most belong to the period. So what hangs on many inspections is read whole.
    """

    def __init__(self, session: Session, want: Want, period: Period, people: Subjects) -> None:
        self._session, self._want, self._people = session, want, people
        self._query = _headers(want, period)
        self._start, self._end = (stored(moment) for moment in period.bounds())
        disputed = select(RecordState.record_id).where(
            RecordState.record_kind == "inspection", RecordState.in_conflict.is_(True)
        )
        self._disputed = frozenset(session.scalars(disputed))
        self._visits, self._begun = Visits(), list[str]()
        self._numbers: dict[str, int] = {}

    def read(self) -> Visits:
        """Every visit that touches the period."""
        for rows in read_parts(self._session, self._query):
            self._take(rows)
        self._numbers = {key: number for number, key in enumerate(self._visits.id)}
        needs = self._want.needs
        if "officers" in needs:
            self._read_officers()
        if needs & {"findings", "problems"}:
            self._read_findings()
        for kind, items in self._want.items_by_type().items():
            self._read_values(kind, items)
        return self._visits

    def _take(self, rows: Sequence[Any]) -> None:
        visits, disputed = self._visits, self._disputed
        ids, holders, kinds, statuses, classes, met, finalised, begun = zip(*rows, strict=True)
        visits.id.extend(ids)
        visits.inspection_type.extend(map(_TYPES.__getitem__, kinds))
        visits.product_class.extend(map(_CLASSES.get, classes))
        visits.production_status.extend(map(_STATES.get, met))
        visits.subject.extend(map(self._people.organization, holders))
        visits.in_period.extend(day is not None and self._start <= day < self._end for day in finalised)
        visits.standing.extend(
            _STANDINGS[status, day is not None, key in disputed]
            for key, status, day in zip(ids, statuses, finalised, strict=True)
        )
        visits.officers.extend([""] * len(ids))
        visits.findings.extend([()] * len(ids))
        if self._want.items:
            self._begun.extend(begun)

    def _of_visits(
        self, query: Select[*tuple[Any, ...]], record: InstrumentedAttribute[str]
    ) -> Iterator[Any]:
        """Rows that hang on the visits, each with its visit's number before it."""
        numbers = self._numbers
        if len(numbers) > FEW:
            rows = read_texts(self._session, query)
        else:
            rows = read_texts(self._session, query.where(record.in_(numbers)))
        return ((numbers[row[0]], *row[1:]) for row in rows if row[0] in numbers)

    def _read_officers(self) -> None:
        """Credentials of the officers; experts and audit staff do not count (common rule 3)."""
        credential = func.replace(InspectionOfficer.credential, PARTS, " ")
        query = (
            select(InspectionOfficer.inspection_id, func.aggregate_strings(credential, PARTS))
            .where(InspectionOfficer.officer.is_(True), InspectionOfficer.credential != "")
            .group_by(InspectionOfficer.inspection_id)
        )
        officers, teams = self._visits.officers, dict[str, str]()
        for number, team in self._of_visits(query, InspectionOfficer.inspection_id):
            officers[number] = teams.setdefault(team, team)  # the same people stand on many

    def _read_findings(self) -> None:
        """Confirmed findings: those against the organization itself, and those under an item that counts."""
        query = select(Finding.inspection_id, Finding.key, Finding.item, as_text(Finding.against)).where(
            Finding.confirmed.is_(True)
        )
        visits, asked, alike = (
            self._visits,
            self._want.problem_items,
            dict[tuple[str, ...], tuple[str, ...]](),
        )
        for number, key, item, against in self._of_visits(query, Finding.inspection_id):
            if against == SubjectKind.ORGANIZATION:
                keys = (*visits.findings[number], key)
                visits.findings[number] = alike.setdefault(keys, keys)
            if item.partition("@")[0] in asked:
                visits.problems[number] = (*visits.problems.get(number, ()), (key, item))

    def _read_values(self, kind: InspectionType, items: Sequence[str]) -> None:
        """Values of items of one type of inspection, and of their named measures; and the days they began."""
        kinds, found = self._visits.inspection_type, self._visits.values
        for part, name in ((Answer, Answer.item), (Measurement, Measurement.key)):
            query = select(part.inspection_id, name, part.value).where(name.in_(items))
            for number, item, value in self._of_visits(query, part.inspection_id):
                if kinds[number] is kind:
                    found[number] = {**found.get(number, {}), item: value}
                    self._visits.begun_on[number] = local_date(datetime.fromisoformat(self._begun[number]))


def stored(moment: datetime) -> str:
    """A moment as the store has it: text that sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
