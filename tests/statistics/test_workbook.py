"""Workbooks read back: merged headers, values with their types, pages, and what accounts for them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from app.services import reporting
from app.services.workplace import Workplace
from app.statistics.account import shown_value
from app.statistics.loader import load_tables
from app.statistics.sheet import display_width
from tests.statistics.small_year import FIRST, LAST, small_year


@pytest.fixture
def year(office: Workplace) -> Iterator[Workplace]:
    small_year().write(office)
    return office


def export(place: Workplace, folder: Path, table: str, **options: object) -> openpyxl.Workbook:
    out = folder / f"{table}.xlsx"
    options = {"period_from": FIRST, "period_to": LAST, **options}
    assert reporting.export_table(place, table=table, out=out, **options).path == out
    return openpyxl.load_workbook(out)


@pytest.mark.parametrize(
    "value, shown",
    [
        (Decimal("0.125"), "0.13"),
        (Decimal("0.1249"), "0.12"),
        (Decimal(12), "12.00"),
        (Decimal(0), "0.00"),
        (7, "7"),
        ("停业 1 家", "停业 1 家"),
        (None, ""),
    ],
)
def test_a_value_is_shown_as_spreadsheets_show_it(value: Decimal | int | str | None, shown: str) -> None:
    assert shown_value(value) == shown


def merged(sheet: Worksheet) -> set[str]:
    return {str(each) for each in sheet.merged_cells.ranges}


def row(sheet: Worksheet, number: int) -> list[object]:
    return [cell.value for cell in sheet[number]]


def test_annex_1_has_the_merged_headers_of_the_notice(year: Workplace, tmp_path: Path) -> None:
    sheet = export(year, tmp_path, "ccc-annex1").worksheets[0]
    assert sheet["A2"].value == "强制性产品认证监督检查情况统计表"
    assert sheet["A3"].value == "填报单位(公章)：宜春市市场监督管理局"
    assert sheet["A4"].value == "填报时间：2026年8月12日"
    assert {"A2:T2", "D5:E5", "F5:J5", "K5:M5", "N5:S5"} <= merged(sheet)
    assert {f"{letter}5:{letter}6" for letter in "ABCT"} <= merged(sheet)
    assert [sheet[f"{letter}5"].value for letter in "DFKN"] == [
        "获证企业档案建立情况",
        "获证企业检查情况",
        "执法查处情况",
        "处理情况",
    ]
    assert sheet["B5"].value == "出动\n监管执法\n人员\n(人次)"
    assert sheet["N6"].value == "处罚\n金额\n合计\n(万元)"
    assert [sheet.cell(number, 1).value for number in range(7, 17)] == [
        "合计", "1. 儿童用品", "2. 消防产品", "3. 电器产品", "4. 电线电缆", "5. 农机产品",
        "6. 电动自行车", "7. 汽车及安全附件", "8. 家用燃气器具", "9. 其他产品",
    ]  # fmt: skip


def test_numbers_are_numbers_money_shows_two_decimals_and_nothing_is_empty_text(
    year: Workplace, tmp_path: Path
) -> None:
    sheet = export(year, tmp_path, "ccc-annex1").worksheets[0]
    total, electrical = row(sheet, 7)[1:], row(sheet, 10)[1:]
    assert total == [23, 3, 9, 5, 9, 7, 4, 2, 3, 1, 1, 1, 4.4691, 4, 1, 2, 1, 2, "已搬迁 1 家"]
    assert electrical[5:10] == [0, None, None, None, 1]
    assert sheet["N7"].number_format == "0.00"
    assert {sheet.cell(7, column).data_type for column in range(2, 20)} == {"n"}


def test_a_total_that_is_no_sum_carries_a_comment(year: Workplace, tmp_path: Path) -> None:
    sheet = export(year, tmp_path, "ccc-annex1").worksheets[0]
    assert sheet["D7"].comment is not None
    assert "10" in sheet["D7"].comment.text
    assert sheet["B7"].comment is None


def test_annex_3_is_one_row_under_its_groups(year: Workplace, tmp_path: Path) -> None:
    sheet = export(year, tmp_path, "organic-annex3").worksheets[0]
    assert {"A5:A6", "B5:B6", "C5:G5", "H5:I5", "J5:P5", "Q5:Q6"} <= merged(sheet)
    assert row(sheet, 7)[:5] == [7, 1, 2, 2, 1]


def test_shanghai_has_one_heading_row_and_its_total_below(year: Workplace, tmp_path: Path) -> None:
    sheet = export(year, tmp_path, "shanghai-annex2").worksheets[0]
    assert not any(each.startswith("B5") for each in merged(sheet))
    assert row(sheet, 5)[0] == "检查领域"
    assert row(sheet, 12) == ["合计", 11, 30, 4, 5.3, 0.2345, 4.2345, 1]
    assert sheet["A3"].value == "填报单位：宜春市市场监督管理局"


@pytest.mark.parametrize(
    "table, title",
    [
        ("shanghai-annex1", "2026年认证监管工作计划表"),
        ("shanghai-annex2", "2026年认证监管工作检查和行政处罚信息汇总表"),
        ("ccc-annex1", "强制性产品认证监督检查情况统计表"),
    ],
)
def test_the_title_has_the_year_where_the_notice_writes_one(
    year: Workplace, tmp_path: Path, table: str, title: str
) -> None:
    assert title in [cell.value for cell in export(year, tmp_path, table).worksheets[0][2]]


@pytest.mark.parametrize(
    "table, area, heading",
    [("ccc-annex1", "$A$1:$T$22", "$5:$6"), ("shanghai-annex2", "$A$1:$H$16", "$5:$5")],
)
def test_pages_are_landscape_with_repeated_headings(
    year: Workplace, tmp_path: Path, table: str, area: str, heading: str
) -> None:
    sheet = export(year, tmp_path, table).worksheets[0]
    assert sheet.print_area.endswith(area)
    assert sheet.print_title_rows == heading
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)


def test_a_list_runs_on_over_pages(year: Workplace, tmp_path: Path) -> None:
    sheet = export(year, tmp_path, "selenium-annex5").worksheets[0]
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)


@pytest.mark.parametrize("table", sorted(load_tables()[0]))
def test_the_period_stands_on_one_line(year: Workplace, tmp_path: Path, table: str) -> None:
    sheet = export(year, tmp_path, table).worksheets[0]
    first = next(cell for cell in sheet[4] if cell.value and cell.column != 1)
    across = [get_column_letter(column) for column in range(first.column, sheet.max_column + 1)]
    width = sum(sheet.column_dimensions[letter].width for letter in across)
    assert width >= display_width(str(first.value))


def test_footnotes_say_what_is_in_force_and_what_is_left_out(year: Workplace, tmp_path: Path) -> None:
    sheet = export(year, tmp_path, "ccc-annex1").worksheets[0]
    notes = [str(sheet.cell(number, 1).value) for number in range(17, 23)]
    assert any("罚款与没收金额之和" in note for note in notes)
    assert any("检查未完成 1 件" in note for note in notes)


def test_the_second_sheet_accounts_for_the_table(year: Workplace, tmp_path: Path) -> None:
    sheet = export(year, tmp_path, "ccc-annex1").worksheets[1]
    lines = [[value for value in line if value is not None] for line in sheet.iter_rows(values_only=True)]
    assert ["检查企业不多于获证企业", "合计与各行（10 行）", 7, "≤", 9, "通过"] in lines
    assert ["处罚金额与案件明细相符", "合计与各行（10 行）", 4.4691, "=", 4.4691, "通过"] in lines
    assert ["已退回，待补正", 1] in lines
    assert ["应建", "合计", 9, "各行相加为 10，同一主体跨行只计一次"] in lines


def test_a_failed_check_stands_on_its_own_line_of_a_draft(year: Workplace, tmp_path: Path) -> None:
    book = export(year, tmp_path, "ccc-annex1", period_from=date(2026, 7, 2), draft=True)
    lines = list(book.worksheets[1].iter_rows(values_only=True))
    assert ("移送司法机关不多于查处案件", "2. 消防产品", 1, "≤", 1, "通过") not in lines
    assert ("移送司法机关不多于查处案件", "2. 消防产品", 1, "≤", 0, "不通过") in lines


def test_a_draft_says_so_in_words_and_across_the_table(year: Workplace, tmp_path: Path) -> None:
    sheet = export(year, tmp_path, "ccc-annex1", draft=True).worksheets[0]
    assert sheet["A2"].value == "强制性产品认证监督检查情况统计表（草稿）"
    assert str(sheet["C1"].value).startswith("草稿")
    with zipfile.ZipFile(tmp_path / "ccc-annex1.xlsx") as archive:
        assert any(name.startswith("xl/media/") for name in archive.namelist())


def test_a_final_table_has_no_watermark(year: Workplace, tmp_path: Path) -> None:
    export(year, tmp_path, "ccc-annex1")
    with zipfile.ZipFile(tmp_path / "ccc-annex1.xlsx") as archive:
        assert not any(name.startswith("xl/media/") for name in archive.namelist())


@pytest.mark.parametrize("unit", ["=1+1", "+86", "-1", "@x", "第一\x07分局"])
def test_text_never_becomes_a_formula(year: Workplace, tmp_path: Path, unit: str) -> None:
    own = tmp_path / "home" / "tables"
    own.mkdir(parents=True)
    place = replace(year, home=own.parent)
    definition = f"""
id = "own"
title = '{unit.replace(chr(7), "")}'
source = "本局"
[[rows]]
key = "total"
label = ""
total = true
[[columns]]
key = "x"
name = '{unit.replace(chr(7), "")}'
measure = "inspected"
[[columns]]
key = "y"
name = "人次"
measure = "officers"
"""
    (own / "own.toml").write_text(definition, "utf8")
    sheet = export(place, tmp_path, "own", unit=unit).worksheets[0]
    clean = unit.replace("\x07", "")
    assert (sheet["A2"].value, sheet["A2"].data_type) == (clean, "s")
    assert (sheet["A3"].value, sheet["A3"].data_type) == (clean, "s")
    assert (sheet["A5"].value, sheet["A5"].data_type) == (clean, "s")


def test_the_table_of_shanghai_explains_itself_in_the_words_of_its_notice(
    year: Workplace, tmp_path: Path
) -> None:
    sheet = export(year, tmp_path, "shanghai-annex2").worksheets[0]
    told = [str(row[0].value) for row in sheet.iter_rows()]
    first = told.index("填表说明：1．检查领域为检查对象类型，例如：强制性产品、管理体系、有机产品等；")
    assert told[first + 1] == "2．统计时间为上年度11月21日至本年度11月20日。"


def test_every_column_is_wide_enough_for_its_values(year: Workplace, tmp_path: Path) -> None:
    sheet = export(year, tmp_path, "shanghai-annex2").worksheets[0]
    for column in "BCDEFGH":
        longest = max(len(f"{sheet[f'{column}{line}'].value or 0:.2f}") for line in range(6, 13))
        assert sheet.column_dimensions[column].width > longest
