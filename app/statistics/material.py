"""What a table is counted from: frozen rows of one period (:mod:`app.statistics.gather`).

``subject`` is who a thing is about, as 家 are told apart (common rule 4): the 统一社会信用代码, else
the record. Orders, cases and notices name their visit by its number and its id. Each row names its
record, so the rows that make a number also explain it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from app.statistics.period import Period
from app.vocabulary import (
    InspectionStatus,
    InspectionType,
    NotificationKind,
    ProductClass,
    ProductionStatus,
    ReferralKind,
    SubjectKind,
)

PARTS = "\n"
"""Stands between several parts of one record that count together."""

NOTHING: Mapping[str, str] = MappingProxyType({})


class Standing(StrEnum):
    """Whether an inspection counts, or why it does not (common rule 2)."""

    COUNTS = "counts"
    DRAFT = "draft"
    IN_CONFLICT = "in_conflict"
    RETURNED = "returned"


def standing_of(status: InspectionStatus, *, finalised: bool, in_conflict: bool) -> Standing:
    """How an inspection stands; an open conflict weighs more than its status."""
    if in_conflict:
        return Standing.IN_CONFLICT
    if status is InspectionStatus.RETURNED:
        return Standing.RETURNED
    done = status in {InspectionStatus.FINALISED, InspectionStatus.APPROVED}
    return Standing.COUNTS if done and finalised else Standing.DRAFT


class Visit(NamedTuple):
    """An inspection that touches the period: finalised, begun or followed by something in it.

    ``officers`` are their credentials with :data:`PARTS` between them, ``findings`` the keys of
    confirmed findings against the organization, ``problems`` key and checklist item of every confirmed
    one that a table counts, ``values`` what was entered for the items a table asks. ``begun_on`` is the
    local day of the visit itself, where a table asks for it; ``finalised`` the moment as the store has
    it, empty before there is one.
    """

    id: str
    inspection_type: InspectionType
    product_class: ProductClass | None
    production_status: ProductionStatus | None
    subject: str
    in_period: bool
    standing: Standing
    officers: str = ""
    findings: tuple[str, ...] = ()
    begun_on: date | None = None
    problems: tuple[tuple[str, str], ...] = ()
    values: Mapping[str, str] = NOTHING
    finalised: str = ""


@dataclass(frozen=True, slots=True)
class Visits:
    """Inspections by number, in the order of their ids: a list of each thing that is known of them.

    What repeats is there once. What few inspections have stands under their numbers alone.
    """

    id: list[str] = field(default_factory=list)
    inspection_type: list[InspectionType] = field(default_factory=list)
    product_class: list[ProductClass | None] = field(default_factory=list)
    production_status: list[ProductionStatus | None] = field(default_factory=list)
    subject: list[str] = field(default_factory=list)
    in_period: list[bool] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)
    officers: list[str] = field(default_factory=list)
    findings: list[tuple[str, ...]] = field(default_factory=list)
    begun_on: dict[int, date | None] = field(default_factory=dict)
    problems: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    values: dict[int, Mapping[str, str]] = field(default_factory=dict)
    finalised: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, visits: Iterable[Visit]) -> Visits:
        """The same inspections as columns."""
        found = cls()
        for number, visit in enumerate(visits):
            for name, value in visit._asdict().items():
                column = getattr(found, name)
                if isinstance(column, dict):
                    column[number] = value
                else:
                    column.append(value)
        return found

    def __len__(self) -> int:
        return len(self.id)

    def __getitem__(self, number: int) -> Visit:
        """One inspection by its number."""
        return Visit(
            self.id[number],
            self.inspection_type[number],
            self.product_class[number],
            self.production_status[number],
            self.subject[number],
            self.in_period[number],
            self.standing[number],
            self.officers[number],
            self.findings[number],
            self.begun_on.get(number),
            self.problems.get(number, ()),
            self.values.get(number, NOTHING),
            self.finalised[number],
        )


class Order(NamedTuple):
    """An order issued in the period; ``closed`` when a follow-up passed by the period's end."""

    visit: int
    record_id: str
    key: str
    subject_kind: SubjectKind
    subject: str
    closed: bool


class Case(NamedTuple):
    """A case with at least one of its days in the period; money in 分."""

    visit: int
    record_id: str
    key: str
    cause: str
    subject_kind: SubjectKind
    subject: str
    days: dict[str, date | None]
    referral: ReferralKind | None
    amounts: dict[str, int]


class Notice(NamedTuple):
    """A notice about a finding, sent in the period; ``body`` tells bodies apart."""

    visit: int
    record_id: str
    key: str
    kind: NotificationKind
    body: str


class HeldCertificate(NamedTuple):
    """A certificate that counts at the period's end; ``has_dossier`` when one was made by then."""

    organization_id: str
    number: str
    subject: str
    product_class: ProductClass | None
    has_dossier: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a listing: ``values`` by field, made by part ``part`` of a record.

    ``key`` stays the same as long as the thing does, so that a later list can be compared.
    """

    key: str
    record_id: str
    subject: str
    part: str
    values: dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Material:
    """What one scope and period hold, all of it or some of the visits with what hangs on them.

    Orders, cases and notices are those of visits that count.

    ``numbers`` are those of the scope's ``visits``, all of them unless said otherwise; ``in_period`` are
    those among them that count: finalised in the period, by nobody disputed.
    ``unknown_status`` are organizations whose certificates of unknown status were left out;
    ``undated`` is how many certificates count though the registry lacks their day of issue or expiry;
    ``as_of`` the oldest and newest day of the registry data; ``registry_known`` whether the registry
    holds any certificate of the scheme at all. ``listed`` are the lines of a listing.
    """

    period: Period
    visits: Visits = field(default_factory=Visits)
    numbers: Sequence[int] | None = None
    orders: tuple[Order, ...] = ()
    cases: tuple[Case, ...] = ()
    notices: tuple[Notice, ...] = ()
    certificates: tuple[HeldCertificate, ...] = ()
    unknown_status: tuple[str, ...] = ()
    undated: int = 0
    as_of: tuple[date, date] | None = None
    registry_known: bool = False
    listed: tuple[Listed, ...] = ()
    in_period: Sequence[int] = field(init=False)

    def __post_init__(self) -> None:
        visits = self.visits
        counted = (n for n in self.scope if visits.in_period[n] and visits.standing[n] is Standing.COUNTS)
        object.__setattr__(self, "in_period", array("I", counted))

    @property
    def scope(self) -> Sequence[int]:
        """Numbers of the visits of the scope."""
        return range(len(self.visits)) if self.numbers is None else self.numbers
