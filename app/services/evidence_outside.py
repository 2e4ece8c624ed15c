"""Files that are evidence and lie outside the vault: whether they are still there and still the same."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from app.files import explained, sha256_of
from app.services.evidence import EvidenceRow

State = Literal["same", "changed", "missing"]


def state_of(row: EvidenceRow) -> State:
    """Hash a file outside the vault again; reads all of it."""
    path = Path(row.kept_at)
    if not row.kept_at or not path.is_file():
        return "missing"
    with explained(path), path.open("rb") as source:
        return "same" if sha256_of(source) == row.outside_sha256 else "changed"
