"""Plans and tasks: what is required, done and left, from real rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.errors import BadInput
from app.models.inspection import Inspection
from app.models.registry import Certificate, Organization
from app.models.revisions import RecordState
from app.services import planning
from app.services.workplace import Workplace
from app.vocabulary import CertificateStatus, InspectionStatus, InspectionType, Scheme


def add_organizations(place: Workplace, count: int, scheme: Scheme, *, region: str = "360902") -> list[str]:
    """``count`` organizations with one valid certificate each."""
    ids = [f"{scheme}-{region}-{number}" for number in range(count)]
    with place.write("test.registry") as work:
        for each in ids:
            work.session.add(Organization(id=each, name=f"企业 {each}", region=region))
            work.session.add(
                Certificate(
                    organization_id=each, number=f"N-{each}", scheme=scheme, status=CertificateStatus.VALID
                )
            )
        work.commit()
    return ids


def add_inspection(place: Workplace, organization_id: str, task: tuple[str, str], **values: object) -> str:
    """A visit of a task, finalised unless said otherwise."""
    inspection_id = f"visit-{organization_id}-{len(values)}"
    row = {
        "inspection_type": InspectionType.ORGANIC_ORG, "checklist_id": "x", "checklist_version": "1",
        "status": InspectionStatus.FINALISED, "subject_name": "x", "started_at": datetime(2026, 8, 1, tzinfo=UTC),
        **values,
    }  # fmt: skip
    with place.write("test.visit") as work:
        work.session.add(
            Inspection(
                id=inspection_id, organization_id=organization_id, plan_id=task[0], task_key=task[1], **row
            )
        )
        work.commit()
    return inspection_id


def one_task(place: Workplace, **values: object) -> tuple[str, str]:
    plan_id = planning.add_plan(
        place, title="2026 年认证专项监督检查", year=2026, document="赣市监办认监〔2026〕4号"
    ).id
    asked = {"title": "有机", "inspection_type": InspectionType.ORGANIC_ORG, **values}
    return plan_id, planning.add_task(place, plan_id=plan_id, **asked).key


@pytest.mark.parametrize(
    "asked,required",
    [
        ({"required_count": 3}, 3),
        ({"required_permille": 500}, 4),  # half of seven, rounded up
        ({"required_permille": 1000}, 7),
        ({"required_count": 5, "required_permille": 100}, 5),
        ({}, 0),
    ],
)
def test_required_comes_from_a_count_or_a_share_of_the_scope(office: Workplace, asked, required) -> None:
    add_organizations(office, 7, Scheme.ORGANIC)
    add_organizations(office, 4, Scheme.CCC)
    plan_id, _ = one_task(office, **asked)
    (row,) = planning.task_rows(office, plan_id=plan_id)
    assert (row.base, row.required, row.done, row.remaining) == (7, required, 0, required)


def test_the_scope_ends_at_the_region(office: Workplace) -> None:
    add_organizations(office, 2, Scheme.ORGANIC, region="360902")
    add_organizations(office, 3, Scheme.ORGANIC, region="360981")
    add_organizations(office, 1, Scheme.ORGANIC, region="310101")
    bases = []
    for region in ("", "360000", "360900", "360981"):
        plan_id, _ = one_task(office, region=region)
        bases.append(planning.task_rows(office, plan_id=plan_id)[0].base)
    assert bases == [6, 5, 5, 3]


def test_certificates_that_ended_leave_the_scope(office: Workplace) -> None:
    first, second, third = add_organizations(office, 3, Scheme.ORGANIC)
    with office.write("test.status") as work:
        for each, status in ((first, CertificateStatus.WITHDRAWN), (second, CertificateStatus.SUSPENDED)):
            work.session.get(Certificate, (each, f"N-{each}")).status = status
        work.commit()
    plan_id, _ = one_task(office)
    assert planning.task_rows(office, plan_id=plan_id)[0].base == 2
    assert third


def test_only_finalised_inspections_without_conflict_are_done(office: Workplace) -> None:
    organizations = add_organizations(office, 5, Scheme.ORGANIC)
    task = one_task(office, required_count=3)
    add_inspection(office, organizations[0], task)
    add_inspection(office, organizations[0], task, office="again")  # a second visit to the same one
    add_inspection(office, organizations[1], task, status=InspectionStatus.IN_PROGRESS)
    add_inspection(office, organizations[2], task, status=InspectionStatus.APPROVED)
    disputed = add_inspection(office, organizations[3], task)
    with office.write("test.conflict") as work:
        work.session.add(
            RecordState(record_kind="inspection", record_id=disputed, heads="[]", in_conflict=True)
        )
        work.commit()
    (row,) = planning.task_rows(office, plan_id=task[0])
    assert (row.done, row.remaining) == (2, 1)
    (plan,) = planning.plan_rows(office)
    assert (plan.tasks, plan.required, plan.done) == (1, 3, 2)


def test_tasks_keep_their_order_and_take_the_plan_s_document(office: Workplace) -> None:
    plan_id, _ = one_task(office)
    planning.add_task(
        office,
        plan_id=plan_id,
        title="CCC",
        inspection_type=InspectionType.CCC_PRODUCER,
        document="另一份通知",
    )
    rows = planning.task_rows(office, plan_id=plan_id)
    assert [(row.title, row.document) for row in rows] == [
        ("有机", "赣市监办认监〔2026〕4号"),
        ("CCC", "另一份通知"),
    ]


def test_an_own_deadline_after_the_superior_one_is_remarked(office: Workplace) -> None:
    plan_id = planning.add_plan(office, title="计划", year=2026).id
    added = planning.add_task(
        office,
        plan_id=plan_id,
        title="任务",
        inspection_type=InspectionType.MS_ORG,
        own_deadline=date(2026, 10, 31),
        superior_deadline=date(2026, 10, 14),
    )
    assert [problem.code for problem in added.problems] == ["planning.own_after_superior"]


@pytest.mark.parametrize(
    "values,code",
    [
        ({"plan_id": "nowhere"}, "assigning.unknown_plan"),
        ({"title": " "}, "assigning.no_title"),
        ({"required_permille": 1001}, "planning.bad_quota"),
    ],
)
def test_wrong_tasks_are_refused_and_nothing_is_written(office: Workplace, values, code) -> None:
    plan_id = planning.add_plan(office, title="计划", year=2026).id
    asked = {"plan_id": plan_id, "title": "任务", "inspection_type": InspectionType.MS_ORG, **values}
    with pytest.raises(BadInput) as refused:
        planning.add_task(office, **asked)
    assert refused.value.problem.code == code
    assert planning.task_rows(office, plan_id=plan_id) == ()


HEADINGS = ("序号", "任务", "检查类型", "范围", "数量或比例", "本级期限", "上级期限", "来源文件")
ROWS = (
    (1, "强制性产品认证监督检查", "强制性产品认证", "辖区获证企业", 12, "2026-08-19", "2026-08-31", "宜市市监认发〔2026〕3号"),
    (2, "富硒产品认证监督检查", "富硒产品认证", "辖区获证组织", "50%", "2026-09-16", "2026-09-30", "宜市市监认发〔2026〕3号"),
    (3, "电梯检查", "特种设备使用单位", "辖区电梯", 2, "2026-10-14", "2026-10-31", ""),
)  # fmt: skip


def plan_file(folder: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    page = book.active
    page.append(("2026 年度认证监管检查计划表",))
    page.append(HEADINGS)
    for row in rows:
        page.append(row)
    book.save(folder / "plan.xlsx")
    return folder / "plan.xlsx"


def test_a_plan_file_becomes_tasks_and_names_what_is_not_done_here(office: Workplace, tmp_path: Path) -> None:
    read = planning.import_plan(office, path=plan_file(tmp_path, *ROWS))
    assert (read.added, read.updated, read.unchanged) == (2, 0, 0)
    assert [(each.code, each.where.row, each.taken) for each in read.problems] == [
        ("intake.unknown_inspection_type", 5, False)
    ]
    (plan,) = planning.plan_rows(office)
    assert (plan.title, plan.year, plan.tasks) == ("2026 年度认证监管检查计划表", 2026, 2)
    first, second = planning.task_rows(office, plan_id=read.plan_id)
    assert (first.required, first.own_deadline, first.superior_deadline) == (
        12, date(2026, 8, 19), date(2026, 8, 31),
    )  # fmt: skip
    assert (second.inspection_type, second.required, second.document) == (
        InspectionType.SELENIUM_ORG, 0, "宜市市监认发〔2026〕3号",
    )  # fmt: skip


def test_importing_a_plan_again_changes_only_what_changed(office: Workplace, tmp_path: Path) -> None:
    first = planning.import_plan(office, path=plan_file(tmp_path, *ROWS[:2]))
    again = planning.import_plan(office, path=plan_file(tmp_path, *ROWS[:2]))
    assert (again.plan_id, again.added, again.updated, again.unchanged) == (first.plan_id, 0, 0, 2)
    later = planning.import_plan(office, path=plan_file(tmp_path, (*ROWS[0][:4], 15, *ROWS[0][5:]), ROWS[1]))
    assert (later.added, later.updated, later.unchanged) == (0, 1, 1)
    assert [row.required for row in planning.task_rows(office, plan_id=first.plan_id)] == [15, 0]
