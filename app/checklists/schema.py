"""What a checklist consists of. Its texts are data; the words of its codes are in the vocabulary.

Everything behind ``condition`` of a section and of an item is optional, so that files written for
the first program still load. ``docs/content.md`` shows how each part is written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from app.vocabulary import Conclusion, Disposition, InspectionType, RepeatSubject, Severity

COPY = "@"
"""Stands in the ids of a repeated section's items between the item's number and the instance's key."""


class Basis(StrEnum):
    """Where an item comes from (``checklist_basis``): the official form, a notice, an excerpt, ourselves."""

    OFFICIAL = "official"
    SEED = "seed"
    EXCERPT = "excerpt"
    PROPOSAL = "proposal"


class MeasureKind(StrEnum):
    """What is entered as a measured value (``measure_kind``).

    ``date`` is ISO text, ``time`` ``HH:MM``, ``code`` upper case without white space, ``place``
    latitude and longitude in degrees as ``28.1,114.4``.
    """

    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    TEXT = "text"
    CODE = "code"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Measure:
    """A value to be read or counted on the spot; without limits it is recorded, not judged.

    ``minimum`` and ``maximum`` limit a number; ``earliest`` and ``latest`` a date or a time, as they
    are stored (a file may call these ``minimum`` and ``maximum`` too).
    """

    label: str
    unit: str = ""
    decimals: Annotated[int, Meta(ge=0, le=6)] = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    required: bool = True
    kind: MeasureKind = MeasureKind.NUMBER
    earliest: str = ""
    latest: str = ""


@dataclass(frozen=True, slots=True)
class Entry(Measure):
    """A further value of an item, or a field of an instance: a measure with a name of its own.

    ``<item>.<id>`` names it where conditions and checks refer to it.
    """

    id: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A computed check (:mod:`app.checklists.checks`) and where its inputs come from.

    ``inputs``: name of the rule's input → ``<item>``, ``<item>.<measure>`` or ``<section>.<field>``.
    ``limits``: numbers of the rule that the checklist sets otherwise than usual.
    """

    rule: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``text`` states what conforms; ``condition`` decides whether it is asked at all.

    ``starred`` marks what decides alone (clauses with a star in the official table); ``number`` is
    how the item is called on screen and paper where its id would not do, empty otherwise. ``formerly``
    are the ids that it had in earlier versions, so that answers of a draft can follow it.
    """

    id: str
    text: str
    how: str
    evidence: str
    basis: Basis
    default_severity: Severity
    photos_required: Annotated[int, Meta(ge=0, le=99)] = 0
    references: tuple[str, ...] = ()
    penalty_references: tuple[str, ...] = ()
    dispositions: tuple[Disposition, ...] = ()
    required: bool = True
    condition: str | None = None
    measure: Measure | None = None
    allow_not_applicable: bool = True
    measures: tuple[Entry, ...] = ()
    check: Check | None = None
    starred: bool = False
    number: str = ""
    formerly: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The item's number as people read it."""
        return self.number or self.id


@dataclass(frozen=True, slots=True)
class Repeat:
    """A section that is gone through once for each instance of a subject.

    ``title`` names them together (抽查的认证档案); ``fields`` are what is noted about each.
    """

    of: RepeatSubject
    title: str = ""
    minimum: Annotated[int, Meta(ge=0, le=99)] = 0
    maximum: Annotated[int, Meta(ge=1, le=999)] = 99
    fields: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Items that are worked through together; hidden as a whole when its condition does not hold.

    ``formerly`` are the ids that it had in earlier versions.
    """

    id: str
    title: str
    items: tuple[Item, ...] = ()
    condition: str | None = None
    repeat: Repeat | None = None
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConclusionRule:
    """One rule of the conclusion: the first whose ``when`` holds (or that has none) gives the result.

    ``when`` may use ``any_nonconforming(…)`` and ``count_nonconforming(…) > 3`` over ``"*"`` (starred
    items), ``"all"``, a section or an item.
    """

    result: Conclusion
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """One version of the questions for one type of inspection."""

    id: str
    inspection_type: InspectionType
    version: str
    title: str
    effective_from: date
    source: str = ""
    sections: tuple[Section, ...] = ()
    conclusion: tuple[ConclusionRule, ...] = ()

    def items(self) -> Iterator[Item]:
        """Every item in order, whether or not it would be asked."""
        for section in self.sections:
            yield from section.items

    def item(self, item_id: str) -> Item | None:
        """One item by its number, also by the one it has for an instance of its section."""
        found = next((item for item in self.items() if item.id == item_id), None)
        if found is not None:
            return found
        base, copy, _ = item_id.partition(COPY)
        repeated = (item for section in self.sections if section.repeat for item in section.items)
        found = next((item for item in repeated if copy and item.id == base), None)
        return None if found is None else replace(found, id=item_id)
