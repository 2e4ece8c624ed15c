"""An on-site inspection: its header, officers, answers, findings, evidence and signatures."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BLOB, Base, LongText, Name, Part, Record, part_key, part_of
from app.vocabulary import (
    Disposition,
    InspectionStatus,
    InspectionType,
    ProductClass,
    ProductionStatus,
    Severity,
    SignatureState,
    SubjectKind,
    TaskSource,
    Verdict,
)


class Inspection(Record, Base):
    """The header of one visit.

    The ``subject_*`` columns keep the organization as it was on the day. ``approval_*`` and
    ``notice_number`` are the approval and notice that a visit needs (domain.md §4.2).
    ``product_class`` is the one main class the visit counts under. ``finalised_at`` is when it was
    sealed; statistics count it on that local day.
    """

    __tablename__ = "inspections"
    __record__: ClassVar[str] = "inspection"
    __table_args__ = (Index("ix_inspections_finalised", "finalised_at"),)

    assignment_id: Mapped[str | None] = mapped_column(String(32), index=True)
    organization_id: Mapped[str] = mapped_column(String(32), index=True)
    plan_id: Mapped[str | None] = mapped_column(String(32))
    task_key: Mapped[str | None] = mapped_column(String(120))
    inspection_type: Mapped[InspectionType]
    checklist_id: Mapped[str] = mapped_column(String(60))
    checklist_version: Mapped[str] = mapped_column(String(20))
    status: Mapped[InspectionStatus]
    office: Mapped[Name]
    region: Mapped[str] = mapped_column(String(6), default="")
    subject_name: Mapped[str]
    subject_code: Mapped[str] = mapped_column(String(18), default="", index=True)
    subject_address: Mapped[LongText]
    subject_representative: Mapped[Name]
    subject_phone: Mapped[Name]
    product_class: Mapped[ProductClass | None]
    production_status: Mapped[ProductionStatus | None]
    place: Mapped[LongText]
    task_source: Mapped[TaskSource | None]
    approval_number: Mapped[Name]
    approval_by: Mapped[Name]
    approval_on: Mapped[date | None]
    notice_number: Mapped[Name]
    credentials_shown: Mapped[bool] = mapped_column(default=False)
    rights_told: Mapped[bool] = mapped_column(default=False)
    party_present: Mapped[bool] = mapped_column(default=True)
    previous_rectification: Mapped[LongText]
    situation: Mapped[LongText]
    opinion: Mapped[LongText]
    recorder: Mapped[Name]
    number: Mapped[Name]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    finalised_at: Mapped[datetime | None]
    review_remark: Mapped[LongText]
    reviewed_by: Mapped[Name]
    reviewed_at: Mapped[datetime | None]


class InspectionOfficer(Part, Base):
    """Someone of the inspecting side; only ``officer`` ones with a credential count as 人次.

    ``joined_at`` and ``left_at`` are set for those who came or went during the visit, with the
    ``change_reason``; who left stays in the record.
    """

    __tablename__ = "inspection_officers"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "officers"

    inspection_id: Mapped[str] = part_of("inspections.id")
    credential: Mapped[str] = part_key()
    name: Mapped[str]
    officer: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    change_reason: Mapped[LongText]


class Answer(Part, Base):
    """The answer to one checklist item; ``value`` is the measured value as entered."""

    __tablename__ = "answers"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "answers"

    inspection_id: Mapped[str] = part_of("inspections.id")
    item: Mapped[str] = part_key()
    verdict: Mapped[Verdict | None]
    note: Mapped[LongText]
    value: Mapped[Name]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[Name]


class Instance(Part, Base):
    """One certificate, product, file … that a repeated section of the checklist is gone through for.

    Answers, photos and findings name its items ``<item>@<key>``; its fields are measurements.
    """

    __tablename__ = "instances"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "instances"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    section: Mapped[str] = mapped_column(String(120))
    label: Mapped[Name]
    sequence: Mapped[int] = mapped_column(default=0)


class Measurement(Part, Base):
    """A further measured value of an item, or a field of an instance, as entered.

    Its key is ``<item>.<measure>`` or ``<section>@<instance>.<field>``, so that two people who fill in
    two of them do not contradict each other.
    """

    __tablename__ = "measurements"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "measurements"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    value: Mapped[Name]


class Finding(Part, Base):
    """A nonconformity. ``provision``/``penalty`` are provision ids; ``order_key`` the order it went into."""

    __tablename__ = "findings"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "findings"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    item: Mapped[str] = mapped_column(String(120), default="")
    description: Mapped[LongText]
    severity: Mapped[Severity]
    disposition: Mapped[Disposition]
    against: Mapped[SubjectKind] = mapped_column(default=SubjectKind.ORGANIZATION)
    provision: Mapped[Name]
    penalty: Mapped[Name]
    confirmed: Mapped[bool] = mapped_column(default=True)
    order_key: Mapped[str | None] = mapped_column(String(120))
    noted_at: Mapped[datetime]


class Evidence(Part, Base):
    """A reference to original bytes; they are never altered.

    ``sha256`` names bytes in the evidence store; it is empty for a video or sound that stays outside,
    where ``outside_sha256`` is its digest and ``kept_at`` the place where it lies. ``captured_at`` is the
    camera's word, ``taken_at`` the device's time when it was taken in, ``located`` where the camera stood
    (``latitude,longitude``). A copy that was marked or blurred names its original by ``original_key``.
    """

    __tablename__ = "evidence"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "evidence"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    sha256: Mapped[str] = mapped_column(String(64), index=True, default="", info=BLOB)
    file_name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    captured_at: Mapped[datetime | None]
    taken_at: Mapped[datetime]
    taken_by: Mapped[Name]
    item: Mapped[str] = mapped_column(String(120), default="")
    finding_key: Mapped[str | None] = mapped_column(String(120))
    follow_up_key: Mapped[str | None] = mapped_column(String(120))
    caption: Mapped[LongText]
    rotation: Mapped[int] = mapped_column(default=0)
    located: Mapped[str] = mapped_column(String(60), default="")
    original_key: Mapped[str | None] = mapped_column(String(120))
    outside_sha256: Mapped[str] = mapped_column(String(64), default="")
    kept_at: Mapped[LongText]


class Signature(Part, Base):
    """A party's signature, or its refusal or absence with reason and witness.

    ``party`` is ``party``, ``witness`` or ``officer:<credential>``; ``image`` the drawn signature's
    SHA-256 in the evidence store (PNG).
    """

    __tablename__ = "signatures"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "signatures"

    inspection_id: Mapped[str] = part_of("inspections.id")
    party: Mapped[str] = part_key()
    name: Mapped[Name]
    state: Mapped[SignatureState]
    reason: Mapped[LongText]
    witness: Mapped[Name]
    image: Mapped[str | None] = mapped_column(String(64), info=BLOB)
    signed_at: Mapped[datetime]


class Correction(Part, Base):
    """A visible change of a sealed inspection: what stood there, what stands there now, and why."""

    __tablename__ = "corrections"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "corrections"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    path: Mapped[str]
    former: Mapped[LongText]
    value: Mapped[LongText]
    reason: Mapped[LongText]
    corrected_by: Mapped[Name]
    corrected_at: Mapped[datetime]
