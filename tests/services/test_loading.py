"""What would go, told before a package is made, is what then goes."""

from __future__ import annotations

import pytest

from app.errors import BadInput
from app.services import handover, loading
from app.services.chronicle import told
from app.services.titles import record_titles
from app.vocabulary import InspectionStatus
from tests.services.parcels import (
    ASSIGNMENT,
    ORG,
    PERSON,
    PHOTO,
    PLAN,
    SCRIBBLE,
    VISIT,
    edit,
    introduce,
    make_task,
    make_visit,
    receive,
    send,
)

DRAFT = "6" * 32


@pytest.fixture
def met(office, laptop, tmp_path):
    introduce(office, laptop, tmp_path)
    return office, laptop


def test_the_forecast_is_what_the_package_then_carries(met, tmp_path) -> None:
    office, laptop = met
    make_task(office, laptop.device_id)
    told = loading.foreseen(office, to=[laptop.device_id])
    done = handover.export_package(office, out=tmp_path, to=laptop.device_id)
    assert told.records == done.records
    assert told.kinds == handover.inspect_package(office, path=done.path).kinds
    assert told.complete == ()


def test_what_was_sent_is_foreseen_again_only_as_a_whole_or_when_it_changed(met, tmp_path) -> None:
    office, laptop = met
    make_task(office, laptop.device_id)
    receive(laptop, send(office, tmp_path, laptop.device_id))
    make_visit(laptop)
    first = loading.foreseen(laptop, to=["office"])
    assert (first.kinds, first.evidence) == ({"inspection": 1}, 2)
    assert first.bytes >= len(PHOTO) + len(SCRIBBLE)
    done = handover.export_package(laptop, out=tmp_path)
    assert done.blobs == first.evidence
    after = loading.foreseen(laptop, to=["office"])
    assert (after.records, after.evidence, after.bytes) == (0, 0, 0)
    assert after.complete == (office.device_id,)
    assert loading.foreseen(laptop, to=["office"], whole=True).evidence == 2
    edit(laptop, "place", "二号车间")
    assert loading.foreseen(laptop, to=["office"]).kinds == {"inspection": 1}


def test_unfinished_visits_are_foreseen_only_when_asked_for(met) -> None:
    _, laptop = met
    make_visit(laptop, DRAFT, InspectionStatus.IN_PROGRESS)
    assert loading.foreseen(laptop, to=["office"]).records == 0
    assert loading.foreseen(laptop, to=["office"], drafts=True).kinds == {"inspection": 1}


def test_nothing_is_foreseen_for_an_unknown_device(met) -> None:
    with pytest.raises(BadInput) as caught:
        loading.foreseen(met[0], to=["f" * 32])
    assert caught.value.problem.code == "sync.unknown_peer"


def test_records_are_called_by_what_people_know_them_by(office, laptop) -> None:
    make_task(office, laptop.device_id)
    make_visit(office)
    keys = [("inspection", VISIT), ("organization", ORG), ("assignment", ASSIGNMENT), ("plan", PLAN)]
    keys += [("person", PERSON), ("inspection", DRAFT), ("", "7" * 32)]
    assert record_titles(office, keys) == {
        ("inspection", VISIT): "宜春市𬭎业电缆厂",
        ("organization", ORG): "宜春市𬭎业电缆厂",
        ("assignment", ASSIGNMENT): "宜春市𬭎业电缆厂",
        ("plan", PLAN): "2026年认证检查",
        ("person", PERSON): "熊志强",
    }
    edit(office, "subject_name", "")
    assert record_titles(office, [("inspection", VISIT)]) == {("inspection", VISIT): ""}
    assert told(office, kind="assignment", record_id=ASSIGNMENT).title == "宜春市𬭎业电缆厂", "one rule"
