"""What computed checks say beside an item, in words, and where an answer says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from app.checklists.checks import Calendar, Hint, hint
from app.checklists.rules import JUDGED, NOTHING, visible_items
from app.checklists.schema import Item
from app.planning import workdays
from app.services.enforcing import extra_days
from app.services.gathering import Gathered
from app.services.sheet_rows import HintRow, MissingItem
from app.services.workplace import Workplace
from app.wording import label, labels


class Hinting:
    """Hints of one visit: the values its checks may use, and the office's calendar."""

    def __init__(self, place: Workplace, gathered: Gathered) -> None:
        self._gathered = gathered
        self._entered = coded(gathered.entered)
        self._calendar = calendar(place)

    def row(self, item: Item) -> HintRow | None:
        """The hint beside an item; nothing without a check or while its inputs are not all there."""
        found = None if item.check is None else hint(item.check, self._entered, self._calendar)
        if found is None:
            return None
        verdict = self._gathered.answered.get(item.id, NOTHING).verdict
        doubted = found.verdict is not None and verdict in JUDGED and verdict is not found.verdict
        return HintRow(_sentence(found), found.verdict, doubted)

    def doubts(self) -> Iterable[MissingItem]:
        """Answers that say otherwise than the numbers beside them: asked about, never refused."""
        gathered = self._gathered
        for item in visible_items(gathered.questions, gathered.answered, gathered.facts):
            row = self.row(item)
            if row is not None and row.doubted:
                yield MissingItem("hint_contradicted", item.id, row.text, item.shown)


def calendar(place: Workplace) -> Calendar:
    """Working days between two days as the office counts them."""
    extra = extra_days(place)

    def working_days(start: date, end: date) -> tuple[int, bool]:
        counted = workdays.working_days_between(start, end, extra)
        return counted.count, counted.certain

    return working_days


def _sentence(found: Hint) -> str:
    return label("check", found.word).format_map(found.values)


def coded(entered: Mapping[str, str]) -> dict[str, str]:
    """Entered texts as checks take them: a status that is written out becomes its word."""
    words = _statuses()
    return {name: words.get(text, text) for name, text in entered.items()}


@cache
def _statuses() -> dict[str, str]:
    return {text: word for word, text in labels("certificate_status").items()}
