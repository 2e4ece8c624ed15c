"""Enrolment by file: both sides show the same fingerprint, and nothing foreign or changed is taken."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import BadInput
from app.models.people import Device
from app.models.revisions import HeldRevision
from app.services import enrolment, handover, merging, sealing
from app.services.merging import Fate, Imported
from app.services.workplace import Workplace
from app.sync.documents import read_document
from app.vocabulary import InspectionStatus, Role
from app.wording import known_codes, sentence
from tests.conftest import FakeClock
from tests.services.neighbours import Neighbours
from tests.services.parcels import VISIT, edit, introduce, make_task, make_visit, receive, send


@pytest.fixture
def request_file(laptop: Workplace, tmp_path: Path) -> Path:
    path = tmp_path / "laptop.cyreq"
    enrolment.make_request(laptop, out=path)
    return path


def device(place: Workplace, device_id: str) -> Device:
    with place.read() as session:
        found = session.get(Device, device_id)
        assert found is not None
        return found


def code_of(error: pytest.ExceptionInfo[BadInput]) -> str:
    code = error.value.problem.code
    assert code in known_codes("enrolment")
    assert "{" not in sentence(error.value).message
    return code


def test_both_sides_show_the_same_fingerprint(
    office: Workplace, laptop: Workplace, request_file: Path, tmp_path: Path
) -> None:
    shown = enrolment.make_request(laptop, out=request_file)
    asked = enrolment.read_request(request_file)
    given = enrolment.enrol(office, request=request_file, out=tmp_path / "answer.cyenr")
    taken = enrolment.accept(laptop, path=tmp_path / "answer.cyenr")
    assert shown == asked.fingerprint == given.fingerprint == taken.fingerprint
    assert given.office_fingerprint == taken.office_fingerprint == office.vault.public.fingerprint
    assert (asked.name, asked.credential, asked.role) == ("彭建华", "赣C36090001", Role.INSPECTOR)
    assert device(office, laptop.device_id).verify_key == laptop.vault.public.verify_key
    assert device(laptop, office.device_id).office_device
    assert {row.device_id for row in enrolment.device_rows(office)} == {office.device_id, laptop.device_id}


def test_a_folder_gets_a_file_named_by_the_fingerprint(laptop: Workplace, tmp_path: Path) -> None:
    fingerprint = enrolment.make_request(laptop, out=tmp_path)
    assert (tmp_path / f"{fingerprint}.cyreq").is_file()


def test_enrolling_again_writes_the_same_answer(
    office: Workplace, request_file: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "1.cyenr", tmp_path / "2.cyenr"
    enrolment.enrol(office, request=request_file, out=first)
    enrolment.enrol(office, request=request_file, out=second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("word,other", [("彭建华", "彭建军"), ("inspector", "supervisor")])
def test_a_changed_request_is_refused(office: Workplace, request_file: Path, word: str, other: str) -> None:
    request_file.write_text(request_file.read_text("utf8").replace(word, other), "utf8")
    with pytest.raises(BadInput) as error:
        enrolment.enrol(office, request=request_file, out=request_file.with_suffix(".cyenr"))
    assert code_of(error) == "enrolment.tampered"


def test_any_flipped_byte_of_an_answer_is_refused(
    office: Workplace, laptop: Workplace, request_file: Path, tmp_path: Path
) -> None:
    answer = tmp_path / "answer.cyenr"
    enrolment.enrol(office, request=request_file, out=answer)
    good = answer.read_bytes()
    for offset in range(0, len(good), 29):
        answer.write_bytes(good[:offset] + bytes([good[offset] ^ 1]) + good[offset + 1 :])
        with pytest.raises(BadInput) as error:
            enrolment.accept(laptop, path=answer)
        assert code_of(error) in {"enrolment.tampered", "enrolment.not_an_answer", "enrolment.other_device"}
    assert len(enrolment.device_rows(laptop)) == 1


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"PK\3\4", json.dumps({"body": {}, "signature": ""}).encode()]
)
def test_foreign_files_are_refused(
    office: Workplace, laptop: Workplace, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "some.file"
    path.write_bytes(content)
    with pytest.raises(BadInput) as error:
        enrolment.read_request(path)
    assert code_of(error) == "enrolment.not_a_request"
    with pytest.raises(BadInput) as error:
        enrolment.accept(laptop, path=path)
    assert code_of(error) == "enrolment.not_an_answer"


def test_an_answer_for_another_device_is_refused(
    office: Workplace, request_file: Path, tmp_path: Path
) -> None:
    answer = tmp_path / "answer.cyenr"
    enrolment.enrol(office, request=request_file, out=answer)
    with pytest.raises(BadInput) as error:
        enrolment.accept(office, path=answer)
    assert code_of(error) == "enrolment.other_device"


def test_only_the_office_enrols_and_revokes(laptop: Workplace, request_file: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        enrolment.enrol(laptop, request=request_file, out=tmp_path / "x.cyenr")
    assert code_of(error) == "enrolment.not_the_office"
    with pytest.raises(BadInput) as error:
        enrolment.revoke(laptop, device_id="0" * 32)
    assert code_of(error) == "enrolment.not_the_office"


def test_revoking_has_a_date_and_is_for_good(
    office: Workplace, laptop: Workplace, request_file: Path, tmp_path: Path, clock: FakeClock
) -> None:
    answer = tmp_path / "answer.cyenr"
    enrolment.enrol(office, request=request_file, out=answer)
    clock.move(days=1)
    enrolment.revoke(office, device_id=laptop.device_id)
    assert device(office, laptop.device_id).revoked_at == clock.moment
    for again in (
        lambda: enrolment.revoke(office, device_id=laptop.device_id),
        lambda: enrolment.enrol(office, request=request_file, out=answer),
    ):
        with pytest.raises(BadInput) as error:
            again()
        assert code_of(error) == "enrolment.revoked"
    with pytest.raises(BadInput) as error:
        enrolment.revoke(office, device_id=office.device_id)
    assert code_of(error) == "enrolment.unknown_device"


def test_a_lost_laptop_is_revoked_from_the_day_it_was_lost(
    office: Workplace, laptop: Workplace, request_file: Path, tmp_path: Path, clock: FakeClock
) -> None:
    enrolment.enrol(office, request=request_file, out=tmp_path / "answer.cyenr")
    enrolment.accept(laptop, path=tmp_path / "answer.cyenr")
    clock.move(days=3)
    lost = clock.moment
    clock.move(days=2)
    make_visit(laptop)
    receive(office, send(laptop, tmp_path))
    assert enrolment.doubtful_records(office, device_id=laptop.device_id) == ()
    clock.move(days=1)
    enrolment.revoke(office, device_id=laptop.device_id)
    assert enrolment.doubtful_records(office, device_id=laptop.device_id) == ()
    enrolment.revoke(office, device_id=laptop.device_id, since=lost)
    assert device(office, laptop.device_id).revoked_at == lost
    # What came in before anybody knew stays, and is named.
    assert enrolment.doubtful_records(office, device_id=laptop.device_id) == (("inspection", VISIT),)
    for since, code in ((clock.moment, "enrolment.revoked"), (None, "enrolment.revoked")):
        with pytest.raises(BadInput) as error:
            enrolment.revoke(office, device_id=laptop.device_id, since=since)
        assert code_of(error) == code
    with pytest.raises(BadInput) as error:
        enrolment.revoke(office, device_id=laptop.device_id, since=clock.moment + timedelta(days=1))
    assert code_of(error) == "enrolment.future_date"


LATER = "5" * 32


def told(done: Imported) -> dict[str, set[tuple[Fate, str]]]:
    """Each record's fates with the codes of what is said about them."""
    found: dict[str, set[tuple[Fate, str]]] = {}
    for line in done.records:
        found.setdefault(line.record_id, set()).add((line.fate, line.problem.code if line.problem else ""))
    return found


def admitted(office: Workplace, laptop: Workplace, path: Path) -> Imported:
    """A late package that somebody looked at, taken in."""
    first = receive(office, path)
    assert first.problem is not None
    assert first.problem.code == "sync.under_review"
    (done,) = merging.import_packages(office, paths=[path], admit=[laptop.device_id])
    assert done.problem is None
    return done


def opinion(place: Workplace) -> object:
    with place.read() as session:
        return (read_document(session, "inspection", VISIT) or {}).get("opinion")


def test_a_lost_laptop_that_turns_up_brings_what_it_sealed_before(
    office: Workplace, laptop: Workplace, tmp_path: Path, clock: FakeClock
) -> None:
    introduce(office, laptop, tmp_path)
    make_visit(laptop)
    with laptop.write("test.seal") as work:
        sealing.seal(work, laptop, "inspection", VISIT)
        work.commit()
    clock.move(hours=3)
    enrolment.revoke(office, device_id=laptop.device_id)
    clock.move(days=2)
    edit(laptop, "opinion", "停用之后写的")
    make_visit(laptop, LATER)
    late = send(laptop, tmp_path)
    assert handover.inspect_package(office, path=late).kinds == {"inspection": 2}
    done = admitted(office, laptop, late)
    assert told(done) == {
        VISIT: {(Fate.REFUSED, "sync.revoked_signer"), (Fate.ACCEPTED, "")},
        LATER: {(Fate.REFUSED, "sync.revoked_signer")},
    }
    assert opinion(office) is None
    assert done.remarks == ()
    # Its number counts, and its receipt says of each record what became of it.
    assert [row.sequence for row in handover.history(office)] == [1]
    assert done.receipt is not None
    assert receive(laptop, done.receipt).answered == 3
    marks = {row.record_id: row.problem for row in handover.receipt_rows(laptop)}
    assert marks[LATER] is not None
    assert marks[LATER].code == "sync.revoked_signer"
    assert enrolment.doubtful_records(office, device_id=laptop.device_id) == (("inspection", VISIT),)
    assert receive(office, late).already == 1


def test_a_package_made_after_the_revocation_introduces_nobody(
    strangers: Neighbours, clock: FakeClock
) -> None:
    city, county, laptop = strangers.city, strangers.county, strangers.laptop
    introduce(city, county, strangers.folder)
    introduce(county, laptop, strangers.folder)
    make_visit(county)
    before = strangers.hand(county, city)
    clock.move(hours=1)
    enrolment.revoke(city, device_id=county.device_id)
    clock.move(hours=1)
    edit(county, "opinion", "停用之后写的")
    after = strangers.hand(county, city)
    admitted(city, county, after)
    assert laptop.device_id not in {row.device_id for row in enrolment.device_rows(city)}
    admitted(city, county, before)
    assert laptop.device_id in {row.device_id for row in enrolment.device_rows(city)}
    assert opinion(city) is None


def test_what_waited_is_judged_again_when_it_joins(
    office: Workplace, laptop: Workplace, tmp_path: Path, clock: FakeClock
) -> None:
    introduce(office, laptop, tmp_path)
    make_visit(laptop)
    first = send(laptop, tmp_path)
    clock.move(days=1)
    lost = clock.moment
    clock.move(days=1)
    edit(laptop, "opinion", "丢失之后写的")
    assert receive(office, send(laptop, tmp_path)).held == 1
    clock.move(days=1)
    enrolment.revoke(office, device_id=laptop.device_id, since=lost)
    assert enrolment.doubtful_records(office, device_id=laptop.device_id) == (("inspection", VISIT),)
    done = admitted(office, laptop, first)
    assert told(done) == {VISIT: {(Fate.REFUSED, "sync.revoked_signer"), (Fate.ACCEPTED, "")}}
    assert opinion(office) is None
    with office.read() as session:
        assert session.query(HeldRevision).count() == 0


def test_what_a_colleague_brings_of_a_revoked_device_is_named(
    neighbours: Neighbours, clock: FakeClock
) -> None:
    them = neighbours
    office, lost, colleague = them.county, them.laptop, them.second
    make_task(office, lost.device_id)
    them.give(office, lost)
    make_visit(lost, status=InspectionStatus.IN_PROGRESS)
    them.give(lost, colleague, drafts=True)
    early = them.hand(colleague, office, drafts=True)
    clock.move(hours=1)
    enrolment.revoke(office, device_id=lost.device_id)
    assert enrolment.doubtful_records(office, device_id=lost.device_id) == ()
    clock.move(hours=1)
    done = receive(office, early)
    assert (Fate.ACCEPTED, "sync.late_hand") in told(done)[VISIT]
    (line,) = (each for each in done.records if each.record_id == VISIT)
    assert line.problem is not None
    assert line.problem.values == {
        "name": lost.owner.name, "device": lost.vault.public.fingerprint,
    }  # fmt: skip
    assert lost.owner.name in sentence(line.problem).message
    assert enrolment.doubtful_records(office, device_id=lost.device_id) == (("inspection", VISIT),)
    # It is here now: another time it is no news.
    assert told(receive(office, early))[VISIT] == {(Fate.ALREADY, "")}
    # The city takes the county's word as a colleague's; its own date is its own.
    assert told(them.give(office, them.city, drafts=True))[VISIT] == {(Fate.ACCEPTED, "sync.late_hand")}


def test_what_waited_since_before_the_revocation_is_no_late_news(
    neighbours: Neighbours, clock: FakeClock
) -> None:
    them = neighbours
    office, lost, colleague = them.county, them.laptop, them.second
    make_task(office, lost.device_id)
    them.give(office, lost)
    make_visit(colleague, status=InspectionStatus.IN_PROGRESS)
    first = them.hand(colleague, office, drafts=True)
    them.give(colleague, lost, drafts=True)
    edit(lost, "opinion", "补充")
    them.give(lost, colleague, drafts=True)
    assert receive(office, them.hand(colleague, office, drafts=True)).held == 1
    clock.move(hours=1)
    enrolment.revoke(office, device_id=lost.device_id)
    clock.move(hours=1)
    assert told(receive(office, first))[VISIT] == {(Fate.ACCEPTED, "")}
    assert opinion(office) == "补充"
    assert enrolment.doubtful_records(office, device_id=lost.device_id) == ()
