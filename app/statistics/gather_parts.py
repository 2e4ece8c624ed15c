"""What followed inspections: orders, cases and notices of a period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.enforcement import Case as CaseRow
from app.models.enforcement import FollowUp, Notification, RectificationOrder
from app.models.inspection import Inspection
from app.statistics.gather_visits import hang_on, read_rows, read_visits, touched
from app.statistics.material import Case, Notice, Order, Standing, Visits
from app.statistics.period import Period
from app.statistics.subjects import Seen, Subjects
from app.statistics.want import Want
from app.vocabulary import FollowUpResult, SubjectKind

CASE_DAYS = (CaseRow.filed_on, CaseRow.decided_on, CaseRow.referred_on)


class Part(NamedTuple):
    """Some inspections that touch a period, with what followed them in it.

    ``touched`` gives the ids of those among them with an order, case or notice in the period.
    """

    visits: Visits
    orders: tuple[Order, ...]
    cases: tuple[Case, ...]
    notices: tuple[Notice, ...]
    touched: Callable[[frozenset[str]], frozenset[str]]


def read_parts(session: Session, want: Want, period: Period, people: Subjects) -> Iterator[Part]:
    """Every inspection of the wanted types that touches the period, some at a time."""
    for visits in read_visits(session, want, period, people):
        reader, needs = _PartReader(session, period, people, visits), want.needs
        yield Part(
            visits,
            reader.orders() if "orders" in needs else (),
            reader.cases() if "cases" in needs else (),
            reader.notices() if "notices" in needs else (),
            cache(partial(_touched, session, period, visits)),
        )


def _touched(session: Session, period: Period, visits: Visits, needs: frozenset[str]) -> frozenset[str]:
    return touched(session, period, needs, visits)


class _PartReader:
    """Reads what followed inspections that count: orders, cases, notices of the period."""

    def __init__(self, session: Session, period: Period, people: Subjects, visits: Visits) -> None:
        self._session, self._period, self._people = session, period, people
        self._visits = visits
        counts = (standing is Standing.COUNTS for standing in visits.standing)
        self._counting = {
            key: number
            for number, (key, counting) in enumerate(zip(visits.id, counts, strict=True))
            if counting
        }

    def _rows(self, query: Select[*tuple[Any, ...]], record: InstrumentedAttribute[str]) -> Iterator[Any]:
        """Rows that hang on visits that count."""
        found = read_rows(self._session, query.where(hang_on(self._visits, record)))
        return (row for row in found if row[0] in self._counting)

    def _within(self, day: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        return day.between(self._period.first, self._period.last)

    def orders(self) -> tuple[Order, ...]:
        """Orders issued in the period."""
        passed = select(FollowUp.inspection_id, FollowUp.order_key).where(
            FollowUp.result == FollowUpResult.PASSED, FollowUp.done_on <= self._period.last
        )
        closed = {(visit_id, key) for visit_id, key in self._rows(passed, FollowUp.inspection_id)}
        rows = self._rows(
            select(
                RectificationOrder.inspection_id, RectificationOrder.key, RectificationOrder.subject_kind,
                RectificationOrder.subject_name, RectificationOrder.subject_code,
                Inspection.subject_name.label("seen_name"), Inspection.subject_code.label("seen_code"),
            )
            .join(Inspection, Inspection.id == RectificationOrder.inspection_id)
            .where(self._within(RectificationOrder.issued_on)),
            RectificationOrder.inspection_id,
        )  # fmt: skip
        return tuple(
            Order(
                visit=self._counting[visit_id],
                record_id=self._visits.id[self._counting[visit_id]],
                key=key,
                subject_kind=kind,
                subject=self._addressed(visit_id, (seen_name, seen_code), kind, name, code),
                closed=(visit_id, key) in closed,
            )
            for visit_id, key, kind, name, code, seen_name, seen_code in rows
        )

    def cases(self) -> tuple[Case, ...]:
        """Cases with one of their days in the period."""
        days = or_(*(self._within(day) for day in CASE_DAYS))
        rows = self._rows(
            select(
                CaseRow.inspection_id, CaseRow.key, CaseRow.cause, CaseRow.subject_kind,
                CaseRow.subject_name, CaseRow.subject_code, CaseRow.referral, *CASE_DAYS,
                CaseRow.goods_value, CaseRow.confiscated, CaseRow.fine,
                Inspection.subject_name.label("seen_name"), Inspection.subject_code.label("seen_code"),
            )
            .join(Inspection, Inspection.id == CaseRow.inspection_id)
            .where(days),
            CaseRow.inspection_id,
        )  # fmt: skip
        return tuple(self._case(row) for row in rows)

    def _case(self, row: Any) -> Case:
        days: dict[str, date | None] = {day.key: getattr(row, day.key) for day in CASE_DAYS}
        number = self._counting[row.inspection_id]
        return Case(
            visit=number,
            record_id=self._visits.id[number],
            key=row.key,
            cause=row.cause,
            subject_kind=row.subject_kind,
            subject=self._addressed(
                row.inspection_id,
                (row.seen_name, row.seen_code),
                row.subject_kind,
                row.subject_name,
                row.subject_code,
            ),
            days=days,
            referral=row.referral,
            amounts={name: getattr(row, name) or 0 for name in ("goods_value", "confiscated", "fine")},
        )

    def _addressed(
        self, visit_id: str, seen: tuple[str, str], kind: SubjectKind, name: str, code: str
    ) -> str:
        """Whom a part is directed at, told apart from the inspected as it stood on the day."""
        subject = self._visits.subject[self._counting[visit_id]]
        return self._people.addressed(Seen(subject, *seen), kind, name, code)

    def notices(self) -> tuple[Notice, ...]:
        """Notices sent in the period."""
        rows = self._rows(
            select(
                Notification.inspection_id, Notification.key, Notification.kind,
                Notification.body_name, Notification.body_approval,
            ).where(self._within(Notification.sent_on)),
            Notification.inspection_id,
        )  # fmt: skip
        return tuple(
            Notice(self._counting[visit_id], visit_id, key, kind, self._people.body(name, approval))
            for visit_id, key, kind, name, approval in rows
        )
