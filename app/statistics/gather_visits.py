"""Headers of inspections with the officers, findings and entered values that tables ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Label,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    type_coerce,
)
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
"""Inspections that are held at once, with what hangs on them."""

Condition = ColumnElement[bool]

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
    """Rows past the mapper, some at a time."""
    for part in session.connection().execute(query).partitions(AT_ONCE):
        yield from part


def read_texts(session: Session, query: Select[*tuple[Any, ...]], **values: str) -> Sequence[Any]:
    """Rows of columns that need no decoding, as the driver gives them."""
    result = session.connection().execute(query, values)
    rows: Sequence[Any] = result.cursor.fetchall()
    result.close()
    return rows


def hang_on(visits: Visits, record: InstrumentedAttribute[str]) -> Condition:
    """What hangs on some inspections that follow each other by id.

    Most of those between the first and the last of a full batch are among them, so it is read in one
    go along the primary key; what hangs on the few of the last one is asked for by their ids.
    """
    ids = visits.id
    return record.between(ids[0], ids[-1]) if len(ids) >= AT_ONCE else record.in_(ids)


def followed(period: Period, needs: Iterable[str]) -> list[tuple[InstrumentedAttribute[str], Condition]]:
    """By whose rows of the period an order, case or notice is known, as far as ``needs`` names them."""
    days = (period.first, period.last)
    case_days = (Case.filed_on, Case.decided_on, Case.referred_on)
    parts: dict[str, tuple[InstrumentedAttribute[str], Condition]] = {
        "orders": (RectificationOrder.inspection_id, RectificationOrder.issued_on.between(*days)),
        "cases": (Case.inspection_id, or_(*(day.between(*days) for day in case_days))),
        "notices": (Notification.inspection_id, Notification.sent_on.between(*days)),
    }
    return [part for name, part in parts.items() if name in needs]


def touched(session: Session, period: Period, needs: Iterable[str], visits: Visits) -> frozenset[str]:
    """Which of some inspections have an order, case or notice in the period."""
    return frozenset(
        row[0]
        for record, condition in followed(period, needs)
        for row in read_texts(session, select(record).where(condition, hang_on(visits, record)))
    )


def read_visits(session: Session, want: Want, period: Period, people: Subjects) -> Iterator[Visits]:
    """Every visit of the wanted types that touches the period, in the order of their ids, some at a time."""
    reader = _Reader(session, want, period, people)
    query, after = _headers(want, period), ""
    while rows := read_texts(session, query, after=after):
        yield reader.read(rows)
        after = rows[-1][0]
        if len(rows) < AT_ONCE:
            return


def as_text(column: InstrumentedAttribute[Any]) -> Label[str]:
    """A column as the store has it."""
    return type_coerce(column, String).label(column.key)


def _headers(want: Want, period: Period) -> Select[*tuple[Any, ...]]:
    """The next headers of inspections that touch the period, along the primary key.

    Nothing is sorted, and nothing is listed beforehand: either would be held in memory by the engine.
    """
    start, end = period.bounds()
    touching: list[Condition] = []
    if "visits" in want.needs:
        touching += [
            and_(Inspection.finalised_at >= start, Inspection.finalised_at < end),
            and_(Inspection.started_at >= start, Inspection.started_at < end),
        ]
    for record, condition in followed(period, FOLLOWED if "visits" in want.needs else want.needs):
        touching.append(exists().where(record == Inspection.id, condition))
    return (
        select(
            Inspection.id, Inspection.organization_id, as_text(Inspection.inspection_type),
            as_text(Inspection.status), as_text(Inspection.product_class), as_text(Inspection.production_status),
            as_text(Inspection.finalised_at), as_text(Inspection.started_at),
        )
        .where(Inspection.inspection_type.in_(sorted(want.types)))
        .where(or_(*touching), Inspection.id > bindparam("after"))
        .order_by(Inspection.id)
        .limit(AT_ONCE)
    )  # fmt: skip


class _Reader:
    """Reads headers into columns, then what hangs on them."""

    def __init__(self, session: Session, want: Want, period: Period, people: Subjects) -> None:
        self._session, self._want, self._people = session, want, people
        self._start, self._end = (stored(moment) for moment in period.bounds())
        self._visits, self._begun = Visits(), tuple[str, ...]()
        self._numbers: dict[str, int] = {}

    def read(self, rows: Sequence[Any]) -> Visits:
        """The visits of some rows."""
        self._take(rows)
        needs = self._want.needs
        if "officers" in needs:
            self._read_officers()
        if needs & {"findings", "problems"}:
            self._read_findings()
        for kind, items in self._want.items_by_type().items():
            self._read_values(kind, items)
        return self._visits

    def _take(self, rows: Sequence[Any]) -> None:
        ids, holders, kinds, statuses, classes, met, finalised, self._begun = zip(*rows, strict=True)
        visits = self._visits = Visits(id=list(ids))
        self._numbers = {key: number for number, key in enumerate(ids)}
        disputed = self._disputed()
        visits.inspection_type.extend(map(_TYPES.__getitem__, kinds))
        visits.product_class.extend(map(_CLASSES.get, classes))
        visits.production_status.extend(map(_STATES.get, met))
        visits.subject.extend(map(self._people.organizations.__getitem__, holders))
        visits.in_period.extend(day is not None and self._start <= day < self._end for day in finalised)
        visits.finalised.extend(day or "" for day in finalised)
        visits.standing.extend(
            _STANDINGS[status, day is not None, key in disputed]
            for key, status, day in zip(ids, statuses, finalised, strict=True)
        )
        visits.officers.extend([""] * len(ids))
        visits.findings.extend([()] * len(ids))

    def _disputed(self) -> frozenset[str]:
        record = RecordState.record_id
        query = select(record).where(
            RecordState.record_kind == "inspection",
            RecordState.in_conflict.is_(True),
            hang_on(self._visits, record),
        )
        return frozenset(row[0] for row in read_texts(self._session, query))

    def _of_visits(
        self, query: Select[*tuple[Any, ...]], record: InstrumentedAttribute[str]
    ) -> Iterator[Any]:
        """Rows that hang on the visits, each with its visit's number before it."""
        numbers = self._numbers
        rows = read_texts(self._session, query.where(hang_on(self._visits, record)))
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
