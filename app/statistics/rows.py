"""Which row of a table what was found counts in (common rule 7). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from app.statistics.definition import TableDefinition
from app.statistics.material import Case, Visits
from app.vocabulary import ProductClass


class Rows:
    """The rows of a table by the values of its dimension; what has none counts in ``unplaced``."""

    def __init__(self, definition: TableDefinition) -> None:
        self.dimension = definition.dimension
        self._rows = definition.placement()
        self._unplaced = definition.unplaced

    def of_visits(self, visits: Visits) -> Callable[[int], str]:
        """What gives the row of an inspection by its number, and of all that follows from it."""
        match self.dimension:
            case "product_class":
                return partial(_placed, self._rows, self._unplaced, visits.product_class)
            case "inspection_type":
                return partial(_placed, self._rows, self._unplaced, visits.inspection_type)
        return _nowhere

    def of_cause(self, case: Case) -> str:
        """The row of a case's cause."""
        return self._rows.get(case.cause, self._unplaced)

    def of_class(self, product_class: ProductClass | None) -> str:
        """The row of a product class; the only one where a table does not divide by them."""
        if self.dimension != "product_class":
            return ""
        return self._rows.get(product_class or "", self._unplaced)


def _placed(rows: Mapping[str, str], unplaced: str, values: Sequence[str | None], number: int) -> str:
    return rows.get(values[number] or "", unplaced)


def _nowhere(_number: int) -> str:
    """The only row of a table that divides by nothing."""
    return ""
