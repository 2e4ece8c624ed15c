"""Two homes that know each other, a task, and a finished visit: the cast of the hand-over tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from app.models.base import derived_id
from app.models.inspection import Answer, Evidence, Finding, Inspection, InspectionOfficer, Signature
from app.models.people import Person
from app.models.planning import Assignment, AssignmentOfficer, Plan, PlanTask
from app.models.registry import Certificate, Organization
from app.services import enrolment, handover, merging
from app.services.merging import Imported
from app.services.workplace import Workplace
from app.vocabulary import (
    CertificateStatus,
    Disposition,
    InspectionStatus,
    InspectionType,
    Scheme,
    Severity,
    SignatureState,
    Verdict,
)

PLAN, TASK, ORG, ASSIGNMENT, VISIT = "1" * 32, "k1", "2" * 32, "3" * 32, "4" * 32
PHOTO, SCRIBBLE = b"\xff\xd8 photo \xff\xd9" * 9000, b"\x89PNG scribble"
PERSON = derived_id("person", "赣C36090002")
STARTED = datetime(2026, 8, 12, 1, 0, tzinfo=UTC)
Pair = tuple[Workplace, Workplace]
"""An office and a laptop."""


def introduce(office: Workplace, laptop: Workplace, folder: Path) -> None:
    """Enrol the laptop at the office."""
    request, answer = folder / "r.cyreq", folder / "a.cyenr"
    enrolment.make_request(laptop, out=request)
    enrolment.enrol(office, request=request, out=answer)
    enrolment.accept(laptop, path=answer)


def make_task(office: Workplace, device_id: str) -> None:
    """A plan with one target for the device."""
    with office.write("test") as work:
        work.session.merge(Person(id=PERSON, name="熊志强", credential="赣C36090002", office="袁州局"))
        work.session.add_all(
            [
                Plan(id=PLAN, title="2026年认证检查", document="赣市监〔2026〕1号", year=2026),
                PlanTask(
                    plan_id=PLAN, key=TASK, title="CCC", inspection_type=InspectionType.CCC_PRODUCER,
                    required_count=1, own_deadline=date(2026, 9, 30),
                ),
                Organization(id=ORG, name="宜春市𬭎业电缆厂", credit_code="91360902MA35XYZ12K", code_state="ok"),
                Certificate(
                    organization_id=ORG, number="2020010105/1", scheme=Scheme.CCC,
                    status=CertificateStatus.VALID,
                ),
                Assignment(
                    id=ASSIGNMENT, plan_id=PLAN, task_key=TASK, organization_id=ORG, device_id=device_id,
                    inspection_type=InspectionType.CCC_PRODUCER, assigned_at=STARTED,
                ),
                AssignmentOfficer(assignment_id=ASSIGNMENT, credential="赣C36090001", name="彭建华", lead=True),
                AssignmentOfficer(assignment_id=ASSIGNMENT, credential="赣C36090002", name="熊志强"),
            ]
        )  # fmt: skip
        work.commit()


def make_visit(
    place: Workplace,
    visit: str = VISIT,
    status: InspectionStatus = InspectionStatus.FINALISED,
    photo: bytes = PHOTO,
) -> None:
    """An inspection with answers, a finding, a photo and a signature."""
    sha256, scribble = place.evidence.put_bytes(photo), place.evidence.put_bytes(SCRIBBLE)
    with place.write("test") as work:
        work.session.add_all(
            [
                Inspection(
                    id=visit, assignment_id=ASSIGNMENT, organization_id=ORG, plan_id=PLAN, task_key=TASK,
                    inspection_type=InspectionType.CCC_PRODUCER, checklist_id="ccc", checklist_version="1",
                    status=status, subject_name="宜春市𬭎业电缆厂", place="一号车间", started_at=STARTED,
                    finalised_at=place.now(),
                ),
                InspectionOfficer(inspection_id=visit, credential="赣C36090001", name="彭建华"),
                Answer(inspection_id=visit, item="1.1", verdict=Verdict.CONFORMING, answered_at=STARTED),
                Answer(inspection_id=visit, item="1.2", verdict=Verdict.NONCONFORMING, note="无标志"),
                Finding(
                    inspection_id=visit, key="f1", item="1.2", description="未加施标志",
                    severity=Severity.MAJOR, disposition=Disposition.RECTIFY_BY_DATE, noted_at=STARTED,
                ),
                Evidence(
                    inspection_id=visit, key="e1", sha256=sha256, file_name="1.jpg",
                    media_type="image/jpeg", size=len(photo), taken_at=STARTED, finding_key="f1",
                ),
                Signature(
                    inspection_id=visit, party="party", name="李某", state=SignatureState.SIGNED,
                    image=scribble, signed_at=STARTED,
                ),
            ]
        )  # fmt: skip
        work.commit()


def send(
    place: Workplace, out: Path, to: str = "office", *, whole: bool = False, drafts: bool = False
) -> Path:
    """Export a package."""
    return handover.export_package(place, out=out, to=to, whole=whole, drafts=drafts).path


def receive(place: Workplace, *paths: Path) -> Imported:
    """Import packages; the last one's result."""
    return merging.import_packages(place, paths=paths)[-1]


def dispute_a_finding(remover: Workplace, editor: Workplace) -> None:
    """One removes the finding of the visit while the other writes into it."""
    with remover.write("test") as work:
        work.session.delete(work.session.get(Finding, (VISIT, "f1")))
        work.commit()
    with editor.write("test") as work:
        finding = work.session.get(Finding, (VISIT, "f1"))
        assert finding is not None
        finding.description = "标志不清"
        work.commit()


def edit(place: Workplace, column: str, value: object, visit: str = VISIT) -> None:
    """Change a column of an inspection's header."""
    with place.write("test") as work:
        found = work.session.get(Inspection, visit)
        assert found is not None
        setattr(found, column, value)
        work.commit()


def evidence_files(place: Workplace) -> set[str]:
    """Every file below the evidence and staging folders."""
    roots = (place.home / "evidence", place.home / "staging")
    return {str(path.relative_to(place.home)) for root in roots for path in root.rglob("*") if path.is_file()}
