"""Who was at an enterprise this year: from this store, and from what the office wrote into the task."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.models.base import new_id
from app.models.inspection import Inspection, InspectionOfficer
from app.models.journal import HomeFact
from app.models.planning import Assignment, AssignmentOfficer
from app.services import assigning, handover, inspecting, sheets
from app.services.coverage import Coverage, coverage
from app.services.workplace import Workplace
from app.sync.ledger import ABOVE
from app.vocabulary import InspectionStatus, InspectionType
from tests.conftest import FakeClock
from tests.services.conftest import DUTIES, add_target
from tests.services.neighbours import Neighbours
from tests.services.parcels import ASSIGNMENT, ORG, introduce, make_task, make_visit, receive, send

CCC, MS = InspectionType.CCC_PRODUCER, InspectionType.MS_ORG
TEAM = ("彭建华", "易晓燕")
CITY = "宜春市市场监督管理局"


def organization_of(place: Workplace, assignment: str) -> str:
    with place.read() as session:
        return session.get_one(Assignment, assignment).organization_id


def add_visit(
    place: Workplace,
    organization: str,
    *officers: str,
    office: str = "袁州区市场监督管理局",
    kind: InspectionType = CCC,
    days_ago: int = 30,
) -> str:
    """Somebody's finished visit."""
    key = new_id()
    began = place.now() - timedelta(days=days_ago)
    with place.write("test.visit") as work:
        work.session.add(
            Inspection(
                id=key, organization_id=organization, inspection_type=kind, checklist_id="ccc",
                checklist_version="1", status=InspectionStatus.FINALISED, office=office,
                subject_name="企业", started_at=began, finalised_at=began,
            )
        )  # fmt: skip
        for number, name in enumerate(officers):
            work.session.add(
                InspectionOfficer(inspection_id=key, credential=f"赣C{number}{key[:6]}", name=name)
            )
        work.commit()
    return key


def asked(place: Workplace, assignment: str, kind: InspectionType = CCC) -> Coverage:
    organization = organization_of(place, assignment)
    return coverage(place, organization_id=organization, inspection_type=kind, team=TEAM, but=(assignment,))


def raise_above(place: Workplace, office: str) -> None:
    """Let an office stand above this one."""
    with place.write("test.above") as work:
        work.session.merge(HomeFact(name=ABOVE, value=f'["{office}"]'))
        work.commit()


@pytest.fixture
def target(laptop: Workplace) -> str:
    return add_target(laptop)


def test_an_enterprise_nobody_was_at_is_covered_by_nobody(laptop: Workplace, target: str) -> None:
    assert asked(laptop, target) == Coverage(2026, (), (), ())


def test_every_visit_of_the_year_counts_and_earlier_years_do_not(laptop: Workplace, target: str) -> None:
    organization = organization_of(laptop, target)
    late = add_visit(laptop, organization, *TEAM, days_ago=10)
    early = add_visit(laptop, organization, *TEAM, kind=MS, days_ago=100)
    add_visit(laptop, organization, *TEAM, days_ago=300)
    found = asked(laptop, target)
    assert [each.key for each in found.visits] == [early, late]
    assert all(each.here for each in found.visits)
    assert found.overlaps == (), "the same team, or other content"


def test_another_team_with_the_same_content_is_warned_of(laptop: Workplace, target: str) -> None:
    key = add_visit(laptop, organization_of(laptop, target), "熊志强", "钟丽")
    [overlap] = asked(laptop, target).overlaps
    assert (overlap.by, overlap.visit.key, overlap.visit.officers) == ("other_team", key, ("熊志强", "钟丽"))
    assert asked(laptop, target, MS).overlaps == (), "other content"


def test_one_common_officer_makes_it_the_same_team(laptop: Workplace, target: str) -> None:
    add_visit(laptop, organization_of(laptop, target), "熊志强", "彭建华")
    assert asked(laptop, target).overlaps == ()


def test_an_office_above_weighs_most(laptop: Workplace, target: str) -> None:
    organization = organization_of(laptop, target)
    raise_above(laptop, CITY)
    add_visit(laptop, organization, "甲", "乙", days_ago=90)
    add_visit(laptop, organization, "丙", "丁", office="宜丰县市场监督管理局", days_ago=80)
    add_visit(laptop, organization, *TEAM, office=CITY, days_ago=5)
    assert [each.by for each in asked(laptop, target).overlaps] == ["above", "other_office", "other_team"]


def test_a_task_of_another_team_is_known_before_it_begins(laptop: Workplace, target: str) -> None:
    organization = organization_of(laptop, target)
    with laptop.write("test.task") as work:
        for key, cancelled in (("task", None), ("gone", laptop.now())):
            work.session.add(
                Assignment(
                    id=key, plan_id="q", task_key="t", organization_id=organization, inspection_type=CCC,
                    device_id="elsewhere", due_on=date(2026, 9, 30), assigned_at=laptop.now(),
                    cancelled_at=cancelled, document="赣市监〔2026〕9号",
                )
            )  # fmt: skip
            work.session.add(AssignmentOfficer(assignment_id=key, credential="赣C9", name="熊志强"))
        work.commit()
    found = asked(laptop, target)
    [planned] = found.planned
    assert (planned.key, planned.on, planned.document) == ("task", date(2026, 9, 30), "赣市监〔2026〕9号")
    assert [(each.by, each.visit.planned) for each in found.overlaps] == [("other_team", True)]


def test_a_task_under_way_is_told_once(laptop: Workplace, target: str) -> None:
    started = inspecting.start(laptop, duties=DUTIES, assignment_id=target)
    organization = organization_of(laptop, target)
    found = coverage(laptop, organization_id=organization)
    assert [each.key for each in found.visits] == [started.id]
    assert found.planned == ()


def test_what_the_office_knows_goes_out_with_the_task(
    office: Workplace, laptop: Workplace, tmp_path: Path, clock: FakeClock
) -> None:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    key = add_visit(office, ORG, "熊志强", "钟丽", office=CITY)
    receive(laptop, send(office, tmp_path, laptop.device_id))
    found = asked(laptop, ASSIGNMENT)
    [visit] = found.visits
    assert (visit.key, visit.office, visit.officers) == (key, CITY, ("熊志强", "钟丽"))
    assert not visit.here, "the record itself stays in the office"
    assert [each.by for each in found.overlaps] == ["other_team"]

    clock.move(minutes=1)
    with pytest.raises(Exception, match="nothing"):
        handover.export_package(office, out=tmp_path, to=laptop.device_id)


def test_a_visit_that_came_in_later_goes_out_once_more(
    office: Workplace, laptop: Workplace, tmp_path: Path, clock: FakeClock
) -> None:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    receive(laptop, send(office, tmp_path, laptop.device_id))
    assert asked(laptop, ASSIGNMENT).visits == ()
    clock.move(days=1)
    add_visit(office, ORG, "熊志强", "钟丽", office=CITY, days_ago=1)
    receive(laptop, send(office, tmp_path, laptop.device_id))
    assert len(asked(laptop, ASSIGNMENT).visits) == 1


def test_a_laptop_is_not_told_of_its_own_visits(
    office: Workplace, laptop: Workplace, tmp_path: Path, clock: FakeClock
) -> None:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    receive(laptop, send(office, tmp_path, laptop.device_id))
    make_visit(laptop)
    receive(office, send(laptop, tmp_path))
    clock.move(minutes=1)
    with pytest.raises(Exception, match="nothing"):
        handover.export_package(office, out=tmp_path, to=laptop.device_id)


def test_the_citys_visit_reaches_the_countys_laptop(neighbours: Neighbours) -> None:
    make_task(neighbours.county, neighbours.laptop.device_id)
    add_visit(neighbours.county, ORG, "黎国平", "曾志强", office=CITY)
    neighbours.give(neighbours.county, neighbours.laptop)
    overlaps = asked(neighbours.laptop, ASSIGNMENT).overlaps
    assert [each.by for each in overlaps] == ["above"]


def test_taking_a_task_back_takes_it_out_of_what_others_are_told(
    office: Workplace, laptop: Workplace, tmp_path: Path, clock: FakeClock
) -> None:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    with office.write("test.task") as work:
        work.session.add(
            Assignment(
                id="5" * 32, plan_id="q", task_key="t", organization_id=ORG, inspection_type=CCC,
                device_id="6" * 32, due_on=date(2026, 10, 9), assigned_at=office.now(),
            )
        )  # fmt: skip
        work.commit()
    receive(laptop, send(office, tmp_path, laptop.device_id))
    assert [each.on for each in asked(laptop, ASSIGNMENT).planned] == [date(2026, 10, 9)]
    clock.move(hours=1)
    assigning.cancel(office, assignment_id="5" * 32)
    receive(laptop, send(office, tmp_path, laptop.device_id))
    assert asked(laptop, ASSIGNMENT).planned == ()


def test_which_visit_of_the_year_it_is_counts_what_the_office_told(
    office: Workplace, laptop: Workplace, clock: FakeClock, tmp_path: Path
) -> None:
    """One visit of another team before, one task that nobody began, one of last year; then two here."""
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    add_visit(office, ORG, "王芳", office=CITY)
    add_visit(office, ORG, "王芳", office=CITY, days_ago=300)
    receive(laptop, send(office, tmp_path / "1.cyb", to=laptop.device_id))
    first = inspecting.start(laptop, duties=DUTIES, assignment_id=ASSIGNMENT).id
    clock.move(days=3)
    second = inspecting.start(
        laptop,
        duties=DUTIES,
        organization_id=ORG,
        inspection_type=MS,
        officers=("赣C36090001", "赣C36090002"),
    ).id
    years = [sheets.sheet(laptop, inspection_id=each).year for each in (first, second)]
    assert [(year.nth, year.total, year.told) for year in years] == [(2, 3, 1), (3, 3, 1)]
    # The office has the record of that visit itself: nothing is told, nothing is counted twice.
    receive(office, send(laptop, tmp_path / "2.cyb", drafts=True))
    there = sheets.sheet(office, inspection_id=second).year
    assert (there.nth, there.total, there.told) == (3, 3, 0)
