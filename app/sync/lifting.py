"""Revisions that older programs sealed, brought to today's shape of the documents when they are read.

What was signed never changes: the bytes stay as they came, only what is made of them is lifted. A
new column needs no lift, because an absent path means its default. Whatever a default cannot say
(a renamed path, another unit, a part that was split) gets one small pure function here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.sync.shapes import Value

Changes = tuple[dict[str, Value], tuple[str, ...]]
"""What a revision sets, by path, and the paths that it says are gone."""

Lift = Callable[[str, Changes], Changes]
"""Kind of record and changes of one schema → the same changes as the next schema says them."""

LIFTS: tuple[Lift, ...] = ()
"""The lift at place ``n`` leads from schema ``n + 1`` to ``n + 2``; never reordered, never removed."""

SCHEMA = 1 + len(LIFTS)
"""Version of the documents' shape in which this program seals."""


def lifted(kind: str, schema: int, changes: Changes, lifts: Sequence[Lift] = LIFTS) -> Changes:
    """``changes`` that were sealed under ``schema`` (from 1), as today's schema says them.

    They may come from anywhere: a lift leaves alone what it does not know, and never raises.
    """
    for lift in lifts[schema - 1 :]:
        changes = lift(kind, changes)
    return changes
