"""Tables that an office has sent, frozen as they were."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Name


class SentTable(Base):
    """A report that was sent, or a supplement (补报) to one; never changed, never deleted.

    What an office told its superiors is the office's own: these rows stay in this home and do not
    travel. ``report_id`` is the report that a supplement completes and its own id for a report;
    ``sequence`` counts its supplements from 1, the report has 0. ``body`` is the compressed document
    of :mod:`app.statistics.frozen`, ``digest`` the SHA-256 of the document's bytes.
    """

    __tablename__ = "sent_tables"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    report_id: Mapped[str] = mapped_column(String(32), index=True)
    sequence: Mapped[int]
    table_id: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[str]
    unit: Mapped[Name]
    period_from: Mapped[date]
    period_to: Mapped[date]
    sent_at: Mapped[datetime]
    sent_by: Mapped[Name]
    changed_cells: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
