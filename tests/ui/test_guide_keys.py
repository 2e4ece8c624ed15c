"""The guide against the program: every key it names for a screen is there, and every step with a key is in it."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence, QShortcut

from app.services.workplace import Workplace
from app.ui import evidence
from app.ui.guide_text import FILE, folder, guide
from app.ui.jobs import Jobs
from app.ui.screen import Screen
from app.ui.screens import screens_for
from app.ui.shell import Shell
from app.ui.widgets.buttons import key_text
from tests.ui.desks import desk_of, found_visit

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(r"^\|\s*`([^`]+)`\s*\|\s*(\S.*?)\s*\|$")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
_QT_NAME = {"PageUp": "PgUp", "PageDown": "PgDown", "Delete": "Del", "Plus": "+", "Minus": "-"}


def sections() -> dict[str, str]:
    """The text of each section by its heading."""
    found: dict[str, str] = {}
    name = ""
    for line in guide().markdown.splitlines():
        if line.startswith("#"):
            name = line.lstrip("# ").strip()
        found[name] = f"{found.get(name, '')}{line}\n"
    return found


def keys_of(section: str) -> set[str]:
    """The keys of a section's table."""
    return {row[1] for line in section.splitlines() if (row := _ROW.match(line))}


def section_of(key: str, role: str) -> str:
    shipped = guide()
    return sections()[shipped.headings[shipped.page(key, role)].text]


def written(package: Path) -> set[str]:
    """Every key that the sources of a package name: in words, or as Qt calls it."""
    found: set[str] = set()
    for path in package.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) <= 16:
                found |= {key_text(node.value), node.value.upper()} if node.value.isascii() else set()
            elif isinstance(node, ast.Attribute) and node.attr.startswith("Key_"):
                name = node.attr.removeprefix("Key_")
                found.add(_QT_NAME.get(name, name).replace("Return", "Enter"))
    return found


def shortcuts(screen: Screen) -> set[str]:
    """The keys that work on a screen now."""
    made = {key_text(each.key().toString()) for each in screen.findChildren(QShortcut)}
    return made | {key_text(step.shortcut) for step in (*screen.screen_actions(), *screen.more_actions())}


@pytest.mark.parametrize("role", ["inspector", "supervisor"])
def test_keys_of_each_screen(role: str, laptop: Workplace, office: Workplace, show, qtbot) -> None:
    jobs = Jobs()
    visit = found_visit(laptop).id
    desk = desk_of(laptop if role == "inspector" else office, jobs)
    specs = screens_for(desk)
    shell = show(Shell("认证查验", ("局", "人"), specs))
    wrong = []
    for spec in specs:
        of_visit = role == "inspector" and spec.key in {"visit", "enforcement", "printing"}
        arguments: dict[str, object] = {"inspection_id": visit} if of_visit else {}
        shell.open(spec.key, **arguments)
        screen = shell.current()
        assert screen is not None
        qtbot.waitUntil(lambda: not jobs.is_busy())
        told = keys_of(section_of(spec.key, role))
        there = shortcuts(screen) | written(package_of(screen))
        offered = {key_text(step.shortcut) for step in screen.screen_actions() if step.shortcut}
        offered |= {key_text(step.shortcut) for step in screen.more_actions() if step.shortcut}
        wrong += [f"{spec.key}: the guide names {key}, which nothing does" for key in sorted(told - there)]
        wrong += [f"{spec.key}: {key} is not in the guide" for key in sorted(offered - told)]
    jobs.shutdown()
    assert not wrong, "\n".join(wrong)


def package_of(screen: Screen) -> Path:
    """The folder of the module a screen is written in."""
    spec = importlib.util.find_spec(type(screen).__module__)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def test_keys_of_the_evidence() -> None:
    there = written(Path(next(iter(evidence.__path__))))
    told = keys_of(sections()["证据"])
    assert told
    assert told - there == set()


def test_keys_of_the_window() -> None:
    told = keys_of(sections()["按键一览"])
    there = written(ROOT / "app" / "ui") | {"Ctrl+1"}
    assert {"Ctrl+K", "Ctrl+L", "F1", "Ctrl+,"} <= told
    assert told - there == set()


def test_every_key_of_the_guide_is_one() -> None:
    for section in sections().values():
        for key in keys_of(section):
            assert key_text(QKeySequence(key).toString()), key


def test_every_screen_has_a_picture_a_table_and_help_for_trouble() -> None:
    shipped, texts = guide(), sections()
    for number in set(shipped.pages.values()):
        section = texts[shipped.headings[number].text]
        assert keys_of(section), section[:20]
        [(words, _)] = _PICTURE.findall(section)
        assert len(words) > 6, "a picture is told in words too"
        last = [line for line in section.splitlines() if line][-1]
        assert not last.startswith("|"), f"{section[:20]}: nothing is said about trouble"


def test_the_script_makes_every_picture() -> None:
    text = (ROOT / ".ci" / "pictures.py").read_text("utf8")
    made = {
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    shown = _PICTURE.findall((folder() / FILE).read_text("utf8"))
    assert shown
    for _, path in shown:
        name = Path(path)
        assert (name.parent.as_posix(), name.suffix) == ("images", ".png")
        assert name.stem in made, f"no picture {name.stem} in .ci/pictures.py"


def test_what_is_said_about_trouble_is_what_the_program_says() -> None:
    """The remedies of the chapter stand in the sentences of the problems."""
    sentences = "".join(
        path.read_text("utf8") for path in sorted((ROOT / "resources" / "wording").glob("problems-*.toml"))
    )
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in sections()["常见提示和处理办法"].splitlines()
        if line.startswith("|") and "---" not in line
    ][1:]
    assert len(rows) > 10
    for message, remedy in rows:
        pieces = [piece for piece in re.split(r"[；，]", remedy) if len(piece) > 5]
        known = [piece for piece in pieces if piece in sentences]
        assert known, f"{message}: {remedy}"


def test_links_inside_lead_somewhere() -> None:
    shipped = guide()
    links = re.findall(r"\]\(#([^)]+)\)", shipped.markdown)
    assert links
    assert [link for link in links if shipped.linked(link) is None] == []
