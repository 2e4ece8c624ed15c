"""Homes that can be set up a thousand times: made once, copied, and opened without scrypt."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app import bootstrap
from app.models.store import open_store
from app.services import integrity, merging
from app.services.workplace import Owner, Workplace
from app.vault import Vault
from app.vocabulary import Role
from tests.conftest import PASSPHRASE, FakeClock
from tests.services.parcels import introduce, make_task, make_visit, send

Secrets = tuple[str, bytes, bytes]
START = datetime(2026, 8, 12, 1, 30, tzinfo=UTC)
OWNERS = {
    "city": Owner(Role.SUPERVISOR, "宜春市市场监督管理局", "钟丽", "赣C36090200"),
    "office": Owner(Role.SUPERVISOR, "袁州区市场监督管理局", "黎国平", "赣C36090100"),
    "laptop": Owner(Role.INSPECTOR, "袁州区市场监督管理局", "彭建华", "赣C36090001"),
    "second": Owner(Role.INSPECTOR, "袁州区市场监督管理局", "易晓燕", "赣C36090003"),
}


@dataclass(frozen=True)
class Stage:
    """The templates and their keys."""

    folder: Path
    secrets: dict[str, Secrets]

    def fresh(self, name: str, into: Path) -> Path:
        """A copy of a home."""
        return Path(shutil.copytree(self.folder / name, into / name))

    @contextmanager
    def opened(self, name: str, home: Path, clock: FakeClock | None = None) -> Iterator[Workplace]:
        """Open a home as the program does, leftovers of a killed import swept."""
        vault = Vault(home, *self.secrets[name])
        store = open_store(home, vault.database_key)
        place = Workplace(home, vault, store, OWNERS[name], clock=clock or FakeClock(START))
        try:
            merging.sweep(place)
            yield place
        finally:
            store.close()


def make_stage(folder: Path) -> Stage:
    """A county's office with two laptops, and its city above it; the first laptop has a finished visit."""
    secrets: dict[str, Secrets] = {}
    clock = FakeClock(START)
    for name, owner in OWNERS.items():
        with bootstrap.create_home(folder / name, PASSPHRASE, owner, clock=clock) as place:
            secrets[name] = place.vault.secrets()
    stage = Stage(folder, secrets)
    with (
        stage.opened("city", folder / "city", clock) as city,
        stage.opened("office", folder / "office", clock) as office,
        stage.opened("laptop", folder / "laptop", clock) as laptop,
        stage.opened("second", folder / "second", clock) as second,
    ):
        introduce(city, office, folder)
        introduce(office, laptop, folder)
        introduce(office, second, folder)
        make_task(office, laptop.device_id)
        make_visit(laptop, photo=random.Random(1).randbytes(150_000))
        for place in (laptop, second):
            merging.import_packages(place, paths=[send(office, folder, place.device_id)])
    return stage


def faults(place: Workplace) -> list[str]:
    """Everything that is wrong with a home: pages, journal, evidence, orphans, leftovers."""
    checks = (integrity.store_pages, integrity.journal_chain, integrity.evidence_files, integrity.orphans)
    found = [problem.code for check in checks for problem in check(place)]
    staged = place.home / "staging"
    found += [f"staged {path.name}" for path in staged.iterdir()] if staged.is_dir() else []
    found += [f"left {path.name}" for path in place.home.rglob("*.part")]
    return found
