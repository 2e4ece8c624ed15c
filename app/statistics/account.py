"""The further sheets of a workbook: checks, left-outs, notes and counting rules; what a supplement changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from openpyxl.worksheet.worksheet import Worksheet

from app.statistics.changes import CellChange
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
from app.statistics.table import Check, Table, Value
from app.statistics.words import word

WIDTHS = (40, 22, 14, 8, 14, 12)
RELATIONS = {"<=": "\u2264", "=": "="}
Line = tuple[Value, ...]
_SHOWN = Decimal("0.01")


def write_account(sheet: Worksheet, table: Table) -> None:
    """Account for a table on ``sheet``."""
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    rows = {row.key: row.label or word("workbook", "whole") for row in table.rows}
    at = _section(sheet, 1, "checks", ("check_name", "row", "left", "relation", "right", "result"))
    for check, row in _told(table):
        result = word("workbook", "passed" if check.passed else "failed")
        line = (check.label, rows.get(row, row), check.left, RELATIONS[check.relation], check.right, result)
        at = _lines(sheet, at, [line], BODY if check.passed else FAILED)
    at = _section(sheet, at + 1, "left_out", ("reason", "count"))
    at = _lines(sheet, at, [(each.label, each.count) for each in table.left_out])
    at = _section(sheet, at + 1, "cell_notes", ("column", "row", "value", "note"))
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


CHANGE_WIDTHS = (30, 26, 16, 16, 62)


def write_changes(sheet: Worksheet, changes: Iterable[CellChange]) -> None:
    """List what a supplement changed: where, from what, to what, and by which records."""
    for letter, width in zip("ABCDE", CHANGE_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    headings = ("row", "column", "old", "new", "records")
    put_across(sheet, 1, (1, len(CHANGE_WIDTHS)), word("workbook", "changes_sheet"), SUBTITLE)
    for index, heading in enumerate(headings, 1):
        put(sheet, 2, index, word("workbook", heading), HEADING)
    for at, each in enumerate(changes, 3):
        records = "\n".join(each.names or each.records)
        line = (each.row_label or word("workbook", "whole"), each.column_name)
        values = (shown_value(each.old), shown_value(each.new))
        for index, value in enumerate((*line, *values, records), 1):
            put(sheet, at, index, value, BODY if index in {3, 4} else BODY_TEXT)
        sheet.row_dimensions[at].height = max(18, height_of(records, CHANGE_WIDTHS[-1]))
    sheet.print_title_rows = "2:2"
    set_page(sheet, "A4")


def shown_value(value: Value) -> str:
    """A value as a table shows it: money with two decimals, nothing where nothing is reported.

    Halves go up, as spreadsheets show them: screen, paper and workbook must agree to the last digit.
    """
    if value is None:
        return ""
    return str(value.quantize(_SHOWN, ROUND_HALF_UP)) if isinstance(value, Decimal) else str(value)


def _told(table: Table) -> Iterator[tuple[Check, str]]:
    """Every failed check with its row; one line for a check that every row passed."""
    totals = {row.key for row in table.rows if row.total}
    for _, group in groupby(table.checks, key=lambda check: check.key):
        of_rows = tuple(group)
        failed = [check for check in of_rows if not check.passed]
        if failed:
            yield from ((check, check.row) for check in failed)
        else:
            shown = next((check for check in of_rows if check.row in totals), of_rows[0])
            yield shown, word("workbook", "all_rows", count=len(of_rows))


def _section(sheet: Worksheet, at: int, title: str, headings: Sequence[str]) -> int:
    put_across(sheet, at, (1, len(WIDTHS)), word("workbook", title), SUBTITLE)
    sheet.row_dimensions[at].height = 24
    for index, heading in enumerate(headings, 1):
        put(sheet, at + 1, index, word("workbook", heading), HEADING)
    return at + (2 if headings else 1)


def _lines(sheet: Worksheet, at: int, lines: Iterable[Line], look: Look = BODY) -> int:
    """Write lines from row ``at``, one that says so when there are none; returns the next free row."""
    for line in list(lines) or [(word("workbook", "none"),)]:
        for index, value in enumerate(line, 1):
            put(sheet, at, index, value, look)
        text = line[0]
        if isinstance(text, str):
            sheet.row_dimensions[at].height = max(18, height_of(text, WIDTHS[0]))
        at += 1
    return at
