"""An office's scoring tables: read from a workbook, kept in the home for one version of one checklist."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.checklists.schema import Checklist
from app.checklists.scoring import Rows, Scoring, load_scoring, read_scoring, scoring_bytes
from app.errors import BadInput, Place, Problem
from app.files import make_folder, write_atomically
from app.intake.fields import text_of
from app.intake.workbooks import open_grids
from app.services import questions
from app.services.questions import FOLDER, SCORING
from app.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class ScoringImport:
    """What was taken of a table: items with points, and every problem."""

    items: int
    problems: tuple[Problem, ...]


def import_scoring(
    place: Workplace, *, path: Path, checklist_id: str, version: str, dry_run: bool = False
) -> ScoringImport:
    """Take a table (item, points, rule; below a heading) for one version of a checklist.

    The rows that hold are taken and replace what was there; raises ``checklist.unknown`` and
    ``checklist.scoring_empty``.
    """
    checklist = questions.version_of(place, checklist_id, version)
    found, problems = read_scoring(checklist, _rows(path), path.name)
    if not found.items:
        raise BadInput("checklist.scoring_empty", Place(file=path.name))
    if not dry_run:
        target = _kept(place, checklist)
        make_folder(target.parent)
        write_atomically(target, scoring_bytes(found))
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
    path = _kept(place, checklist)
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else None


def _kept(place: Workplace, checklist: Checklist) -> Path:
    return place.home / FOLDER / f"{checklist.id}@{checklist.version}{SCORING}"


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int) -> Scoring | None:
    return load_scoring(path.read_bytes())
