"""Dossiers are opened once; regions are counted."""

from __future__ import annotations

from datetime import date

import pytest

from app.errors import BadInput
from app.models.registry import Organization
from app.services import registering
from app.services.registering import RegionRow
from app.services.workplace import Workplace

EARLY, LATE = date(2026, 3, 1), date(2026, 8, 12)


@pytest.fixture
def filled(office: Workplace) -> Workplace:
    with office.write("test.fill") as work:
        for number in range(1203):
            work.session.add(
                Organization(
                    id=f"o{number:04}", name=f"企业 {number}", region="360902" if number % 3 else "360981",
                    region_name="袁州区" if number % 3 else "",
                )
            )  # fmt: skip
        work.session.add(Organization(id="nowhere", name="无地区", dossier_on=EARLY))
        work.commit()
    return office


def day_of(place: Workplace, key: str) -> date | None:
    return registering.organization_detail(place, key).dossier_on


def test_a_known_day_stays(filled: Workplace):
    changes = registering.open_dossiers(filled, on=LATE)
    assert len(changes.ids) == 1203
    assert changes.concern("organization")
    assert (day_of(filled, "nowhere"), day_of(filled, "o0007")) == (EARLY, LATE)
    assert registering.open_dossiers(filled, on=LATE).kinds == frozenset()


def test_only_the_named_ones_however_many(filled: Workplace):
    named = [f"o{number:04}" for number in range(1100)]
    assert len(registering.open_dossiers(filled, ids=named, on=LATE).ids) == 1100
    assert day_of(filled, "o1150") is None
    assert registering.open_dossiers(filled, ids=[], on=LATE).ids == frozenset()


def test_a_day_to_come_is_refused(filled: Workplace):
    with pytest.raises(BadInput, match=r"registry\.dossier_in_future"):
        registering.open_dossiers(filled, on=date(2026, 8, 13))


def test_regions_with_their_numbers(filled: Workplace):
    assert registering.region_rows(filled) == (
        RegionRow("360902", "袁州区", 802),
        RegionRow("360981", "", 401),
    )
