"""Out of a visit: at once, and with a reason once others may have seen it (the way back: test_step_rows.py)."""

from __future__ import annotations

import pytest

from app.errors import BadInput
from app.models.inspection import Inspection
from app.services import evidence, evidence_copies, evidence_removal, inspecting, sheets
from app.services.annotating import Mark
from app.services.evidence import Link
from app.sync.documents import read_document
from app.vocabulary import InspectionStatus
from tests.services.conftest import Visit, jpeg


def add(visit: Visit, name: str = "a.jpg") -> str:
    data = jpeg(comment=name.encode())
    [key] = evidence.add_photo_bytes(
        visit.place, inspection_id=visit.id, data=data, file_name=name, link=Link("1.1")
    ).keys
    return key


def rows(visit: Visit):
    return evidence.rows(visit.place, inspection_id=visit.id)


def document(visit: Visit):
    with visit.place.read() as session:
        return read_document(session, "inspection", visit.id)


def returned(visit: Visit) -> None:
    """Finished, sent back by the office, taken up again."""
    visit.answer_all()
    visit.fill_header()
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)
    with visit.place.write("test") as work:
        work.session.get_one(Inspection, visit.id).status = InspectionStatus.RETURNED
        work.commit()
    inspecting.reopen(visit.place, inspection_id=visit.id)


def test_what_was_sealed_goes_only_with_a_reason_that_stays(visit):
    key = add(visit)
    assert not evidence_removal.needs_reason(visit.place, inspection_id=visit.id, keys=[key])
    returned(visit)
    fresh = add(visit, "later.jpg")
    assert evidence_removal.needs_reason(visit.place, inspection_id=visit.id, keys=[key, fresh])
    assert not evidence_removal.needs_reason(visit.place, inspection_id=visit.id, keys=[fresh])
    with pytest.raises(BadInput, match=r"evidence\.removal_reason"):
        evidence_removal.remove(visit.place, inspection_id=visit.id, keys=[key], reason="  ")
    evidence_removal.remove(visit.place, inspection_id=visit.id, keys=[key, fresh], reason="误拍他人")
    found = document(visit)
    told = [path for path in found if path.startswith("corrections/") and path.endswith("/reason")]
    assert [found[path] for path in told] == ["误拍他人"]
    assert found[told[0].replace("/reason", "/path")] == f"evidence/{key}/file_name"


def test_a_sealed_visit_lets_nothing_go(visit):
    key = add(visit)
    visit.answer_all()
    visit.fill_header()
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)
    with pytest.raises(BadInput, match=r"inspecting\.sealed"):
        evidence_removal.remove(visit.place, inspection_id=visit.id, keys=[key], reason="x")
    assert sheets.sheet(visit.place, inspection_id=visit.id)


def test_an_original_stays_while_its_copy_does(visit):
    key = add(visit)
    [copy] = evidence_copies.add_copy(
        visit.place, inspection_id=visit.id, key=key, marks=[Mark("box", ((0.1, 0.1), (0.5, 0.5)))]
    ).keys
    with pytest.raises(BadInput, match=r"evidence\.has_copy"):
        evidence_removal.remove(visit.place, inspection_id=visit.id, keys=[key])
    evidence_removal.remove(visit.place, inspection_id=visit.id, keys=[key, copy])
    assert rows(visit) == ()
