"""Reads the facts of a work summary from the store: the tables' own rows, and what only it tells.

Inspections come some at a time, as for the tables (:mod:`app.statistics.gather_parts`). What is kept of
them are numbers, and the ids that the summary names behind each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.models.enforcement import Case as CaseRow
from app.models.enforcement import FollowUp, RectificationOrder
from app.models.inspection import Finding, Inspection
from app.statistics.gather_parts import Part, read_parts
from app.statistics.gather_visits import as_text, hang_on, read_rows
from app.statistics.material import Case, Notice, Order, Standing
from app.statistics.period import Period
from app.statistics.subjects import Subjects
from app.statistics.summary import (
    FIGURES,
    CaseStory,
    Facts,
    LeftOut,
    ProblemLine,
    SeverityLine,
    Story,
    TypeLine,
    most_found,
    typical,
)
from app.statistics.summary_sums import Done, Item, Records, Sum
from app.statistics.want import Want
from app.statistics.whole import moment_of
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
"""Ids in one query: below the engine's limit of parameters."""

_AMOUNTS = (("fines", "fine"), ("confiscated", "confiscated"), ("goods_value", "goods_value"))
_NOTICES = ((NotificationKind.CERTIFICATION_BODY, "notified"), (NotificationKind.PROVINCE, "reported"))

_RECORD = attrgetter("record_id")

ItemKey = tuple[InspectionType, str, str]
"""A type of inspection, its checklist, an item of that."""


class _OrderDays(NamedTuple):
    status: OrderStatus
    due_on: date | None
    extended: bool


def read_facts(session: Session, types: Iterable[InspectionType], period: Period, today: date) -> Facts:
    """The facts of inspections of some types over a period, with their records."""
    return _Reader(session, frozenset(types), period, min(period.last, today), lists=True).facts()


def read_figures(session: Session, types: Iterable[InspectionType], period: Period, today: date) -> Facts:
    """The numbers alone, without lists: what a former period is compared by."""
    return _Reader(session, frozenset(types), period, min(period.last, today), lists=False).facts()


class _Reader:
    """Adds up what of a period the numbers and lists are made of, part by part."""

    def __init__(
        self, session: Session, types: frozenset[InspectionType], period: Period, as_of: date, *, lists: bool
    ) -> None:
        self._session, self._types, self._period, self._as_of = session, types, period, as_of
        self._people, self._lists = Subjects(session), lists
        self._known = False
        # Inspections are named by when they were finalised, those with findings by when they began,
        # those that something followed by their ids.
        visits, found, followed = self._visits, self._found, self._followed = Records(), Records(), Records()
        self._done = Done(visits, self._people.numbers)
        self._by_type: dict[InspectionType, Done] = defaultdict(partial(Done, visits, self._people.numbers))
        self._left: dict[Standing, Sum] = defaultdict(partial(Sum, visits))
        self._findings = Sum(found)
        self._severities: dict[Severity, Sum] = defaultdict(partial(Sum, found))
        self._items: dict[ItemKey, Item] = defaultdict(partial(Item, found))
        self._sums: dict[str, Sum] = defaultdict(partial(Sum, followed))
        self._case_stories: tuple[Story, ...] = ()
        self._visit_stories: tuple[Story, ...] = ()

    def facts(self) -> Facts:
        """The figures, with every list where lists were asked for."""
        for part in read_parts(self._session, Want(self._types, NEEDS), self._period, self._people):
            self._take(part)
        figures = {**self._done.figures(), "findings": self._findings.figure()}
        figures |= {name: self._sums[name].figure() for name in FIGURES if name not in figures}
        numbers = Facts(self._period, self._as_of, self._known, figures)
        return self._with_lists(numbers) if self._lists else numbers

    def _with_lists(self, numbers: Facts) -> Facts:
        return Facts(
            period=numbers.period,
            as_of=numbers.as_of,
            known=numbers.known,
            figures=numbers.figures,
            types=tuple(
                TypeLine(kind, **self._by_type[kind].figures())
                for kind in InspectionType
                if kind in self._by_type
            ),
            problems=most_found(
                ProblemLine(kind, checklist, found.newest, item, found.figure())
                for (kind, checklist, item), found in self._items.items()
            ),
            severities=tuple(SeverityLine(each, self._severities[each].figure()) for each in Severity),
            stories=typical(self._case_stories, self._visit_stories),
            left_out=tuple(
                LeftOut(each, self._left[each].figure()) for each in Standing if each in self._left
            ),
        )

    def _take(self, part: Part) -> None:
        """Add some inspections and what followed them."""
        self._known = True
        counted = self._take_visits(part)
        self._take_findings(part, counted)
        self._take_orders(part)
        self._take_cases(part)
        for notice in sorted(part.notices, key=_RECORD):
            self._take_notice(notice)

    def _take_visits(self, part: Part) -> dict[str, InspectionType]:
        """Add the inspections; those that count, with their types."""
        counted: dict[str, InspectionType] = {}
        for number, standing in enumerate(part.visits.standing):
            visit = part.visits[number]
            record = self._visits.number(visit.id, moment_of(visit.finalised))
            if standing is not Standing.COUNTS:
                self._left[standing].add(record)
            elif visit.in_period:
                counted[visit.id] = visit.inspection_type
                self._done.take(record, visit)
                if self._lists:
                    self._by_type[visit.inspection_type].take(record, visit)
        return counted

    def _take_findings(self, part: Part, counted: dict[str, InspectionType]) -> None:
        """Add the confirmed findings of inspections that count; they are named by when those began."""
        query = (
            select(
                Finding.inspection_id, Finding.item, Finding.severity, Finding.description,
                Inspection.checklist_id, Inspection.checklist_version,
                as_text(Inspection.started_at),
            )
            .join(Inspection, Inspection.id == Finding.inspection_id)
            .where(Finding.confirmed.is_(True), hang_on(part.visits, Finding.inspection_id))
            .order_by(Finding.inspection_id, Finding.noted_at, Finding.key)
        )  # fmt: skip
        critical: dict[str, list[str]] = defaultdict(list)
        for visit, item, severity, description, checklist, version, begun in read_rows(self._session, query):
            if visit not in counted:
                continue
            record, asked = self._found.number(visit, moment_of(begun)), item.partition("@")[0]
            self._findings.add(record)
            if not self._lists:
                continue
            self._severities[severity].add(record)
            if severity is Severity.CRITICAL:
                critical[visit].append(description)
            if asked:  # copies of a repeated section are one item
                self._items[counted[visit], checklist, asked].add(record, version)
        self._visit_stories = typical((), (*self._visit_stories, *self._stories_of(critical)))

    def _take_orders(self, part: Part) -> None:
        days = self._order_days(part)
        for order in sorted(part.orders, key=_RECORD):
            record = self._followed.number(order.record_id)
            day = days[order.record_id, order.key]
            for name, holds in (
                ("orders_issued", True),
                ("orders_closed", order.closed),
                ("orders_overdue", self._is_overdue(order, day)),
                ("orders_extended", day.extended),
                ("orders_escalated", day.status is OrderStatus.ESCALATED),
            ):
                self._sums[name].add(record, int(holds))

    def _is_overdue(self, order: Order, day: _OrderDays) -> bool:
        ended = order.closed or day.status is OrderStatus.ESCALATED
        return not ended and day.due_on is not None and day.due_on < self._as_of

    def _order_days(self, part: Part) -> dict[tuple[str, str], _OrderDays]:
        """How the orders of some inspections stand, by inspection and key."""
        extended = select(FollowUp.inspection_id, FollowUp.order_key).where(
            FollowUp.result == FollowUpResult.EXTENDED,
            FollowUp.done_on <= self._as_of,
            hang_on(part.visits, FollowUp.inspection_id),
        )
        moved = {(visit, key) for visit, key in read_rows(self._session, extended)}
        query = select(
            RectificationOrder.inspection_id, RectificationOrder.key,
            RectificationOrder.status, RectificationOrder.due_on,
        ).where(hang_on(part.visits, RectificationOrder.inspection_id))  # fmt: skip
        return {
            (visit, key): _OrderDays(status, due_on, (visit, key) in moved)
            for visit, key, status, due_on in read_rows(self._session, query)
        }

    def _take_cases(self, part: Part) -> None:
        told = set()
        for case in sorted(part.cases, key=_RECORD):
            if case.days["filed_on"] is not None:
                self._take_case(case)
                if case.days["filed_on"] in self._period or case.days["decided_on"] in self._period:
                    told.add((case.record_id, case.key))
        if self._lists and told:
            self._case_stories = typical((*self._case_stories, *self._stories(part, told)), ())

    def _take_case(self, case: Case) -> None:
        """Add a case that was filed; its money once it was decided."""
        filed, decided, referred = (
            case.days[name] in self._period for name in ("filed_on", "decided_on", "referred_on")
        )
        record = self._followed.number(case.record_id)
        judicial = case.referral is ReferralKind.JUDICIAL
        self._sums["cases_filed"].add(record, int(filed))
        self._sums["cases_decided"].add(record, int(decided))
        self._sums["cases_referred"].add(record, int(referred and judicial))
        if decided:
            for name, amount in _AMOUNTS:
                self._sums[name].add(record, case.amounts[amount])

    def _take_notice(self, notice: Notice) -> None:
        record = self._followed.number(notice.record_id)
        for kind, name in _NOTICES:
            self._sums[name].add(record, int(notice.kind is kind))

    def _stories(self, part: Part, told: set[tuple[str, str]]) -> Iterator[Story]:
        """The stories of some of the cases that hang on a part."""
        query = (
            select(CaseRow, Inspection.inspection_type, Inspection.started_at)
            .join(Inspection, Inspection.id == CaseRow.inspection_id)
            .where(hang_on(part.visits, CaseRow.inspection_id), CaseRow.filed_on.is_not(None))
        )
        for case, kind, begun in self._session.execute(query):
            if (case.inspection_id, case.key) in told:
                yield _case_story(case, kind, local_date(begun))

    def _stories_of(self, critical: dict[str, list[str]]) -> Iterator[Story]:
        """The stories of inspections with critical findings, told by those."""
        for some in _chunks(sorted(critical)):
            query = select(
                Inspection.id, Inspection.subject_name, Inspection.inspection_type, Inspection.started_at
            ).where(Inspection.id.in_(some))
            orders = self._orders_issued(some)
            for row in self._session.execute(query):
                facts, on = joined("clauses", dict.fromkeys(critical[row.id])), local_date(row.started_at)
                yield Story(
                    row.id, "", row.subject_name, row.inspection_type, on, facts, orders=tuple(orders[row.id])
                )

    def _orders_issued(self, visits: Sequence[str]) -> dict[str, list[str]]:
        """The numbers of the orders of some inspections that were issued by the last day told of."""
        query = (
            select(RectificationOrder.inspection_id, RectificationOrder.number)
            .where(
                RectificationOrder.inspection_id.in_(visits),
                RectificationOrder.issued_on <= self._as_of,
            )
            .order_by(RectificationOrder.inspection_id, RectificationOrder.number)
        )
        numbers: dict[str, list[str]] = defaultdict(list)
        for visit, number in self._session.execute(query):
            numbers[visit].append(number)
        return numbers


def _case_story(case: CaseRow, kind: InspectionType, on: date) -> Story:
    told = CaseStory(
        case.number, case.decision_number, case.cause, case.status, case.filed_on, case.decided_on,
        case.fine or 0, case.confiscated or 0, case.goods_value or 0, case.referral,
    )  # fmt: skip
    return Story(case.inspection_id, case.key, case.subject_name, kind, on, case.facts, told)


def _chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
