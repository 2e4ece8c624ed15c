"""What a work summary (工作总结) tells of a period: every number with the records that make it.

Counted from the same rows and by the same rules as the official tables (specs/statistics.md, common
rules), over inspections of some types: what a summary says is what the tables beside it say. Pure
rows; they are read by :mod:`app.statistics.summary_reader`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.statistics.period import Period
from app.vocabulary import CaseStatus, InspectionType, ReferralKind, Severity

PROBLEMS_SHOWN = 10
TYPICAL_SHOWN = 5

FIGURES = (
    *("visits", "subjects", "officers", "nonconforming", "findings"),
    *("orders_issued", "orders_closed", "orders_overdue", "orders_extended", "orders_escalated"),
    *("cases_filed", "cases_decided", "cases_referred", "fines", "confiscated", "goods_value"),
    *("notified", "reported"),
)
"""The numbers of a period by name; ``fines``, ``confiscated`` and ``goods_value`` in 分."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the ids of the inspections that it comes from."""

    value: int = 0
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeLine:
    """What was done of one type of inspection: 家次, 家, 人次, and 家 with a nonconformity."""

    inspection_type: InspectionType
    visits: Figure
    subjects: Figure
    officers: Figure
    nonconforming: Figure


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """A checklist item and the inspections that found it not conforming; ``title`` its text."""

    inspection_type: InspectionType
    checklist_id: str
    checklist_version: str
    item: str
    found: Figure
    title: str = ""


@dataclass(frozen=True, slots=True)
class SeverityLine:
    """Confirmed findings of one severity."""

    severity: Severity
    findings: Figure


@dataclass(frozen=True, slots=True)
class CaseStory:
    """What a case of a typical story came to; money in 分.

    ``number`` is that of its filing, ``decision_number`` that of the penalty decision.
    """

    number: str
    decision_number: str
    cause: str
    status: CaseStatus
    filed_on: date | None
    decided_on: date | None
    fine: int
    confiscated: int
    goods_value: int
    referral: ReferralKind | None


@dataclass(frozen=True, slots=True)
class Story:
    """A typical case: a filed case, or an inspection with a critical finding (``case`` is ``None``).

    ``orders`` are the numbers of the rectification orders that were issued after such an inspection.
    """

    record_id: str
    key: str
    subject_name: str
    inspection_type: InspectionType
    inspected_on: date
    facts: str
    case: CaseStory | None = None
    orders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Inspections of the period that do not count, and why (``left_out`` in the labels)."""

    reason: str
    inspections: Figure


@dataclass(frozen=True, slots=True)
class Facts:
    """A period's facts; ``figures`` holds every name of :data:`FIGURES`.

    ``as_of`` is the day by which orders are judged overdue: the period's end, or today before that.
    ``known`` is false where the store holds nothing at all of the period: then 0 means "not known".
    """

    period: Period
    as_of: date
    known: bool
    figures: Mapping[str, Figure]
    types: tuple[TypeLine, ...] = ()
    problems: tuple[ProblemLine, ...] = ()
    severities: tuple[SeverityLine, ...] = ()
    stories: tuple[Story, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def year_before(period: Period) -> Period:
    """The same days a year earlier; the 29th of February gives way to the 28th."""
    return Period(_a_year_earlier(period.first), _a_year_earlier(period.last))


def _a_year_earlier(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - 1, 2, 28) if leap_day else day.replace(year=day.year - 1)


def most_found(lines: Iterable[ProblemLine]) -> tuple[ProblemLine, ...]:
    """The items found most often, those of one number in the order of type and item."""
    ordered = sorted(lines, key=lambda line: (-line.found.value, line.inspection_type, line.item))
    return tuple(ordered[:PROBLEMS_SHOWN])


def typical(cases: Sequence[Story], visits: Sequence[Story]) -> tuple[Story, ...]:
    """Choose the typical cases; the office rewrites them in the document afterwards.

    The rule: cases filed or decided in the period go first. Among them come those referred to the
    judicial organs, then those decided, then the others; within each the higher sum of fine and
    confiscation, then the higher value of goods, then the earlier day. An enterprise is told of once.
    Places that are left go to inspections with a critical finding, the earliest first.
    """
    chosen: dict[str, Story] = {}
    for story in (
        *sorted(cases, key=_weight),
        *sorted(visits, key=lambda each: (each.inspected_on, each.record_id)),
    ):
        chosen.setdefault(story.subject_name, story)
    return tuple(chosen.values())[:TYPICAL_SHOWN]


def _weight(story: Story) -> tuple[object, ...]:
    case = story.case
    assert case is not None
    return (
        case.referral is not ReferralKind.JUDICIAL,
        case.decided_on is None,
        -(case.fine + case.confiscated),
        -case.goods_value,
        case.filed_on or date.max,
        story.record_id,
        story.key,
    )
