"""Sentences for problem codes and Chinese labels for coded words, read from data.

``resources/wording/problems-<area>.toml`` holds one table per word of the area::

    [bad_check_digit]            # problems-intake.toml, code "intake.bad_check_digit"
    message = "统一社会信用代码 {value} 的校验位不对"
    remedy = "核对营业执照后更正；该行已收入并作标记"

``resources/wording/labels.toml`` holds one table per vocabulary (``[verdict]``), word → label;
``reasons.toml`` what libraries say of a broken file, so that no English reaches a sentence by its
``reason``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from app.errors import ChayanError, Problem
from app.files import resource


@dataclass(frozen=True, slots=True)
class Sentence:
    """What happened and what to do, ready to be shown."""

    message: str
    remedy: str


@cache
def _problems(area: str) -> dict[str, dict[str, str]]:
    path = resource("wording", f"problems-{area}.toml")
    return tomllib.loads(path.read_text("utf8")) if path.is_file() else {}


@cache
def _labels() -> dict[str, dict[str, str]]:
    return tomllib.loads(resource("wording", "labels.toml").read_text("utf8"))


@cache
def _reasons() -> tuple[tuple[tuple[re.Pattern[str], str], ...], dict[str, str]]:
    """Patterns of what libraries say with our words for it, and the names of kinds of values."""
    data = tomllib.loads(resource("wording", "reasons.toml").read_text("utf8"))
    return tuple((re.compile(each["pattern"]), each["text"]) for each in data["reason"]), data["kinds"]


_AT = re.compile(r" - at `\$\.?(?P<at>[^`]*)`")


def spoken_reason(reason: str) -> str:
    """What a library or the system says of a file, in Chinese where ``reasons.toml`` knows it."""
    known, kinds = _reasons()
    for pattern, text in known:
        if found := pattern.search(reason):
            kind_names = {name: _kind(value, kinds) for name, value in found.groupdict().items()}
            at = _AT.search(reason)
            where = f"{at['at']} " if at and at["at"] else ""
            return where + text.format_map(kind_names)
    return reason


def _kind(value: str, kinds: dict[str, str]) -> str:
    """A kind of value by its name, several of them as alternatives; any other value as it is."""
    named = [kinds.get(each, each) for each in value.split(" | ")]
    return label("separator", "or").join(named)


def sentence(problem: Problem | ChayanError) -> Sentence:
    """The sentence and remedy of a problem, its values filled in; unknown codes show themselves."""
    if isinstance(problem, ChayanError):
        problem = problem.problem
    area, _, word = problem.code.partition(".")
    entry = _problems(area).get(word)
    if entry is None:
        return Sentence(problem.code, "")
    where = {"file": problem.where.file or "", "row": problem.where.row or 0}
    values = where | problem.values
    if isinstance(reason := values.get("reason"), str):
        values = values | {"reason": spoken_reason(reason)}
    return Sentence(entry["message"].format_map(values), entry["remedy"].format_map(values))


def known_codes(area: str) -> frozenset[str]:
    """Every code of one area that has a sentence."""
    return frozenset(f"{area}.{word}" for word in _problems(area))


def label(vocabulary: str, word: str | None) -> str:
    """The Chinese label of a coded word; an empty string for ``None``, the word itself if unknown."""
    return "" if word is None else _labels().get(vocabulary, {}).get(word, word)


def labels(vocabulary: str) -> dict[str, str]:
    """All words of a vocabulary with their labels, in the order of the data file."""
    return dict(_labels().get(vocabulary, {}))


def joined(separator: str, texts: Iterable[str]) -> str:
    """Texts put together as Chinese does: ``names`` in a row, ``clauses`` one after the other."""
    return label("separator", separator).join(text for text in texts if text)
