"""An office changes a table without code: exported, edited, taken in with located problems, versioned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app.errors import BadInput
from app.services import reporting, sending, table_layouts
from app.services.workplace import Workplace
from app.statistics.definition_book import read_definition
from app.statistics.loader import load_tables
from tests.statistics.small_year import FIRST, LAST, small_year

PERIOD = {"period_from": FIRST, "period_to": LAST}
TABLES = load_tables()[0]


def edited(place: Workplace, table: str, folder: Path, edit: Callable[[openpyxl.Workbook], None]) -> Path:
    path = table_layouts.export_layout(place, table=table, out=folder / f"{table}.xlsx")
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def cell(sheet: Worksheet, key: str, heading: str) -> object:
    """The cell of an entry under a heading."""
    columns = {each.value: each.column for each in sheet[1]}
    row = next(line[0].row for line in sheet.iter_rows(min_row=2) if line[columns["编号"] - 1].value == key)
    return sheet.cell(row, columns[heading])


@pytest.mark.parametrize("table", TABLES)
def test_every_table_comes_back_as_it_was(office: Workplace, tmp_path: Path, table: str) -> None:
    path = table_layouts.export_layout(office, table=table, out=tmp_path / "t.xlsx")
    assert read_definition(path) == (TABLES[table], ())


@pytest.mark.parametrize("table", TABLES)
def test_and_through_the_home_with_the_next_version(office: Workplace, tmp_path: Path, table: str) -> None:
    path = table_layouts.export_layout(office, table=table, out=tmp_path / "t.xlsx")
    assert table_layouts.import_layout(office, path=path).version == 2
    kept = reporting.definition_of(office, table)
    assert (kept.version, kept.changed_on) == (2, "2026-08-12")
    assert (kept.columns, kept.rows, kept.checks) == (
        TABLES[table].columns,
        TABLES[table].rows,
        TABLES[table].checks,
    )
    assert reporting.table_problems(office) == ()


def test_a_column_is_dropped_renamed_and_added(office: Workplace, tmp_path: Path) -> None:
    small_year().write(office)

    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["列"]
        cell(sheet, "officers", "名称").value = "出动人员"
        sheet.delete_rows(cell(sheet, "remarks", "编号").row)
        columns = {each.value: each.column for each in sheet[1]}
        at = sheet.max_row + 1
        for heading, text in {"编号": "met", "名称": "检查单位数", "指标": "inspected", "单位": "家"}.items():
            sheet.cell(at, columns[heading]).value = text

    taken = table_layouts.import_layout(office, path=edited(office, "organic-annex3", tmp_path, edit))
    assert (taken.table, taken.version) == ("organic-annex3", 2)
    table = reporting.table(office, table="organic-annex3", **PERIOD)
    assert table.columns[0].name == "出动人员"
    assert table.cells["total"]["met"].value == 2
    assert "remarks" not in table.cells["total"]
    assert any("第 2 版" in note for note in table.notes)


def test_stated_numbers_fill_what_rests_on_them(office: Workplace, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        cell(book["列"], "activities", "外来数").value = "2025=700,2026=812"

    before = reporting.table(office, table="ms-annex2", **PERIOD)
    assert before.cells["total"]["activities"].value is None
    assert before.cells["total"]["witness_share"].value is None
    assert any("空列：本年度认证活动数、见证检查比例" in note for note in before.notes)
    table_layouts.import_layout(office, path=edited(office, "ms-annex2", tmp_path, edit))
    after = reporting.table(office, table="ms-annex2", **PERIOD)
    assert after.cells["total"]["activities"].value == 812
    assert after.cells["total"]["witness_share"].value == 0
    assert not any("空列" in note for note in after.notes)


def test_a_sent_table_keeps_its_layout(office: Workplace, tmp_path: Path) -> None:
    small_year().write(office)
    sent = sending.send(office, table="organic-annex3", **PERIOD).row.id

    def edit(book: openpyxl.Workbook) -> None:
        book["列"].delete_rows(cell(book["列"], "remarks", "编号").row)

    table_layouts.import_layout(office, path=edited(office, "organic-annex3", tmp_path, edit))
    assert "remarks" in sending.sent_table(office, sent=sent).table.cells["total"]
    assert sending.later_changes(office, sent=sent) == ()


def test_each_version_stays(office: Workplace, tmp_path: Path) -> None:
    path = table_layouts.export_layout(office, table="shanghai-annex1", out=tmp_path / "t.xlsx")
    assert [table_layouts.import_layout(office, path=path).version for _ in range(2)] == [2, 3]
    names = sorted(each.name for each in (office.home / "tables" / "versions").iterdir())
    assert names == ["shanghai-annex1-2.toml", "shanghai-annex1-3.toml"]


@pytest.mark.parametrize(
    "key, heading, text, code, row",
    [
        ("officers", "指标", "guesses", "unknown_word", 2),
        ("producing", "无此列则空", "nothing", "unknown_column", 6),
        ("penalties", "日期", "day", "unknown_word", 11),
        ("cases", "编号", "officers", "duplicate", 3),
        ("producing", "生产状况", "resting", "bad_entry", 6),
    ],
)
def test_what_is_wrong_is_told_by_sheet_and_row_and_nothing_is_taken(
    office: Workplace, tmp_path: Path, key: str, heading: str, text: str, code: str, row: int
) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        cell(book["列"], key, heading).value = text

    path = edited(office, "organic-annex3", tmp_path, edit)
    problem = table_layouts.layout_problems(path)[0]
    assert problem.code == f"statistics.{code}"
    assert (problem.where.sheet, problem.where.row) == ("列", row)
    with pytest.raises(BadInput) as caught:
        table_layouts.import_layout(office, path=path)
    assert caught.value.problem.code == "statistics.definition_not_taken"
    assert not (office.home / "tables").exists()


def test_foreign_workbooks_are_refused(office: Workplace, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"no workbook")
    assert [each.code for each in table_layouts.layout_problems(path)] == ["statistics.not_workbook"]
    openpyxl.Workbook().save(path)
    assert [each.code for each in table_layouts.layout_problems(path)] == ["statistics.not_a_layout"]


def test_a_layout_without_one_of_its_sheets_names_it(office: Workplace, tmp_path: Path) -> None:
    path = edited(office, "organic-annex3", tmp_path, lambda book: book.remove(book["行"]))
    problem = table_layouts.layout_problems(path)[0]
    assert (problem.code, problem.values) == ("statistics.no_sheet", {"sheet": "行"})


def test_a_heading_that_nobody_knows_is_told(office: Workplace, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["列"]["A1"].value = "编码"

    path = edited(office, "organic-annex3", tmp_path, edit)
    problems = table_layouts.layout_problems(path)
    assert (problems[0].code, problems[0].where.sheet, problems[0].where.column) == (
        "statistics.unknown_heading",
        "列",
        "A",
    )
