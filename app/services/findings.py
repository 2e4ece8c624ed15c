"""What is wrong, in an inspector's own words: findings beside those that answers open.

Each function is one durable step, as in :mod:`app.services.inspecting`, and needs an inspection in progress.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import BadInput
from app.models.base import new_id
from app.models.inspection import Finding
from app.models.store import Work
from app.services.inspecting import InspectionStarted, open_inspection
from app.services.workplace import Changes, Workplace
from app.vocabulary import Disposition, Severity, SubjectKind


@dataclass(frozen=True, slots=True)
class FindingValues:
    """What an inspector may set on a finding; ``None`` leaves as it is."""

    description: str | None = None
    severity: Severity | None = None
    disposition: Disposition | None = None
    provision: str | None = None
    penalty: str | None = None
    against: SubjectKind | None = None


def add_finding(place: Workplace, *, inspection_id: str, values: FindingValues) -> InspectionStarted:
    """Record a finding that no checklist item asked for; returns its key as ``id``."""
    with place.write("inspecting.finding") as work:
        open_inspection(work.session, inspection_id)
        key = new_id()
        finding = Finding(
            inspection_id=inspection_id,
            key=key,
            severity=Severity.MINOR,
            disposition=Disposition.ON_SITE_GUIDANCE,
            noted_at=place.now(),
        )
        _apply(finding, values)
        work.session.add(finding)
        work.commit()
    return InspectionStarted(key, Changes.of("inspection", inspection_id))


def update_finding(place: Workplace, *, inspection_id: str, key: str, values: FindingValues) -> Changes:
    """Change a finding's wording, weight, disposition, provisions or whose it is."""
    with place.write("inspecting.finding") as work:
        open_inspection(work.session, inspection_id)
        _apply(_finding(work, inspection_id, key), values)
        work.commit()
    return Changes.of("inspection", inspection_id)


def remove_finding(place: Workplace, *, inspection_id: str, key: str) -> Changes:
    """Remove a finding that stands on no item and in no order."""
    with place.write("inspecting.finding") as work:
        open_inspection(work.session, inspection_id)
        finding = _finding(work, inspection_id, key)
        if finding.item or finding.order_key:
            raise BadInput("inspecting.finding_ordered", item=finding.item or key)
        work.session.delete(finding)
        work.commit()
    return Changes.of("inspection", inspection_id)


def _finding(work: Work, inspection_id: str, key: str) -> Finding:
    found = work.session.get(Finding, (inspection_id, key))
    if found is None:
        raise BadInput("inspecting.unknown_finding", key=key)
    return found


def _apply(finding: Finding, values: FindingValues) -> None:
    for name in FindingValues.__slots__:
        value = getattr(values, name)
        if value is not None:
            setattr(finding, name, value)
