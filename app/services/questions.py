"""The checklist an inspection is made with: one that ships with the program, or one the office sent.

Versions that came in task packages lie in ``home/checklists`` (checked when they were taken in);
an office can so hand out questions that are newer than a laptop's program.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from app.checklists import loader
from app.checklists.schema import Checklist
from app.errors import BadInput
from app.models.inspection import Inspection
from app.services.workplace import Workplace
from app.vocabulary import InspectionType
from app.wording import label, labels

FOLDER = "checklists"


def checklist_of(place: Workplace, inspection: Inspection) -> Checklist:
    """The version an inspection was begun with; raises ``checklist.unknown`` when it is not here."""
    return version_of(place, inspection.checklist_id, inspection.checklist_version)


def version_of(place: Workplace, checklist_id: str, version: str) -> Checklist:
    """One version of a checklist, shipped or sent; raises ``checklist.unknown`` when it is not here."""
    try:
        return loader.checklist(checklist_id, version)
    except BadInput:
        for found in received(place):
            if (found.id, found.version) == (checklist_id, version):
                return found
        raise


def newest(place: Workplace, inspection_type: InspectionType) -> Checklist:
    """The version in use of a type's checklist: the one that takes effect last and already has."""
    found = [each for each in _in_force(place) if each.inspection_type is inspection_type]
    if not found:
        raise BadInput("inspecting.no_checklist", type=label("inspection_type", inspection_type))
    return max(found, key=lambda each: (each.effective_from, each.version))


def offered(place: Workplace) -> dict[str, str]:
    """The types of inspection that there is a checklist for today, with their labels."""
    there = {each.inspection_type for each in _in_force(place)}
    return {word: text for word, text in labels("inspection_type").items() if word in there}


def known(place: Workplace, day: date) -> tuple[Checklist, ...]:
    """Every version, shipped or sent, that was in force by a day, oldest first."""
    versions = {(each.id, each.version): each for each in (*received(place), *loader.shipped())}
    found = (each for each in versions.values() if each.effective_from <= day)
    return tuple(sorted(found, key=lambda each: (each.id, each.effective_from, each.version)))


def _in_force(place: Workplace) -> list[Checklist]:
    known = [*loader.shipped(), *received(place)]
    return [each for each in known if each.effective_from <= place.today()]


def received(place: Workplace) -> tuple[Checklist, ...]:
    """Every version that the office sent."""
    folder = place.home / FOLDER
    return _read(folder, folder.stat().st_mtime_ns) if folder.is_dir() else ()


@lru_cache(maxsize=4)
def _read(folder: Path, _changed: int) -> tuple[Checklist, ...]:
    found = (loader.load_checklist(path)[0] for path in sorted(folder.glob("*.json")))
    return tuple(each for each in found if each is not None)
