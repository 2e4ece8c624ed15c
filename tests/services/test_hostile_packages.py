"""What must not come in: each refused by its own sentence, the store and the files unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import zstandard
from sqlalchemy import func, select

from app.models.base import new_id
from app.models.journal import JournalEntry
from app.models.planning import Plan
from app.models.revisions import Package
from app.services import enrolment
from app.services.handover import inspect_package
from app.services.merging import Imported, import_packages
from app.services.workplace import Workplace
from app.sync.archive import packed
from app.sync.canonical import digest
from app.sync.ledger import revisions_of
from app.sync.package import HIGHEST_SEQUENCE, REVISIONS, UNSUSPECTED, Addressed, Manifest, PartEntry
from app.sync.revision import SCHEMA, Sealed, Written
from app.wording import known_codes, sentence
from tests.conftest import FakeClock
from tests.services.forge import decrypted, encrypted, forge, replaced, revision, stranger
from tests.services.parcels import (
    PLAN,
    STARTED,
    VISIT,
    Pair,
    edit,
    evidence_files,
    introduce,
    make_task,
    make_visit,
    receive,
    send,
)

HEADER: dict[str, Written] = {
    "organization_id": "2" * 32,
    "inspection_type": "CCC_PRODUCER",
    "checklist_id": "ccc",
    "checklist_version": "1",
    "status": "finalised",
    "subject_name": "某厂",
    "started_at": "2026-08-12T01:30:00.000000Z",
}


@pytest.fixture
def pair(office: Workplace, laptop: Workplace, tmp_path: Path) -> Pair:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    make_visit(laptop, photo=b"small photo")
    return office, laptop


def state(place: Workplace) -> tuple[object, ...]:
    with place.read() as session:
        entries = session.scalar(select(func.count()).select_from(JournalEntry))
    return entries, evidence_files(place)


def refused(office: Workplace, path: Path) -> str:
    """Import; nothing may change; returns the code, which has a sentence without gaps."""
    before = state(office)
    done = receive(office, path)
    assert state(office) == before
    assert done.problem is not None, path
    assert done.problem.code in known_codes("sync")
    assert "{" not in sentence(done.problem).message
    return done.problem.code


# ---- the outside: age stops everything at once

DAMAGED = {"sync.damaged", "sync.truncated", "sync.not_a_package", "sync.not_for_this_device"}


def test_every_flipped_bit_is_refused(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    good = send(laptop, tmp_path).read_bytes()
    path = tmp_path / "flipped.cyb"
    for offset in range(0, len(good), 13):
        path.write_bytes(good[:offset] + bytes([good[offset] ^ (1 << offset % 8)]) + good[offset + 1 :])
        assert refused(office, path) in DAMAGED


def test_every_truncation_is_refused(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    good = send(laptop, tmp_path).read_bytes()
    path = tmp_path / "short.cyb"
    codes = set()
    for size in (0, 1, 10, 21, 22, 100, len(good) // 2, len(good) - 1):
        path.write_bytes(good[:size])
        codes.add(refused(office, path))
    path.write_bytes(good + b"more")
    codes.add(refused(office, path))
    assert codes <= DAMAGED
    assert "sync.truncated" in codes


@pytest.mark.parametrize("content", [b"PK\3\4 a zip", b"SQLite format 3\0", "查验包".encode(), b"\0" * 100])
def test_something_else_is_no_package(office: Workplace, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.cyb"
    path.write_bytes(content)
    assert refused(office, path) == "sync.not_a_package"


def test_a_package_for_another_device(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    path = send(office, tmp_path, laptop.device_id)
    other = forge(laptop, laptop, tmp_path / "own.cyb", [])
    assert refused(office, other) == "sync.not_for_this_device"
    passed_on = encrypted(office, tmp_path / "passed.cyb", decrypted(laptop, path))
    assert receive(office, passed_on).problem is None  # its own package, come home
    listed = forge(
        laptop,
        office,
        tmp_path / "l.cyb",
        [],
        change=lambda m: replaced(m, recipients=(Addressed("0" * 32, 1, ""),)),
    )
    assert refused(office, listed) == "sync.not_for_this_device"


# ---- the inside: what a stranger with our public key can make


def test_every_changed_byte_inside_is_refused(pair: Pair, tmp_path: Path) -> None:
    """Whoever knows the office's key can encrypt to it, but cannot sign for the laptop."""
    office, laptop = pair
    inner = decrypted(office, send(laptop, tmp_path))
    path = tmp_path / "changed.cyb"
    for offset in range(0, len(inner), 7):
        changed = inner[:offset] + bytes([inner[offset] ^ 4]) + inner[offset + 1 :]
        assert refused(office, encrypted(office, path, changed)) in {
            *("sync.damaged", "sync.bad_signature", "sync.unknown_author", "sync.newer_package"),
        }
    for size in (0, 3, 30, 500, len(inner) - 1):
        assert refused(office, encrypted(office, path, inner[:size])) == "sync.damaged"
    for extra in (b"x", inner):
        assert refused(office, encrypted(office, path, inner + extra)) == "sync.damaged"


@pytest.mark.parametrize(
    "names",
    [
        ["manifest.json"],
        ["manifest.sig", "manifest.json"],
        ["../../etc/passwd", "manifest.sig"],
        ["manifest.json", "manifest.json"],
        ["manifest.json", "manifest.sig", "manifest.json"],
    ],
)
def test_other_names_are_refused(pair: Pair, tmp_path: Path, names: list[str]) -> None:
    office, _ = pair
    inner = b"".join(packed((name, b"{}") for name in names))
    assert refused(office, encrypted(office, tmp_path / "n.cyb", inner)) == "sync.damaged"


def test_an_unknown_author(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    unknown = stranger(tmp_path)
    path = forge(
        laptop, office, tmp_path / "u.cyb", [], vault=unknown,
        change=lambda manifest: replaced(manifest, author=unknown.device_id),
    )  # fmt: skip
    assert refused(office, path) == "sync.unknown_author"
    lying = forge(laptop, office, tmp_path / "l.cyb", [], vault=unknown)
    assert refused(office, lying) == "sync.bad_signature"


def numbered(manifest: Manifest, sequence: int, previous: str) -> Addressed:
    return Addressed(manifest.recipients[0].device, sequence, previous)


def several(manifest: Manifest, count: int) -> tuple[Addressed, ...]:
    """The receiver and others behind it."""
    others = (Addressed(f"{number:032x}", 1, "") for number in range(1, count))
    return (*manifest.recipients, *others)


def meant_for(manifest: Manifest, to: tuple[int, ...]) -> Manifest:
    """The same with its revision for some of the receivers alone."""
    return replaced(manifest, revisions=(msgspec.structs.replace(manifest.revisions[0], to=to),))


CHANGES: list[tuple[str, Callable[[Manifest], Manifest]]] = [
    ("sync.newer_package", lambda m: replaced(m, format=2)),
    ("sync.newer_records", lambda m: replaced(m, schema=SCHEMA + 1)),
    ("sync.damaged", lambda m: replaced(m, unpacked=m.unpacked + 1)),
    ("sync.damaged", lambda m: replaced(m, unpacked=m.unpacked - 1)),
    ("sync.too_large", lambda m: replaced(m, unpacked=1 << 40)),
    ("sync.damaged", lambda m: replaced(m, revisions=())),
    ("sync.damaged", lambda m: replaced(m, revisions=m.revisions * 2)),
    ("sync.damaged", lambda m: replaced(m, parts=m.parts * 2)),
    ("sync.damaged", lambda m: replaced(m, parts=())),
    ("sync.damaged", lambda m: replaced(m, parts=(replaced(m.parts[0], name="../x"),))),  # type: ignore[arg-type]
    ("sync.damaged", lambda m: replaced(m, package="../../x")),
    ("sync.damaged", lambda m: replaced(m, made_at="soon")),
    ("sync.damaged", lambda m: replaced(m, algorithms={})),
    ("sync.damaged", lambda m: replaced(m, records=2)),
    ("sync.damaged", lambda m: replaced(m, records=-1)),
    ("sync.damaged", lambda m: replaced(m, records=1 << 63)),
    ("sync.damaged", lambda m: replaced(m, recipients=())),
    ("sync.damaged", lambda m: replaced(m, recipients=m.recipients * 2)),
    ("sync.damaged", lambda m: replaced(m, recipients=several(m, 101))),
    ("sync.damaged", lambda m: replaced(m, recipients=(*m.recipients, Addressed("../../x", 1, "")))),
    ("sync.damaged", lambda m: replaced(m, recipients=(numbered(m, 0, ""),))),
    ("sync.damaged", lambda m: replaced(m, recipients=(numbered(m, -1, ""),))),
    ("sync.damaged", lambda m: replaced(m, recipients=(numbered(m, 1 << 63, "0" * 64),))),
    ("sync.damaged", lambda m: replaced(m, recipients=(numbered(m, HIGHEST_SEQUENCE + 1, "0" * 64),))),
    ("sync.damaged", lambda m: replaced(m, recipients=(numbered(m, 1, "0" * 64),))),
    ("sync.damaged", lambda m: replaced(m, recipients=(numbered(m, 2, ""),))),
    ("sync.damaged", lambda m: replaced(m, recipients=(numbered(m, 2, "../../x"),))),
    ("sync.damaged", lambda m: meant_for(m, (0,))),
    ("sync.damaged", lambda m: meant_for(replaced(m, recipients=several(m, 2)), (0, 1))),
    ("sync.damaged", lambda m: meant_for(replaced(m, recipients=several(m, 3)), (1, 0))),
    ("sync.damaged", lambda m: meant_for(replaced(m, recipients=several(m, 3)), (0, 0))),
    ("sync.damaged", lambda m: meant_for(replaced(m, recipients=several(m, 3)), (3,))),
    ("sync.damaged", lambda m: meant_for(replaced(m, recipients=several(m, 3)), (-1,))),
]


@pytest.mark.parametrize("code,change", CHANGES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_signed_but_false_manifest(
    pair: Pair, tmp_path: Path, code: str, change: Callable[[Manifest], Manifest]
) -> None:
    office, laptop = pair
    good = [revision(laptop, "inspection", VISIT, dict(HEADER))]
    assert refused(office, forge(laptop, office, tmp_path / "m.cyb", good, change=change)) == code


def test_what_is_for_somebody_else_is_not_taken_in(pair: Pair, tmp_path: Path) -> None:
    """Readable by whoever is addressed, and yet nothing of it goes into the store."""
    office, laptop = pair
    photo = b"photo for the other device"
    sha256 = digest(photo)
    changes = HEADER | {"evidence/e": True, "evidence/e/sha256": sha256}

    def lie(manifest: Manifest) -> Manifest:
        other = meant_for(replaced(manifest, recipients=several(manifest, 2)), (1,))
        return replaced(other, blobs=tuple(msgspec.structs.replace(each, to=(1,)) for each in other.blobs))

    some = revision(laptop, "inspection", VISIT, changes)
    done = receive(
        office, forge(laptop, office, tmp_path / "o.cyb", [some], blobs={sha256: photo}, change=lie)
    )
    assert (done.problem, done.records, done.remarks) == (None, (), ())
    assert not office.evidence.has(sha256)
    with office.read() as session:
        assert revisions_of(session, "inspection", [VISIT]) == {}
        (row,) = session.scalars(select(Package).where(~Package.outgoing))
    assert (row.records, row.blobs) == (0, 0)


@pytest.mark.parametrize(
    "unpacked,code",
    [
        (100, "sync.damaged"),
        (2_000_000, "sync.damaged"),
        (UNSUSPECTED + 1, "sync.too_large"),
        (1 << 34, "sync.too_large"),
    ],
)
def test_a_bomb_is_not_unpacked(pair: Pair, tmp_path: Path, unpacked: int, code: str) -> None:
    """Forty-eight megabytes in five kilobytes: more than is declared, or more than may be declared."""
    office, laptop = pair
    data = zstandard.compress(b'{"revision":"' + b"0" * (48 << 20))
    entry = PartEntry(REVISIONS, len(data), digest(data))

    def lie(manifest: Manifest) -> Manifest:
        return replaced(manifest, parts=(entry,), unpacked=unpacked)

    path = forge(laptop, office, tmp_path / "b.cyb", [], change=lie, packed_revisions=data)
    assert refused(office, path) == code


def test_another_package_under_a_known_number(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    receive(office, send(laptop, tmp_path))
    with office.read() as session:
        known = session.scalars(select(Package.id)).one()
    forged = forge(laptop, office, tmp_path / "f.cyb", [], change=lambda m: replaced(m, package=known))
    assert refused(office, forged) == "sync.forged_package"


# ---- revisions: the bad one is listed, the rest goes in


def import_one(pair: Pair, tmp_path: Path, bad: Sealed) -> Imported:
    """A package with a good revision and ``bad``; the good one must go in."""
    office, laptop = pair
    good = revision(laptop, "inspection", new_id(), dict(HEADER))
    done = receive(office, forge(laptop, office, tmp_path / "mixed.cyb", [bad, good]))
    assert (done.problem, done.accepted, done.refused) == (None, 1, 1)
    return done


def reason(done: Imported) -> str:
    (problem,) = [each.problem for each in done.records if each.problem is not None]
    assert "{" not in sentence(problem).message
    return problem.code


def test_an_inspector_cannot_change_a_plan(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    bad = revision(laptop, "plan", PLAN, {"title": "改过的计划", "year": 2026})
    assert reason(import_one(pair, tmp_path, bad)) == "sync.no_right"
    with office.read() as session:
        plan = session.get(Plan, PLAN)
        assert plan is not None
        assert plan.title == "2026年认证检查"


@pytest.mark.parametrize(
    "kind,changes",
    [
        ("plan", {"title": "改过的计划", "year": 2026}),
        ("person", {"name": "某人", "credential": "赣C1"}),
        ("organization", {"name": "别处的企业"}),
        ("assignment", {"due_on": "2027-01-01"}),
    ],
)
def test_an_inspector_writes_nothing_but_inspections(
    pair: Pair, tmp_path: Path, kind: str, changes: dict[str, Written]
) -> None:
    bad = revision(pair[1], kind, "9" * 32, changes)
    assert reason(import_one(pair, tmp_path, bad)) == "sync.no_right"


@pytest.mark.parametrize(
    "code,kind,changes",
    [
        ("sync.unfit", "inspection", HEADER | {"secret": "x"}),
        ("sync.unfit", "inspection", HEADER | {"evidence/e/sha256": "../../../x"}),
        ("sync.unfit", "inspection", HEADER | {"status": "nonsense"}),
        ("sync.unfit", "device", {"name": "x"}),
        ("sync.incomplete", "inspection", {"place": "一号"}),
        ("sync.incomplete", "inspection", HEADER | {"findings/f/description": "无"}),
    ],
)
def test_content_that_does_not_fit(
    pair: Pair, tmp_path: Path, code: str, kind: str, changes: dict[str, Written]
) -> None:
    bad = revision(pair[1], kind, VISIT, changes)
    assert reason(import_one(pair, tmp_path, bad)) == code


def test_a_false_hand(pair: Pair, tmp_path: Path) -> None:
    _, laptop = pair
    unknown = revision(laptop, "inspection", VISIT, dict(HEADER), vault=stranger(tmp_path))
    assert reason(import_one(pair, tmp_path, unknown)) == "sync.unknown_signer"
    named = revision(laptop, "inspection", VISIT, dict(HEADER), name="黎国平")
    assert reason(import_one(pair, tmp_path, named)) == "sync.foreign_name"
    good = revision(laptop, "inspection", VISIT, dict(HEADER))
    unsigned = Sealed(good.id, good.body, b"\0" * 64, good.revision)
    assert reason(import_one(pair, tmp_path, unsigned)) == "sync.bad_revision_signature"


def test_the_same_number_for_other_bytes_is_tampering(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    receive(office, send(laptop, tmp_path))
    edit(laptop, "place", "别处")
    with office.read() as session:
        (known,) = revisions_of(session, "inspection", [VISIT])[VISIT]
    other = revision(laptop, "inspection", VISIT, HEADER | {"place": "别处"})
    swapped = Sealed(known.id, other.body, other.signature, other.revision)
    assert reason(import_one(pair, tmp_path, swapped)) == "sync.tampered"


@pytest.mark.parametrize("body", [b"{}", b"[1]", b'{"schema": 1}', b'{"kind": "\xb4"}'])
def test_a_revision_in_another_form(pair: Pair, tmp_path: Path, body: bytes) -> None:
    _, laptop = pair
    some = revision(laptop, "inspection", VISIT, dict(HEADER))
    bad = Sealed(digest(body), body, laptop.vault.sign(body), some.revision)
    assert reason(import_one(pair, tmp_path, bad)) == "sync.bad_revision"


def test_what_a_device_made_before_it_was_revoked_stays_valid(
    pair: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = pair
    before = send(laptop, tmp_path)
    clock.move(hours=1)
    enrolment.revoke(office, device_id=laptop.device_id)
    clock.move(hours=1)
    edit(laptop, "opinion", "停用之后")
    after = send(laptop, tmp_path)
    assert refused(office, after) == "sync.under_review"
    assert refused(office, before) == "sync.under_review"
    assert inspect_package(office, path=before).kinds == {"inspection": 1}
    (late,) = import_packages(office, paths=[before], admit=[laptop.device_id])
    assert late.accepted == 1
    with office.read() as session:
        noted = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc())).first()
    assert json.loads(noted.detail)["admitted"] == laptop.device_id
    assert receive(office, before).already == 1
    dated_back = forge(
        laptop, office, tmp_path / "back.cyb",
        [revision(laptop, "inspection", "8" * 32, dict(HEADER))],
        change=lambda m: replaced(m, made_at=STARTED.strftime("%Y-%m-%dT%H:%M:%S.%fZ")),
    )  # fmt: skip
    (lying,) = import_packages(office, paths=[dated_back], admit=[laptop.device_id])
    assert reason(lying) == "sync.revoked_signer"
