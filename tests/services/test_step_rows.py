"""Instances, evidence and the header brought back to how they stood; what others did in between stays."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.errors import BadInput
from app.models.inspection import Evidence, Finding, Instance
from app.models.revisions import Revision
from app.services import evidence, evidence_removal, inspecting, instances, sealing, stepping
from app.services.evidence import Link
from app.services.step_rows import (
    HEADER,
    Rows,
    columns,
    evidence_rows,
    instance_rows,
    without_instance,
)
from app.services.stepping import Standing
from app.sync.documents import read_document
from app.vocabulary import ProductionStatus, Verdict
from tests.services.conftest import Visit, jpeg
from tests.services.test_instances import know_trial

NO = Verdict.NONCONFORMING


@pytest.fixture
def filled(laptop, visit: Visit) -> tuple[Visit, str]:
    """A visit with an instance that has an answer, a note, values, a finding and a photo."""
    know_trial(laptop)
    started = inspecting.start(
        laptop,
        duties=inspecting.Duties(visit.sheet().header.task_source),
        organization_id=visit.sheet().header.organization_id,
        inspection_type=visit.sheet().header.inspection_type,
        officers=[credential for credential, _ in visit.sheet().officers],
    )
    where = {"inspection_id": started.id}
    key = instances.add_instance(laptop, **where, section="2", label="现场出示的证").key
    instances.set_field(laptop, **where, key=key, field="number", value="2023X")
    inspecting.answer(laptop, **where, item=f"2.1@{key}", verdict=NO)
    inspecting.write_note(laptop, **where, item=f"2.1@{key}", note="证书已失效")
    inspecting.set_value(laptop, **where, item=f"2.1@{key}", value="2026-07-01")
    evidence.add_photo_bytes(laptop, **where, data=jpeg(), file_name="a.jpg", link=Link(item=f"2.1@{key}"))
    return Visit(laptop, started.id), key


def document(visit: Visit):
    with visit.place.read() as session:
        return read_document(session, "inspection", visit.id)


def seal(visit: Visit) -> int:
    """Seal what is not sealed yet; how many revisions there are then."""
    with visit.place.write("test.seal") as work:
        sealing.seal(work, visit.place, "inspection", visit.id)
        work.commit()
    with visit.place.read() as session:
        return session.scalar(select(func.count()).select_from(Revision)) or 0


def back(visit: Visit, now: Rows, then: Rows) -> None:
    stepping.restore(visit.place, inspection_id=visit.id, now=Standing(rows=now), then=Standing(rows=then))


def remove(visit: Visit, key: str) -> Rows:
    rows = instance_rows(visit.place, inspection_id=visit.id, key=key)
    instances.remove_instance(visit.place, inspection_id=visit.id, key=key, confirmed=True)
    return rows


def test_a_removed_instance_comes_back_with_everything_and_goes_again(filled) -> None:
    visit, key = filled
    before = document(visit)
    rows = remove(visit, key)
    without = document(visit)
    assert not any(key in path for path in without)
    back(visit, without_instance(rows), rows)
    assert document(visit) == before
    back(visit, rows, without_instance(rows))
    assert document(visit) == without


def test_what_was_sealed_as_removed_comes_back_in_the_next_revision(filled) -> None:
    visit, key = filled
    before = document(visit)
    seal(visit)
    rows = remove(visit, key)
    seal(visit)
    back(visit, without_instance(rows), rows)
    count = seal(visit)
    assert document(visit) == before
    assert seal(visit) == count, "the view of all revisions is what the rows say"


def test_an_added_instance_goes_again_unless_somebody_worked_on_it(filled) -> None:
    visit, _ = filled
    place, where = visit.place, {"inspection_id": visit.id}
    key = instances.add_instance(place, **where, section="2").key
    rows = instance_rows(place, **where, key=key)
    inspecting.write_note(place, **where, item=f"2.1@{key}", note="同事记的")
    with pytest.raises(BadInput, match=r"inspecting\.instance_answered"):
        back(visit, rows, ())
    inspecting.write_note(place, **where, item=f"2.1@{key}", note="")
    back(visit, rows, ())
    assert not any(key in path for path in document(visit))
    back(visit, (), rows)
    with place.read() as session:
        assert session.get_one(Instance, (visit.id, key)).section == "2"


def test_a_removal_is_not_done_again_once_others_wrote_there_or_ordered_it(filled) -> None:
    visit, key = filled
    rows = remove(visit, key)
    back(visit, without_instance(rows), rows)
    inspecting.write_note(visit.place, inspection_id=visit.id, item=f"2.1@{key}", note="改过的备注")
    with pytest.raises(BadInput, match=r"inspecting\.instance_answered"):
        back(visit, rows, without_instance(rows))
    inspecting.write_note(visit.place, inspection_id=visit.id, item=f"2.1@{key}", note="证书已失效")
    with visit.place.write("test.order") as work:
        work.session.get_one(Finding, (visit.id, f"item:2.1@{key}")).order_key = "order"
        work.commit()
    with pytest.raises(BadInput, match=r"inspecting\.instance_ordered"):
        back(visit, rows, without_instance(rows))
    assert any(path.startswith(f"answers/2.1@{key}") for path in document(visit))


def test_only_the_columns_of_the_step_go_back(filled) -> None:
    visit, _ = filled
    inspecting.set_header(visit.place, inspection_id=visit.id, place="仓库", situation="看了成品库")
    inspecting.set_header(visit.place, inspection_id=visit.id, production_status=ProductionStatus.STOPPED)
    back(visit, (columns(HEADER, "", place="仓库"),), (columns(HEADER, "", place="一车间"),))
    header = visit.sheet().header
    assert (header.place, header.situation, header.production_status) == (
        "一车间", "看了成品库", ProductionStatus.STOPPED,
    )  # fmt: skip


def test_evidence_comes_back_as_it_stood_and_a_lost_link_stays_lost(filled) -> None:
    visit, _ = filled
    place, where = visit.place, {"inspection_id": visit.id}
    [row] = evidence.rows(place, **where)
    before = evidence_rows(place, **where, keys=[row.key])
    evidence.describe_all(place, **where, keys=[row.key], caption="铭牌", turn=90)
    after = evidence_rows(place, **where, keys=[row.key])
    evidence_removal.remove(place, **where, keys=[row.key])
    back(visit, after, before)
    assert evidence.rows(place, **where) == (), "what somebody removed is not taken in by another step"
    back(visit, (), after)
    back(visit, after, before)
    assert evidence.rows(place, **where) == (row,)


def test_several_pieces_come_back_as_they_stood(filled) -> None:
    visit, _ = filled
    where = {"inspection_id": visit.id}
    for name in ("b.jpg", "c.jpg"):
        evidence.add_photo_bytes(visit.place, **where, data=jpeg(comment=name.encode()), file_name=name)
    keys = [row.key for row in evidence.rows(visit.place, **where)]
    evidence.describe(visit.place, **where, key=keys[1], caption="铭牌", rotation=90)
    before = document(visit)
    gone = evidence_rows(visit.place, **where, keys=keys[1:])
    assert len(evidence_removal.remove(visit.place, **where, keys=keys[1:]).rows) == 2
    back(visit, (), gone)
    assert document(visit) == before


def test_evidence_that_was_sealed_or_has_a_copy_is_not_removed_again(filled) -> None:
    visit, _ = filled
    where = {"inspection_id": visit.id}
    [row] = evidence.rows(visit.place, **where)
    rows = evidence_rows(visit.place, **where, keys=[row.key])
    seal(visit)
    with pytest.raises(BadInput, match=r"evidence\.removal_reason"):
        back(visit, rows, ())
    with visit.place.read() as session:
        assert session.get(Evidence, (visit.id, row.key)) is not None
