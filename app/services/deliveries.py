"""What each peer has, so that nothing travels twice: revisions, evidence and checklists by digest.

What was sent counts as being there only for a while. Without a receipt, or a package of the peer
that proves it, it goes again: a stick that was lost takes nothing with it. What a receipt says is
missing goes again at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from app.models.among import among
from app.models.bulk import add_rows
from app.models.revisions import Delivery, Package
from app.sync.documents import slices

RESEND_AFTER = timedelta(days=7)
"""How long a package may be under way before what it carries is sent again."""

NO_PACKAGE = ""
"""The package of what must go again."""


def delivered(session: Session, peer: str, items: Iterable[str], now: datetime) -> frozenset[str]:
    """Those of ``items`` that ``peer`` has, or was sent so lately that its answer may still come."""
    lately = select(Package.id).where(Package.made_at > now - RESEND_AFTER)
    there = or_(Delivery.confirmed, Delivery.package_id.in_(lately))
    return frozenset(
        item
        for some in slices(items)
        for item in session.scalars(
            select(Delivery.item).where(Delivery.peer == peer, among(Delivery.item, some), there)
        )
    )


def note(
    session: Session, peer: str, items: Iterable[str], package_id: str, *, confirmed: bool = False
) -> None:
    """Write down that ``peer`` was sent ``items``; ``confirmed`` when its own package proves it."""
    wanted = list(dict.fromkeys(items))
    known = _known(session, peer, wanted)
    rows = [(peer, item, package_id, confirmed) for item in wanted if item not in known]
    add_rows(session, Delivery, rows)
    for some in slices(known):
        open_ones = (Delivery.peer == peer, among(Delivery.item, some), ~Delivery.confirmed)
        values = {"confirmed": True} if confirmed else {"package_id": package_id}
        session.connection().execute(update(Delivery).where(*open_ones).values(values))


def _known(session: Session, peer: str, items: Iterable[str]) -> frozenset[str]:
    return frozenset(
        item
        for some in slices(items)
        for item in session.scalars(
            select(Delivery.item).where(Delivery.peer == peer, among(Delivery.item, some))
        )
    )


def confirmed(session: Session, peer: str, items: Iterable[str], *, besides: str) -> frozenset[str]:
    """Those of ``items`` that ``peer`` is known to have by another package than ``besides``."""
    proven = (Delivery.peer == peer, Delivery.confirmed, Delivery.package_id != besides)
    return frozenset(
        item
        for some in slices(items)
        for item in session.scalars(select(Delivery.item).where(*proven, among(Delivery.item, some)))
    )


def confirm(session: Session, peer: str, items: Iterable[str]) -> None:
    """The peer said that it has ``items``."""
    for some in slices(items):
        session.connection().execute(
            update(Delivery).where(Delivery.peer == peer, among(Delivery.item, some)).values(confirmed=True)
        )


def withdraw(session: Session, peer: str, items: Iterable[str]) -> None:
    """The peer said that it does not have ``items``: they go again."""
    for some in slices(items):
        _take_back(session, Delivery.peer == peer, among(Delivery.item, some))


def withdraw_packages(session: Session, peer: str, packages: Iterable[str]) -> None:
    """These packages did not reach the peer: whatever it has not confirmed of them goes again."""
    for some in slices(packages):
        _take_back(session, Delivery.peer == peer, among(Delivery.package_id, some), ~Delivery.confirmed)


def forget(session: Session, peer: str) -> None:
    """The peer lost its later days: nothing is certain to be there."""
    _take_back(session, Delivery.peer == peer)


def _take_back(session: Session, *which: ColumnElement[bool]) -> None:
    # The row stays: that something was once handed to a device decides what concerns it.
    values = {"confirmed": False, "package_id": NO_PACKAGE}
    session.connection().execute(update(Delivery).where(*which).values(values))
