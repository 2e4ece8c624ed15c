"""What follows an inspection: orders, follow-ups, cases, notifications. All parts of its record."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Fen, LongText, Name, Part, part_key, part_of
from app.vocabulary import (
    CaseStatus,
    DeliveryMethod,
    FollowUpResult,
    NotificationKind,
    OrderStatus,
    ReferralKind,
    SubjectKind,
)


class RectificationOrder(Part, Base):
    """责令改正通知书: at once, or by ``due_on``; ``working_days`` when it was set that way.

    ``violated`` and ``basis`` are the cited provisions as printed; ``confirmed_by`` names who
    confirmed the ones marked 待核对.
    """

    __tablename__ = "orders"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "orders"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    number: Mapped[Name]
    status: Mapped[OrderStatus]
    subject_kind: Mapped[SubjectKind]
    subject_name: Mapped[str]
    subject_code: Mapped[str] = mapped_column(String(18), default="")
    at_once: Mapped[bool]
    working_days: Mapped[int | None]
    due_on: Mapped[date | None]
    facts: Mapped[LongText]
    violated: Mapped[LongText]
    basis: Mapped[LongText]
    requirements: Mapped[LongText]
    confirmed_by: Mapped[Name]
    drafted_on: Mapped[date]
    issued_on: Mapped[date | None]
    issued_by: Mapped[Name]
    delivered_on: Mapped[date | None]
    delivery: Mapped[DeliveryMethod | None]
    received_by: Mapped[Name]
    closed_on: Mapped[date | None]


class FollowUp(Part, Base):
    """A re-inspection after an order (整改复查)."""

    __tablename__ = "follow_ups"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "follow_ups"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    order_key: Mapped[str] = mapped_column(String(120))
    done_on: Mapped[date]
    done_by: Mapped[Name]
    result: Mapped[FollowUpResult]
    note: Mapped[LongText]
    new_due_on: Mapped[date | None]


class Case(Part, Base):
    """A lead and, once filed, its case. ``cause`` is a code of the 19-row table (domain.md §3.9).

    ``number`` is the filing's, ``decision_number`` the one of the penalty decision (行政处罚决定书文号).
    ``unlicensed`` marks the cause 列入目录未经认证擅自出厂、销售、进口或使用. Money in 分.
    """

    __tablename__ = "cases"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "cases"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    number: Mapped[Name]
    status: Mapped[CaseStatus]
    cause: Mapped[str] = mapped_column(String(8))
    subject_kind: Mapped[SubjectKind]
    subject_name: Mapped[str]
    subject_code: Mapped[str] = mapped_column(String(18), default="")
    order_key: Mapped[str | None] = mapped_column(String(120))
    facts: Mapped[LongText]
    noted_on: Mapped[date]
    verified_on: Mapped[date | None]
    not_filed_reason: Mapped[LongText]
    filed_on: Mapped[date | None]
    goods_value: Mapped[Fen | None]
    decided_on: Mapped[date | None]
    decision_number: Mapped[Name]
    confiscated: Mapped[Fen | None]
    fine: Mapped[Fen | None]
    closed_on: Mapped[date | None]
    referral: Mapped[ReferralKind | None]
    referred_on: Mapped[date | None]
    referred_to: Mapped[Name]


class Notification(Part, Base):
    """A notice to the certification body, or a report about a body to the province."""

    __tablename__ = "notifications"
    __record__: ClassVar[str] = "inspection"
    __part__: ClassVar[str] = "notifications"

    inspection_id: Mapped[str] = part_of("inspections.id")
    key: Mapped[str] = part_key()
    kind: Mapped[NotificationKind]
    body_name: Mapped[str]
    body_approval: Mapped[Name]
    number: Mapped[Name]
    content: Mapped[LongText]
    reason_code: Mapped[str] = mapped_column(String(8), default="")
    sent_on: Mapped[date]
    sent_by: Mapped[Name]
