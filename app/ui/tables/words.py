"""What the table screen says about a counted table. Pure functions; the widgets only draw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final

from app.services.reporting import TableRow
from app.statistics.account import RELATIONS
from app.statistics.definition import Column, Row
from app.statistics.explain import ExplainedRow
from app.statistics.measures import MEASURES
from app.statistics.table import Cell, Check, Table
from app.ui.enforcement.money import yuan
from app.ui.tokens import Tone
from app.wording import joined, label

WHOLE: Final = "全表"
WORKBOOKS: Final = "Excel 工作簿 (*.xlsx)"


@dataclass(frozen=True, slots=True)
class Heading:
    """One leaf column as the notice heads it; ``group`` is the merged heading above it."""

    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account of a table."""

    text: str
    tone: Tone = "neutral"


def choice_text(row: TableRow) -> str:
    """A table as it is offered for choosing."""
    return f"{row.annex} {row.title}".strip()


def headings(table: Table) -> tuple[Heading, ...]:
    """The headings of the leaf columns, broken and grouped as the notice prints them."""
    return tuple(Heading(_heading(column), column.group) for column in table.columns)


def _heading(column: Column) -> str:
    name = column.heading or column.name
    return f"{name}\n({column.unit})" if column.unit else name


def value_text(cell: Cell) -> str:
    """A number as the table shows it; nothing where nothing is reported."""
    if cell.value is None:
        return ""
    return f"{cell.value:.2f}" if isinstance(cell.value, Decimal) else str(cell.value)


def row_text(row: Row) -> str:
    """A row by its label; a table of one row is meant as a whole."""
    return row.label or WHOLE


def hint_text(row: Row, column: Column, cell: Cell) -> str:
    """What the pointer is told over a cell."""
    said = f"{row_text(row)} · {column.name}"
    if cell.value is None:
        said += "：未填报"
    return f"{said}\n{cell.note}" if cell.note else said


def counted_text(table: Table) -> str:
    """How much is counted and what is not, in one line."""
    said = f"共 {table.counted} 行" if table.definition.listing else f"计入 {table.counted} 次检查"
    left = [f"{label('left_out', each.reason)} {each.count}" for each in table.left_out if each.count]
    return f"{said}；未计入：{joined('names', left)}" if left else f"{said}，没有未计入的"


def counted_tone(table: Table) -> Tone:
    """Whether something that was left out asks for attention."""
    return "attention" if any(each.count for each in table.left_out) else "neutral"


def checks_text(table: Table) -> str:
    """How the cross checks ended; nothing for a table without any."""
    known = {check.key for check in table.checks}
    failed = {check.key for check in table.checks if not check.passed}
    if not known:
        return ""
    passed = f"交叉校验 {len(known - failed)} 项通过"
    return f"{passed}，{len(failed)} 项不通过" if failed else passed


def checks_tone(table: Table) -> Tone:
    """Whether a cross check forbids the report."""
    return "bad" if table.blocked else "good"


def check_lines(table: Table) -> Iterator[Line]:
    """Every failed check with its row; one line for a check that every row passed."""
    names = {row.key: row_text(row) for row in table.rows}
    for _, group in groupby(table.checks, key=lambda check: check.key):
        of_rows = tuple(group)
        failed = [check for check in of_rows if not check.passed]
        if not failed:
            rows = f"（{len(of_rows)} 行）" if len(of_rows) > 1 else ""
            yield Line(f"通过　{of_rows[0].label}{rows}", "good")
        for check in failed:
            yield Line(f"不通过　{check.label}（{names[check.row]}：{_sides(check)}）", "bad")


def _sides(check: Check) -> str:
    relation = RELATIONS[check.relation] if check.passed else f"应 {RELATIONS[check.relation]}"
    return f"{check.left} {relation} {check.right}"


def left_out_lines(table: Table) -> Iterator[Line]:
    """What is not counted, and why."""
    for each in table.left_out:
        if each.count:
            yield Line(f"{each.count} 件　{each.label}", "attention")


def note_lines(table: Table) -> Iterator[Line]:
    """How was counted, then the notes of single cells."""
    yield from (Line(note) for note in table.notes)
    for row in table.rows:
        for column in table.columns:
            if note := table.cells[row.key][column.key].note:
                yield Line(f"{row_text(row)} · {column.name}：{note}")


def behind_heading(row: Row, column: Column, cell: Cell, records: int) -> str:
    """The heading over the records behind a cell."""
    said = f"{row_text(row)} · {column.name}"
    if cell.value is None:
        return f"{said}：未填报"
    kind = "企业" if MEASURES[column.measure].record == "organization" else "检查"
    if MEASURES[column.measure].counting == "words":
        return f"{said}，由这些{kind}构成" if records else f"{said}：无"
    number = f"{said} = {value_text(cell)} {column.unit}".rstrip()
    return f"{number}，由这些{kind}构成" if records else number


def amount_text(column: Column, row: ExplainedRow) -> str:
    """What a record adds to the cell: money in 元, otherwise a number."""
    return f"{yuan(row.amount)} 元" if MEASURES[column.measure].money else str(row.amount)


def details_text(row: ExplainedRow) -> str:
    """What made a record count."""
    return joined("clauses", row.details)


def file_name(table: Table) -> str:
    """The name that an exported workbook is offered under."""
    draft = "草稿-" if table.blocked else ""
    return f"{draft}{table.title} {table.period.first.isoformat()} 至 {table.period.last.isoformat()}.xlsx"
