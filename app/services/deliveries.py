"""What each peer has, so that nothing travels twice: revisions, evidence and checklists by digest."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.models.revisions import Delivery
from app.sync.documents import slices


def delivered(session: Session, peer: str, items: Iterable[str]) -> frozenset[str]:
    """Those of ``items`` that ``peer`` was sent or has sent us."""
    return frozenset(
        item
        for some in slices(items)
        for item in session.scalars(
            select(Delivery.item).where(Delivery.peer == peer, Delivery.item.in_(some))
        )
    )


def note(
    session: Session, peer: str, items: Iterable[str], package_id: str, *, confirmed: bool = False
) -> None:
    """Write down that ``peer`` has ``items``; ``confirmed`` when its own package proves it."""
    wanted = list(dict.fromkeys(items))
    known = delivered(session, peer, wanted)
    rows = [
        {"peer": peer, "item": item, "package_id": package_id, "confirmed": confirmed}
        for item in wanted
        if item not in known
    ]
    if rows:
        session.connection().execute(insert(Delivery), rows)
    if confirmed:
        for some in slices(known):
            session.connection().execute(
                update(Delivery)
                .where(Delivery.peer == peer, Delivery.item.in_(some), ~Delivery.confirmed)
                .values(confirmed=True)
            )
