"""A package in volumes: out of one home, on any sticks, into the other."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from app.errors import BadInput, EnvironmentFault
from app.files import require_free_space
from app.services import handover, merging
from app.services.handover import Exported
from app.services.workplace import Workplace
from tests.services.parcels import Pair, introduce, make_task, make_visit, receive


@pytest.fixture
def pair(office: Workplace, laptop: Workplace, tmp_path: Path) -> Pair:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    make_visit(laptop, photo=random.Random(5).randbytes(250_000))
    return office, laptop


def exported(place: Workplace, folder: Path) -> Exported:
    folder.mkdir(exist_ok=True)
    return handover.export_package(place, out=folder, split=100_000)


def test_volumes_come_on_several_sticks_and_join(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    made = exported(laptop, tmp_path / "out")
    assert len(made.volumes) == 3
    assert made.path == made.volumes[0]
    assert sorted((tmp_path / "out").iterdir()) == sorted(made.volumes)
    assert not list((laptop.home / "outbox").iterdir())
    sticks = [tmp_path / "a", tmp_path / "b"]
    for stick in sticks:
        stick.mkdir()
    for number, path in enumerate(made.volumes):
        shutil.copy(path, sticks[number % 2])
    (part,) = merging.import_packages(office, paths=sticks[:1])
    assert part.problem is not None
    assert (part.problem.code, part.problem.values["numbers"]) == ("sync.volumes_missing", "2")
    (done,) = merging.import_packages(office, paths=sticks[::-1])
    assert (done.problem, done.accepted) == (None, 1)
    assert done.receipt is not None
    assert receive(laptop, done.receipt).answered == 1
    assert handover.history(office)[0].bytes == made.bytes


def test_one_volume_finds_the_others_beside_it(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    made = exported(laptop, tmp_path / "out")
    summary = handover.inspect_package(office, path=made.volumes[1])
    assert (summary.package_id, summary.bytes) == (made.package_id, made.bytes)
    assert receive(office, made.volumes[2]).accepted == 1
    made.volumes[0].unlink()
    with pytest.raises(BadInput, match="volumes_missing"):
        handover.inspect_package(office, path=made.volumes[1])


def test_a_damaged_volume_is_named_and_nothing_goes_in(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    made = exported(laptop, tmp_path / "out")
    content = bytearray(made.volumes[1].read_bytes())
    content[5000] ^= 1
    made.volumes[1].write_bytes(content)
    results = merging.import_packages(office, paths=[tmp_path / "out"])
    codes = [each.problem.code for each in results if each.problem is not None]
    assert codes == ["sync.volume_damaged", "sync.volumes_missing"]
    assert results[0].file == made.volumes[1].name


def test_cancelling_a_split_leaves_nothing(pair: Pair, tmp_path: Path) -> None:
    _, laptop = pair
    out = tmp_path / "out"
    out.mkdir()
    told: list[int] = []
    with pytest.raises(BadInput, match="cancelled"):
        handover.export_package(
            laptop, out=out, split=100_000,
            progress=lambda done, total: told.append(done), cancelled=lambda: len(told) > 6,
        )  # fmt: skip
    assert list(out.iterdir()) == []
    assert not list((laptop.home / "outbox").iterdir())
    assert handover.unexported(laptop).records == 1


def test_volumes_of_a_killed_export_go_and_no_others(pair: Pair, tmp_path: Path) -> None:
    """Killed while they got their names; a set that was written down may lie on two sticks."""
    _, laptop = pair
    out = tmp_path / "out"
    kept = exported(laptop, out).volumes
    kept[0].rename(tmp_path / kept[0].name)
    for out_name in ("", "交办公室.cyb"):

        def killed(step: str) -> None:
            if step == "split":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            handover.export_package(laptop, out=out / out_name, whole=True, split=100_000, at=killed)
    begun = sorted(set(out.iterdir()) - set(kept))
    assert len(begun) == 6
    named = [path for path in begun if path.name.startswith("交")]
    for path in (begun[0], named[0]):
        path.unlink()
    made = exported_again(laptop, out)
    assert sorted(out.iterdir()) == sorted([*kept[1:], *made])
    # A set that is whole is a package like any other: it stays.
    with pytest.raises(KeyboardInterrupt):
        handover.export_package(laptop, out=out, whole=True, split=100_000, at=killed)
    there = sorted(out.iterdir())
    assert set(there) < {*there, *exported_again(laptop, out)} == set(out.iterdir())


def exported_again(place: Workplace, folder: Path) -> tuple[Path, ...]:
    return handover.export_package(place, out=folder, whole=True, split=100_000).volumes


def test_joining_is_told_and_can_be_cancelled(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    made = exported(laptop, tmp_path / "out")
    told: list[tuple[int, int]] = []
    (done,) = merging.import_packages(
        office, paths=[tmp_path / "out"], cancelled=lambda: len(told) > 1,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert done.problem is not None
    assert done.problem.code == "sync.cancelled"
    assert handover.history(office) == ()
    (part, total), (rest, _) = told
    assert 0 < part < rest < total == sum(path.stat().st_size for path in made.volumes)
    told.clear()
    (done,) = merging.import_packages(
        office, paths=made.volumes, progress=lambda done, total: told.append((done, total))
    )
    assert done.accepted == 1
    verified = [done for done, of in told if of == total]
    assert len(verified) == 3
    assert total * 0.99 < verified[-1] <= total, "all of it, before anything is read"


def test_what_is_left_of_a_cancelled_import_is_not_begun(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    first = handover.export_package(laptop, out=tmp_path).path
    second = handover.export_package(laptop, out=tmp_path, whole=True).path
    done = merging.import_packages(office, paths=[first, second], cancelled=lambda: True)
    codes = [each.problem.code for each in done if each.problem is not None]
    assert codes == ["sync.cancelled", "sync.cancelled"]
    assert [each.file for each in done] == [first.name, second.name]
    assert handover.history(office) == ()


def test_too_little_space_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="too_small"):
        require_free_space(tmp_path, 1 << 60)
