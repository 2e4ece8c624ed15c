"""The rows of a visit's sheet: frozen values that screens and forms are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.checklists.schema import Entry, Measure
from app.services.coverage import InYear
from app.services.team import TeamRow
from app.vocabulary import (
    CertificateStatus,
    Conclusion,
    Disposition,
    InspectionStatus,
    InspectionType,
    ProductClass,
    ProductionStatus,
    RepeatSubject,
    Severity,
    SignatureState,
    SubjectKind,
    TaskSource,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class MissingItem:
    """One condition of finishing that does not hold yet; ``item`` when a checklist item is meant.

    ``number`` is how people call that item.
    """

    code: str
    item: str | None = None
    subject: str = ""
    number: str = ""


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
class EntryRow:
    """A further measure of an item, or a field of an instance, with its value as stored."""

    entry: Entry
    value: str


@dataclass(frozen=True, slots=True)
class HintRow:
    """What a computed check says in words; ``doubted`` when the answer says otherwise."""

    text: str
    verdict: Verdict | None
    doubted: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One question with everything the screen shows about it.

    ``id`` names it in the record, ``number`` for people. ``points`` and ``scoring_rule``
    are the office's imported scoring table's, empty without one.
    """

    id: str
    number: str
    text: str
    how: str
    evidence_wanted: str
    photos_required: int
    required: bool
    allow_not_applicable: bool
    measure: Measure | None
    measures: tuple[EntryRow, ...]
    hint: HintRow | None
    starred: bool
    points: str
    scoring_rule: str
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
class InstanceRow:
    """The instance that a section is about: its key, its number in its group, its name and fields."""

    key: str
    number: int
    label: str
    fields: tuple[EntryRow, ...]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A repeated section as a whole.

    ``left_out`` counts the organization's certificates of the scheme that are not among its instances.
    """

    section: str
    title: str
    of: RepeatSubject
    minimum: int
    maximum: int
    count: int
    left_out: int


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section with its asked items and progress.

    A repeated section is one row for each instance; without any it is one row without items.
    """

    id: str
    title: str
    done: int
    total: int
    items: tuple[ItemRow, ...]
    group: GroupRow | None = None
    instance: InstanceRow | None = None


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
    number: str = ""
    """How people call the item, empty for none."""
    cited: tuple[CitedProvision, ...] = ()
    """The duties that were violated, as every paper of the visit cites them (:mod:`app.services.finding_law`)."""
    against: SubjectKind = SubjectKind.ORGANIZATION
    """Whose breach it is; the inspected organization's or another party's."""


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
class ConclusionRow:
    """The result by the checklist's rules, ``None`` while what is open could change it.

    ``open_items`` required ones have no answer yet or were left unchecked.
    """

    result: Conclusion | None
    open_items: int


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """Points by the office's imported table, as text; ``source`` is what it says about itself."""

    earned: str
    possible: str
    source: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visit as the screen shows it. ``officers``: (credential, name) pairs, ``team`` tells of their times.

    ``missing`` stands in the way of finishing; ``doubts`` are questions that do not. ``registry_on`` is
    the day that the certificates are of where that is not today; ``registry_kept`` is false where what
    was known on that day is not here and today's registry was judged for it.
    """

    header: Header
    officers: tuple[tuple[str, str], ...]
    sections: tuple[SectionRow, ...]
    findings: tuple[FindingRow, ...]
    certificates: tuple[CertificateRow, ...]
    signatures: tuple[SignatureRow, ...]
    missing: tuple[MissingItem, ...]
    year: InYear
    doubts: tuple[MissingItem, ...] = ()
    conclusion: ConclusionRow | None = None
    score: ScoreRow | None = None
    registry_on: date | None = None
    registry_kept: bool = True
    team: tuple[TeamRow, ...] = ()
