"""The rows of a visit's sheet: frozen values that screens and forms are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.checklists.schema import Measure
from app.vocabulary import (
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
