"""Anything pressed anywhere, in both roles: no error, nothing lost, no stall, a window that lives.

A failure prints its seed and its last steps; ``WALK_SEED`` and ``WALK_STEPS`` walk it again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from app import vault
from app.services.visits import inspection_ids
from app.ui.widgets.dialogs import FormDialog, Question
from app.vocabulary import Role
from tests.conftest import PASSPHRASE, FakeClock, open_copy
from tests.services.parcels import introduce, receive, send
from tests.ui.desks import finished_visit, found_visit
from tests.ui.restarting import Program, answer_the_system, everything
from tests.ui.walking import Walk
from tests.ui.watchdog import LIMIT

SEED = int(os.environ.get("WALK_SEED", "0"))
STEPS = int(os.environ.get("WALK_STEPS", "10000"))
SHORT = 100
PART = 2_000
"""Steps between two starts of the program."""
REST = 2.5
"""Seconds of rest before the program is killed: everything has to be in the store by then."""
SHOWN = 1.0
"""Seconds in which the program, started again, reads its lists and goes to where it was."""


@pytest.fixture
def homes(
    office_template: Path,
    laptop_template: Path,
    tmp_path: Path,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[Role, Path]:
    """An office and a laptop that know each other, each with a visit under way and one that is finished."""
    with (
        open_copy(office_template, tmp_path / "office", clock, monkeypatch) as office,
        open_copy(laptop_template, tmp_path / "laptop", clock, monkeypatch) as laptop,
    ):
        introduce(office, laptop, tmp_path)
        finished_visit(laptop)
        receive(office, send(laptop, tmp_path))
        found_visit(office)
        found_visit(laptop, "1.2")
    return {Role.SUPERVISOR: tmp_path / "office", Role.INSPECTOR: tmp_path / "laptop"}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """What the system's dialogs may give: a photo, a table, nonsense, a package."""
    folder = tmp_path / "文件"
    folder.mkdir()
    Image.new("RGB", (80, 60), "#607080").save(folder / "photo.jpg")
    (folder / "people.csv").write_text("姓名,执法证号\n易晓燕,赣C36090002\n", "utf8")
    (folder / "nonsense.xlsx").write_bytes(b"PK\x03\x04 nothing")
    return [*folder.iterdir(), *tmp_path.glob("*.cyb")]


@pytest.fixture
def begin(
    homes: dict[Role, Path], files: list[Path], qapp: QApplication, qtbot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Role, int], tuple[Program, Walk]]]:
    """Open the program on a home and give the walk through it."""
    made: list[Program] = []
    real, keys = vault.unlock, {}

    def unlock(folder: Path, passphrase: str) -> vault.Vault:
        if passphrase != PASSPHRASE or folder not in keys:
            keys[folder] = real(folder, passphrase).secrets()
        return vault.Vault(folder, *keys[folder])

    monkeypatch.setattr(vault, "unlock", unlock)

    def start(role: Role, seed: int) -> tuple[Program, Walk]:
        program = Program(qapp, homes[role], qtbot)
        made.append(program)
        walk = Walk(program.session, seed, files)
        answer_the_system(monkeypatch, walk, homes[role].parent)
        program.start()
        if role is Role.INSPECTOR:
            walk.visits = inspection_ids(program.session._opened.place)
        return program, walk

    yield start
    for program in made:
        program.kill()


def prove(program: Program, walk: Walk, steps: int, caplog: pytest.LogCaptureFixture) -> None:
    """Walk, rest, kill the program and start it again: the same place, and everything that was stored."""
    walk.go(steps)
    walk.rest(REST)
    if walk.ledger is not None:
        walk.faults += walk.ledger.look()
    said = [f"{r.name}: {r.getMessage()}" for r in caplog.records if r.levelno >= logging.WARNING]
    assert not walk.faults, f"{walk.faults}\n{walk.say()}"
    assert not said, f"{said}\n{walk.say()}"
    assert not left_over(), f"{left_over()}\n{walk.say()}"
    print(f"{walk.done:,} steps, {memory()} MB, {len(QApplication.allWidgets())} widgets")
    place, stored = program.place(), everything(program)
    walk.go_on_in(program.start_again())
    walk.rest(SHOWN)
    assert everything(program) == stored, walk.say()
    assert program.place() == place, walk.say()


def left_over() -> list[str]:
    """Forms that were put away and are still there."""
    forms = [each for each in QApplication.allWidgets() if isinstance(each, FormDialog | Question)]
    return [each.windowTitle() for each in forms if not each.isVisible()]


@pytest.mark.parametrize("role", list(Role))
def test_a_short_walk_harms_nothing(begin, role: Role, caplog: pytest.LogCaptureFixture):
    program, walk = begin(role, SEED or 20)
    prove(program, walk, SHORT, caplog)
    print(walk.stalls.table(10))
    assert {"click", "key", "open"} <= set(walk.counts)


@pytest.mark.torture
@pytest.mark.parametrize("role", list(Role))
def test_a_long_walk_harms_nothing(begin, role: Role, caplog: pytest.LogCaptureFixture):
    program, walk = begin(role, SEED or 1)
    while walk.done < STEPS:
        prove(program, walk, min(PART, STEPS - walk.done), caplog)
    print(dict(walk.counts), dict(walk.told))
    print(walk.stalls.table())
    if role is Role.INSPECTOR:
        assert walk.told["answer"] > 0
    assert not walk.stalls.over(LIMIT)


def memory() -> int:
    """The memory that this process holds, in MB; 0 where the system does not say."""
    said = Path("/proc/self/status")
    lines = said.read_text("ascii").splitlines() if said.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)
