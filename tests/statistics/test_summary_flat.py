"""A work summary of several parts of a year: its numbers, computed from the rows by hand, and what it holds."""

from __future__ import annotations

import gc
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from app.models.enforcement import Case, FollowUp, RectificationOrder
from app.models.inspection import Finding, Inspection
from app.models.revisions import RecordState
from app.services import summarizing
from app.services.workplace import Workplace
from app.statistics.gather_visits import AT_ONCE
from app.statistics.summary import Facts, Figure
from app.vocabulary import Severity
from tests.statistics.test_flat import FIRST, LAST, registry, visits, write

FEW, MANY = AT_ONCE + 300, 3 * AT_ONCE + 300
BYTES_EACH = 300
"""For one more inspection: its id in the answer takes 81, its places in the lists that name it the rest."""


@pytest.fixture
def year(office: Workplace) -> Workplace:
    write(office, registry())
    write(office, visits(range(FEW)))
    return office


def facts_of(place: Workplace) -> Facts:
    return summarizing.summary(place, period_from=FIRST, period_to=LAST).facts


class Rows:
    """What was written, without what hangs on inspections in conflict."""

    def __init__(self) -> None:
        rows = list(visits(range(FEW)))
        disputed = {row["record_id"] for mapped, row in rows if mapped is RecordState and row["in_conflict"]}
        self.disputed = self._named(row for mapped, row in rows if mapped is Inspection)(disputed)
        rows = [each for each in rows if each[1].get("inspection_id", each[1].get("id")) not in disputed]
        self.of = {
            mapped: [row for kind, row in rows if kind is mapped]
            for mapped in (Inspection, Finding, RectificationOrder, FollowUp, Case)
        }
        self.by_day = self._named(self.of[Inspection])

    @staticmethod
    def _named(rows: Iterable[dict[str, Any]]) -> Callable[[set[object]], tuple[str, ...]]:
        """What puts ids in the order of their days, those of one moment in that of their ids."""
        ordered = sorted(rows, key=lambda row: (row["finalised_at"], row["id"]))
        return lambda ids: tuple(row["id"] for row in ordered if row["id"] in ids)

    def ids(self, mapped: type) -> tuple[str, ...]:
        """The inspections with a part of a kind, by their ids."""
        return tuple(sorted({str(row["inspection_id"]) for row in self.of[mapped]}))


def test_the_numbers_of_several_parts_are_those_of_all_rows(year: Workplace) -> None:
    facts, rows = facts_of(year), Rows()
    ids: set[object] = {row["id"] for row in rows.of[Inspection]}
    subjects = len({row["subject_code"] for row in rows.of[Inspection]})
    issued, decided = rows.of[RectificationOrder], rows.of[Case]

    def sum_of(name: str) -> Figure:
        adding = [row for row in decided if row.get(name)]
        return Figure(
            sum(row[name] for row in adding), tuple(sorted(str(row["inspection_id"]) for row in adding))
        )

    all_of_them = rows.by_day(ids)
    assert dict(facts.figures) == {
        "visits": Figure(len(ids), all_of_them),
        "subjects": Figure(subjects, all_of_them),
        "officers": Figure(2 * len(ids), all_of_them),
        "nonconforming": Figure(subjects, all_of_them),  # each has a finding
        "findings": Figure(len(ids), all_of_them),  # begun and finalised at one moment
        "orders_issued": Figure(len(issued), rows.ids(RectificationOrder)),
        "orders_closed": Figure(len(rows.of[FollowUp]), rows.ids(FollowUp)),
        **dict.fromkeys(("orders_overdue", "orders_extended", "orders_escalated"), Figure()),
        "cases_filed": Figure(len(decided), rows.ids(Case)),
        "cases_decided": Figure(len(decided), rows.ids(Case)),
        "cases_referred": Figure(),
        "fines": sum_of("fine"),
        "confiscated": sum_of("confiscated"),
        "goods_value": Figure(),
        "notified": Figure(),
        "reported": Figure(),
    }


def test_the_lists_are_chosen_from_all_parts(year: Workplace) -> None:
    facts, rows = facts_of(year), Rows()
    assert [(each.reason, each.inspections) for each in facts.left_out] == [
        ("in_conflict", Figure(len(rows.disputed), rows.disputed))
    ]
    assert [line.findings.value for line in facts.severities if line.severity is Severity.MAJOR] == [
        len(rows.of[Inspection])
    ]
    # The heaviest fines, one of each enterprise; of two as heavy the earlier one goes first.
    fined = sorted(rows.of[Case], key=lambda row: (-row["fine"], row["filed_on"], row["inspection_id"]))
    best: dict[str, str] = {}
    for row in fined:
        best.setdefault(row["subject_name"], row["inspection_id"])
    assert [(each.subject_name, each.record_id) for each in facts.stories] == list(best.items())[:5]
    assert Counter(each.inspection_type for each in facts.types).total() == 1


def peak_of(place: Workplace) -> int:
    """The most bytes that the facts of a year take while they are read."""
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        facts_of(place)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.enable()


def test_more_inspections_hold_hardly_more_than_their_names(year: Workplace) -> None:
    facts_of(year)  # what is loaded once
    few = peak_of(year)
    write(year, visits(range(FEW, MANY)))
    many = peak_of(year)
    assert many - few < BYTES_EACH * (MANY - FEW), f"{(many - few) / (MANY - FEW):.0f} bytes for each"
