"""The other devices: who may be handed something, and whose word is law here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.models.people import Device
from app.sync.cards import DeviceCard, card_of, device_of

OFFICE = "office"


def peer(session: Session, to: str) -> Device:
    """The enrolled device ``to`` stands for (its id, or ``office``); refuses one that is revoked."""
    found = office_device(session) if to == OFFICE else session.get(Device, to)
    if found is None:
        raise BadInput("sync.no_office" if to == OFFICE else "sync.unknown_peer", device=to)
    if found.own:
        raise BadInput("sync.own_device")
    if found.revoked_at is not None:
        raise BadInput("sync.revoked_peer", name=found.name, fingerprint=found.fingerprint)
    return found


def office_device(session: Session) -> Device | None:
    """The device of the office that this one is enrolled at."""
    return session.scalar(select(Device).where(Device.office_device, ~Device.own))


def cards(session: Session) -> tuple[DeviceCard, ...]:
    """Every known device, this one too, as an office tells its devices about them."""
    return tuple(card_of(device) for device in session.scalars(select(Device).order_by(Device.id)))


def _earlier(when: datetime, known: Device) -> bool:
    return known.revoked_at is None or when < known.revoked_at


def learn(session: Session, told: tuple[DeviceCard, ...]) -> frozenset[str]:
    """Take in what the office says about devices: new ones, and which are revoked; returns their ids."""
    changed = set()
    for card in told:
        device_id = card.keys.device_id
        known = session.get(Device, device_id)
        if known is None:
            session.add(device_of(card))
            changed.add(device_id)
        elif card.revoked is not None and _earlier(card.revoked, known) and not known.office_device:
            known.revoked_at = card.revoked
            changed.add(device_id)
    session.flush()
    return frozenset(changed)
