"""Round trips between two real homes: tasks out, finished visits back, nothing twice."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import select

from app.checklists.loader import catalog
from app.errors import BadInput, EnvironmentFault
from app.models.bounds import LONGEST_TEXT
from app.models.inspection import Answer
from app.models.people import Device, Person
from app.models.planning import Assignment
from app.models.registry import Organization
from app.models.revisions import Delivery, Package, Revision
from app.services import enrolment, handover, merging, questions
from app.services.workplace import Workplace
from app.sync.documents import read_document
from app.vault import Vault
from app.vocabulary import InspectionStatus
from app.wording import sentence
from tests.conftest import FakeClock
from tests.services.parcels import (
    ASSIGNMENT,
    ORG,
    PHOTO,
    PLAN,
    VISIT,
    edit,
    evidence_files,
    introduce,
    make_task,
    make_visit,
    receive,
    send,
)


@pytest.fixture
def pair(office: Workplace, laptop: Workplace, tmp_path: Path) -> tuple[Workplace, Workplace]:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    return office, laptop


def document(place: Workplace, kind: str, record_id: str) -> dict[str, object] | None:
    with place.read() as session:
        found = read_document(session, kind, record_id)
        return None if found is None else dict(found)


def test_a_task_package_brings_everything_a_visit_needs(
    pair: tuple[Workplace, Workplace], tmp_path: Path
) -> None:
    office, laptop = pair
    done = receive(laptop, send(office, tmp_path, laptop.device_id))
    assert done.problem is None
    assert done.remarks == ()
    assert (done.already, done.held, done.conflicts, done.refused) == (0, 0, 0, 0)
    for kind, key in (("plan", PLAN), ("organization", ORG), ("assignment", ASSIGNMENT)):
        assert document(laptop, kind, key) == document(office, kind, key)
    with laptop.read() as session:
        organization = session.get(Organization, ORG)
        assert organization is not None
        assert organization.initials
        people = session.scalars(select(Person.credential)).all()
    assert sorted(people) == ["赣C36090001", "赣C36090002", "赣C36090100"]
    assert {each.id for each in questions.received(laptop)} == catalog().keys()


def test_a_finished_visit_comes_back_whole(pair: tuple[Workplace, Workplace], tmp_path: Path) -> None:
    office, laptop = pair
    make_visit(laptop)
    exported = handover.export_package(laptop, out=tmp_path)
    assert (exported.records, exported.blobs) == (1, 2)
    assert exported.bytes == exported.path.stat().st_size
    done = receive(office, exported.path)
    assert (done.accepted, done.problem) == (1, None)
    assert done.changes.concern("inspection")
    assert document(office, "inspection", VISIT) == document(laptop, "inspection", VISIT)
    with office.read() as session:
        item = session.scalar(select(Delivery.item).where(Delivery.confirmed))
    assert item is not None
    shas = set(office.evidence.names())
    assert PHOTO in {office.evidence.read(sha256) for sha256 in shas}


def test_the_same_package_again_changes_nothing(pair: tuple[Workplace, Workplace], tmp_path: Path) -> None:
    office, laptop = pair
    make_visit(laptop)
    path = send(laptop, tmp_path)
    receive(office, path)
    before = (document(office, "inspection", VISIT), set(office.evidence.names()))
    again = receive(office, path)
    assert (again.accepted, again.already, again.problem) == (0, 1, None)
    assert (document(office, "inspection", VISIT), set(office.evidence.names())) == before
    with office.read() as session:
        assert len(session.scalars(select(Package)).all()) == 1


def test_only_what_the_peer_lacks_travels(pair: tuple[Workplace, Workplace], tmp_path: Path) -> None:
    office, laptop = pair
    make_visit(laptop)
    receive(office, send(laptop, tmp_path))
    with pytest.raises(BadInput) as error:
        send(laptop, tmp_path)
    assert error.value.problem.code == "sync.nothing_to_send"
    edit(laptop, "opinion", "整改后复查")
    second = handover.export_package(laptop, out=tmp_path)
    assert (second.revisions, second.blobs) == (1, 0)
    assert receive(office, second.path).accepted == 1
    whole = handover.export_package(laptop, out=tmp_path, whole=True)
    assert (whole.revisions, whole.blobs) == (2, 2)
    assert receive(office, whole.path).already == 1
    rows = handover.history(laptop)
    assert sorted(row.sequence for row in rows) == [1, 2, 3]
    assert {row.peer_name for row in rows} == {"黎国平"}


def test_evidence_that_is_there_is_never_written_again(
    pair: tuple[Workplace, Workplace], tmp_path: Path
) -> None:
    office, laptop = pair
    make_visit(laptop)
    receive(office, send(laptop, tmp_path))
    before = {path: (office.home / path).stat().st_mtime_ns for path in evidence_files(office)}
    assert len(before) == 2
    with laptop.write("test") as work:
        work.session.get_one(Answer, (VISIT, "1.2")).note = "铭牌与证书不一致"
        work.commit()
    changed = handover.export_package(laptop, out=tmp_path)
    assert (changed.revisions, changed.blobs) == (1, 0)
    staged: list[int] = []

    def look(step: str) -> None:
        if step == "staged":
            staged.append(len(evidence_files(office)))

    for path in (changed.path, send(laptop, tmp_path, whole=True)):
        (done,) = merging.import_packages(office, paths=[path], at=look)
        assert (done.problem, done.refused) == (None, 0)
    assert staged == [2, 2], "a whole package brings them along and nothing is unpacked"
    assert {path: (office.home / path).stat().st_mtime_ns for path in evidence_files(office)} == before


def test_packages_chain_to_the_one_before(pair: tuple[Workplace, Workplace], tmp_path: Path) -> None:
    office, laptop = pair
    make_visit(laptop)
    first = send(laptop, tmp_path)
    second = send(laptop, tmp_path, whole=True)
    receive(office, second, first)
    with office.read() as session:
        digests = {row.sequence: row.digest for row in session.scalars(select(Package))}
    with laptop.read() as session:
        assert digests == {row.sequence: row.digest for row in session.scalars(select(Package))}


def test_drafts_stay_until_they_are_asked_for(pair: tuple[Workplace, Workplace], tmp_path: Path) -> None:
    office, laptop = pair
    make_visit(laptop, status=InspectionStatus.IN_PROGRESS)
    assert handover.unexported(laptop).records == 0
    with pytest.raises(BadInput):
        send(laptop, tmp_path)
    assert receive(office, send(laptop, tmp_path, drafts=True)).accepted == 1


def test_what_still_has_to_go_is_known(pair: tuple[Workplace, Workplace], tmp_path: Path) -> None:
    office, laptop = pair
    assert [row.record_id for row in handover.unexported(office).rows] == [ASSIGNMENT]
    send(office, tmp_path, laptop.device_id)
    assert handover.unexported(office).records == 0
    make_visit(laptop)
    assert [row.title for row in handover.unexported(laptop).rows] == ["宜春市𬭎业电缆厂"]
    send(laptop, tmp_path)
    assert handover.unexported(laptop).records == 0
    edit(laptop, "opinion", "补充")
    assert handover.unexported(laptop).records == 1


def test_an_assignment_taken_back_reaches_the_laptop(
    pair: tuple[Workplace, Workplace], tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = pair
    receive(laptop, send(office, tmp_path, laptop.device_id))
    make_visit(laptop, status=InspectionStatus.IN_PROGRESS)
    with office.write("test") as work:
        found = work.session.get(Assignment, ASSIGNMENT)
        assert found is not None
        found.cancelled_at = clock.moment
        found.device_id = office.device_id
        work.commit()
    assert receive(laptop, send(office, tmp_path, laptop.device_id)).accepted == 1
    told = document(laptop, "assignment", ASSIGNMENT)
    assert told is not None
    assert told["cancelled_at"]
    assert document(laptop, "inspection", VISIT)


def test_an_office_returns_a_visit_to_the_device_that_made_it(
    pair: tuple[Workplace, Workplace], tmp_path: Path
) -> None:
    office, laptop = pair
    make_visit(laptop)
    receive(office, send(laptop, tmp_path))
    edit(office, "status", InspectionStatus.RETURNED)
    edit(office, "review_remark", "补拍照片")
    done = receive(laptop, send(office, tmp_path, laptop.device_id))
    assert done.problem is None
    told = document(laptop, "inspection", VISIT)
    assert told is not None
    assert (told["status"], told["review_remark"]) == ("returned", "补拍照片")


def test_nobody_else_gets_anything(
    pair: tuple[Workplace, Workplace], tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = pair
    for to, code in (("0" * 32, "sync.unknown_peer"), (office.device_id, "sync.own_device")):
        with pytest.raises(BadInput) as error:
            send(office, tmp_path, to)
        assert error.value.problem.code == code
    enrolment.revoke(office, device_id=laptop.device_id)
    with pytest.raises(BadInput) as error:
        send(office, tmp_path, laptop.device_id)
    assert error.value.problem.code == "sync.revoked_peer"


def test_a_laptop_without_an_office_cannot_hand_in(laptop: Workplace, tmp_path: Path) -> None:
    make_visit(laptop)
    assert handover.unexported(laptop).records == 1
    with pytest.raises(BadInput) as error:
        send(laptop, tmp_path)
    assert error.value.problem.code == "sync.no_office"


def test_progress_is_told_and_cancelling_leaves_nothing(
    pair: tuple[Workplace, Workplace], tmp_path: Path
) -> None:
    _, laptop = pair
    make_visit(laptop)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(BadInput) as error:
        handover.export_package(laptop, out=out, cancelled=lambda: True)
    assert error.value.problem.code == "sync.cancelled"
    assert list(out.iterdir()) == []
    told: list[tuple[int, int]] = []
    handover.export_package(laptop, out=out, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert [path.suffix for path in out.iterdir()] == [".cyb"]


def test_damaged_evidence_stops_the_export_by_name_and_missing_evidence_is_told(
    pair: tuple[Workplace, Workplace], tmp_path: Path
) -> None:
    _, laptop = pair
    make_visit(laptop)
    sha256 = next(sha for sha in laptop.evidence.names() if laptop.evidence.size(sha) == len(PHOTO))
    file = laptop.evidence.path(sha256)
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(content)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(EnvironmentFault) as error:
        send(laptop, out)
    assert error.value.problem.code == "vault.evidence_damaged"
    assert list(out.iterdir()) == []
    assert handover.unexported(laptop).records == 1
    file.unlink()
    done = handover.export_package(laptop, out=out)
    assert (done.records, done.blobs) == (1, 1)
    (remark,) = done.remarks
    assert (remark.code, remark.values["count"]) == ("sync.evidence_missing", 1)
    assert sha256[:12] in sentence(remark).message


def test_leftovers_of_a_killed_export_go(pair: tuple[Workplace, Workplace], tmp_path: Path) -> None:
    _, laptop = pair
    make_visit(laptop)
    path = send(laptop, tmp_path)
    left = path.with_name(f".{path.name}.part")
    left.write_bytes(b"half")
    send(laptop, tmp_path, whole=True)
    assert not left.exists()


def test_a_named_file_that_was_half_written_goes_too(
    pair: tuple[Workplace, Workplace], tmp_path: Path
) -> None:
    _, laptop = pair
    make_visit(laptop)
    out = tmp_path / "交[1].cyb"
    left = [tmp_path / ".交[1].cyb.part", tmp_path / ".交[1].002.cyv.part"]
    others = [tmp_path / ".交1.cyb.part", tmp_path / ".交[1].docx.part", tmp_path / ".交1.002.cyv.part"]
    for path in left + others:
        path.write_bytes(b"half")
    send(laptop, out)
    assert [path.exists() for path in left] == [False, False]
    assert all(path.exists() for path in others)


def test_a_file_that_is_there_is_never_written_over(
    pair: tuple[Workplace, Workplace], tmp_path: Path
) -> None:
    _, laptop = pair
    make_visit(laptop)
    report = tmp_path / "report.docx"
    report.write_bytes(b"somebody's work")
    (tmp_path / "x.001.cyv").write_bytes(b"somebody's volume")
    for out, split in ((report, None), (tmp_path / "x.cyb", 100_000)):
        with pytest.raises(BadInput) as error:
            handover.export_package(laptop, out=out, split=split)
        assert error.value.problem.code == "sync.target_exists"
        assert "{" not in sentence(error.value.problem).message
    assert report.read_bytes() == b"somebody's work"
    with laptop.read() as session:
        assert session.scalars(select(Revision.id)).all() == [], "nothing was sealed"
    first = send(laptop, tmp_path / "stick.cyb")
    content = first.read_bytes()
    with pytest.raises(BadInput):
        send(laptop, first, whole=True)
    assert first.read_bytes() == content
    assert [row.sequence for row in handover.history(laptop)] == [1]
    assert send(laptop, tmp_path, whole=True).name != send(laptop, tmp_path, whole=True).name


@pytest.mark.parametrize("text", ["重复。" * 33_333, "a" * LONGEST_TEXT, "\x01" * LONGEST_TEXT])
def test_the_longest_texts_are_handed_over(
    pair: tuple[Workplace, Workplace], tmp_path: Path, text: str
) -> None:
    office, laptop = pair
    make_visit(laptop)
    for column in ("situation", "opinion", "previous_rectification"):
        edit(laptop, column, text)
    assert receive(office, send(laptop, tmp_path)).accepted == 1
    assert document(office, "inspection", VISIT) == document(laptop, "inspection", VISIT)
    with pytest.raises(BadInput) as error:
        edit(laptop, "situation", "字" * (LONGEST_TEXT + 1))
    assert error.value.problem.code == "store.too_long"


def test_inspecting_tells_without_taking(pair: tuple[Workplace, Workplace], tmp_path: Path) -> None:
    office, laptop = pair
    make_visit(laptop)
    path, told = send(laptop, tmp_path), list[tuple[int, int]]()
    summary = handover.inspect_package(office, path=path, progress=lambda *step: told.append(step))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > summary.blobs
    with pytest.raises(BadInput) as error:
        handover.inspect_package(office, path=path, cancelled=lambda: True)
    assert error.value.problem.code == "sync.cancelled"
    assert (summary.author_name, summary.kinds, summary.blobs) == ("彭建华", {"inspection": 1}, 2)
    assert summary.signature == "good"
    assert document(office, "inspection", VISIT) is None


def test_a_package_opens_with_age_and_unzip(pair: tuple[Workplace, Workplace], tmp_path: Path) -> None:
    """Whoever has the key needs no program of ours to get at the records."""
    office, laptop = pair
    make_visit(laptop)
    path = send(laptop, tmp_path)
    plain = tmp_path / "plain.zip"
    with path.open("rb") as source, plain.open("wb") as out:
        pyrage.decrypt_io(source, out, [pyrage.x25519.Identity.from_str(office.vault.secrets()[0])])
    with zipfile.ZipFile(plain) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
        names = archive.namelist()
    assert names[:3] == ["manifest.json", "manifest.sig", "revisions.jsonl.zst"]
    assert {name for name in names if name.startswith("blobs/")} == {
        f"blobs/{blob['sha256']}" for blob in manifest["blobs"]
    }


def test_devices_of_a_team_learn_of_each_other_from_the_office(
    pair: tuple[Workplace, Workplace], tmp_path: Path
) -> None:
    office, laptop = pair
    other = Vault(tmp_path, str(pyrage.x25519.Identity.generate()), b"s" * 32, b"d" * 32).public
    with office.write("test") as work:
        work.session.add(
            Device(
                id=other.device_id, name="熊志强", credential="赣C36090002", role="inspector", office="袁州局",
                recipient=other.recipient, verify_key=other.verify_key, fingerprint=other.fingerprint,
                enrolled_at=office.now(),
            )
        )  # fmt: skip
        work.commit()
    receive(laptop, send(office, tmp_path, laptop.device_id))
    assert other.device_id in {row.device_id for row in enrolment.device_rows(laptop)}
    enrolment.revoke(office, device_id=other.device_id)
    done = receive(laptop, send(office, tmp_path, laptop.device_id, whole=True))
    assert done.changes.concern("device")
    (row,) = [row for row in enrolment.device_rows(laptop) if row.device_id == other.device_id]
    assert row.revoked_at is not None
    assert merging.conflict_rows(laptop) == ()
