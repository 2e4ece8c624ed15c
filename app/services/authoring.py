"""How an office changes a checklist: out as a workbook, edited, back in as a version of its own.

A version that was taken in lies in ``home/checklists`` as those that came with task packages do, and
goes out with the next one, with the ids that its items had before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.checklists.authoring_reader import AuthoringRead, Line, heading_of, read_rows
from app.checklists.loader import InForce, checklist_bytes, load_checklist, shipped
from app.checklists.schema import Checklist
from app.checklists.transition import Transition, transition
from app.checklists.xlsform import Row, XlsForm, xlsform
from app.errors import BadInput, Place, Problem
from app.files import atomic_file, explained, make_folder, write_atomically
from app.intake.cells import Cell, Grid
from app.intake.cells import Row as GridRow
from app.intake.workbooks import open_grids
from app.models.inspection import Inspection
from app.models.journal import JournalEntry
from app.services import lawbook, questions
from app.services.authoring_book import authoring_workbook
from app.services.questions import FOLDER
from app.services.workplace import Changes, Workplace
from app.statistics.sheet import put
from app.vocabulary import InspectionStatus, InspectionType, Role

RECORD = "checklist"
_ACTION = "checklist.import"
_AS_WRITTEN = (".toml", ".json")
LARGEST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a checklist that is known here.

    ``origin``: ``shipped``, ``own`` (taken in here) or ``received`` (came in a package). ``standing``:
    ``in_use`` for new inspections today, ``coming`` or ``former``. ``drafts`` are in progress with it.
    """

    id: str
    version: str
    title: str
    inspection_type: InspectionType
    effective_from: date
    items: int
    source: str
    origin: str
    standing: str
    drafts: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file would bring: what was read of it, and how it differs from the version in use.

    ``against`` is the version it is compared with, nothing for a checklist of a new id; there is no
    ``difference`` while rows are faulty. ``known`` tells that exactly this version is here already.
    """

    read: AuthoringRead
    against: Checklist | None = None
    difference: Transition | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class ChecklistImport:
    """What became of a file: it is in use only when ``taken``."""

    proposal: Proposal
    taken: bool
    changes: Changes = Changes()


def name_of(checklist: Checklist) -> str:
    """``id@version``."""
    return f"{checklist.id}@{checklist.version}"


def versions(place: Workplace) -> tuple[VersionRow, ...]:
    """Every version of every checklist that is known here, newest first within its checklist."""
    ours = {name_of(each) for each in shipped()}
    with place.read() as session:
        imported, drafts = _imported(session), _drafts(session)
    in_use = {kind: questions.newest(place, InspectionType(kind)) for kind in questions.offered(place)}
    found = questions.known(place, date.max)
    return tuple(
        VersionRow(
            each.id,
            each.version,
            each.title,
            each.inspection_type,
            each.effective_from,
            sum(1 for _ in each.items()),
            each.source,
            "shipped" if name_of(each) in ours else "own" if name_of(each) in imported else "received",
            _standing(place, each, in_use.get(each.inspection_type)),
            drafts.get((each.id, each.version), 0),
        )
        for each in sorted(found, key=lambda one: (one.effective_from, one.version), reverse=True)
    )


def _standing(place: Workplace, checklist: Checklist, in_use: Checklist | None) -> str:
    if in_use is not None and name_of(checklist) == name_of(in_use):
        return "in_use"
    return "coming" if checklist.effective_from > place.today() else "former"


def _imported(session: Session) -> set[str]:
    details = session.scalars(select(JournalEntry.detail).where(JournalEntry.action == _ACTION))
    return {str(json.loads(detail).get("checklist", "")) for detail in details}


def _drafts(session: Session) -> dict[tuple[str, str], int]:
    wanted = (
        select(Inspection.checklist_id, Inspection.checklist_version, func.count())
        .where(Inspection.status == InspectionStatus.IN_PROGRESS)
        .group_by(Inspection.checklist_id, Inspection.checklist_version)
    )
    return {(name, version): count for name, version, count in session.execute(wanted)}


def version_in_use(place: Workplace, checklist_id: str) -> Checklist:
    """The version of a checklist in force today, otherwise its first to come; raises ``checklist.unknown``."""
    found = [each for each in questions.known(place, date.max) if each.id == checklist_id]
    today = [each for each in found if each.effective_from <= place.today()]
    if not found:
        raise BadInput("checklist.unknown", checklist=checklist_id, version="")
    return (today or found[:1])[-1]


# ---- out


def export_checklist(place: Workplace, *, checklist_id: str, version: str, out: Path) -> Path:
    """Write a version as a workbook to be edited; raises ``checklist.unknown``."""
    checklist = questions.version_of(place, checklist_id, version)
    _save(authoring_workbook(checklist), out)
    return out


def export_xlsform(place: Workplace, *, checklist_id: str, version: str, out: Path) -> tuple[Problem, ...]:
    """Write a version as an XLSForm for phones; returns what the form cannot do."""
    form = xlsform(questions.version_of(place, checklist_id, version))
    _save(_form_book(form), out)
    return form.problems


def _form_book(form: XlsForm) -> Workbook:
    book = Workbook()
    book.remove(book.active)
    sheets: dict[str, tuple[Row, ...]] = {
        "survey": form.survey, "choices": form.choices, "settings": (form.settings,),
    }  # fmt: skip
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        headings = list(dict.fromkeys(key for row in rows for key in row))
        for row, texts in enumerate([dict(zip(headings, headings, strict=True)), *rows], 1):
            for column, heading in enumerate(headings, 1):
                put(sheet, row, column, texts.get(heading) or None).quotePrefix = False
        sheet.freeze_panes = "A2"
    return book


def _save(book: Workbook, out: Path) -> None:
    with atomic_file(out) as target:
        book.save(target)


# ---- in


def read_checklist(place: Workplace, *, path: Path) -> Proposal:
    """What a file holds and how it differs from the version in use; nothing is taken.

    A workbook, what offices send in its place (HTML saved as .xls, csv), or a file as it is shipped.
    """
    read = _as_written(place, path) if path.suffix.lower() in _AS_WRITTEN else _from_table(place, path)
    found = read.checklist
    if found is None:
        return Proposal(read)
    here = next((each for each in questions.known(place, date.max) if name_of(each) == name_of(found)), None)
    known = here is not None and checklist_bytes(here) == checklist_bytes(found)
    if here is not None and not known:
        problem = Problem("authoring.same_version", Place(file=path.name), {"name": name_of(found)})
        read = replace(read, problems=(problem, *read.problems))
    against = _compared_with(place, found)
    difference = None
    # What was left out for a fault would count as dropped.
    if against is not None and not any(
        each.where.row is not None and not each.taken for each in read.problems
    ):
        difference = transition(against, found)
    return Proposal(read, against, difference, known)


def _compared_with(place: Workplace, found: Checklist) -> Checklist | None:
    """The version in use of the same checklist, otherwise its newest."""
    every = questions.known(place, date.max)
    others = [each for each in every if each.id == found.id and each.version != found.version]
    current = [each for each in others if each.effective_from <= place.today()]
    return next(reversed(current or others), None)


def import_checklist(place: Workplace, *, path: Path) -> ChecklistImport:
    """Take a file in as a version of the office's own; with any problem that matters nothing is taken.

    A version that is here already with other words is refused (``authoring.same_version``): inspections
    rest on it. Only an office does this (``authoring.not_the_office``).
    """
    if place.owner.role is not Role.SUPERVISOR:
        raise BadInput("authoring.not_the_office")
    proposal = read_checklist(place, path=path)
    found = proposal.read.checklist
    if found is None or not proposal.read.sound or proposal.known:
        return ChecklistImport(proposal, taken=False)
    with place.write(_ACTION) as work:
        folder = make_folder(place.home / FOLDER)
        write_atomically(folder / f"{name_of(found)}.json", checklist_bytes(found))
        work.detail.update(checklist=name_of(found), items=sum(1 for _ in found.items()), file=path.name)
        work.commit()
    return ChecklistImport(proposal, taken=True, changes=Changes.of(RECORD, name_of(found)))


def _as_written(place: Workplace, path: Path) -> AuthoringRead:
    with explained(path.name):
        found, problems = load_checklist(path, lawbook.known(place), _in_force(place))
    count = 0 if found is None else sum(1 for _ in found.items())
    return AuthoringRead(found, problems, rows=count)


def _in_force(place: Workplace) -> InForce:
    """Whether a provision applies, or may, on a day by the law as it was known for that day."""
    return lambda reference, day: bool(lawbook.law_on(place, day).in_force(reference, day))


def _from_table(place: Workplace, path: Path) -> AuthoringRead:
    grids = open_grids(path)
    for grid in grids:
        if grid.total <= LARGEST_ROWS and heading_of(map(_line, grid.rows())) is not None:
            return _read_grid(place, path, grid)
    return AuthoringRead(None, (Problem("authoring.no_heading", Place(file=path.name)),))


def _read_grid(place: Workplace, path: Path, grid: Grid) -> AuthoringRead:
    rows = list(grid.rows())
    numbers = {
        (row, column)
        for row, cells in rows
        for column, cell in enumerate(cells)
        if isinstance(cell, float | int) and not isinstance(cell, bool)
    }
    return read_rows(
        list(map(_line, rows)),
        file=path.name,
        sheet=grid.sheet,
        known_provisions=lawbook.known(place),
        in_force=_in_force(place),
        numbers=numbers,
    )


def _line(row: GridRow) -> Line:
    number, cells = row
    return number, [_text(cell) for cell in cells]


def _text(cell: Cell) -> str:
    """A cell as it reads: whole numbers without decimals, days and times as the schema writes them."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat("minutes") if isinstance(cell, time) else str(cell).strip()
