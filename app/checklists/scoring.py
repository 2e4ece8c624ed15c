"""Points for items, as an office's table says; nothing ships, since the official rules are not public.

An item that conforms earns its points; one that does not, or was not looked at, earns none; what does
not apply counts on neither side. Rules that are more than that stand beside the item as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from app.checklists.conditions import Facts
from app.checklists.entries import number
from app.checklists.repeats import split
from app.checklists.rules import NOTHING, Answers, visible_items
from app.checklists.schema import Checklist
from app.errors import Place, Problem
from app.vocabulary import Verdict

MOST = Decimal(10_000)
DECIMALS = 2
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Points:
    """What an item scores when it conforms, and the rule's own words."""

    points: Decimal
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Scoring:
    """The points of one version of one checklist; ``source`` names the table they came from.

    ``taken_at`` is when an office took the table in (UTC): a later one replaces an earlier one.
    """

    checklist_id: str
    version: str
    source: str
    items: Mapping[str, Points]
    taken_at: datetime = NEVER


@dataclass(frozen=True, slots=True)
class Score:
    """Points earned of those possible so far."""

    earned: Decimal
    possible: Decimal


Rows = Iterable[tuple[int, Sequence[str]]]
"""Rows below the heading: number in the file, then item, points and rule as text."""


def read_scoring(checklist: Checklist, rows: Rows, source: str) -> tuple[Scoring, tuple[Problem, ...]]:
    """The points of the rows that hold, and a located problem for each of the others.

    Items the table leaves out are one problem together; an office may mean it so.
    """
    known = {item.id for item in checklist.items()}
    found: dict[str, Points] = {}
    problems: list[Problem] = []
    for row, cells in rows:
        item, points, rule = (*(cell.strip() for cell in cells[:3]), "", "", "")[:3]
        if not (item or points or rule):
            continue
        code, column = _fault(item, points, known, found)
        if code:
            values: dict[str, str | int] = {"item": item, "value": points}
            problems.append(Problem(code, Place(file=source, row=row, column=column), values))
        else:
            found[item] = Points(Decimal(points), rule)
    if not found:
        problems.append(Problem("checklist.scoring_empty", Place(file=source)))
    elif left := sorted(known - found.keys()):
        values = {"count": len(left), "first": left[0]}
        problems.append(Problem("checklist.scoring_incomplete", Place(file=source), values, taken=True))
    return Scoring(checklist.id, checklist.version, source, found), tuple(problems)


def _fault(item: str, points: str, known: set[str], found: Mapping[str, Points]) -> tuple[str, str]:
    """Code and column of what is wrong with a row, empty for nothing."""
    if item not in known:
        return "checklist.scoring_unknown_item", "A"
    if item in found:
        return "checklist.scoring_duplicate", "A"
    return ("", "") if _good_points(number(points)) else ("checklist.scoring_bad_points", "B")


def _good_points(value: Decimal | None) -> bool:
    exponent = None if value is None else value.as_tuple().exponent
    return value is not None and isinstance(exponent, int) and -exponent <= DECIMALS and 0 <= value <= MOST


def score(scoring: Scoring, checklist: Checklist, answers: Answers, facts: Facts) -> Score:
    """The score of an (expanded) checklist; each instance of a repeated item scores for itself."""
    earned = possible = Decimal(0)
    for item in visible_items(checklist, answers, facts):
        found = scoring.items.get(split(item.id)[0])
        verdict = answers.get(item.id, NOTHING).verdict
        if found is None or verdict is Verdict.NOT_APPLICABLE:
            continue
        possible += found.points
        earned += found.points if verdict is Verdict.CONFORMING else Decimal(0)
    return Score(earned, possible)


def scoring_bytes(scoring: Scoring) -> bytes:
    """A scoring table as it is kept."""
    return msgspec.json.encode(scoring, order="sorted")


def load_scoring(data: bytes) -> Scoring | None:
    """A kept scoring table; nothing when it cannot be read or holds points that none may have."""
    try:
        found = msgspec.json.decode(data, type=Scoring)
    except msgspec.MsgspecError:
        return None
    good = found.taken_at.tzinfo is not None and all(
        map(_good_points, (p.points for p in found.items.values()))
    )
    return found if good else None
