"""What a visit begins with: instances for what the registry knows; and where measured values are put."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.entries import LONGEST
from app.checklists.repeats import copy_of
from app.checklists.schema import Checklist, Section
from app.models.inspection import Inspection, Instance, Measurement
from app.models.registry import Certificate
from app.vocabulary import SCHEME_OF, RepeatSubject
from app.wording import label as label_of

KEY_LENGTH = 12
"""Hex digits of an instance's key: few people make few of them, and paths stay short."""


def put(session: Session, inspection_id: str, key: str, value: str) -> None:
    """Enter a value under its key; nothing is written down for an empty one that was never there."""
    row = session.get(Measurement, (inspection_id, key))
    if row is not None:
        row.value = value
    elif value:
        session.add(Measurement(inspection_id=inspection_id, key=key, value=value))


def prefilled(
    session: Session, inspection: Inspection, checklist: Checklist
) -> Iterator[Instance | Measurement]:
    """Rows for the certificates of the organization in the checklist's scheme, as far as they may go.

    The keys follow from the certificates' numbers, so that two devices that begin one visit agree.
    """
    wanted = [
        section
        for section in checklist.sections
        if section.repeat is not None and section.repeat.of is RepeatSubject.CERTIFICATE
    ]
    if not wanted:
        return
    certificates = certificates_of(session, inspection)
    for section in wanted:
        assert section.repeat is not None
        for number, each in enumerate(certificates[: section.repeat.maximum], 1):
            yield from _of_certificate(inspection.id, section, each, number)


def certificates_of(session: Session, inspection: Inspection) -> Sequence[Certificate]:
    """The certificates that a visit is about, in the order of their numbers."""
    return session.scalars(
        select(Certificate)
        .where(
            Certificate.organization_id == inspection.organization_id,
            Certificate.scheme == SCHEME_OF[inspection.inspection_type],
        )
        .order_by(Certificate.number)
    ).all()


def _of_certificate(
    inspection_id: str, section: Section, certificate: Certificate, sequence: int
) -> Iterator[Instance | Measurement]:
    named = hashlib.sha256(f"{section.id}\n{certificate.number}".encode()).hexdigest()
    key = named[:KEY_LENGTH]
    yield Instance(
        inspection_id=inspection_id, key=key, section=section.id, label=certificate.number, sequence=sequence
    )
    known = _known_about(certificate)
    for entry in section.repeat.fields if section.repeat is not None else ():
        if value := known.get(entry.id, ""):
            name = f"{copy_of(section.id, key)}.{entry.id}"
            yield Measurement(inspection_id=inspection_id, key=name, value=value)


def _known_about(certificate: Certificate) -> dict[str, str]:
    """What the registry says about a certificate, by the ids that a checklist's fields may have."""
    days = {
        name: day.isoformat()
        for name in ("issued_on", "expires_on", "suspended_from", "suspended_to", "ended_on")
        if (day := getattr(certificate, name)) is not None
    }
    texts = {name: str(getattr(certificate, name)) for name in ("number", "product", "body_name", "standard")}
    known = days | texts | {"status": label_of("certificate_status", certificate.status)}
    return {name: text for name, text in known.items() if len(text) <= LONGEST}
