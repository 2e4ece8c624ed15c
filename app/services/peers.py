"""The other devices: who may be handed something, and whose word is law here."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput, Problem
from app.models.journal import HomeFact
from app.models.people import Device
from app.sync.cards import DeviceCard, card_of, device_of
from app.sync.ledger import ABOVE, offices_of, stored_of
from app.sync.rights import Offices, governor
from app.vocabulary import Role

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


def owner_of(session: Session, kind: str, record_id: str) -> str | None:
    """The other office whose record this is; ``None`` when it is ours, or everybody's."""
    known, offices = stored_of(session, kind, [record_id]).get(record_id, []), offices_of(session)
    office = governor(kind, known, offices) if known else None
    return None if office == offices.own else office


def require_ours(session: Session, kind: str, record_id: str) -> None:
    """Refuse to change what another office planned or handed out (``sync.foreign_record``)."""
    if (office := owner_of(session, kind, record_id)) is not None:
        raise BadInput("sync.foreign_record", office=office)


def cards(session: Session, to: Collection[str] = ()) -> tuple[DeviceCard, ...]:
    """The devices that an office tells the devices ``to`` about, this one too.

    Its own are told everything; of the devices of their own office others need not be told, and an
    office above only of ours.
    """
    offices = offices_of(session)
    theirs = {hand.office for name in to if (hand := offices.hands.get(name)) is not None}
    up = bool(theirs) and theirs <= offices.above
    return tuple(
        msgspec.structs.replace(card_of(device), superior=device.office in offices.above)
        for device in session.scalars(select(Device).order_by(Device.id))
        if device.office == offices.own or not (up or {device.office} == theirs)
    )


@dataclass(frozen=True, slots=True)
class Learned:
    """The devices that are new or revoked now, and what was told and not believed."""

    ids: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


def believe(session: Session, card: DeviceCard) -> str:
    """Take the device of ``card`` as the one that hands out our work; of another office it stands above ours."""
    offices = offices_of(session)
    found = session.get(Device, card.keys.device_id)
    if found is None:
        found = device_of(card)
        session.add(found)
    found.office_device = True
    session.flush()
    if card.office != offices.own:
        _note_above(session, offices.above | {card.office})
    return found.id


def _note_above(session: Session, names: Iterable[str]) -> None:
    session.merge(HomeFact(name=ABOVE, value=json.dumps(sorted(names), ensure_ascii=False)))
    session.flush()


def learn(session: Session, told: tuple[DeviceCard, ...], *, by: str) -> Learned:
    """Take in what the device ``by`` says about devices: new ones, and which are revoked.

    | who says it | whom it may introduce | whom it may revoke |
    |---|---|---|
    | the device of our own office that enrolled us | anybody, and it names the offices above | anybody but itself |
    | another supervisor's device of our own office | our own office's | our own office's |
    | the office above that enrolled us | anybody but our own office's | the same |
    | another enrolled office's supervisor | its own office's | its own office's |
    | anybody else | nobody | nobody |

    Keys, names, roles and offices of known devices are never changed.
    """
    speaker, offices = session.get(Device, by), offices_of(session)
    if speaker is None or speaker.own or speaker.role is not Role.SUPERVISOR:
        return Learned()
    changed = set()
    doubted = set()
    for card in told:
        device_id = card.keys.device_id
        known = session.get(Device, device_id)
        heard = _may_speak(speaker, card.office, offices)
        if known is None and heard:
            session.add(device_of(card))
            changed.add(device_id)
        elif known is None or (known.office != card.office and card.office == speaker.office):
            doubted.add(card.name)
        elif heard and known.office == card.office and _newly_revoked(card, known):
            known.revoked_at = card.revoked
            changed.add(device_id)
    if speaker.office_device and speaker.office == offices.own:
        above = {card.office for card in told if card.superior and card.office != offices.own}
        if not above <= offices.above:
            _note_above(session, offices.above | above)
    session.flush()
    problems = [Problem("sync.doubted_device", values={"name": name, "by": speaker.name}) for name in doubted]
    return Learned(frozenset(changed), tuple(sorted(problems, key=str)))


def _may_speak(speaker: Device, office: str, offices: Offices) -> bool:
    """Whether ``speaker`` may introduce or revoke devices of ``office``."""
    if not speaker.office_device:
        return office == speaker.office
    return speaker.office == offices.own or office != offices.own


def _newly_revoked(card: DeviceCard, known: Device) -> bool:
    when = card.revoked
    if when is None or known.office_device:
        return False
    return known.revoked_at is None or when < known.revoked_at
