"""An office's scoring tables: read from a workbook, kept in the home for one version of one checklist.

They lie in ``home/scoring`` and go out with the task packages (:mod:`app.services.contents`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from app.checklists.schema import Checklist
from app.checklists.scoring import Points, Rows, Scoring, load_scoring, read_scoring, scoring_bytes
from app.errors import BadInput, Place, Problem
from app.files import make_folder, write_atomically
from app.intake.fields import text_of
from app.intake.workbooks import open_grids
from app.services import questions
from app.services.workplace import Workplace
from app.vocabulary import Role

FOLDER = "scoring"


@dataclass(frozen=True, slots=True)
class ScoringImport:
    """What was taken of a table: items with points, and every problem."""

    items: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One item whose points or rule would not be what they are; ``number`` and ``text`` as people know it."""

    number: str
    text: str
    before: Points | None
    after: Points | None


@dataclass(frozen=True, slots=True)
class ScoringProposal:
    """What a file would bring: the points that hold, every problem, what changes.

    ``former`` is the source of the table that counts now, empty without one; ``total`` are all points.
    """

    items: int
    total: Decimal
    problems: tuple[Problem, ...]
    former: str
    changes: tuple[ScoreChange, ...]


def read_table(place: Workplace, *, path: Path, checklist_id: str, version: str) -> ScoringProposal:
    """Read a table as :func:`import_scoring` would, and compare it with the one that counts now."""
    checklist = questions.version_of(place, checklist_id, version)
    found, problems = read_scoring(checklist, _rows(path), path.name)
    now = scoring_of(place, checklist)
    before = now.items if now is not None else {}
    changes = (
        ScoreChange(item.shown, item.text, before.get(item.id), found.items.get(item.id))
        for item in checklist.items()
    )
    return ScoringProposal(
        items=len(found.items),
        total=sum((each.points for each in found.items.values()), Decimal(0)),
        problems=problems,
        former=now.source if now is not None else "",
        changes=tuple(each for each in changes if each.before != each.after),
    )


def import_scoring(
    place: Workplace, *, path: Path, checklist_id: str, version: str, dry_run: bool = False
) -> ScoringImport:
    """Take a table (item, points, rule; below a heading) for one version of a checklist.

    The rows that hold are taken and replace what was there; raises ``checklist.unknown``,
    ``checklist.scoring_empty`` and, on a laptop, which gets its tables from the office,
    ``authoring.not_the_office``.
    """
    if place.owner.role is not Role.SUPERVISOR:
        raise BadInput("authoring.not_the_office")
    checklist = questions.version_of(place, checklist_id, version)
    found, problems = read_scoring(checklist, _rows(path), path.name)
    if not found.items:
        raise BadInput("checklist.scoring_empty", Place(file=path.name))
    if not dry_run:
        with place.write("checklist.score") as work:
            target = make_folder(place.home / FOLDER) / file_name(found)
            write_atomically(target, scoring_bytes(replace(found, taken_at=place.now())))
            work.detail.update(checklist=f"{checklist.id}@{version}", items=len(found.items), file=path.name)
            work.commit()
    return ScoringImport(len(found.items), problems)


def _rows(path: Path) -> Rows:
    """Rows of the first sheet below its first row, which is the heading."""
    for grid in open_grids(path)[:1]:
        rows = iter(grid.rows())
        next(rows, None)
        for number, cells in rows:
            yield number, [text_of(cell) for cell in cells]


def scoring_of(place: Workplace, checklist: Checklist) -> Scoring | None:
    """The points of a checklist's version, when the office imported some."""
    return table_of(place, checklist_id=checklist.id, version=checklist.version)


def table_of(place: Workplace, *, checklist_id: str, version: str) -> Scoring | None:
    """The same by the names of the checklist and its version."""
    path = place.home / FOLDER / f"{checklist_id}@{version}.json"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else None


def kept(place: Workplace) -> tuple[Scoring, ...]:
    """Every table that can be read."""
    folder = place.home / FOLDER
    found = (_read(path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*@*.json")))
    return tuple(each for each in found if each is not None)


def file_name(table: Scoring) -> str:
    """The name of a table's file."""
    return f"{table.checklist_id}@{table.version}.json"


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> Scoring | None:
    return load_scoring(path.read_bytes())
