"""One call from the store to a counted table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from app.settings import Settings
from app.statistics.checks import Details, check_all
from app.statistics.definition import Row, TableDefinition, with_switches
from app.statistics.fill import Filling
from app.statistics.gather import Reading, gather
from app.statistics.material import Material
from app.statistics.measures import MEASURES
from app.statistics.notes import Remainders, notes
from app.statistics.numbering import Numbering
from app.statistics.period import Period
from app.statistics.scene import Scene
from app.statistics.stream import Again, Asked, Opening, opening, scenes
from app.statistics.table import Table


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a table says: who reports (填报单位), and the day it was made (填报时间)."""

    unit: str
    made_on: date


def switches_of(settings: Settings) -> dict[str, bool]:
    """The switches of the counting rules that an office may set."""
    return {
        "count_fines_only": settings.count_fines_only,
        "count_decided_cases": settings.count_decided_cases,
    }


def count_table(
    reading: Reading, definition: TableDefinition, period: Period, *, switches: Mapping[str, bool], head: Head
) -> Table:
    """Count ``definition`` over ``period`` from the store."""
    (table,) = count_tables(reading, (definition,), period, switches=switches, head=head)
    return table


def count_tables(
    reading: Reading,
    definitions: Sequence[TableDefinition],
    period: Period,
    *,
    switches: Mapping[str, bool],
    head: Head,
) -> Iterator[Table]:
    """Count several tables of one period; what they need of the store is read once.

    ``reading`` opens the store, now and whenever somebody looks behind a cell.
    """
    in_force = [with_switches(definition, switches) for definition in definitions]
    again = partial(gather, reading, period)
    with gather(reading, period, *(Asked(each, each.columns) for each in in_force)) as stream:
        counts = {each.id: _Count(each, stream.numbers) for each in in_force}
        for scene in scenes(stream):
            counts[scene.definition.id].take(scene)
    return (count.table(again, switches, head) for count in counts.values())


def assemble(
    definition: TableDefinition, parts: Sequence[Material], switches: Mapping[str, bool], head: Head
) -> Table:
    """The table that material makes under the switches in force; ``parts`` hold every inspection once."""
    in_force, again = with_switches(definition, switches), opening(parts)
    with again(Asked(in_force, in_force.columns)) as stream:
        count = _Count(in_force, stream.numbers)
        for scene in scenes(stream):
            count.take(scene)
    return count.table(again, switches, head)


class _Count:
    """One table, added up scene by scene."""

    def __init__(self, definition: TableDefinition, numbers: Numbering) -> None:
        self._definition = definition
        self._filling, self._details = Filling(definition, numbers), Details(definition)
        self._rest, self._counted = Remainders(), 0
        self._of_visits = any("visits" in MEASURES[column.measure].needs for column in definition.columns)
        self._base: Material | None = None

    def take(self, scene: Scene) -> None:
        """Add one scene; the closing one comes last."""
        for part in (self._filling, self._details, self._rest):
            part.take(scene)
        material = scene.material
        # Inspections of the period, or those with a case where the table looks at cases alone.
        self._counted += len(
            material.in_period if self._of_visits else {case.visit for case in material.cases}
        )
        if scene.closing:
            self._base = material

    def table(self, again: Opening, switches: Mapping[str, bool], head: Head) -> Table:
        """The table of what was taken."""
        base = self._base
        assert base is not None
        definition, source = _with_lines(self._definition, base), Again(self._definition, again)
        cells = self._filling.cells(definition, base, source)
        return Table(
            definition=definition,
            period=base.period,
            unit=head.unit,
            made_on=head.made_on,
            cells=cells,
            checks=check_all(definition, cells, self._details),
            left_out=self._rest.lines(source),
            notes=notes(definition, base, switches, self._rest),
            counted=len(base.listed) if definition.listing else self._counted,
            switches=dict(switches),
            source=source,
        )


def _with_lines(definition: TableDefinition, base: Material) -> TableDefinition:
    """A list with a row of each of its lines, numbered, and its totals below."""
    if not definition.listing:
        return definition
    lines = tuple(Row(line.key, str(number)) for number, line in enumerate(base.listed, 1))
    return replace(definition, rows=(*lines, *(row for row in definition.rows if row.total)))
