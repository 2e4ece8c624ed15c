"""What changed since the last package to anybody: visits under way too, one record at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.inspection import Inspection
from app.services import inspecting
from app.services.outbox import to_export
from app.services.workplace import Workplace
from app.vocabulary import InspectionStatus
from tests.conftest import FakeClock
from tests.services.parcels import VISIT, Pair, edit, introduce, make_task, make_visit, receive, send

OTHER = "5" * 32


@pytest.fixture
def pair(office: Workplace, laptop: Workplace, tmp_path: Path) -> Pair:
    """A laptop of an office with a finished visit and one under way."""
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    receive(laptop, send(office, tmp_path, to=laptop.device_id))
    make_visit(laptop)
    make_visit(laptop, OTHER, InspectionStatus.IN_PROGRESS, photo=b"\xff\xd8 other \xff\xd9")
    return office, laptop


def test_finished_and_running_visits_count_until_a_package_holds_them(pair: Pair, tmp_path: Path) -> None:
    _, laptop = pair
    found = to_export(laptop)
    assert (found.ids, found.under_way, found.last) == ({VISIT, OTHER}, {OTHER}, None)
    send(laptop, tmp_path)
    found = to_export(laptop)
    assert (found.ids, found.under_way, found.last) == ({OTHER}, {OTHER}, laptop.now())
    send(laptop, tmp_path / "drafts.cyb", drafts=True)
    assert to_export(laptop).ids == frozenset()


def test_a_change_after_the_package_counts_whether_sealed_or_not(pair: Pair, tmp_path: Path) -> None:
    _, laptop = pair
    send(laptop, tmp_path, drafts=True)
    inspecting.set_header(laptop, inspection_id=OTHER, place="二号车间")
    assert to_export(laptop).ids == {OTHER}
    edit(laptop, "opinion", "改后的意见")
    assert to_export(laptop, {VISIT}).ids == {VISIT}
    assert to_export(laptop, {"no such visit"}).ids == frozenset()


def test_what_came_from_the_office_is_there_already(pair: Pair, tmp_path: Path, clock: FakeClock) -> None:
    office, laptop = pair
    receive(office, send(laptop, tmp_path))
    clock.move(minutes=1)
    inspecting.review(office, inspection_id=VISIT, approve=False, remark="缺少照片")
    receive(laptop, send(office, tmp_path / "back.cyb", to=laptop.device_id))
    with laptop.read() as session:
        assert session.get_one(Inspection, VISIT).status is InspectionStatus.RETURNED
    assert to_export(laptop, {VISIT}).ids == frozenset()
    inspecting.reopen(laptop, inspection_id=VISIT)
    found = to_export(laptop, {VISIT})
    assert (found.ids, found.under_way) == ({VISIT}, {VISIT})


def test_a_laptop_that_knows_nobody_has_everything_to_export(laptop: Workplace) -> None:
    make_visit(laptop)
    assert to_export(laptop).ids == {VISIT}
