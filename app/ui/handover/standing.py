"""How the handing over stands, read beside the window: of a year's visits it takes longer than a frame."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.services import handover, outbox
from app.services.handover import PackageRow, Unexported
from app.services.waiting import HeldRow, held_rows
from app.services.workplace import Workplace
from app.ui.handover.answers import AnswerRow, read_answers


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left to go with the bytes of its evidence, what came and went, what waits for an answer."""

    left: Unexported
    size: int
    history: tuple[PackageRow, ...]
    answers: tuple[AnswerRow, ...]
    held: tuple[HeldRow, ...] = ()

    @property
    def kinds(self) -> Counter[str]:
        """How many records of each kind are left."""
        return Counter(row.kind for row in self.left.rows)


def read_standing(place: Workplace) -> Standing:
    """Read it all; in the store's thread."""
    left = handover.unexported(place)
    size = outbox.evidence_size(place, left)
    return Standing(left, size, handover.history(place), read_answers(place), held_rows(place))
