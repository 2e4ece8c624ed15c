"""Every mapped class, imported once so that the metadata is whole."""

from __future__ import annotations

from app.models import (
    enforcement,
    inspection,
    journal,
    papers,
    people,
    planning,
    registry,
    revisions,
    savepoints,
    scans,
    sent,
)
from app.models.base import Base

__all__ = [
    "Base",
    "enforcement",
    "inspection",
    "journal",
    "papers",
    "people",
    "planning",
    "registry",
    "revisions",
    "savepoints",
    "scans",
    "sent",
]
