"""What can be counted: each measure is a function that yields facts from the material.

The same facts make a cell's number and its explanation; nothing is counted twice in two ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.statistics.definition import Column
from app.statistics.material import PARTS, Case, Order, Visit
from app.statistics.scene import Scene
from app.statistics.whole import Fact, is_of
from app.vocabulary import NotificationKind, ProductionStatus


class Counting(StrEnum):
    """How facts fill a cell.

    Distinct subjects (家), distinct records (项), the sum of amounts (人次, 起, 分), words (备注), the
    share one column is of another (%), a number stated by the office, a value of a list, a row's code.
    """

    SUBJECTS = "subjects"
    RECORDS = "records"
    SUM = "sum"
    WORDS = "words"
    SHARE = "share"
    STATED = "stated"
    LISTED = "listed"
    CODE = "code"


NUMBERS = (Counting.SUBJECTS, Counting.RECORDS, Counting.SUM)
"""The countings that add facts up."""

Facts = Callable[[Scene, Column], Iterable[Fact]]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its facts, how they are counted, and what records and parts they point at.

    One that rests on the registry is "not reported" while the registry holds no such certificate. Facts
    that are ``once`` stem from the whole, not from the inspections of a scene. One that ``withdraws``
    counts subjects with no order left open, which is known only once all orders were seen.
    ``needs`` are the parts of the material it looks at (:mod:`app.statistics.gather`).
    """

    facts: Facts
    counting: Counting
    part: str = ""
    record: str = "inspection"
    money: bool = False
    needs_registry: bool = False
    needs: frozenset[str] = frozenset()
    once: bool = False
    withdraws: bool = False


def facts_in(scene: Scene, column: Column) -> Iterable[Fact]:
    """The facts of a column in a scene; over all scenes of a table they make and explain its cells."""
    measure = MEASURES[column.measure]
    return () if measure.once and not scene.closing else measure.facts(scene, column)


def withdrawn_in(scene: Scene, column: Column) -> int:
    """Subjects, as bits, that the facts of a column name but that do not count after all; known in the end."""
    known = scene.closing and MEASURES[column.measure].withdraws
    return scene.whole.still_open(column.subjects) if known else 0


def nothing(_scene: Scene, _column: Column) -> Iterable[Fact]:
    """What a column shows that is no count: a row's code, a share, a stated number."""
    return ()


def listed(scene: Scene, column: Column) -> Iterator[Fact]:
    """A field of a list: each line's own record, and the number it holds where it holds one."""
    for line in scene.material.listed:
        value = line.values.get(column.field)
        amount = value if isinstance(value, int) else 0
        yield Fact(line.key, line.subject, line.record_id, line.part, amount)


def officers(scene: Scene, _column: Column) -> Iterator[Fact]:
    """人次: every officer of every inspection (common rule 3)."""
    row_of, subject, record, team = scene.row_of, scene.visits.subject, scene.visits.id, scene.visits.officers
    return (
        Fact(row_of(n), subject[n], record[n], team[n], team[n].count(PARTS) + 1)
        for n in scene.material.in_period
        if team[n]
    )


def certified(scene: Scene, _column: Column) -> Iterable[Fact]:
    """应建 and 获证企业: holders of a certificate valid or suspended at the period's end."""
    return scene.whole.certified()


def dossiers(scene: Scene, _column: Column) -> Iterator[Fact]:
    """已建: of those, the ones with a dossier made by then, in whichever of a subject's records."""
    made = {held.subject: held for held in scene.material.certificates if held.has_dossier}
    for fact in scene.whole.certified():
        if holder := made.get(fact.subject):
            yield fact
            yield fact._replace(record_id=holder.organization_id, part=holder.number)


def inspected(scene: Scene, _column: Column) -> Iterator[Fact]:
    """检查单位数: every subject inspected in the period, certified or not."""
    row_of, subject, record = scene.row_of, scene.visits.subject, scene.visits.id
    return (Fact(row_of(n), subject[n], record[n]) for n in scene.material.in_period)


def inspected_certified(scene: Scene, column: Column) -> Iterator[Fact]:
    """检查企业: of the certified in the row, those inspected at least once in the period."""
    row_of, subject, record = scene.row_of, scene.visits.subject, scene.visits.id
    kind, types = scene.visits.inspection_type, column.types
    return (
        Fact(row_of(n), subject[n], record[n])
        for n in scene.certified_visits
        if not types or kind[n] in types
    )


def witnessed(scene: Scene, column: Column) -> Iterator[Fact]:
    """见证检查: audits that were witnessed inside the dates of their plan."""
    for number, state in witness_states(scene, column):
        if state is WitnessState.INSIDE:
            yield _fact(scene, number)


class WitnessState(StrEnum):
    """How a witness check lies to its audit plan."""

    INSIDE = "inside"
    OUTSIDE = "witness_outside"
    UNPLANNED = "witness_unplanned"


def witness_states(scene: Scene, column: Column) -> Iterator[tuple[int, WitnessState]]:
    """Every visit of the column's types by number, with whether it was made inside its plan's dates."""
    for number in scene.material.in_period:
        if scene.visits.inspection_type[number] in column.types:
            yield number, _witness_state(scene.visits[number], column)


def _witness_state(visit: Visit, column: Column) -> WitnessState:
    """How one visit lies to its plan; ``column.items`` hold the plan's first and last day."""
    days = [plan_day(visit.values.get(item, "")) for item in column.items]
    if len(days) != len(PLAN_ENDS) or visit.begun_on is None or None in days:
        return WitnessState.UNPLANNED
    first, last = (day or date.min for day in days)
    return WitnessState.INSIDE if first <= visit.begun_on <= last else WitnessState.OUTSIDE


def plan_day(text: str) -> date | None:
    """A day of an audit plan as it was entered: ISO, perhaps with a time behind it."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


PLAN_ENDS = ("first", "last")
"""The days of an audit plan, in the order in which a column's ``items`` name them."""


def problems(scene: Scene, column: Column) -> Iterator[Fact]:
    """发现问题: inspections with a confirmed finding, against whomever, under one of the items.

    An item is named ``<inspection type>/<item>``; items of repeated sections count under the item.
    """
    kind, found = scene.visits.inspection_type, scene.visits.problems
    for number in scene.material.in_period:
        for key, item in found.get(number, ()):
            if f"{kind[number]}/{item.partition('@')[0]}" in column.items:
                yield _fact(scene, number, key)


def found_producing(scene: Scene, column: Column) -> Iterator[Fact]:
    """正常生产 or 停产: of the inspected, by what the last inspection met.

    Where that was under another row, the last one of this row stands beside it: it is why the subject
    is counted here.
    """
    for each in scene.whole.met():
        if each.last.state in column.states:
            for visit in dict.fromkeys((each.here, each.last)):
                yield Fact(each.row, each.subject, visit.record_id, visit.state or "")


def remarks(scene: Scene, _column: Column) -> Iterator[Fact]:
    """备注: of the inspected, those met neither producing nor stopped, by what was met (common rule 10)."""
    for each in scene.whole.met():
        if each.last.state not in _WORKING:
            yield Fact(each.row, each.subject, each.last.record_id, each.last.state or "")


_WORKING = (ProductionStatus.NORMAL, ProductionStatus.STOPPED)


def nonconforming(scene: Scene, _column: Column) -> Iterator[Fact]:
    """发现不符合: of the inspected, those with a confirmed finding."""
    found = scene.visits.findings
    for number in scene.certified_visits:
        for key in found[number]:
            yield _fact(scene, number, key)


def cases(scene: Scene, column: Column) -> Iterator[Fact]:
    """Cases by the day, subjects, causes and referrals of the column (common rule 5).

    A lead that was not filed is no case, also when it was referred.
    """
    return (
        Fact(scene.row_of_case(case), case.subject, case.record_id, case.key)
        for case in chosen(scene, column)
    )


def case_amounts(scene: Scene, column: Column) -> Iterator[Fact]:
    """Money of the chosen cases in 分: the column's amounts together (common rule 6)."""
    for case in chosen(scene, column):
        amount = sum(case.amounts[name] for name in column.amounts)
        yield Fact(scene.row_of_case(case), case.subject, case.record_id, case.key, amount)


def ordered(scene: Scene, column: Column) -> Iterator[Fact]:
    """责令改正: subjects with an order issued in the period."""
    return (_of_order(scene, order) for order in _orders(scene, column))


def rectified(scene: Scene, column: Column) -> Iterator[Fact]:
    """督促整改落实: subjects whose every order issued in the period is closed; the others are withdrawn."""
    return (_of_order(scene, order) for order in _orders(scene, column) if order.closed)


def notified(scene: Scene, _column: Column) -> Iterator[Fact]:
    """向认证机构通报: enterprises about which a body was told."""
    for notice in scene.material.notices:
        if notice.kind is NotificationKind.CERTIFICATION_BODY:
            yield _fact(scene, notice.visit, notice.key)


def reported_bodies(scene: Scene, _column: Column) -> Iterator[Fact]:
    """向省局报告: bodies about which the province was told."""
    for notice in scene.material.notices:
        if notice.kind is NotificationKind.PROVINCE:
            yield _fact(scene, notice.visit, notice.key, notice.body)


def _fact(scene: Scene, number: int, part: str = "", subject: str = "") -> Fact:
    """A part of the inspection of a number."""
    visits = scene.visits
    return Fact(scene.row_of(number), subject or visits.subject[number], visits.id[number], part)


def _of_order(scene: Scene, order: Order) -> Fact:
    return _fact(scene, order.visit, order.key, order.subject)


def _orders(scene: Scene, column: Column) -> Iterator[Order]:
    return (order for order in scene.material.orders if is_of(order.subject_kind, column.subjects))


def chosen(scene: Scene, column: Column) -> Iterator[Case]:
    """The cases of a column."""
    last = scene.material.period.last
    for case in scene.material.cases:
        filed = case.days["filed_on"]
        if (
            filed is not None
            and filed <= last
            and case.days[column.by] in scene.material.period
            and is_of(case.subject_kind, column.subjects)
            and (not column.causes or case.cause in column.causes)
            and case.cause not in column.other_than_causes
            and (not column.referrals or case.referral in column.referrals)
        ):
            yield case


def _measure(
    facts: Facts, counting: Counting, part: str, *needs: str, registry: bool = False, once: bool = False
) -> Measure:
    return Measure(facts, counting, part, needs_registry=registry, needs=frozenset(needs), once=once)


_REGISTRY = Measure(
    certified, Counting.SUBJECTS, "certificate", "organization", needs_registry=True,
    needs=frozenset({"certificates"}), once=True,
)  # fmt: skip
_CHECKED = ("visits", "certificates")
"""What the measures need that count inspections of certified subjects only."""

MEASURES: dict[str, Measure] = {
    "officers": _measure(officers, Counting.SUM, "officer", "visits", "officers"),
    "certified": replace(_REGISTRY, needs=frozenset(_CHECKED)),
    "dossiers": replace(_REGISTRY, facts=dossiers, needs=frozenset(_CHECKED)),
    "inspected": _measure(inspected, Counting.SUBJECTS, "", "visits"),
    "inspected_certified": _measure(inspected_certified, Counting.SUBJECTS, "", *_CHECKED, registry=True),
    "found_producing": _measure(
        found_producing, Counting.SUBJECTS, "production_status", *_CHECKED, registry=True, once=True
    ),
    "nonconforming": _measure(
        nonconforming, Counting.SUBJECTS, "finding", *_CHECKED, "findings", registry=True
    ),
    "cases": _measure(cases, Counting.SUM, "case", "cases"),
    "case_subjects": _measure(cases, Counting.SUBJECTS, "case", "cases"),
    "case_amounts": replace(_measure(case_amounts, Counting.SUM, "case", "cases"), money=True),
    "ordered": _measure(ordered, Counting.SUBJECTS, "order", "orders"),
    "rectified": replace(_measure(rectified, Counting.SUBJECTS, "order", "orders"), withdraws=True),
    "notified": _measure(notified, Counting.SUBJECTS, "notification", "notices"),
    "reported_bodies": _measure(reported_bodies, Counting.SUBJECTS, "notification", "notices"),
    "witnessed": _measure(witnessed, Counting.RECORDS, "", "visits", "values"),
    "problems": _measure(problems, Counting.RECORDS, "finding", "visits", "problems"),
    "remarks": _measure(remarks, Counting.WORDS, "production_status", *_CHECKED, once=True),
    "share": Measure(nothing, Counting.SHARE),
    "stated": Measure(nothing, Counting.STATED),
    "row_code": Measure(nothing, Counting.CODE),
    "certificate_field": Measure(listed, Counting.LISTED, "certificate", "organization", once=True),
    "task_field": Measure(listed, Counting.LISTED, "task", "plan", once=True),
    "self_inspection_field": _measure(listed, Counting.LISTED, "", "visits", "values", once=True),
}
"""Every measure by the word that a column of a table names it with."""
