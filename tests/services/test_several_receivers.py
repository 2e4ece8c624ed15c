"""One package for several devices: each takes in what a package of its own would have brought."""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import pyrage
import pytest
from sqlalchemy import func, select

from app import bootstrap
from app.errors import BadInput
from app.models.base import new_id
from app.models.inspection import Answer
from app.models.journal import JournalEntry
from app.models.people import Device
from app.models.planning import Assignment, AssignmentOfficer
from app.models.registry import Organization
from app.models.revisions import Delivery, HeldRevision, Package, Revision
from app.services import enrolment, handover, merging
from app.services.handover import Mark
from app.services.workplace import Owner, Workplace
from app.sync.documents import read_document
from app.sync.package import Manifest
from app.vault import Vault
from app.vocabulary import InspectionStatus, InspectionType, Role
from app.wording import sentence
from tests.conftest import INSTALLED, PASSPHRASE, FakeClock, open_copy
from tests.services.forge import decrypted, stranger
from tests.services.parcels import (
    ASSIGNMENT,
    ORG,
    PLAN,
    STARTED,
    TASK,
    VISIT,
    edit,
    evidence_files,
    introduce,
    make_task,
    make_visit,
    receive,
    send,
)

ORG_2, ASSIGNMENT_2 = "6" * 32, "7" * 32
PHOTO = random.Random(3).randbytes(200_000)
Trio = tuple[Workplace, Workplace, Workplace]


@pytest.fixture(scope="session")
def second_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("template") / "second"
    owner = Owner(Role.INSPECTOR, "袁州区市场监督管理局", "易晓燕", "赣C36090003")
    with bootstrap.create_home(home, PASSPHRASE, owner, clock=FakeClock(INSTALLED)):
        return home


@pytest.fixture
def second(
    second_template: Path, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workplace]:
    """Another inspector's workplace."""
    with open_copy(second_template, tmp_path / "second", clock, monkeypatch) as place:
        yield place


@pytest.fixture
def trio(office: Workplace, laptop: Workplace, second: Workplace, tmp_path: Path) -> Trio:
    """An office that has a task for each of its two laptops."""
    introduce(office, laptop, tmp_path)
    introduce(office, second, tmp_path)
    make_task(office, laptop.device_id)
    with office.write("test") as work:
        work.session.add_all(
            [
                Organization(id=ORG_2, name="万载县富硒米业", credit_code="91360922MA35XYZ12K", code_state="ok"),
                Assignment(
                    id=ASSIGNMENT_2, plan_id=PLAN, task_key=TASK, organization_id=ORG_2,
                    device_id=second.device_id, inspection_type=InspectionType.CCC_PRODUCER,
                    assigned_at=STARTED,
                ),
                AssignmentOfficer(assignment_id=ASSIGNMENT_2, credential="赣C36090003", name="易晓燕", lead=True),
            ]
        )  # fmt: skip
        work.commit()
    return office, laptop, second


def hand_out(trio: Trio, folder: Path) -> None:
    """The office's tasks, and with them who belongs to the team."""
    office, laptop, second = trio
    path = handover.export_package(office, out=folder, to=[laptop.device_id, second.device_id]).path
    assert [receive(place, path).problem for place in (laptop, second)] == [None, None]


def write_note(place: Workplace, note: str) -> None:
    with place.write("test") as work:
        found = work.session.get(Answer, (VISIT, "1.2"))
        assert found is not None
        found.note = note
        work.commit()


def contents(receiver: Workplace, path: Path) -> tuple[Manifest, list[str]]:
    """The manifest of a package and the names inside."""
    with zipfile.ZipFile(io.BytesIO(decrypted(receiver, path))) as archive:
        return msgspec.json.decode(archive.read("manifest.json"), type=Manifest), archive.namelist()


def kinds(place: Workplace) -> dict[str, set[str]]:
    """Every record that a home has revisions or held revisions of."""
    found: dict[str, set[str]] = {}
    with place.read() as session:
        for table in (Revision, HeldRevision):
            for kind, record in session.execute(select(table.record_kind, table.record_id)):
                found.setdefault(kind, set()).add(record)
    return found


def marks(place: Workplace, kind: str = "assignment") -> dict[tuple[str, str], Mark]:
    return {(row.record_id, row.peer): row.mark for row in handover.receipt_rows(place, kind=kind)}


def sequences(place: Workplace, peer: Workplace) -> list[int]:
    return sorted(row.sequence for row in handover.history(place) if row.peer == peer.device_id)


def refusal(place: Workplace, out: Path, *to: str) -> str:
    """The code of an export's refusal; nothing is written anywhere."""
    with place.read() as session:
        before = session.scalar(select(func.max(JournalEntry.sequence)))
    out.mkdir(exist_ok=True)
    with pytest.raises(BadInput) as error:
        handover.export_package(place, out=out, to=to)
    with place.read() as session:
        assert session.scalar(select(func.max(JournalEntry.sequence))) == before
    assert list(out.iterdir()) == []
    assert "{" not in sentence(error.value.problem).message
    return error.value.problem.code


def test_each_device_takes_in_what_is_for_it(trio: Trio, tmp_path: Path) -> None:
    office, laptop, second = trio
    made = handover.export_package(office, out=tmp_path, to=[laptop.device_id, second.device_id])
    assert made.recipients == (laptop.device_id, second.device_id)
    one, two = receive(laptop, made.path), receive(second, made.path)
    for done in (one, two):
        assert (done.problem, done.held, done.refused, done.remarks) == (None, 0, 0, ())
    assert kinds(laptop) == {
        "person": kinds(office)["person"], "plan": {PLAN}, "organization": {ORG}, "assignment": {ASSIGNMENT},
    }  # fmt: skip
    assert kinds(second)["organization"] == {ORG_2}
    assert kinds(second)["assignment"] == {ASSIGNMENT_2}
    rows = handover.history(office)
    assert {(row.peer_name, row.sequence, row.file_name) for row in rows} == {
        ("彭建华", 1, made.path.name), ("易晓燕", 1, made.path.name),
    }  # fmt: skip
    assert handover.unexported(office).records == 0


def test_what_one_device_has_is_not_given_to_it_again(trio: Trio, tmp_path: Path) -> None:
    """Where the laptop's returned visit goes on, the second laptop holds nothing it cannot apply."""
    office, laptop, second = trio
    receive(laptop, send(office, tmp_path, laptop.device_id))
    make_visit(laptop, photo=PHOTO)
    receive(office, send(laptop, tmp_path))
    edit(office, "status", InspectionStatus.RETURNED)
    made = handover.export_package(office, out=tmp_path, to=[second.device_id, laptop.device_id])
    assert made.blobs == 0, "whoever took the photographs has them"
    assert receive(laptop, made.path).accepted == 1
    done = receive(second, made.path)
    assert (done.held, done.refused) == (0, 0)
    assert "inspection" not in kinds(second)
    assert sequences(office, laptop) == [1, 1, 2], "one in, two out"
    assert sequences(office, second) == [1]


def test_a_shared_package_is_the_separate_ones_put_together(trio: Trio, tmp_path: Path) -> None:
    office, laptop, second = trio
    hand_out(trio, tmp_path)
    for place, visit in ((laptop, VISIT), (second, "8" * 32)):
        make_visit(place, visit, photo=PHOTO + visit.encode())
        receive(office, send(place, tmp_path))
    both = [laptop.device_id, second.device_id]
    shared, names = contents(laptop, handover.export_package(office, out=tmp_path, to=both, whole=True).path)
    assert len(names) == len(set(names))
    for place in (laptop, second):
        made = handover.export_package(office, out=tmp_path, to=place.device_id, whole=True)
        alone, _ = contents(place, made.path)
        revisions, blobs = shared.entries_for(place.device_id)
        assert revisions == {each.id for each in alone.revisions}
        assert {each.sha256 for each in blobs} == {each.sha256 for each in alone.blobs}
        assert {part.name for part in alone.parts} == {part.name for part in shared.parts}
    assert {each.to for each in shared.blobs} == {(0,), (1,), ()}, "each his photograph, both the signature"


def test_a_laptop_hands_in_and_shares_with_its_team_at_once(trio: Trio, tmp_path: Path) -> None:
    office, laptop, second = trio
    both = [office.device_id, second.device_id]
    hand_out(trio, tmp_path)
    make_visit(laptop, photo=PHOTO, status=InspectionStatus.IN_PROGRESS)
    with pytest.raises(BadInput):
        handover.export_package(laptop, out=tmp_path, to=both)
    made = handover.export_package(laptop, out=tmp_path, to=["office", *both], drafts=True)
    assert made.recipients == tuple(both)
    assert made.bytes < 1.2 * len(PHOTO), "the photograph went once for both"
    manifest, names = contents(second, made.path)
    assert all(each.to == () for each in (*manifest.revisions, *manifest.blobs))
    assert len(names) == len(set(names))
    for place in (office, second):
        done = receive(place, made.path)
        assert (done.accepted, done.problem) == (1, None)
        with place.read() as there, laptop.read() as here:
            assert read_document(there, "inspection", VISIT) == read_document(here, "inspection", VISIT)
        assert PHOTO in {place.evidence.read(sha256) for sha256 in place.evidence.names()}


def test_evidence_goes_only_to_the_one_that_lacks_it(trio: Trio, tmp_path: Path) -> None:
    office, laptop, second = trio
    hand_out(trio, tmp_path)
    make_visit(laptop, photo=PHOTO)
    done = receive(office, send(laptop, tmp_path))
    assert done.receipt is not None
    receive(laptop, done.receipt)
    write_note(laptop, "标志的字样不全")
    before = {path: (office.home / path).stat().st_mtime_ns for path in evidence_files(office)}
    made = handover.export_package(laptop, out=tmp_path, to=[office.device_id, second.device_id])
    manifest, _ = contents(office, made.path)
    assert [each.to for each in manifest.revisions] == [(1,), ()]
    assert [each.to for each in manifest.blobs] == [(1,), (1,)]
    at_office = handover.inspect_package(office, path=made.path)
    assert (at_office.records, at_office.revisions, at_office.blobs) == (1, 1, 0)
    receive(office, made.path)
    assert {path: (office.home / path).stat().st_mtime_ns for path in evidence_files(office)} == before
    at_second = handover.inspect_package(second, path=made.path)
    assert (at_second.sequence, at_second.revisions, at_second.blobs) == (1, 2, 2)
    assert receive(second, made.path).accepted == 1
    with office.read() as session:
        rows = session.scalars(select(Package).where(Package.id == made.package_id)).all()
        assert [(row.sequence, row.records, row.blobs) for row in rows] == [(2, 1, 0)]
    # A third time there is a note for both, and nothing else.
    write_note(laptop, "标志的字样不全，已拍照")
    third = handover.export_package(laptop, out=tmp_path, to=[office.device_id, second.device_id])
    assert (third.revisions, third.blobs) == (1, 0)


def test_each_receiver_answers_for_itself(trio: Trio, tmp_path: Path, clock: FakeClock) -> None:
    office, laptop, second = trio
    both = [laptop.device_id, second.device_id]
    made = handover.export_package(office, out=tmp_path, to=both)
    assert set(marks(office).values()) == {Mark.SENT}
    done = receive(laptop, made.path)
    assert done.receipt is not None
    receive(office, done.receipt)
    confirmed, sent = Mark.CONFIRMED, Mark.SENT
    assert marks(office) == {(ASSIGNMENT, both[0]): confirmed, (ASSIGNMENT_2, both[1]): sent}
    assert marks(office, "plan") == {(PLAN, both[0]): confirmed, (PLAN, both[1]): sent}
    clock.move(minutes=1)
    done = receive(second, made.path)
    assert done.receipt is not None
    assert receive(office, done.receipt).problem is None
    assert marks(office, "plan") == {(PLAN, both[0]): confirmed, (PLAN, both[1]): confirmed}
    with office.read() as session:
        assert session.scalar(select(func.count()).select_from(Delivery).where(~Delivery.confirmed)) == 0


def test_the_answers_lie_beside_each_other_on_one_stick(trio: Trio, tmp_path: Path) -> None:
    office, laptop, second = trio
    stick = tmp_path / "stick"
    stick.mkdir()
    handover.export_package(office, out=stick, to=[laptop.device_id, second.device_id])
    for place in (laptop, second, laptop):
        results = merging.import_packages(place, paths=[stick])
        assert [each.problem for each in results] == [None], "the other's answer is passed over"
    assert len(list(stick.glob("*.receipt"))) == 2
    own, *answers = merging.import_packages(office, paths=[stick])
    assert own.problem is None
    assert {each.author for each in answers} == {"彭建华", "易晓燕"}
    assert set(marks(office, "plan").values()) == {Mark.CONFIRMED}


def test_a_package_that_one_of_them_never_saw_goes_again_to_that_one(
    trio: Trio, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop, second = trio
    both = [laptop.device_id, second.device_id]
    first = handover.export_package(office, out=tmp_path, to=both)
    receive(laptop, first.path)
    clock.move(minutes=1)
    with office.write("test") as work:
        for name in (ASSIGNMENT, ASSIGNMENT_2):
            work.session.get_one(Assignment, name).due_on = clock.moment.date()
        work.commit()
    later = handover.export_package(office, out=tmp_path, to=both)
    assert receive(laptop, later.path).remarks == ()
    done = receive(second, later.path)
    assert [each.code for each in done.remarks] == ["sync.gap"]
    assert done.held == 1
    assert done.receipt is not None
    told = receive(office, done.receipt)
    assert [each.code for each in told.remarks] == ["sync.lost_packages"]
    again = handover.export_package(office, out=tmp_path, to=both)
    manifest, _ = contents(laptop, again.path)
    assert {each.to for each in manifest.revisions} == {(1,)}, "the laptop has all of it"
    assert receive(second, again.path).held == 0
    assert kinds(second)["assignment"] == {ASSIGNMENT_2}
    with second.read() as session:
        assert session.get_one(Assignment, ASSIGNMENT_2).due_on == clock.moment.date()
        assert session.scalar(select(func.count()).select_from(HeldRevision)) == 0


def test_a_third_device_cannot_read_it(trio: Trio, tmp_path: Path) -> None:
    office, laptop, second = trio
    hand_out(trio, tmp_path)
    third = enrolled_elsewhere(office, stranger(tmp_path))
    shared = handover.export_package(
        office, out=tmp_path, to=[laptop.device_id, second.device_id], whole=True
    )
    with shared.path.open("rb") as source, pytest.raises(pyrage.DecryptError, match="No matching keys"):
        stranger(tmp_path).decrypt_stream(source, io.BytesIO())
    assert third not in shared.recipients
    make_visit(laptop, photo=PHOTO)
    done = receive(second, send(laptop, tmp_path))
    assert done.problem is not None
    assert done.problem.code == "sync.not_for_this_device"


def test_a_receipt_of_who_was_not_addressed_is_forged(trio: Trio, tmp_path: Path) -> None:
    office, laptop, second = trio
    both = [laptop.device_id, second.device_id]
    first = handover.export_package(office, out=tmp_path, to=both)
    done = receive(second, first.path)
    with office.write("test") as work:  # as if it had been made for the laptop alone
        row = work.session.get_one(Package, (first.package_id, second.device_id))
        work.session.delete(row)
        work.commit()
    assert done.receipt is not None
    answer = receive(office, done.receipt)
    assert answer.problem is not None
    assert answer.problem.code == "sync.forged_receipt"


def test_who_may_not_have_it_is_named_before_anything_is_written(trio: Trio, tmp_path: Path) -> None:
    office, laptop, second = trio
    out = tmp_path / "out"
    assert refusal(office, out) == "sync.no_recipient"
    assert refusal(office, out, laptop.device_id, "0" * 32) == "sync.unknown_peer"
    assert refusal(office, out, laptop.device_id, office.device_id) == "sync.own_device"
    elsewhere = enrolled_elsewhere(office, stranger(tmp_path))
    assert refusal(office, out, laptop.device_id, elsewhere) == "sync.other_offices"
    enrolment.revoke(office, device_id=second.device_id)
    with pytest.raises(BadInput) as error:
        handover.export_package(office, out=out, to=[laptop.device_id, second.device_id])
    assert error.value.problem.code == "sync.revoked_peer"
    assert error.value.problem.values["name"] == "易晓燕"
    assert refusal(office, out, laptop.device_id, second.device_id) == "sync.revoked_peer"
    assert handover.history(office) == ()


def enrolled_elsewhere(office: Workplace, vault: Vault) -> str:
    """A device of another office that this one knows."""
    keys = vault.public
    with office.write("test") as work:
        work.session.add(
            Device(
                id=keys.device_id, name="谢军", credential="赣C36090777", role=Role.SUPERVISOR,
                office="樟树市市场监督管理局", recipient=keys.recipient, verify_key=keys.verify_key,
                fingerprint=keys.fingerprint, enrolled_at=office.now(),
            )
        )  # fmt: skip
        work.commit()
    return keys.device_id


def test_volumes_of_a_shared_package_bring_everybody_his_part(trio: Trio, tmp_path: Path) -> None:
    office, laptop, second = trio
    hand_out(trio, tmp_path)
    make_visit(laptop, photo=PHOTO)
    out = tmp_path / "stick"
    out.mkdir()
    made = handover.export_package(laptop, out=out, to=["office", second.device_id], split=100_000)
    assert len(made.volumes) == 3
    for place in (second, office):
        (done,) = merging.import_packages(place, paths=made.volumes[::-1])
        assert (done.problem, done.accepted) == (None, 1)


def test_the_author_reads_all_of_its_own_package(trio: Trio, tmp_path: Path) -> None:
    office, laptop, second = trio
    made = handover.export_package(office, out=tmp_path, to=[second.device_id, laptop.device_id])
    summary = handover.inspect_package(office, path=made.path)
    assert (summary.sequence, summary.recipients) == (1, (second.device_id, laptop.device_id))
    assert summary.kinds["assignment"] == 2
    assert summary.records == made.records
    done = receive(office, made.path)
    assert (done.already, done.receipt) == (made.records, None)


def test_a_package_after_another_than_the_known_one_tells_of_a_restored_backup(
    trio: Trio, tmp_path: Path
) -> None:
    office, laptop, _ = trio
    make_visit(laptop, photo=PHOTO)
    receive(office, send(laptop, tmp_path))
    with laptop.write("test") as work:  # as in a backup in which the first package was another one
        (row,) = work.session.scalars(select(Package))
        row.digest = new_id() * 2
        work.commit()
    write_note(laptop, "补充")
    done = receive(office, send(laptop, tmp_path))
    assert [each.code for each in done.remarks] == ["sync.sender_restored"]


def test_the_page_on_the_format_gets_at_the_records(
    trio: Trio, tmp_path: Path, second_template: Path
) -> None:
    """Its commands, run as they stand there, with the key file of one receiver and its passphrase."""
    office, laptop, second = trio
    hand_out(trio, tmp_path)
    make_visit(laptop, photo=PHOTO)
    made = handover.export_package(laptop, out=tmp_path, to=["office", second.device_id])
    page = (Path(__file__).resolve().parents[2] / "docs/package-format.md").read_text("utf8")
    (program,) = [
        block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "zipfile" in block
    ]
    (tmp_path / "open.py").write_text(program, "utf8")
    line = [sys.executable, "open.py", str(second_template / "vault.key"), made.path.name]
    subprocess.run(line, cwd=tmp_path, input=PASSPHRASE, text=True, check=True, stdout=subprocess.DEVNULL)
    manifest = json.loads((tmp_path / "package/manifest.json").read_bytes())
    assert [each["device"] for each in manifest["recipients"]] == [office.device_id, second.device_id]
    (told,) = (tmp_path / "package/revisions.jsonl").read_bytes().splitlines()
    found = json.loads(told)["revision"]
    assert (found["kind"], found["record"], found["set"]["place"]) == ("inspection", VISIT, "一号车间")
    blobs = {path.name: path.read_bytes() for path in (tmp_path / "package/blobs").iterdir()}
    assert all(sha256(data).hexdigest() == name for name, data in blobs.items())
    assert PHOTO in blobs.values()
    assert [each["sha256"] for each in manifest["blobs"]] == sorted(blobs)
