"""The store's rows of one period, in a handful of queries whatever the tables' number and size.

Rows are read as the store has them (coded words and moments are text) and decoded where they are
needed: a table of 100,000 inspections is counted in little more than it takes to read them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.statistics.definition import TableDefinition
from app.statistics.gather_parts import PartReader
from app.statistics.gather_registry import Registry, read_registry
from app.statistics.gather_visits import read_visits, touched
from app.statistics.listings import LISTINGS
from app.statistics.material import Listed, Material, Standing, Visit
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
        self._visits = read_visits(session, want, period, self._people) if want.needs else ()
        counting = {each.id: each for each in self._visits if each.standing is Standing.COUNTS}
        parts = PartReader(session, period, self._people, counting)
        self._orders = parts.orders() if "orders" in want.needs else ()
        self._cases = parts.cases() if "cases" in want.needs else ()
        self._notices = parts.notices() if "notices" in want.needs else ()
        self._registries: dict[Scheme, Registry] = {}

    def material(self, definition: TableDefinition) -> Material:
        """The part of it that one table counts from."""
        want = Want.of(definition)
        registry = self._registry(definition.scheme) if "certificates" in want.needs else Registry()
        visits = self._visits_of(want)
        return Material(
            period=self._period,
            visits=visits,
            orders=tuple(each for each in self._orders if each.visit.inspection_type in want.types),
            cases=tuple(each for each in self._cases if each.visit.inspection_type in want.types),
            notices=tuple(each for each in self._notices if each.visit.inspection_type in want.types),
            certificates=tuple(registry.held),
            unknown_status=tuple(dict.fromkeys(registry.unknown)),
            as_of=(min(registry.days), max(registry.days)) if registry.days else None,
            registry_known=registry.known,
            listed=self._listed(definition, visits),
        )

    def _visits_of(self, want: Want) -> tuple[Visit, ...]:
        """Visits of the wanted types; of a table that counts cases alone, those with a case."""
        if not want.needs:
            return ()
        of_types = tuple(each for each in self._visits if each.inspection_type in want.types)
        if "visits" in want.needs:
            return of_types
        asked = set(self._session.scalars(touched(self._period, want.needs)))
        return tuple(each for each in of_types if each.id in asked)

    def _registry(self, scheme: Scheme | None) -> Registry:
        if scheme is None:
            return Registry()
        if scheme not in self._registries:
            self._registries[scheme] = read_registry(self._session, scheme, self._period, self._people)
        return self._registries[scheme]

    def _listed(self, definition: TableDefinition, visits: tuple[Visit, ...]) -> tuple[Listed, ...]:
        if not definition.listing:
            return ()
        return LISTINGS[definition.listing].read(self._session, definition, self._period, visits)
