"""Sentences for problem codes and Chinese labels for coded words, read from data.

``resources/wording/problems-<area>.toml`` holds one table per word of the area::

    [bad_check_digit]            # problems-intake.toml, code "intake.bad_check_digit"
    message = "统一社会信用代码 {value} 的校验位不对"
    remedy = "核对营业执照后更正；该行已收入并作标记"

``resources/wording/labels.toml`` holds one table per vocabulary (``[verdict]``), word → label.
"""

from __future__ import annotations

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
