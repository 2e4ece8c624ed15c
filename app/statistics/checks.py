"""Cross checks of a counted table (specs/statistics.md, common rule 10). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from app.statistics.definition import CheckRule, Row
from app.statistics.measures import MEASURES
from app.statistics.scene import Scene
from app.statistics.table import Cell, Cells, Check, in_wan


def check_all(scene: Scene, cells: Cells) -> tuple[Check, ...]:
    """Every check of every row, in the order of the definition."""
    return tuple(check for rule in scene.definition.checks for check in _check_rows(scene, rule, cells))


def _check_rows(scene: Scene, rule: CheckRule, cells: Cells) -> Iterator[Check]:
    details = _details(scene, rule) if rule.details else Counter()
    for row in scene.definition.rows:
        filled = cells[row.key]
        left = sum(filled[key].amount for key in rule.left)
        if rule.details:
            right = details.total() if row.total else _of_row(scene, row, details)
        elif _unreported(rule, filled):
            continue
        else:
            right = sum(filled[key].amount for key in rule.right)
        passed = left == right if rule.relation == "=" else left <= right
        shown = in_wan if _is_money(scene, rule) else int
        yield Check(rule.key, rule.label, row.key, shown(left), rule.relation, shown(right), passed)


def _unreported(rule: CheckRule, filled: Mapping[str, Cell]) -> bool:
    """A side that nobody reported has nothing to be compared with."""
    return any(all(filled[key].value is None for key in side) for side in (rule.left, rule.right))


def _is_money(scene: Scene, rule: CheckRule) -> bool:
    columns = (scene.definition.column(key) for key in rule.left)
    return any(MEASURES[column.measure].money for column in columns if column is not None)


def _of_row(scene: Scene, row: Row, details: Counter[str]) -> int:
    return sum(details[key] for key in scene.definition.parts_of(row))


def _details(scene: Scene, rule: CheckRule) -> Counter[str]:
    """The money of the cases behind the left cells by row, added up from the case rows themselves."""
    cases = {(case.record_id, case.key): case for case in scene.material.cases}
    found: Counter[str] = Counter()
    for key in rule.left:
        column = scene.definition.column(key)
        if column is None:
            continue
        facts = MEASURES[column.measure].facts(scene, column)
        for behind in {(fact.record_id, fact.part) for fact in facts}:
            case = cases[behind]
            found[scene.row_of_case(case)] += sum(case.amounts[name] for name in column.amounts)
    return found
