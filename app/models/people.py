"""Inspectors and supervisors, and the devices that may write in their names."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Name, Record
from app.vocabulary import Role


class Person(Record, Base):
    """A person of an office; ``credential`` is the 执法证号, one for each officer.

    The id is derived from the credential, so that every office knows an officer under the same id.
    Two entries with one credential stand beside each other: nothing is refused by order of arrival.
    """

    __tablename__ = "people"
    __record__: ClassVar[str] = "person"

    name: Mapped[str]
    credential: Mapped[str] = mapped_column(String(60), index=True)
    office: Mapped[Name]
    role: Mapped[Role] = mapped_column(default=Role.INSPECTOR)
    phone: Mapped[Name]


class Device(Base):
    """A device whose signatures are accepted; enrolment and revocation are kept with their times.

    The device of this home has ``own`` set. ``office_device`` marks the office that hands out work.
    ``office`` is what devices have in common: a laptop's is that of the office that enrolled it.
    """

    __tablename__ = "devices"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    credential: Mapped[str] = mapped_column(String(60))
    role: Mapped[Role]
    office: Mapped[Name]
    recipient: Mapped[str]
    verify_key: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(19))
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    own: Mapped[bool] = mapped_column(default=False)
    office_device: Mapped[bool] = mapped_column(default=False)
