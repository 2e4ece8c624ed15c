"""What a checklist consists of. Its texts are data; the words of its codes are in the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from app.vocabulary import Disposition, InspectionType, Severity


class Basis(StrEnum):
    """Where an item comes from (``checklist_basis``): a notice, an excerpt of a real form, or ourselves."""

    SEED = "seed"
    EXCERPT = "excerpt"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class Measure:
    """A value to be read or counted on the spot; without limits it is recorded, not judged."""

    label: str
    unit: str
    decimals: Annotated[int, Meta(ge=0, le=6)] = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    required: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``text`` states what conforms; ``condition`` decides whether it is asked at all."""

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


@dataclass(frozen=True, slots=True)
class Section:
    """Items that are worked through together; hidden as a whole when its condition does not hold."""

    id: str
    title: str
    items: tuple[Item, ...] = ()
    condition: str | None = None


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

    def items(self) -> Iterator[Item]:
        """Every item in order, whether or not it would be asked."""
        for section in self.sections:
            yield from section.items

    def item(self, item_id: str) -> Item | None:
        """One item by its number."""
        return next((item for item in self.items() if item.id == item_id), None)
