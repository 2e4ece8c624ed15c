"""The steps of visits under way, kept on this device so that undo goes on after a restart or a kill.

They reach the store with the place on the screen (:mod:`app.ui.keeping`), a fraction of a second after
the step itself: an answer waits for nothing more than before. What a kill cuts off there is found out
when the visit is opened again, and a step that no longer stands as it was left is not offered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any, Final

from app.services import kept_steps
from app.services.workplace import Workplace
from app.ui.visit.stepping import Step
from app.ui.widgets.drafts import Keeping

PREFIX: Final = "undo:"
KEPT: Final = 200
"""So many steps of a visit are kept; a longer list shortens at its far end."""


class StepShelf:
    """Each step under a name of its own, so that one step more writes one row."""

    def __init__(self, place: Workplace, keeping: Keeping) -> None:
        self._place, self._keeping = place, keeping
        self._numbered: list[tuple[Step, int]] = []
        self._next = 0

    def kept(self, visit: str) -> tuple[list[Step], list[Step]]:
        """The steps of a visit that can be taken back and again, the nearest last."""
        names = sorted(self._keeping.names(_prefix(visit)))
        self._numbered = []
        self._next = 1 + max(map(_number, names), default=0)
        done: list[Step] = []
        undone: list[Step] = []
        for name in names:
            state = self._keeping.kept(name) or {}
            step = _step(state)
            if step is not None:
                self._numbered.append((step, _number(name)))
                (undone if state["undone"] else done).append(step)
        done, undone = self._standing(visit, done), self._to_take_again(visit, undone)
        self.keep(visit, done, undone)
        return done, undone

    def keep(self, visit: str, done: Sequence[Step], undone: Sequence[Step]) -> None:
        """Keep how they are now; what is no longer among them is forgotten."""
        known = {id(step): number for step, number in self._numbered}
        shown = [(step, False) for step in done[-KEPT:]] + [(step, True) for step in reversed(undone[-KEPT:])]
        numbered = []
        for step, _ in shown:
            number = known.get(id(step), self._next)
            self._next = max(self._next, number + 1)
            numbered.append((step, number))
        states = {
            f"{_prefix(visit)}{number:06}": (step, undone)
            for (step, undone), (_, number) in zip(shown, numbered, strict=True)
        }
        self._numbered = numbered
        for name in self._keeping.names(_prefix(visit)):
            if name not in states:
                self._keeping.keep(name, None)
        for name, (step, taken_back) in states.items():
            self._keep_one(name, step, taken_back)

    def _keep_one(self, name: str, step: Step, undone: bool) -> None:
        kept = self._keeping.kept(name)
        if kept is None or kept["undone"] != undone:
            self._keeping.keep(name, _told(step, undone=undone))

    def _standing(self, visit: str, done: Sequence[Step]) -> list[Step]:
        """Those that can be taken back; each is judged by what it changed."""
        newest_first = list(reversed(done))
        pairs = [(step.before, step.after) for step in newest_first]
        stands = kept_steps.still_standing(self._place, inspection_id=visit, steps=pairs) if pairs else ()
        return [step for step, holds in zip(newest_first, stands, strict=True) if holds][::-1]

    def _to_take_again(self, visit: str, undone: Sequence[Step]) -> list[Step]:
        """Those that can be taken again, the nearest last: up to the first that no longer fits."""
        pairs = [(step.after, step.before) for step in undone]
        stands = kept_steps.still_standing(self._place, inspection_id=visit, steps=pairs) if pairs else ()
        fitting = list(takewhile(lambda pair: pair[1], zip(undone, stands, strict=True)))
        return [step for step, _ in fitting][::-1]


def _prefix(visit: str) -> str:
    return f"{PREFIX}{visit}:"


def _number(name: str) -> int:
    return int(name.rpartition(":")[2])


def _told(step: Step, *, undone: bool) -> Mapping[str, object]:
    return {
        "undone": undone,
        "name": step.name,
        "card": step.card,
        "group": step.group,
        "before": kept_steps.told(step.before),
        "after": kept_steps.told(step.after),
    }


def _step(state: Mapping[str, Any]) -> Step | None:
    """A step as it was kept; ``None`` for one that another build kept otherwise."""
    try:
        before, after = (kept_steps.standing_from(state[name]) for name in ("before", "after"))
        name, card, group = (str(state[name]) for name in ("name", "card", "group"))
        return Step(name, card, before, after, group=group)
    except (KeyError, TypeError, ValueError):
        return None
