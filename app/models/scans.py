"""Scanned pages of signed papers: those in their record, and those that wait to be given to one."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BLOB, Base, LongText, Name, Part, part_key, part_of


class Scan(Part, Base):
    """One scanned page of a printed paper, a piece of evidence of its visit.

    ``sha256`` names the page's own bytes: those of a file with one page as they were, a page of several
    taken out without loss. ``source`` is the whole file's SHA-256 and ``source_page`` the page's number
    in it (from 1). ``form`` with ``copy_key`` (the paper, or what the form is about) is the paper, empty
    where the page does not say; ``page`` of ``pages`` are 0 then. ``outdated``: the record read otherwise
    when the page came in than when it was printed. ``rotation`` turns the picture upright, clockwise.
    """

    __tablename__ = "scans"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "scans"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    sha256: Mapped[str] = mapped_column(String(64), index=True, info=BLOB)
    source: Mapped[str] = mapped_column(String(64), index=True)
    source_page: Mapped[int] = mapped_column(default=1)
    file_name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    form: Mapped[str] = mapped_column(String(60), default="")
    copy_key: Mapped[str] = mapped_column(String(120), default="")
    page: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    outdated: Mapped[bool] = mapped_column(default=False)
    by_hand: Mapped[bool] = mapped_column(default=False)
    rotation: Mapped[int] = mapped_column(default=0)
    scanned_at: Mapped[datetime]
    scanned_by: Mapped[Name]


class TrayPage(Base):
    """A scanned page that found no record. The tray is this device's own and does not travel.

    ``code`` is what was read on the page, ``reason`` the problem's code that kept it here and ``detail``
    what its sentence names. The bytes lie in the evidence store as those of a :class:`Scan`.
    """

    __tablename__ = "tray_pages"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    source: Mapped[str] = mapped_column(String(64), index=True)
    source_page: Mapped[int]
    file_name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    code: Mapped[LongText]
    reason: Mapped[str] = mapped_column(String(60))
    detail: Mapped[LongText]
    rotation: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[datetime]
    taken_by: Mapped[Name]
