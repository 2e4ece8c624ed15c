"""A definition with its material: what counts where, and who is 获证企业 of which row. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import NamedTuple

from app.statistics.definition import TableDefinition
from app.statistics.material import Case, Material, Visit
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
        self.definition = definition
        self.material = material
        self._rows = definition.placement()
        self._unplaced = definition.unplaced
        self._dimension = definition.dimension
        # No method of its own: a scene that holds one holds itself, and is kept until a collection.
        placing = _PLACING.get(definition.dimension, _nowhere)
        self.row_of: Callable[[Visit], str] = partial(placing, self._rows, definition.unplaced)
        """The row an inspection and all that follows from it counts in (common rule 7)."""

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
        met = {visit.subject: self.row_of(visit) for visit in visits if visit.subject in unclassed}
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
    def certified_visits(self) -> tuple[Visit, ...]:
        """Inspections whose subject is 获证企业 of the row it counts in, oldest first."""
        certified = {(fact.row, fact.subject) for fact in self.certified}
        visits, row_of = self.material.in_period, self.row_of
        return tuple(visit for visit in visits if (row_of(visit), visit.subject) in certified)

    @cached_property
    def last_visits(self) -> dict[str, Visit]:
        """The last inspection of each subject in the period, whatever its row."""
        return {visit.subject: visit for visit in self.material.in_period}

    @cached_property
    def last_in_rows(self) -> tuple[Visit, ...]:
        """The last inspection of each certified subject in each row."""
        return tuple({(self.row_of(visit), visit.subject): visit for visit in self.certified_visits}.values())


def _by_class(rows: Mapping[str, str], unplaced: str, visit: Visit) -> str:
    return rows.get(visit.product_class or "", unplaced)


def _by_type(rows: Mapping[str, str], unplaced: str, visit: Visit) -> str:
    return rows.get(visit.inspection_type, unplaced)


def _nowhere(_rows: Mapping[str, str], _unplaced: str, _visit: Visit) -> str:
    """The only row of a table that divides by nothing."""
    return ""


_PLACING = {"product_class": _by_class, "inspection_type": _by_type}
