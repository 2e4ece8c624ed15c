"""Which status may follow which: one table for each kind of thing, pure (docs/architecture.md, Lives of things)."""

from __future__ import annotations

from enum import StrEnum

from app.vocabulary import CaseStatus, InspectionStatus, OrderStatus

_Steps = dict[StrEnum, tuple[StrEnum, ...]]

_INSPECTION: _Steps = {
    InspectionStatus.ASSIGNED: (InspectionStatus.IN_PROGRESS,),
    InspectionStatus.IN_PROGRESS: (InspectionStatus.FINALISED,),
    InspectionStatus.FINALISED: (InspectionStatus.APPROVED, InspectionStatus.RETURNED),
    InspectionStatus.RETURNED: (InspectionStatus.IN_PROGRESS,),
}

_ORDER: _Steps = {
    OrderStatus.DRAFTED: (OrderStatus.ISSUED,),
    OrderStatus.ISSUED: (OrderStatus.DELIVERED,),
    OrderStatus.DELIVERED: (OrderStatus.FOLLOWED_UP,),
    OrderStatus.FOLLOWED_UP: (OrderStatus.CLOSED, OrderStatus.EXTENDED, OrderStatus.ESCALATED),
    OrderStatus.EXTENDED: (OrderStatus.FOLLOWED_UP,),
}

_CASE: _Steps = {
    CaseStatus.NOTED: (CaseStatus.VERIFIED,),
    CaseStatus.VERIFIED: (CaseStatus.FILED, CaseStatus.NOT_FILED),
    CaseStatus.FILED: (CaseStatus.DECIDED,),
    CaseStatus.DECIDED: (CaseStatus.CLOSED,),
}

# By type, because words of different vocabularies are equal as text ("closed").
STEPS: dict[type[StrEnum], _Steps] = {InspectionStatus: _INSPECTION, OrderStatus: _ORDER, CaseStatus: _CASE}


def may_follow(now: StrEnum, then: StrEnum) -> bool:
    """Whether a thing in status ``now`` may step to ``then``."""
    return type(now) is type(then) and then in STEPS[type(now)].get(now, ())
