"""The rows of one inspection, read once in a fixed number of queries, that several views are made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.facts import facts_of
from app.checklists.repeats import Instance, expand, split
from app.checklists.rules import Answered
from app.checklists.schema import Checklist
from app.clock import local_date
from app.law.library import Library
from app.models.inspection import Answer, Evidence, Finding, Inspection, InspectionOfficer, Measurement
from app.models.inspection import Instance as InstanceRow
from app.models.registry import Certificate
from app.services import questions
from app.services.lawbook import law_of
from app.services.registry_then import Then, certificates_then
from app.services.scopes import DONE
from app.services.workplace import Workplace
from app.vocabulary import SCHEME_OF, CertificateStatus


@dataclass(frozen=True)
class Gathered:
    """The rows of one inspection that several views are made from.

    ``questions`` is the checklist with its repeated sections written out for the ``instances`` (in
    their order); ``measurements`` is what was entered besides the answers' own values, by its key. The
    certificates of a finished visit are those of its day (``then``): nothing that came later changes it.
    """

    inspection: Inspection
    questions: Checklist
    answers: dict[str, Answer]
    findings: list[Finding]
    photos: Counter[str]
    certificates: Sequence[Certificate]
    then: Then | None
    law: Library
    instances: tuple[Instance, ...]
    measurements: Mapping[str, str]

    @cached_property
    def answered(self) -> Mapping[str, Answered]:
        """What was answered and measured, as the checklist's rules take it."""
        further: dict[str, dict[str, str]] = {}
        for key, value in self.measurements.items():
            item, _, measure = key.rpartition(".")
            further.setdefault(item, {})[measure] = value
        return {
            item: self._answered(item, further.get(item, {}))
            for item in sorted(self.answers.keys() | further.keys())
        }

    def _answered(self, item: str, further: Mapping[str, str]) -> Answered:
        row, photos = self.answers.get(item), self.photos[item]
        if row is None:
            return Answered(photos=photos, entered=further)
        return Answered(row.verdict, row.note, _decimal(row.value), photos, {**further, "": row.value})

    @cached_property
    def numbers(self) -> Mapping[str, str]:
        """How people call each item, by its id."""
        return {item.id: item.shown for item in self.questions.items()}

    @cached_property
    def entered(self) -> Mapping[str, str]:
        """Every value as stored, by the name that checks refer to."""
        own = {item: row.value for item, row in self.answers.items() if row.value}
        return own | {key: value for key, value in self.measurements.items() if value}

    @cached_property
    def facts(self) -> Mapping[str, bool | str]:
        """What the checklist's conditions may ask about, on the day of the visit."""
        scheme = SCHEME_OF[self.inspection.inspection_type]
        day = local_date(self.inspection.started_at)
        states = [_status_on(each, day) for each in self.certificates if each.scheme is scheme]
        return facts_of(self.inspection.production_status, states)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _status_on(certificate: Certificate, day: date) -> CertificateStatus:
    """The registry's word, but a certificate past its date is expired whatever the list says."""
    past = certificate.expires_on is not None and certificate.expires_on < day
    if certificate.status is CertificateStatus.VALID and past:
        return CertificateStatus.EXPIRED
    return certificate.status


def gather(place: Workplace, session: Session, inspection: Inspection) -> Gathered:
    """Read what an inspection's views are made from."""
    answers = session.scalars(select(Answer).where(Answer.inspection_id == inspection.id))
    findings = session.scalars(
        select(Finding).where(Finding.inspection_id == inspection.id).order_by(Finding.noted_at, Finding.key)
    )
    photos = session.scalars(
        select(Evidence.item).where(
            Evidence.inspection_id == inspection.id,
            Evidence.media_type.startswith("image/"),
            # A marked copy shows what its original does: it is no second photo.
            Evidence.original_key.is_(None),
        )
    )
    measurements = session.execute(
        select(Measurement.key, Measurement.value).where(Measurement.inspection_id == inspection.id)
    )
    then = _then(session, inspection)
    checklist = questions.checklist_of(place, inspection)
    answered = {row.item: row for row in answers}
    judged = [item for item, row in answered.items() if row.verdict is not None]
    instances = instances_of(session, inspection.id, checklist, judged)
    return Gathered(
        inspection,
        expand(checklist, instances),
        answered,
        list(findings),
        Counter(photos),
        _certificates(session, inspection) if then is None else then.certificates,
        then,
        law_of(place, inspection),
        instances,
        {row.key: row.value for row in measurements},
    )


def _then(session: Session, inspection: Inspection) -> Then | None:
    if inspection.status not in DONE:
        return None
    return certificates_then(session, inspection.organization_id, local_date(inspection.started_at))


def _certificates(session: Session, inspection: Inspection) -> Sequence[Certificate]:
    wanted = select(Certificate).where(Certificate.organization_id == inspection.organization_id)
    return session.scalars(wanted.order_by(Certificate.number)).all()


def instances_of(
    session: Session, inspection_id: str, checklist: Checklist, judged: Iterable[str] = ()
) -> tuple[Instance, ...]:
    """The instances of a visit in their order.

    One that was removed on another device while its items were ``judged`` here stands at the end, without
    a name: no answer vanishes because two people worked at once.
    """
    if all(section.repeat is None for section in checklist.sections):
        return ()
    wanted = select(InstanceRow.key, InstanceRow.section, InstanceRow.label)
    ordered = wanted.where(InstanceRow.inspection_id == inspection_id).order_by(
        InstanceRow.sequence, InstanceRow.key
    )
    found = [Instance(key, section, label) for key, section, label in session.execute(ordered)]
    known = {each.key for each in found}
    homes = {
        item.id: section.id for section in checklist.sections if section.repeat for item in section.items
    }
    for item in sorted(judged):
        base, key = split(item)
        if key and key not in known and base in homes:
            known.add(key)
            found.append(Instance(key, homes[base]))
    return tuple(found)


def officers_of(session: Session, inspection_id: str) -> tuple[tuple[str, str], ...]:
    """Credential and name of each law-enforcement officer, experts left out."""
    rows = session.execute(
        select(InspectionOfficer.credential, InspectionOfficer.name)
        .where(InspectionOfficer.inspection_id == inspection_id, InspectionOfficer.officer)
        .order_by(InspectionOfficer.credential)
    )
    return tuple((credential, name) for credential, name in rows)
