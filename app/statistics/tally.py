"""What the facts of a column add up to, taken in scene by scene. Pure.

Subjects are kept as sets of bits (:mod:`app.statistics.numbering`). A record stands in one scene alone,
so distinct records need only be told apart within it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from app.statistics.definition import Row, TableDefinition
from app.statistics.measures import Counting
from app.statistics.numbering import Numbering
from app.statistics.whole import Fact
from app.statistics.words import word
from app.vocabulary import ProductionStatus
from app.wording import label

Places = Mapping[str, frozenset[str] | None]
"""Row of a table → the rows whose facts count in it; ``None`` is all."""

ALL: Places = {"": None}
"""One row in which everything counts."""


def places_of(definition: TableDefinition) -> Places:
    """The rows of a table with what counts in each."""
    return {row.key: rows_in(definition, row) for row in definition.rows}


def rows_in(definition: TableDefinition, row: Row) -> frozenset[str] | None:
    """The rows whose facts count in one."""
    return None if row.total else frozenset(definition.parts_of(row))


class Tally:
    """The facts of one column, added up as its measure counts."""

    def __init__(self, counting: Counting, places: Places, numbers: Numbering) -> None:
        self._counting, self._places, self._numbers = counting, places, numbers
        self._sums: Counter[str] = Counter()
        self._records: Counter[str] = Counter()
        self._subjects: dict[tuple[str, str], int] = defaultdict(int)

    def take(self, facts: Iterable[Fact]) -> None:
        """Add the facts of one scene."""
        match self._counting:
            case Counting.SUBJECTS:
                rows: dict[str, set[str]] = defaultdict(set)
                for row, subject, _, _, _ in facts:
                    rows[row].add(subject)
                self._add({(row, ""): subjects for row, subjects in rows.items()})
            case Counting.WORDS:
                states: dict[tuple[str, str], set[str]] = defaultdict(set)
                for row, subject, _, part, _ in facts:
                    states[row, part].add(subject)
                self._add(states)
            case Counting.RECORDS:
                self._take_records(facts)
            case _:
                for row, _, _, _, amount in facts:
                    self._sums[row] += amount

    def _add(self, found: Mapping[tuple[str, str], set[str]]) -> None:
        for key, subjects in found.items():
            self._subjects[key] |= self._numbers.bits(subjects)

    def withdraw(self, subjects: int) -> None:
        """Take subjects (as bits) out again, whatever they were counted for."""
        if subjects:
            self._subjects.update({key: found & ~subjects for key, found in self._subjects.items()})

    def _take_records(self, facts: Iterable[Fact]) -> None:
        found: dict[str, set[str]] = defaultdict(set)
        for fact in facts:
            found[fact.row].add(fact.record_id)
        for place, rows in self._places.items():
            chosen = [ids for row, ids in found.items() if rows is None or row in rows]
            self._records[place] += len(set().union(*chosen))

    def amount(self, place: str) -> int:
        """The number of a row: a sum, or how many subjects, records, or states of subjects."""
        match self._counting:
            case Counting.SUBJECTS | Counting.WORDS:
                return sum(self._states(place).values())
            case Counting.RECORDS:
                return self._records[place]
        rows = self._places[place]
        return self._sums.total() if rows is None else sum(self._sums[row] for row in rows)

    def words(self, place: str) -> str:
        """How many subjects of a row were met in each state, in words."""
        counts = self._states(place)
        return word("note", "remark_comma").join(
            word("note", "remark", state=_met(state), count=counts[state])
            for state in (*ProductionStatus, "")
            if counts[state]
        )

    def _states(self, place: str) -> Counter[str]:
        """How many subjects there are of each state, or of none where states do not matter."""
        rows, found = self._places[place], dict[str, int]()
        for (row, state), subjects in self._subjects.items():
            if rows is None or row in rows:
                found[state] = found.get(state, 0) | subjects
        return Counter({state: subjects.bit_count() for state, subjects in found.items()})


def _met(state: str) -> str:
    return label("production_status", state) or word("note", "no_status")
