"""Every code that can be raised has a sentence and a remedy; every coded word has a label."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest

from app import vocabulary
from app.errors import BadInput, Place, Problem
from app.wording import label, labels, sentence

ROOT = Path(__file__).resolve().parents[1]
NOTHING = {"message": "", "remedy": ""}
PLACE = {"file", "row"}  # filled in from where the problem is
FAMILIES = ("BadInput", "EnvironmentFault")
WORDS = [
    word
    for word in vars(vocabulary).values()
    if isinstance(word, type) and word.__module__ == vocabulary.__name__
]


@dataclass(frozen=True)
class Made:
    """A problem made with a literal code: where, which, and the value names it gets (None: computed)."""

    where: str
    code: str
    values: frozenset[str] | None


@cache
def made_in_source() -> tuple[Made, ...]:
    return tuple(made for path in sorted((ROOT / "app").rglob("*.py")) for made in made_in(path))


def made_in(path: Path) -> Iterator[Made]:
    for node in ast.walk(ast.parse(path.read_text("utf8"), str(path))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        maker, code = node.func.id, node.args[0]
        if isinstance(code, ast.Constant) and isinstance(code.value, str) and maker in (*FAMILIES, "Problem"):
            values = keyword_names(node) if maker in FAMILIES else dict_names(node)
            yield Made(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", code.value, values)


def keyword_names(call: ast.Call) -> frozenset[str] | None:
    """Names in ``BadInput("code", place, name=…)``."""
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name)


def dict_names(call: ast.Call) -> frozenset[str] | None:
    """Names in ``Problem("code", place, {"name": …})``."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "values"]
    values = [*named, *call.args[2:3]]
    if not values:
        return frozenset()
    keys = values[0].keys if isinstance(values[0], ast.Dict) else [None]
    known = [key.value for key in keys if isinstance(key, ast.Constant)]
    return frozenset(map(str, known)) if len(known) == len(keys) else None


@cache
def sentences() -> dict[str, dict[str, str]]:
    found = {}
    for path in sorted((ROOT / "resources/wording").glob("problems-*.toml")):
        area = path.stem.removeprefix("problems-")
        table = tomllib.loads(path.read_text("utf8"))
        found |= {f"{area}.{word}": entry for word, entry in table.items()}
    return found


def placeholders(entry: dict[str, str]) -> set[str]:
    parts = string.Formatter().parse(entry["message"] + entry["remedy"])
    return {name for _, name, _, _ in parts if name is not None}


def test_every_code_has_a_sentence() -> None:
    silent = [f"{made.where}: {made.code}" for made in made_in_source() if made.code not in sentences()]
    if silent:
        pytest.fail("\n".join(silent), pytrace=False)


def test_every_placeholder_gets_its_value() -> None:
    empty = [
        f"{made.where}: {made.code} lacks {', '.join(sorted(missing))}"
        for made in made_in_source()
        if made.values is not None
        if (missing := placeholders(sentences().get(made.code, NOTHING)) - made.values - PLACE)
    ]
    if empty:
        pytest.fail("\n".join(empty), pytrace=False)


def test_every_sentence_has_a_remedy() -> None:
    assert [code for code, entry in sentences().items() if not (entry["message"] and entry["remedy"])] == []


def test_placeholders_are_plain_names() -> None:
    odd = {code: placeholders(entry) for code, entry in sentences().items()}
    assert {code: names for code, names in odd.items() if not all(map(str.isidentifier, names))} == {}


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words.__name__)
def test_every_word_has_a_label(words: type[StrEnum]) -> None:
    named = re.search(r"\(``(\w+)``\)", words.__doc__ or "")
    assert named, f"{words.__name__} does not name its vocabulary"
    assert {word.value for word in words} <= labels(named[1]).keys()


def test_a_sentence_is_filled_in() -> None:
    told = sentence(Problem("disk.too_small", Place(file="/data"), {"wanted": 20, "free": 3}))
    assert "20" in told.message
    assert told.remedy


def test_an_unknown_code_shows_itself() -> None:
    assert sentence(BadInput("no.such_code", Place(file="a.xlsx"))).message == "no.such_code"


def test_an_unknown_word_shows_itself() -> None:
    assert label("role", "inspector") != "inspector"
    assert label("role", "stranger") == "stranger"
    assert label("role", None) == ""
