"""Every code that can be raised has a sentence and a remedy; every coded word has a label."""

from __future__ import annotations

import ast
import io
import json
import re
import string
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
import pytest

from app import vocabulary
from app.errors import BadInput, Place, Problem
from app.vocabulary import Scheme
from app.wording import label, labels, sentence, spoken_reason

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


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    rank: Annotated[int, msgspec.Meta(ge=1)] = 1
    day: date | None = None
    kind: Scheme | None = None


@pytest.mark.parametrize(
    "entry, said",
    [
        ({}, "缺少 id"),
        ({"id": 5}, "id 应为文字，写的是整数"),
        ({"id": "a", "rank": 0}, "rank 应为不小于 1 的整数"),
        ({"id": "a", "other": 1}, "没有 other 这一项"),
        ({"id": "a", "day": "8月1日"}, "day 日期要写成 2026-08-01 的样子"),
        ({"id": "a", "kind": "sure"}, "kind “sure”不是可以用的值"),
        ([], "应为一组字段，写的是列表"),
    ],
)
def test_what_the_reader_of_entries_says_is_told_in_chinese(entry: object, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(entry, _Entry)
    assert spoken_reason(str(caught.value)) == said


@pytest.mark.parametrize(
    "read, said",
    [
        (lambda: tomllib.loads("id = ?"), "第 1 行第 6 个字符附近不合 TOML 的写法"),
        (lambda: tomllib.loads("[a"), "文件在没有写完的地方结束了"),
        (lambda: b"\xcc\xec".decode("utf8"), "不是 UTF-8 编码"),
        (lambda: json.loads("{]"), "第 1 行第 2 个字符附近不合 JSON 的写法"),
        (lambda: msgspec.json.decode(b"{]"), "第 1 个字节附近不合 JSON 的写法"),
        (lambda: msgspec.json.decode(b"{"), "文件不完整"),
        (lambda: zipfile.ZipFile(io.BytesIO(b"PK")), "文件不完整，或不是 Excel、Word 文件"),
        (lambda: Path("没有.toml").read_bytes(), "没有这个文件"),
    ],
)
def test_what_other_readers_say_is_told_in_chinese(read: Callable[[], object], said: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011  each library has its own
        read()
    assert spoken_reason(str(caught.value)) == said


def test_a_reason_that_nobody_knows_is_shown_as_it_is() -> None:
    assert spoken_reason("something new") == "something new"
