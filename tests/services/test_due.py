"""What is due, the overdue in front; and the same deadlines as a calendar, read back by a parser."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from app.errors import EnvironmentFault
from app.models.base import new_id
from app.models.planning import Assignment
from app.services import assigning, casework, enforcing, inspecting
from app.services.calendar import export_calendar, uid_of
from app.services.casework import Lead
from app.services.due import Due, due_rows, target_days
from app.services.enforcing import OrderTerms
from app.services.workplace import Workplace
from app.vocabulary import DeliveryMethod, FollowUpResult, InspectionType, Verdict
from tests.conftest import FakeClock
from tests.services.conftest import DUTIES, Visit, add_target

NAME = "宜春袁州恒𬭎电器有限公司"


@pytest.fixture
def ordered(visit: Visit) -> tuple[Visit, str]:
    """A visit with an order of ten working days, delivered."""
    place, where = visit.place, {"inspection_id": visit.id}
    inspecting.answer(place, **where, item="3.1", verdict=Verdict.NONCONFORMING)
    inspecting.write_note(place, **where, item="3.1", note="实物与证书附件不一致")
    key = enforcing.draft_order(
        place, **where, finding_keys=("item:3.1",),
        terms=OrderTerms("停止使用", working_days=10, confirmed_by="彭建华"),
    ).key  # fmt: skip
    enforcing.issue_order(place, **where, key=key, number="袁市监责改〔2026〕17号")
    enforcing.deliver_order(
        place, **where, key=key, on=place.today(), method=DeliveryMethod.DIRECT, received_by="王伟"
    )
    return visit, key


def follow_up(visit: Visit, key: str, result: FollowUpResult, until: date | None = None) -> None:
    enforcing.follow_up(
        visit.place, inspection_id=visit.id, order_key=key, on=visit.place.today(), result=result,
        note="看过", new_due_on=until,
    )  # fmt: skip


def read(path: Path) -> dict[str, Event]:
    """The events of a calendar file by their UIDs."""
    calendar = Calendar.from_ical(path.read_bytes())
    events = [each for each in calendar.walk("VEVENT") if isinstance(each, Event)]
    found = {str(each["UID"]): each for each in events}
    assert len(found) == len(events), "two events of one UID"
    return found


def kinds(place: Workplace) -> list[tuple[str, date]]:
    return [(row.kind, row.on) for row in due_rows(place)]


def test_a_target_is_due_until_it_is_begun(laptop: Workplace) -> None:
    assignment = add_target(laptop)
    [row] = due_rows(laptop)
    assert (row.kind, row.record, row.on, row.working_days_left) == (
        "target", assignment, date(2026, 8, 19), 5,
    )  # fmt: skip
    assert target_days(laptop) == {date(2026, 8, 19): 1}
    inspecting.start(laptop, duties=DUTIES, assignment_id=assignment)
    assert due_rows(laptop) == ()
    assert not target_days(laptop)


def test_targets_without_a_day_of_their_own_are_due_when_the_office_above_says(office: Workplace) -> None:
    days: tuple[tuple[date | None, date | None], ...] = (
        (date(2026, 8, 19), date(2026, 9, 30)),
        (None, date(2026, 9, 30)),
        (date(2026, 9, 30), None),
        (None, None),
    )
    for own, superior in days:
        assignment = add_target(office)
        with office.write("test.hand") as work:
            row = work.session.get_one(Assignment, assignment)
            row.due_on, row.superior_due_on = own, superior
            work.commit()
    assert [row.on for row in due_rows(office)] == [date(2026, 8, 19), date(2026, 9, 30), date(2026, 9, 30)]
    assert target_days(office) == {date(2026, 8, 19): 1, date(2026, 9, 30): 2}


def test_a_target_of_another_device_is_not_due_here(laptop: Workplace, office: Workplace) -> None:
    for place in (laptop, office):
        assignment = add_target(place)
        with place.write("test.hand") as work:
            work.session.get_one(Assignment, assignment).device_id = "elsewhere"
            work.commit()
    assert due_rows(laptop) == ()
    assert len(due_rows(office)) == 1, "an office sees everybody's"


def test_a_delivered_order_waits_for_its_re_inspection(ordered: tuple[Visit, str]) -> None:
    visit, key = ordered
    [row] = due_rows(visit.place)
    assert (row.kind, row.key, row.number) == ("follow_up", key, "袁市监责改〔2026〕17号")
    assert (row.on, row.working_days_left, row.overdue) == (date(2026, 8, 26), 10, False)


def test_what_is_overdue_stands_in_front_with_its_working_days(
    ordered: tuple[Visit, str], clock: FakeClock
) -> None:
    visit, _ = ordered
    clock.move(days=21)
    add_target(visit.place, "另一家")
    with visit.place.write("test.later") as work:
        for task in work.session.query(Assignment).filter_by(organization_id=None):
            work.session.delete(task)
        work.commit()
    first, second = due_rows(visit.place)
    assert (first.kind, first.overdue) == ("target", True)
    assert (second.kind, second.on, second.working_days_left) == ("follow_up", date(2026, 8, 26), -5)


def test_an_order_at_once_is_due_on_the_day_it_was_handed_over(visit: Visit) -> None:
    place, where = visit.place, {"inspection_id": visit.id}
    inspecting.answer(place, **where, item="3.1", verdict=Verdict.NONCONFORMING)
    terms = OrderTerms("停止使用", at_once=True, confirmed_by="彭建华")
    key = enforcing.draft_order(place, **where, finding_keys=("item:3.1",), terms=terms).key
    assert due_rows(place) == (), "a draft at once has no day"
    enforcing.issue_order(place, **where, key=key, number="18")
    assert kinds(place) == [("order", place.today())]


def test_a_lead_and_a_case_run_by_their_statutory_periods(visit: Visit) -> None:
    place, where = visit.place, {"inspection_id": visit.id}
    key = casework.note_lead(place, **where, lead=Lead("3", "出厂 2 批")).key
    assert kinds(place) == [("lead", date(2026, 9, 2))], "15 working days"
    casework.verify_lead(place, **where, key=key, on=place.today())
    assert kinds(place) == [("lead", date(2026, 9, 2))], "whether to file is still open"
    casework.file_case(place, **where, key=key, number="9", on=place.today())
    assert kinds(place) == [("case", date(2026, 11, 10))], "90 days"
    casework.decide_case(place, **where, key=key, on=place.today(), confiscated=0, fine=0)
    assert due_rows(place) == ()


@pytest.mark.parametrize("result", [FollowUpResult.PASSED, FollowUpResult.FAILED])
def test_a_followed_up_order_is_due_no_more(ordered: tuple[Visit, str], result: FollowUpResult) -> None:
    follow_up(*ordered, result)
    assert due_rows(ordered[0].place) == ()


def test_a_calendar_holds_each_deadline_as_a_day_with_a_reminder(
    ordered: tuple[Visit, str], tmp_path: Path
) -> None:
    place = ordered[0].place
    written = export_calendar(place, out=tmp_path / "期限.ics")
    assert (written.events, written.overdue) == (1, 0)
    [row] = due_rows(place)
    event = read(written.file)[uid_of(row)]
    assert str(event["SUMMARY"]) == f"整改复查：{NAME}"
    assert event.start == date(2026, 8, 26)
    assert event.end == date(2026, 8, 27)
    assert "袁市监责改〔2026〕17号" in str(event["DESCRIPTION"])
    [alarm] = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-15)


def test_lines_are_folded_as_the_standard_wants(ordered: tuple[Visit, str], tmp_path: Path) -> None:
    name = "宜春市袁州区彬江机电产业基地恒𬭎智能家用电器制造（集团）股份有限责任公司"
    add_target(ordered[0].place, name)
    path = export_calendar(ordered[0].place, out=tmp_path / "a.ics").file
    data = path.read_bytes()
    lines = data.split(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines), "nothing was long enough to prove it"
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert f"检查到期：{name}" in {str(each["SUMMARY"]) for each in read(path).values()}


def test_nothing_about_persons_leaves_with_the_calendar(ordered: tuple[Visit, str], tmp_path: Path) -> None:
    visit, _ = ordered
    casework.note_lead(visit.place, inspection_id=visit.id, lead=Lead("3", "出厂 2 批，当事人王伟"))
    export_calendar(visit.place, out=tmp_path / "a.ics")
    text = str(Calendar.from_ical((tmp_path / "a.ics").read_bytes()).to_ical(), "utf8").replace("\r\n ", "")
    header = visit.sheet().header
    private = ["王伟", "彭建华", "易晓燕", "赣C36090001", header.subject_phone, header.subject_address]
    assert [word for word in (*private, "不一致", "出厂", header.subject_code) if word in text] == []


def test_a_second_export_brings_the_first_up_to_date(
    ordered: tuple[Visit, str], tmp_path: Path, clock: FakeClock
) -> None:
    visit, key = ordered
    [row] = due_rows(visit.place)
    first = read(export_calendar(visit.place, out=tmp_path / "1.ics").file)
    clock.move(days=7)
    follow_up(visit, key, FollowUpResult.EXTENDED, date(2026, 10, 9))
    second = read(export_calendar(visit.place, out=tmp_path / "2.ics").file)
    assert first.keys() == second.keys()
    assert second[uid_of(row)].start == date(2026, 10, 9)
    assert second[uid_of(row)]["SEQUENCE"] > first[uid_of(row)]["SEQUENCE"]
    clock.move(days=1)
    follow_up(visit, key, FollowUpResult.PASSED)
    written = export_calendar(visit.place, out=tmp_path / "2.ics")
    assert (written.events, written.cancelled) == (0, 2), "the order, and the target that was begun"
    third = read(written.file)
    assert str(third[uid_of(row)]["STATUS"]) == "CANCELLED"
    assert third[uid_of(row)]["SEQUENCE"] > second[uid_of(row)]["SEQUENCE"]


def test_a_target_that_was_begun_or_taken_back_is_cancelled(
    laptop: Workplace, tmp_path: Path, clock: FakeClock
) -> None:
    begun, taken = add_target(laptop, "甲"), new_id()
    with laptop.write("test.second") as work:
        task = work.session.get_one(Assignment, begun)
        work.session.add(
            Assignment(
                id=taken, plan_id="p", task_key="u", organization_id=task.organization_id,
                inspection_type=InspectionType.MS_ORG, device_id=laptop.device_id, due_on=date(2026, 9, 1),
                assigned_at=laptop.now(),
            )
        )  # fmt: skip
        work.commit()
    before = read(export_calendar(laptop, out=tmp_path / "a.ics").file)
    assert len(before) == 2
    inspecting.start(laptop, duties=DUTIES, assignment_id=begun)
    assigning.cancel(laptop, assignment_id=taken)
    after = read(export_calendar(laptop, out=tmp_path / "a.ics").file)
    assert after.keys() == before.keys()
    assert {str(each["STATUS"]) for each in after.values()} == {"CANCELLED"}


def test_an_old_settled_deadline_is_left_alone(
    ordered: tuple[Visit, str], tmp_path: Path, clock: FakeClock
) -> None:
    follow_up(*ordered, FollowUpResult.PASSED)
    clock.move(days=500)
    written = export_calendar(ordered[0].place, out=tmp_path / "a.ics")
    assert (written.events, written.cancelled) == (0, 0)


def test_the_uid_is_the_same_wherever_the_record_is() -> None:
    same = {"number": "", "on": date(2026, 8, 1), "overdue": False, "working_days_left": 1, "certain": True}
    drafted = Due("order", "r", "k", "甲", inspection_type=InspectionType.MS_ORG, **same)
    delivered = Due("follow_up", "r", "k", "乙", inspection_type=InspectionType.MS_ORG, **same)
    assert uid_of(drafted) == uid_of(delivered)
    assert uid_of(drafted) != uid_of(
        Due("lead", "r", "k", "甲", inspection_type=InspectionType.MS_ORG, **same)
    )
    assert uid_of(drafted).endswith("@chayan")


def test_a_folder_that_is_not_there_is_said(laptop: Workplace, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault):
        export_calendar(laptop, out=tmp_path / "none" / "a.ics")
