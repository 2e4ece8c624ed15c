"""What holds of a table's inspections together. Pure.

Inspections are counted some at a time (:mod:`app.statistics.scene`). What one of them counts for may rest
on others: on the last one of a subject, on its last in a row, on an order of another that is still open.
So all are looked at, and what rests on all is told in the closing scene. What is kept grows with the
subjects, never with the inspections of them.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from app.statistics.definition import Column, TableDefinition
from app.statistics.material import Material
from app.statistics.numbering import Ids, Numbering
from app.statistics.rows import Rows
from app.vocabulary import ProductionStatus, SubjectKind

BY_LAST = frozenset({"found_producing", "remarks"})
"""Measures that go by a subject's last inspection."""


class Fact(NamedTuple):
    """What counts: in ``row``, for ``subject``, by ``part`` (or several) of a record, ``amount``."""

    row: str
    subject: str
    record_id: str
    part: str = ""
    amount: int = 1


class Last(NamedTuple):
    """The last inspection of a subject, anywhere or in one row: when it was finalised, what it met."""

    moment: float
    record_id: str
    state: ProductionStatus | None


class Met(NamedTuple):
    """A certified subject in a row: its last inspection there, and its last one anywhere."""

    row: str
    subject: str
    here: Last
    last: Last


class Whole:
    """What measures have to know of all of a table's inspections."""

    def __init__(
        self, definition: TableDefinition, columns: Iterable[Column], base: Material, numbers: Numbering
    ) -> None:
        self._base, self._numbers, self._rows = base, numbers, Rows(definition)
        asked = tuple(columns)
        self._unclassed = (
            {held.subject for held in base.certificates if held.product_class is None}
            if definition.dimension == "product_class"
            else set()
        )
        self.first = bool(self._unclassed)
        """Whether it must be known before any inspection is counted: who is 获证企业 where rests on it."""
        self._by_last = self.first or any(column.measure in BY_LAST for column in asked)
        kinds = {column.subjects for column in asked if column.measure == "rectified"}
        self._open: dict[tuple[SubjectKind, ...], int] = dict.fromkeys(kinds, 0)
        self._moments, self._ids = array("d"), Ids()
        self._states: list[ProductionStatus | None] = []
        self._in_rows: list[str | None] = []  # None: not inspected
        if self._by_last:
            self._grow(len(numbers))
        self._elsewhere: dict[int, dict[str, Last]] = defaultdict(dict)

    def look(self, material: Material) -> None:
        """Look at some inspections; of two finalised at one moment the later seen is the last."""
        if self._by_last:
            self._look_at_visits(material)
        for kinds in self._open:
            self._open[kinds] |= self._numbers.bits(
                order.subject
                for order in material.orders
                if not order.closed and is_of(order.subject_kind, kinds)
            )

    def settle(self) -> None:
        """Learn no more from inspections: all of them were looked at."""
        self._by_last = False

    def _look_at_visits(self, material: Material) -> None:
        visits, row_of = material.visits, self._rows.of_visits(material.visits)
        for each in material.in_period:
            number = self._numbers[visits.subject[each]]
            if number >= len(self._in_rows):
                self._grow(len(self._numbers) - len(self._in_rows))
            row = row_of(each)
            here = Last(moment_of(visits.finalised[each]), visits.id[each], visits.production_status[each])
            if self._is_last(number, row, here):
                self._moments[number], self._ids[number], self._states[number] = here
                self._in_rows[number] = row

    def _grow(self, more: int) -> None:
        self._moments.frombytes(bytes(8 * more))
        self._ids.grow(more)
        self._states.extend([None] * more)
        self._in_rows.extend([None] * more)

    def _is_last(self, number: int, row: str, here: Last) -> bool:
        """Whether an inspection is the last of its subject so far; what it was in other rows is kept."""
        its_row = self._in_rows[number]
        if its_row is None:
            return True
        later = here.moment >= self._moments[number]
        if its_row == row:
            return later
        if later:
            self._elsewhere[number].pop(row, None)
            self._elsewhere[number][its_row] = self._last(number)
        elif here.moment >= self._elsewhere[number].get(row, here).moment:
            self._elsewhere[number][row] = here
        return later

    def _last(self, number: int) -> Last:
        return Last(self._moments[number], self._ids[number], self._states[number])

    def still_open(self, kinds: tuple[SubjectKind, ...]) -> int:
        """Subjects of some kinds (empty: all) with an order of the period that is not closed, as bits."""
        return self._open[kinds]

    def inspected(self, subject: str) -> bool:
        """Whether a subject was inspected in the period."""
        return self._in_row(subject) is not None

    def _in_row(self, subject: str) -> str | None:
        """The row that a subject was inspected in last, if it was."""
        number = self._numbers.get(subject, len(self._in_rows))
        return self._in_rows[number] if number < len(self._in_rows) else None

    def certified(self) -> Iterator[Fact]:
        """获证企业: one fact for each certificate that counts at the period's end.

        A certificate whose product class the registry does not give counts where its holder was
        inspected last, else in the row for the unplaced.
        """
        for held in self._base.certificates:
            unclassed = held.subject in self._unclassed and held.product_class is None
            met_in = self._in_row(held.subject) if unclassed else None
            row = self._rows.of_class(held.product_class) if met_in is None else met_in
            yield Fact(row, held.subject, held.organization_id, held.number)

    @cached_property
    def certified_in(self) -> dict[str, dict[str, None]]:
        """Row → its 获证企业, in the registry's order."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for fact in self.certified():
            found[fact.row][fact.subject] = None
        return dict(found)

    def met(self) -> Iterator[Met]:
        """Every certified subject in every row it was inspected in."""
        for row, subjects in self.certified_in.items():
            for subject in subjects:
                met_in = self._in_row(subject)
                if met_in is None:
                    continue
                number = self._numbers[subject]
                last = self._last(number)
                here = last if met_in == row else self._elsewhere.get(number, {}).get(row)
                if here is not None:
                    yield Met(row, subject, here, last)

    def moments(self) -> dict[str, float]:
        """When the inspections that :meth:`met` names were finalised, by their ids."""
        others = (last for rows in self._elsewhere.values() for last in rows.values())
        return {
            **{last.record_id: last.moment for last in others},
            **{
                self._ids[number]: self._moments[number]
                for number, row in enumerate(self._in_rows)
                if row is not None
            },
        }


def is_of(kind: SubjectKind, kinds: Sequence[SubjectKind]) -> bool:
    """Whether a kind is among those of a column; a column that names none takes all."""
    return not kinds or kind in kinds


def moment_of(stored: str) -> float:
    """A stored moment in seconds, 0 where there is none: a number takes a quarter of its text."""
    return datetime.fromisoformat(stored).timestamp() if stored else 0.0
