"""Tables that were sent stay as they were; what changes later is told, cell by cell, with its records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import delete, update

from app.errors import BadInput, EnvironmentFault
from app.models.enforcement import Case
from app.models.inspection import Inspection
from app.models.registry import Certificate
from app.models.sent import SentTable
from app.services import reporting, sending
from app.services.workplace import Workplace
from app.settings import Settings
from app.statistics.table import Table
from tests.statistics.small_year import FIRST, LAST, small_year

PERIOD = {"period_from": FIRST, "period_to": LAST}


@pytest.fixture
def year(office: Workplace) -> Iterator[Workplace]:
    small_year().write(office)
    return office


def change(place: Workplace, statement: object) -> None:
    """A later change of the data, as a package would bring it."""
    with place.write("test.change") as work:
        work.session.execute(statement)
        work.commit()


def values(table: Table) -> dict[str, dict[str, object]]:
    return {row: {key: cell.value for key, cell in cells.items()} for row, cells in table.cells.items()}


@pytest.mark.parametrize("table", ["ccc-annex1", "organic-annex3", "shanghai-annex2", "case-causes"])
def test_a_sent_table_reads_back_as_it_was_shown(year: Workplace, table: str) -> None:
    counted = reporting.table(year, table=table, **PERIOD)
    sent = sending.send(year, table=table, **PERIOD)
    kept = sending.sent_table(year, sent=sent.row.id).table
    assert values(kept) == values(counted)
    assert (kept.notes, kept.left_out, kept.checks) == (counted.notes, counted.left_out, counted.checks)
    assert (kept.unit, kept.period, kept.switches) == (counted.unit, counted.period, counted.switches)
    for row, cells in counted.cells.items():
        for key, cell in cells.items():
            assert kept.cells[row][key].record_ids == cell.record_ids
            explained = reporting.explain_cell(year, counted=kept, row=row, column=key)
            assert explained == reporting.explain_cell(year, counted=counted, row=row, column=key)


def test_it_says_who_sent_it_and_when(year: Workplace) -> None:
    row = sending.send(year, table="ccc-annex1", **PERIOD).row
    assert (row.sent_by, row.sent_at, row.sequence) == ("黎国平", year.now(), 0)
    assert sending.sent_rows(year, table="ccc-annex1") == (row,)
    assert sending.sent_rows(year, table="organic-annex3") == ()


def test_a_change_in_the_data_leaves_the_sent_table_alone_and_is_named(year: Workplace) -> None:
    sent = sending.send(year, table="ccc-annex1", **PERIOD).row.id
    before = values(sending.sent_table(year, sent=sent).table)
    assert sending.later_changes(year, sent=sent) == ()
    # v06's fine is raised from 12,345.40 to 50,000.00 yuan on review
    change(year, update(Case).where(Case.inspection_id == "v06").values(fine=5_000_000))
    assert values(sending.sent_table(year, sent=sent).table) == before
    told = sending.later_changes(year, sent=sent)
    assert [(each.row, each.column, each.old, each.new, each.records) for each in told] == [
        ("total", "penalties", Decimal("4.4691"), Decimal("8.2345"), ("v06",)),
        ("electrical", "penalties", Decimal("1.2345"), Decimal("5.0000"), ("v06",)),
    ]
    assert told[0].names == ("检v06、袁州无名插座作坊",)


def test_supplements_follow_each_other(year: Workplace, clock) -> None:
    report = sending.send(year, table="ccc-annex1", **PERIOD).row
    change(year, update(Case).where(Case.inspection_id == "v06").values(fine=5_000_000))
    clock.move(days=3)
    first = sending.supplement(year, sent=report.id)
    assert (first.row.sequence, first.row.report_id, first.row.changed_cells) == (1, report.id, 2)
    assert sending.later_changes(year, sent=report.id) == ()
    with pytest.raises(BadInput) as caught:
        sending.supplement(year, sent=report.id)
    assert caught.value.problem.code == "statistics.nothing_changed"
    # the second tells only what came after the first, and may be asked for by either
    change(year, delete(Case).where(Case.inspection_id == "v06"))
    second = sending.supplement(year, sent=first.row.id)
    assert second.row.sequence == 2
    assert {(each.column, each.old, each.new) for each in second.told if each.row == "electrical"} == {
        ("penalties", Decimal("5.0000"), Decimal("0.0000")),
        ("cases", 1, 0),
        ("unlicensed", 1, 0),
    }
    kept = sending.sent_table(year, sent=first.row.id)
    assert kept.changes == first.told


def test_changed_rules_are_no_changed_data(year: Workplace) -> None:
    sent = sending.send(year, table="ccc-annex1", **PERIOD).row.id
    stricter = replace(year, settings=Settings(count_fines_only=True))
    assert reporting.table(stricter, table="ccc-annex1", **PERIOD).cells["fire"]["penalties"].value == 1
    assert sending.later_changes(stricter, sent=sent) == ()


def test_a_line_that_left_a_list_is_named(office: Workplace) -> None:
    from app.vocabulary import Scheme
    from tests.statistics.small_year import Year

    year = Year()
    year.organization("a", "丰城富硒大米合作社", "91360900SELE000001")
    year.certificate("a", None, scheme=Scheme.SELENIUM)
    year.organization("b", "宜春富硒茶油有限公司", "91360900SELE000002")
    year.certificate("b", None, scheme=Scheme.SELENIUM)
    year.write(office)
    sent = sending.send(office, table="selenium-annex5", **PERIOD).row.id
    change(office, delete(Certificate).where(Certificate.organization_id == "a"))
    told = sending.later_changes(office, sent=sent)
    assert {each.row for each in told} == {"a/C001"}
    assert {each.column: (each.old, each.new) for each in told}["holder"] == ("丰城富硒大米合作社", None)


def test_the_same_report_is_sent_once(year: Workplace) -> None:
    sending.send(year, table="ccc-annex1", **PERIOD)
    with pytest.raises(BadInput) as caught:
        sending.send(year, table="ccc-annex1", **PERIOD)
    assert caught.value.problem.code == "statistics.already_sent"
    sending.send(year, table="ccc-annex1", unit="靖安县局", **PERIOD)


def test_a_refusal_before_eight_in_the_morning_tells_the_day_in_china(year: Workplace, clock) -> None:
    clock.moment = datetime(2026, 8, 12, 22, 27, tzinfo=UTC)  # 13 August, 6:27 in China
    sent = sending.send(year, table="ccc-annex1", **PERIOD).row.id
    with pytest.raises(BadInput) as caught:
        sending.supplement(year, sent=sent)
    assert caught.value.problem.values["day"] == "2026-08-13"


def test_a_failed_check_forbids_report_and_supplement(year: Workplace) -> None:
    with pytest.raises(BadInput) as caught:
        sending.send(year, table="ccc-annex1", period_from=date(2026, 7, 2), period_to=LAST)
    assert caught.value.problem.code == "statistics.checks_failed"
    sent = sending.send(year, table="ccc-annex1", **PERIOD).row.id
    # the filing of the one referred case is moved behind the period's end
    change(
        year,
        update(Case).where(Case.inspection_id == "v11", Case.cause == "2").values(filed_on=date(2026, 8, 1)),
    )
    change(year, delete(Case).where(Case.inspection_id == "v06"))
    assert sending.later_changes(year, sent=sent)


def test_a_sent_table_that_was_tampered_with_is_not_shown(year: Workplace) -> None:
    sent = sending.send(year, table="ccc-annex1", **PERIOD).row.id
    change(year, update(SentTable).values(digest="0" * 64))
    with pytest.raises(EnvironmentFault) as caught:
        sending.sent_table(year, sent=sent)
    assert caught.value.problem.code == "statistics.sent_damaged"


def test_an_unknown_one_is_refused(office: Workplace) -> None:
    with pytest.raises(BadInput) as caught:
        sending.sent_table(office, sent="none")
    assert caught.value.problem.code == "statistics.unknown_sent"


def test_the_last_report_of_the_same_table_is_found(year: Workplace) -> None:
    assert sending.last_report(year, reporting.table(year, table="ccc-annex1", **PERIOD)) is None
    spring = sending.send(year, table="ccc-annex1", period_from=FIRST, period_to=date(2026, 3, 31)).row
    found = sending.last_report(year, reporting.table(year, table="ccc-annex1", **PERIOD))
    assert found is not None
    assert found.row.id == spring.id
    other = reporting.table(year, table="ccc-annex1", unit="靖安县局", **PERIOD)
    assert sending.last_report(year, other) is None


def test_workbooks_of_report_and_supplement(year: Workplace, tmp_path: Path) -> None:
    sent = sending.send(year, table="ccc-annex1", **PERIOD).row.id
    sending.export_sent(year, sent=sent, out=tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet["C1"].value == "已报送：2026年8月12日 黎国平"
    change(year, update(Inspection).where(Inspection.id == "v02").values(finalised_at=None))
    supplement = sending.supplement(year, sent=sent).row.id
    sending.export_sent(year, sent=supplement, out=tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    table, told = book.worksheets[0], book.worksheets[1]
    assert table["A2"].value == "强制性产品认证监督检查情况统计表（补报）"
    # 合计 出动人次: v02's three officers are gone
    assert (table["B7"].value, table["B7"].comment.text) == (20, "原报：23")
    assert table["B7"].fill.fgColor.rgb.endswith("FFE699")
    lines = [[str(cell or "") for cell in line] for line in told.iter_rows(min_row=3, values_only=True)]
    assert ["合计", "出动监管执法人员", "23", "20", "检v02、宜春童乐玩具厂"] in lines
