"""The signatures that stand at the foot of the pages of a paper, as stored and as its form prints them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.papers import PageSignature
from app.services.form_data import Data
from app.services.workplace import Workplace


def page_signatures(session: Session, inspection_id: str, paper: str) -> Sequence[PageSignature]:
    """The stored signatures of a paper's pages, in the order of their keys."""
    wanted = select(PageSignature).where(
        PageSignature.inspection_id == inspection_id,
        PageSignature.key.startswith(f"{paper}.", autoescape=True),
    )
    return session.scalars(wanted.order_by(PageSignature.key)).all()


def page_signature_data(place: Workplace, stored: Sequence[PageSignature], *, but: str = "") -> Data:
    """What they add to the data of their form (none where no page was signed), ``but`` that of one key."""
    return {"page_signatures": list(_rows(place, [row for row in stored if row.key != but]))}


def _rows(place: Workplace, stored: Sequence[PageSignature]) -> Iterator[Data]:
    for row in stored:
        party = row.key.split(".", 2)[2]
        yield {
            "party": party.partition(":")[0],
            "name": row.name,
            "state": row.state,
            "reason": row.reason,
            "witness": row.witness,
            "image": place.evidence.read(row.image) if row.image else None,
            "page_digest": row.page_digest,
            "signed_at": row.signed_at,
        }
