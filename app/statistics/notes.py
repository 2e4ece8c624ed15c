"""What stands below a table: what was left out and why, and the rules in force. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.statistics.definition import TableDefinition
from app.statistics.material import Standing
from app.statistics.scene import Scene
from app.statistics.table import LeftOut
from app.statistics.words import word


def left_out(scene: Scene) -> tuple[LeftOut, ...]:
    """Everything that touches the period and was not counted, by reason (common rule 2)."""
    measures = {column.measure for column in scene.definition.columns}
    reasons = {
        standing.value: [visit.id for visit in scene.material.visits if visit.standing is standing]
        for standing in (Standing.DRAFT, Standing.IN_CONFLICT, Standing.RETURNED)
    }
    if "inspected_certified" in measures:
        counted = {visit.id for visit in scene.certified_visits}
        reasons["uncertified"] = [v.id for v in scene.material.in_period if v.id not in counted]
    if "certified" in measures:
        reasons["unknown_status"] = list(scene.material.unknown_status)
    if any(column.by == "referred_on" for column in scene.definition.columns):
        reasons["not_filed"] = list(_referred_leads(scene))
    return tuple(
        LeftOut(reason, word("left_out", reason), tuple(dict.fromkeys(ids)))
        for reason, ids in reasons.items()
        if ids
    )


def _referred_leads(scene: Scene) -> Iterator[str]:
    period = scene.material.period
    for case in scene.material.cases:
        filed = case.days["filed_on"]
        if case.days["referred_on"] in period and (filed is None or filed > period.last):
            yield case.visit.id


def notes(scene: Scene, switches: dict[str, bool]) -> tuple[str, ...]:
    """The footnotes: layout, switches in force, age of the registry data, what had no class."""
    definition = scene.definition
    return (
        *_layout(definition),
        *definition.notes,
        *_switches(definition, switches),
        *_registry(scene),
        *_unplaced(scene),
    )


def _layout(definition: TableDefinition) -> Iterator[str]:
    if definition.confidence:
        yield word("note", "layout", confidence=definition.confidence)


def _switches(definition: TableDefinition, switches: dict[str, bool]) -> Iterator[str]:
    asked: Iterable[str] = dict.fromkeys(column.switch for column in definition.columns if column.switch)
    for name in asked:
        yield word("switch", f"{name}_{'on' if switches.get(name) else 'off'}")


def _registry(scene: Scene) -> Iterator[str]:
    material = scene.material
    if scene.definition.scheme is None:
        return
    if not material.registry_known:
        yield word("note", "no_registry")
    if material.as_of is None:
        return
    oldest, newest = material.as_of
    key = "as_of_day" if oldest == newest else "as_of_span"
    yield word("note", key, oldest=oldest.isoformat(), newest=newest.isoformat())
    last = material.period.last
    if newest < last:
        yield word("note", "as_of_early", newest=newest.isoformat(), last=last.isoformat())


def _unplaced(scene: Scene) -> Iterator[str]:
    """Inspections and certificates without a product class, where the table divides by it."""
    if scene.definition.dimension != "product_class":
        return
    visits = [visit for visit in scene.material.in_period if visit.product_class is None]
    met = {visit.subject for visit in scene.material.in_period}
    certificates = [
        held for held in scene.material.certificates if held.product_class is None and held.subject not in met
    ]
    if not visits and not certificates:
        return
    row = scene.definition.row(scene.definition.unplaced)
    key, name = ("unplaced_row", row.label) if row else ("unplaced", "")
    yield word("note", key, count=len(visits), certificates=len(certificates), row=name)
