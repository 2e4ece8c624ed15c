"""The steps of one sitting at a visit, to be taken back and taken again, each by its name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

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
        rows = self.before.rows
        alone = all(each.part == "evidence" for each in rows)
        return rows[0].key if rows and alone else ""


class Steps:
    """What can be taken back, and what of it can be taken again."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []
        self._typing = ""

    def add(self, step: Step) -> None:
        """Remember a step; what was taken back before can no longer be taken again."""
        self._undone.clear()
        if step.typing and step.typing == self._typing and self._done:
            first = self._done.pop()
            step = replace(step, name=first.name, before=first.before)
        self._typing = step.typing
        if step.before != step.after:
            self._done.append(step)
        del self._done[:-MOST]

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

    def went_on(self) -> None:
        """It was taken again."""
        self.settle()
        self._done.append(self._undone.pop())

    def forget(self, step: Step) -> None:
        """Drop a step that can be taken neither way: what it touched is gone."""
        self._done = [each for each in self._done if each is not step]
        self._undone = [each for each in self._undone if each is not step]

    def clear(self) -> None:
        """Begin anew, with another visit."""
        self._done.clear()
        self._undone.clear()
        self.settle()


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
        ),
    )
