"""Questions ship with the program, or come from the office when they are newer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.checklists.loader import catalog, checklist_bytes
from app.errors import BadInput
from app.models.inspection import Inspection
from app.services import questions
from app.services.workplace import Workplace
from app.vocabulary import InspectionType

SHIPPED = next(each for each in catalog().values() if each.inspection_type is InspectionType.CCC_PRODUCER)


def keep(place: Workplace, version: str, effective_from: date) -> None:
    folder = place.home / questions.FOLDER
    folder.mkdir(exist_ok=True)
    newer = replace(SHIPPED, version=version, effective_from=effective_from)
    (folder / f"{newer.id}@{version}.json").write_bytes(checklist_bytes(newer))


def test_the_shipped_version_serves_until_the_office_sends_a_newer_one(laptop: Workplace) -> None:
    assert questions.newest(laptop, InspectionType.CCC_PRODUCER) == SHIPPED
    keep(laptop, "2026.8", date(2026, 8, 1))
    assert questions.newest(laptop, InspectionType.CCC_PRODUCER).version == "2026.8"


def test_a_version_is_used_from_its_day_on(laptop: Workplace) -> None:
    keep(laptop, "2027.1", date(2027, 1, 1))
    assert questions.newest(laptop, InspectionType.CCC_PRODUCER) == SHIPPED


def test_an_inspection_keeps_the_version_it_was_begun_with(laptop: Workplace) -> None:
    keep(laptop, "2026.8", date(2026, 8, 1))
    begun = Inspection(checklist_id=SHIPPED.id, checklist_version="2026.8")
    assert questions.checklist_of(laptop, begun).version == "2026.8"
    begun.checklist_version = SHIPPED.version
    assert questions.checklist_of(laptop, begun) == SHIPPED
    begun.checklist_version = "0"
    with pytest.raises(BadInput) as error:
        questions.checklist_of(laptop, begun)
    assert error.value.problem.code == "checklist.unknown"
