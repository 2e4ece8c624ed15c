"""A table's material some inspections at a time, and the scenes it makes. Pure.

The same scenes are gone through when a table is counted and when what is behind it is read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import NamedTuple, Protocol

from app.statistics.definition import Column, TableDefinition
from app.statistics.material import Listed, Material, Visits
from app.statistics.measures import facts_in, withdrawn_in
from app.statistics.notes import left_out_of
from app.statistics.numbering import Numbering
from app.statistics.scene import Scene
from app.statistics.whole import Fact, Whole, moment_of


class Asked(NamedTuple):
    """A table as it counts under the switches in force, and those of its columns that are asked."""

    definition: TableDefinition
    columns: tuple[Column, ...]


class Stream(Protocol):
    """The material of some tables. Each pass gives every inspection once, in the order of their ids."""

    asked: Sequence[Asked]
    numbers: Numbering

    def base(self, table: str) -> Material:
        """What a table counts from beside inspections: the registry."""

    def headers(self, tables: Sequence[str]) -> Iterator[tuple[str, Material]]:
        """Inspections without what hangs on them, for the tables named."""

    def parts(self) -> Iterator[tuple[str, Material]]:
        """Inspections with all that is asked, for every table."""

    def lines(self, table: str) -> tuple[Listed, ...]:
        """The lines of a list, once all parts were given."""


def scenes(stream: Stream) -> Iterator[Scene]:
    """The scenes of all tables; the closing one of each comes last."""
    tables = {each.definition.id: each for each in stream.asked}
    wholes = {
        key: Whole(each.definition, each.columns, stream.base(key), stream.numbers)
        for key, each in tables.items()
    }
    first = [key for key, whole in wholes.items() if whole.first]
    for key, material in stream.headers(first) if first else ():
        wholes[key].look(material)
    for key in first:
        wholes[key].settle()
    for key, material in stream.parts():
        wholes[key].look(material)
        yield Scene(tables[key].definition, material, wholes[key])
    for key, each in tables.items():
        base = replace(stream.base(key), listed=stream.lines(key))
        yield Scene(each.definition, base, wholes[key], closing=True)


class Given:
    """A stream of one table over material that is there already."""

    def __init__(self, asked: Asked, parts: Sequence[Material]) -> None:
        self.asked: Sequence[Asked] = (asked,)
        self.numbers = Numbering()
        self._parts = parts

    def base(self, _table: str) -> Material:
        """The registry of the first part; it is that of all."""
        return replace(self._parts[0], visits=Visits(), numbers=None, orders=(), cases=(), notices=())

    def headers(self, tables: Sequence[str]) -> Iterator[tuple[str, Material]]:
        """The parts as they are."""
        return ((key, part) for key in tables for part in self._parts)

    def parts(self) -> Iterator[tuple[str, Material]]:
        """The parts without what the closing scene tells of."""
        for asked in self.asked:
            for part in self._parts:
                yield asked.definition.id, replace(part, unknown_status=(), listed=())

    def lines(self, _table: str) -> tuple[Listed, ...]:
        """The lines that were given."""
        return self._parts[0].listed


Opening = Callable[[Asked], AbstractContextManager[Stream]]
"""What opens a stream of one table again."""


def given(parts: Sequence[Material], asked: Asked) -> AbstractContextManager[Stream]:
    """Open material that is there already."""
    return nullcontext(Given(asked, parts))


def opening(parts: Sequence[Material]) -> Opening:
    """What opens the same material again and again."""
    return partial(given, parts)


@dataclass(frozen=True, slots=True)
class Again:
    """Reads what is behind a table again, as it stands now."""

    definition: TableDefinition
    opening: Opening

    def facts(self, columns: Sequence[Column]) -> dict[str, tuple[Fact, ...]]:
        """The facts of some columns in one pass, in the order their records were finalised."""
        found: dict[str, list[tuple[float, Fact]]] = {column.key: [] for column in columns}
        with self.opening(Asked(self.definition, tuple(columns))) as stream:
            for scene in scenes(stream):
                moments = _moments(scene)
                for column in columns:
                    facts = facts_in(scene, column)
                    found[column.key].extend((moments.get(fact.record_id, 0.0), fact) for fact in facts)
                    if without := withdrawn_in(scene, column):
                        found[column.key] = [
                            each
                            for each in found[column.key]
                            if not stream.numbers.has(without, each[1].subject)
                        ]
        return {key: tuple(fact for _, fact in sorted(facts, key=_moment)) for key, facts in found.items()}

    def left_out(self) -> dict[str, tuple[str, ...]]:
        """The records that are not counted, by reason, in the same order."""
        found: dict[str, list[tuple[float, str]]] = defaultdict(list)
        with self.opening(Asked(self.definition, self.definition.columns)) as stream:
            for scene in scenes(stream):
                moments = _moments(scene)
                for reason, ids in left_out_of(scene).items():
                    found[reason].extend((moments.get(each, 0.0), each) for each in ids)
        return {reason: tuple(each for _, each in sorted(ids, key=_moment)) for reason, ids in found.items()}


def _moments(scene: Scene) -> dict[str, float]:
    """When the inspections of a scene were finalised, or those that its whole names."""
    if scene.closing:
        return scene.whole.moments()
    return dict(zip(scene.visits.id, map(moment_of, scene.visits.finalised), strict=True))


_moment = itemgetter(0)
