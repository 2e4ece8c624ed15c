"""One call from the store to a counted table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from app.settings import Settings
from app.statistics.checks import check_all
from app.statistics.collecting import rare_collections
from app.statistics.definition import Row, TableDefinition, with_switches
from app.statistics.fill import facts_of, fill
from app.statistics.gather import Gathered, gather
from app.statistics.material import Material
from app.statistics.measures import MEASURES
from app.statistics.notes import left_out, notes
from app.statistics.period import Period
from app.statistics.scene import Scene
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
    session: Session, definition: TableDefinition, period: Period, *, switches: Mapping[str, bool], head: Head
) -> Table:
    """Count ``definition`` over ``period`` from the store."""
    with rare_collections():
        return assemble(definition, gather(session, definition, period), switches, head)


def count_tables(
    session: Session,
    definitions: Sequence[TableDefinition],
    period: Period,
    *,
    switches: Mapping[str, bool],
    head: Head,
) -> Iterator[Table]:
    """Count several tables of one period; what they need of the store is read once."""
    with rare_collections():
        gathered = Gathered(session, definitions, period)
        for each in definitions:
            yield assemble(each, gathered.material(each), switches, head)


def assemble(
    definition: TableDefinition, material: Material, switches: Mapping[str, bool], head: Head
) -> Table:
    """The table that material makes under the switches in force."""
    in_force = _with_lines(with_switches(definition, switches), material)
    scene = Scene(in_force, material)
    cells = fill(scene)
    return Table(
        definition=in_force,
        period=material.period,
        unit=head.unit,
        made_on=head.made_on,
        cells=cells,
        checks=check_all(scene, cells),
        left_out=left_out(scene),
        notes=notes(scene, switches),
        counted=len(material.listed) if definition.listing else _counted(scene),
        switches=dict(switches),
        facts_of=facts_of(scene),
    )


def _with_lines(definition: TableDefinition, material: Material) -> TableDefinition:
    """A list with a row of each of its lines, numbered, and its totals below."""
    if not definition.listing:
        return definition
    lines = tuple(Row(line.key, str(number)) for number, line in enumerate(material.listed, 1))
    return replace(definition, rows=(*lines, *(row for row in definition.rows if row.total)))


def _counted(scene: Scene) -> int:
    """How many inspections the table rests on: those of the period, or those with a case."""
    material = scene.material
    if any("visits" in MEASURES[column.measure].needs for column in scene.definition.columns):
        return len(material.in_period)
    return len({case.visit for case in material.cases})
