"""Today: what is under way comes first, nothing at all says where to begin."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.people import Person
from app.models.registry import Certificate, Organization
from app.services import assigning, inspecting, planning
from app.ui.jobs import Jobs
from app.ui.screens import Desk
from app.ui.theme import Theme
from app.ui.today.lines import data_text
from app.ui.today.screen import LineRow, TodayScreen
from app.vocabulary import CertificateStatus, InspectionType, Scheme, TaskSource

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
    (action,) = screen.screen_actions()
    with qtbot.waitSignal(screen.open_requested) as asked:
        action.trigger()
    assert asked.args == ["visit", {"assignment_id": target}]


def test_a_running_visit_goes_before_new_targets(target, laptop, screen, qtbot):
    visit = inspecting.start(laptop, duties=inspecting.Duties(TaskSource.SPECIAL), assignment_id=target).id
    read(screen, qtbot)
    (action,) = screen.screen_actions()
    assert action.text == "继续上次检查"
    with qtbot.waitSignal(screen.open_requested) as asked:
        action.trigger()
    assert asked.args == ["visit", {"inspection_id": visit}]


def test_old_certificate_data_is_pointed_out(target, screen, qtbot):
    read(screen, qtbot)
    assert data_text(screen._agenda) == ("名录数据截至 2026-07-01，已 42 天", "attention")
