"""Reads the facts of a work summary from the store: the tables' own rows, and what only it tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import Session

from app.clock import local_date
from app.models.enforcement import Case as CaseRow
from app.models.enforcement import FollowUp, RectificationOrder
from app.models.inspection import Finding, Inspection
from app.statistics.gather_parts import read_parts
from app.statistics.gather_visits import read_rows
from app.statistics.material import PARTS, Notice, Order, Standing, Visit
from app.statistics.period import Period
from app.statistics.subjects import Subjects
from app.statistics.summary import (
    CaseStory,
    Facts,
    Figure,
    LeftOut,
    ProblemLine,
    SeverityLine,
    Story,
    TypeLine,
    distinct,
    most_found,
    total,
    typical,
)
from app.statistics.want import Want
from app.vocabulary import (
    FollowUpResult,
    InspectionType,
    NotificationKind,
    OrderStatus,
    ReferralKind,
    Severity,
)
from app.wording import joined

NEEDS = frozenset({"visits", "officers", "findings", "orders", "cases", "notices"})
CHUNK = 400
"""Keys of two columns in one query: below the engine's limit of parameters."""


class _Found(NamedTuple):
    """A confirmed finding of a counted inspection."""

    visit: Visit
    item: str
    severity: Severity
    description: str
    checklist: tuple[str, str]


class _OrderDays(NamedTuple):
    status: OrderStatus
    due_on: date | None
    extended: bool


def read_facts(session: Session, types: Iterable[InspectionType], period: Period, today: date) -> Facts:
    """The facts of inspections of some types over a period, with their records."""
    return _Reader(session, frozenset(types), period, min(period.last, today)).facts()


def read_figures(session: Session, types: Iterable[InspectionType], period: Period, today: date) -> Facts:
    """The numbers alone, without lists: what a former period is compared by."""
    return _Reader(session, frozenset(types), period, min(period.last, today)).numbers()


class _Reader:
    """Reads what of a period the numbers and lists are made of, each once."""

    def __init__(
        self, session: Session, types: frozenset[InspectionType], period: Period, as_of: date
    ) -> None:
        self._session, self._types, self._period, self._as_of = session, types, period, as_of
        people = Subjects(session)
        parts = tuple(read_parts(session, Want(types, NEEDS), period, people))
        visits = (part.visits[number] for part in parts for number in range(len(part.visits)))
        touching = tuple(sorted(visits, key=lambda visit: visit.finalised))
        self._here = tuple(each for each in touching if each.in_period)
        self._visits = tuple(each for each in self._here if each.standing is Standing.COUNTS)
        self._left = tuple(each for each in touching if each.standing is not Standing.COUNTS)
        self._orders = tuple(order for part in parts for order in part.orders)
        self._cases = tuple(case for part in parts for case in part.cases)
        self._notices = tuple(notice for part in parts for notice in part.notices)
        self._known = bool(touching)
        self._findings = tuple(self._read_findings())

    def numbers(self) -> Facts:
        """The figures."""
        figures = {**self._of_visits(), **self._of_orders(), **self._of_cases(), **self._of_notices()}
        return Facts(self._period, self._as_of, self._known, figures)

    def facts(self) -> Facts:
        """The figures with every list."""
        numbers = self.numbers()
        return Facts(
            period=self._period,
            as_of=self._as_of,
            known=self._known,
            figures=numbers.figures,
            types=tuple(self._types_done()),
            problems=most_found(self._problems()),
            severities=tuple(self._severities()),
            stories=typical(tuple(self._case_stories()), tuple(self._visit_stories())),
            left_out=tuple(self._left_out()),
        )

    def _of_visits(self) -> dict[str, Figure]:
        findings = total((each.visit.id, 1) for each in self._findings)
        return {**_done(self._visits), "findings": findings}

    def _of_orders(self) -> dict[str, Figure]:
        days = self._order_days()

        def those(orders: Iterable[Order]) -> Figure:
            return total((order.record_id, 1) for order in orders)

        standing = [(order, days[order.record_id, order.key]) for order in self._orders]
        return {
            "orders_issued": those(self._orders),
            "orders_closed": those(order for order in self._orders if order.closed),
            "orders_overdue": those(order for order, day in standing if self._is_overdue(order, day)),
            "orders_extended": those(order for order, day in standing if day.extended),
            "orders_escalated": those(
                order for order, day in standing if day.status is OrderStatus.ESCALATED
            ),
        }

    def _is_overdue(self, order: Order, day: _OrderDays) -> bool:
        ended = order.closed or day.status is OrderStatus.ESCALATED
        return not ended and day.due_on is not None and day.due_on < self._as_of

    def _order_days(self) -> dict[tuple[str, str], _OrderDays]:
        keys = [(order.record_id, order.key) for order in self._orders]
        extended = (
            select(FollowUp.inspection_id, FollowUp.order_key)
            .where(FollowUp.result == FollowUpResult.EXTENDED, FollowUp.done_on <= self._as_of)
            .distinct()
        )
        moved = {(visit, key) for visit, key in read_rows(self._session, extended)}
        found: dict[tuple[str, str], _OrderDays] = {}
        columns = (RectificationOrder.inspection_id, RectificationOrder.key)
        for some in _chunks(keys):
            query = select(*columns, RectificationOrder.status, RectificationOrder.due_on)
            for visit, key, status, due_on in self._session.execute(query.where(tuple_(*columns).in_(some))):
                found[visit, key] = _OrderDays(status, due_on, (visit, key) in moved)
        return found

    def _of_cases(self) -> dict[str, Figure]:
        filed = [each for each in self._cases if each.days["filed_on"] is not None]
        decided = [each for each in filed if each.days["decided_on"] in self._period]
        referred = (
            each
            for each in filed
            if each.referral is ReferralKind.JUDICIAL and each.days["referred_on"] in self._period
        )
        amounts = {
            name: total((each.record_id, each.amounts[amount]) for each in decided)
            for name, amount in (
                ("fines", "fine"), ("confiscated", "confiscated"), ("goods_value", "goods_value"),
            )
        }  # fmt: skip
        opened = (each for each in filed if each.days["filed_on"] in self._period)
        return {
            "cases_filed": total((each.record_id, 1) for each in opened),
            "cases_decided": total((each.record_id, 1) for each in decided),
            "cases_referred": total((each.record_id, 1) for each in referred),
            **amounts,
        }

    def _of_notices(self) -> dict[str, Figure]:
        def sent(kind: NotificationKind) -> Figure:
            return total((each.record_id, 1) for each in self._notices if _is(each, kind))

        return {
            "notified": sent(NotificationKind.CERTIFICATION_BODY),
            "reported": sent(NotificationKind.PROVINCE),
        }

    def _types_done(self) -> Iterator[TypeLine]:
        by_type: dict[InspectionType, list[Visit]] = defaultdict(list)
        for visit in self._visits:
            by_type[visit.inspection_type].append(visit)
        return (TypeLine(kind, **_done(by_type[kind])) for kind in InspectionType if kind in by_type)

    def _read_findings(self) -> Iterator[_Found]:
        counted = {each.id: each for each in self._visits}
        start, end = self._period.bounds()
        query = (
            select(
                Finding.inspection_id, Finding.item, Finding.severity, Finding.description,
                Inspection.checklist_id, Inspection.checklist_version,
            )
            .join(Inspection, Inspection.id == Finding.inspection_id)
            .where(Finding.confirmed.is_(True))
            .where(and_(Inspection.finalised_at >= start, Inspection.finalised_at < end))
            .order_by(Inspection.started_at, Finding.inspection_id, Finding.noted_at, Finding.key)
        )  # fmt: skip
        for visit_id, item, severity, description, *checklist in read_rows(self._session, query):
            if visit := counted.get(visit_id):
                yield _Found(visit, item.partition("@")[0], severity, description, tuple(checklist))

    def _problems(self) -> Iterator[ProblemLine]:
        """Each item with the inspections that found it; copies of a repeated section are one item."""
        found: dict[tuple[InspectionType, str, str], dict[str, str]] = defaultdict(dict)
        for each in self._findings:
            if each.item:
                checklist, version = each.checklist
                found[each.visit.inspection_type, checklist, each.item][each.visit.id] = version
        for (kind, checklist, item), visits in found.items():
            newest = max(visits.values())
            yield ProblemLine(kind, checklist, newest, item, Figure(len(visits), tuple(visits)))

    def _severities(self) -> Iterator[SeverityLine]:
        for severity in Severity:
            found = total((each.visit.id, 1) for each in self._findings if each.severity is severity)
            yield SeverityLine(severity, found)

    def _case_stories(self) -> Iterator[Story]:
        told = {
            (each.record_id, each.key)
            for each in self._cases
            if each.days["filed_on"] in self._period or each.days["decided_on"] in self._period
        }
        for some in _chunks(sorted(told)):
            query = (
                select(CaseRow, Inspection.inspection_type, Inspection.started_at)
                .join(Inspection, Inspection.id == CaseRow.inspection_id)
                .where(tuple_(CaseRow.inspection_id, CaseRow.key).in_(some))
                .where(CaseRow.filed_on.is_not(None))
            )
            for case, kind, begun in self._session.execute(query):
                yield _case_story(case, kind, local_date(begun))

    def _visit_stories(self) -> Iterator[Story]:
        by_visit: dict[str, list[str]] = defaultdict(list)
        for each in self._findings:
            if each.severity is Severity.CRITICAL:
                by_visit[each.visit.id].append(each.description)
        for some in _chunks(sorted(by_visit)):
            columns = (
                Inspection.id,
                Inspection.subject_name,
                Inspection.inspection_type,
                Inspection.started_at,
            )
            for row in self._session.execute(select(*columns).where(Inspection.id.in_(some))):
                facts = joined("clauses", dict.fromkeys(by_visit[row.id]))
                yield Story(
                    row.id, "", row.subject_name, row.inspection_type, local_date(row.started_at), facts
                )

    def _left_out(self) -> Iterator[LeftOut]:
        for standing in Standing:
            if found := tuple(each.id for each in self._left if each.standing is standing):
                yield LeftOut(standing, Figure(len(found), found))


def _done(visits: Sequence[Visit]) -> dict[str, Figure]:
    """家次, 家, 人次, and 家 with a nonconformity of their own."""
    return {
        "visits": total((each.id, 1) for each in visits),
        "subjects": distinct((each.id, each.subject) for each in visits),
        "officers": total((each.id, _people(each)) for each in visits),
        "nonconforming": distinct((each.id, each.subject) for each in visits if each.findings),
    }


def _people(visit: Visit) -> int:
    return len(visit.officers.split(PARTS)) if visit.officers else 0


def _is(notice: Notice, kind: NotificationKind) -> bool:
    return notice.kind is kind


def _case_story(case: CaseRow, kind: InspectionType, on: date) -> Story:
    told = CaseStory(
        case.number, case.cause, case.status, case.filed_on, case.decided_on,
        case.fine or 0, case.confiscated or 0, case.goods_value or 0, case.referral,
    )  # fmt: skip
    return Story(case.inspection_id, case.key, case.subject_name, kind, on, case.facts, told)


def _chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
