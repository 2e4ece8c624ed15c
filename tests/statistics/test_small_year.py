"""The hand-made small year, number by number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.services import reporting
from app.services.workplace import Workplace
from app.settings import Settings
from app.statistics.table import Table
from tests.statistics.small_year import FIRST, LAST, small_year

# Every row of 附件1. What is not named is 0; None is "not reported".
CCC_ROWS = {
    "children": {
        "officers": 5,  # v01 two, v02 three; the expert of v02 is no officer
        "dossiers_due": 1,  # toys, with two certificates
        "dossiers_made": 1,  # on 1 March
        "certified": 1,
        "inspected": 1,  # twice inspected; x1 and x2 lie a second outside
        "producing": 0,
        "stopped": 1,  # as v02 met it, which is later than v01
        "nonconforming": 1,  # found on v01
        "penalties": Decimal("2.0000"),  # x1's case of last year was decided in February
        "ordered_enterprises": 1,  # x1's order was issued on 4 January
        "rectified": 1,  # and closed on 9 January
    },
    "fire": {
        "officers": 2,  # v11; l1 is in conflict
        "cases": 2,  # against alarm and against the laboratory
        "dossiers_due": 1,  # alarm expires on the last day; riddle's status is unknown
        "dossiers_made": 1,  # on the last day
        "certified": 1,
        "inspected": 1,
        "producing": 1,
        "nonconforming": 1,
        "offenders": 1,
        "offending_bodies": 1,  # the laboratory
        "penalties": Decimal("1.2345"),  # 10,000.00 fine + 2,345.40 confiscated = 1.23454
        "ordered_bodies": 1,
        "referred": 1,
    },
    "electrical": {
        "officers": 2,  # v06
        "cases": 1,
        "dossiers_due": 1,  # wire's second class
        "certified": 1,
        "inspected": 0,  # wire was inspected as cable; maker holds no certificate
        "producing": None,  # so nobody looked
        "stopped": None,
        "nonconforming": None,
        "unlicensed": 1,  # maker
        "penalties": Decimal("1.2345"),  # 12,345.40 = 1.23454
        "ordered_enterprises": 1,  # maker; not closed
    },
    "cable": {
        "officers": 6,  # v03, v08, v09
        "dossiers_due": 2,  # wire; twin1 and twin2 are one; alarm's was issued on 1 August
        "dossiers_made": 1,  # twin1's serves both records
        "certified": 2,
        "inspected": 2,
        "producing": 2,  # wire; twin2 a day after twin1 stood still
        "nonconforming": 1,  # v03
        "ordered_enterprises": 1,  # wire, twice; its second order was closed after the end
        "notified": 2,  # wire twice, the twins once each
    },
    "farm_machinery": {
        "officers": 2,
        "dossiers_due": 1,  # plough's certificate has no class; it was inspected as farm machinery
        "certified": 1,
        "inspected": 1,
        "producing": 1,
        "ordered_bodies": 1,  # the order of v10 is directed at the body; its notice left on 1 August
    },
    "electric_bicycle": {
        "officers": 2,  # v07; l3 was returned
        "dossiers_due": 1,
        "dossiers_made": 1,
        "certified": 1,
        "inspected": 1,
        "nonconforming": 0,  # v07's finding is against the body
        "remarks": "已搬迁 1 家",
    },
    "vehicle": {
        "officers": 4,  # v04 and v05
        "dossiers_due": 1,  # parts, suspended; gone was withdrawn on 1 May
        "dossiers_made": 0,  # parts on 1 August
        "certified": 1,
        "inspected": 1,  # v05's gone counts no more
        "stopped": 1,
        "nonconforming": 0,  # v04's finding was not confirmed
        "ordered_enterprises": 1,  # the draft is no order
        "rectified": 1,
    },
    "gas_appliance": {
        "dossiers_due": 1,  # stove, withdrawn on 10 August
        "dossiers_made": 1,
        "certified": 1,
        "producing": None,  # l2 is a draft
        "stopped": None,
        "nonconforming": None,
    },
    "other": {
        "dossiers_due": 1,  # quiet: no class, never inspected
        "certified": 1,
        "producing": None,
        "stopped": None,
        "nonconforming": None,
    },
    "total": {
        "officers": 23,
        "cases": 3,
        "dossiers_due": 9,  # wire stands in two rows
        "dossiers_made": 5,  # toys, alarm, twins, bike, stove
        "certified": 9,
        "inspected": 7,  # toys, wire, parts, bike, twins, plough, alarm
        "producing": 4,  # wire, twins, plough, alarm
        "stopped": 2,  # toys, parts
        "nonconforming": 3,  # toys, wire, alarm
        "unlicensed": 1,
        "offenders": 1,
        "offending_bodies": 1,
        "penalties": Decimal("4.4691"),  # 4.46908: rounded once, not the sum of rounded rows
        "ordered_enterprises": 4,  # toys, wire, parts, maker
        "ordered_bodies": 1,  # the same body in two rows
        "rectified": 2,  # toys, parts
        "referred": 1,
        "notified": 2,
        "remarks": "已搬迁 1 家",
    },
}

ORGANIC_ROW = {
    "officers": 7,
    "cases": 1,
    "certified": 2,
    "inspected": 2,
    "producing": 1,  # tea; rice was not found
    "nonconforming": 1,
    "offenders": 1,
    "ordered_enterprises": 1,
    "rectified": 1,
    "reported_bodies": 2,  # one body under its name and under its number, and another
    "remarks": "查无下落 1 家",
}

SHANGHAI_ROWS = {
    "CCC_PRODUCER": {
        "inspected": 9,  # the seven, gone and maker
        "officers": 23,
        "cases": 3,  # maker, alarm, the laboratory
        "goods_value": Decimal("5.3000"),
        "confiscated": Decimal("0.2345"),
        "fines": Decimal("4.2345"),  # 2 + 1.23454 + 1
        "referred": 1,
    },
    "MS_ORG": {},
    "ORGANIC_ORG": {"inspected": 2, "officers": 7, "cases": 1},
    "SELENIUM_ORG": {},
    "SH_BRAND": {},
    "CMA_LAB": {},
    "total": {
        "inspected": 11,
        "officers": 30,
        "cases": 4,
        "goods_value": Decimal("5.3000"),
        "confiscated": Decimal("0.2345"),
        "fines": Decimal("4.2345"),
        "referred": 1,
    },
}


@pytest.fixture
def year(office: Workplace) -> Iterator[Workplace]:
    small_year().write(office)
    return office


def count(place: Workplace, table: str) -> Table:
    return reporting.table(place, table=table, period_from=FIRST, period_to=LAST)


def values(table: Table, row: str) -> dict[str, object]:
    """The values of a row that are not 0; empty remarks do not count as empty numbers."""
    cells = {key: cell.value for key, cell in table.cells[row].items()}
    return {key: value for key, value in cells.items() if value != 0 and (key != "remarks" or value)}


def expected(row: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if value != 0}


def test_annex_1_counts_every_cell(year: Workplace) -> None:
    table = count(year, "ccc-annex1")
    assert {row: values(table, row) for row in table.cells} == {
        row.key: expected(CCC_ROWS[row.key]) for row in table.rows
    }
    assert not table.blocked


def test_annex_3_counts_every_cell(year: Workplace) -> None:
    assert values(count(year, "organic-annex3"), "total") == ORGANIC_ROW


def test_shanghai_counts_every_cell(year: Workplace) -> None:
    table = count(year, "shanghai-annex2")
    assert {row: values(table, row) for row in table.cells} == SHANGHAI_ROWS


def test_a_total_that_is_no_sum_says_so(year: Workplace) -> None:
    total = count(year, "ccc-annex1").cells["total"]
    assert {key for key, cell in total.items() if cell.note} == {
        "dossiers_due",
        "certified",
        "ordered_bodies",
    }


def test_what_is_left_out_is_named_with_its_reason(year: Workplace) -> None:
    assert {each.reason: each.record_ids for each in count(year, "ccc-annex1").left_out} == {
        "draft": ("l2",),
        "in_conflict": ("l1",),
        "returned": ("l3",),
        "uncertified": ("v05", "v06"),
        "unknown_status": ("riddle",),
        "not_filed": ("v04",),
    }


def test_the_footnote_names_the_registry_day_and_the_unplaced(year: Workplace) -> None:
    notes = " ".join(count(year, "ccc-annex1").notes)
    assert "2026-08-10" in notes
    assert "0 次检查、1 张证书" in notes
    assert "处罚金额为罚款与没收金额之和" in notes


def test_switches_change_the_count_and_the_footnote(year: Workplace) -> None:
    settings = Settings(count_fines_only=True, count_decided_cases=True)
    place = replace(year, settings=settings)
    ccc, shanghai = count(place, "ccc-annex1"), count(place, "shanghai-annex2")
    # alarm's 2,345.40 confiscated no longer count; the check against the cases follows the switch
    assert ccc.cells["fire"]["penalties"].value == Decimal("1.0000")
    assert not ccc.blocked
    assert any("不含没收" in note for note in ccc.notes)
    # decided: maker, alarm, and toys, whose case was filed last year; the laboratory's is undecided
    assert shanghai.cells["CCC_PRODUCER"]["cases"].value == 3
    assert shanghai.cells["ORGANIC_ORG"]["cases"].value == 0
    assert any("处罚决定日期" in note for note in shanghai.notes)


@pytest.mark.parametrize(
    "first, last, visits",
    [
        (date(2025, 12, 31), date(2025, 12, 31), ["x1"]),
        (date(2026, 1, 1), date(2026, 1, 1), ["v01"]),
        (date(2026, 7, 31), date(2026, 7, 31), ["v11"]),
        (date(2026, 8, 1), date(2026, 8, 1), ["x2"]),
    ],
)
def test_a_visit_belongs_to_the_local_day_it_was_finalised(
    year: Workplace, first: date, last: date, visits: list[str]
) -> None:
    table = reporting.table(year, table="shanghai-annex2", period_from=first, period_to=last)
    assert list(table.cells["CCC_PRODUCER"]["inspected"].record_ids) == visits


def test_a_referral_without_a_case_in_the_period_blocks_the_final_table(year: Workplace) -> None:
    # only July: alarm's case was filed on 30 June and referred on 15 July; the laboratory's filed in July
    table = reporting.table(
        year, table="ccc-annex1", period_from=date(2026, 7, 2), period_to=date(2026, 7, 31)
    )
    failed = [(check.key, check.row, check.left, check.right) for check in table.checks if not check.passed]
    assert failed == [("referred", "total", 1, 0), ("referred", "fire", 1, 0)]
    assert table.blocked


def test_without_a_registry_what_rests_on_it_is_not_reported(office: Workplace) -> None:
    table = count(office, "ccc-annex1")
    total = {key: cell.value for key, cell in table.cells["total"].items()}
    assert total["certified"] is None
    assert total["dossiers_made"] is None
    assert total["inspected"] is None
    assert total["officers"] == 0
    assert any("未填报" in note for note in table.notes)
    assert not table.blocked
