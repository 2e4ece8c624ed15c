"""Strictness for every test: no screen, Qt's messages fail (see ``pyproject.toml``), no real data folder.

Warnings are errors and Qt messages from WARNING upward fail a test; each tolerated one stands in
``pyproject.toml`` with its reason. Fixtures of the store and the window follow below.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from app import bootstrap, vault
from app.bootstrap import OpenHome
from app.services.workplace import Owner, Workplace
from app.vocabulary import Role

# Before anything imports Qt: tests never open a window on the developer's screen.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# No test is about time: an example that took long says that the machine was busy, not that a rule is broken.
settings.register_profile("chayan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("chayan")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long harnesses out, whatever else `-m` says, unless they are named."""
    if "torture" not in config.option.markexpr:
        long = [item for item in items if item.get_closest_marker("torture")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(autouse=True)
def no_real_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point every default folder at an empty place, so that no test can meet a person's own data."""
    home = tmp_path_factory.mktemp("home")
    for name in ("CHAYAN_PASSPHRASE", "CHAYAN_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHAYAN_HOME", str(home / "chayan"))
    monkeypatch.setenv("HOME", str(home))
    return home


PASSPHRASE = "correct horse battery"


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **step: int) -> None:
        self.moment += timedelta(**step)


@pytest.fixture
def clock() -> FakeClock:
    """Wednesday 2026-08-12, half past nine in China."""
    return FakeClock(datetime(2026, 8, 12, 1, 30, tzinfo=UTC))


INSTALLED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""When the homes of the tests were made: before anything that happens in them."""


def _made_home(folder: Path, owner: Owner) -> Path:
    with bootstrap.create_home(folder, PASSPHRASE, owner, clock=FakeClock(INSTALLED)):
        pass
    return folder


# Making a vault and opening it costs a second each (age's scrypt), so each kind of home is made
# once and copied, and its unlocked vault is reused.
@pytest.fixture(scope="session")
def office_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A supervisor's home as `init` makes it."""
    owner = Owner(Role.SUPERVISOR, "宜春市市场监督管理局", "黎国平", "赣C36090100")
    return _made_home(tmp_path_factory.mktemp("template") / "office", owner)


@pytest.fixture(scope="session")
def laptop_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inspector's home as `init` makes it."""
    owner = Owner(Role.INSPECTOR, "袁州区市场监督管理局", "彭建华", "赣C36090001")
    return _made_home(tmp_path_factory.mktemp("template") / "laptop", owner)


_KEYS: dict[Path, tuple[str, bytes, bytes]] = {}


def open_copy(template: Path, home: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> OpenHome:
    """Copy a template to ``home`` and open it; only the first opening pays for scrypt."""
    shutil.copytree(template, home)
    real = vault.unlock

    def cached(folder: Path, passphrase: str) -> vault.Vault:
        assert passphrase == PASSPHRASE
        if template not in _KEYS:
            opened = real(folder, passphrase)
            _KEYS[template] = opened.secrets()
        return vault.Vault(folder, *_KEYS[template])

    with monkeypatch.context() as patch:
        patch.setattr(vault, "unlock", cached)
        return bootstrap.open_home(home, PASSPHRASE, clock=clock)


@pytest.fixture
def office(
    office_template: Path, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workplace]:
    """A fresh supervisor's workplace on a real store."""
    with open_copy(office_template, tmp_path / "office", clock, monkeypatch) as place:
        yield place


@pytest.fixture
def laptop(
    laptop_template: Path, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workplace]:
    """A fresh inspector's workplace on a real store."""
    with open_copy(laptop_template, tmp_path / "laptop", clock, monkeypatch) as place:
        yield place
