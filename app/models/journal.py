"""The journal: one entry for each committed change, each carrying the hash of the one before."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class JournalEntry(Base):
    """Who did what, when, on which device; ``detail`` is JSON of the rows and values written."""

    __tablename__ = "journal"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120))
    device_id: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(60))
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class HomeFact(Base):
    """A fact about this home that must live with its data (owner, role, sequence numbers)."""

    __tablename__ = "home_facts"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


def moment(at: datetime) -> str:
    """A time as it enters the digest."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry_digest(parts: tuple[str, str, str, str, str, str]) -> str:
    """SHA-256 that chains an entry to the one before it.

    ``parts``: previous digest, moment, actor, device, action, detail.
    """
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def digest_of(entry: JournalEntry) -> str:
    """The digest that ``entry`` should carry."""
    return entry_digest(
        (entry.previous, moment(entry.at), entry.actor, entry.device_id, entry.action, entry.detail)
    )
