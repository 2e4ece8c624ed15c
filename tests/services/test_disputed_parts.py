"""Which part a disputed path lies in, and what its field may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import BadInput
from app.models.inspection import Finding
from app.services import disputed_parts
from app.services.disputed_parts import Asked
from app.services.workplace import Workplace
from app.vocabulary import Verdict
from tests.services.conftest import Visit
from tests.services.parcels import VISIT, introduce, make_task, make_visit, receive, send


@pytest.mark.parametrize(
    "path, entry",
    [
        ("answers/3.1", Asked("presence")),
        ("answers/3.1/verdict", Asked("word", tuple(Verdict), empty=True)),
        ("situation", Asked("text", empty=True, default="")),
        ("number", Asked("line", empty=True, default="")),
        ("rights_told", Asked("truth", empty=True, default=False)),
        ("cases/c1/fine", Asked("money", empty=True)),
        ("orders/o1/working_days", Asked("number", empty=True)),
        ("orders/o1/drafted_on", Asked("day")),
        ("started_at", Asked("moment")),
        ("organization_id", Asked("reference")),
        ("signatures/party/image", Asked("reference", empty=True)),
    ],
)
def test_each_field_says_how_it_is_entered(path: str, entry: Asked) -> None:
    assert disputed_parts.asked("inspection", path) == entry


def test_an_unknown_kind_is_refused(office: Workplace) -> None:
    with pytest.raises(BadInput):
        disputed_parts.asked("nothing", "place")
    with pytest.raises(BadInput):
        disputed_parts.parts(office, kind="nothing", record_id=VISIT, paths=[])


def test_a_removed_part_is_told_as_it_stood(office: Workplace, laptop: Workplace, tmp_path: Path) -> None:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    make_visit(laptop)
    receive(office, send(laptop, tmp_path))
    with laptop.write("test") as work:
        work.session.delete(work.session.get(Finding, (VISIT, "f1")))
        work.commit()
    receive(office, send(laptop, tmp_path))
    told = disputed_parts.parts(office, kind="inspection", record_id=VISIT, paths=["findings/f1", "place"])
    assert told.keys() == {"findings/f1"}
    part = told["findings/f1"]
    assert (part.values["description"], part.values["item"]) == ("未加施标志", "1.2")
    assert part.wording == "", "its checklist is not on this device"


def test_an_item_brings_the_words_of_its_checklist(visit: Visit, tmp_path: Path, office: Workplace) -> None:
    introduce(office, visit.place, tmp_path)
    visit.answer_all(nonconforming="2.1")
    receive(office, send(visit.place, tmp_path, drafts=True))
    (finding,) = visit.sheet().findings
    paths = ["answers/2.1/note", f"findings/{finding.key}/description"]
    told = disputed_parts.parts(office, kind="inspection", record_id=visit.id, paths=paths)
    rows = (row for section in visit.sheet().sections for row in section.items)
    (wording,) = [row.text for row in rows if row.id == "2.1"]
    assert [told[path].wording for path in paths] == [wording, wording]
    assert told[paths[0]].values["verdict"] == "nonconforming"
