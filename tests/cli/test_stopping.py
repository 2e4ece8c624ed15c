"""Ctrl+C in a process of its own: the work stops, tells so, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app import bootstrap
from app.services import handover, merging
from app.services.workplace import Workplace
from tests.cli.conftest import PASSPHRASE
from tests.services.parcels import evidence_files, introduce, make_task, make_visit

ROOT = Path(__file__).resolve().parents[2]
VISITS, PHOTO = 24, 4 << 20
"""A hundred megabytes: long enough for a key to be pressed in the middle."""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no SIGINT to another process")


@pytest.fixture
def laden(office_home: Path, laptop_home: Path, tmp_path: Path) -> tuple[Path, Path]:
    """An office, and a laptop with much evidence."""
    chance = random.Random(2)
    with (
        bootstrap.open_home(office_home, PASSPHRASE) as office,
        bootstrap.open_home(laptop_home, PASSPHRASE) as laptop,
    ):
        introduce(office, laptop, tmp_path)
        make_task(office, laptop.device_id)
        for number in range(VISITS):
            make_visit(laptop, f"{number:032x}", photo=chance.randbytes(PHOTO))
    return office_home, laptop_home


def interrupted(home: Path, *command: object, once: Callable[[], bool]) -> tuple[int, dict[str, object], str]:
    """Run a command line and press Ctrl+C as soon as ``once`` holds: exit code, document, stderr."""
    line = [sys.executable, "-m", "app", "--home", str(home), "--json", *map(str, command)]
    environment = {**os.environ, "CHAYAN_PASSPHRASE": PASSPHRASE}
    with subprocess.Popen(
        line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None and not once():
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    return process.returncode, json.loads(out), err


def untouched(place: Workplace) -> None:
    assert handover.history(place) == ()
    assert not [path.name for path in place.home.rglob("*.part")]
    for name in ("outbox", "staging"):
        assert not [each.name for each in (place.home / name).glob("*")]


@pytest.mark.parametrize("split", [(), ("--split", "20M")])
def test_an_export_stops_and_can_be_done_again(
    laden: tuple[Path, Path], tmp_path: Path, split: tuple[str, ...]
) -> None:
    _, home = laden
    out = tmp_path / "stick"
    out.mkdir()
    watched = home / "outbox" if split else out
    code, document, err = interrupted(
        home, "package", "export", out, *split, once=lambda: any(watched.glob(".*.part"))
    )
    assert (code, document["problems"][0]["code"]) == (130, "sync.cancelled")  # type: ignore[index]
    assert "Ctrl+C" in err
    assert list(out.iterdir()) == []
    with bootstrap.open_home(home, PASSPHRASE) as laptop:
        untouched(laptop)
        assert handover.unexported(laptop).records == VISITS
        assert handover.export_package(laptop, out=out).records == VISITS


def test_an_import_stops_and_can_be_done_again(laden: tuple[Path, Path], tmp_path: Path) -> None:
    office_home, home = laden
    with bootstrap.open_home(home, PASSPHRASE) as laptop:
        package = handover.export_package(laptop, out=tmp_path).path
    staging = office_home / "staging"
    code, document, _ = interrupted(
        office_home, "package", "import", package, once=lambda: any(staging.glob("*/*"))
    )
    (told,) = document["packages"]  # type: ignore[misc]
    assert (code, told["problem"]["code"]) == (130, "sync.cancelled")
    assert not list(tmp_path.glob("*.receipt"))
    with bootstrap.open_home(office_home, PASSPHRASE) as office:
        untouched(office)
        assert evidence_files(office) == set()
        (done,) = merging.import_packages(office, paths=[package])
        assert (done.problem, done.accepted) == (None, VISITS)
        assert len(evidence_files(office)) == VISITS + 1


def test_a_second_press_ends_the_program_and_the_next_export_tidies_up(
    laden: tuple[Path, Path], tmp_path: Path
) -> None:
    _, home = laden
    out = tmp_path / "stick"
    out.mkdir()
    line = [sys.executable, "-m", "app", "--home", str(home), "package", "export", str(out)]
    environment = {**os.environ, "CHAYAN_PASSPHRASE": PASSPHRASE}
    with subprocess.Popen(line, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not any(out.glob(".*.part")):
            time.sleep(0.001)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.0005)
    assert process.returncode == 130
    assert not list(out.glob("*.cyb"))
    with bootstrap.open_home(home, PASSPHRASE) as laptop:
        assert handover.history(laptop) == ()
        made = handover.export_package(laptop, out=out)
        assert list(out.iterdir()) == [made.path]
