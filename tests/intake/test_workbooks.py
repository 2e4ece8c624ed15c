from __future__ import annotations

import io
import re
import struct
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from app.errors import BadInput, EnvironmentFault
from app.intake.archives import MAX_ROWS
from app.intake.binary import formulas
from app.intake.cells import column_index, letters
from app.intake.workbooks import open_grids
from app.wording import known_codes

ROWS = [["名称", "编号"], ["宜春𬭎䶮𠅤有限公司", "FX202500001"]]


def refused(path) -> str:
    with pytest.raises(BadInput) as caught:
        read_all(path)
    assert caught.value.problem.code in known_codes("intake")
    return caught.value.problem.code


def read_all(path) -> None:
    for grid in open_grids(path):
        list(grid.rows())


def read_or_refuse(path) -> None:
    with suppress(BadInput):
        read_all(path)


def content(path):
    (grid,) = open_grids(path)
    return [(number, [str(cell) for cell in cells]) for number, cells in grid.rows()]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv", "html"])
def test_every_kind_reads_alike_whatever_its_name(table, kind):
    path = table(ROWS, kind, name="list.docx")
    assert content(path) == [(1, ROWS[0]), (2, ROWS[1])]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"], ids=["utf8", "bom", "gb18030", "utf16"]
)
@pytest.mark.parametrize("mark", [",", "\t", ";"], ids=["comma", "tab", "semicolon"])
def test_text_in_any_usual_encoding_and_delimiter(tmp_path, encoding, mark):
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(mark.join(row) for row in ROWS).encode(encoding))
    assert content(path) == [(1, ROWS[0]), (2, ROWS[1])]


def test_html_in_gbk_with_scripts_styles_and_spans(tmp_path):
    path = tmp_path / "report.xls"
    text = (
        "<html><head><meta charset=gb2312><style>td{}</style></head><script>alert(1)</script><table>"
        "<tr><td colspan=2>甲</td><td><b>乙</b><script>x()</script><!-- n -->丙</td></tr></table>"
    )
    path.write_bytes(text.encode("gb18030"))
    assert content(path) == [(1, ["甲", "", "乙丙"])]


def test_rows_and_columns_are_numbered_as_excel_shows_them(tmp_path):
    book = Workbook()
    book.active["C3"] = "x"
    book.active["D5"] = date(2027, 3, 1)
    book.save(tmp_path / "a.xlsx")
    (grid,) = open_grids(tmp_path / "a.xlsx")
    rows = dict(grid.rows())
    assert rows[3][column_index("C")] == "x"
    assert rows[5][column_index("D")] == date(2027, 3, 1)
    assert grid.total == 5


@given(st.integers(0, 16383))
def test_column_letters_go_there_and_back(index):
    assert column_index(letters(index)) == index


def test_formula_cells_are_known_although_the_reader_gives_values(tmp_path):
    book = Workbook()
    book.active.append(["名称", "数"])
    book.active.append(['=HYPERLINK("http://example.invalid","点击")', 3])
    book.active["AB7"] = "=SUM(B2:B3)"
    book.save(tmp_path / "a.xlsx")
    (grid,) = open_grids(tmp_path / "a.xlsx")
    assert grid.formulas == {(2, "A"), (7, "AB")}


def test_vertical_merges_are_known(table):
    (grid,) = open_grids(table([["a", "b"], ["x", 1], ["", 2]], merged=["A2:A3"]))
    assert grid.merged == ((0, 2, 3),)


def test_an_empty_sheet_is_no_fault(table):
    (grid,) = open_grids(table([]))
    assert grid.total == 0
    assert list(grid.rows()) == []


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "intake.empty_file"),
        (b"PK\x03\x04 and no more", "intake.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "intake.damaged"),
        (b"%PDF-1.4\n%\xe2\xe3\0\0binary", "intake.not_a_table"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "intake.not_a_table"),
        (b"\xff\xff\xff\xff", "intake.unknown_encoding"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "intake.old_xml",
        ),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><table><tr><td>&a;</td></tr></table>', "intake.unsafe_markup"),
    ],
)
def test_what_is_no_table_is_refused_by_sentence(tmp_path, data, code):
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    assert refused(path) == code


def test_a_missing_file_is_the_worlds_fault(tmp_path):
    with pytest.raises(EnvironmentFault, match=r"disk\.missing"):
        open_grids(tmp_path / "gone.xlsx")


def test_a_zip_of_something_else_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(tmp_path / "a.xlsx") == "intake.not_a_table"


def test_a_password_protected_workbook_is_said_to_be_locked(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(64)
    )
    assert refused(path) == "intake.locked"


def test_an_encrypted_zip_entry_is_said_to_be_locked(table):
    path = table(ROWS)
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    assert refused(path) == "intake.locked"


def test_an_encrypted_ods_is_said_to_be_locked(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("content.xml", b"\x01\x02")
        archive.writestr("META-INF/manifest.xml", "<m><manifest:encryption-data/></m>")
    assert refused(tmp_path / "a.ods") == "intake.locked"


def _rewritten(path, change):
    """The workbook again, its first sheet passed through ``change``."""
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(entry.filename, change(data) if "sheet1" in entry.filename else data)
    return path


def test_a_workbook_that_expands_beyond_reason_is_refused(table):
    path = table(ROWS)
    _declare(path, 600 << 20)
    assert refused(path) == "intake.too_large"


def test_a_declared_size_that_lies_is_noticed_while_inflating(table):
    path = _rewritten(table(ROWS), lambda data: data + b" " * (4 << 20))
    _declare(path, 1000)
    assert refused(path) == "intake.damaged"


def _declare(path, size):
    """Let the zip directory say that the first sheet expands to ``size`` bytes."""
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    data = bytearray(path.read_bytes())
    at = data.find(struct.pack("<I", true), data.find(b"PK\x01\x02"))
    data[at : at + 4] = struct.pack("<I", size)
    path.write_bytes(data)


def test_overlapping_entries_are_refused(table):
    path = table(ROWS)
    data = bytearray(path.read_bytes())
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    path.write_bytes(data)
    assert refused(path) == "intake.damaged"


@pytest.mark.parametrize("address", [f"A{MAX_ROWS + 1}", "XFD1", "ZZ9", "A1048576"])
def test_a_cell_in_the_far_corner_is_refused_before_the_sheet_is_laid_out(table, address):
    row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    far = f'<row r="{row}"><c r="{address}" t="n"><v>1</v></c></row></sheetData>'.encode()
    path = _rewritten(table(ROWS), lambda data: data.replace(b"</sheetData>", far))
    assert refused(path) == "intake.too_many_rows"


def test_a_far_cell_that_is_only_styled_is_harmless(table):
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    path = _rewritten(table(ROWS), lambda data: data.replace(b"</sheetData>", far))
    assert content(path)[1] == (2, ROWS[1])


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_truncated_workbook_never_gets_past_its_sentence(table, kind):
    whole = table(ROWS, kind).read_bytes()
    for part in range(1, 20):
        path = table(ROWS, kind)
        path.write_bytes(whole[: len(whole) * part // 20])
        assert refused(path) == "intake.damaged"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<table>", b"\xff\xfe"]),
    st.binary(max_size=400),
)
def test_any_bytes_are_a_table_or_a_sentence(tmp_path, head, tail):
    path = tmp_path / "any"
    path.write_bytes(head + tail)
    read_or_refuse(path)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.sampled_from(["xlsx", "xls", "ods"]), st.floats(0, 1), st.integers(0, 255))
def test_one_damaged_byte_is_survived(table, kind, where, value):
    path = table(ROWS, kind)
    data = bytearray(path.read_bytes())
    data[min(int(where * len(data)), len(data) - 1)] = value
    path.write_bytes(data)
    read_or_refuse(path)


def test_formula_cells_of_an_ods_are_known(tmp_path):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book, sheet = OpenDocumentSpreadsheet(), Table(name="一")
    for repeat, formula in [(1, None), (2, None), (1, "of:=HYPERLINK('x')")]:
        line = TableRow(numberrowsrepeated=repeat)
        line.addElement(TableCell(numbercolumnsrepeated=3))
        cell = TableCell(valuetype="string", **({"formula": formula} if formula else {}))
        cell.addElement(P(text="x"))
        line.addElement(cell)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(str(tmp_path / "a.ods"))
    (grid,) = open_grids(tmp_path / "a.ods")
    assert grid.formulas == {(4, "D")}
    assert [number for number, _ in grid.rows()] == [1, 2, 3, 4]


@pytest.mark.parametrize("run", ["number-rows-repeated", "number-columns-repeated"])
def test_a_few_bytes_of_ods_that_stand_for_a_huge_sheet_are_refused(table, run):
    path = table(ROWS, "ods")
    tag = b"table:table-row" if "rows" in run else b"table:table-cell"
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry).replace(b"<" + tag, b"<" + tag + f' table:{run}="999999"'.encode(), 1)
            target.writestr(entry.filename, data)
    assert refused(path) == "intake.too_many_rows"


def test_text_formulas_of_an_xls_are_known(tmp_path):
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    book.add_sheet("空")
    page = book.add_sheet("名录")
    for row in range(400):
        page.write(row, 0, f"组织{row}")
    page.write(7, 27, xlwt.Formula('HYPERLINK("http://example.invalid";"x")'))
    page.write(8, 27, xlwt.Formula("1+1"))
    book.save(str(tmp_path / "a.xls"))
    data = bytearray((tmp_path / "a.xls").read_bytes())
    assert formulas(bytes(data)) == {}
    # xlwt leaves the result to Excel, which writes "a text follows" where it is one.
    record = re.search(rb"\x06\x00.{2}\x07\x00\x1b\x00.{2}", bytes(data), re.DOTALL)
    data[record.end() : record.end() + 8] = b"\x00\x00\x00\x00\x00\x00\xff\xff"
    assert formulas(bytes(data)) == {"空": frozenset(), "名录": {(8, "AB")}}


@given(st.binary(max_size=2000))
def test_the_search_for_formulas_survives_any_bytes(data):
    mark = b"\x06\x00" + bytes(8) + b"\x00" * 6 + b"\xff\xff"
    assert isinstance(formulas(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data + mark + data), dict)
