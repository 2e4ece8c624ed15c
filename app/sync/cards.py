"""Device cards: what an office tells its devices about each other, so that they know whose hand it is."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pyrage

from app.models.people import Device
from app.sync.shapes import TIME_FORMAT, is_hex, moment
from app.vault import PublicKeys
from app.vocabulary import Role

_LONGEST = {"name": 200, "credential": 60, "office": 200}


class DeviceCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device with its person and its public keys; ``superior`` when it is of an office above the teller's."""

    name: str
    credential: str
    role: str
    office: str
    recipient: str
    verify_key: str
    enrolled_at: str
    revoked_at: str | None = None
    superior: bool = False

    @property
    def keys(self) -> PublicKeys:
        """Its public keys."""
        return PublicKeys(self.recipient, self.verify_key)

    @property
    def revoked(self) -> datetime | None:
        """From when on nothing it signs is accepted."""
        return None if self.revoked_at is None else moment(self.revoked_at)


def card_of(device: Device) -> DeviceCard:
    """A stored device as others are told about it."""
    revoked = device.revoked_at
    return DeviceCard(
        name=device.name,
        credential=device.credential,
        role=device.role.value,
        office=device.office,
        recipient=device.recipient,
        verify_key=device.verify_key,
        enrolled_at=device.enrolled_at.strftime(TIME_FORMAT),
        revoked_at=None if revoked is None else revoked.strftime(TIME_FORMAT),
    )


def device_of(card: DeviceCard) -> Device:
    """A device to be stored, from a good card."""
    keys = card.keys
    return Device(
        id=keys.device_id,
        name=card.name,
        credential=card.credential,
        role=Role(card.role),
        office=card.office,
        recipient=keys.recipient,
        verify_key=keys.verify_key,
        fingerprint=keys.fingerprint,
        enrolled_at=moment(card.enrolled_at),
        revoked_at=card.revoked,
    )


def is_good(card: DeviceCard) -> bool:
    """Whether a card that others wrote can be stored: usable keys, a known role, true times."""
    try:
        pyrage.x25519.Recipient.from_str(card.recipient)
        moment(card.enrolled_at)
        _ = card.revoked
    except (pyrage.RecipientError, ValueError):
        return False
    short = all(len(getattr(card, name)) <= most for name, most in _LONGEST.items())
    return short and is_hex(card.verify_key, 64) and card.role in set(Role)
