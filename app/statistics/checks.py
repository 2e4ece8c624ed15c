"""Cross checks of a counted table (specs/statistics.md, common rule 10). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from app.statistics.definition import CheckRule
from app.statistics.measures import MEASURES
from app.statistics.scene import Scene
from app.statistics.table import Cell, Check, in_wan

Cells = dict[str, dict[str, Cell]]


def check_all(scene: Scene, cells: Cells) -> tuple[Check, ...]:
    """Every check of every row, in the order of the definition."""
    return tuple(check for rule in scene.definition.checks for check in _check_rows(scene, rule, cells))


def _check_rows(scene: Scene, rule: CheckRule, cells: Cells) -> Iterator[Check]:
    for row in scene.definition.rows:
        filled = cells[row.key]
        left = sum(filled[key].amount for key in rule.left)
        if rule.details:
            right = _details(scene, rule, filled)
        else:
            # A side that nobody reported has nothing to be compared with.
            if all(filled[key].value is None for key in rule.right):
                continue
            right = sum(filled[key].amount for key in rule.right)
        passed = left == right if rule.relation == "=" else left <= right
        shown = in_wan if _is_money(scene, rule) else int
        yield Check(rule.key, rule.label, row.key, shown(left), rule.relation, shown(right), passed)


def _is_money(scene: Scene, rule: CheckRule) -> bool:
    columns = (scene.definition.column(key) for key in rule.left)
    return any(MEASURES[column.measure].money for column in columns if column is not None)


def _details(scene: Scene, rule: CheckRule, cells: dict[str, Cell]) -> int:
    """The money of the cases behind the left cells, added up case by case from the case rows."""
    cases = {(case.visit.id, case.key): case.amounts for case in scene.material.cases}
    columns = {column.key: column for column in scene.definition.columns}
    return sum(
        cases[behind][name]
        for key in rule.left
        for behind in {(fact.record_id, fact.part) for fact in cells[key].facts}
        for name in columns[key].amounts
    )
