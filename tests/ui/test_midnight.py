"""Lists held over midnight show the new day, whether the computer was awake or asleep."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.midnight import LOOK_EVERY, DayWatch
from app.ui.screen import ScreenSpec
from app.ui.screens import Desk
from app.ui.shell import Shell
from app.ui.slots import calling
from app.ui.targets.screen import TargetsScreen
from app.ui.theme import Theme
from app.ui.today.screen import TodayScreen
from tests.conftest import FakeClock
from tests.ui.visit.conftest import given_target

EVENING = datetime(2026, 8, 19, 15, 59, 50, tzinfo=UTC)
"""Ten seconds before midnight in China, on the last day of the target's deadline."""


@pytest.fixture
def shell(qtbot, qapp, laptop: Workplace, clock: FakeClock):
    given_target(laptop)
    clock.moment = EVENING
    desk = Desk(laptop, Jobs(), Theme.install(qapp, "light"))
    specs = [
        ScreenSpec("targets", "检查对象", "targets", lambda: TargetsScreen(desk)),
        ScreenSpec("today", "今日", "today", lambda: TodayScreen(desk)),
    ]
    made = Shell("认证查验", ("局", "人"), specs)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.built("targets").count.text() != "")
    yield made
    desk.jobs.shutdown()


@pytest.fixture
def watch(shell: Shell, laptop: Workplace, qapp) -> DayWatch:
    """As the session sets it up."""
    found = DayWatch(laptop.today, shell)
    found.follow(qapp)
    found.turned.connect(calling(shell.broadcast, None))
    return found


def choose(field, beginning: str) -> None:
    field.setFocus()
    while not field.currentText().startswith(beginning):
        QTest.keyClick(field, Qt.Key.Key_Down)


def test_a_list_of_what_is_overdue_fills_at_midnight(shell, watch, clock, qtbot):
    targets = shell.built("targets")
    choose(targets.filters.deadline, "已逾期")
    qtbot.waitUntil(targets.empty.isVisible)
    watch.look()
    assert targets.empty.isVisible()
    clock.move(seconds=20)
    watch.look()
    qtbot.waitUntil(lambda: targets.count.text() == "共 1 家" and targets.table.isVisible())
    assert targets.filters.deadline.currentText().startswith("已逾期")
    column = next(each for each in targets.table.rows.columns if each.title == "期限")
    assert column.tone(targets.table.current_row()) == "bad"


def test_the_day_is_looked_at_by_itself_and_only_its_change_is_told(qapp, clock, laptop, qtbot):
    clock.moment = EVENING
    watch = DayWatch(laptop.today, qapp)
    try:
        assert watch._timer.interval() == LOOK_EVERY
        watch._timer.setInterval(1)
        with qtbot.assertNotEmitted(watch.turned, wait=30):
            clock.move(seconds=5)
        with qtbot.waitSignal(watch.turned):
            clock.move(seconds=6)
        with qtbot.assertNotEmitted(watch.turned, wait=30):
            clock.move(hours=5)
    finally:
        watch.setParent(None)
        watch.deleteLater()


def test_after_a_sleep_coming_back_to_the_window_is_enough(shell, watch, clock, qtbot):
    shell.open("today")
    shown = shell.title_bar.findChild(QWidget, "page_context")
    assert shown.text().startswith("2026-08-19")
    clock.move(days=3)
    QApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: shown.text().startswith("2026-08-22"))
