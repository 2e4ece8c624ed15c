"""Lists of inspectors: name, credential number, office."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.errors import BadInput, Place, Problem
from app.intake.fields import Faults, is_number, text_of
from app.intake.identifiers import normalised_number
from app.intake.layout import Binding, bind, layouts
from app.intake.words import words
from app.intake.workbooks import open_grids


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One inspector as the list names him; ``row`` is where."""

    row: int
    name: str
    credential: str
    office: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """The good rows of a list of people and what was wrong with the others."""

    file_name: str
    rows: tuple[PersonRow, ...]
    problems: tuple[Problem, ...]


def read_people(path: Path) -> PeopleFile:
    """Read a list of inspectors; raises ``intake.not_people`` when no sheet holds one."""
    bindings = [binding for grid in open_grids(path) if (binding := bind(grid, layouts("people")))]
    if not bindings:
        raise BadInput("intake.not_people", Place(file=path.name))
    rows: list[PersonRow] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for binding in bindings:
        faults = Faults(path.name, binding.grid.sheet)
        rows.extend(_read_sheet(binding, faults, seen))
        problems.extend(faults.drain())
    return PeopleFile(path.name, tuple(rows), tuple(problems))


def _read_sheet(binding: Binding, faults: Faults, seen: dict[str, int]) -> list[PersonRow]:
    columns, rows = binding.columns, []
    for number, given in binding.grid.rows():
        cells = [*given, *[""] * binding.width]
        said = {name: text_of(cells[column]) for name, column in columns.items()}
        first = next((text for cell in given if (text := text_of(cell))), "")
        if number < binding.first_data_row or not any(said.values()):
            continue
        if not said["credential"] and words().footer.match(first):
            continue
        if is_number(cells[columns["credential"]]):
            value = said["credential"]
            faults.add("intake.number_in_code", number, columns["credential"], taken=True, value=value)
        person = PersonRow(number, **{**said, "credential": normalised_number(said["credential"])})
        if _is_complete(person, columns, faults, seen):
            rows.append(person)
    return rows


def _is_complete(person: PersonRow, columns: dict[str, int], faults: Faults, seen: dict[str, int]) -> bool:
    """Whether the row can go in; otherwise its problem has been noted."""
    row, credential = person.row, person.credential
    if not credential:
        faults.add("intake.missing_credential", row, columns["credential"], taken=False, name=person.name)
    elif not person.name:
        faults.add("intake.missing_person_name", row, columns["name"], taken=False, value=credential)
    elif seen.setdefault(credential, row) != row:
        first = seen[credential]
        faults.add(
            "intake.repeated_credential",
            row,
            columns["credential"],
            taken=False,
            value=credential,
            first=first,
        )
    else:
        return True
    return False
