"""Taking evidence out of a visit: at once while it was never sealed, with a reason afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.models.base import new_id
from app.models.inspection import Correction, Evidence
from app.services.evidence import EvidenceRow, listed, row_of
from app.services.inspecting import open_inspection
from app.services.workplace import Changes, Workplace
from app.sync.ledger import stored_of
from app.sync.shapes import escape
from app.wording import joined

_SHORT = 16


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out, as it stood."""

    rows: tuple[EvidenceRow, ...]
    changes: Changes


def needs_reason(place: Workplace, *, inspection_id: str, keys: Collection[str]) -> bool:
    """Whether any of these was sealed before, so that others may have seen it."""
    with place.read() as session:
        return not _sealed(session, inspection_id).isdisjoint(keys)


def _sealed(session: Session, inspection_id: str) -> frozenset[str]:
    """Keys of the evidence that a sealed revision of this visit names."""
    found = stored_of(session, "inspection", [inspection_id]).get(inspection_id, [])
    told = {path for each in found for path in each.revision.set if path.startswith("evidence/")}
    steps = {path.split("/")[1] for path in told}
    wanted = select(Evidence.key).where(Evidence.inspection_id == inspection_id)
    return frozenset(key for key in session.scalars(wanted) if escape(key) in steps)


def remove(place: Workplace, *, inspection_id: str, keys: Sequence[str], reason: str = "") -> Removed:
    """Take evidence out of an open visit; the journal keeps its hash, the vault its bytes.

    What a sealed revision names goes only with a ``reason``, which the record keeps among its corrections.
    An original stays while a copy of it does.
    """
    with place.write("evidence.remove") as work:
        open_inspection(work.session, inspection_id)
        gone = take_out(place, work.session, inspection_id, keys, reason.strip())
        work.commit()
    return Removed(gone, Changes.of("inspection", inspection_id))


def take_out(
    place: Workplace, session: Session, inspection_id: str, keys: Sequence[str], reason: str
) -> tuple[EvidenceRow, ...]:
    """:func:`remove` within somebody's transaction; returns what stood there."""
    rows = [row_of(session, inspection_id, key) for key in keys]
    _require_no_copies(session, inspection_id, rows)
    sealed = _sealed(session, inspection_id)
    if not reason and not sealed.isdisjoint(keys):
        raise BadInput("evidence.removal_reason")
    gone = tuple(listed(row) for row in rows)
    session.add_all(_corrections(place, inspection_id, rows, sealed, reason))
    for row in rows:
        session.delete(row)
    return gone


def _require_no_copies(session: Session, inspection_id: str, rows: Sequence[Evidence]) -> None:
    keys = {row.key for row in rows}
    wanted = select(Evidence).where(
        Evidence.inspection_id == inspection_id, Evidence.original_key.in_(keys), Evidence.key.not_in(keys)
    )
    copy = session.scalars(wanted).first()
    if copy is not None:
        raise BadInput("evidence.has_copy", name=copy.file_name)


def _corrections(
    place: Workplace, inspection_id: str, rows: Sequence[Evidence], sealed: frozenset[str], reason: str
) -> Iterator[Correction]:
    for row in rows:
        if row.key in sealed:
            digest = (row.sha256 or row.outside_sha256)[:_SHORT].upper()
            yield Correction(
                inspection_id=inspection_id,
                key=new_id(),
                path=f"evidence/{row.key}/file_name",
                former=joined("clauses", (row.file_name, row.caption, f"SHA-256 {digest}")),
                value="",
                reason=reason,
                corrected_by=place.owner.name,
                corrected_at=place.now(),
            )
