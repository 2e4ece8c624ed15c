"""Strictness for every test: no screen, Qt's messages fail (see ``pyproject.toml``), no real data folder.

Warnings are errors and Qt messages from WARNING upward fail a test; each tolerated one stands in
``pyproject.toml`` with its reason. Fixtures of the store and the window follow below.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Before anything imports Qt: tests never open a window on the developer's screen.
os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture(autouse=True)
def no_real_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point every default folder at an empty place, so that no test can meet a person's own data."""
    home = tmp_path_factory.mktemp("home")
    for name in ("CHAYAN_PASSPHRASE", "CHAYAN_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CHAYAN_HOME", str(home / "chayan"))
    monkeypatch.setenv("HOME", str(home))
    return home
