"""The trail that every change leaves in the journal: when the last one reached the disk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.models.journal import JournalEntry
from app.services.workplace import Workplace


def last_stored(place: Workplace) -> datetime | None:
    """The moment of the newest change in this home."""
    newest = select(JournalEntry.at).order_by(JournalEntry.sequence.desc()).limit(1)
    with place.read() as session:
        return session.scalar(newest)
