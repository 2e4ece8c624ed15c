"""The store's rows of one period as a stream of material for one or several tables.

Rows are read as the store has them (coded words and moments are text) and decoded where they are
needed, some inspections at a time: what is held at once depends on the registry, not on how many
inspections there are.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from sqlalchemy.orm import Session

from app.statistics.gather_parts import Part, read_parts
from app.statistics.gather_registry import Registry, read_registry
from app.statistics.listings import LISTINGS, last_of_each
from app.statistics.material import Listed, Material, Visit
from app.statistics.period import Period
from app.statistics.stream import Asked
from app.statistics.subjects import Subjects
from app.statistics.want import Want

Reading = Callable[[], AbstractContextManager[Session]]
"""What opens a read scope of the store."""


@contextmanager
def gather(reading: Reading, period: Period, *asked: Asked) -> Iterator[Gathered]:
    """The material of some tables, as the store has it at one moment."""
    with reading() as session:
        yield Gathered(session, asked, period)


class Gathered:
    """The rows that several tables of one period need; each pass reads them once for all."""

    def __init__(self, session: Session, asked: Sequence[Asked], period: Period) -> None:
        self._session, self._period, self.asked = session, period, asked
        self._people = Subjects(session)
        self.numbers = self._people.numbers
        self._wants = {each.definition.id: Want.of(each.definition, each.columns) for each in asked}
        self._definitions = {each.definition.id: each.definition for each in asked}
        self._bases = {key: self._read_base(key) for key in self._wants}
        self._listed_visits: dict[str, dict[str, Visit]] = {key: {} for key in self._wants}

    def base(self, table: str) -> Material:
        """What a table counts from beside inspections: the registry."""
        return self._bases[table]

    def _read_base(self, table: str) -> Material:
        definition = self._definitions[table]
        scheme, registry = definition.scheme, Registry()
        listed = definition.listing == "certificates"
        if scheme is not None and (listed or "certificates" in self._wants[table].needs):
            registry = read_registry(self._session, scheme, self._period, self._people)
        return Material(
            period=self._period,
            certificates=tuple(registry.held),
            unknown_status=tuple(dict.fromkeys(registry.unknown)),
            undated=registry.undated,
            as_of=(min(registry.days), max(registry.days)) if registry.days else None,
            registry_known=registry.known,
        )

    def headers(self, tables: Sequence[str]) -> Iterator[tuple[str, Material]]:
        """Inspections without what hangs on them, for the tables named."""
        return self._read({key: Want(self._wants[key].types, frozenset({"visits"})) for key in tables})

    def parts(self) -> Iterator[tuple[str, Material]]:
        """Inspections with all that is asked, for every table; what lists tell of is kept aside."""
        for key, material in self._read({key: want for key, want in self._wants.items() if want.needs}):
            if self._definitions[key].listing:
                self._listed_visits[key] = last_of_each(self._listed_visits[key], material)
            yield key, material

    def _read(self, wants: Mapping[str, Want]) -> Iterator[tuple[str, Material]]:
        if not wants:
            return
        wanted = list(wants.values())
        for part in read_parts(self._session, Want.joined(*wanted), self._period, self._people):
            for key, want in wants.items():
                yield key, self._of(key, want, part)

    def _of(self, table: str, want: Want, part: Part) -> Material:
        """What one table counts from of a part."""
        kind = part.visits.inspection_type
        return replace(
            self._bases[table],
            unknown_status=(),
            visits=part.visits,
            numbers=_numbers_of(want, part),
            orders=tuple(each for each in part.orders if kind[each.visit] in want.types),
            cases=tuple(each for each in part.cases if kind[each.visit] in want.types),
            notices=tuple(each for each in part.notices if kind[each.visit] in want.types),
        )

    def lines(self, table: str) -> tuple[Listed, ...]:
        """The lines of a list, once all parts were read."""
        definition = self._definitions[table]
        if not definition.listing:
            return ()
        visits = tuple(self._listed_visits[table].values())
        return LISTINGS[definition.listing].read(self._session, definition, self._period, visits)


def _numbers_of(want: Want, part: Part) -> Sequence[int]:
    """Visits of the wanted types; of a table that counts cases alone, those with a case."""
    of_types = (n for n, kind in enumerate(part.visits.inspection_type) if kind in want.types)
    if "visits" in want.needs:
        return array("I", of_types)
    asked, record = part.touched(want.needs), part.visits.id
    return array("I", (n for n in of_types if record[n] in asked))
