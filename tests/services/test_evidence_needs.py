"""Evidence gets to whoever has a revision that names it: alone, after a loss, and when it was set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import EnvironmentFault
from app.models.inspection import Signature
from app.models.people import Device
from app.services import handover, loading, resolving
from app.services.evidence_needs import still_named
from app.services.merging import Imported
from app.services.receipts import read_receipt
from app.services.workplace import Workplace
from app.sync.canonical import digest
from app.sync.documents import read_document
from app.sync.ledger import view_of
from app.vault import PublicKeys
from app.vocabulary import InspectionStatus
from app.wording import sentence
from tests.conftest import FakeClock
from tests.services.forge import forge, revision
from tests.services.neighbours import Neighbours, take_registry
from tests.services.parcels import (
    PHOTO,
    VISIT,
    Pair,
    edit,
    evidence_files,
    make_task,
    make_visit,
    receive,
    send,
)

SECOND = "5" * 32
REDRAWN, REDRAWN_BY_COUNTY = b"\x89PNG redrawn", b"\x89PNG redrawn at the county"
IMAGE = "signatures/party/image"


def redraw(place: Workplace, image: bytes) -> str:
    """Sign once more; the new picture's digest."""
    sha256 = place.evidence.put_bytes(image)
    with place.write("test") as work:
        work.session.get_one(Signature, (VISIT, "party")).image = sha256
        work.commit()
    return sha256


def answered(sender: Workplace, done: Imported) -> None:
    assert done.problem is None
    assert done.receipt is not None
    assert receive(sender, done.receipt).problem is None


def remarks(done: Imported | handover.Exported) -> list[tuple[str, object, object]]:
    """Code, title and count of what was remarked on evidence, every one told in a sentence."""
    told = [each for each in done.remarks if each.code.startswith("sync.evidence")]
    for each in told:
        said = sentence(each)
        assert said.remedy
        assert "{" not in said.message + said.remedy
    return [(each.code, each.values["title"], each.values["count"]) for each in told]


def lacking(sender: Workplace, done: Imported) -> set[str]:
    """What the receipt says is not there."""
    assert done.receipt is not None

    def keys_of(device_id: str) -> PublicKeys:
        with sender.read() as session:
            device = session.get_one(Device, device_id)
            return PublicKeys(device.recipient, device.verify_key)

    return set(read_receipt(sender, done.receipt, keys_of).lacking)


def test_a_lost_photo_comes_back_alone_after_another_visit_named_it(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    answered(laptop, receive(office, send(laptop, tmp_path)))
    photo = digest(PHOTO)
    office.evidence.path(photo).unlink()
    make_visit(laptop, SECOND)
    done = receive(office, send(laptop, tmp_path))
    assert remarks(done) == [("sync.evidence_lacking", "宜春市𬭎业电缆厂", 1)]
    answered(laptop, done)
    assert handover.unexported(laptop).records == 2, "both visits name it"
    assert loading.foreseen(laptop, to=["office"]).evidence == 1
    alone = handover.export_package(laptop, out=tmp_path)
    assert (alone.revisions, alone.blobs) == (0, 1)
    done = receive(office, alone.path)
    assert remarks(done) == []
    assert office.evidence.read(photo) == PHOTO
    answered(laptop, done)
    assert handover.unexported(laptop).records == 0
    with office.read() as session:
        assert still_named(session, [photo, "0" * 64]) == {photo}


def test_a_photo_that_was_lost_here_is_missed_whenever_its_record_moves(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    answered(laptop, receive(office, send(laptop, tmp_path)))
    office.evidence.path(digest(PHOTO)).unlink()
    edit(laptop, "opinion", "补充")
    done = receive(office, send(laptop, tmp_path))
    assert remarks(done) == [("sync.evidence_lacking", "宜春市𬭎业电缆厂", 1)]
    answered(laptop, done)
    answered(laptop, receive(office, send(laptop, tmp_path)))
    assert office.evidence.read(digest(PHOTO)) == PHOTO


def test_evidence_alone_is_kept_for_a_revision_that_waits(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    late = b"\xff\xd8 late \xff\xd9"
    send(laptop, tmp_path)
    with laptop.read() as session:
        heads = view_of(session, "inspection", VISIT).heads
    waits = revision(laptop, "inspection", VISIT, {"evidence/e1/sha256": digest(late)}, *heads)
    done = receive(office, forge(laptop, office, tmp_path / "w.cyb", [waits]))
    assert (done.held, lacking(laptop, done)) == (1, {digest(late)})
    done = receive(office, forge(laptop, office, tmp_path / "b.cyb", [], blobs={digest(late): late}))
    assert lacking(laptop, done) == set()
    assert office.evidence.read(digest(late)) == late


def test_evidence_that_nothing_here_names_is_dropped_and_not_ticked_off(pair: Pair, tmp_path: Path) -> None:
    """The receiver does not know the record (any more): it keeps nothing, and says so."""
    office, laptop = pair
    done = receive(office, forge(laptop, office, tmp_path / "b.cyb", [], blobs={digest(PHOTO): PHOTO}))
    assert (done.problem, remarks(done)) == (None, [])
    assert evidence_files(office) == set()
    assert lacking(laptop, done) == {digest(PHOTO)}


def test_a_signature_drawn_twice_before_handing_in_lacks_nothing(
    pair: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = pair
    edit(laptop, "status", InspectionStatus.IN_PROGRESS)
    send(laptop, tmp_path, drafts=True).unlink()
    redraw(laptop, REDRAWN)
    edit(laptop, "status", InspectionStatus.FINALISED)
    clock.move(days=8)
    told = loading.foreseen(laptop, to=["office"])
    done = receive(office, send(laptop, tmp_path))
    assert (done.accepted, remarks(done), lacking(laptop, done)) == (1, [], set())
    assert told.evidence == 3
    assert set(office.evidence.names()) == set(laptop.evidence.names())
    answered(laptop, done)
    assert handover.unexported(laptop).records == 0


def at_odds(them: Neighbours, clock: FakeClock) -> tuple[str, str]:
    """The county got a visit and decided between two signatures: the one that stands, the one set aside."""
    take_registry(them.county, them.folder, "袁州区")
    make_task(them.county, them.laptop.device_id)
    make_visit(them.laptop)
    answered(them.laptop, them.give(them.laptop, them.county))
    clock.move(minutes=1)
    aside, stands = redraw(them.laptop, REDRAWN), redraw(them.county, REDRAWN_BY_COUNTY)
    assert them.give(them.laptop, them.county).conflicts == 1
    clock.move(minutes=1)
    resolving.resolve(
        them.county, kind="inspection", record_id=VISIT, path=IMAGE, take="ours", reason="当面重签"
    )
    return stands, aside


def test_a_signature_set_aside_goes_up_too_and_the_city_can_hand_the_visit_back(
    neighbours: Neighbours, clock: FakeClock
) -> None:
    them = neighbours
    stands, aside = at_odds(them, clock)
    done = them.give(them.county, them.city)
    assert remarks(done) == []
    assert {stands, aside} <= set(them.city.evidence.names())
    clock.move(minutes=1)
    edit(them.city, "review_remark", "退回补正")
    back = handover.export_package(them.city, out=them.folder, to=them.county.device_id, whole=True)
    assert back.remarks == ()
    assert receive(them.county, back.path).problem is None
    with them.city.read() as one, them.county.read() as two:
        shown = read_document(one, "inspection", VISIT)
        assert shown == read_document(two, "inspection", VISIT)
    assert shown is not None
    assert (shown[IMAGE], shown["review_remark"]) == (stands, "退回补正")


def test_a_file_that_is_nowhere_stops_no_export_and_goes_when_it_is_found(
    neighbours: Neighbours, clock: FakeClock
) -> None:
    them = neighbours
    _, aside = at_odds(them, clock)
    kept = them.county.evidence.path(aside).read_bytes()
    them.county.evidence.path(aside).unlink()
    up = handover.export_package(them.county, out=them.folder, to=them.city.device_id)
    assert remarks(up) == [("sync.evidence_missing", "宜春市𬭎业电缆厂", 1)]
    done = receive(them.city, up.path)
    assert done.problem is None
    assert remarks(done) == [("sync.evidence_lacking", "宜春市𬭎业电缆厂", 1)]
    answered(them.county, done)
    clock.move(minutes=1)
    edit(them.city, "review_remark", "退回补正")
    back = handover.export_package(them.city, out=them.folder, to=them.county.device_id)
    assert [each[0] for each in remarks(back)] == ["sync.evidence_missing"]
    receive(them.county, back.path)

    them.county.evidence.path(aside).write_bytes(kept)
    found = handover.export_package(them.county, out=them.folder, to=them.city.device_id)
    assert (found.blobs, found.remarks) == (1, ())
    answered(them.county, receive(them.city, found.path))
    assert them.city.evidence.read(aside) == REDRAWN


def test_when_only_what_is_nowhere_is_left_to_send_that_is_said(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    laptop.evidence.path(digest(PHOTO)).unlink()
    answered(laptop, receive(office, send(laptop, tmp_path)))
    assert handover.unexported(laptop).records == 0, "nothing can be done about it here"
    with pytest.raises(EnvironmentFault) as error:
        send(laptop, tmp_path)
    assert error.value.problem.code == "sync.evidence_missing"
    assert "宜春市𬭎业电缆厂" in sentence(error.value.problem).message
