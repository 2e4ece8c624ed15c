"""Conditions of a checklist as XPath, the language of forms for phones; pure.

What was not answered is an empty text there, which equals no word and compares with no number, as here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.checklists.facts import IDLE, KNOWN_FACTS, NO_CERTIFICATE, NOT_VALID
from app.vocabulary import CertificateStatus, ProductionStatus

PRODUCTION, CERTIFICATES = "production_status", "certificate_status"
"""Names of the questions that the facts are asked with."""

_TOKEN = re.compile(r'\s*([A-Za-z_][\w.]*|-?\d+(?:\.\d+)?|"[^"]*"|[=!<>]=|[<>()])')
_ENDED = (
    CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN, CertificateStatus.CANCELLED,
    CertificateStatus.EXPIRED,
)  # fmt: skip


class Untranslatable(Exception):
    """The part of a condition that has no counterpart on a phone."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A condition as XPath, and the questions about facts that it needs."""

    xpath: str
    asks: frozenset[str] = frozenset()


def translated(condition: str, names: Mapping[str, str]) -> Translated:
    """A sound condition as XPath; raises :class:`Untranslatable`.

    ``names``: item (``1.1``), measure (``2.3``, ``2.3.sold`` as ``measure:2.3``) → name of its question.
    """
    parser = _Translation(condition, names)
    return Translated(parser.whole(), frozenset(parser.asks))


@dataclass(slots=True)
class _Translation:
    text: str
    names: Mapping[str, str]
    asks: set[str] = field(default_factory=set)
    tokens: list[str] = field(default_factory=list)

    def whole(self) -> str:
        """The condition from its first token to its last."""
        self.tokens = list(self._split())[::-1]
        found = self._any()
        if self.tokens:
            raise Untranslatable(self.tokens[-1])
        return found

    def _split(self) -> Iterator[str]:
        place = 0
        while self.text[place:].strip():
            found = _TOKEN.match(self.text, place)
            if found is None:
                raise Untranslatable(self.text[place:].strip())
            place = found.end()
            yield found[1]

    def _next(self) -> str:
        if not self.tokens:
            raise Untranslatable("")
        return self.tokens.pop()

    def _skip(self, token: str) -> bool:
        if self.tokens and self.tokens[-1] == token:
            self.tokens.pop()
            return True
        return False

    def _any(self) -> str:
        tests = [self._all()]
        while self._skip("or"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"

    def _all(self) -> str:
        tests = [self._one()]
        while self._skip("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else f"({' and '.join(tests)})"

    def _one(self) -> str:
        if self._skip("not"):
            return f"not({self._one()})"
        if self._skip("("):
            inner = self._any()
            self._next()
            return inner
        name = self._next()
        if name == "item":
            return self._item()
        return self._measure() if name == "measure" else self._fact(name)

    def _argument(self) -> str:
        self._next()
        name = self._next().strip('"')
        self._next()
        return name

    def _question(self, key: str, said: str) -> str:
        if key not in self.names:
            raise Untranslatable(said)
        return f"${{{self.names[key]}}}"

    def _item(self) -> str:
        name = self._argument()
        question = self._question(name, name)
        sign, word = self._next(), self._next().strip('"')
        return f"{question} {'=' if sign == '==' else '!='} '{word}'"

    def _measure(self) -> str:
        name = self._argument()
        question = self._question(f"measure:{name}", name)
        sign, limit = self._next(), self._next()
        test = f"{question} {'=' if sign == '==' else sign} {limit}"
        # Nothing entered differs from every number on a phone, but not here.
        return f"({question} != '' and {test})" if sign == "!=" else test

    def _fact(self, name: str) -> str:
        compared = self.tokens and self.tokens[-1] in {"==", "!="}
        if name not in KNOWN_FACTS or compared:
            raise Untranslatable(name)
        subject, _, word = name.partition(".")
        if subject == "production":
            self.asks.add(PRODUCTION)
            question = f"${{{PRODUCTION}}}"
            if name == IDLE:
                return f"({question} != '' and {question} != '{ProductionStatus.NORMAL}')"
            return f"{question} = '{word}'"
        self.asks.add(CERTIFICATES)
        question = f"${{{CERTIFICATES}}}"
        if name == NO_CERTIFICATE:
            return f"{question} = ''"
        if name == NOT_VALID:
            return f"({' or '.join(_selected(question, each) for each in _ENDED)})"
        return _selected(question, word)


def _selected(question: str, word: str) -> str:
    return f"selected({question}, '{word}')"
