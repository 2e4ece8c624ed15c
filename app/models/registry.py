"""Organizations with their certificates, certification bodies, and where each value came from."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import LOCAL_ONLY, Base, LongText, Name, Part, Record, part_key, part_of
from app.vocabulary import CertificateStatus, ProductClass, Scheme


class Organization(Record, Base):
    """A certified organization or another subject of supervision.

    The id is derived from a good credit code that was known when the entry began, so that every office
    has an enterprise under the same id. ``credit_code`` is the 统一社会信用代码; ``code_state`` is ``ok``, ``old`` (nine characters),
    ``bad`` (check digit wrong) or empty (none known). ``dossier_on`` is the day its dossier was
    made (建档). ``as_of`` is the date of the registry data its values come from.
    """

    __tablename__ = "organizations"
    __record__: ClassVar[str] = "organization"

    name: Mapped[str] = mapped_column(index=True)
    credit_code: Mapped[str] = mapped_column(String(18), default="", index=True)
    code_state: Mapped[str] = mapped_column(String(8), default="")
    region: Mapped[str] = mapped_column(String(6), default="", index=True)
    region_name: Mapped[Name]
    address: Mapped[LongText]
    legal_representative: Mapped[Name]
    contact: Mapped[Name]
    phone: Mapped[Name]
    employees: Mapped[int | None]
    risk: Mapped[str] = mapped_column(String(8), default="")
    dossier_on: Mapped[date | None]
    as_of: Mapped[date | None]
    initials: Mapped[str] = mapped_column(default="", info=LOCAL_ONLY)
    source_id: Mapped[str | None] = mapped_column(String(32), info=LOCAL_ONLY)
    source_row: Mapped[int | None] = mapped_column(info=LOCAL_ONLY)


class Certificate(Part, Base):
    """A certificate of conformity as the registry reports it.

    ``status`` is the registry's word as of ``as_of``; ``status_reason`` its reason code or text;
    ``suspended_from``/``suspended_to`` the window of a suspension; ``ended_on`` the day of a
    withdrawal or cancellation.
    """

    __tablename__ = "certificates"
    __record__: ClassVar[str] = "organization"
    __part__: ClassVar[str] = "certificates"
    __table_args__ = (Index("ix_certificates_number", "number"), Index("ix_certificates_scheme", "scheme"))

    organization_id: Mapped[str] = part_of("organizations.id")
    number: Mapped[str] = part_key()
    scheme: Mapped[Scheme]
    project: Mapped[Name]
    product: Mapped[LongText]
    product_class: Mapped[ProductClass | None]
    standard: Mapped[LongText]
    body_name: Mapped[Name]
    body_approval: Mapped[Name]
    status: Mapped[CertificateStatus]
    status_reason: Mapped[Name]
    suspended_from: Mapped[date | None]
    suspended_to: Mapped[date | None]
    ended_on: Mapped[date | None]
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    first_issued_on: Mapped[date | None]
    as_of: Mapped[date | None]
    source_id: Mapped[str | None] = mapped_column(String(32), info=LOCAL_ONLY)
    source_row: Mapped[int | None] = mapped_column(info=LOCAL_ONLY)


class CertificationBody(Record, Base):
    """A certification body; ``approval`` is its 批准号 (CNCA-R-YYYY-NNN). The id is derived from the name."""

    __tablename__ = "certification_bodies"
    __record__: ClassVar[str] = "certification_body"

    name: Mapped[str] = mapped_column(index=True)
    approval: Mapped[Name]


class RegistrySource(Base):
    """One imported file."""

    __tablename__ = "registry_sources"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    layout: Mapped[str]
    as_of: Mapped[date | None]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]
    rows: Mapped[int]


class RegistryHistory(Base):
    """A former value that a newer file replaced, with the place it had come from.

    ``certificate_number`` is empty for a value of the organization itself.
    """

    __tablename__ = "registry_history"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    organization_id: Mapped[str] = mapped_column(String(32), index=True)
    certificate_number: Mapped[str] = mapped_column(String(120), default="")
    field: Mapped[str] = mapped_column(String(40))
    former: Mapped[LongText]
    value: Mapped[LongText]
    former_source_id: Mapped[str | None] = mapped_column(String(32))
    former_row: Mapped[int | None]
    former_as_of: Mapped[date | None]
    source_id: Mapped[str] = mapped_column(String(32))
    source_row: Mapped[int | None]
    replaced_at: Mapped[datetime]
