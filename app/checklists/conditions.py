"""The small language of conditions: parsed once, never evaluated as code.

``item("1.1") == "nonconforming"``, ``measure("2.3") > 5``, ``certificate.suspended``,
``production.kind == "oem"``, with ``and``, ``or``, ``not`` and parentheses. What was not answered,
measured or stated equals nothing: every comparison with it fails, except that ``!=`` with a word holds.
Rules of a conclusion also look at many items at once: ``any_nonconforming("*")``,
``count_nonconforming("all") > 3``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from app.errors import BadInput
from app.vocabulary import Verdict

Facts = Mapping[str, bool | str]

# A condition may come in a package: bounds keep the recursion of parser and tests shallow.
LONGEST, DEEPEST = 500, 40
_COPY = re.compile(r"@\w+")
"""What a repeated section adds to the ids in its conditions; it makes them longer, not deeper."""

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][\w.]*)|(?P<number>-?\d+(?:\.\d+)?)|(?P<text>\"[^\"]*\")|(?P<sign>[=!<>]=|[<>()]))"
)
_NUMERIC: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition may look at: verdicts and measured values so far, and the facts.

    ``groups`` (name → items) are there for the rules of a conclusion alone.
    """

    facts: Facts
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    values: dict[str, Decimal] = field(default_factory=dict)
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def nonconforming(self, group: str) -> int:
        """How many items of a group were found nonconforming."""
        bad = (self.verdicts.get(item) is Verdict.NONCONFORMING for item in self.groups.get(group, ()))
        return sum(bad)


Test = Callable[[Scope], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """A parsed condition: its test and everything it refers to."""

    text: str
    holds: Test
    items: frozenset[str]
    measures: frozenset[str]
    facts: frozenset[str]
    groups: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 14)
def parse(text: str) -> Condition:
    """Parse a condition; raises ``checklist.bad_condition`` naming the place where it stopped."""
    if len(_COPY.sub("", text)) > LONGEST or text.count("(") > DEEPEST:
        raise _unreadable(text[:40], text[LONGEST:][:40] or "(")
    return _Parser(text).condition()


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if found is None:
            raise _unreadable(text, text[position:].strip())
        position = found.end()
        kind = found.lastgroup or ""
        yield kind, found[kind]
    yield "end", ""


def _unreadable(text: str, at: str) -> BadInput:
    return BadInput("checklist.bad_condition", condition=text, at=at or "…")


class _Parser:
    """Recursive descent: or, and, not, then one test."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._next = 0
        self._items: set[str] = set()
        self._measures: set[str] = set()
        self._facts: set[str] = set()
        self._groups: set[str] = set()

    def condition(self) -> Condition:
        test = self._any()
        self._take("end")
        found = (self._items, self._measures, self._facts, self._groups)
        return Condition(self._text, test, *map(frozenset, found))

    def _any(self) -> Test:
        tests = [self._all()]
        while self._skip("name", "or"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda scope: any(test(scope) for test in tests)

    def _all(self) -> Test:
        tests = [self._negated()]
        while self._skip("name", "and"):
            tests.append(self._negated())
        return tests[0] if len(tests) == 1 else lambda scope: all(test(scope) for test in tests)

    def _negated(self) -> Test:
        if self._skip("name", "not"):
            test = self._negated()
            return lambda scope: not test(scope)
        return self._test()

    def _test(self) -> Test:
        if self._skip("sign", "("):
            inner = self._any()
            self._take("sign", ")")
            return inner
        name = self._take("name")
        if name in {"and", "or", "not"}:
            raise self._stopped(name)
        if name == "item":
            return self._item_test(self._argument())
        if name == "measure":
            return self._measure_test(self._argument())
        if name == "any_nonconforming":
            return self._any_test(self._argument())
        if name == "count_nonconforming":
            return self._count_test(self._argument())
        return self._fact_test(name)

    def _item_test(self, item_id: str) -> Test:
        self._items.add(item_id)
        wanted_equal = self._equality()
        word = self._take("text").strip('"')
        if word not in set(Verdict):
            raise self._stopped(word)
        return lambda scope: (scope.verdicts.get(item_id) == word) is wanted_equal

    def _any_test(self, group: str) -> Test:
        self._groups.add(group)
        return lambda scope: scope.nonconforming(group) > 0

    def _count_test(self, group: str) -> Test:
        self._groups.add(group)
        compare, limit = self._comparison()
        return lambda scope: compare(Decimal(scope.nonconforming(group)), limit)

    def _comparison(self) -> tuple[Callable[[Decimal, Decimal], bool], Decimal]:
        sign = self._take("sign")
        if sign not in _NUMERIC:
            raise self._stopped(sign)
        return _NUMERIC[sign], Decimal(self._take("number"))

    def _measure_test(self, item_id: str) -> Test:
        self._measures.add(item_id)
        compare, limit = self._comparison()

        def test(scope: Scope) -> bool:
            value = scope.values.get(item_id)
            return value is not None and compare(value, limit)

        return test

    def _fact_test(self, name: str) -> Test:
        self._facts.add(name)
        if self._tokens[self._next] not in {("sign", "=="), ("sign", "!=")}:
            return lambda scope: bool(scope.facts.get(name))
        wanted_equal = self._equality()
        word = self._take("text").strip('"')
        return lambda scope: (scope.facts.get(name) == word) is wanted_equal

    def _equality(self) -> bool:
        sign = self._take("sign")
        if sign not in {"==", "!="}:
            raise self._stopped(sign)
        return sign == "=="

    def _argument(self) -> str:
        self._take("sign", "(")
        argument = self._take("text").strip('"')
        self._take("sign", ")")
        return argument

    def _skip(self, kind: str, value: str) -> bool:
        found = self._tokens[self._next] == (kind, value)
        self._next += found
        return found

    def _take(self, kind: str, value: str | None = None) -> str:
        found_kind, found = self._tokens[self._next]
        if found_kind != kind or (value is not None and found != value):
            raise self._stopped(found)
        self._next += 1
        return found

    def _stopped(self, at: str) -> BadInput:
        return _unreadable(self._text, at)
