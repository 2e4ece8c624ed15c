"""What is imported is declared, what is declared is pinned, what is pinned carries hashes."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
RUNTIME = [
    Requirement(text) for text in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["office"]]
]
DEVELOPMENT = [*RUNTIME, *map(Requirement, PROJECT["optional-dependencies"]["dev"])]

# Installed with PySide6-Essentials in the same version; the two are one thing.
TOGETHER = {"shiboken6"}


def entries(name: str) -> list[str]:
    """Requirement lines with their hashes, continuation lines joined."""
    text = (ROOT / name).read_text("utf8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip()]


def pinned(name: str) -> dict[str, str]:
    found = (re.match(r"([\w.-]+)==([\w.]+)", entry) for entry in entries(name))
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def libraries(folder: str) -> Iterator[tuple[str, str]]:
    """``file:line`` and first name of everything imported from outside."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf8"), str(path))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                root = name.partition(".")[0]
                if root not in sys.stdlib_module_names and not (ROOT / root).is_dir():
                    yield f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", root


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_each_entry_is_exact_and_hashed(name: str) -> None:
    loose = [
        entry
        for entry in entries(name)
        if not re.match(r"[\w.-]+==[^ ]+ .*--hash=sha256:[0-9a-f]{64}", entry)
    ]
    assert loose == []


@pytest.mark.parametrize(
    "name,wanted", [("requirements.txt", RUNTIME), ("requirements-dev.txt", DEVELOPMENT)]
)
def test_pins_lie_inside_the_ranges(name: str, wanted: list[Requirement]) -> None:
    pins = pinned(name)
    outside = [
        str(each)
        for each in wanted
        if not each.specifier.contains(pins.get(canonicalize_name(each.name), "0"))
    ]
    assert outside == []


def test_development_runs_what_people_run() -> None:
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()


@pytest.mark.parametrize("folder,wanted", [("app", RUNTIME), ("tests", DEVELOPMENT)])
def test_what_is_imported_is_declared(folder: str, wanted: list[Requirement]) -> None:
    declared = {canonicalize_name(each.name) for each in wanted} | TOGETHER
    owners = packages_distributions()
    undeclared = [
        f"{where}: {root}"
        for where, root in libraries(folder)
        if not {canonicalize_name(owner) for owner in owners.get(root, [])} & declared
    ]
    assert not undeclared, "\n" + "\n".join(undeclared)
