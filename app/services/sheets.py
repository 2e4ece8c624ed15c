"""The sheet of a visit: what is asked, what was answered, what the law says, what is still missing.

Read only. One call gathers everything the screen shows, in a fixed number of queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists import rules
from app.checklists.facts import facts_of
from app.checklists.rules import Answered, Missing
from app.checklists.schema import Checklist, Item, Measure
from app.clock import local_date
from app.errors import BadInput
from app.law.library import library
from app.law.provision import Provision
from app.models.enforcement import Case, RectificationOrder
from app.models.inspection import Answer, Evidence, Finding, Inspection, InspectionOfficer, Signature
from app.models.registry import Certificate
from app.services import questions
from app.services.disputes import in_conflict
from app.services.workplace import Workplace
from app.vocabulary import (
    SCHEME_OF,
    CertificateStatus,
    Disposition,
    InspectionStatus,
    InspectionType,
    ProductClass,
    ProductionStatus,
    Severity,
    SignatureState,
    TaskSource,
    Verdict,
)
from app.wording import joined


@dataclass(frozen=True, slots=True)
class MissingItem:
    """One condition of finishing that does not hold yet; ``item`` when a checklist item is meant."""

    code: str
    item: str | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class CitedProvision:
    """A provision as it stands beside an item."""

    id: str
    text: str
    duty: str
    penalty: str
    confidence: str
    needs_confirmation: bool


@dataclass(frozen=True, slots=True)
class LastTime:
    """What an earlier inspection of the same organization said about an item."""

    on: date
    verdict: Verdict
    note: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question with everything the screen shows about it."""

    id: str
    text: str
    how: str
    evidence_wanted: str
    photos_required: int
    required: bool
    allow_not_applicable: bool
    measure: Measure | None
    dispositions: tuple[Disposition, ...]
    references: tuple[CitedProvision, ...]
    penalties: tuple[CitedProvision, ...]
    verdict: Verdict | None
    note: str
    value: str
    photos: int
    answered_at: datetime | None
    finding_key: str | None
    finding: str
    last_time: LastTime | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section with its asked items and progress."""

    id: str
    title: str
    done: int
    total: int
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as shown and printed."""

    key: str
    item: str
    description: str
    severity: Severity
    disposition: Disposition
    provision: str
    penalty: str
    provision_text: str
    needs_confirmation: bool
    confirmed: bool
    order_key: str | None


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate of the inspected organization, as of the registry's date."""

    number: str
    product: str
    body_name: str
    body_approval: str
    status: CertificateStatus
    suspended_from: date | None
    suspended_to: date | None
    expires_on: date | None
    as_of: date | None
    in_scheme: bool


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A party's signature, refusal or absence."""

    party: str
    name: str
    state: SignatureState
    reason: str
    witness: str
    image: str | None
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a visit (columns of :class:`~app.models.inspection.Inspection`)."""

    id: str
    assignment_id: str | None
    organization_id: str
    inspection_type: InspectionType
    checklist_title: str
    checklist_version: str
    status: InspectionStatus
    office: str
    subject_name: str
    subject_code: str
    subject_address: str
    subject_representative: str
    subject_phone: str
    product_class: ProductClass | None
    production_status: ProductionStatus | None
    place: str
    task_source: TaskSource | None
    approval_number: str
    approval_by: str
    approval_on: date | None
    notice_number: str
    credentials_shown: bool
    rights_told: bool
    party_present: bool
    previous_rectification: str
    situation: str
    opinion: str
    recorder: str
    number: str
    started_at: datetime
    finished_at: datetime | None
    finalised_at: datetime | None
    review_remark: str
    in_conflict: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visit as the screen shows it. ``officers``: (credential, name) pairs."""

    header: Header
    officers: tuple[tuple[str, str], ...]
    sections: tuple[SectionRow, ...]
    findings: tuple[FindingRow, ...]
    certificates: tuple[CertificateRow, ...]
    signatures: tuple[SignatureRow, ...]
    missing: tuple[MissingItem, ...]
    visits_this_year: int


@dataclass(frozen=True)
class _Gathered:
    """The rows of one inspection that several views are made from."""

    inspection: Inspection
    questions: Checklist
    answers: dict[str, Answer]
    findings: list[Finding]
    photos: Counter[str]
    certificates: list[Certificate]

    @cached_property
    def answered(self) -> Mapping[str, Answered]:
        return {
            item: Answered(row.verdict, row.note, _decimal(row.value), self.photos[item])
            for item, row in self.answers.items()
        }

    @cached_property
    def facts(self) -> Mapping[str, bool | str]:
        scheme = SCHEME_OF[self.inspection.inspection_type]
        day = local_date(self.inspection.started_at)
        states = [_status_on(each, day) for each in self.certificates if each.scheme is scheme]
        return facts_of(self.inspection.production_status, states)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _status_on(certificate: Certificate, day: date) -> CertificateStatus:
    """The registry's word, but a certificate past its date is expired whatever the list says."""
    past = certificate.expires_on is not None and certificate.expires_on < day
    if certificate.status is CertificateStatus.VALID and past:
        return CertificateStatus.EXPIRED
    return certificate.status


def _gather(place: Workplace, session: Session, inspection: Inspection) -> _Gathered:
    answers = session.scalars(select(Answer).where(Answer.inspection_id == inspection.id))
    findings = session.scalars(
        select(Finding).where(Finding.inspection_id == inspection.id).order_by(Finding.noted_at, Finding.key)
    )
    evidence = session.scalars(select(Evidence.item).where(Evidence.inspection_id == inspection.id))
    certificates = session.scalars(
        select(Certificate)
        .where(Certificate.organization_id == inspection.organization_id)
        .order_by(Certificate.number)
    )
    return _Gathered(
        inspection,
        questions.checklist_of(place, inspection),
        {row.item: row for row in answers},
        list(findings),
        Counter(evidence),
        list(certificates),
    )


def sheet(place: Workplace, *, inspection_id: str) -> Sheet:
    """Everything about one visit."""
    with place.read() as session:
        inspection = session.get(Inspection, inspection_id)
        if inspection is None:
            raise BadInput("inspecting.unknown_inspection", id=inspection_id)
        gathered = _gather(place, session, inspection)
        return Sheet(
            _header(session, gathered),
            _officers(session, inspection_id),
            tuple(_sections(gathered, _last_time(session, inspection))),
            tuple(finding_row(row) for row in gathered.findings),
            tuple(_certificate_row(row, inspection) for row in gathered.certificates),
            tuple(_signature_rows(session, inspection_id)),
            _missing(session, gathered),
            _visits_in_year(session, inspection),
        )


def missing_to_finish(place: Workplace, session: Session, inspection: Inspection) -> tuple[MissingItem, ...]:
    """Every condition of finishing that does not hold (DESIGN; domain.md §1.3, §4.2)."""
    return _missing(session, _gather(place, session, inspection))


def _header(session: Session, gathered: _Gathered) -> Header:
    inspection, questions = gathered.inspection, gathered.questions
    computed: dict[str, Any] = {
        "checklist_title": questions.title,
        "in_conflict": in_conflict(session, "inspection", inspection.id),
    }
    stored: dict[str, Any] = {
        name: getattr(inspection, name) for name in Header.__slots__ if name not in computed
    }
    return Header(**stored, **computed)


def _officers(session: Session, inspection_id: str) -> tuple[tuple[str, str], ...]:
    rows = session.execute(
        select(InspectionOfficer.credential, InspectionOfficer.name)
        .where(InspectionOfficer.inspection_id == inspection_id, InspectionOfficer.officer)
        .order_by(InspectionOfficer.credential)
    )
    return tuple((credential, name) for credential, name in rows)


def _sections(gathered: _Gathered, last: Mapping[str, LastTime]) -> Iterable[SectionRow]:
    answered, facts = gathered.answered, gathered.facts
    done = {each.section_id: each.done for each in rules.progress(gathered.questions, answered, facts)}
    findings = {row.item: row for row in gathered.findings if row.item}
    for section, items in rules.visible_sections(gathered.questions, answered, facts):
        if items:
            rows = tuple(_item_row(item, gathered, findings.get(item.id), last) for item in items)
            yield SectionRow(section.id, section.title, done[section.id], len(rows), rows)


def _item_row(
    item: Item, gathered: _Gathered, finding: Finding | None, last: Mapping[str, LastTime]
) -> ItemRow:
    row = gathered.answers.get(item.id)
    answered = gathered.answered.get(item.id, rules.NOTHING)
    return ItemRow(
        id=item.id,
        text=item.text,
        how=item.how,
        evidence_wanted=item.evidence,
        photos_required=item.photos_required,
        required=item.required,
        allow_not_applicable=item.allow_not_applicable,
        measure=item.measure,
        dispositions=item.dispositions,
        references=cited(item.references),
        penalties=cited(item.penalty_references),
        verdict=answered.verdict,
        note=answered.note,
        value=row.value if row else "",
        photos=gathered.photos[item.id],
        answered_at=row.answered_at if row else None,
        finding_key=finding.key if finding else None,
        finding=finding.description if finding else "",
        last_time=last.get(item.id),
        reasons=tuple(rules.reasons(item, answered)),
    )


def cited(ids: Iterable[str]) -> tuple[CitedProvision, ...]:
    """The provisions of ``ids`` as shown; an unknown id is shown as it is and needs confirmation."""
    return tuple(_cited(each, library().get(each)) for each in ids)


def _cited(provision_id: str, found: Provision | None) -> CitedProvision:
    if found is None:
        return CitedProvision(provision_id, provision_id, "", "", "unverified", needs_confirmation=True)
    return CitedProvision(
        provision_id,
        library().cite(provision_id),
        found.duty,
        found.penalty,
        found.confidence,
        found.needs_confirmation,
    )


def finding_row(row: Finding) -> FindingRow:
    """A finding with its provisions written out."""
    provisions = cited(row.provision.split())
    return FindingRow(
        row.key,
        row.item,
        row.description,
        row.severity,
        row.disposition,
        row.provision,
        row.penalty,
        joined("clauses", (each.text for each in provisions)),
        any(each.needs_confirmation for each in provisions),
        row.confirmed,
        row.order_key,
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


def _visits_in_year(session: Session, inspection: Inspection) -> int:
    """Visits to this organization in the same year, this one included (frequency limits, §4.2)."""
    year = local_date(inspection.started_at).year
    moments = session.scalars(
        select(Inspection.started_at).where(Inspection.organization_id == inspection.organization_id)
    )
    return sum(local_date(moment).year == year for moment in moments)


def _missing(session: Session, gathered: _Gathered) -> tuple[MissingItem, ...]:
    inspection = gathered.inspection
    return (
        *_missing_duties(session, inspection),
        *_missing_header(inspection),
        *map(_missing_answer, rules.missing(gathered.questions, gathered.answered, gathered.facts)),
        *_missing_dispositions(session, gathered),
        *_missing_signatures(session, inspection),
    )


def _missing_duties(session: Session, inspection: Inspection) -> Iterable[MissingItem]:
    if len(_officers(session, inspection.id)) < 2:
        yield MissingItem("officers")
    if in_conflict(session, "inspection", inspection.id):
        yield MissingItem("conflict")
    for name in ("credentials_shown", "rights_told", "task_source", "approval_number", "approval_by"):
        if not getattr(inspection, name):
            yield MissingItem(name)


def _missing_header(inspection: Inspection) -> Iterable[MissingItem]:
    needed = ["place", "production_status", "situation", "opinion"]
    if inspection.inspection_type is InspectionType.CCC_PRODUCER:
        needed.append("product_class")
    for name in needed:
        if not getattr(inspection, name):
            yield MissingItem(name)


def _missing_answer(lacking: Missing) -> MissingItem:
    return MissingItem(lacking.reason, lacking.item_id)


_NEEDS_ORDER = frozenset({Disposition.RECTIFY_AT_ONCE, Disposition.RECTIFY_BY_DATE})


def _missing_dispositions(session: Session, gathered: _Gathered) -> Iterable[MissingItem]:
    """A finding needs a description, and the paper that its disposition promises."""
    inspection_id = gathered.inspection.id
    orders = set(session.scalars(select(RectificationOrder.key).filter_by(inspection_id=inspection_id)))
    leads = session.scalar(select(Case.key).filter_by(inspection_id=inspection_id).limit(1))
    for finding in gathered.findings:
        subject = finding.description[:30]
        if not finding.description.strip():
            yield MissingItem("finding_description", finding.item or None, finding.key)
        if finding.disposition in _NEEDS_ORDER and finding.order_key not in orders:
            yield MissingItem("order", finding.item or None, subject)
        if finding.disposition is Disposition.CASE_LEAD and leads is None:
            yield MissingItem("case_lead", finding.item or None, subject)


def _missing_signatures(session: Session, inspection: Inspection) -> Iterable[MissingItem]:
    """Each officer signs; the party signs, or its refusal or absence is noted with a reason."""
    signed = set(session.scalars(select(Signature.party).filter_by(inspection_id=inspection.id)))
    for credential, name in _officers(session, inspection.id):
        if f"officer:{credential}" not in signed:
            yield MissingItem("officer_signature", subject=name)
    if "party" not in signed:
        yield MissingItem("party_signature")
