"""Today: what is under way comes first, nothing at all says where to begin."""

from __future__ import annotations

from datetime import date

import pytest
from icalendar import Calendar
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.people import Person
from app.models.registry import Certificate, Organization
from app.services import assigning, enforcing, inspecting, planning
from app.ui.jobs import Jobs
from app.ui.screens import Desk
from app.ui.theme import Theme
from app.ui.today.lines import data_text
from app.ui.today.screen import LineRow, TodayScreen
from app.ui.widgets import Card
from app.vocabulary import CertificateStatus, DeliveryMethod, InspectionType, Scheme, TaskSource, Verdict
from tests.ui.desks import Answers, finished_visit

TEAM = ("赣C36090001", "赣C36090002")


@pytest.fixture
def target(laptop):
    """One target, due in a week."""
    with laptop.write("test.scene") as work:
        work.session.add(Organization(id="a", name="宜春华鑫电器有限公司", region="360902"))
        work.session.add(Person(id="two", name="易晓燕", credential=TEAM[1]))
        work.session.flush()
        work.session.add(
            Certificate(
                organization_id="a", number="1", scheme=Scheme.CCC, status=CertificateStatus.VALID,
                as_of=date(2026, 7, 1),
            )
        )  # fmt: skip
        work.commit()
    plan = planning.add_plan(laptop, title="专项", year=2026).id
    task = planning.add_task(
        laptop, plan_id=plan, title="CCC", inspection_type=InspectionType.CCC_PRODUCER,
        own_deadline=date(2026, 8, 19), superior_deadline=date(2027, 1, 31),
    ).key  # fmt: skip
    return assigning.assign(
        laptop, plan_id=plan, task_key=task, organization_ids=("a",), officers=TEAM, lead=TEAM[0],
        device_id=laptop.device_id,
    ).ids[0]  # fmt: skip


@pytest.fixture
def screen(qtbot, qapp, laptop):
    desk = Desk(laptop, Jobs(), Theme.install(qapp, "light"))
    made = TodayScreen(desk)
    qtbot.addWidget(made)
    made.show()
    yield made
    desk.jobs.shutdown()


def read(screen, qtbot) -> list[str]:
    """Refresh and give what the lines say."""
    with qtbot.waitSignal(screen.header_changed):
        screen.refresh(None)
    return [row.accessibleName() for row in screen.findChildren(LineRow) if not row.isHidden()]


def test_nothing_to_do_says_where_to_begin(screen, qtbot):
    assert read(screen, qtbot) == []
    assert screen.empty.isVisible()
    with qtbot.waitSignal(screen.open_requested) as asked:
        QTest.mouseClick(screen.empty.button, Qt.MouseButton.LeftButton)
    assert asked.args[0] == "handover"


def test_a_due_target_is_begun_by_one_key(target, screen, qtbot):
    (line,) = read(screen, qtbot)
    assert "期限 2026-08-19 周三（上级 2027-01-31）" in line
    assert "还有 7 天" in line
    action = screen.screen_actions()[-1]
    assert (action.text, action.primary) == ("开始下一家", True)
    with qtbot.waitSignal(screen.open_requested) as asked:
        action.trigger()
    assert asked.args == ["visit", {"assignment_id": target}]


def test_a_running_visit_goes_before_new_targets(target, laptop, screen, qtbot):
    visit = inspecting.start(laptop, duties=inspecting.Duties(TaskSource.SPECIAL), assignment_id=target).id
    read(screen, qtbot)
    action = screen.screen_actions()[-1]
    assert action.text == "继续上次检查"
    with qtbot.waitSignal(screen.open_requested) as asked:
        action.trigger()
    assert asked.args == ["visit", {"inspection_id": visit}]


def test_old_certificate_data_is_pointed_out(target, screen, qtbot):
    read(screen, qtbot)
    assert data_text(screen._agenda) == ("名录数据截至 2026-07-01，已 42 天", "attention")


def test_a_visit_under_way_is_not_listed_as_due_too(target, laptop, screen, qtbot):
    inspecting.start(laptop, duties=inspecting.Duties(TaskSource.SPECIAL), assignment_id=target)
    [running] = read(screen, qtbot)
    assert "检查中" in running
    assert headings(screen) == ["进行中的检查", "处置期限", "其他待检查"]


def test_the_next_visit_says_where_to_go(target, laptop, screen, qtbot):
    with laptop.write("test.address") as work:
        work.session.get_one(Organization, "a").address = "彬江镇工业园 1 号"
        work.commit()
    [line] = read(screen, qtbot)
    assert "彬江镇工业园 1 号" in line
    assert headings(screen) == ["下一家", "处置期限"], "nothing is under way: targets come first"


def test_overdue_orders_stand_in_front_and_lead_to_their_card(laptop, screen, qtbot, clock, target):
    visit, key = ordered(laptop, target)
    clock.move(days=30)
    lines = read(screen, qtbot)
    [order] = [line for line in lines if "复查" in line]
    assert "逾期 12 个工作日" in order
    assert screen.counted.text() == "逾期 1"
    row = next(row for row in screen.findChildren(LineRow) if row.accessibleName() == order)
    with qtbot.waitSignal(screen.open_requested) as asked:
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert asked.args == ["enforcement", {"inspection_id": visit, "card": f"order:{key}"}]


def test_what_ends_today_is_counted(laptop, screen, qtbot, clock, target):
    clock.move(days=7)
    read(screen, qtbot)
    assert screen.counted.text() == "今天到期 1"


def test_without_anything_due_nothing_is_counted(target, screen, qtbot):
    read(screen, qtbot)
    assert not screen.counted.isVisible()


def test_what_was_not_handed_over_is_counted_with_the_way_there(laptop, screen, qtbot):
    finished_visit(laptop)
    read(screen, qtbot)
    assert screen.unsent.text() == "1 条记录没有交接"
    with qtbot.waitSignal(screen.open_requested) as asked:
        QTest.mouseClick(screen.handover, Qt.MouseButton.LeftButton)
    assert asked.args[0] == "handover"


def test_a_clock_that_went_back_is_said_first(laptop, screen, qtbot, clock, target):
    clock.move(days=-1)
    read(screen, qtbot)
    assert screen.clock.isVisible()
    assert "设备时钟倒退" in screen.clock.text()
    clock.move(days=1)
    read(screen, qtbot)
    assert not screen.clock.isVisible()


def test_the_deadlines_go_out_as_a_calendar(target, screen, qtbot, tmp_path):
    read(screen, qtbot)
    action = screen.screen_actions()[0]
    assert (action.text, action.shortcut) == ("导出日历", "Ctrl+Shift+K")
    screen._chooser = Answers(tmp_path)
    with qtbot.waitSignal(screen.notice_given) as told:
        action.trigger()
    assert told.args == ["已导出 1 个期限：认证查验期限-20260812.ics"]
    [event] = Calendar.from_ical((tmp_path / "认证查验期限-20260812.ics").read_bytes()).walk("VEVENT")
    assert str(event["SUMMARY"]) == "检查到期：宜春华鑫电器有限公司"


def test_thinking_better_of_the_calendar_writes_nothing(target, screen, qtbot, tmp_path):
    read(screen, qtbot)
    screen._chooser = Answers()
    screen.export_calendar()
    assert not screen._desk.jobs.is_busy()


def test_a_calendar_that_cannot_be_written_is_said(target, screen, qtbot, tmp_path):
    read(screen, qtbot)
    screen._chooser = Answers(tmp_path / "none")
    with qtbot.waitSignal(screen.problem_found) as told:
        screen.export_calendar()
    assert told.args[0].problem.code.startswith("disk.")


def headings(screen) -> list[str]:
    """The cards as they stand, left before right."""
    columns = (screen._left, screen._right)
    cards = [column.itemAt(place).widget() for column in columns for place in range(column.count())]
    return [card.heading.text() for card in cards if isinstance(card, Card)]


def ordered(place, target) -> tuple[str, str]:
    """A visit with an order of ten working days, delivered; returns both keys."""
    visit = inspecting.start(place, duties=inspecting.Duties(TaskSource.SPECIAL), assignment_id=target).id
    where = {"inspection_id": visit}
    inspecting.answer(place, **where, item="3.1", verdict=Verdict.NONCONFORMING)
    inspecting.write_note(place, **where, item="3.1", note="不一致")
    terms = enforcing.OrderTerms("停止使用", working_days=10, confirmed_by="彭建华")
    key = enforcing.draft_order(place, **where, finding_keys=("item:3.1",), terms=terms).key
    enforcing.issue_order(place, **where, key=key, number="17")
    enforcing.deliver_order(
        place, **where, key=key, on=place.today(), method=DeliveryMethod.DIRECT, received_by="王伟"
    )
    return visit, key
