"""Homes for the command line, and a console that runs it and hands back what it printed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app import vault
from app.cli.program import run

PASSPHRASE = "correct horse battery"


@dataclass(frozen=True)
class Printed:
    """What one command line answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        return json.loads(self.out)


Console = Callable[..., Printed]


@pytest.fixture
def console(capsys: pytest.CaptureFixture[str]) -> Console:
    """Run a command line in this process."""

    def type_in(*arguments: object) -> Printed:
        capsys.readouterr()
        code = run([str(each) for each in arguments])
        return Printed(int(code), *capsys.readouterr())

    return type_in


_KEYS: dict[str, tuple[str, bytes, bytes]] = {}


@pytest.fixture
def unlocked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pay for age's scrypt once for each vault; a wrong passphrase meets the real thing."""
    real = vault.unlock

    def cached(folder: Path, passphrase: str) -> vault.Vault:
        sealed = (folder / vault.KEY_FILE).read_bytes().hex()
        if passphrase != PASSPHRASE:
            return real(folder, passphrase)
        if sealed not in _KEYS:
            _KEYS[sealed] = real(folder, passphrase).secrets()
        return vault.Vault(folder, *_KEYS[sealed])

    monkeypatch.setattr(vault, "unlock", cached)
    monkeypatch.setenv("CHAYAN_PASSPHRASE", PASSPHRASE)


@pytest.fixture
def office_home(
    office_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unlocked_once: None
) -> Path:
    """A supervisor's home, the default one of this test."""
    home = Path(shutil.copytree(office_template, tmp_path / "office"))
    monkeypatch.setenv("CHAYAN_HOME", str(home))
    return home


@pytest.fixture
def laptop_home(laptop_template: Path, tmp_path: Path, unlocked_once: None) -> Path:
    """An inspector's home."""
    return Path(shutil.copytree(laptop_template, tmp_path / "laptop"))
