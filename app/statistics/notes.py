"""What stands below a table: what was left out and why, and the rules in force. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from app.statistics.definition import Column, TableDefinition
from app.statistics.material import Material, Standing
from app.statistics.measures import WitnessState, witness_states
from app.statistics.period import Period
from app.statistics.scene import Scene
from app.statistics.table import LeftOut, Source
from app.statistics.words import word


def left_out_of(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Everything of a scene that touches the period and was not counted, by reason (common rule 2)."""
    reasons: dict[str, list[str]] = {each.value: [] for each in Standing if each is not Standing.COUNTS}
    visits = scene.visits
    for number in scene.material.scope:
        if visits.standing[number] is not Standing.COUNTS:
            reasons[visits.standing[number].value].append(visits.id[number])
    for column in scene.definition.columns:
        found = _left_out_of(scene, column)
        reasons |= {reason: [*reasons.get(reason, ()), *ids] for reason, ids in found.items()}
    return {reason: tuple(dict.fromkeys(ids)) for reason, ids in reasons.items()}


class Remainders:
    """What notes and left-outs tell of a table's inspections, added up scene by scene."""

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self.unclassed = 0
        self.unclassed_certificates = 0
        self.odd_causes = 0

    def take(self, scene: Scene) -> None:
        """Add what one scene leaves over."""
        for reason, ids in left_out_of(scene).items():
            self.left_out[reason] += len(ids)
        material = scene.material
        match scene.definition.dimension:
            case "product_class":
                classes = scene.visits.product_class
                self.unclassed += sum(classes[number] is None for number in material.in_period)
                if scene.closing:
                    self.unclassed_certificates = sum(
                        held.product_class is None and not scene.whole.inspected(held.subject)
                        for held in material.certificates
                    )
            case "cause":
                known = scene.definition.placement()
                odd = {(case.visit, case.key) for case in material.cases if case.cause not in known}
                self.odd_causes += len(odd)

    def lines(self, source: Source) -> tuple[LeftOut, ...]:
        """What was left out, by reason."""
        return tuple(
            LeftOut(reason, word("left_out", reason), count, source)
            for reason, count in self.left_out.items()
            if count
        )


def _left_out_of(scene: Scene, column: Column) -> dict[str, list[str]]:
    """What one column does not count."""
    match column.measure:
        case "inspected_certified" if not column.types:
            counted, record = set(scene.certified_visits), scene.visits.id
            return {"uncertified": [record[n] for n in scene.material.in_period if n not in counted]}
        case "certified" | "certificate_field":
            return {"unknown_status": list(scene.material.unknown_status)}
        case "witnessed":
            return _unwitnessed(scene, column)
        case "cases" if column.by == "referred_on":
            return {"not_filed": list(_referred_leads(scene))}
    return {}


def _unwitnessed(scene: Scene, column: Column) -> dict[str, list[str]]:
    """Witness checks outside the dates of their audit plan, and those of which no plan is known."""
    states, record = tuple(witness_states(scene, column)), scene.visits.id
    reasons = (WitnessState.OUTSIDE, WitnessState.UNPLANNED)
    return {reason.value: [record[n] for n, state in states if state is reason] for reason in reasons}


def _referred_leads(scene: Scene) -> Iterator[str]:
    period = scene.material.period
    for case in scene.material.cases:
        filed = case.days["filed_on"]
        if case.days["referred_on"] in period and (filed is None or filed > period.last):
            yield case.record_id


def notes(
    definition: TableDefinition, base: Material, switches: Mapping[str, bool], rest: Remainders
) -> tuple[str, ...]:
    """The footnotes: layout, switches in force, age of the registry data, what had no class."""
    return (
        *_layout(definition),
        *definition.notes,
        *_switches(definition, switches),
        *_registry(definition, base),
        *_unplaced(definition, rest),
        *_unstated(definition, base.period),
    )


def _layout(definition: TableDefinition) -> Iterator[str]:
    if definition.proposal:
        yield word("note", "proposal")
    if definition.confidence:
        yield word("note", "layout", confidence=definition.confidence)
    if definition.version > 1:
        yield word("note", "version", version=definition.version, day=definition.changed_on)


def _unstated(definition: TableDefinition, period: Period) -> Iterator[str]:
    """Columns of another source that this office has not given for the year, and what rests on them."""
    year, columns = period.last.year, definition.columns
    empty = {each.key for each in columns if each.measure == "stated" and str(year) not in each.stated}
    for column in columns:
        if column.key in empty:
            resting = [each.name for each in columns if column.key in each.of]
            names = word("note", "remark_comma").join([column.name, *resting])
            yield word("note", "unstated", columns=names, year=year)


def _switches(definition: TableDefinition, switches: Mapping[str, bool]) -> Iterator[str]:
    asked: Iterable[str] = dict.fromkeys(column.switch for column in definition.columns if column.switch)
    for name in asked:
        yield word("switch", f"{name}_{'on' if switches.get(name) else 'off'}")


def _registry(definition: TableDefinition, material: Material) -> Iterator[str]:
    if definition.scheme is None:
        return
    if not (material.registry_known or definition.listing):
        yield word("note", "no_registry")
    if material.undated:
        yield word("note", "undated", count=material.undated)
    if material.as_of is None:
        return
    oldest, newest = material.as_of
    key = "as_of_day" if oldest == newest else "as_of_span"
    yield word("note", key, oldest=oldest.isoformat(), newest=newest.isoformat())
    last = material.period.last
    if newest < last:
        yield word("note", "as_of_early", newest=newest.isoformat(), last=last.isoformat())


def _unplaced(definition: TableDefinition, rest: Remainders) -> Iterator[str]:
    """What has no value to divide by: product classes, or causes of cases."""
    if rest.unclassed or rest.unclassed_certificates:
        row = definition.row(definition.unplaced)
        key, name = ("unplaced_row", row.label) if row else ("unplaced", "")
        yield word("note", key, count=rest.unclassed, certificates=rest.unclassed_certificates, row=name)
    if rest.odd_causes:
        yield word("note", "unknown_causes", count=rest.odd_causes)
