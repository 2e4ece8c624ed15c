"""The sheet of a visit: what is asked, what was answered, what the law says, what is still missing.

Read only. One call gathers everything the screen shows, in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.errors import BadInput
from app.models.inspection import Answer, Finding, Inspection, Signature
from app.models.registry import Certificate
from app.services.clockwatch import clock_doubts
from app.services.coverage import in_year
from app.services.disputes import in_conflict
from app.services.finding_law import FindingLaw, finding_law
from app.services.finishing import missing
from app.services.gathering import Gathered, gather, officers_of
from app.services.hinting import Hinting
from app.services.scoring import scoring_of
from app.services.sheet_rows import CertificateRow, FindingRow, Header, LastTime, Sheet, SignatureRow
from app.services.sheet_sections import Beside, conclusion_row, score_row, section_rows
from app.services.team import team_rows
from app.services.workplace import Workplace
from app.vocabulary import SCHEME_OF
from app.wording import joined


def sheet(place: Workplace, *, inspection_id: str) -> Sheet:
    """Everything about one visit."""
    with place.read() as session:
        inspection = session.get(Inspection, inspection_id)
        if inspection is None:
            raise BadInput("inspecting.unknown_inspection", id=inspection_id)
        gathered = gather(place, session, inspection)
        hinting, scoring = Hinting(place, gathered), scoring_of(place, gathered.questions)
        rests = finding_law(session, gathered.law, gathered.findings)
        beside = Beside(gathered, _last_time(session, inspection), hinting, scoring)
        return Sheet(
            _header(session, gathered),
            officers_of(session, inspection_id),
            tuple(section_rows(beside)),
            tuple(finding_row(gathered, rests, row) for row in gathered.findings),
            tuple(_certificate_row(row, inspection) for row in gathered.certificates),
            tuple(_signature_rows(session, inspection_id)),
            missing(session, gathered),
            in_year(session, inspection),
            (*hinting.doubts(), *clock_doubts(session, inspection, place.now())),
            conclusion_row(gathered),
            score_row(gathered, scoring),
            None if gathered.then is None else gathered.then.day,
            gathered.then is None or gathered.then.kept,
            team_rows(session, inspection_id),
        )


def _header(session: Session, gathered: Gathered) -> Header:
    inspection, questions = gathered.inspection, gathered.questions
    computed: dict[str, Any] = {
        "checklist_title": questions.title,
        "in_conflict": in_conflict(session, "inspection", inspection.id),
    }
    stored: dict[str, Any] = {
        name: getattr(inspection, name) for name in Header.__slots__ if name not in computed
    }
    return Header(**stored, **computed)


def finding_row(gathered: Gathered, rests: FindingLaw, row: Finding) -> FindingRow:
    """A finding with its provisions written out."""
    provisions = rests.duties(row)
    return FindingRow(
        row.key,
        row.item,
        row.description,
        row.severity,
        row.disposition,
        row.provision,
        row.penalty,
        joined("clauses", dict.fromkeys(each.text for each in provisions)),
        any(each.needs_confirmation for each in provisions),
        row.confirmed,
        row.order_key,
        gathered.numbers.get(row.item, row.item),
        provisions,
        row.against,
    )


def _certificate_row(row: Certificate, inspection: Inspection) -> CertificateRow:
    stored: dict[str, Any] = {
        name: getattr(row, name) for name in CertificateRow.__slots__ if name != "in_scheme"
    }
    return CertificateRow(**stored, in_scheme=row.scheme is SCHEME_OF[inspection.inspection_type])


def _signature_rows(session: Session, inspection_id: str) -> Iterable[SignatureRow]:
    rows = session.scalars(
        select(Signature).where(Signature.inspection_id == inspection_id).order_by(Signature.party)
    )
    for row in rows:
        yield SignatureRow(**{name: getattr(row, name) for name in SignatureRow.__slots__})


def _last_time(session: Session, inspection: Inspection) -> dict[str, LastTime]:
    """Answers of the newest earlier visit of the same type to the same organization."""
    earlier = session.execute(
        select(Inspection.id, Inspection.finalised_at)
        .where(
            Inspection.organization_id == inspection.organization_id,
            Inspection.inspection_type == inspection.inspection_type,
            Inspection.id != inspection.id,
            Inspection.finalised_at.is_not(None),
            Inspection.started_at < inspection.started_at,
        )
        .order_by(Inspection.finalised_at.desc())
        .limit(1)
    ).first()
    if earlier is None:
        return {}
    rows = session.scalars(select(Answer).where(Answer.inspection_id == earlier.id))
    day = local_date(earlier.finalised_at)
    return {row.item: LastTime(day, row.verdict, row.note) for row in rows if row.verdict is not None}
