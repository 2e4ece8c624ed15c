"""What the table screen says about a counted table. Pure functions; the widgets only draw it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from app.clock import local_date
from app.errors import Problem
from app.services.file_names import table_file_name
from app.services.reporting import TableRow
from app.services.sending import SentRow
from app.statistics.account import RELATIONS, shown_value
from app.statistics.changes import CellChange
from app.statistics.definition import Column, Row
from app.statistics.explain import ExplainedRow
from app.statistics.measures import MEASURES, Counting
from app.statistics.table import Cell, Check, Table
from app.ui.enforcement.money import yuan
from app.ui.tokens import Tone
from app.ui.widgets import day_text
from app.wording import joined, label, sentence

WHOLE: Final = "全表"
SHOWN_PROBLEMS: Final = 5
KINDS: Final = {"inspection": "检查", "organization": "企业", "plan": "计划"}
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
    proposal = "（建议版式）" if row.proposal else ""
    return f"{row.annex} {row.title}{proposal}".strip()


def source_text(row: TableRow) -> str:
    """The notice a table rests on, and whether its layout is the notice's own."""
    own = f"本单位第 {row.version} 版" if row.version > 1 else ""
    return " · ".join(part for part in (row.source, "建议版式" if row.proposal else "", own) if part)


def sent_text(row: SentRow) -> str:
    """A report or supplement as it is offered for choosing."""
    kind = f"第 {row.sequence} 次补报" if row.sequence else "已报送"
    period = f"{row.period_from.isoformat()} 至 {row.period_to.isoformat()}"
    return f"{kind} {day_text(local_date(row.sent_at))} · {period} · {row.unit}"


def sent_chip(row: SentRow) -> str:
    """That what is shown was sent."""
    kind = f"第 {row.sequence} 次补报" if row.sequence else "已报送"
    return f"{kind} {day_text(local_date(row.sent_at))} {row.sent_by}，已冻结"


def later_chip(changes: int) -> str:
    """Whether the data have changed since."""
    return f"此后数据变动 {changes} 格，尚未补报" if changes else "此后数据没有变动"


def since_chip(row: SentRow, changes: int) -> str:
    """How the numbers of now lie to the last report."""
    return f"与 {local_date(row.sent_at):%m-%d} 报送的有 {changes} 格不同"


def change_lines(changes: Iterable[CellChange], tone: Tone = "attention") -> Iterator[Line]:
    """Cells that differ, from what to what, and by which records."""
    for each in changes:
        records = joined("names", each.names)
        by = f"（{records}）" if records else ""
        values = f"{shown_value(each.old) or '空'} → {shown_value(each.new) or '空'}"
        yield Line(f"{each.row_label or WHOLE} · {each.column_name}：{values}{by}", tone)


def headings(table: Table) -> tuple[Heading, ...]:
    """The headings of the leaf columns, broken and grouped as the notice prints them."""
    return tuple(Heading(_heading(column), column.group) for column in table.columns)


def _heading(column: Column) -> str:
    name = column.heading or column.name
    return f"{name}\n({column.unit})" if column.unit else name


def value_text(cell: Cell) -> str:
    """A number as the table shows it; nothing where nothing is reported."""
    return shown_value(cell.value)


def is_text(column: Column) -> bool:
    """Whether a column holds words of a list."""
    return MEASURES[column.measure].counting is Counting.LISTED


def row_text(row: Row) -> str:
    """A row by its label; a table of one row is meant as a whole."""
    return row.label or WHOLE


def hint_text(row: Row, column: Column, cell: Cell) -> str:
    """What the pointer is told over a cell."""
    said = f"{row_text(row)} · {column.name}"
    if cell.value is None:
        said += "：未填报"
    return f"{said}\n{cell.note}" if cell.note else said


def former_text(change: CellChange | None) -> str:
    """What a marked cell showed before, as a further line of its hint."""
    return (
        ""
        if change is None
        else f"\n原报 {shown_value(change.old) or '空'}，现为 {shown_value(change.new) or '空'}"
    )


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
    kind = KINDS[MEASURES[column.measure].record]
    if MEASURES[column.measure].counting in {Counting.WORDS, Counting.LISTED}:
        return f"{said}，由这些{kind}构成" if records else f"{said}：无"
    number = f"{said} = {value_text(cell)} {column.unit}".rstrip()
    return f"{number}，由这些{kind}构成" if records else number


def amount_text(column: Column, row: ExplainedRow) -> str:
    """What a record adds to the cell: money in 元, otherwise a number; nothing to words of a list."""
    if MEASURES[column.measure].counting is Counting.LISTED and not row.amount:
        return ""
    return f"{yuan(row.amount)} 元" if MEASURES[column.measure].money else str(row.amount)


def details_text(row: ExplainedRow) -> str:
    """What made a record count."""
    return joined("clauses", row.details)


def problem_lines(problems: Sequence[Problem]) -> str:
    """The first problems of a layout with where they are, one a line."""
    lines = []
    for each in problems[:SHOWN_PROBLEMS]:
        where = " ".join(
            part for part in (each.where.sheet, f"第 {each.where.row} 行" if each.where.row else "") if part
        )
        lines.append(f"{where}　{sentence(each).message}".strip())
    if len(problems) > SHOWN_PROBLEMS:
        lines.append(f"另有 {len(problems) - SHOWN_PROBLEMS} 处")
    return "\n".join(lines)


def file_name(table: Table, sent: SentRow | None = None) -> str:
    """The name that an exported workbook is offered under."""
    return table_file_name(table, ".xlsx", draft=table.blocked, sent=sent)
