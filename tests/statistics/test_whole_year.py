"""The whole year, table by table and number by number, as a person works it out from the rows.

What is not named in an expected row is 0; ``None`` is "not reported". CCC and organic are those of the
small year: nothing that came to it belongs to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from app.models.registry import Certificate
from app.services import reporting
from app.services.workplace import Workplace
from app.statistics.table import Table
from app.vocabulary import CertificateStatus, Scheme
from tests.statistics.test_small_year import CCC_ROWS, ORGANIC_ROW, SHANGHAI_ROWS, expected, values
from tests.statistics.whole_year import FIRST, LAST, whole_year

SELENIUM_ROW = {
    "officers": 11,  # s1 2, s2 3, s3 2, s4 2, s5 2 without its expert; s6 is in conflict
    "cases": 2,  # egg on 5 May, oil on 20 April
    # rice2; oil, with two certificates; white, issued on the last day; bean, withdrawn a day after.
    # egg's expired on 30 July
    "certified": 4,
    "inspected": 3,  # rice2 (twice), oil, bean
    "share": Decimal("75.00"),  # 3 of 4
    "producing": 1,  # rice2
    "stopped": 1,  # oil
    "nonconforming": 1,  # oil; egg holds no certificate, white's is in conflict
    "offenders": 2,  # egg, oil
    "penalties": Decimal("0.6000"),  # egg: 5,000 fine + 1,000 confiscated
    "ordered_enterprises": 2,  # oil, egg
    "rectified": 1,  # oil; egg's is open
    "referred": 1,  # oil's
    "notified": 1,  # oil
    "reported_bodies": 1,
    "remarks": "已关闭或注销 1 家",  # bean
}

MS_ROW = {
    "officers": 14,  # w1 to w4 and o1 to o3, two each; w5 lies in August, o4 is a draft
    "activities": None,  # stands in another system
    "witnessed": 2,  # w1, w2; w3 came a day after its plan, w4 has none
    "witness_share": None,
    "verified": 2,  # cast by o1, cloth by o2; ended holds no certificate
    "certified": 3,  # cast, pack, and cloth, suspended
    "inspected": 3,  # pack by its witness checks alone
    "producing": 2,  # cast by o1, pack by w4
    "stopped": 1,  # cloth
    "nonconforming": 1,  # cloth; what was found against bodies is not the organization's
    "off_plan": 1,  # w1
    "unqualified": 2,  # w2, o2
    "too_short": 3,  # w1, o1, o3
    "procedure": 1,  # w2, twice the same; w4's is not confirmed
    "no_sign_in": 1,  # o1
    "cases": 2,  # against the body on 1 May, against ended on 1 July
    "offenders": 1,
    "offending_bodies": 1,
    "penalties": Decimal("5.0000"),  # the body's 50,000
    "ordered_enterprises": 1,  # cloth
    "ordered_bodies": 1,
    "rectified": 0,  # cloth's was closed in August
    "notified": 1,
    "reported_bodies": 1,
}

# 合计 of the cases decided from January to July: v06, v11, x1 (filed last year), s4, w1, c1, c2.
CAUSES = {
    # number of cases, goods value, fines, confiscated, referred to the courts; in 万元
    "total": (7, "7.3000", "27.7345", "3.3345", 1),
    # v06, v11, x1: goods 0.3 + 5; fines 1.23454 + 1 + 2; confiscated 0.23454 of v11, which was referred
    "2": (3, "5.3000", "4.2345", "0.2345", 1),
    "3": (1, "0.3000", "1.2345", "0.0000", 0),  # v06
    "4": (2, "0.0000", "15.0000", "3.0000", 0),  # c1 and w1
    "5": (1, "0.0000", "10.0000", "3.0000", 0),  # c1
    "7": (1, "0.0000", "5.0000", "0.0000", 0),  # w1
    "11": (1, "2.0000", "0.5000", "0.1000", 0),  # s4; s3's and o3's are not decided
    # c2, referred to another authority, not to the courts; its second was decided on 1 August
    "17": (1, "0.0000", "8.0000", "0.0000", 0),
    "19": (1, "0.0000", "8.0000", "0.0000", 0),
}

SHANGHAI = {
    **SHANGHAI_ROWS,
    "MS_ORG": {
        "inspected": 6,  # cast, food, pack, cloth, ended, and the seller of c1
        "officers": 16,  # 14 and c1's two
        "cases": 3,  # the body, ended, the seller
        "confiscated": Decimal("3.0000"),
        "fines": Decimal("15.0000"),
    },
    "SELENIUM_ORG": {
        "inspected": 4,  # egg too
        "officers": 11,
        "cases": 2,
        "goods_value": Decimal("2.0000"),
        "confiscated": Decimal("0.1000"),
        "fines": Decimal("0.5000"),
        "referred": 1,
    },
    "SH_BRAND": {"inspected": 1, "officers": 2},  # b1, on the last day
    "CMA_LAB": {"inspected": 1, "officers": 2, "cases": 1, "fines": Decimal("8.0000")},
    "total": {
        "inspected": 23,  # 9 + 6 + 2 + 4 + 1 + 1; who looks after themselves (CB_SELF) is not inspected
        "officers": 61,
        "cases": 10,
        "goods_value": Decimal("7.3000"),
        "confiscated": Decimal("3.3345"),  # 0.23454 + 3 + 0.1
        "fines": Decimal("27.7345"),  # 4.23454 + 15 + 0.5 + 8
        "referred": 2,  # v11's and oil's
    },
}

# 附件5 on 31 July: by name; oil's first is suspended since 1 June.
CERTIFICATES = [
    (
        "丰城富硒大米合作社",
        "丰城市董家镇 3 号 熊菊 0795-6600021",
        "富硒大米",
        "FX2024-021",
        "中衡认证中心有限公司",
    ),
    ("奉新富硒豆业有限公司", "", "", "FX2024-025", ""),
    ("宜春富硒茶油有限公司", "", "富硒茶油", "FX2024-022（暂停）", "华信认证有限公司"),
    ("宜春富硒茶油有限公司", "", "富硒菜油", "FX2024-023", "华信认证有限公司"),
    ("靖安富硒白茶厂", "", "", "FX2026-024", ""),
]

SELF_INSPECTIONS = {
    # z2, the later of two; 350 checked are all it certified
    "中衡认证中心有限公司": (310, 40, 350, 20, 18, 2, 1, 12, "另有两家正在整改"),
    # z3: nothing said of CCC and of help; "不详" is no number
    "华信认证有限公司": (55, None, 55, 4, 4, 0, "不详", None, None),
}
SELF_TOTAL = (365, 40, 405, 24, 22, 2, 1, 12)

TASKS = [
    (
        "强制性产品认证获证组织抽查", "2026年4月1日至2026年8月19日", "全市CCC获证组织 100 家",
        "丰城市市场监督管理局、袁州区市场监督管理局",  # the third hand-out was cancelled
    ),
    ("管理体系认证见证检查", "2026年4月1日至2026年10月31日", "本年度认证活动 不少于 5%", None),
    ("有机产品全覆盖检查", None, "", None),
]  # fmt: skip


@pytest.fixture
def year(office: Workplace) -> Iterator[Workplace]:
    whole_year().write(office)
    return office


def count(place: Workplace, table: str) -> Table:
    return reporting.table(place, table=table, period_from=FIRST, period_to=LAST)


def shown(table: Table, row: str, *columns: str) -> tuple[object, ...]:
    return tuple(table.cells[row][column].value for column in columns)


@pytest.mark.parametrize("table, rows", [("ccc-annex1", CCC_ROWS), ("shanghai-annex2", SHANGHAI)])
def test_tables_with_several_rows(year: Workplace, table: str, rows: dict[str, dict[str, object]]) -> None:
    counted = count(year, table)
    assert {row: values(counted, row) for row in counted.cells} == {
        row.key: expected(rows[row.key]) for row in counted.rows
    }


@pytest.mark.parametrize(
    "table, row",
    [("organic-annex3", ORGANIC_ROW), ("selenium-annex4", SELENIUM_ROW), ("ms-annex2", MS_ROW)],
)
def test_tables_of_one_row(year: Workplace, table: str, row: dict[str, object]) -> None:
    assert values(count(year, table), "total") == expected(row)


def test_case_causes_row_by_row(year: Workplace) -> None:
    table = count(year, "case-causes")
    nothing = (0, "0.0000", "0.0000", "0.0000", 0)
    for row in table.rows:
        number, goods, fines, confiscated, referred = CAUSES.get(row.key, nothing)
        money = (Decimal(goods), Decimal(fines), Decimal(confiscated))
        found = shown(table, row.key, "cases", "ordinary", "goods_value", "fines", "confiscated", "referred")
        assert found == (number, number, *money, referred), row.key
        assert shown(table, row.key, "code") == ("1" if row.total else row.key,)
    assert not table.blocked
    assert len(table.rows) == 19


def test_the_rows_of_the_causes_add_up_to_the_total(year: Workplace) -> None:
    table = count(year, "case-causes")
    top = [row.key for row in table.definition.top_rows()]
    assert top == ["2", "4", "10", "11", "12", "17"]
    assert sum(table.cells[row]["cases"].amount for row in top) == table.cells["total"]["cases"].amount


def test_annex_5_lists_every_certificate_of_the_day(year: Workplace) -> None:
    table = count(year, "selenium-annex5")
    columns = [column.key for column in table.columns]
    assert [shown(table, row.key, *columns) for row in table.rows] == CERTIFICATES
    assert [row.label for row in table.rows] == ["1", "2", "3", "4", "5"]


def test_annex_5_says_how_old_its_certificates_are_and_which_it_had_to_guess(year: Workplace) -> None:
    assert count(year, "selenium-annex5").notes[1:] == ("证书数据截至 2026-08-10。",)
    with year.write("test.certificates") as work:
        part = {"organization_id": "oil", "scheme": Scheme.SELENIUM, "as_of": date(2026, 8, 10)}
        work.session.add(Certificate(number="FX-无期", status=CertificateStatus.VALID, **part))
        work.session.add(Certificate(number="FX-不明", status=CertificateStatus.UNKNOWN, **part))
        work.commit()
    table = count(year, "selenium-annex5")
    assert [table.cells[row.key]["number"].value for row in table.rows].count("FX-无期") == 1
    assert "其中 1 张证书的登记缺发证日期或到期日期，按登记的状态视为期末有效，请核对。" in table.notes
    assert [(each.reason, each.count) for each in table.left_out] == [("unknown_status", 1)]


def test_annex_5_of_an_earlier_day_knows_what_held_then(year: Workplace) -> None:
    table = reporting.table(year, table="selenium-annex5", period_from=FIRST, period_to=date(2026, 5, 31))
    lines = [shown(table, row.key, "holder", "number") for row in table.rows]
    # egg still held its own, white had none yet, and nothing was suspended
    assert [name for name, _ in lines] == [
        "丰城富硒大米合作社",
        "奉新富硒豆业有限公司",
        "宜春富硒茶油有限公司",
        "宜春富硒茶油有限公司",
        "高安富硒禽蛋厂",
    ]
    assert not any("暂停" in str(number) for _, number in lines)


def test_the_plan_line_by_line(year: Workplace) -> None:
    table = count(year, "shanghai-annex1")
    assert [shown(table, row.key, "title", "when", "targets", "offices") for row in table.rows] == TASKS


def test_self_inspections_body_by_body(year: Workplace) -> None:
    table = count(year, "zhejiang-annex1")
    columns = [column.key for column in table.columns][1:]
    found = {table.cells[row.key]["name"].value: row.key for row in table.rows if not row.total}
    assert {name: shown(table, row, *columns) for name, row in found.items()} == SELF_INSPECTIONS
    assert shown(table, "total", *columns[:-1]) == SELF_TOTAL
    assert [(each.reason, each.record_ids) for each in table.left_out] == [("draft", ("z4",))]


def test_what_the_new_tables_leave_out(year: Workplace) -> None:
    def left(table: str) -> dict[str, tuple[str, ...]]:
        return {each.reason: each.record_ids for each in count(year, table).left_out}

    assert left("selenium-annex4") == {"in_conflict": ("s6",), "uncertified": ("s4",)}
    assert left("ms-annex2") == {
        "draft": ("o4",),
        "uncertified": ("w2", "o3"),
        "witness_outside": ("w3",),
        "witness_unplanned": ("w4",),
    }
    assert left("case-causes") == {}


def test_every_cross_check_holds(year: Workplace) -> None:
    for table in ("selenium-annex4", "ms-annex2", "zhejiang-annex1", "case-causes", "shanghai-annex2"):
        counted = count(year, table)
        assert counted.checks
        assert not counted.blocked, table


def test_every_cell_of_every_table_names_its_records(year: Workplace) -> None:
    for row in reporting.table_rows(year):
        table = count(year, row.id)
        for line in table.rows:
            for column in table.columns:
                cell = table.cells[line.key][column.key]
                explained = reporting.explain_cell(year, counted=table, row=line.key, column=column.key)
                assert {each.record_id for each in explained} == set(cell.record_ids)
                assert all(each.subject_name for each in explained)
                if column.measure != "remarks":
                    assert sum(each.amount for each in explained) == cell.amount


def test_tables_counted_together_are_those_counted_alone(year: Workplace) -> None:
    together = {table.id: table for table in reporting.tables(year, period_from=FIRST, period_to=LAST)}
    for key, table in together.items():
        alone = count(year, key)
        assert (table.cells, table.checks, table.left_out) == (alone.cells, alone.checks, alone.left_out)
        assert (table.notes, table.counted) == (alone.notes, alone.counted)
