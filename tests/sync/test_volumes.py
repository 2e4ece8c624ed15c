"""Volumes: pieces that join in any order, and never to something else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.errors import BadInput, EnvironmentFault
from app.sync import volumes
from app.wording import known_codes, sentence

CONTENT = random.Random(3).randbytes(300_000)


@pytest.fixture
def pieces(tmp_path: Path) -> tuple[Path, ...]:
    return made(tmp_path, CONTENT, "包")


def made(folder: Path, content: bytes, stem: str, size: int = 100_000) -> tuple[Path, ...]:
    whole = folder / "whole"
    whole.write_bytes(content)
    found = volumes.split(whole, folder, stem, size, lambda _: None)
    whole.unlink()
    return found


def codes(*paths: Path) -> list[str]:
    joined, problems = volumes.join(paths)
    assert joined == []
    for problem in problems:
        assert problem.code in known_codes("sync")
        assert "{" not in sentence(problem).message
    return [problem.code for problem in problems]


def test_every_order_joins_to_the_same_bytes(pieces: tuple[Path, ...]) -> None:
    assert [path.name for path in pieces] == [f"包.00{number}.cyv" for number in (1, 2, 3, 4)]
    assert all(path.stat().st_size <= 100_000 for path in pieces)
    for order in (pieces, pieces[::-1], pieces[2:] + pieces, [*pieces, *pieces]):
        (joined,), problems = volumes.join(order)
        with joined.open("rb") as source:
            assert source.read() == CONTENT
            source.seek(0)
            assert source.read(5) == CONTENT[:5]
        assert (problems, joined.size, joined.name) == ([], len(CONTENT), "包.001.cyv")


def test_two_packages_are_told_apart(pieces: tuple[Path, ...], tmp_path: Path) -> None:
    others = made(tmp_path, b"other" * 30_000, "另")
    joined, problems = volumes.join([*pieces[:2], *others, *pieces[2:]])
    assert (sorted(each.size for each in joined), problems) == ([150_000, 300_000], [])
    assert volumes.siblings(others[1]) == [others[1], others[0]]


def test_what_is_missing_is_named(pieces: tuple[Path, ...]) -> None:
    _, (problem,) = volumes.join([pieces[3], pieces[1]])
    assert (problem.code, problem.values["numbers"]) == ("sync.volumes_missing", "1, 3")


def test_every_damage_is_named_by_its_volume(pieces: tuple[Path, ...]) -> None:
    good = pieces[1].read_bytes()
    for offset in (0, 20, 100, 250, 5000, len(good) - 1):
        pieces[1].write_bytes(good[:offset] + bytes([good[offset] ^ 1]) + good[offset + 1 :])
        assert codes(*pieces)
    for content in (b"", good[:10], good[:300], good[:-1], good + b"x"):
        pieces[1].write_bytes(content)
        assert codes(*pieces)[0] in {"sync.not_a_volume", "sync.volume_damaged"}


def test_one_number_with_two_contents_is_refused(pieces: tuple[Path, ...], tmp_path: Path) -> None:
    volume = volumes.read_header(pieces[0])
    forged = tmp_path / "x.cyv"
    body = b"y" * volume.header.size
    header = volumes.canonical(
        {
            "count": 4, "number": 1, "package": volume.header.package,
            "sha256": volumes.hashlib.sha256(body).hexdigest(), "size": len(body),
        }
    )  # fmt: skip
    forged.write_bytes(b"chayan-volume/1\n" + header + b"\n" + body)
    assert codes(*pieces, forged) == ["sync.volumes_differ"]


@pytest.mark.parametrize(
    "text,size", [("650M", 650_000_000), ("4 GB", 4_000_000_000), ("100k", 100_000), ("64000", 64_000)]
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert volumes.parse_size(text) == size


@pytest.mark.parametrize("text", ["", "M", "1", "-5M", "5X", "63999", "1e9"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="bad_size"):
        volumes.parse_size(text)


def test_nothing_is_left_when_one_volume_fails(tmp_path: Path) -> None:
    def stop(_: int) -> None:
        if len(list(tmp_path.iterdir())) == 3:
            raise EnvironmentFault("disk.full")

    whole = tmp_path / "whole"
    whole.write_bytes(CONTENT)
    with pytest.raises(EnvironmentFault):
        volumes.split(whole, tmp_path, "包", 100_000, stop)
    assert list(tmp_path.iterdir()) == [whole]
    with pytest.raises(BadInput, match="too_many_volumes"):
        volumes.split(whole, tmp_path, "包", 600, stop)
