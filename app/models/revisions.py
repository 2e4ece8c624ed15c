"""The growing set of revisions, what is held, and the packages that came and went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Name


class Revision(Base):
    """A sealed, signed set of changes to one record; never changed, never deleted.

    ``id`` is the SHA-256 of ``body`` (canonical bytes); ``signature`` is the author device's.
    """

    __tablename__ = "revisions"
    __table_args__ = (Index("ix_revisions_record", "record_kind", "record_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_kind: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[str] = mapped_column(String(32))
    device_id: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    package_id: Mapped[str | None] = mapped_column(String(32))


class RecordState(Base):
    """Where a record stands: its heads and the paths in conflict (JSON lists of text)."""

    __tablename__ = "record_states"

    record_kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    heads: Mapped[str] = mapped_column(Text)
    conflicts: Mapped[str] = mapped_column(Text, default="[]")
    in_conflict: Mapped[bool] = mapped_column(default=False, index=True)


class HeldRevision(Base):
    """A good revision whose parents have not arrived; applies itself when they do."""

    __tablename__ = "held_revisions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_kind: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[str] = mapped_column(String(32))
    device_id: Mapped[str] = mapped_column(String(32))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    missing: Mapped[str] = mapped_column(Text)
    package_id: Mapped[str] = mapped_column(String(32))


class Package(Base):
    """A package made here (``outgoing``) or taken in; ``peer`` is a receiver or the author device.

    One that was made for several devices has a row for each: every receiver counts its packages for
    itself. ``branch`` is empty until the author was restored from a backup; each counts from one.
    """

    __tablename__ = "packages"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    peer: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)
    outgoing: Mapped[bool]
    sequence: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[Name]
    made_at: Mapped[datetime]
    handled_at: Mapped[datetime]
    records: Mapped[int]
    blobs: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)
    summary: Mapped[str] = mapped_column(Text, default="{}")
    branch: Mapped[str] = mapped_column(String(32), default="", server_default="")


class ReceiptLine(Base):
    """What a receiver answered about one record of a package; ``reason`` is JSON: code and values."""

    __tablename__ = "receipt_lines"
    __table_args__ = (Index("ix_receipt_lines_record", "record_kind", "record_id"),)

    package_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    peer: Mapped[str] = mapped_column(String(32), primary_key=True)
    record_kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    record_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    fate: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    missing: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]


class Delivery(Base):
    """A revision or blob that a peer has been sent or has sent us, so it need not travel again.

    ``confirmed`` is set when the peer's receipt, or its own package, proves it has it.
    """

    __tablename__ = "deliveries"

    peer: Mapped[str] = mapped_column(String(32), primary_key=True)
    item: Mapped[str] = mapped_column(String(64), primary_key=True)
    package_id: Mapped[str] = mapped_column(String(32))
    confirmed: Mapped[bool] = mapped_column(default=False)
