"""An office's own layout of a table: exported, edited, taken in again as its next version.

A layout lies in ``tables`` of the home as TOML; every version stays in ``tables/versions``. What was
sent keeps the layout it was sent with (:mod:`app.services.sending`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from app.errors import BadInput, Problem
from app.files import atomic_file, make_folder, write_atomically
from app.services.reporting import FOLDER, definition_of, table_rows
from app.services.workplace import Changes, Workplace
from app.statistics.definition import TableDefinition
from app.statistics.definition_book import definition_workbook, read_definition
from app.statistics.definition_text import definition_tree, toml_of
from app.statistics.loader import load_table

VERSIONS = "versions"
RECORD = "table_layout"


@dataclass(frozen=True, slots=True)
class LayoutTaken:
    """The layout as it is used from now on."""

    table: str
    version: int
    changes: Changes


def export_layout(place: Workplace, *, table: str, out: Path) -> Path:
    """Write a table's layout as a workbook to be edited."""
    definition = definition_of(place, table)
    with atomic_file(out) as target:
        definition_workbook(definition).save(target)
    return out


def layout_problems(path: Path) -> tuple[Problem, ...]:
    """What is wrong in an edited layout, by sheet and row."""
    return _read(path)[1]


def import_layout(place: Workplace, *, path: Path) -> LayoutTaken:
    """Take an edited layout in as the table's next version; with any problem nothing is taken.

    A workbook or a TOML file. A table of an id that is not known yet becomes one of the office's own.
    """
    definition, problems = _read(path)
    if definition is None or problems:
        raise BadInput("statistics.definition_not_taken", name=path.name, count=len(problems))
    version = _next_version(place, definition.id)
    taken = replace(definition, version=version, changed_on=place.today().isoformat())
    text = toml_of(definition_tree(taken)).encode()
    folder = make_folder(place.home / FOLDER)
    write_atomically(make_folder(folder / VERSIONS) / f"{_file_name(taken)}-{version}.toml", text)
    write_atomically(folder / f"{_file_name(taken)}.toml", text)
    return LayoutTaken(taken.id, version, Changes.of(RECORD, taken.id))


def _read(path: Path) -> tuple[TableDefinition | None, tuple[Problem, ...]]:
    return load_table(path) if path.suffix.lower() == ".toml" else read_definition(path)


def _next_version(place: Workplace, table_id: str) -> int:
    known = {row.id: row.version for row in table_rows(place)}
    return known.get(table_id, 0) + 1


def _file_name(definition: TableDefinition) -> str:
    """The id as a file may be named anywhere."""
    kept = (each if each.isascii() and (each.isalnum() or each in "-_") else "_" for each in definition.id)
    return "".join(kept)
