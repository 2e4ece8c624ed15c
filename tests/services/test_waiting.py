"""What is held names whose it is and which package is missing, and applies itself when that comes."""

from __future__ import annotations

from pathlib import Path

from app.models.base import new_id
from app.models.inspection import Answer
from app.services import handover, merging
from app.services.handover import Mark
from app.services.merging import Fate, Imported
from app.services.waiting import HeldRow, Lost, held_rows
from app.services.workplace import Workplace
from app.sync.documents import read_document
from app.wording import sentence
from tests.conftest import FakeClock
from tests.services.forge import forge, revision
from tests.services.neighbours import Neighbours
from tests.services.parcels import (
    STARTED,
    VISIT,
    Pair,
    edit,
    make_task,
    make_visit,
    receive,
    send,
)


def chain(laptop: Workplace, folder: Path, clock: FakeClock, count: int) -> list[Path]:
    """Packages each of which stands on the one before."""
    packages = [send(laptop, folder)]
    for number in range(1, count):
        clock.move(minutes=1)
        edit(laptop, "opinion", f"第{number}次补充")
        packages.append(send(laptop, folder))
    return packages


def told(row: HeldRow) -> str:
    said = sentence(row.problem)
    assert "{" not in said.message + said.remedy
    return said.message


def why(done: Imported) -> tuple[str, dict[str, str | int]]:
    (held,) = [each for each in done.records if each.fate is Fate.HELD]
    assert held.problem is not None
    return held.problem.code, held.problem.values


def same(one: Workplace, other: Workplace) -> None:
    with one.read() as here, other.read() as there:
        document = read_document(here, "inspection", VISIT)
        assert document is not None
        assert document == read_document(there, "inspection", VISIT)


def test_the_missing_package_is_named_and_ends_the_wait(pair: Pair, tmp_path: Path, clock: FakeClock) -> None:
    office, laptop = pair
    first, second = chain(laptop, tmp_path, clock, 2)
    assert held_rows(office) == ()
    done = receive(office, second)
    values = {"name": "彭建华", "sender": "彭建华", "packages": "彭建华 1"}
    assert why(done) == ("sync.waiting_package", values)
    (row,) = held_rows(office)
    assert (row.kind, row.record_id, row.title, row.revisions) == ("inspection", VISIT, "", 1)
    assert (row.authors, row.senders) == (("彭建华",), ("彭建华",))
    assert row.missing == done.records[0].missing
    assert row.lost == (Lost(laptop.device_id, "彭建华", (1,)),)
    assert "彭建华 1" in told(row)
    assert receive(office, first).accepted == 1
    assert held_rows(office) == ()
    same(office, laptop)


def test_what_waits_in_several_steps_applies_itself_at_the_last(
    pair: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = pair
    packages = chain(laptop, tmp_path, clock, 5)
    assert why(receive(office, packages[4]))[1]["packages"] == "彭建华 1-4"
    assert why(receive(office, packages[2]))[1]["packages"] == "彭建华 1-2, 4"
    assert held_rows(office)[0].revisions == 2
    done = receive(office, packages[1])
    assert why(done)[1]["packages"] == "彭建华 1, 4"
    (row,) = held_rows(office)
    assert (row.revisions, row.lost[0].numbers) == (3, (1, 4))
    assert len(row.missing) == 2, "the root, and what the fourth brings"
    # The first one frees two of the three; the last still waits for the fourth.
    done = receive(office, packages[0])
    assert [each.fate for each in done.records] == [Fate.HELD]
    (row,) = held_rows(office)
    assert (row.title, row.revisions, row.lost[0].numbers) == ("宜春市𬭎业电缆厂", 1, (4,))
    with office.read() as session:
        document = read_document(session, "inspection", VISIT)
    assert document is not None
    assert document["opinion"] == "第2次补充"
    assert receive(office, packages[3]).held == 0
    assert held_rows(office) == ()
    same(office, laptop)


def test_one_import_of_a_whole_stick_holds_nothing(pair: Pair, tmp_path: Path, clock: FakeClock) -> None:
    office, laptop = pair
    stick = tmp_path / "stick"
    stick.mkdir()
    packages = chain(laptop, stick, clock, 4)
    done = merging.import_packages(office, paths=packages[::-1])
    assert [each.held for each in done] == [1, 1, 1, 0]
    assert held_rows(office) == ()
    same(office, laptop)


def test_the_sender_sees_what_its_receiver_waits_for(pair: Pair, tmp_path: Path, clock: FakeClock) -> None:
    office, laptop = pair
    _, second = chain(laptop, tmp_path, clock, 2)
    done = receive(office, second)
    assert done.receipt is not None
    receive(laptop, done.receipt)
    (row,) = handover.receipt_rows(laptop)
    assert (row.mark, row.fate) == (Mark.QUESTION, Fate.HELD)
    assert row.problem is not None
    assert row.problem.code == "sync.waiting_package"
    assert "彭建华 1" in sentence(row.problem).message
    clock.move(minutes=1)
    done = receive(office, send(laptop, tmp_path))
    assert (done.accepted, done.held) == (1, 0)
    assert done.receipt is not None
    receive(laptop, done.receipt)
    assert [each.mark for each in handover.receipt_rows(laptop)] == [Mark.CONFIRMED]


def test_without_a_gap_it_says_that_another_device_wrote_it(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    receive(office, send(laptop, tmp_path))
    unknown = new_id() * 2
    late = revision(laptop, "inspection", VISIT, {"place": "别处"}, unknown)
    done = receive(office, forge(laptop, office, tmp_path / "f.cyb", [late]))
    assert why(done) == ("sync.waiting", {"name": "彭建华", "sender": "彭建华"})
    (row,) = held_rows(office)
    assert (row.missing, row.lost) == ((unknown,), ())
    assert row.title == "宜春市𬭎业电缆厂"
    told(row)


def test_what_a_colleague_passes_on_names_both(neighbours: Neighbours, clock: FakeClock) -> None:
    """The second laptop goes on with the first one's visit; its own first package is lost on the way."""
    them = neighbours
    make_task(them.county, them.laptop.device_id)
    them.give(them.county, them.laptop)
    them.give(them.county, them.second)
    make_visit(them.laptop)
    them.give(them.laptop, them.second)
    clock.move(minutes=1)
    lost = them.hand(them.second, them.county)
    clock.move(minutes=1)
    with them.second.write("test") as work:
        work.session.add(Answer(inspection_id=VISIT, item="2.1", note="补拍", answered_at=STARTED))
        work.commit()
    done = them.give(them.second, them.county)
    assert why(done)[1] == {"name": "易晓燕", "sender": "易晓燕", "packages": "易晓燕 1"}
    assert receive(them.county, lost).held == 0
    assert held_rows(them.county) == ()
    same(them.county, them.second)
