"""Anything pressed anywhere, in both roles: no error, no lost answer, a window that lives.

A failure prints its seed and its last steps; ``WALK_SEED`` and ``WALK_STEPS`` walk it again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from app import vault
from app.services.visits import inspection_ids
from app.ui.application import Session
from app.ui.crash import CrashPath
from app.vocabulary import Role
from tests.conftest import PASSPHRASE, FakeClock, open_copy
from tests.services.parcels import introduce, receive, send
from tests.ui.desks import finished_visit, found_visit
from tests.ui.walking import Walk

SEED = int(os.environ.get("WALK_SEED", "0"))
STEPS = int(os.environ.get("WALK_STEPS", "10000"))
SHORT = 100


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
) -> Iterator[Callable[[Role, int, int], Walk]]:
    """Open the program on a home and give the walk through it."""
    made: list[tuple[Session, CrashPath]] = []
    real, keys = vault.unlock, {}

    def unlock(folder: Path, passphrase: str) -> vault.Vault:
        if passphrase != PASSPHRASE or folder not in keys:
            keys[folder] = real(folder, passphrase).secrets()
        return vault.Vault(folder, *keys[folder])

    monkeypatch.setattr(vault, "unlock", unlock)

    def start(role: Role, seed: int, steps: int) -> Walk:
        crashes = CrashPath(homes[role])
        session = Session(qapp, homes[role], crashes)
        made.append((session, crashes))
        walk = Walk(session, seed, steps, files)
        _answer_the_system(monkeypatch, walk, homes[role].parent)
        session.begin()
        session.unlock.passphrase_page.submitted.emit(PASSPHRASE)
        qtbot.waitUntil(lambda: session.shell is not None and session.unlock is None)
        if role is Role.INSPECTOR:
            walk.visits = inspection_ids(session._opened.place)
        return walk

    yield start
    for session, crashes in made:
        session.end()
        crashes.uninstall()
        for window in QApplication.topLevelWidgets():
            window.hide()
            window.deleteLater()


def _answer_the_system(monkeypatch: pytest.MonkeyPatch, walk: Walk, folder: Path) -> None:
    """Files and folders instead of the system's dialogs, which no test can reach."""

    def one(*_: object, **__: object) -> tuple[str, str]:
        return str(walk.chance.choice([*walk.files, ""])), ""

    def many(*_: object, **__: object) -> tuple[list[str], str]:
        return [str(path) for path in walk.chance.sample(walk.files, walk.chance.randrange(3))], ""

    def directory(*_: object, **__: object) -> str:
        return walk.chance.choice(["", str(folder / "文件")])

    def target(*call: object, **__: object) -> tuple[str, str]:
        name = Path(str(call[2])).name if len(call) > 2 else "out"
        return walk.chance.choice(["", str(folder / "文件" / name)]), ""

    for name, answer in (
        ("getOpenFileName", one), ("getOpenFileNames", many), ("getExistingDirectory", directory),
        ("getSaveFileName", target),
    ):  # fmt: skip
        monkeypatch.setattr(QFileDialog, name, staticmethod(answer))
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(bool))


def prove(walk: Walk, caplog: pytest.LogCaptureFixture) -> None:
    walk.go()
    said = [f"{r.name}: {r.getMessage()}" for r in caplog.records if r.levelno >= logging.WARNING]
    assert not walk.faults, f"{walk.faults}\n{walk.told()}"
    assert not said, f"{said}\n{walk.told()}"
    assert walk.session.shell is not None


@pytest.mark.parametrize("role", list(Role))
def test_a_short_walk_harms_nothing(begin, role: Role, caplog: pytest.LogCaptureFixture):
    walk = begin(role, SEED or 20, SHORT)
    prove(walk, caplog)
    assert {"click", "key", "open"} <= set(walk.counts)


@pytest.mark.torture
@pytest.mark.parametrize("role", list(Role))
def test_a_long_walk_harms_nothing(begin, role: Role, caplog: pytest.LogCaptureFixture):
    walk = begin(role, SEED or 1, STEPS)
    prove(walk, caplog)
    print(walk.counts)
    for name, seconds in sorted(walk.slowest.items(), key=lambda row: -row[1]):
        print(f"{seconds * 1000:6.0f} ms  {name}")
    if role is Role.INSPECTOR:
        assert walk.counts["answers"] > 0
