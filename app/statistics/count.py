"""One call from the store to a counted table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.settings import Settings
from app.statistics.checks import check_all
from app.statistics.definition import TableDefinition, with_switches
from app.statistics.gather import gather
from app.statistics.material import Material
from app.statistics.notes import left_out, notes
from app.statistics.period import Period
from app.statistics.scene import Scene
from app.statistics.table import Table, fill


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
    session: Session, definition: TableDefinition, period: Period, *, settings: Settings, head: Head
) -> Table:
    """Count ``definition`` over ``period`` from the store."""
    material = gather(session, definition.inspection_types, definition.scheme, period)
    return assemble(definition, material, switches_of(settings), head)


def assemble(definition: TableDefinition, material: Material, switches: dict[str, bool], head: Head) -> Table:
    """The table that material makes under the switches in force."""
    in_force = with_switches(definition, switches)
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
    )
