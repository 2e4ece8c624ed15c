"""What tables ask of the store, so that nothing is read that none of them counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.statistics.definition import Column, TableDefinition
from app.statistics.measures import MEASURES
from app.vocabulary import InspectionType


@dataclass(frozen=True, slots=True)
class Want:
    """Types of inspection, parts of the material, and checklist items by type whose values are asked.

    ``problem_items`` are those whose findings are counted, whatever the type.
    """

    types: frozenset[InspectionType]
    needs: frozenset[str]
    items: frozenset[tuple[InspectionType, str]] = frozenset()
    problem_items: frozenset[str] = frozenset()

    @classmethod
    def of(cls, definition: TableDefinition, columns: Iterable[Column]) -> Want:
        """What some columns of a table ask."""
        measures = [(column, MEASURES[column.measure]) for column in columns]
        needs = {need for _, measure in measures for need in measure.needs}
        types = frozenset(definition.inspection_types)
        items = {
            (kind, item)
            for column, measure in measures
            if "values" in measure.needs
            for kind in column.types or types
            for item in column.items
        }
        problems = {
            item.partition("/")[2]
            for column, measure in measures
            if "problems" in measure.needs
            for item in column.items
        }
        return cls(types, frozenset(needs), frozenset(items), frozenset(problems))

    def joined(self, *others: Want) -> Want:
        """What all ask together."""
        return Want(
            self.types.union(*(other.types for other in others)),
            self.needs.union(*(other.needs for other in others)),
            self.items.union(*(other.items for other in others)),
            self.problem_items.union(*(other.problem_items for other in others)),
        )

    def items_by_type(self) -> dict[InspectionType, list[str]]:
        """The items whose values are asked, of each type."""
        found: dict[InspectionType, list[str]] = {}
        for kind, item in sorted(self.items):
            found.setdefault(kind, []).append(item)
        return found
