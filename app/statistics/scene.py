"""A definition with its material: what counts where, and who is 获证企业 of which row. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple

from app.statistics.definition import TableDefinition
from app.statistics.material import Case, Material, Visits
from app.vocabulary import ProductClass


class Fact(NamedTuple):
    """What counts: in ``row``, for ``subject``, by ``part`` (or several) of a record, ``amount``."""

    row: str
    subject: str
    record_id: str
    part: str = ""
    amount: int = 1


class Scene:
    """A definition with its material: what measures look at."""

    def __init__(self, definition: TableDefinition, material: Material) -> None:
        self.definition, self.material, self.visits = definition, material, material.visits
        self._rows = definition.placement()
        self._unplaced = definition.unplaced
        self._dimension = definition.dimension
        # No method of its own: a scene that holds one holds itself, and is kept until a collection.
        values = _values(self.visits, definition.dimension)
        self.row_of: Callable[[int], str] = (
            _nowhere if values is None else partial(_placed, self._rows, self._unplaced, values)
        )
        """The row that the inspection of a number, and all that follows from it, counts in (common rule 7)."""

    def row_of_case(self, case: Case) -> str:
        """The row a case counts in: its cause's where the table divides by causes."""
        if self._dimension == "cause":
            return self._rows.get(case.cause, self._unplaced)
        return self.row_of(case.visit)

    def row_of_class(self, product_class: ProductClass | None) -> str:
        """The row of a product class."""
        return self._rows.get(product_class or "", self._unplaced)

    @cached_property
    def certified(self) -> tuple[Fact, ...]:
        """获证企业: one fact for each certificate that counts at the period's end.

        A certificate whose product class the registry does not give counts where its holder was
        inspected, else in the row for the unplaced.
        """
        by_class = self._dimension == "product_class"
        unclassed = {held.subject for held in self.material.certificates if held.product_class is None}
        visits = self.material.in_period if unclassed and by_class else ()
        subject, row_of = self.visits.subject, self.row_of
        met = {subject[number]: row_of(number) for number in visits if subject[number] in unclassed}
        return tuple(
            Fact(
                self._held_row(held.product_class, met.get(held.subject)) if by_class else "",
                held.subject,
                held.organization_id,
                held.number,
            )
            for held in self.material.certificates
        )

    def _held_row(self, product_class: ProductClass | None, met: str | None) -> str:
        return met if product_class is None and met is not None else self.row_of_class(product_class)

    @cached_property
    def certified_visits(self) -> Sequence[int]:
        """Inspections whose subject is 获证企业 of the row it counts in, oldest first."""
        certified = {(fact.row, fact.subject) for fact in self.certified}
        subject, row_of = self.visits.subject, self.row_of
        counted = self.material.in_period
        return array("I", (n for n in counted if (row_of(n), subject[n]) in certified))

    @cached_property
    def last_visits(self) -> dict[str, int]:
        """The last inspection of each subject in the period, whatever its row."""
        subject = self.visits.subject
        return {subject[number]: number for number in self.material.in_period}

    @cached_property
    def last_in_rows(self) -> Sequence[int]:
        """The last inspection of each certified subject in each row."""
        subject, row_of = self.visits.subject, self.row_of
        return array("I", {(row_of(n), subject[n]): n for n in self.certified_visits}.values())


def _values(visits: Visits, dimension: str) -> Sequence[str | None] | None:
    """What the rows of a table divide inspections by."""
    match dimension:
        case "product_class":
            return visits.product_class
        case "inspection_type":
            return visits.inspection_type
    return None


def _placed(rows: Mapping[str, str], unplaced: str, values: Sequence[str | None], number: int) -> str:
    return rows.get(values[number] or "", unplaced)


def _nowhere(_number: int) -> str:
    """The only row of a table that divides by nothing."""
    return ""
