"""Check plans as notices print them: a row for each task, its type, scope, quota and deadlines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.errors import BadInput, Place, Problem
from app.intake import fields
from app.intake.cells import Cell
from app.intake.fields import Faults, text_of
from app.intake.layout import Binding, bind, layouts
from app.intake.words import words
from app.intake.workbooks import open_grids
from app.vocabulary import InspectionType

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*[%\uff05]")
_COUNT = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One task. ``count`` and ``ratio_permille`` are both ``None`` where the row names no quota."""

    row: int
    task: str
    type_words: str
    inspection_type: InspectionType | None
    scope: str = ""
    period: str = ""
    departments: str = ""
    count: int | None = None
    ratio_permille: int | None = None
    deadline: date | None = None
    superior_deadline: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The tasks of a plan, its title line, and what was wrong with other rows."""

    file_name: str
    title: str
    rows: tuple[PlanRow, ...]
    problems: tuple[Problem, ...]


def read_plan(path: Path) -> PlanFile:
    """Read a plan list; raises ``intake.not_a_plan`` when no sheet holds one."""
    bindings = [binding for grid in open_grids(path) if (binding := bind(grid, layouts("plan")))]
    if not bindings:
        raise BadInput("intake.not_a_plan", Place(file=path.name))
    rows: list[PlanRow] = []
    problems: list[Problem] = []
    for binding in bindings:
        faults = Faults(path.name, binding.grid.sheet)
        rows.extend(_read_sheet(binding, faults))
        problems.extend(faults.drain())
    title = max(bindings[0].title_cells, key=len, default="")
    return PlanFile(path.name, title.strip(), tuple(rows), tuple(problems))


def _read_sheet(binding: Binding, faults: Faults) -> list[PlanRow]:
    rows = []
    for number, given in binding.grid.rows():
        texts = [text for cell in given if (text := text_of(cell))]
        if number < binding.first_data_row or not texts:
            continue
        cells = [*given, *[""] * (binding.width + 1)]
        if not text_of(cells[binding.columns["inspection_type"]]):
            if not words().footer.match(texts[0]):
                column = binding.columns["inspection_type"]
                faults.add("intake.missing_inspection_type", number, column, taken=False)
            continue
        rows.append(_task(number, cells, binding, faults))
    return rows


def _task(row: int, cells: Sequence[Cell], binding: Binding, faults: Faults) -> PlanRow:
    columns = binding.columns

    def text(name: str) -> str:
        return text_of(cells[columns[name]]) if name in columns else ""

    def day(name: str) -> date | None:
        return fields.day(cells, columns[name], row, faults) if name in columns else None

    type_words = text("inspection_type")
    kind = _inspection_type(type_words, binding.layout.extra["inspection_types"])
    if kind is None:
        faults.add(
            "intake.unknown_inspection_type", row, columns["inspection_type"], taken=True, value=type_words
        )
    count, ratio = quota(text("quota") or text("scope"), binding.layout.extra["quota_words"])
    if "quota" in columns and text("quota") and count is None and ratio is None:
        faults.add("intake.unclear_quota", row, columns["quota"], taken=True, value=text("quota"))
    return PlanRow(
        row=row,
        task=text("task") or type_words,
        type_words=type_words,
        inspection_type=kind,
        scope=text("scope"),
        period=text("period"),
        departments=text("departments"),
        count=count,
        ratio_permille=ratio,
        deadline=day("deadline"),
        superior_deadline=day("superior_deadline"),
        source=text("source"),
    )


def quota(text: str, known: Mapping[str, str | int]) -> tuple[int | None, int | None]:
    """Number and ratio (in thousandths) that a cell asks for; a ratio is told by its percent sign.

    A spreadsheet's own percentage arrives as a fraction (0.5 is 50 %); ``known`` words name a ratio.
    """
    if match := _PERCENT.search(text):
        return None, round(float(match[1]) * 10)
    if re.fullmatch(r"0?\.\d+", text):
        return None, round(float(text) * 1000)
    if match := _COUNT.search(text):
        return int(match[0]), None
    return None, next((int(ratio) for word, ratio in known.items() if word in text), None)


def _inspection_type(text: str, known: Mapping[str, str | int]) -> InspectionType | None:
    """The type whose word occurs in ``text``; an empty one names a kind of check not done here."""
    code = next((code for word, code in known.items() if word in text), "")
    return InspectionType(str(code)) if code else None
