"""What a visit's evidence gives to its forms: every piece, and the pictures that are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.inspection import Evidence
from app.services.evidence import ORDER
from app.services.sheet_rows import Sheet
from app.services.workplace import Workplace

Data = dict[str, object]

_SHORT = 16
_SAME = ("key", "caption", "captured_at", "taken_at", "taken_by", "media_type", "rotation", "kept_at")


def evidence_data(place: Workplace, session: Session, shown: Sheet) -> list[Data]:
    """All evidence of a visit, numbered in the order it was taken in; a copy names its original's number."""
    wanted = select(Evidence).where(Evidence.inspection_id == shown.header.id)
    rows = list(session.scalars(wanted.order_by(*ORDER)))
    items = {row.id: row.number for section in shown.sections for row in section.items}
    numbers = {row.key: number for number, row in enumerate(rows, 1)}
    by_key = {row.key: row for row in rows}
    return [_data(place, row, numbers, items, by_key.get(row.original_key or "")) for row in rows]


def _data(
    place: Workplace, row: Evidence, numbers: dict[str, int], items: dict[str, str], source: Evidence | None
) -> Data:
    told: Data = {name: getattr(row, name) for name in _SAME}
    digest = row.sha256 or row.outside_sha256
    told |= {
        "number": numbers[row.key],
        "file": row.file_name,
        "item": items.get(row.item, row.item),
        "located": row.located,
        "sha256": digest,
        "hash": digest[:_SHORT].upper(),
    }
    if source is not None:
        told |= {"original": numbers[source.key], "original_hash": source.sha256[:_SHORT].upper()}
        told["original_key"] = source.key
    if row.sha256 and row.media_type.startswith("image/"):
        # Read when it is drawn: a visit has more pictures than should lie in memory at once.
        told["image"] = partial(place.evidence.read, row.sha256)
    return told


def printed_photos(evidence: Iterable[Data]) -> Iterator[Data]:
    """Pictures for paper. An original with a copy is not printed: what was made unreadable stays so."""
    rows = list(evidence)
    copied = {row.get("original_key") for row in rows}
    return (row for row in rows if "image" in row and row["key"] not in copied)
