from __future__ import annotations

import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data" / "registry"


@pytest.fixture(scope="session")
def registry_data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def truth() -> dict:
    return json.loads((DATA / "registry.json").read_text("utf8"))


def _xlsx(path, rows, sheet="Sheet1", merged=()):
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    for area in merged:
        page.merge_cells(area)
    book.save(path)
    return path


def _xls(path, rows, sheet="Sheet1", merged=()):
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet)
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            page.write(r, c, cell)
    book.save(str(path))
    return path


def _ods(path, rows, sheet="Sheet1", merged=()):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    table = Table(name=sheet)
    for row in rows:
        line = TableRow()
        for value in row:
            if isinstance(value, (int, float)):
                cell = TableCell(valuetype="float", value=value)
            else:
                cell = TableCell(valuetype="string")
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


def _csv(path, rows, sheet="", merged=()):
    path.write_text("\n".join(",".join(str(cell) for cell in row) for row in rows), "utf-8-sig")
    return path


def _html(path, rows, sheet="", merged=()):
    cells = ("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    path.write_text(f"<table>{''.join(cells)}</table>", "utf8")
    return path


WRITERS = {"xlsx": _xlsx, "xls": _xls, "ods": _ods, "csv": _csv, "html": _html}


@pytest.fixture
def table(tmp_path):
    """Write rows as a table file of the wanted kind; its name never tells the kind."""

    def write(rows, kind="xlsx", sheet="Sheet1", name="list.dat", merged=()):
        return WRITERS[kind](tmp_path / name, rows, sheet, merged)

    return write
