"""What can be counted: each measure is a function that yields facts from the material.

The same facts make a cell's number and its explanation; nothing is counted twice in two ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from app.statistics.definition import Column
from app.statistics.material import Case, Order, Visit
from app.statistics.scene import Fact, Scene
from app.vocabulary import NotificationKind, ProductionStatus


class Counting(StrEnum):
    """How facts fill a cell: distinct subjects (家), the sum of amounts (人次, 起, 分), or words (备注)."""

    SUBJECTS = "subjects"
    SUM = "sum"
    WORDS = "words"


Facts = Callable[[Scene, Column], Iterable[Fact]]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its facts, how they are counted, and what records and parts they point at.

    One that rests on the registry is "not reported" while the registry holds no such certificate.
    """

    facts: Facts
    counting: Counting
    part: str = ""
    record: str = "inspection"
    money: bool = False
    needs_registry: bool = False


def officers(scene: Scene, _column: Column) -> Iterator[Fact]:
    """人次: every officer of every inspection (common rule 3)."""
    for visit in scene.material.in_period:
        for credential in visit.officers:
            yield Fact(scene.row_of(visit), visit.subject, visit.id, credential)


def certified(scene: Scene, _column: Column) -> Iterable[Fact]:
    """应建 and 获证企业: holders of a certificate valid or suspended at the period's end."""
    return scene.certified


def dossiers(scene: Scene, _column: Column) -> Iterator[Fact]:
    """已建: of those, the ones with a dossier made by then, in whichever of a subject's records."""
    made = {held.subject: held for held in scene.material.certificates if held.has_dossier}
    for fact in scene.certified:
        if holder := made.get(fact.subject):
            yield fact
            yield replace(fact, record_id=holder.organization_id, part=holder.number)


def inspected(scene: Scene, _column: Column) -> Iterator[Fact]:
    """检查单位数: every subject inspected in the period, certified or not."""
    return (_fact(scene, visit) for visit in scene.material.in_period)


def inspected_certified(scene: Scene, _column: Column) -> Iterator[Fact]:
    """检查企业: of the certified in the row, those inspected at least once in the period."""
    return (_fact(scene, visit) for visit in scene.certified_visits)


def found_producing(scene: Scene, column: Column) -> Iterator[Fact]:
    """正常生产 or 停产: of the inspected, by what the last inspection met.

    Where that was under another row, the last one of this row stands beside it: it is why the subject
    is counted here.
    """
    for visit in _last_in_rows(scene):
        last = scene.last_visits[visit.subject]
        if last.production_status in column.states:
            for each in dict.fromkeys((visit, last)):
                yield Fact(scene.row_of(visit), visit.subject, each.id, each.production_status or "")


def remarks(scene: Scene, _column: Column) -> Iterator[Fact]:
    """备注: of the inspected, those met neither producing nor stopped, by what was met (common rule 10)."""
    for visit in _last_in_rows(scene):
        last = scene.last_visits[visit.subject]
        if last.production_status not in {ProductionStatus.NORMAL, ProductionStatus.STOPPED}:
            yield Fact(scene.row_of(visit), visit.subject, last.id, last.production_status or "")


def _last_in_rows(scene: Scene) -> Iterable[Visit]:
    """The last inspection of each inspected subject in each row."""
    return {(scene.row_of(visit), visit.subject): visit for visit in scene.certified_visits}.values()


def nonconforming(scene: Scene, _column: Column) -> Iterator[Fact]:
    """发现不符合: of the inspected, those with a confirmed finding."""
    for visit in scene.certified_visits:
        for key in visit.findings:
            yield _fact(scene, visit, key)


def cases(scene: Scene, column: Column) -> Iterator[Fact]:
    """Cases by the day, subjects, causes and referrals of the column (common rule 5).

    A lead that was not filed is no case, also when it was referred.
    """
    return (_fact(scene, case.visit, case.key, case.subject) for case in _chosen(scene, column))


def case_amounts(scene: Scene, column: Column) -> Iterator[Fact]:
    """Money of the chosen cases in 分: the column's amounts together (common rule 6)."""
    for case in _chosen(scene, column):
        amount = sum(case.amounts[name] for name in column.amounts)
        yield Fact(scene.row_of(case.visit), case.subject, case.visit.id, case.key, amount)


def ordered(scene: Scene, column: Column) -> Iterator[Fact]:
    """责令改正: subjects with an order issued in the period."""
    return (_of_order(scene, order) for order in _orders(scene, column))


def rectified(scene: Scene, column: Column) -> Iterator[Fact]:
    """督促整改落实: subjects whose every order issued in the period is closed."""
    found = tuple(_orders(scene, column))
    still_open = {order.subject for order in found if not order.closed}
    return (_of_order(scene, order) for order in found if order.subject not in still_open)


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


def _fact(scene: Scene, visit: Visit, part: str = "", subject: str = "") -> Fact:
    return Fact(scene.row_of(visit), subject or visit.subject, visit.id, part)


def _of_order(scene: Scene, order: Order) -> Fact:
    return _fact(scene, order.visit, order.key, order.subject)


def _orders(scene: Scene, column: Column) -> Iterator[Order]:
    return (
        order
        for order in scene.material.orders
        if not column.subjects or order.subject_kind in column.subjects
    )


def _chosen(scene: Scene, column: Column) -> Iterator[Case]:
    last = scene.material.period.last
    for case in scene.material.cases:
        filed = case.days["filed_on"]
        if (
            filed is not None
            and filed <= last
            and case.days[column.by] in scene.material.period
            and (not column.subjects or case.subject_kind in column.subjects)
            and (not column.causes or case.cause in column.causes)
            and case.cause not in column.other_than_causes
            and (not column.referrals or case.referral in column.referrals)
        ):
            yield case


MEASURES: dict[str, Measure] = {
    "officers": Measure(officers, Counting.SUM, part="officer"),
    "certified": Measure(
        certified, Counting.SUBJECTS, part="certificate", record="organization", needs_registry=True
    ),
    "dossiers": Measure(
        dossiers, Counting.SUBJECTS, part="certificate", record="organization", needs_registry=True
    ),
    "inspected": Measure(inspected, Counting.SUBJECTS),
    "inspected_certified": Measure(inspected_certified, Counting.SUBJECTS, needs_registry=True),
    "found_producing": Measure(
        found_producing, Counting.SUBJECTS, part="production_status", needs_registry=True
    ),
    "nonconforming": Measure(nonconforming, Counting.SUBJECTS, part="finding", needs_registry=True),
    "cases": Measure(cases, Counting.SUM, part="case"),
    "case_subjects": Measure(cases, Counting.SUBJECTS, part="case"),
    "case_amounts": Measure(case_amounts, Counting.SUM, part="case", money=True),
    "ordered": Measure(ordered, Counting.SUBJECTS, part="order"),
    "rectified": Measure(rectified, Counting.SUBJECTS, part="order"),
    "notified": Measure(notified, Counting.SUBJECTS, part="notification"),
    "reported_bodies": Measure(reported_bodies, Counting.SUBJECTS, part="notification"),
    "remarks": Measure(remarks, Counting.WORDS, part="production_status"),
}
"""Every measure by the word that a column of a table names it with."""
