"""Papers of a visit that are filled in for themselves, and what stands in their fields. Parts of its record."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BLOB, Base, LongText, Name, Part, part_key, part_of
from app.vocabulary import PaperStatus, SignatureState


class Paper(Part, Base):
    """One copy of a form with entries; ``subject_key`` names the order, follow-up, case … it is about."""

    __tablename__ = "papers"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "papers"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    form: Mapped[str] = mapped_column(String(60))
    form_version: Mapped[str] = mapped_column(String(20), default="")
    subject_key: Mapped[str] = mapped_column(String(120), default="")
    number: Mapped[Name]
    status: Mapped[PaperStatus] = mapped_column(default=PaperStatus.DRAFTED)
    drafted_on: Mapped[date]
    issued_on: Mapped[date | None]
    by: Mapped[Name]
    voided_on: Mapped[date | None]
    void_reason: Mapped[LongText]


class PaperField(Part, Base):
    """One value of a paper as text, so that two people who fill in two fields do not contradict each other.

    Its key is ``<paper>.<entry>``, for rows ``<paper>.<entry>.<row>.<column>``; the column ``#`` is the
    row's place, ``-`` for a row that was taken out.
    """

    __tablename__ = "paper_fields"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "paper_fields"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    value: Mapped[LongText]


class PageSignature(Part, Base):
    """A signature at the foot of one page of a paper, or its refusal or absence there.

    Its key is ``<paper>.<page>.<party>``: pages count from 1, parties are as :class:`Signature` has them.
    ``page_digest`` is the SHA-256 of what the signer saw on the page (:mod:`app.forms.pages`): on a page
    that says something else the signature does not count.
    """

    __tablename__ = "page_signatures"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "page_signatures"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    name: Mapped[Name]
    state: Mapped[SignatureState]
    reason: Mapped[LongText]
    witness: Mapped[Name]
    image: Mapped[str | None] = mapped_column(String(64), info=BLOB)
    page_digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
