"""What came of a revoked device only after its date, or was written after it: what a person should look at.

A revision's date is its author's word, so one that says it is older than the revocation may come in at
any time, in anybody's package. It is taken, and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.models.people import Device
from app.models.revisions import HeldRevision, Package, Revision
from app.sync.documents import slices
from app.sync.ledger import Key
from app.sync.revision import Sealed, opened


@dataclass(frozen=True, slots=True)
class Carrier:
    """Which device's package brought something, and when that came in here first."""

    device: str
    came_at: datetime


def carriers(session: Session, packages: Iterable[str]) -> dict[str, Carrier]:
    """The packages among ``packages`` that came in before, by id."""
    return {
        name: Carrier(peer, came_at)
        for some in slices(packages)
        for name, peer, came_at in session.execute(
            select(Package.id, Package.peer, Package.handled_at).where(
                ~Package.outgoing, Package.id.in_(some)
            )
        )
    }


def late_hand(sealed: Sealed, carrier: Carrier, devices: Mapping[str, Device]) -> Problem | None:
    """The remark on a revision of a revoked device that another one brought after its date, or ``None``.

    The device's own packages wait until somebody looked at them (``sync.under_review``). The office that
    hands out our work says itself who is revoked; what it passes on needs no second look.
    """
    author = devices[sealed.revision.device]
    if author.revoked_at is None or carrier.came_at < author.revoked_at:
        return None
    if carrier.device == author.id or carrier.device in _trusted(devices.values()):
        return None
    return Problem("sync.late_hand", values={"name": author.name, "device": author.fingerprint}, taken=True)


def doubtful(session: Session, device: Device) -> tuple[Key, ...]:
    """Records that a revoked device wrote to after its date, or whose revisions of its came in after it.

    Those that still wait for what they build on are among them.
    """
    since = device.revoked_at
    if since is None:
        return ()
    trusted = _trusted(session.scalars(select(Device)))
    late = select(Package.id).where(
        ~Package.outgoing, Package.handled_at >= since, Package.peer.not_in(trusted)
    )
    found = set[Key]()
    for kind, record in session.execute(
        select(Revision.record_kind, Revision.record_id).where(
            Revision.device_id == device.id, (Revision.made_at >= since) | Revision.package_id.in_(late)
        )
    ):
        found.add((kind, record))
    packages = set(session.scalars(late))
    for held in session.scalars(select(HeldRevision).where(HeldRevision.device_id == device.id)):
        said = opened(held.body, held.signature).revision
        if said.moment >= since or held.package_id in packages:
            found.add((held.record_kind, held.record_id))
    return tuple(sorted(found))


def _trusted(devices: Iterable[Device]) -> frozenset[str]:
    """This device, and the one that hands out its work."""
    return frozenset(device.id for device in devices if device.own or device.office_device)
