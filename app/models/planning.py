"""Plans with their tasks, and the targets assigned from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, LongText, Name, Part, Record, part_key, part_of
from app.vocabulary import InspectionStatus, InspectionType


class Plan(Record, Base):
    """A year's or a campaign's plan; ``document`` is the notice it rests on (文号)."""

    __tablename__ = "plans"
    __record__: ClassVar[str] = "plan"

    title: Mapped[str]
    document: Mapped[Name]
    year: Mapped[int]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class PlanTask(Part, Base):
    """One line of a plan.

    Either ``required_count`` targets or ``required_permille`` of those in scope must be inspected.
    ``own_deadline`` is set by this office, ``superior_deadline`` by the one above (seed 003).
    """

    __tablename__ = "plan_tasks"
    __record__: ClassVar[str] = "plan"
    __part__: ClassVar[str] = "tasks"

    plan_id: Mapped[str] = part_of("plans.id")
    key: Mapped[str] = part_key()
    sequence: Mapped[int] = mapped_column(default=0)
    title: Mapped[str]
    inspection_type: Mapped[InspectionType]
    scope: Mapped[LongText]
    region: Mapped[str] = mapped_column(String(6), default="")
    required_count: Mapped[int | None]
    required_permille: Mapped[int | None]
    own_deadline: Mapped[date | None]
    superior_deadline: Mapped[date | None]
    document: Mapped[Name]


class Assignment(Record, Base):
    """A target handed to a team and a device; cancelling never deletes work already begun."""

    __tablename__ = "assignments"
    __record__: ClassVar[str] = "assignment"

    plan_id: Mapped[str] = mapped_column(String(32), index=True)
    task_key: Mapped[str] = mapped_column(String(120))
    organization_id: Mapped[str] = mapped_column(String(32), index=True)
    inspection_type: Mapped[InspectionType]
    device_id: Mapped[str] = mapped_column(String(32), index=True)
    due_on: Mapped[date | None]
    superior_due_on: Mapped[date | None]
    document: Mapped[Name]
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[Name]
    cancelled_at: Mapped[datetime | None]


class AssignmentOfficer(Part, Base):
    """An officer of the team; a team has at least two."""

    __tablename__ = "assignment_officers"
    __record__: ClassVar[str] = "assignment"
    __part__: ClassVar[str] = "officers"

    assignment_id: Mapped[str] = part_of("assignments.id")
    credential: Mapped[str] = part_key()
    name: Mapped[str]
    lead: Mapped[bool] = mapped_column(default=False)


class KnownVisit(Part, Base):
    """Another visit to the target in the same year, as the office knew it when it handed the target out.

    ``key`` is the inspection's id, or the assignment's where it has not begun (``assigned``); then
    ``visited_on`` is the day it is due. A laptop holds no record of it and can still tell who was there.
    """

    __tablename__ = "known_visits"
    __record__: ClassVar[str] = "assignment"
    __part__: ClassVar[str] = "known_visits"

    assignment_id: Mapped[str] = part_of("assignments.id")
    key: Mapped[str] = part_key()
    visited_on: Mapped[date | None]
    office: Mapped[Name]
    officers: Mapped[Name]
    inspection_type: Mapped[InspectionType]
    status: Mapped[InspectionStatus]
    document: Mapped[Name]
