"""Tables through the service: usual periods, explanations by name, JSON, refusals, whole files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, update

from app.errors import BadInput, EnvironmentFault
from app.models.enforcement import Case
from app.models.inspection import Inspection
from app.services import casework, enforcing, inspecting, reporting
from app.services.casework import Lead
from app.services.enforcing import OrderTerms
from app.services.workplace import Workplace
from app.statistics.frozen import freeze
from app.vocabulary import DeliveryMethod, FollowUpResult
from tests.statistics.small_year import FIRST, LAST, Year, noon, small_year

from .conftest import Visit

PERIOD = {"period_from": FIRST, "period_to": LAST}


@pytest.fixture
def year(office: Workplace) -> Iterator[Workplace]:
    small_year().write(office)
    return office


def test_tables_are_listed_with_their_usual_period(office: Workplace) -> None:
    rows = {row.id: row for row in reporting.table_rows(office)}
    assert rows["ccc-annex1"].title == "强制性产品认证监督检查情况统计表"
    assert (rows["organic-annex3"].period_from, rows["organic-annex3"].period_to) == (
        date(2026, 1, 1),
        date(2026, 12, 31),
    )
    assert rows["shanghai-annex2"].period_from == date(2025, 11, 21)
    assert reporting.table_problems(office) == ()


def test_the_office_reports_unless_another_unit_is_named(year: Workplace) -> None:
    assert reporting.table(year, table="organic-annex3").unit == "宜春市市场监督管理局"
    assert reporting.table(year, table="organic-annex3", unit="靖安县局").unit == "靖安县局"


def test_a_table_is_json(year: Workplace) -> None:
    document = reporting.table_document(reporting.table(year, table="ccc-annex1", **PERIOD))
    read = json.loads(json.dumps(document))
    assert read["rows"]["total"]["penalties"] == 4.4691
    assert read["rows"]["electrical"]["producing"] is None
    assert read["checks"][0] == {
        "key": "dossiers", "label": "已建不多于应建", "row": "total", "left": 5, "relation": "<=", "right": 9,
        "passed": True,
    }  # fmt: skip
    assert read["blocked"] is False
    assert {each["reason"]: each["count"] for each in read["left_out"]}["uncertified"] == 2


def explain(place: Workplace, row: str, column: str) -> list[tuple[object, ...]]:
    rows = reporting.explain(place, table="ccc-annex1", row=row, column=column, **PERIOD)
    return [(each.record_id, each.subject_name, each.on, each.details, each.amount) for each in rows]


@pytest.mark.parametrize(
    "row, column, expected",
    [
        (
            "children",
            "officers",
            [
                ("v01", "宜春童乐玩具厂", FIRST, ("赣C36090001", "赣C36090002"), 2),
                (
                    "v02",
                    "宜春童乐玩具厂",
                    date(2026, 6, 10),
                    ("赣C36090001", "赣C36090002", "赣C36090003"),
                    3,
                ),
            ],
        ),
        ("children", "stopped", [("v02", "宜春童乐玩具厂", date(2026, 6, 10), ("停产",), 1)]),
        # the numberless case is named by its subject
        ("fire", "penalties", [("v11", "高安消防器材厂", LAST, ("高安消防器材厂",), 1_234_540)]),
        ("children", "dossiers_made", [("toys", "宜春童乐玩具厂", date(2026, 3, 1), ("C001", "C002"), 1)]),
        (
            "vehicle",
            "ordered_enterprises",
            [("v04", "明月山汽配有限公司", date(2026, 4, 2), ("责改〔2026〕0403号",), 1)],
        ),
        ("fire", "nonconforming", [("v11", "高安消防器材厂", LAST, ("关键件与证书不一致",), 1)]),
        # one enterprise under two records counts once; it produced when last inspected
        (
            "cable",
            "producing",
            [
                ("v03", "袁州恒𬭎电缆有限公司", date(2026, 3, 3), ("正常生产",), 1),
                ("v09", "江西宜丰线缆有限公司", date(2026, 5, 7), ("正常生产",), 1),
            ],
        ),
        (
            "cable",
            "notified",
            [
                (
                    "v03",
                    "袁州恒𬭎电缆有限公司",
                    date(2026, 3, 3),
                    ("中衡认证中心有限公司", "华信认证有限公司"),
                    1,
                ),
                ("v08", "宜丰线缆有限公司", date(2026, 5, 6), ("中衡认证中心有限公司",), 1),
                ("v09", "江西宜丰线缆有限公司", date(2026, 5, 7), ("中衡认证中心有限公司",), 0),
            ],
        ),
        ("gas_appliance", "cases", []),
    ],
)
def test_a_cell_is_explained_by_name(
    year: Workplace, row: str, column: str, expected: list[tuple[object, ...]]
) -> None:
    assert explain(year, row, column) == expected


def test_explained_records_are_those_of_the_cell(year: Workplace) -> None:
    table = reporting.table(year, table="ccc-annex1", **PERIOD)
    for row, cells in table.cells.items():
        for column, cell in cells.items():
            explained = reporting.explain_cell(year, counted=table, row=row, column=column)
            assert {each.record_id for each in explained} == set(cell.record_ids)
            assert all(each.subject_name for each in explained)
            if column != "remarks":
                assert sum(each.amount for each in explained) == cell.amount


@pytest.mark.parametrize("row, column", [("rows", "officers"), ("total", "columns")])
def test_an_unknown_cell_is_refused(year: Workplace, row: str, column: str) -> None:
    with pytest.raises(BadInput) as caught:
        reporting.explain(year, table="ccc-annex1", row=row, column=column)
    assert caught.value.problem.code == "statistics.unknown_cell"


def test_an_unknown_table_is_refused(office: Workplace) -> None:
    with pytest.raises(BadInput) as caught:
        reporting.table(office, table="annex9")
    assert caught.value.problem.code == "statistics.unknown_table"


def test_failed_checks_allow_only_a_draft(year: Workplace, tmp_path: Path) -> None:
    out = tmp_path / "附件1.xlsx"
    july = {"period_from": date(2026, 7, 2), "period_to": LAST}
    with pytest.raises(BadInput) as caught:
        reporting.export_table(year, table="ccc-annex1", out=out, **july)
    assert caught.value.problem.code == "statistics.checks_failed"
    assert caught.value.problem.values["count"] == 2
    assert list(tmp_path.iterdir()) == [year.home]
    assert reporting.export_table(year, table="ccc-annex1", out=out, draft=True, **july).draft
    assert out.is_file()


def test_a_folder_that_is_not_there_is_said(year: Workplace, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        reporting.export_table(year, table="shanghai-annex2", out=tmp_path / "none" / "x.xlsx", **PERIOD)
    assert caught.value.problem.code == "disk.missing"


def test_a_cell_is_not_explained_by_what_came_later(year: Workplace) -> None:
    counted = reporting.table(year, table="ccc-annex1", **PERIOD)
    with year.write("test.change") as work:
        work.session.execute(update(Case).where(Case.inspection_id == "v06").values(fine=5_000_000))
        work.session.execute(update(Inspection).where(Inspection.id == "v04").values(status="returned"))
        work.commit()
    cells = {"penalties": "electrical", "inspected": "vehicle", "stopped": "vehicle", "rectified": "vehicle"}
    for column, row in cells.items():
        with pytest.raises(BadInput) as refused:
            reporting.explain_cell(year, counted=counted, row=row, column=column)
        assert refused.value.problem.code == "statistics.changed_since"
    # what nobody touched is still what made its number
    assert reporting.explain_cell(year, counted=counted, row="fire", column="penalties")
    for reading in (counted.facts, counted.left_out_ids, lambda: freeze(counted)):
        with pytest.raises(BadInput) as refused:
            reading()
        assert refused.value.problem.code == "statistics.changed_since"
    again = reporting.table(year, table="ccc-annex1", **PERIOD)
    assert reporting.explain_cell(year, counted=again, row="electrical", column="penalties")


def test_words_are_not_explained_by_other_words(year: Workplace) -> None:
    counted = reporting.table(year, table="ccc-annex1", **PERIOD)
    assert counted.cells["electric_bicycle"]["remarks"].value == "已搬迁 1 家"
    with year.write("test.change") as work:
        work.session.execute(
            update(Inspection).where(Inspection.id == "v07").values(production_status="not_found")
        )
        work.commit()
    with pytest.raises(BadInput):
        reporting.explain_cell(year, counted=counted, row="electric_bicycle", column="remarks")


def test_queries_do_not_grow_with_the_store(office: Workplace) -> None:
    def statements() -> int:
        seen: list[str] = []
        listener = lambda *args: seen.append(args[2])  # noqa: E731 - event.remove needs the same object
        event.listen(office.store.engine, "before_cursor_execute", listener)
        reporting.table(office, table="ccc-annex1", **PERIOD)
        event.remove(office.store.engine, "before_cursor_execute", listener)
        return len(seen)

    assert statements() <= 5  # nothing hangs on no inspection
    small_year().write(office)
    few = statements()
    assert few <= 20
    more = Year()
    for number in range(300):
        visit = more.visit(f"w{number:03d}", more.organization(f"org{number:03d}", "某厂"), noon(4, 1))
        more.order(visit, date(2026, 4, 2))
    more.write(office)
    assert statements() == few


def test_a_visit_made_through_the_use_cases_reaches_its_cells(visit: Visit) -> None:
    place, today = visit.place, visit.place.today()
    visit.fill_header()
    wrong = visit.sheet().sections[0].items[0].id
    visit.answer_all(nonconforming=wrong)
    finding = visit.sheet().findings[0].key
    order = enforcing.draft_order(
        place, inspection_id=visit.id, finding_keys=[finding],
        terms=OrderTerms(requirements="补齐台账", working_days=10, confirmed_by="彭建华"),
    ).key  # fmt: skip
    assert count_cells(place) == {"dossiers_due": 1, "certified": 1}
    lead = casework.note_lead(
        place, inspection_id=visit.id, lead=Lead(cause="2", facts="证书暂停期间出厂")
    ).key
    visit.sign_all()
    inspecting.finish(place, inspection_id=visit.id)
    enforcing.issue_order(place, inspection_id=visit.id, key=order, number="袁市监责改〔2026〕17号")
    enforcing.deliver_order(
        place, inspection_id=visit.id, key=order, on=today, method=DeliveryMethod.DIRECT, received_by="王伟"
    )
    lead = casework.note_lead(
        place, inspection_id=visit.id, lead=Lead(cause="2", facts="证书暂停期间出厂")
    ).key
    case = {"inspection_id": visit.id, "key": lead}
    casework.verify_lead(place, **case, on=today)
    casework.file_case(place, **case, number="袁市监立〔2026〕3号", on=today, goods_value=5_000_000)
    casework.decide_case(place, **case, on=today, confiscated=1_000_000, fine=2_000_000)
    enforcing.follow_up(
        place, inspection_id=visit.id, order_key=order, on=today, result=FollowUpResult.PASSED, note=""
    )
    assert count_cells(place) == {
        "officers": 2, "cases": 1, "dossiers_due": 1, "certified": 1, "inspected": 1, "producing": 1,
        "nonconforming": 1, "offenders": 1, "penalties": 3.0, "ordered_enterprises": 1, "rectified": 1,
    }  # fmt: skip
    named = reporting.explain(place, table="ccc-annex1", row="electrical", column="penalties")
    assert [(row.details, row.amount) for row in named] == [(("袁市监立〔2026〕3号",), 3_000_000)]


def count_cells(place: Workplace) -> dict[str, object]:
    """The cells of the total row that are neither 0 nor empty."""
    document = reporting.table_document(reporting.table(place, table="ccc-annex1"))
    return {column: value for column, value in document["rows"]["total"].items() if value}
