"""A table on paper: the sheet that its workbook has, as PDF, so that both say the same cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.errors import BadInput
from app.files import write_atomically
from app.forms.phrases import words
from app.services import reporting, sending
from app.services.file_names import table_file_name
from app.services.issuing import PrintedForm
from app.services.practising import is_practice
from app.services.workplace import Workplace
from app.statistics.table import Table

# The workbook's library takes a quarter of a second to read; only who prints a table waits for it.

SUFFIX = ".pdf"


@dataclass(frozen=True, slots=True)
class TablePrinted:
    """A table as PDF, with its numbers; a ``draft`` says so on every page."""

    printed: PrintedForm
    table: Table
    draft: bool


def print_table(
    place: Workplace,
    *,
    table: str,
    period_from: date | None = None,
    period_to: date | None = None,
    unit: str = "",
    draft: bool = False,
) -> TablePrinted:
    """Count a table and print it; a failed cross check allows only a draft (common rule 10)."""
    counted = reporting.table(place, table=table, period_from=period_from, period_to=period_to, unit=unit)
    if counted.blocked and not draft:
        failed = [check for check in counted.checks if not check.passed]
        raise BadInput("statistics.checks_failed", table=table, count=len(failed), first=failed[0].label)
    return print_counted(place, counted=counted, draft=draft)


def print_counted(place: Workplace, *, counted: Table, draft: bool = False) -> TablePrinted:
    """Print a table that was counted already, as it was counted."""
    from app.services.sheet_paper import paper_of
    from app.statistics.workbook import table_workbook

    book = table_workbook(counted, draft=draft)
    mark = _mark(place, draft=draft)
    drawn = paper_of(book.worksheets[:1], title=counted.printed_title, mark=mark)
    return TablePrinted(_made(drawn, table_file_name(counted, SUFFIX, draft=draft)), counted, draft)


def print_sent(place: Workplace, *, sent: str) -> TablePrinted:
    """Print a table as it was sent; a supplement has the list of what it changed behind it."""
    from app.services.sheet_paper import paper_of
    from app.statistics.workbook import Mark, table_workbook

    view = sending.sent_table(place, sent=sent)
    mark = Mark(view.row.sent_at, view.row.sent_by, view.row.sequence, view.changes)
    book = table_workbook(view.table, mark=mark)
    sheets = book.worksheets[: 2 if mark.sequence else 1]
    drawn = paper_of(sheets, title=view.table.printed_title, mark=_mark(place, draft=False))
    return TablePrinted(
        _made(drawn, table_file_name(view.table, SUFFIX, sent=view.row)), view.table, draft=False
    )


def save(printed: TablePrinted, out: Path) -> Path:
    """Write the file whole."""
    write_atomically(out, printed.printed.pdf)
    return out


def _mark(place: Workplace, *, draft: bool) -> str:
    word = "practice" if is_practice(place) else "draft" if draft else ""
    return words("furniture")[word] if word else ""


def _made(drawn: tuple[bytes, int], name: str) -> PrintedForm:
    pdf, pages = drawn
    return PrintedForm(pdf, pages, "", name)
