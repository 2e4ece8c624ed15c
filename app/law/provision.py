"""The rows of the law data: documents in one version, their provisions, and statutory time limits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from app.vocabulary import Confidence, Obliged, ProvisionKind

NO_MAXIMUM = 2**63 - 1


class Standing(StrEnum):
    """Whether a version applies on a day; NOT_KNOWN when its effective date was not verified."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    REPEALED = "repealed"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a law, rule or notice. ``adopted`` is the day this version was made public."""

    title: str
    short: str
    edition: str
    version: str
    source: str
    adopted: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    note: str = ""

    def standing(self, on: date) -> Standing:
        """Where this version stands on a day; what is not known is said, never guessed."""
        begin = self.effective_from or self.adopted
        if self.effective_to is not None and on > self.effective_to:
            return Standing.REPEALED
        if begin is not None and on < begin:
            return Standing.NOT_YET
        return Standing.IN_FORCE if self.effective_from is not None else Standing.NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Entry:
    """A provision as the data file writes it; ``key`` and ``place`` stand in for an unverified article.

    ``penalty_min_fen`` and ``penalty_max_fen`` hold for every case the text knows, a missing maximum is
    none at all; ``penalty_varies`` where even that cannot be said. Goods worth less than
    ``small_goods_fen`` cost up to ``small_goods_times`` their value instead.
    ``became`` is the provision on the same matter in the version that followed. ``binds`` names whose
    duty it is, or whose breach a penalty is for; nobody named is anybody. Without a ``kind`` it is a
    penalty where it has one in words, else a duty. ``grounds = "order"``: an order may rest on it where
    no penalty is cited.
    """

    document: str
    duty: str
    confidence: Confidence
    article: str = ""
    key: str = ""
    place: str = ""
    penalty: str = ""
    penalised_by: tuple[str, ...] = ()
    penalty_min_fen: int | None = None
    penalty_max_fen: int | None = None
    penalty_varies: bool = False
    small_goods_fen: int | None = None
    small_goods_times: int = 0
    applies: tuple[str, ...] = ()
    became: str = ""
    kind: ProvisionKind | None = None
    binds: tuple[Obliged, ...] = ()
    grounds: Literal["", "order"] = ""

    @property
    def id(self) -> str:
        """Document and article, ``measures/7``."""
        return f"{self.document}/{self.article or self.key}"


@dataclass(frozen=True, slots=True)
class Provision:
    """One article of one version of a document, in our own words, with how far it was verified."""

    id: str
    document_id: str
    document: Document
    article: str
    place: str
    duty: str
    penalty: str
    penalised_by: tuple[str, ...]
    penalty_min_fen: int | None
    penalty_max_fen: int | None
    penalty_varies: bool
    applies: tuple[str, ...]
    confidence: Confidence
    became: str = ""
    small_goods_fen: int | None = None
    small_goods_times: int = 0
    kind: ProvisionKind = ProvisionKind.DUTY
    binds: tuple[Obliged, ...] = ()
    grounds: Literal["", "order"] = ""

    def fines(self, goods_value: int | None) -> tuple[tuple[int, int], ...]:
        """The ranges of 分 a fine may lie in for goods of a value, both ends included, as the procedure rules count them.

        Empty where the text gives no range; several while the value of the goods is not known.
        """
        if self.penalty_min_fen is None and self.penalty_max_fen is None:
            return ()
        usual = (
            self.penalty_min_fen or 0,
            NO_MAXIMUM if self.penalty_max_fen is None else self.penalty_max_fen,
        )
        if self.small_goods_fen is None:
            return (usual,)
        if goods_value is None:
            return usual, (0, self.small_goods_times * self.small_goods_fen)
        small = goods_value < self.small_goods_fen
        return ((0, self.small_goods_times * goods_value),) if small else (usual,)

    def concerns(self, parties: Collection[Obliged]) -> bool:
        """Whether it binds one of ``parties``, or anybody."""
        return not self.binds or not set(self.binds).isdisjoint(parties)

    @property
    def needs_confirmation(self) -> bool:
        """Tell whether an officer must confirm the text before it is printed."""
        return self.confidence is not Confidence.VERIFIED


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A statutory time limit; ``extension`` is what may be added once, in the same unit."""

    id: str
    matter: str
    unit: Literal["working_days", "days", "months", "hours"]
    amount: int
    basis: tuple[str, ...]
    extension: int = 0
    direction: Literal["after", "before"] = "after"


def provision_of(entry: Entry, document: Document) -> Provision:
    """Join an entry with its document."""
    return Provision(
        id=entry.id,
        document_id=entry.document,
        document=document,
        article=entry.article,
        place=entry.place,
        duty=entry.duty,
        penalty=entry.penalty,
        penalised_by=entry.penalised_by,
        penalty_min_fen=entry.penalty_min_fen,
        penalty_max_fen=entry.penalty_max_fen,
        penalty_varies=entry.penalty_varies,
        applies=entry.applies,
        confidence=entry.confidence,
        became=entry.became,
        small_goods_fen=entry.small_goods_fen,
        small_goods_times=entry.small_goods_times,
        kind=entry.kind or (ProvisionKind.PENALTY if entry.penalty else ProvisionKind.DUTY),
        binds=entry.binds,
        grounds=entry.grounds,
    )
