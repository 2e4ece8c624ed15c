"""Cross checks of a counted table (specs/statistics.md, common rule 10). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from app.statistics.definition import CheckRule, TableDefinition
from app.statistics.measures import MEASURES, facts_in
from app.statistics.scene import Scene
from app.statistics.table import Cell, Cells, Check, in_wan


def check_all(definition: TableDefinition, cells: Cells, details: Details) -> tuple[Check, ...]:
    """Every check of every row, in the order of the definition."""
    return tuple(
        check for rule in definition.checks for check in _check_rows(definition, rule, cells, details)
    )


def _check_rows(
    definition: TableDefinition, rule: CheckRule, cells: Cells, details: Details
) -> Iterator[Check]:
    for row in definition.rows:
        filled = cells[row.key]
        left = sum(filled[key].amount for key in rule.left)
        if rule.details:
            found = details.by_rule[rule.key]
            right = found.total() if row.total else sum(found[key] for key in definition.parts_of(row))
        elif _unreported(rule, filled):
            continue
        else:
            right = sum(filled[key].amount for key in rule.right)
        passed = left == right if rule.relation == "=" else left <= right
        shown = in_wan if _is_money(definition, rule) else int
        yield Check(rule.key, rule.label, row.key, shown(left), rule.relation, shown(right), passed)


def _unreported(rule: CheckRule, filled: Mapping[str, Cell]) -> bool:
    """A side that nobody reported has nothing to be compared with."""
    return any(all(filled[key].value is None for key in side) for side in (rule.left, rule.right))


def _is_money(definition: TableDefinition, rule: CheckRule) -> bool:
    columns = (definition.column(key) for key in rule.left)
    return any(MEASURES[column.measure].money for column in columns if column is not None)


class Details:
    """The money of the cases behind the left cells of a rule by row, added up from the case rows themselves."""

    def __init__(self, definition: TableDefinition) -> None:
        self._rules = [rule for rule in definition.checks if rule.details]
        self.by_rule: dict[str, Counter[str]] = {rule.key: Counter() for rule in self._rules}

    def take(self, scene: Scene) -> None:
        """Add the cases of one scene."""
        cases = {(case.record_id, case.key): case for case in scene.material.cases}
        for rule in self._rules if cases else ():
            for column in filter(None, map(scene.definition.column, rule.left)):
                for behind in {(fact.record_id, fact.part) for fact in facts_in(scene, column)}:
                    case = cases[behind]
                    amount = sum(case.amounts[name] for name in column.amounts)
                    self.by_rule[rule.key][scene.row_of_case(case)] += amount
