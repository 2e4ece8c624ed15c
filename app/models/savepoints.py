"""Where somebody was and what was being written when the program ended: of this device alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Savepoint(Base):
    """The newest state of one place on the screen; ``value`` is JSON. It never travels."""

    __tablename__ = "savepoints"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
