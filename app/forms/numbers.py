"""Document numbers by rule: what the next one reads, and which series a given one belongs to. Pure.

A rule is a text with ``{n}`` (``{n:04}`` with leading zeros) and, as the office likes, ``{year}``,
``{office}`` and ``{device}``. A series is everything but ``n``: each year, and each device where the rule
names it, counts for itself, so that two laptops without a network never take the same number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from app.errors import BadInput

_PLACE = re.compile(r"\{(?P<name>[a-z]+)(?::0(?P<width>[1-9]))?\}")
_KNOWN = frozenset({"n", "year", "office", "device"})


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers that count together."""

    year: int | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with the office's mark in it."""

    text: str
    office: str = ""

    def number(self, series: Series, n: int) -> str:
        """The ``n``-th number of a series."""

        def said(match: re.Match[str]) -> str:
            if match["name"] == "n":
                return f"{n:0{match['width'] or 1}}"
            return {"office": self.office, "device": series.device, "year": str(series.year)}[match["name"]]

        return _PLACE.sub(said, self.text)

    def series(self, year: int, device: str) -> Series:
        """The series that a number of that year and device falls into."""
        names = self.names
        return Series(year if "year" in names else None, device if "device" in names else "")

    def read(self, number: str) -> tuple[Series, int] | None:
        """Series and place of a number by this rule; ``None`` for one that is not by it."""
        found = re.fullmatch(self._pattern(), number)
        if found is None:
            return None
        told = found.groupdict()
        year = int(told["year"]) if told.get("year") else None
        return Series(year, told.get("device") or ""), int(told["n"])

    @property
    def names(self) -> frozenset[str]:
        """What the rule puts in."""
        return frozenset(match["name"] for match in _PLACE.finditer(self.text))

    def _pattern(self) -> str:
        parts = {"office": re.escape(self.office), "year": r"\d{4}", "n": r"\d{1,9}", "device": ".+?"}
        pattern, end, seen = "", 0, set[str]()
        for match in _PLACE.finditer(self.text):
            name = match["name"]
            pattern += re.escape(self.text[end : match.start()])
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{parts[name]})"
            seen.add(name)
            end = match.end()
        return pattern + re.escape(self.text[end:])


def rule(text: str, office: str = "") -> Rule:
    """A rule that can be used; ``forms.bad_number_rule`` for one without ``{n}`` or with other names."""
    names = {match["name"] for match in _PLACE.finditer(text)}
    if "n" not in names or names - _KNOWN or re.search(r"[{}]", _PLACE.sub("", text)):
        raise BadInput("forms.bad_number_rule", rule=text)
    return Rule(text, office)


def gaps(taken: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """The stretches from 1 to the highest number that nobody took, each by its first and last number."""
    known = sorted({0, *taken})
    return tuple((before + 1, after - 1) for before, after in pairwise(known) if after - before > 1)
