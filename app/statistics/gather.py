"""The store's rows of one period, in a handful of queries whatever the tables' number and size.

Rows are read as the store has them (coded words and moments are text) and decoded where they are
needed: a table of 100,000 inspections is counted in little more than it takes to read them.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.statistics.definition import TableDefinition
from app.statistics.gather_parts import PartReader
from app.statistics.gather_registry import Registry, read_registry
from app.statistics.gather_visits import read_visits, touched
from app.statistics.listings import LISTINGS
from app.statistics.material import Listed, Material, Visits
from app.statistics.period import Period
from app.statistics.subjects import Subjects
from app.statistics.want import Want
from app.vocabulary import Scheme


def gather(session: Session, definition: TableDefinition, period: Period) -> Material:
    """The material of one table."""
    return Gathered(session, (definition,), period).material(definition)


class Gathered:
    """The rows that several tables of one period need, read once."""

    def __init__(self, session: Session, definitions: Sequence[TableDefinition], period: Period) -> None:
        self._session, self._period = session, period
        want = Want.of(definitions[0])
        for definition in definitions[1:]:
            want = want.joined(Want.of(definition))
        self._people = Subjects(session)
        self._visits = read_visits(session, want, period, self._people) if want.needs else Visits()
        parts = PartReader(session, period, self._people, self._visits, want.needs)
        self._orders = parts.orders() if "orders" in want.needs else ()
        self._cases = parts.cases() if "cases" in want.needs else ()
        self._notices = parts.notices() if "notices" in want.needs else ()

    def material(self, definition: TableDefinition) -> Material:
        """The part of it that one table counts from."""
        want = Want.of(definition)
        registry = self._registry(definition.scheme) if "certificates" in want.needs else Registry()
        numbers, kind = self._numbers_of(want), self._visits.inspection_type
        return Material(
            period=self._period,
            visits=self._visits,
            numbers=numbers,
            orders=tuple(each for each in self._orders if kind[each.visit] in want.types),
            cases=tuple(each for each in self._cases if kind[each.visit] in want.types),
            notices=tuple(each for each in self._notices if kind[each.visit] in want.types),
            certificates=tuple(registry.held),
            unknown_status=tuple(dict.fromkeys(registry.unknown)),
            as_of=(min(registry.days), max(registry.days)) if registry.days else None,
            registry_known=registry.known,
            listed=self._listed(definition, numbers),
        )

    def _numbers_of(self, want: Want) -> Sequence[int]:
        """Visits of the wanted types; of a table that counts cases alone, those with a case."""
        if not want.needs:
            return ()
        of_types = (n for n, kind in enumerate(self._visits.inspection_type) if kind in want.types)
        if "visits" in want.needs:
            return array("I", of_types)
        asked, record = set(self._session.scalars(touched(self._period, want.needs))), self._visits.id
        return array("I", (n for n in of_types if record[n] in asked))

    def _registry(self, scheme: Scheme | None) -> Registry:
        if scheme is None:
            return Registry()
        return read_registry(self._session, scheme, self._period, self._people)

    def _listed(self, definition: TableDefinition, numbers: Sequence[int]) -> tuple[Listed, ...]:
        if not definition.listing:
            return ()
        visits = tuple(self._visits[number] for number in numbers)
        return LISTINGS[definition.listing].read(self._session, definition, self._period, visits)
