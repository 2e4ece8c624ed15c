"""Some of a table's inspections with what holds of all of them: what measures look at. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cached_property

from app.statistics.definition import TableDefinition
from app.statistics.material import Case, Material
from app.statistics.rows import Rows
from app.statistics.whole import Whole


class Scene:
    """A definition with some of its material, and the whole.

    Inspections come some at a time; the ``closing`` scene after them has none, but the registry and the
    lines of a list: in it stands what is counted once.
    """

    def __init__(
        self, definition: TableDefinition, material: Material, whole: Whole, *, closing: bool = False
    ) -> None:
        self.definition, self.material, self.visits = definition, material, material.visits
        self.whole, self.closing = whole, closing
        self._rows = Rows(definition)
        # No method of its own: a scene that holds one holds itself, and is kept until a collection.
        self.row_of = self._rows.of_visits(material.visits)
        """The row that the inspection of a number, and all that follows from it, counts in (common rule 7)."""

    def row_of_case(self, case: Case) -> str:
        """The row a case counts in: its cause's where the table divides by causes."""
        return self._rows.of_cause(case) if self._rows.dimension == "cause" else self.row_of(case.visit)

    @cached_property
    def certified_visits(self) -> Sequence[int]:
        """Inspections whose subject is 获证企业 of the row it counts in."""
        certified, subject, row_of = self.whole.certified_in, self.visits.subject, self.row_of
        counted = self.material.in_period
        return array("I", (n for n in counted if subject[n] in certified.get(row_of(n), ())))
