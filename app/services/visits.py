"""Lists of inspections: ids first, rows when they are painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models.inspection import Evidence, Finding, Inspection, InspectionOfficer
from app.models.revisions import RecordState
from app.services.workplace import Workplace
from app.vocabulary import InspectionStatus, InspectionType, ProductClass, ProductionStatus
from app.wording import joined


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One line of a list of inspections."""

    id: str
    organization_id: str
    subject_name: str
    subject_code: str
    inspection_type: InspectionType
    status: InspectionStatus
    office: str
    officers: str
    product_class: ProductClass | None
    production_status: ProductionStatus | None
    started_at: datetime
    finalised_at: datetime | None
    findings: int
    photos: int
    in_conflict: bool


def inspection_ids(
    place: Workplace,
    *,
    status: InspectionStatus | None = None,
    query: str = "",
    organization_id: str | None = None,
    order: str = "newest",
) -> tuple[str, ...]:
    """Ids of inspections; ``query`` is any part of the subject's name or code."""
    wanted = select(Inspection.id)
    if status is not None:
        wanted = wanted.where(Inspection.status == status)
    if organization_id is not None:
        wanted = wanted.where(Inspection.organization_id == organization_id)
    if text := query.strip():
        wanted = wanted.where(
            or_(
                Inspection.subject_name.contains(text, autoescape=True),
                Inspection.subject_code.contains(text.upper(), autoescape=True),
            )
        )
    column = Inspection.subject_name.asc() if order == "name" else Inspection.started_at.desc()
    with place.read() as session:
        return tuple(session.scalars(wanted.order_by(column, Inspection.id)))


def inspection_rows(place: Workplace, ids: Sequence[str]) -> tuple[InspectionRow, ...]:
    """Rows of ``ids`` in their order; unknown ids are left out."""
    with place.read() as session:
        found = {row.id: row for row in session.scalars(select(Inspection).where(Inspection.id.in_(ids)))}
        officers = _officer_names(session, ids)
        findings = _counts(session, Finding.inspection_id, ids)
        photos = _counts(session, Evidence.inspection_id, ids)
        disputed = set(
            session.scalars(
                select(RecordState.record_id).where(
                    RecordState.record_kind == "inspection", RecordState.in_conflict
                )
            )
        )
        return tuple(
            _row(found[key], officers.get(key, ""), findings.get(key, 0), photos.get(key, 0), key in disputed)
            for key in ids
            if key in found
        )


def _row(row: Inspection, officers: str, findings: int, photos: int, disputed: bool) -> InspectionRow:
    counted: dict[str, Any] = {
        "officers": officers,
        "findings": findings,
        "photos": photos,
        "in_conflict": disputed,
    }
    stored: dict[str, Any] = {
        name: getattr(row, name) for name in InspectionRow.__slots__ if name not in counted
    }
    return InspectionRow(**stored, **counted)


def _officer_names(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.execute(
        select(InspectionOfficer.inspection_id, InspectionOfficer.name)
        .where(InspectionOfficer.inspection_id.in_(ids), InspectionOfficer.officer)
        .order_by(InspectionOfficer.credential)
    )
    names: dict[str, list[str]] = {}
    for inspection_id, name in rows:
        names.setdefault(inspection_id, []).append(name)
    return {key: joined("names", value) for key, value in names.items()}


def _counts(session: Session, column: InstrumentedAttribute[str], ids: Sequence[str]) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(column.in_(ids)).group_by(column))
    return dict(rows.all())
