"""The frozen program gets every data file: its list (``pyproject.toml``) is held against the tree."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUNDLED: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["tool"]["chayan"]["bundled"]


def files(pattern: str) -> set[str]:
    found = (path for path in ROOT.glob(pattern) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in found}


@pytest.mark.parametrize("pattern", BUNDLED)
def test_each_pattern_finds_something(pattern: str) -> None:
    assert files(pattern)


def test_no_data_file_is_left_behind() -> None:
    data = {
        name for name in files("app/**/*") | files("resources/**/*") if not name.endswith((".py", ".pyc"))
    }
    assert data - set().union(*map(files, BUNDLED)) == set()


def test_migrations_travel_as_files() -> None:
    # Alembic reads its scripts from disk, in the frozen program too.
    scripts = files("app/models/migrations/**/*.py")
    assert scripts
    assert scripts <= set().union(*map(files, BUNDLED))


def test_data_is_read_where_the_bundle_puts_it() -> None:
    from app.files import catalog, resource

    assert resource("wording", "labels.toml").is_file()
    assert (catalog("models", "migrations") / "env.py").is_file()
