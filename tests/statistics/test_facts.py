"""Rules that hold for whatever lies in the store: cells and what explains them, totals, checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.statistics.count import Head, assemble
from app.statistics.loader import load_tables
from app.statistics.material import Case, HeldCertificate, Material, Notice, Order, Standing, Visit, Visits
from app.statistics.measures import MEASURES, Counting
from app.statistics.period import Period
from app.statistics.table import Table, in_wan
from app.vocabulary import InspectionType, NotificationKind, ProductClass, ProductionStatus, ReferralKind
from app.vocabulary import SubjectKind as Kind

TABLES = {key: table for key, table in load_tables()[0].items() if not table.listing}
PERIOD = Period(date(2026, 1, 1), date(2026, 6, 30))
SWITCHES = {"count_fines_only": False, "count_decided_cases": False}
HEAD = Head("宜春市市场监督管理局", date(2026, 7, 1))

# Few subjects and classes, so that repeats and overlaps are the rule.
subjects = st.sampled_from(["甲", "乙", "丙"])
classes = st.sampled_from([None, ProductClass.CABLE, ProductClass.FIRE, ProductClass.OTHER])
days = st.one_of(st.none(), st.dates(date(2025, 12, 1), date(2026, 7, 31)))
items = st.sampled_from(["2.1", "2.4@auditor1", "9.9"])
fen = st.integers(0, 10**10)


@st.composite
def materials(draw: st.DrawFn) -> Material:
    visits = [
        Visit(
            id=f"v{number}",
            inspection_type=draw(st.sampled_from(InspectionType)),
            product_class=draw(classes),
            production_status=draw(st.one_of(st.none(), st.sampled_from(ProductionStatus))),
            subject=draw(subjects),
            begun_on=draw(st.sampled_from([None, date(2026, 1, 5), date(2026, 3, 1)])),
            in_period=draw(st.booleans()),
            standing=draw(st.sampled_from([Standing.COUNTS, Standing.COUNTS, *Standing])),
            officers="\n".join(sorted(draw(st.sets(st.sampled_from("彭易李"))))),
            findings=tuple(draw(st.sets(st.sampled_from(["f1", "f2"])))),
            problems=tuple(draw(st.sets(st.tuples(st.sampled_from(["f1", "f3"]), items)))),
            values=draw(st.sampled_from([{}, {"1.1.first": "2026-01-05", "1.1.last": "2026-01-06"}])),
            finalised=f"2026-02-{day:02d}T08:00:00.000000Z",
        )
        for number, day in enumerate(draw(st.permutations(range(1, draw(st.integers(0, 6)) + 1))))
    ]
    counting = [number for number, visit in enumerate(visits) if visit.standing is Standing.COUNTS]
    keys = st.lists(st.sampled_from(counting), max_size=5) if counting else st.just([])
    return Material(
        period=PERIOD,
        visits=Visits.of(visits),
        orders=tuple(
            Order(at, f"v{at}", f"o{n}", draw(st.sampled_from(Kind)), draw(subjects), draw(st.booleans()))
            for n, at in enumerate(draw(keys))
        ),
        cases=tuple(
            Case(
                visit=at,
                record_id=f"v{at}",
                key=f"k{n}",
                cause=draw(st.sampled_from(["2", "3", "11", "18", "99"])),
                subject_kind=draw(st.sampled_from(Kind)),
                subject=draw(subjects),
                days={name: draw(days) for name in ("filed_on", "decided_on", "referred_on")},
                referral=draw(st.one_of(st.none(), st.sampled_from(ReferralKind))),
                amounts={name: draw(fen) for name in ("goods_value", "confiscated", "fine")},
            )
            for n, at in enumerate(draw(keys))
        ),
        notices=tuple(
            Notice(at, f"v{at}", f"n{n}", draw(st.sampled_from(NotificationKind)), draw(subjects))
            for n, at in enumerate(draw(keys))
        ),
        certificates=tuple(
            HeldCertificate(f"org{n}", f"C{n}", draw(subjects), draw(classes), draw(st.booleans()))
            for n in range(draw(st.integers(0, 5)))
        ),
        registry_known=draw(st.booleans()),
    )


def of_scope(table_id: str, material: Material) -> Material:
    """What the store would have handed out for the table: inspections of its types alone."""
    types = TABLES[table_id].inspection_types
    return keep(material, {n for n, kind in enumerate(material.visits.inspection_type) if kind in types})


def keep(material: Material, numbers: set[int]) -> Material:
    return replace(
        material,
        numbers=[number for number in material.scope if number in numbers],
        orders=tuple(each for each in material.orders if each.visit in numbers),
        cases=tuple(each for each in material.cases if each.visit in numbers),
        notices=tuple(each for each in material.notices if each.visit in numbers),
    )


def counted(table_id: str, material: Material) -> Table:
    return assemble(TABLES[table_id], [material], SWITCHES, HEAD)


def only_explained(table: Table, material: Material, row: str, column: str) -> Material:
    """The material without any record that the explanation of a cell does not name."""
    ids = set(table.cells[row][column].record_ids)
    found = table.definition.column(column)
    assert found is not None
    if found.of:  # a share is explained by what it is a part of
        return material
    if MEASURES[found.measure].record == "organization":
        held = tuple(each for each in material.certificates if each.organization_id in ids)
        return replace(material, certificates=held)
    return keep(material, {number for number, key in enumerate(material.visits.id) if key in ids})


@pytest.mark.parametrize("table_id", TABLES)
@settings(deadline=None, max_examples=100)
@given(material=materials(), data=st.data())
def test_every_cell_recounts_from_the_records_that_explain_it(
    table_id: str, material: Material, data: st.DataObject
) -> None:
    material = of_scope(table_id, material)
    table = counted(table_id, material)
    row = data.draw(st.sampled_from([each.key for each in table.rows]))
    column = data.draw(st.sampled_from([each.key for each in table.columns if each.key != "remarks"]))
    again = counted(table_id, only_explained(table, material, row, column))
    assert again.cells[row][column].amount == table.cells[row][column].amount


@pytest.mark.parametrize("table_id", TABLES)
@settings(deadline=None, max_examples=40)
@given(material=materials())
def test_totals_are_sums_or_say_why_not(table_id: str, material: Material) -> None:
    table = counted(table_id, of_scope(table_id, material))
    rows = [row.key for row in table.definition.top_rows()]
    for column in table.columns if rows else ():
        amounts = [table.cells[row][column.key].amount for row in rows]
        total = table.cells["total"][column.key]
        if MEASURES[column.measure].counting is Counting.SUM:
            # a cause that has no row counts in the total alone
            assert total.amount == sum(amounts) or (table.definition.dimension == "cause" and total.note)
        elif MEASURES[column.measure].counting is Counting.SUBJECTS:
            assert max(amounts) <= total.amount <= sum(amounts)
            assert bool(total.note) == (total.amount != sum(amounts)) or total.value is None


@pytest.mark.parametrize("table_id", TABLES)
@settings(deadline=None, max_examples=40)
@given(material=materials())
def test_only_referrals_can_fail_a_cross_check(table_id: str, material: Material) -> None:
    table = counted(table_id, of_scope(table_id, material))
    assert {check.key for check in table.checks if not check.passed} <= {"referred"}


@pytest.mark.parametrize("table_id", TABLES)
@settings(deadline=None, max_examples=40)
@given(material=materials())
def test_everything_that_touches_the_period_counts_or_is_left_out(table_id: str, material: Material) -> None:
    material = of_scope(table_id, material)
    table = counted(table_id, material)
    left_out = {record for each in table.left_out for record in each.record_ids}
    for visit in (material.visits[number] for number in material.scope):
        if visit.standing is not Standing.COUNTS:
            assert visit.id in left_out
        elif visit.in_period and visit.officers and "officers" in table.cells["total"]:
            assert visit.id in table.cells["total"]["officers"].record_ids


@pytest.mark.parametrize("table_id", TABLES)
@settings(deadline=None, max_examples=60)
@given(material=materials(), data=st.data())
def test_it_does_not_matter_which_are_counted_together(
    table_id: str, material: Material, data: st.DataObject
) -> None:
    material = of_scope(table_id, material)
    groups = data.draw(st.tuples(*(st.integers(0, 2) for _ in material.scope)))
    parts = [
        keep(
            material, {number for number, group in zip(material.scope, groups, strict=True) if group == each}
        )
        for each in range(3)
    ]
    whole, summed = counted(table_id, material), assemble(TABLES[table_id], parts, SWITCHES, HEAD)
    assert (summed.cells, summed.checks, summed.notes) == (whole.cells, whole.checks, whole.notes)
    assert summed.counted == whole.counted
    assert summed.left_out_ids() == whole.left_out_ids()
    found, expected = summed.facts(), whole.facts()
    for column in whole.columns:
        assert sorted(found[column.key]) == sorted(expected[column.key])
    for row in whole.rows:
        column = data.draw(st.sampled_from(whole.columns)).key
        assert summed.cells[row.key][column].record_ids == whole.cells[row.key][column].record_ids


@given(st.lists(fen, max_size=20))
def test_money_is_rounded_once(amounts: list[int]) -> None:
    exact = sum(amounts)
    assert abs(in_wan(exact) * 1_000_000 - exact) <= 50
    assert in_wan(exact).as_tuple().exponent == -4


@pytest.mark.parametrize(
    "amount, shown", [(49, "0.0000"), (50, "0.0001"), (123_454_000, "123.4540"), (10**15, "1000000000.0000")]
)
def test_wan_keeps_four_decimals(amount: int, shown: str) -> None:
    assert str(in_wan(amount)) == shown
