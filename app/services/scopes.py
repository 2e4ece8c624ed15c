"""Which organizations a task is about, and which inspections count for it.

In scope are the organizations of the task's region that hold a certificate of the scheme its
inspections are about, valid or suspended. An inspection counts when it is finalised and in no
conflict (specs/statistics.md, common rule 2).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from app.models.inspection import Inspection
from app.models.planning import PlanTask
from app.models.registry import Certificate, Organization
from app.models.revisions import RecordState
from app.vocabulary import SCHEME_OF, CertificateStatus, InspectionStatus

DONE = (InspectionStatus.FINALISED, InspectionStatus.APPROVED)

_STANDING = (CertificateStatus.VALID, CertificateStatus.SUSPENDED)


def base_of(session: Session, task: PlanTask) -> int:
    """How many organizations are in the scope of a task."""
    found = session.scalar(select(func.count()).select_from(Organization).where(*in_scope(task)))
    return found or 0


def in_scope(task: PlanTask) -> Iterable[ColumnElement[bool]]:
    """Conditions on organizations: the task's region, and a standing certificate of its scheme."""
    # Not a correlated EXISTS: for each organization that would walk the whole index on the scheme.
    standing = select(Certificate.organization_id).where(
        Certificate.scheme == SCHEME_OF[task.inspection_type], Certificate.status.in_(_STANDING)
    )
    yield Organization.id.in_(standing)
    if task.region:
        yield region_is(task.region)


def region_is(region: str) -> ColumnElement[bool]:
    """Condition: the organization lies in ``region``; a code that ends in 00 covers what is below it."""
    return Organization.region.startswith(covering(region), autoescape=True)


def covering(region: str) -> str:
    """What the codes of everything in a region begin with."""
    while region.endswith("00"):
        region = region[:-2]
    return region


def in_conflict() -> ColumnElement[bool]:
    """Whether the inspection of the enclosing query is in conflict."""
    return exists().where(
        RecordState.record_kind == Inspection.__record__,
        RecordState.record_id == Inspection.id,
        RecordState.in_conflict,
    )
