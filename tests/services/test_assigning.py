"""Targets handed to teams: who may be in one, what is skipped, what lists show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from app.errors import BadInput
from app.models.enforcement import RectificationOrder
from app.models.inspection import Inspection
from app.models.people import Device, Person
from app.models.registry import Certificate, Organization
from app.services import assigning, planning
from app.services.workplace import Workplace
from app.vocabulary import (
    CertificateStatus,
    InspectionStatus,
    InspectionType,
    OrderStatus,
    Role,
    Scheme,
    SubjectKind,
)

NAMES = {"a": "宜春华鑫电器有限公司", "b": "宜春绿禾有机茶业专业合作社", "c": "宜春瑞泰玩具厂"}
TEAM = ("赣C1", "赣C2")


@dataclass
class Scene:
    """A plan with one CCC task, three organizations in scope, two officers, two devices."""

    place: Workplace
    plan_id: str
    task_key: str

    def assign(self, *ids: str, **values: object) -> assigning.AssignmentsMade:
        asked = {
            "plan_id": self.plan_id, "task_key": self.task_key, "organization_ids": ids, "officers": TEAM,
            "lead": TEAM[0], "device_id": "laptop", **values,
        }  # fmt: skip
        return assigning.assign(self.place, **asked)

    def candidates(self, **values: object) -> tuple[str, ...]:
        return assigning.candidate_ids(self.place, plan_id=self.plan_id, task_key=self.task_key, **values)


@pytest.fixture
def scene(office: Workplace) -> Scene:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    with office.write("test.scene") as work:
        for key, name in NAMES.items():
            region = "360981" if key == "c" else "360902"
            code = f"91000000{key.upper()}"
            work.session.add(
                Organization(id=key, name=name, region=region, credit_code=code, initials=f"yc{key}")
            )
            work.session.add(
                Certificate(
                    organization_id=key, number=f"2026010705{key.upper()}", scheme=Scheme.CCC,
                    status=CertificateStatus.VALID,
                )
            )  # fmt: skip
        for credential in TEAM:
            work.session.add(Person(id=credential, name=f"检查员{credential}", credential=credential))
        for device in ("laptop", "other", "lost"):
            work.session.add(
                Device(
                    id=device, name=device, credential="赣C1", role=Role.INSPECTOR, recipient="r", verify_key="v",
                    fingerprint="f", enrolled_at=now, revoked_at=now if device == "lost" else None,
                )
            )  # fmt: skip
        work.commit()
    plan_id = planning.add_plan(office, title="计划", year=2026, document="通知").id
    task = planning.add_task(
        office,
        plan_id=plan_id,
        title="CCC",
        inspection_type=InspectionType.CCC_PRODUCER,
        own_deadline=date(2026, 8, 19),
        superior_deadline=date(2026, 8, 31),
    )
    return Scene(office, plan_id, task.key)


def test_an_assignment_carries_the_task_s_dates_document_and_team(scene: Scene) -> None:
    made = scene.assign("a")
    assert made.changes.concern("assignment")
    (row,) = assigning.assignment_rows(scene.place, made.ids)
    assert (row.name, row.due_on, row.superior_due_on, row.document) == (
        NAMES["a"], date(2026, 8, 19), date(2026, 8, 31), "通知",
    )  # fmt: skip
    assert row.officers == ("检查员赣C1", "检查员赣C2")
    assert (row.status, row.inspection_id, row.flags) == (InspectionStatus.ASSIGNED, None, ())


def test_a_target_is_handed_out_once(scene: Scene) -> None:
    first = scene.assign("a", "b", "a")
    again = scene.assign("b", "c")
    assert (len(first.ids), again.skipped, len(again.ids)) == (2, ("b",), 1)
    assert planning.task_rows(scene.place, plan_id=scene.plan_id)[0].assigned == 3


def test_reassigning_cancels_the_former_and_keeps_the_work(scene: Scene) -> None:
    (former,) = scene.assign("a").ids
    begin_visit(scene.place, former)
    made = scene.assign("a", reassign=True, device_id="other")
    assert assigning.assignment_ids(scene.place) == made.ids
    assert set(assigning.assignment_ids(scene.place, state="all")) == {former, *made.ids}
    (row,) = assigning.assignment_rows(scene.place, (former,))
    assert (row.inspection_id, row.flags) == ("visit", ("cancelled",))


def test_cancelling_frees_the_target(scene: Scene) -> None:
    (assignment,) = scene.assign("a").ids
    assigning.cancel(scene.place, assignment_id=assignment)
    assigning.cancel(scene.place, assignment_id=assignment)
    assert "a" in scene.candidates()
    assert assigning.assignment_ids(scene.place, state="all") == ()


@pytest.mark.parametrize(
    "values,code",
    [
        ({"officers": ("赣C1",)}, "assigning.too_few_officers"),
        ({"officers": ("赣C1", "赣C1", " ")}, "assigning.too_few_officers"),
        ({"officers": ("赣C1", "赣C9")}, "assigning.unknown_officer"),
        ({"lead": "赣C9"}, "assigning.lead_outside_team"),
        ({"device_id": "nowhere"}, "assigning.unknown_device"),
        ({"device_id": "lost"}, "assigning.revoked_device"),
        ({"organization_ids": ()}, "assigning.no_targets"),
        ({"organization_ids": ("a", "z")}, "assigning.unknown_organization"),
        ({"task_key": "z"}, "assigning.unknown_task"),
    ],
)
def test_wrong_teams_and_targets_are_refused_whole(scene: Scene, values, code) -> None:
    with pytest.raises(BadInput) as refused:
        scene.assign("a", **values)
    assert refused.value.problem.code == code
    assert assigning.assignment_ids(scene.place, state="all") == ()


@pytest.mark.parametrize(
    "filters,found",
    [
        ({}, ("a", "b", "c")),
        ({"query": "绿禾"}, ("b",)),
        ({"query": "2026010705c"}, ("c",)),
        ({"query": "YCA"}, ("a",)),
        ({"query": "宜春 茶"}, ("b",)),
        ({"query": "100%"}, ()),
        ({"region": "360981"}, ("c",)),
        ({"region": "360900"}, ("a", "b", "c")),
    ],
)
def test_candidates_are_found_by_what_people_type(scene: Scene, filters, found) -> None:
    assert tuple(sorted(scene.candidates(**filters))) == found


def test_candidates_already_handed_out_are_asked_for(scene: Scene) -> None:
    scene.assign("a")
    assert set(scene.candidates()) == {"b", "c"}
    assert set(scene.candidates(include_assigned=True)) == {"a", "b", "c"}


def test_lists_are_by_state_and_type(scene: Scene) -> None:
    done, left = scene.assign("a", "b").ids
    begin_visit(scene.place, done, status=InspectionStatus.FINALISED)
    by_state = {
        state: assigning.assignment_ids(scene.place, state=state, order="name")
        for state in ("open", "done", "all")
    }
    assert by_state == {"open": (left,), "done": (done,), "all": (done, left)}
    assert assigning.assignment_ids(scene.place, inspection_type=InspectionType.MS_ORG) == ()


def test_an_inspector_s_device_lists_its_own(scene: Scene, laptop: Workplace) -> None:
    assert assigning.assignment_ids(laptop) == ()
    scene.assign("a")
    assert len(assigning.assignment_ids(scene.place, order="region")) == 1


def test_flags_say_what_to_look_at(scene: Scene) -> None:
    (assignment,) = scene.assign("a").ids
    begin_visit(scene.place, assignment)
    with scene.place.write("test.flags") as work:
        work.session.get(Organization, "a").code_state = "bad"
        work.session.get(Certificate, ("a", "2026010705A")).status = CertificateStatus.SUSPENDED
        work.session.add(
            RectificationOrder(
                inspection_id="visit", key="1", status=OrderStatus.DELIVERED, subject_name="x", at_once=True,
                subject_kind=SubjectKind.ORGANIZATION, drafted_on=date(2026, 8, 1),
            )
        )  # fmt: skip
        work.commit()
    (row,) = assigning.assignment_rows(scene.place, (assignment,))
    assert row.flags == ("certificate_suspended", "order_open", "code_bad")


def begin_visit(
    place: Workplace, assignment_id: str, status: InspectionStatus = InspectionStatus.IN_PROGRESS
) -> None:
    with place.write("test.visit") as work:
        work.session.add(
            Inspection(
                id="visit", assignment_id=assignment_id, organization_id="a", status=status, subject_name="x",
                inspection_type=InspectionType.CCC_PRODUCER, checklist_id="x", checklist_version="1",
                started_at=datetime(2026, 8, 1, tzinfo=UTC),
            )
        )  # fmt: skip
        work.commit()
