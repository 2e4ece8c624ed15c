"""Taking packages in: both values kept, late parents waited for, kills survived, order without meaning."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyrage
import pytest
from sqlalchemy import func, select

from app import bootstrap
from app.errors import EnvironmentFault
from app.models.inspection import Finding, Inspection
from app.models.journal import JournalEntry, digest_of
from app.models.people import Person
from app.models.revisions import HeldRevision, Package, RecordState
from app.models.revisions import Revision as StoredRevision
from app.services import handover, merging
from app.services.merging import Fate, Imported
from app.services.receipts import Receipt, SignedReceipt
from app.services.registry_people import people_rows
from app.services.workplace import Owner, Workplace
from app.sync.canonical import digest
from app.sync.documents import read_document
from app.sync.ledger import view_of
from app.vocabulary import Role
from tests.conftest import PASSPHRASE, FakeClock
from tests.services.forge import forge, revision
from tests.services.parcels import (
    ORG,
    VISIT,
    Pair,
    dispute_a_finding,
    edit,
    evidence_files,
    introduce,
    receive,
    send,
)


@pytest.fixture
def shared(pair: Pair, tmp_path: Path) -> Pair:
    """Both have the visit."""
    office, laptop = pair
    assert receive(office, send(laptop, tmp_path)).accepted == 1
    return pair


def contents(place: Workplace) -> tuple[object, ...]:
    """Everything an import could change, except where files lie."""
    with place.read() as session:
        counts = [
            session.scalar(select(func.count()).select_from(each))
            for each in (StoredRevision, HeldRevision, Package, Inspection, Finding, RecordState)
        ]
        document = read_document(session, "inspection", VISIT)
        seen = view_of(session, "inspection", VISIT)
    return counts, document, seen, evidence_files(place)


def values_at(place: Workplace, path: str) -> set[object]:
    with place.read() as session:
        return {claim.value for claim in view_of(session, "inspection", VISIT).values[path]}


# ---- merging and conflicts


def test_different_fields_merge_by_themselves(shared: Pair, tmp_path: Path) -> None:
    office, laptop = shared
    edit(office, "review_remark", "同意")
    edit(laptop, "opinion", "责令改正")
    done = receive(office, send(laptop, tmp_path))
    assert (done.merged, done.conflicts) == (1, 0)
    with office.read() as session:
        document = read_document(session, "inspection", VISIT)
    assert document is not None
    assert (document["review_remark"], document["opinion"]) == ("同意", "责令改正")


def test_two_values_for_one_field_are_both_kept(shared: Pair, tmp_path: Path, clock: FakeClock) -> None:
    office, laptop = shared
    edit(laptop, "place", "二号车间")
    package = send(laptop, tmp_path)
    clock.move(minutes=5)
    edit(office, "place", "三号车间")
    done = receive(office, package)
    assert (done.conflicts, done.accepted, done.problem) == (1, 0, None)
    assert values_at(office, "place") == {"二号车间", "三号车间"}
    with office.read() as session:
        assert merging.in_conflict(session, "inspection", VISIT)
    (row,) = merging.conflict_rows(office)
    assert (row.title, row.paths) == ("宜春市𬭎业电缆厂", ("place",))
    (field,) = merging.conflict_detail(office, kind="inspection", record_id=VISIT)
    assert field.shown == "三号车间"
    assert {(each.value, each.author, each.device) for each in field.values} == {
        ("二号车间", "彭建华", "彭建华"),
        ("三号车间", "黎国平", "黎国平"),
    }


def test_both_sides_end_in_the_same_conflict_and_sealing_decides_nothing(
    shared: Pair, tmp_path: Path
) -> None:
    office, laptop = shared
    edit(laptop, "place", "二号车间")
    edit(office, "place", "三号车间")
    receive(office, send(laptop, tmp_path))
    edit(office, "review_remark", "待定")
    receive(laptop, send(office, tmp_path, laptop.device_id))
    for place in shared:
        assert values_at(place, "place") == {"二号车间", "三号车间"}
    with office.read() as one, laptop.read() as two:
        assert view_of(one, "inspection", VISIT) == view_of(two, "inspection", VISIT)
        assert read_document(one, "inspection", VISIT) == read_document(two, "inspection", VISIT)


def test_removing_a_finding_the_other_edited_is_a_conflict(shared: Pair, tmp_path: Path) -> None:
    office, laptop = shared
    dispute_a_finding(laptop, office)
    assert receive(office, send(laptop, tmp_path)).conflicts == 1
    (row,) = merging.conflict_rows(office)
    assert row.paths == ("findings/f1",)


def test_any_order_of_packages_ends_in_the_same_record(pair: Pair, tmp_path: Path, clock: FakeClock) -> None:
    """Deltas in each order: what comes early waits, applies itself, and the end is the same."""
    office, laptop = pair
    packages = [send(laptop, tmp_path)]
    for text in ("甲", "乙"):
        clock.move(minutes=1)
        edit(laptop, "opinion", text)
        packages.append(send(laptop, tmp_path))
    with laptop.read() as session:
        expected = read_document(session, "inspection", VISIT)
    for number, order in enumerate(itertools.permutations(packages)):
        with office.write("test.forget") as work:
            for table in (StoredRevision, HeldRevision, RecordState, Package, Inspection):
                work.session.execute(table.__table__.delete())
            work.commit()
        results = [receive(office, path) for path in order]
        with office.read() as session:
            assert read_document(session, "inspection", VISIT) == expected, number
            assert session.scalar(select(func.count()).select_from(HeldRevision)) == 0
        fates = [next(iter(each.records)).fate for each in results]
        assert (Fate.HELD in fates) == (list(order) != packages)


def test_a_revision_whose_parent_is_missing_waits_and_names_it(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    first = send(laptop, tmp_path)
    edit(laptop, "opinion", "补充")
    second = send(laptop, tmp_path)
    done = receive(office, second)
    assert (done.held, done.accepted) == (1, 0)
    with laptop.read() as session:
        root = session.scalar(select(StoredRevision.id).order_by(StoredRevision.made_at).limit(1))
    assert done.records[0].missing
    assert root is not None
    assert receive(office, second).held == 1
    assert receive(office, first).accepted == 1
    with office.read() as session:
        document = read_document(session, "inspection", VISIT)
    assert document is not None
    assert document["opinion"] == "补充"


def test_local_edits_are_sealed_before_the_record_moves_on(shared: Pair, tmp_path: Path) -> None:
    office, laptop = shared
    edit(office, "review_remark", "未封存的话")
    edit(laptop, "opinion", "新意见")
    receive(office, send(laptop, tmp_path))
    assert values_at(office, "review_remark") == {"未封存的话"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_people_with_one_credential_stand_beside_each_other(
    pair: Pair, tmp_path: Path, order: tuple[int, int]
) -> None:
    """Whichever comes first: nothing is refused, and the list of people shows both."""
    office, laptop = pair
    twins = [
        revision(office, "person", record * 32, {"name": name, "credential": "赣C36090077"})
        for record, name in (("a", "刘一"), ("b", "刘二"))
    ]
    for number in order:
        done = receive(laptop, forge(office, laptop, tmp_path / f"{number}.cyb", [twins[number]]))
        assert (done.accepted, done.refused) == (1, 0)
    assert sorted(row.name for row in people_rows(laptop) if row.repeated) == ["刘一", "刘二"]


def test_two_laptops_and_an_office_end_in_the_same_conflict(
    pair: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    """A visit goes from one officer to the other; both write on, each without knowing of the other."""
    office, first = pair
    owner = Owner(Role.INSPECTOR, "袁州区市场监督管理局", "熊志强", "赣C36090002")
    with bootstrap.create_home(tmp_path / "second", PASSPHRASE, owner, clock=clock) as second:
        introduce(office, second, tmp_path)
        for place in (first, second):
            receive(place, send(office, tmp_path, place.device_id))
        assert receive(second, send(first, tmp_path, second.device_id)).accepted == 1
        edit(first, "opinion", "甲的意见")
        clock.move(minutes=1)
        edit(second, "opinion", "乙的意见")
        edit(second, "recorder", "熊志强")
        both = [send(second, tmp_path), send(first, tmp_path)]
        one, two = merging.import_packages(office, paths=both)
        # The second laptop's package brings the first one's revisions along, so nothing is held.
        assert (one.accepted, two.conflicts) == (1, 1)
        for place in (first, second):
            receive(place, send(office, tmp_path, place.device_id))
        seen = []
        for place in (office, first, second):
            with place.read() as session:
                seen.append(
                    (view_of(session, "inspection", VISIT), read_document(session, "inspection", VISIT))
                )
                assert merging.in_conflict(session, "inspection", VISIT)
    assert seen[0] == seen[1] == seen[2]
    assert values_at(office, "opinion") == {"甲的意见", "乙的意见"}


def test_a_person_of_ours_that_was_never_sealed_gives_way(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    receive(laptop, send(office, tmp_path, laptop.device_id))
    with office.read() as one, laptop.read() as two:
        wanted = select(Person.id).order_by(Person.credential)
        assert one.scalars(wanted).all() == two.scalars(wanted).all()


# ---- kills and full disks: all or nothing, and no orphans


class Killed(BaseException):
    """The process ended here."""


def kill_at(step: str) -> Callable[[str], None]:
    def at(reached: str) -> None:
        if reached == step:
            raise Killed

    return at


@pytest.mark.parametrize(
    "step,taken", [("staged", False), ("applied", False), ("committed", True), ("settled", True)]
)
def test_a_killed_import_is_all_or_nothing(pair: Pair, tmp_path: Path, step: str, taken: bool) -> None:
    office, laptop = pair
    package = send(laptop, tmp_path)
    before = contents(office)
    with pytest.raises(Killed):
        merging.import_packages(office, paths=[package], at=kill_at(step))
    merging.sweep(office)
    after = contents(office)
    if taken:
        assert len(list(office.evidence.names())) == 2
        assert after != before
    else:
        assert after == before
    again = receive(office, package)
    assert (again.accepted, again.already) == ((0, 1) if taken else (1, 0))
    assert len(list(office.evidence.names())) == 2
    assert not list((office.home / "staging").iterdir())


@pytest.mark.parametrize("call", range(6))
def test_a_killed_export_leaves_a_whole_package_or_none(pair: Pair, tmp_path: Path, call: int) -> None:
    office, laptop = pair
    calls = itertools.count()

    def kill(_done: int, _total: int) -> None:
        if next(calls) == call:
            raise Killed

    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Killed):
        handover.export_package(laptop, out=out, progress=kill)
    assert list(out.iterdir()) == []
    assert handover.unexported(laptop).records == 1
    assert receive(office, send(laptop, out)).accepted == 1


@pytest.mark.parametrize("step", ["staged", "applied"])
def test_a_full_disk_changes_nothing(pair: Pair, tmp_path: Path, step: str) -> None:
    office, laptop = pair
    package = send(laptop, tmp_path)
    before = contents(office)

    def full(reached: str) -> None:
        if reached == step:
            raise EnvironmentFault("disk.full")

    (done,) = merging.import_packages(office, paths=[package], at=full)
    assert done.problem is not None
    assert done.problem.code == "disk.full"
    assert contents(office) == before
    assert receive(office, package).accepted == 1


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """The limit on file sizes stands for the disk: a real write fails in the middle."""
    import resource

    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_disk_that_takes_no_more_leaves_no_half_package(pair: Pair, tmp_path: Path) -> None:
    _, laptop = pair
    out = tmp_path / "out"
    out.mkdir()
    send(laptop, tmp_path)
    with files_up_to(20_000), pytest.raises(EnvironmentFault) as error:
        send(laptop, out, whole=True)
    assert error.value.problem.code.startswith("disk.")
    assert list(out.iterdir()) == []
    assert send(laptop, out, whole=True).is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_disk_that_takes_no_more_leaves_no_half_import(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    package = send(laptop, tmp_path)
    before = contents(office)
    with files_up_to(20_000):
        (done,) = merging.import_packages(office, paths=[package])
    assert done.problem is not None
    assert done.problem.code.startswith("disk.")
    assert contents(office) == before
    assert receive(office, package).accepted == 1


def test_cancelling_an_import_changes_nothing(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    package = send(laptop, tmp_path)
    before = contents(office)
    (done,) = merging.import_packages(office, paths=[package], cancelled=lambda: True)
    assert done.problem is not None
    assert done.problem.code == "sync.cancelled"
    assert contents(office) == before


# ---- files, folders, receipts


def test_a_folder_goes_in_and_a_bad_package_stops_nothing(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "a.cyb").write_bytes(b"not a package at all")
    send(laptop, folder)
    bad, good = merging.import_packages(office, paths=[folder])
    assert bad.problem is not None
    assert bad.problem.code == "sync.not_a_package"
    assert good.accepted == 1
    (empty,) = merging.import_packages(office, paths=[office.home / "evidence"])
    assert empty.problem is not None
    assert empty.problem.code == "sync.nothing_found"
    (gone,) = merging.import_packages(office, paths=[tmp_path / "nowhere.cyb"])
    assert gone.problem is not None
    assert gone.problem.code == "disk.missing"


def test_an_import_answers_with_a_receipt_the_author_can_check(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    package = send(laptop, tmp_path)
    done = receive(office, package)
    assert done.receipt == package.with_name(f"{package.name}.receipt")
    identity = pyrage.x25519.Identity.from_str(laptop.vault.secrets()[0])
    signed = msgspec.json.decode(pyrage.decrypt(done.receipt.read_bytes(), [identity]), type=SignedReceipt)
    assert office.vault.public.verify(bytes.fromhex(signed.signature), bytes(signed.receipt))
    receipt = msgspec.json.decode(signed.receipt, type=Receipt)
    assert [(line.record, line.fate) for line in receipt.records] == [(VISIT, "accepted")]
    with laptop.read() as session:
        assert session.scalars(select(Package.digest).where(Package.outgoing)).one() == receipt.digest


def test_a_stick_that_cannot_be_written_gets_its_receipt_at_home(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    package = send(laptop, tmp_path)
    package.with_name(f"{package.name}.receipt").mkdir()
    done = receive(office, package)
    assert done.accepted == 1
    assert done.receipt is not None
    assert done.receipt.parent == office.home / "receipts"


def test_ones_own_package_is_harmless(pair: Pair, tmp_path: Path) -> None:
    _, laptop = pair
    done = receive(laptop, send(laptop, tmp_path))
    assert (done.already, done.problem, done.receipt) == (1, None, None)


def test_the_journal_says_what_came_in(shared: Pair) -> None:
    office, _ = shared
    with office.read() as session:
        entries = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)).all()
        assert entries[-1].action == "package.import"
        assert VISIT in entries[-1].detail
        assert all(digest_of(entry) == entry.digest for entry in entries)


def test_thousands_of_records_go_in_one_package(office: Workplace, laptop: Workplace, tmp_path: Path) -> None:
    introduce(office, laptop, tmp_path)
    many = [
        revision(office, "organization", f"{number:032x}", {"name": f"第{number}电缆厂"})
        for number in range(1500)
    ]
    done = receive(laptop, forge(office, laptop, tmp_path / "many.cyb", many))
    assert (done.accepted, done.problem) == (1500, None)


def test_evidence_of_a_refused_revision_does_not_stay(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    data = b"photo of a plan"
    wrong = revision(laptop, "organization", ORG, {"name": "改名"})
    package = forge(laptop, office, tmp_path / "x.cyb", [wrong], blobs={digest(data): data})
    done: Imported = receive(office, package)
    assert done.refused == 1
    assert not list(office.evidence.names())
    assert handover.unexported(laptop).records == 1
