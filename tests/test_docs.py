"""Pictures and links in the documents agree with the tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from app.cli.program import build
from app.models.lifecycle import STEPS
from tests.test_architecture import FLOORS

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def test_lives_are_drawn_as_they_are_coded() -> None:
    drawn = re.findall(r"(\w+) --> (\w+)", (ROOT / "docs/architecture.md").read_text("utf8"))
    coded = [
        (now, then) for steps in STEPS.values() for now, following in steps.items() for then in following
    ]
    assert sorted(drawn) == sorted((now.value, then.value) for now, then in coded)


def test_the_drawn_house_has_every_room_on_its_floor() -> None:
    """Each floor of the picture, from the ground up, names the rooms that the rule of imports knows."""
    drawing = (ROOT / "docs/images/house.svg").read_text("utf8")
    floors = [
        re.findall(r'class="name(?:-right)?"[^>]*>(\w+)<', part) for part in drawing.split('class="floor"')
    ]
    assert [set(floor) for floor in reversed(floors) if floor] == [
        *FLOORS[:-1]
    ]  # the roof names python -m app


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", page.read_text("utf8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_menu_entries_exist(page: Path) -> None:
    menu = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", page.read_text("utf8"))) <= menu


def commands() -> dict[str, set[str]]:
    """Each command with what stands below it; nothing for one that is no group."""
    found = vars(get_command(build()))["commands"]
    return {name: set(vars(command).get("commands", ())) for name, command in found.items()}


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_commands_exist(page: str) -> None:
    table = [
        line.split("|")[1] for line in (ROOT / page).read_text("utf8").splitlines() if line.startswith("| `")
    ]
    named = [
        span.split() for row in table for span in re.findall(r"`([^`]+)`", row) if not span.startswith("-")
    ]
    known = commands()
    assert len(named) > 15
    assert [words for words in named if words[0] not in known] == []
    assert [words for words in named if known[words[0]] and words[1] not in known[words[0]]] == []
