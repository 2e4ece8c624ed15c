"""Receipts: who has what is known record by record, and what got lost on the way goes again."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pyrage
import pytest
from sqlalchemy import func, select, update

from app.errors import BadInput
from app.models.people import Device
from app.models.registry import Organization
from app.models.revisions import Delivery, Package
from app.services import deliveries, enrolment, handover, merging, resolving
from app.services.handover import Mark
from app.services.merging import Imported
from app.services.receipts import SignedReceipt
from app.services.workplace import Workplace
from app.sync import ledger
from app.sync.canonical import canonical
from app.sync.cards import card_of, device_of
from app.sync.documents import read_document, write_document
from app.sync.ledger import view_of
from app.wording import known_codes, sentence
from tests.conftest import FakeClock
from tests.services.forge import revision, stranger
from tests.services.parcels import (
    ORG,
    VISIT,
    Pair,
    edit,
    receive,
    send,
)


def answered(sender: Workplace, done: Imported) -> Imported:
    """The sender takes in the receipt of what was imported."""
    assert done.receipt is not None
    return receive(sender, done.receipt)


def marks(place: Workplace, kind: str = "inspection") -> list[Mark]:
    return [row.mark for row in handover.receipt_rows(place, kind=kind)]


def unconfirmed(place: Workplace) -> int:
    with place.read() as session:
        return session.scalar(select(func.count()).select_from(Delivery).where(~Delivery.confirmed)) or 0


def code(done: Imported) -> str:
    assert done.problem is not None
    assert done.problem.code in known_codes("sync")
    assert "{" not in sentence(done.problem).message
    return done.problem.code


def remarks(done: Imported) -> list[str]:
    for each in done.remarks:
        assert "{" not in sentence(each).message
    return [each.code for each in done.remarks]


def test_a_sent_record_is_under_way_until_its_receipt_comes(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    package = send(laptop, tmp_path)
    assert marks(laptop) == [Mark.SENT]
    done = answered(laptop, receive(office, package))
    assert (done.problem, done.answered, done.author) == (None, 1, "黎国平")
    assert done.changes.concern("inspection")
    (row,) = handover.receipt_rows(laptop, ids=[VISIT])
    assert (row.mark, row.fate, row.peer_name, row.problem) == (Mark.CONFIRMED, "accepted", "黎国平", None)
    assert unconfirmed(laptop) == 0
    assert handover.receipt_rows(laptop, ids=[ORG]) == ()


def test_a_receipt_taken_in_again_changes_nothing(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    done = receive(office, send(laptop, tmp_path))
    first = answered(laptop, done)
    rows = handover.receipt_rows(laptop)
    assert answered(laptop, done).answered == first.answered
    assert handover.receipt_rows(laptop) == rows


def test_a_folder_brings_packages_and_receipts_and_passes_over_those_for_others(
    pair: Pair, tmp_path: Path
) -> None:
    office, laptop = pair
    stick = tmp_path / "stick"
    stick.mkdir()
    send(laptop, stick)
    merging.import_packages(office, paths=[stick])
    # The office's own receipt lies there now; it is not for the office.
    (again,) = merging.import_packages(office, paths=[stick])
    assert (again.already, again.problem) == (1, None)
    own, receipt = merging.import_packages(laptop, paths=[stick])
    assert (own.already, receipt.answered) == (1, 1)
    assert marks(laptop) == [Mark.CONFIRMED]


def test_without_a_receipt_everything_goes_again_after_a_while(
    pair: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = pair
    lost = send(laptop, tmp_path)
    lost.unlink()
    with pytest.raises(BadInput):
        send(laptop, tmp_path)
    assert handover.unexported(laptop).records == 0
    clock.move(days=deliveries.RESEND_AFTER.days)
    assert handover.unexported(laptop).records == 1
    again = handover.export_package(laptop, out=tmp_path)
    assert (again.revisions, again.blobs) == (1, 2)
    done = receive(office, again.path)
    assert done.accepted == 1
    answered(laptop, done)
    clock.move(days=100)
    with pytest.raises(BadInput):
        send(laptop, tmp_path)


def test_what_was_taken_in_tells_of_what_it_builds_on(pair: Pair, tmp_path: Path) -> None:
    """The receipt of the first package is lost; that of the second confirms both, but no evidence."""
    office, laptop = pair
    first = send(laptop, tmp_path)
    receive(office, first)
    edit(laptop, "opinion", "补充")
    done = receive(office, send(laptop, tmp_path))
    assert marks(laptop) == [Mark.SENT]
    answered(laptop, done)
    assert marks(laptop) == [Mark.CONFIRMED]
    with laptop.read() as session:
        open_ones = session.scalars(select(Delivery.item).where(~Delivery.confirmed)).all()
    assert sorted(open_ones) == sorted(laptop.evidence.names())


@pytest.mark.parametrize("down", [True, False])
def test_a_receiver_that_was_restored_gets_everything_again(
    pair: Pair, tmp_path: Path, clock: FakeClock, down: bool
) -> None:
    """It confirmed a package, went back to a backup from before, and misses that number now."""
    office, laptop = pair
    one, other = (office, laptop) if down else (laptop, office)

    def work(number: int) -> None:
        clock.move(minutes=1)
        if down:
            with office.write("test") as entry:
                entry.session.get_one(Organization, ORG).phone = f"0795-{number}"
                entry.commit()
        else:
            edit(laptop, "opinion", f"第{number}次")

    def hand() -> Imported:
        done = receive(other, send(one, tmp_path, other.device_id if down else "office"))
        clock.move(minutes=1)
        return done

    for number in (1, 2):
        work(number)
        if number == 2:
            saved = backup(other, tmp_path / "backup.db")
        answered(one, hand())
    restored(other, saved)
    (other.home / "sequence").unlink(missing_ok=True)
    work(3)
    (read,) = merging.import_packages(one, paths=[hand().receipt])
    assert [each.code for each in read.remarks] == ["sync.receiver_restored", "sync.lost_packages"]
    hand()
    kind, record = ("organization", ORG) if down else ("inspection", VISIT)
    with one.read() as here, other.read() as there:
        assert read_document(here, kind, record) == read_document(there, kind, record)
    assert set(other.evidence.names()) >= (set() if down else set(laptop.evidence.names()))


def test_a_revoked_device_ticks_nothing_off(pair: Pair, tmp_path: Path, clock: FakeClock) -> None:
    office, laptop = pair
    package = send(office, tmp_path, laptop.device_id)
    clock.move(hours=1)
    enrolment.revoke(office, device_id=laptop.device_id)
    clock.move(hours=1)
    done = receive(laptop, package)
    (read,) = merging.import_packages(office, paths=[done.receipt])
    assert read.problem is not None
    assert read.problem.code == "sync.revoked_receiver"
    assert {row.mark for row in handover.receipt_rows(office, kind="plan")} == {Mark.SENT}


def test_a_lost_package_is_named_and_goes_again_at_once(pair: Pair, tmp_path: Path, clock: FakeClock) -> None:
    office, laptop = pair
    send(laptop, tmp_path).unlink()
    clock.move(minutes=1)
    edit(laptop, "opinion", "补充")
    second = receive(office, send(laptop, tmp_path))
    assert second.held == 1
    assert remarks(second) == ["sync.gap"]
    assert second.remarks[0].values["numbers"] == "1"
    told = answered(laptop, second)
    assert remarks(told) == ["sync.lost_packages"]
    assert marks(laptop) == [Mark.QUESTION]
    third = handover.export_package(laptop, out=tmp_path)
    assert (third.revisions, third.blobs) == (1, 2)
    assert receive(office, third.path).accepted == 1
    assert len(set(office.evidence.names())) == 2
    with office.read() as one, laptop.read() as two:
        assert read_document(one, "inspection", VISIT) == read_document(two, "inspection", VISIT)


def test_evidence_that_did_not_arrive_goes_again(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    answered(laptop, receive(office, send(laptop, tmp_path)))
    gone = min(office.evidence.names())
    office.evidence.path(gone).unlink()
    edit(laptop, "opinion", "补充")
    receive(office, send(laptop, tmp_path))
    whole = handover.export_package(laptop, out=tmp_path, whole=True)
    assert receive(office, whole.path).already == 1
    assert gone in set(office.evidence.names())
    office.evidence.path(gone).unlink()
    with laptop.write("test") as work:
        work.session.execute(
            update(Delivery).where(Delivery.item != gone).values(confirmed=False, package_id="")
        )
        work.commit()
    without = handover.export_package(laptop, out=tmp_path)
    assert without.blobs == 1
    answered(laptop, receive(office, without.path))
    again = handover.export_package(laptop, out=tmp_path)
    assert (again.revisions, again.blobs) == (0, 1)
    answered(laptop, receive(office, again.path))
    assert office.evidence.read(gone) == laptop.evidence.read(gone)
    with pytest.raises(BadInput):
        send(laptop, tmp_path)


def test_a_refusal_comes_back_with_its_reason_and_the_record_stays_to_be_sent(
    pair: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    """The laptop passes on what a device wrote that the office does not know yet."""
    office, laptop = pair
    answered(laptop, receive(office, send(laptop, tmp_path)))
    other = stranger(tmp_path)
    with laptop.read() as session:
        heads = view_of(session, "inspection", VISIT).heads
        own = card_of(session.scalars(select(Device).where(Device.own)).one())
    card = msgspec.structs.replace(own, recipient=other.public.recipient, verify_key=other.public.verify_key)
    foreign = revision(laptop, "inspection", VISIT, {"place": "别处"}, *heads, vault=other)
    with laptop.write("test") as work:
        work.session.add(device_of(card))
        ledger.add_revisions(work.session, [foreign])
        ledger.note_states(work.session, "inspection", {VISIT: view_of(work.session, "inspection", VISIT)})
        write_document(
            work.session, "inspection", VISIT, view_of(work.session, "inspection", VISIT).document()
        )
        work.commit()
    clock.move(minutes=1)
    for _ in range(2):
        done = receive(office, send(laptop, tmp_path))
        assert done.refused == 1
        answered(laptop, done)
        (row,) = handover.receipt_rows(laptop)
        assert row.mark is Mark.REFUSED
        assert row.problem is not None
        assert row.problem.code == "sync.unknown_signer"
        assert "{" not in sentence(row.problem).message
        assert handover.unexported(laptop).records == 1
    with office.write("test") as work:
        work.session.add(device_of(card))
        work.commit()
    answered(laptop, receive(office, send(laptop, tmp_path)))
    assert marks(laptop) == [Mark.CONFIRMED]


def test_a_conflict_is_a_question_until_both_sides_have_the_decision(
    pair: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = pair
    answered(laptop, receive(office, send(laptop, tmp_path)))
    clock.move(minutes=1)
    edit(laptop, "place", "二号车间")
    edit(office, "place", "三号车间")
    package = send(laptop, tmp_path)
    first = receive(office, package)
    assert first.conflicts == 1
    answered(laptop, first)
    assert marks(laptop) == [Mark.QUESTION]
    clock.move(minutes=1)
    answered(laptop, receive(office, package))
    assert marks(laptop) == [Mark.QUESTION], "already had says nothing of the dispute"
    resolving.resolve(office, kind="inspection", record_id=VISIT, path="place", take="theirs", reason="在场")
    receive(laptop, send(office, tmp_path, laptop.device_id))
    assert marks(laptop) == [Mark.CONFIRMED]


# ---- what is no receipt


def test_only_the_receivers_own_receipt_counts(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    done = receive(office, send(laptop, tmp_path))
    assert done.receipt is not None
    good = done.receipt.read_bytes()
    bad = tmp_path / "x.receipt"
    codes = set()
    for offset in range(0, len(good), 11):
        bad.write_bytes(good[:offset] + bytes([good[offset] ^ 1]) + good[offset + 1 :])
        codes.add(code(receive(laptop, bad)))
    assert codes <= {"sync.not_a_receipt", "sync.not_for_this_device"}
    bad.write_bytes(b"")
    assert code(receive(laptop, bad)) == "sync.not_a_receipt"
    assert code(receive(office, done.receipt)) == "sync.not_for_this_device"

    identity = pyrage.x25519.Identity.from_str(laptop.vault.secrets()[0])
    signed = msgspec.json.decode(pyrage.decrypt(good, [identity]), type=SignedReceipt)
    plain = msgspec.json.decode(signed.receipt)

    def written(signer: Workplace | None = None, **values: object) -> str:
        raw = canonical({**plain, **values})
        seal = (signer or office).vault.sign(raw).hex()
        body = canonical({"receipt": msgspec.Raw(raw), "signature": seal})
        bad.write_bytes(pyrage.encrypt(body, [identity.to_public()]))
        return code(receive(laptop, bad))

    assert written(laptop) == "sync.bad_signature"
    assert written(receiver="0" * 32) == "sync.unknown_author"
    assert written(author="0" * 32) == "sync.not_for_this_device"
    assert written(digest="0" * 64) == "sync.forged_receipt"
    assert written(laptop, receiver=laptop.device_id) == "sync.forged_receipt"
    assert written(format=2) == "sync.not_a_receipt"
    assert written(gaps=[0]) == "sync.not_a_receipt"
    assert written(lacking=["../x"]) == "sync.not_a_receipt"
    assert written(more=1) == "sync.not_a_receipt"
    line = {**plain["records"][0], "fate": "lovely"}
    assert written(records=[line]) == "sync.not_a_receipt"
    assert marks(laptop) == [Mark.SENT]
    assert unconfirmed(laptop) == 3


# ---- restored backups


def restored(laptop: Workplace, saved: Path) -> None:
    """Put the store of a backup back under the running home."""
    laptop.store.close()
    for name in ("store.db", "store.db-wal", "store.db-shm"):
        (laptop.home / name).unlink(missing_ok=True)
    shutil.copy(saved, laptop.home / "store.db")


def backup(laptop: Workplace, target: Path) -> Path:
    with laptop.store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
        connection.exec_driver_sql("BEGIN")
    return target


@pytest.mark.parametrize("mark", [True, False])
def test_a_restored_backup_forks_nothing(pair: Pair, tmp_path: Path, clock: FakeClock, mark: bool) -> None:
    """The device goes back by a package; its numbers, its own later work and its peers are safe."""
    office, laptop = pair
    receive(office, send(laptop, tmp_path))
    saved = backup(laptop, tmp_path / "backup.db")
    clock.move(minutes=1)
    edit(laptop, "opinion", "恢复之后不见了")
    receive(office, send(laptop, tmp_path))
    restored(laptop, saved)
    if not mark:
        (laptop.home / "sequence").unlink()
    clock.move(minutes=1)
    edit(laptop, "situation", "恢复之后写的")
    done = receive(office, send(laptop, tmp_path))
    assert (done.problem, done.merged) == (None, 1)
    assert remarks(done) == ["sync.sender_restored"]
    # What the laptop forgot comes back to it, although the office had sent or got it before.
    back = receive(laptop, send(office, tmp_path, laptop.device_id))
    assert (back.problem, back.refused) == (None, 0)
    assert remarks(back) == ["sync.went_back"]
    with office.read() as one, laptop.read() as two:
        told = read_document(one, "inspection", VISIT)
        assert told == read_document(two, "inspection", VISIT)
    assert told is not None
    assert (told["opinion"], told["situation"]) == ("恢复之后不见了", "恢复之后写的")
    edit(laptop, "opinion", "再改")
    assert receive(office, send(laptop, tmp_path)).accepted == 1
    with office.read() as session:
        rows = session.execute(select(Package.branch, Package.sequence).where(~Package.outgoing)).all()
    assert len({branch for branch, _ in rows}) >= 2
    if mark:
        assert len(set(rows)) == len(rows)


def test_a_receipt_for_a_forgotten_package_tells_of_the_backup(
    pair: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = pair
    saved = backup(laptop, tmp_path / "backup.db")
    done = receive(office, send(laptop, tmp_path))
    restored(laptop, saved)
    told = answered(laptop, done)
    assert remarks(told) == ["sync.went_back"]
    assert answered(laptop, done).remarks == ()
    assert receive(office, send(laptop, tmp_path)).problem is None


def test_ones_own_forgotten_package_brings_the_work_back(
    pair: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    _, laptop = pair
    saved = backup(laptop, tmp_path / "backup.db")
    edit(laptop, "opinion", "只在包里")
    package = send(laptop, tmp_path)
    restored(laptop, saved)
    done = receive(laptop, package)
    assert (done.problem, remarks(done)) == (None, ["sync.went_back"])
    assert receive(laptop, package).remarks == ()
    with laptop.read() as session:
        found = read_document(session, "inspection", VISIT)
    assert found is not None
    assert found["opinion"] == "只在包里"
