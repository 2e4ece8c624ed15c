"""What a role may write: one table, asked before sealing and at import."""

from __future__ import annotations

from app.sync.shapes import RECORD_KINDS
from app.vocabulary import Role

MAY_WRITE: dict[Role, frozenset[str]] = {
    Role.INSPECTOR: frozenset({"inspection"}),
    Role.SUPERVISOR: frozenset(RECORD_KINDS),
}


def may_write(role: Role, kind: str) -> bool:
    """Whether a device of ``role`` may seal revisions of records of ``kind``."""
    return kind in MAY_WRITE[role]
