"""The second sheet of a workbook: checks, what was left out, notes of single cells, counting rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from app.statistics.sheet import (
    BODY,
    BODY_TEXT,
    FAILED,
    HEADING,
    PLAIN,
    SUBTITLE,
    Look,
    height_of,
    put,
    put_across,
    set_page,
)
from app.statistics.table import Table, Value
from app.statistics.words import word

WIDTHS = (40, 22, 14, 8, 14, 12)
Line = tuple[Value, ...]


def write_account(sheet: Worksheet, table: Table) -> None:
    """Account for a table on ``sheet``."""
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    rows = {row.key: row.label or word("workbook", "whole") for row in table.rows}
    at = _section(sheet, 1, "checks", ("check_name", "row", "left", "relation", "right", "result"))
    checks = [
        (each.label, rows[each.row], each.left, each.relation, each.right, _result(passed=each.passed))
        for each in table.checks
    ]
    at = _lines(sheet, at, checks, [BODY if each.passed else FAILED for each in table.checks])
    at = _section(sheet, at + 1, "left_out", ("reason", "count"))
    at = _lines(sheet, at, [(each.label, each.count) for each in table.left_out])
    at = _section(sheet, at + 1, "cell_notes", ("column", "row", "value"))
    noted = [
        (each.name, rows[row], table.cells[row][each.key].value, table.cells[row][each.key].note)
        for row in rows
        for each in table.columns
        if table.cells[row][each.key].note
    ]
    for name, row, value, note in noted:
        put_across(sheet, at, (4, len(WIDTHS)), note, BODY_TEXT)
        at = _lines(sheet, at, [(name, row, value)])
    if not noted:
        at = _lines(sheet, at, [])
    at = _section(sheet, at + 1, "notes", ())
    for text in table.notes:
        put_across(sheet, at, (1, len(WIDTHS)), text, PLAIN)
        sheet.row_dimensions[at].height = height_of(text, sum(WIDTHS), 10.5)
        at += 1
    set_page(sheet, "A4")


def _result(*, passed: bool) -> str:
    return word("workbook", "passed" if passed else "failed")


def _section(sheet: Worksheet, at: int, title: str, headings: Sequence[str]) -> int:
    put_across(sheet, at, (1, len(WIDTHS)), word("workbook", title), SUBTITLE)
    sheet.row_dimensions[at].height = 24
    for index, heading in enumerate(headings, 1):
        put(sheet, at + 1, index, word("workbook", heading), HEADING)
    return at + (2 if headings else 1)


def _lines(sheet: Worksheet, at: int, lines: Iterable[Line], looks: Sequence[Look] = ()) -> int:
    """Write lines from row ``at``; returns the next free row, ``none`` standing where there is nothing."""
    for number, line in enumerate(list(lines) or [(word("workbook", "none"),)]):
        for index, value in enumerate(line):
            put(sheet, at, index + 1, value, looks[number] if number < len(looks) else BODY)
        text = line[0]
        if isinstance(text, str):
            sheet.row_dimensions[at].height = max(18, height_of(text, WIDTHS[0]))
        at += 1
    return at
