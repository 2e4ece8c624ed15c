"""A visit, from its start to the seal: duties, answers, finishing, correcting.

Each function is one durable step: when it returns, the change is on the disk. Everything but a
correction needs an inspection in progress.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.checklists import entries
from app.checklists.repeats import split
from app.checklists.schema import Item, Measure
from app.errors import BadInput
from app.law.duties import breach_of, offered
from app.models.base import new_id
from app.models.inspection import Answer, Finding, Inspection, InspectionOfficer, Instance
from app.models.lifecycle import may_follow
from app.models.people import Person
from app.models.planning import Assignment, AssignmentOfficer
from app.models.registry import Organization
from app.models.revisions import RecordState
from app.models.store import Work
from app.services import finishing, questions, sealing
from app.services.days import require_done
from app.services.disputes import require_settled, undecided
from app.services.lawbook import law_of
from app.services.prefilling import prefilled, put
from app.services.team import OFFICERS_NEEDED
from app.services.workplace import Changes, Workplace
from app.vocabulary import (
    Disposition,
    InspectionStatus,
    InspectionType,
    ProductClass,
    ProductionStatus,
    Role,
    TaskSource,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class InspectionStarted:
    """The new visit."""

    id: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Duties:
    """What the law asks of a visit's beginning (domain.md §1.3, §4.2)."""

    task_source: TaskSource
    approval_number: str = ""
    approval_by: str = ""
    approval_on: date | None = None
    notice_number: str = ""
    credentials_shown: bool = False
    rights_told: bool = False
    party_present: bool = True


def start(
    place: Workplace,
    *,
    duties: Duties,
    assignment_id: str | None = None,
    organization_id: str | None = None,
    inspection_type: InspectionType | None = None,
    officers: Sequence[str] = (),
) -> InspectionStarted:
    """Begin a visit, from an assignment or (for leads and complaints) straight from an organization.

    ``officers`` are credentials of known people; without them the assignment's team goes. Fewer than
    two is refused (administrative penalty law on the number of officers; domain.md §1.3).
    """
    require_done(place, column="approval_on", day=duties.approval_on)
    with place.write("inspecting.start") as work:
        assignment = _assignment(work.session, assignment_id)
        if assignment is not None:
            organization_id, inspection_type = assignment.organization_id, assignment.inspection_type
        if organization_id is None or inspection_type is None:
            raise BadInput("inspecting.no_target")
        organization = work.session.get(Organization, organization_id)
        if organization is None:
            raise BadInput("inspecting.unknown_organization", id=organization_id)
        inspection = _new_inspection(place, organization, inspection_type, assignment, duties)
        work.session.add(inspection)
        checklist = questions.checklist_of(place, inspection)
        work.session.add_all(prefilled(work.session, inspection, checklist))
        team = _team(work.session, officers, assignment)
        work.session.add_all(
            InspectionOfficer(inspection_id=inspection.id, credential=credential, name=name)
            for credential, name in team.items()
        )
        work.commit()
        return InspectionStarted(inspection.id, Changes.of("inspection", inspection.id))


def _assignment(session: Session, assignment_id: str | None) -> Assignment | None:
    if assignment_id is None:
        return None
    found = session.get(Assignment, assignment_id)
    if found is None or found.cancelled_at is not None:
        raise BadInput("inspecting.unknown_assignment", id=assignment_id)
    running = select(Inspection.id).where(Inspection.assignment_id == assignment_id)
    if session.scalar(running) is not None:
        raise BadInput("inspecting.already_started")
    return found


def _team(session: Session, officers: Sequence[str], assignment: Assignment | None) -> dict[str, str]:
    if officers:
        people = session.scalars(select(Person).where(Person.credential.in_(officers)))
        team = {person.credential: person.name for person in people}
        if unknown := sorted(set(officers) - team.keys()):
            raise BadInput("inspecting.unknown_officer", credential=unknown[0])
    elif assignment is not None:
        rows = session.scalars(
            select(AssignmentOfficer)
            .where(AssignmentOfficer.assignment_id == assignment.id)
            .order_by(AssignmentOfficer.lead.desc(), AssignmentOfficer.credential)
        )
        team = {row.credential: row.name for row in rows}
    else:
        team = {}
    if len(team) < OFFICERS_NEEDED:
        raise BadInput("inspecting.too_few_officers", needed=OFFICERS_NEEDED, found=len(team))
    return team


def _new_inspection(
    place: Workplace,
    organization: Organization,
    inspection_type: InspectionType,
    assignment: Assignment | None,
    duties: Duties,
) -> Inspection:
    checklist = questions.newest(place, inspection_type)
    return Inspection(
        id=new_id(),
        assignment_id=assignment and assignment.id,
        organization_id=organization.id,
        plan_id=assignment and assignment.plan_id,
        task_key=assignment and assignment.task_key,
        inspection_type=inspection_type,
        checklist_id=checklist.id,
        checklist_version=checklist.version,
        status=InspectionStatus.IN_PROGRESS,
        office=place.owner.office,
        region=organization.region,
        subject_name=organization.name,
        subject_code=organization.credit_code,
        subject_address=organization.address,
        subject_representative=organization.legal_representative,
        subject_phone=organization.phone,
        place=organization.address,
        recorder=place.owner.name,
        started_at=place.now(),
        task_source=duties.task_source,
        approval_number=duties.approval_number.strip(),
        approval_by=duties.approval_by.strip(),
        approval_on=duties.approval_on,
        notice_number=duties.notice_number.strip(),
        credentials_shown=duties.credentials_shown,
        rights_told=duties.rights_told,
        party_present=duties.party_present,
    )


def open_inspection(session: Session, inspection_id: str) -> Inspection:
    """The inspection, which must be in progress."""
    found = settled_inspection(session, inspection_id)
    if found.status is not InspectionStatus.IN_PROGRESS:
        raise BadInput("inspecting.sealed", name=found.subject_name)
    return found


def settled_inspection(session: Session, inspection_id: str) -> Inspection:
    """The inspection, about which no two people disagree."""
    found = session.get(Inspection, inspection_id)
    if found is None:
        raise BadInput("inspecting.unknown_inspection", id=inspection_id)
    require_settled(session, "inspection", inspection_id)
    return found


def confirm_duties(place: Workplace, *, inspection_id: str, duties: Duties) -> Changes:
    """Set what was shown, told, approved and notified."""
    values = {name: getattr(duties, name) for name in Duties.__slots__}
    return _set_columns(place, "inspecting.duties", inspection_id, values)


HEADER = frozenset(
    {
        "place", "product_class", "production_status", "situation", "opinion", "previous_rectification",
        "recorder", "number", "subject_name", "subject_code", "subject_address",
        "subject_representative", "subject_phone",
    }
)  # fmt: skip
"""Columns of the header that the inspector fills in."""


def set_header(
    place: Workplace, /, *, inspection_id: str, **values: str | ProductClass | ProductionStatus | None
) -> Changes:
    """Fill in header fields by name (see :data:`HEADER`)."""
    if unknown := sorted(values.keys() - HEADER):
        raise BadInput("inspecting.unknown_field", field=unknown[0])
    return _set_columns(place, "inspecting.header", inspection_id, values)


def _set_columns(place: Workplace, action: str, inspection_id: str, values: Mapping[str, object]) -> Changes:
    with place.write(action) as work:
        inspection = open_inspection(work.session, inspection_id)
        approved = values.get("approval_on")
        # What stands there was accepted once: a clock that went back refuses no other field.
        if isinstance(approved, date) and approved != inspection.approval_on:
            require_done(place, column="approval_on", day=approved)
        for name, value in values.items():
            setattr(inspection, name, value)
        work.commit()
    return Changes.of("inspection", inspection_id)


def answer(place: Workplace, *, inspection_id: str, item: str, verdict: Verdict | None) -> Changes:
    """Answer one item; ``None`` takes the answer back.

    不符合 opens a finding with the item's provisions and usual disposition; leaving 不符合 closes the
    finding again unless an order already rests on it.
    """
    with place.write("inspecting.answer") as work:
        question, note, found = _asked(place, work.session, inspection_id, item)
        _set_verdict(place, work, (inspection_id, item), verdict, known=note is not None)
        if found is not None or verdict is Verdict.NONCONFORMING:
            _adjust_finding(place, work.session, question, _answer_row(work.session, inspection_id, item))
        work.commit()
    return Changes.of("inspection", inspection_id)


# An answer is what people wait for most: its statements are put together once and pass the mapper by.
_ASKED = (
    select(
        Inspection.status, Inspection.subject_name, Inspection.checklist_id, Inspection.checklist_version,
        Answer.note, Finding.key, RecordState.in_conflict,
    )
    .outerjoin(Answer, and_(Answer.inspection_id == Inspection.id, Answer.item == bindparam("item")))
    .outerjoin(Finding, and_(Finding.inspection_id == Inspection.id, Finding.key == bindparam("finding")))
    .outerjoin(RecordState, and_(RecordState.record_kind == "inspection", RecordState.record_id == Inspection.id))
    .where(Inspection.id == bindparam("inspection"))
)  # fmt: skip
_ADD_ANSWER = insert(Answer)
_SET_ANSWER = (
    update(Answer)
    .where(Answer.inspection_id == bindparam("of_inspection"), Answer.item == bindparam("of_item"))
    .values({name: bindparam(name) for name in ("verdict", "answered_at", "answered_by")})
)


def _asked(
    place: Workplace, session: Session, inspection_id: str, item: str
) -> tuple[Item, str | None, str | None]:
    """The question of an inspection in progress, the note of its answer, the key of its finding."""
    keys = {"inspection": inspection_id, "item": item, "finding": finding_key(item)}
    row = session.connection().execute(_ASKED, keys).first()
    if row is None:
        raise BadInput("inspecting.unknown_inspection", id=inspection_id)
    if row.status is not InspectionStatus.IN_PROGRESS:
        raise BadInput("inspecting.sealed", name=row.subject_name)
    if row.in_conflict:
        raise undecided("inspection", inspection_id)
    question = questions.version_of(place, row.checklist_id, row.checklist_version).item(item)
    if question is None or not (row.note is not None or _has_instance(session, inspection_id, item)):
        raise BadInput("inspecting.unknown_item", item=item)
    return question, row.note, row.key


def _has_instance(session: Session, inspection_id: str, item: str) -> bool:
    """Whether an item belongs to no instance, or to one that the visit has."""
    key = split(item)[1]
    return not key or session.get(Instance, (inspection_id, key)) is not None


def _set_verdict(
    place: Workplace, work: Work, key: tuple[str, str], verdict: Verdict | None, *, known: bool
) -> None:
    # Past the mapper (see above), so the journal is told by hand what the mapper would have told it.
    values: dict[str, object] = {
        "verdict": verdict, "answered_at": place.now(), "answered_by": place.owner.name,
    }  # fmt: skip
    inspection_id, item = key
    connection = work.session.connection()
    if known:
        connection.execute(_SET_ANSWER, {"of_inspection": inspection_id, "of_item": item, **values})
    else:
        new = {"inspection_id": inspection_id, "item": item, "note": "", "value": "", **values}
        connection.execute(_ADD_ANSWER, new)
    work.note("changed" if known else "added", "answers", list(key), values)


def question_of(place: Workplace, session: Session, inspection: Inspection, item: str) -> Item:
    """The question that ``item`` names on the inspection's checklist."""
    found = questions.checklist_of(place, inspection).item(item)
    there = _has_instance(session, inspection.id, item)
    if found is None or not (there or session.get(Answer, (inspection.id, item)) is not None):
        raise BadInput("inspecting.unknown_item", item=item)
    return found


def _answer_row(session: Session, inspection_id: str, item: str) -> Answer:
    row = session.get(Answer, (inspection_id, item))
    if row is None:
        row = Answer(inspection_id=inspection_id, item=item, note="", value="", answered_by="")
        session.add(row)
    return row


def finding_key(item: str) -> str:
    """Key of the finding that an item's 不符合 opens; the same on every device."""
    return f"item:{item}"


def _adjust_finding(place: Workplace, session: Session, question: Item, row: Answer) -> None:
    found = session.get(Finding, (row.inspection_id, finding_key(question.id)))
    if row.verdict is Verdict.NONCONFORMING:
        if found is None:
            session.add(finding_of(place, session, question, row))
        else:
            found.confirmed = True
    elif found is not None:
        if found.order_key is not None:
            raise BadInput("inspecting.finding_ordered", item=question.id)
        session.delete(found)


def finding_of(place: Workplace, session: Session, question: Item, row: Answer) -> Finding:
    """The finding that an item's 不符合 opens, as the checklist suggests it, against whose breach it is."""
    inspection = session.get_one(Inspection, row.inspection_id)
    asked = (
        law_of(place, inspection), question.references, question.dispositions, inspection.inspection_type
    )  # fmt: skip
    return Finding(
        inspection_id=row.inspection_id,
        key=finding_key(question.id),
        item=question.id,
        description=row.note,
        severity=question.default_severity,
        disposition=next(iter(offered(*asked)), Disposition.ON_SITE_GUIDANCE),
        against=breach_of(*asked),
        provision=" ".join(question.references),
        penalty=" ".join(question.penalty_references),
        noted_at=place.now(),
    )


def write_note(place: Workplace, *, inspection_id: str, item: str, note: str) -> Changes:
    """Write the note of an item; an unedited finding follows the note's wording."""
    with place.write("inspecting.note") as work:
        question_of(place, work.session, open_inspection(work.session, inspection_id), item)
        row = _answer_row(work.session, inspection_id, item)
        finding = work.session.get(Finding, (inspection_id, finding_key(item)))
        if finding is not None and finding.description in {"", row.note}:
            finding.description = note
        row.note = note
        work.commit()
    return Changes.of("inspection", inspection_id)


def set_value(place: Workplace, *, inspection_id: str, item: str, value: str, measure: str = "") -> Changes:
    """Enter a measured value of an item; text that is nothing of its kind is refused.

    ``measure`` is the id of one of the item's further measures, empty for its own.
    """
    with place.write("inspecting.value") as work:
        inspection = open_inspection(work.session, inspection_id)
        question = question_of(place, work.session, inspection, item)
        text = entries.stored(measure_of(question, measure), value)
        if measure:
            put(work.session, inspection_id, f"{item}.{measure}", text)
        else:
            _answer_row(work.session, inspection_id, item).value = text
        work.commit()
    return Changes.of("inspection", inspection_id)


def measure_of(question: Item, name: str) -> Measure:
    """The item's own measure, or the further one of a name; raises ``inspecting.no_measure``."""
    found = question.measure if not name else next((one for one in question.measures if one.id == name), None)
    if found is None:
        raise BadInput("inspecting.no_measure", item=question.id)
    return found


def finish(place: Workplace, *, inspection_id: str) -> Changes:
    """Finish and seal: every condition holds, the record becomes a signed revision."""
    with place.write("inspecting.finish") as work:
        inspection = open_inspection(work.session, inspection_id)
        lacking = finishing.missing_to_finish(place, work.session, inspection)
        if lacking:
            raise BadInput("inspecting.incomplete", count=len(lacking), first=lacking[0].code)
        assert may_follow(inspection.status, InspectionStatus.FINALISED)
        # A returned inspection that is finished again ended when it ended at the site.
        inspection.finished_at = inspection.finished_at or place.now()
        inspection.finalised_at = place.now()
        inspection.status = InspectionStatus.FINALISED
        work.session.flush()
        sealing.seal(work, place, "inspection", inspection_id)
        work.commit()
    return Changes.of("inspection", inspection_id)


def review(place: Workplace, *, inspection_id: str, approve: bool, remark: str = "") -> Changes:
    """Approve a finished inspection, or return it with a remark that travels back to the laptop."""
    if place.owner.role is not Role.SUPERVISOR:
        raise BadInput("inspecting.not_reviewer")
    if not approve and not remark.strip():
        raise BadInput("inspecting.remark_missing")
    step = InspectionStatus.APPROVED if approve else InspectionStatus.RETURNED
    with place.write("inspecting.review") as work:
        inspection = work.session.get(Inspection, inspection_id)
        if inspection is None or not may_follow(inspection.status, step):
            raise BadInput("inspecting.not_finished", id=inspection_id)
        require_settled(work.session, "inspection", inspection_id)
        inspection.status, inspection.review_remark = step, remark.strip()
        inspection.reviewed_by, inspection.reviewed_at = place.owner.name, place.now()
        work.session.flush()
        sealing.seal(work, place, "inspection", inspection_id)
        work.commit()
    return Changes.of("inspection", inspection_id)


def reopen(place: Workplace, *, inspection_id: str) -> Changes:
    """Take a returned inspection up again."""
    with place.write("inspecting.reopen") as work:
        inspection = work.session.get(Inspection, inspection_id)
        if inspection is None or inspection.status is not InspectionStatus.RETURNED:
            raise BadInput("inspecting.not_returned", id=inspection_id)
        inspection.status, inspection.finalised_at = InspectionStatus.IN_PROGRESS, None
        work.commit()
    return Changes.of("inspection", inspection_id)
