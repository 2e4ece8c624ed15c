"""What a table is counted from: frozen rows of one period, gathered once (:mod:`app.statistics.gather`).

``subject`` is who a thing is about, as 家 are told apart (common rule 4): the 统一社会信用代码, else
the record. Each row names its record, so the rows that make a number also explain it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

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


class Standing(StrEnum):
    """Whether an inspection counts, or why it does not (common rule 2)."""

    COUNTS = "counts"
    DRAFT = "draft"
    IN_CONFLICT = "in_conflict"
    RETURNED = "returned"


def standing_of(status: InspectionStatus, finalised_at: datetime | None, *, in_conflict: bool) -> Standing:
    """How an inspection stands; an open conflict weighs more than its status."""
    if in_conflict:
        return Standing.IN_CONFLICT
    if status is InspectionStatus.RETURNED:
        return Standing.RETURNED
    finished = status in {InspectionStatus.FINALISED, InspectionStatus.APPROVED}
    return Standing.COUNTS if finished and finalised_at is not None else Standing.DRAFT


@dataclass(frozen=True, slots=True)
class Visit:
    """An inspection that touches the period: finalised, begun or followed by something in it."""

    id: str
    inspection_type: InspectionType
    product_class: ProductClass | None
    production_status: ProductionStatus | None
    subject: str
    finalised_at: datetime | None
    in_period: bool
    standing: Standing
    officers: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """An order issued in the period; ``closed`` when a follow-up passed by the period's end."""

    visit: Visit
    key: str
    subject_kind: SubjectKind
    subject: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A case with at least one of its days in the period; money in 分."""

    visit: Visit
    key: str
    cause: str
    subject_kind: SubjectKind
    subject: str
    days: dict[str, date | None]
    referral: ReferralKind | None
    amounts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice about a finding, sent in the period; ``body`` tells bodies apart."""

    visit: Visit
    key: str
    kind: NotificationKind
    body: str


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate that counts at the period's end; ``has_dossier`` when one was made by then."""

    organization_id: str
    number: str
    subject: str
    product_class: ProductClass | None
    has_dossier: bool


@dataclass(frozen=True, slots=True)
class Material:
    """Everything of one scope and period. Orders, cases and notices are those of visits that count.

    ``unknown_status`` are organizations whose certificates of unknown status were left out;
    ``as_of`` the oldest and newest day of the registry data; ``registry_known`` whether the registry
    holds any certificate of the scheme at all.
    """

    period: Period
    visits: tuple[Visit, ...] = ()
    orders: tuple[Order, ...] = ()
    cases: tuple[Case, ...] = ()
    notices: tuple[Notice, ...] = ()
    certificates: tuple[HeldCertificate, ...] = ()
    unknown_status: tuple[str, ...] = ()
    as_of: tuple[date, date] | None = None
    registry_known: bool = False
    in_period: tuple[Visit, ...] = field(init=False)

    def __post_init__(self) -> None:
        counted = tuple(each for each in self.visits if each.in_period and each.standing is Standing.COUNTS)
        object.__setattr__(self, "in_period", counted)
