"""What a visit needs before it can be finished and sealed (domain.md §1.3, §4.2)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists import rules
from app.models.enforcement import Case, RectificationOrder
from app.models.inspection import Inspection, Signature
from app.services.disputes import in_conflict
from app.services.gathering import Gathered, gather
from app.services.sheet_rows import MissingItem
from app.services.team import OFFICERS_NEEDED, gaps, team_rows
from app.services.workplace import Workplace
from app.vocabulary import Disposition, InspectionType


def missing_to_finish(place: Workplace, session: Session, inspection: Inspection) -> tuple[MissingItem, ...]:
    """Every condition of finishing that does not hold (domain.md §1.3, §4.2)."""
    return missing(session, gather(place, session, inspection))


def missing(session: Session, gathered: Gathered) -> tuple[MissingItem, ...]:
    """Every condition of finishing that does not hold for what was gathered."""
    inspection = gathered.inspection
    return (
        *_missing_duties(session, inspection),
        *_missing_header(inspection),
        *_missing_answers(gathered),
        *_missing_dispositions(session, gathered),
        *_missing_signatures(session, inspection),
    )


def _missing_duties(session: Session, inspection: Inspection) -> Iterable[MissingItem]:
    team = team_rows(session, inspection.id)
    if sum(row.there for row in team) < OFFICERS_NEEDED:
        yield MissingItem("officers")
    yield from (MissingItem("officers_throughout", subject=since) for since in gaps(team))
    if in_conflict(session, "inspection", inspection.id):
        yield MissingItem("conflict")
    for name in ("credentials_shown", "rights_told", "task_source", "approval_number", "approval_by"):
        if _is_empty(getattr(inspection, name)):
            yield MissingItem(name)


def _missing_header(inspection: Inspection) -> Iterable[MissingItem]:
    needed = ["place", "production_status", "situation", "opinion"]
    if inspection.inspection_type is InspectionType.CCC_PRODUCER:
        needed.append("product_class")
    for name in needed:
        if _is_empty(getattr(inspection, name)):
            yield MissingItem(name)


def _is_empty(value: object) -> bool:
    return not (value.strip() if isinstance(value, str) else value)


def _missing_answers(gathered: Gathered) -> Iterable[MissingItem]:
    for lacking in rules.missing(gathered.questions, gathered.answered, gathered.facts):
        number = gathered.numbers.get(lacking.item_id, "")
        yield MissingItem(lacking.reason, lacking.item_id or None, lacking.subject, number)


_NEEDS_ORDER = frozenset({Disposition.RECTIFY_AT_ONCE, Disposition.RECTIFY_BY_DATE})


def _missing_dispositions(session: Session, gathered: Gathered) -> Iterable[MissingItem]:
    """A finding needs a description, and the paper that its disposition promises."""
    inspection_id = gathered.inspection.id
    orders = set(session.scalars(select(RectificationOrder.key).filter_by(inspection_id=inspection_id)))
    leads = session.scalar(select(Case.key).filter_by(inspection_id=inspection_id).limit(1))
    for finding in gathered.findings:
        subject, number = finding.description[:30], gathered.numbers.get(finding.item, finding.item)
        if not finding.description.strip():
            yield MissingItem("finding_description", finding.item or None, finding.key, number)
        if finding.disposition in _NEEDS_ORDER and finding.order_key not in orders:
            yield MissingItem("order", finding.item or None, subject, number)
        if finding.disposition is Disposition.CASE_LEAD and leads is None:
            yield MissingItem("case_lead", finding.item or None, subject, number)


def _missing_signatures(session: Session, inspection: Inspection) -> Iterable[MissingItem]:
    """Each officer signs; the party signs, or its refusal or absence is noted with a reason."""
    signed = set(session.scalars(select(Signature.party).filter_by(inspection_id=inspection.id)))
    for row in team_rows(session, inspection.id):
        # Who left before the end saw nothing of what came after; the record names him with his times.
        if row.there and f"officer:{row.credential}" not in signed:
            yield MissingItem("officer_signature", subject=row.name)
    if "party" not in signed:
        yield MissingItem("party_signature")
