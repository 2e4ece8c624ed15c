"""The steps of one sitting at a visit, to be taken back and taken again, each by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from app.services.sheet_rows import FindingRow, ItemRow
from app.services.stepping import FindingState, ItemState, Standing
from app.ui.visit.lines import INSTANCE

MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what people call it, the card it happened at, and what it touched before and after.

    ``typing`` names the field of a text that is stored several times while it is written; the whole of
    it is one step. ``group`` is the card to go to while ``card`` is not there: an instance comes and goes.
    """

    name: str
    card: str
    before: Standing
    after: Standing
    typing: str = ""
    group: str = ""

    def places(self) -> tuple[str, ...]:
        """Cards to go to after the step, the best first; some of them may not be there."""
        rows = (*self.before.rows, *self.after.rows)
        return self.card, *(INSTANCE + each.key for each in rows if each.part == "instances"), self.group

    def piece(self) -> str:
        """The piece of evidence that the step was taken on, empty where it was another step."""
        rows = self.before.rows or self.after.rows
        alone = all(each.part == "evidence" for each in rows)
        return rows[0].key if rows and alone else ""


class Shelf(Protocol):
    """What keeps the steps of visits (:class:`app.ui.visit.step_shelf.StepShelf`)."""

    def kept(self, visit: str) -> tuple[list[Step], list[Step]]:
        """The steps of a visit that can be taken back and again, the nearest last."""

    def keep(self, visit: str, done: Sequence[Step], undone: Sequence[Step]) -> None:
        """Keep how they are now."""


class Steps:
    """What can be taken back, and what of it can be taken again; with a shelf also after a restart."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf, self._visit = shelf, ""
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._typing = ""

    def begin(self, visit: str) -> None:
        """Take up the steps of another visit, where a shelf has any; those of the former one stay there."""
        self._visit = visit
        self._done, self._undone = self._shelf.kept(visit) if self._shelf and visit else ([], [])
        self.settle()

    def add(self, step: Step) -> None:
        """Remember a step; what was taken back before can no longer be taken again."""
        self._undone.clear()
        if step.typing and step.typing == self._typing and self._done:
            first = self._done.pop()
            step = replace(step, name=first.name, before=first.before)
        if step.before != step.after:
            self._done.append(step)
            self._typing = step.typing
        else:
            # A text that is what it was before leaves no step: what is typed next must not join the one before.
            self.settle()
        del self._done[:-MOST]
        self._keep()

    def settle(self) -> None:
        """What is typed from now on is a step of its own."""
        self._typing = ""

    def last(self) -> Step | None:
        """The step that would be taken back."""
        return self._done[-1] if self._done else None

    def next(self) -> Step | None:
        """The step that would be taken again."""
        return self._undone[-1] if self._undone else None

    def went_back(self) -> None:
        """The last step was taken back."""
        self.settle()
        self._undone.append(self._done.pop())
        self._keep()

    def went_on(self) -> None:
        """It was taken again."""
        self.settle()
        self._done.append(self._undone.pop())
        self._keep()

    def forget(self, step: Step) -> None:
        """Drop a step that can be taken neither way: what it touched is gone."""
        self._done = [each for each in self._done if each is not step]
        self._undone = [each for each in self._undone if each is not step]
        self.settle()
        self._keep()

    def clear(self) -> None:
        """Nothing of this visit can be taken back any more."""
        self._done.clear()
        self._undone.clear()
        self.settle()
        self._keep()

    def _keep(self) -> None:
        if self._shelf is not None and self._visit:
            self._shelf.keep(self._visit, self._done, self._undone)


def standing_of(item: ItemRow | None, finding: FindingRow | None) -> Standing:
    """What rows of the sheet say of an item and a finding."""
    return Standing(
        None
        if item is None
        else ItemState(
            item.id,
            item.verdict,
            item.note,
            item.value,
            tuple((each.entry.id, each.value) for each in item.measures),
        ),
        None
        if finding is None
        else FindingState(
            finding.key,
            finding.item,
            finding.description,
            finding.severity,
            finding.disposition,
            finding.provision,
            finding.penalty,
            finding.against,
        ),
    )
