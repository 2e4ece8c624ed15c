"""Enrolment by file: a device asks, its office answers, and both show the same fingerprint.

The request (``*.cyreq``) carries the device's public keys, signed by itself. The answer
(``*.cyenr``) is signed by the office's device and names person, role and the other devices of the
team. A device trusts the first office whose answer it takes; people compare the fingerprints.
An inspector's device belongs to the office that enrols it, whatever its person's own office is
called. A supervisor's device of another office stays that office's: the two are peers, the one that
enrolled is above.

Revoking has a date. What a device made before it stays valid, and the date it was made is the
device's own word: whoever holds a revoked device's keys can still date something back. So its packages
wait until somebody looked at them, and what others bring of it after its date is named
(:mod:`app.services.late`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.errors import BadInput, Place
from app.files import explained, write_atomically
from app.models.base import fresh_id
from app.models.people import Device, Person
from app.services.late import doubtful
from app.services.peers import believe, cards, learn, office_device
from app.services.practising import require_real
from app.services.workplace import Changes, Workplace
from app.sync.canonical import canonical
from app.sync.cards import DeviceCard, card_of, device_of, is_good
from app.vault import PublicKeys
from app.vocabulary import Role

REQUEST_SUFFIX, ANSWER_SUFFIX = ".cyreq", ".cyenr"
_LARGEST = 4 << 20

Fingerprint = str
"""Four groups of four that two people read to each other."""


@dataclass(frozen=True, slots=True)
class DeviceRequest:
    """A device that wants to be enrolled, as its signed request tells."""

    device_id: str
    fingerprint: Fingerprint
    name: str
    credential: str
    role: Role
    office: str
    card: DeviceCard


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Two devices that know each other now; both sides show the same ``fingerprint``."""

    device_id: str
    fingerprint: Fingerprint
    office_fingerprint: Fingerprint
    name: str
    role: Role
    changes: Changes


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One known device."""

    device_id: str
    name: str
    credential: str
    role: Role
    office: str
    fingerprint: Fingerprint
    enrolled_at: datetime
    revoked_at: datetime | None
    own: bool
    office_device: bool


class _Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    purpose: Literal["chayan-device-request-1"]
    device: DeviceCard

    @property
    def told(self) -> tuple[DeviceCard, ...]:
        return (self.device,)


class _Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    purpose: Literal["chayan-device-answer-1"]
    office: DeviceCard
    device: DeviceCard
    team: tuple[DeviceCard, ...]

    @property
    def told(self) -> tuple[DeviceCard, ...]:
        return (self.office, self.device, *self.team)


class _Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    body: msgspec.Raw
    signature: str


T = TypeVar("T", bound=_Request | _Answer)


def make_request(place: Workplace, *, out: Path) -> Fingerprint:
    """Write this device's request into ``out`` (a file, or a folder); returns its fingerprint."""
    require_real(place)
    with place.read() as session:
        own = card_of(_own(session))
    target = _named(out, f"{place.vault.public.fingerprint}{REQUEST_SUFFIX}")
    _write(place, target, _Request("chayan-device-request-1", own))
    return place.vault.public.fingerprint


def read_request(path: Path) -> DeviceRequest:
    """What a request asks for; refuses whatever is none or was changed."""
    found, signed_by = _read(path, _Request, "enrolment.not_a_request")
    if not signed_by(found.device):
        raise BadInput("enrolment.tampered", Place(file=path.name))
    card, keys = found.device, found.device.keys
    return DeviceRequest(
        keys.device_id, keys.fingerprint, card.name, card.credential, Role(card.role), card.office, card
    )


def enrol(place: Workplace, *, request: Path, out: Path, role: Role | None = None) -> Enrolment:
    """Enrol the device of ``request`` (in ``role`` when that is not the one it asks for) and answer.

    Enrolling a known device again writes the answer again.
    """
    _require_office(place)
    asked = read_request(request)
    if asked.device_id == place.device_id:
        raise BadInput("enrolment.own_request", Place(file=request.name))
    with place.write("device.enrol") as work:
        own = _own(work.session)
        device = _known_or_new(place, work.session, asked, role or asked.role)
        if device.role is Role.INSPECTOR:  # a supervisor's device stays its own office's
            device.office = own.office
        _introduce(work.session, device, asked.office)
        work.session.flush()
        answer = _Answer(
            "chayan-device-answer-1", card_of(own), card_of(device), cards(work.session, [device.id])
        )
        enrolled_role = device.role
        work.commit()
    # After the commit: should this fail, enrolling once more writes the same answer.
    target = _named(out, f"{asked.fingerprint}{ANSWER_SUFFIX}")
    _write(place, target, answer)
    changes = Changes(frozenset({"device", "person"}), frozenset({asked.device_id}))
    office = place.vault.public.fingerprint
    return Enrolment(asked.device_id, asked.fingerprint, office, asked.name, enrolled_role, changes)


def _known_or_new(place: Workplace, session: Session, asked: DeviceRequest, role: Role) -> Device:
    known = session.get(Device, asked.device_id)
    if known is not None and known.revoked_at is not None:
        raise BadInput("enrolment.revoked", name=known.name, fingerprint=known.fingerprint)
    if known is None:
        known = device_of(asked.card)
        known.enrolled_at, known.revoked_at = place.now(), None
        session.add(known)
    known.role = role
    return known


def _introduce(session: Session, device: Device, office: str) -> None:
    """Write down the device's person, when nobody has that credential yet."""
    known = select(Person.id).where(Person.credential == device.credential)
    if device.credential and session.scalar(known) is None:
        taken = set(session.scalars(select(Person.id)))
        person = Person(
            id=fresh_id("person", device.credential, taken), name=device.name,
            credential=device.credential, office=office, role=device.role,
        )  # fmt: skip
        session.add(person)


def accept(place: Workplace, *, path: Path) -> Enrolment:
    """Take the office's answer: this device knows its office and its team from now on."""
    require_real(place)
    answer, signed_by = _read(path, _Answer, "enrolment.not_an_answer")
    where = Place(file=path.name)
    if not signed_by(answer.office):
        raise BadInput("enrolment.tampered", where)
    if answer.device.keys != place.vault.public:
        raise BadInput("enrolment.other_device", where, name=answer.device.name)
    office = answer.office.keys
    with place.write("device.accept") as work:
        _require_same_office(work.session, office)
        own = _own(work.session)
        own.role, own.office = Role(answer.device.role), answer.device.office
        learned = {place.device_id, believe(work.session, answer.office)}
        learned |= learn(work.session, answer.team, by=office.device_id).ids
        work.commit()
    return Enrolment(
        place.device_id,
        place.vault.public.fingerprint,
        office.fingerprint,
        answer.device.name,
        Role(answer.device.role),
        Changes(frozenset({"device"}), frozenset(learned)),
    )


def _require_same_office(session: Session, office: PublicKeys) -> None:
    known = office_device(session)
    if known is not None and known.id != office.device_id:
        raise BadInput("enrolment.other_office", office=known.office, fingerprint=known.fingerprint)


def device_rows(place: Workplace) -> tuple[DeviceRow, ...]:
    """Every known device, this one first, then by the day it was enrolled."""
    with place.read() as session:
        found = session.scalars(select(Device).order_by(Device.own.desc(), Device.enrolled_at, Device.id))
        return tuple(_row(device) for device in found)


def _row(device: Device) -> DeviceRow:
    return DeviceRow(
        device_id=device.id,
        name=device.name,
        credential=device.credential,
        role=device.role,
        office=device.office,
        fingerprint=device.fingerprint,
        enrolled_at=device.enrolled_at,
        revoked_at=device.revoked_at,
        own=device.own,
        office_device=device.office_device,
    )


def revoke(place: Workplace, *, device_id: str, since: datetime | None = None) -> Changes:
    """Accept nothing any more that the device makes from now on, or made ``since`` a day in the past.

    Of a device that is revoked already the date can be set earlier, never later.
    """
    _require_office(place)
    now = place.now()
    when = now if since is None else since
    if when > now:
        raise BadInput("enrolment.future_date", date=str(local_date(when)))
    with place.write("device.revoke") as work:
        device = work.session.get(Device, device_id)
        if device is None or device.own:
            raise BadInput("enrolment.unknown_device", device=device_id)
        if device.revoked_at is not None and when >= device.revoked_at:
            raise BadInput("enrolment.revoked", name=device.name, fingerprint=device.fingerprint)
        device.revoked_at = when
        work.commit()
    return Changes.of("device", device_id)


def doubtful_records(place: Workplace, *, device_id: str) -> tuple[tuple[str, str], ...]:
    """Kind and id of records that a revoked device changed after its date, or that came in only after it.

    They stay, because what was taken in is never taken back unseen; a person looks at them.
    """
    with place.read() as session:
        device = session.get(Device, device_id)
        return () if device is None else doubtful(session, device)


def _require_office(place: Workplace) -> None:
    if place.owner.role is not Role.SUPERVISOR:
        raise BadInput("enrolment.not_the_office")


def _own(session: Session) -> Device:
    return session.scalars(select(Device).where(Device.own)).one()


def _named(out: Path, name: str) -> Path:
    return out / name if out.is_dir() else out


def _write(place: Workplace, target: Path, body: _Request | _Answer) -> None:
    raw = canonical(body)
    write_atomically(target, canonical(_Signed(msgspec.Raw(raw), place.vault.sign(raw).hex())))


class _SignedBy:
    """Asks whether a device signed what was read."""

    def __init__(self, message: bytes, signature: str) -> None:
        self._message, self._signature = message, signature

    def __call__(self, card: DeviceCard) -> bool:
        try:
            signature = bytes.fromhex(self._signature)
        except ValueError:
            return False
        return card.keys.verify(signature, self._message)


def _read(path: Path, kind: type[T], otherwise: str) -> tuple[T, _SignedBy]:
    """The signed body of a file of ``kind``; something else is refused under ``otherwise``."""
    where = Place(file=path.name)
    with explained(path), path.open("rb") as source:
        content = source.read(_LARGEST)
    try:
        signed = msgspec.json.decode(content, type=_Signed)
        body = msgspec.json.decode(signed.body, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadInput(otherwise, where) from error
    if not all(is_good(card) for card in body.told):
        raise BadInput("enrolment.tampered", where)
    return body, _SignedBy(bytes(signed.body), signed.signature)
