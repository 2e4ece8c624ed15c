"""Room on both sides is asked for before anything is written, and asked for rightly."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from app.errors import BadInput, EnvironmentFault
from app.files import RESERVE, make_folder
from app.models.base import new_id
from app.services import handover, merging, room
from app.services.workplace import Workplace
from app.sync.package import Manifest
from tests.services.forge import decrypted
from tests.services.parcels import Pair, evidence_files, introduce, make_task, make_visit, receive, send

PHOTO = random.Random(4).randbytes(3 << 20)


@pytest.fixture
def pair(office: Workplace, laptop: Workplace, tmp_path: Path) -> Pair:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    make_visit(laptop, photo=PHOTO)
    return office, laptop


class Disks:
    """Disks that hold a given number of bytes besides the reserve, by the name of a folder on each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **free: int) -> None:
        self.free = free
        monkeypatch.setattr(room, "disk_of", self.disk_of)
        monkeypatch.setattr("shutil.disk_usage", self.usage)

    def _name(self, folder: Path) -> str:
        return next((name for name in self.free if name in folder.parts), "")

    def disk_of(self, folder: Path) -> int:
        return sorted(self.free).index(name) if (name := self._name(folder)) else -1

    def usage(self, folder: Path) -> SimpleNamespace:
        return SimpleNamespace(free=RESERVE + self.free.get(self._name(Path(folder)), 1 << 50))


def refused(place: Workplace, out: Path, split: int | None = None) -> str:
    """The folder that an export was refused for; nothing is written."""
    with pytest.raises(EnvironmentFault) as error:
        handover.export_package(place, out=out, split=split)
    assert error.value.problem.code == "disk.too_small"
    assert list(out.iterdir()) == []
    assert not list((place.home / "outbox").glob("*"))
    assert handover.history(place) == ()
    return Path(error.value.problem.where.file or "").name


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_the_stick_must_hold_the_package(pair: Pair, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, laptop = pair
    disks = Disks(monkeypatch, stick=len(PHOTO))
    assert refused(laptop, stick) == "stick"
    assert refused(laptop, stick, split=1_000_000) == "stick"
    disks.free["stick"] = int(len(PHOTO) * 1.01)
    assert handover.export_package(laptop, out=stick).blobs == 2


def test_the_home_must_hold_a_package_until_it_is_split(
    pair: Pair, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, laptop = pair
    disks = Disks(monkeypatch, laptop=len(PHOTO))
    assert refused(laptop, stick, split=1_000_000) == "laptop"
    # What a killed export left there does not count: it goes first.
    left = make_folder(laptop.home / "outbox") / "left.cyb"
    left.write_bytes(b"half")
    assert refused(laptop, stick, split=1_000_000) == "laptop"
    disks.free["laptop"] = int(len(PHOTO) * 1.01)
    assert len(handover.export_package(laptop, out=stick, split=1_000_000).volumes) == 4


def test_on_one_disk_the_package_and_its_volumes_add_up(
    pair: Pair, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, laptop = pair
    top = stick.parent.name
    disks = Disks(monkeypatch, **{top: int(len(PHOTO) * 1.5)})
    refused(laptop, stick, split=1_000_000)
    disks.free[top] = int(len(PHOTO) * 2.02)
    assert len(handover.export_package(laptop, out=stick, split=1_000_000).volumes) == 4


def test_even_a_home_that_only_notes_what_was_sent_needs_room(
    pair: Pair, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, laptop = pair
    Disks(monkeypatch, laptop=100)
    assert refused(laptop, stick) == "laptop"


def test_an_import_asks_for_what_is_new_here(
    pair: Pair, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, laptop = pair
    package = send(laptop, stick)
    disks = Disks(monkeypatch, office=len(PHOTO))
    done = receive(office, package)
    assert done.problem is not None
    assert done.problem.code == "disk.too_small"
    assert evidence_files(office) == set()
    assert not list(stick.glob("*.receipt"))
    disks.free["office"] = len(PHOTO) + 100_000
    assert receive(office, package).accepted == 1
    # All of it is here now: taking it in again needs next to nothing.
    disks.free["office"] = 100_000
    assert receive(office, package).already == 1
    assert receive(office, send(laptop, stick, whole=True)).already == 1


def test_too_many_volumes_are_refused_before_the_package_is_made(pair: Pair, stick: Path) -> None:
    _, laptop = pair
    with pytest.raises(BadInput, match="too_many_volumes"):
        handover.export_package(laptop, out=stick, split=2_000)
    assert list(stick.iterdir()) == []
    assert handover.history(laptop) == ()


def test_the_estimates_hold(pair: Pair, tmp_path: Path) -> None:
    """Never less than is taken, and not much more."""
    office, laptop = pair
    chance = random.Random(8)
    for _ in range(120):
        make_visit(laptop, new_id(), photo=chance.randbytes(2_000))
    with pytest.raises(BadInput, match="cancelled"):  # only sealed
        handover.export_package(laptop, out=tmp_path, cancelled=lambda: True)
    used = taken(laptop.home)
    made = handover.export_package(laptop, out=tmp_path)
    arrival = manifest_of(office, made.path)
    assert made.bytes <= room.package_size(arrival) <= made.bytes * 1.05
    assert taken(laptop.home) - used <= room.notes_size(made.revisions + made.blobs)
    used = taken(office.home)
    wanted = room.import_size(arrival, office.device_id, sum(each.size for each in arrival.blobs))
    (done,) = merging.import_packages(office, paths=[made.path])
    assert (done.problem, done.accepted) == (None, 121)
    grown = taken(office.home) - used
    assert grown <= wanted <= grown * 2


def taken(home: Path) -> int:
    """Bytes that a home takes."""
    return sum(path.stat().st_size for path in home.rglob("*") if path.is_file())


def manifest_of(receiver: Workplace, path: Path) -> Manifest:
    with zipfile.ZipFile(io.BytesIO(decrypted(receiver, path))) as archive:
        return msgspec.json.decode(archive.read("manifest.json"), type=Manifest)
