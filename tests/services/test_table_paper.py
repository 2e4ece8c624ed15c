"""A table as PDF: its workbook's cells, lying on A4 or A3, the head on every page, footnotes, drafts marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from sqlalchemy import update

from app.errors import BadInput
from app.models.enforcement import Case
from app.services import reporting, sending, table_paper
from app.services.sheet_paper import paper_sheet
from app.services.workplace import Workplace
from app.settings import Settings
from app.statistics.account import shown_value
from app.statistics.definition import Row
from app.statistics.table import Cell
from app.statistics.workbook import table_workbook
from tests.statistics.small_year import FIRST, LAST, small_year

PERIOD = {"period_from": FIRST, "period_to": LAST}
A4, A3 = (842, 595), (1191, 842)


@pytest.fixture
def year(office: Workplace) -> Iterator[Workplace]:
    small_year().write(office)
    return office


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def sizes_of(pdf: bytes) -> set[tuple[int, int]]:
    with pypdfium2.PdfDocument(pdf) as document:
        return {(round(page.get_width()), round(page.get_height())) for page in document}


def test_every_table_has_the_cells_of_its_workbook(year, tmp_path):
    for row in reporting.table_rows(year):
        exported = reporting.export_table(year, table=row.id, out=tmp_path / "t.xlsx", draft=True, **PERIOD)
        sheet = openpyxl.load_workbook(exported.path).worksheets[0]
        made = table_paper.print_table(year, table=row.id, draft=True, **PERIOD)
        text = "".join(pages_of(made.printed.pdf))
        values = [cell.value for line in sheet.iter_rows() for cell in line if cell.value is not None]
        lacking = [value for value in values if isinstance(value, str) and "".join(value.split()) not in text]
        assert lacking == [], row.id
        told = paper_sheet(table_workbook(made.table, draft=True).worksheets[0])
        shown = {(each.row, each.column): each.text for each in told.cells}
        body = [list(made.table.cells[each.key].values()) for each in made.table.rows]
        bottom = told.head[1] + len(body)
        written = [
            [text for (line, _), text in sorted(shown.items()) if line == number][-len(cells) :]
            for number, cells in zip(range(told.head[1], bottom), body, strict=True)
        ]
        assert written == [[shown_value(cell.value) for cell in cells] for cells in body], row.id


def test_it_lies_on_the_paper_of_its_notice(year):
    for table, size in (("ccc-annex1", A4), ("ms-annex2", A3)):
        made = table_paper.print_table(year, table=table, draft=True, **PERIOD)
        assert (sizes_of(made.printed.pdf), made.printed.pages) == ({size}, 1)


def test_a_list_goes_on_with_its_head_on_every_page(year):
    counted = reporting.table(year, table="selenium-annex5", **PERIOD)
    rows = tuple(Row(f"line{number}", label=str(number)) for number in range(60))
    cells = {
        each.key: {column.key: Cell(f"{column.name}的内容") for column in counted.columns} for each in rows
    }
    longer = replace(counted, definition=replace(counted.definition, rows=rows), cells=cells)
    made = table_paper.print_counted(year, counted=longer).printed
    pages = pages_of(made.pdf)
    assert len(pages) == made.pages > 2
    heads = [("获证组织名称" in page, "富硒产品认证获证组织情况调查表" in page) for page in pages]
    assert heads == [(True, number == 0) for number in range(len(pages))]
    assert [f"第{number}页共{len(pages)}页" in page for number, page in enumerate(pages, 1)] == [True] * len(
        pages
    )


def test_a_text_longer_than_a_page_is_all_there(year):
    counted = reporting.table(year, table="ccc-annex1", **PERIOD)
    long = "。".join(f"第{number}家已搬至甲地" for number in range(900))
    cells = {key: dict(row) for key, row in counted.cells.items()}
    cells["total"]["remarks"] = Cell(long)
    made = table_paper.print_counted(year, counted=replace(counted, cells=cells)).printed
    pages = pages_of(made.pdf)
    assert made.pages > 1
    text = "".join(pages)
    cut = [number for number in range(900) if f"第{number}家" not in text]
    assert len(cut) < made.pages, "only what the end of a page cuts in two is not found whole"
    assert text.count("甲") == 900


def test_the_footnote_tells_the_switches_in_force(year):
    strict = replace(year, settings=Settings(count_fines_only=True))
    texts = [
        pages_of(table_paper.print_table(place, table="ccc-annex1", **PERIOD).printed.pdf)[0]
        for place in (year, strict)
    ]
    assert ["处罚金额为罚款与没收金额之和" in text for text in texts] == [True, False]


def test_a_failed_check_lets_only_a_draft_out_and_it_says_so(year):
    # From then on a case of the spring is referred, and none filed.
    odd = {"table": "ccc-annex1", "period_from": date(2026, 7, 6), "period_to": LAST}
    with pytest.raises(BadInput, match=r"statistics\.checks_failed"):
        table_paper.print_table(year, **odd)
    made = table_paper.print_table(year, **odd, draft=True)
    assert (made.draft, made.table.blocked) == (True, True)
    (page,) = pages_of(made.printed.pdf)
    assert "强制性产品认证监督检查情况统计表（草稿）" in page
    assert page.count("草稿") == 3, "in the title, the line that says why, and across the page"
    assert made.printed.file_name.startswith("草稿-强制性产品认证监督检查情况统计表 宜春市市场监督管理局 ")


def test_what_was_sent_prints_as_it_was_sent_and_a_supplement_lists_its_changes(year, tmp_path):
    sent = sending.send(year, table="ccc-annex1", **PERIOD).row
    with year.write("test.more") as work:
        work.session.execute(update(Case).where(Case.inspection_id == "v06").values(fine=5_000_000))
        work.commit()
    first = table_paper.print_sent(year, sent=sent.id)
    supplement = sending.supplement(year, sent=sent.id).row
    second = table_paper.print_sent(year, sent=supplement.id)
    assert "已报送：" in pages_of(first.printed.pdf)[0]
    pages = pages_of(second.printed.pdf)
    assert "第1次补报" in pages[0]
    assert "补报说明" in pages[1]
    names = {first.printed.file_name, second.printed.file_name}
    assert len(names) == 2
    assert all(Path(name).suffix == ".pdf" for name in names)


def test_two_units_and_periods_have_different_names(year):
    names = {
        table_paper.print_table(year, table="organic-annex3", unit=unit, period_to=last).printed.file_name
        for unit in ("袁州区局", "靖安县局")
        for last in (date(2026, 6, 30), date(2026, 12, 31))
    }
    assert len(names) == 4
