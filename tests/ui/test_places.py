"""Where somebody was is enough to stand there again: each screen that has a record to choose, in a new window."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app.models.registry import Organization
from app.services import papers
from app.services.workplace import Workplace
from app.ui.checklists.screen import ChecklistsScreen
from app.ui.enforcement.screen import DUE, EnforcementScreen
from app.ui.jobs import Jobs
from app.ui.paper.screen import PAUSE, PrintingScreen
from app.ui.scans.screen import ScansScreen
from app.ui.screen import Screen, ScreenSpec
from app.ui.screens import Desk
from app.ui.shell import Shell
from app.ui.tables.screen import TablesScreen
from app.ui.targets.screen import TargetsScreen
from app.vocabulary import PaperStatus
from tests.services.talks import put_form
from tests.ui.desks import Elsewhere, desk_of, finished_visit, found_visit, shell_of

Stand = Callable[[Screen], None]


@pytest.fixture
def desk(laptop: Workplace, jobs: Jobs) -> Desk:
    return desk_of(laptop, jobs)


@pytest.fixture
def window(desk: Desk, show, qtbot) -> Callable[[type[Screen]], Screen]:
    """The window of another start on one screen."""

    def start(kind: type[Screen]) -> Screen:
        shell = show(shell_of("here", lambda: kind(desk)))
        assert isinstance(shell, Shell)
        qtbot.waitUntil(lambda: not desk.jobs.is_busy())
        screen = shell.current()
        assert screen is not None
        return screen

    return start


def place_of(screen: Screen) -> dict[str, object]:
    """What the store would keep of it."""
    return json.loads(json.dumps(screen.where()))


def go_back(screen: Screen, where: dict[str, object], desk: Desk, qtbot) -> Shell:
    shell = screen.window()
    assert isinstance(shell, Shell)
    shell.open("here", **where)
    qtbot.waitUntil(lambda: not desk.jobs.is_busy() and place_of(screen) == where)
    return shell


def test_a_paper_half_filled_in_is_open_at_its_field(window, desk: Desk, laptop: Workplace, qtbot):
    put_form(laptop)
    visit, other = found_visit(laptop), found_visit(laptop, "1.2")
    papers.begin(laptop, inspection_id=other.id, form="talk")
    screen = window(PrintingScreen)
    screen.window().open("here", inspection_id=visit.id, form="talk", fill=True)
    field = screen.filling.page.field("value")
    field.setFocus()
    qtbot.keyClicks(field, "12.5")
    assert screen.leave()
    where = place_of(screen)

    again = window(PrintingScreen)
    go_back(again, where, desk, qtbot)
    found = again.filling.page.field("value")
    assert (QApplication.focusWidget(), found.text()) == (found, "12.50")
    assert again.title().startswith("填写")
    assert len(papers.paper_rows(laptop, inspection_id=visit.id)) == 1, "coming back begins no other paper"


def test_the_side_with_the_pages_is_open_again(window, desk: Desk, laptop: Workplace, qtbot):
    put_form(laptop)
    visit = found_visit(laptop)
    found_visit(laptop, "1.2")
    screen = window(PrintingScreen)
    screen.window().open("here", inspection_id=visit.id, form="talk", fill=True)
    qtbot.keyClick(screen, Qt.Key.Key_F2)
    where = place_of(screen)
    again = window(PrintingScreen)
    go_back(again, where, desk, qtbot)
    assert (again.choice.table.current_id(), again.choice.form().id) == (visit.id, "talk")
    assert again.printed is not None
    [row] = papers.paper_rows(laptop, inspection_id=visit.id)
    assert row.status is PaperStatus.DRAFTED


def test_the_target_that_was_chosen_is_chosen_again(window, desk: Desk, laptop: Workplace, qtbot):
    for _ in range(3):
        found_visit(laptop)
    screen = window(TargetsScreen)
    qtbot.keyClick(screen.table, Qt.Key.Key_Down)
    qtbot.keyClick(screen.table, Qt.Key.Key_Down)
    where = place_of(screen)
    again = window(TargetsScreen)
    assert again.table.current_id() != where["chosen"]
    go_back(again, where, desk, qtbot)
    assert again.table.current_id() == where["chosen"]
    # A later search goes by itself.
    qtbot.keyClick(again.table, Qt.Key.Key_Up)
    chosen = again.table.current_id()
    again.window().broadcast(None)
    qtbot.waitUntil(lambda: not desk.jobs.is_busy())
    assert again.table.current_id() == chosen


def test_the_whole_registry_and_its_search_are_there_again(window, desk: Desk, laptop: Workplace, qtbot):
    found_visit(laptop)
    screen = window(TargetsScreen)
    screen.registry.click()
    screen.search.setText("恒")
    qtbot.waitUntil(lambda: not desk.jobs.is_busy() and screen.organizations.current_id() is not None)
    where = place_of(screen)
    again = window(TargetsScreen)
    go_back(again, where, desk, qtbot)
    assert (again.registry.isChecked(), again.search.text()) == (True, "恒")


def test_the_cell_of_a_table_is_the_current_one_again(window, desk: Desk, laptop: Workplace, qtbot):
    finished_visit(laptop)
    screen = window(TablesScreen)
    screen.choice.setCurrentIndex(1)
    qtbot.waitUntil(lambda: not desk.jobs.is_busy() and screen.table is not None)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(screen.grid, key)
    where = place_of(screen)
    assert None not in where.values()
    again = window(TablesScreen)
    go_back(again, where, desk, qtbot)


def test_the_version_of_a_checklist_is_chosen_again(window, desk: Desk, qtbot):
    screen = window(ChecklistsScreen)
    for _ in range(2):
        qtbot.keyClick(screen.versions, Qt.Key.Key_Down)
    where = place_of(screen)
    again = window(ChecklistsScreen)
    assert place_of(again) != where
    go_back(again, where, desk, qtbot)


def test_the_scans_of_a_record_are_shown_again(window, desk: Desk, laptop: Workplace, qtbot):
    visit = finished_visit(laptop)
    screen = window(ScansScreen)
    screen.window().open("here", inspection_id=visit.id)
    where = place_of(screen)
    assert where["inspection_id"] == visit.id
    go_back(window(ScansScreen), where, desk, qtbot)


def test_the_history_of_an_organization_stays_when_the_screen_is_new(
    desk: Desk, laptop: Workplace, show, qtbot
):
    found_visit(laptop)
    with laptop.read() as session:
        organization = session.scalars(select(Organization.id)).first()
    where = {"form": "record-history", "kind": "organization", "record_id": organization}
    specs = [
        ScreenSpec("elsewhere", "elsewhere", "info", Elsewhere),
        ScreenSpec("here", "here", "info", lambda: PrintingScreen(desk)),
    ]
    shell = show(Shell("认证查验", ("单位", "姓名"), specs))
    shell.open("here", **where)
    screen = shell.current()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy() and screen.printed is not None)
    qtbot.wait(PAUSE * 2)
    assert place_of(screen)["record_id"] == organization


def test_the_matter_that_was_shown_is_shown_again(desk: Desk, laptop: Workplace, show, qtbot):
    ids = [found_visit(laptop).id for _ in range(3)]
    specs = [
        ScreenSpec("elsewhere", "elsewhere", "info", Elsewhere),
        ScreenSpec("here", "here", "info", lambda: EnforcementScreen(desk)),
    ]
    for visit in ids:
        shell = show(Shell("认证查验", ("单位", "姓名"), specs))
        shell.open("here", inspection_id=visit)
        qtbot.waitUntil(lambda: not desk.jobs.is_busy())
        assert place_of(shell.current()) == {"inspection_id": visit}


def test_what_is_due_is_there_again_with_no_visit_in_view(
    window, laptop: Workplace, desk: Desk, qtbot
) -> None:
    found_visit(laptop)
    screen = window(EnforcementScreen)
    assert screen.where(), "the first visit of the list"
    screen.list.tabs.setCurrentIndex(DUE)
    screen.open_with(due=True)
    there = place_of(screen)
    assert there == {"due": True}
    go_back(again := window(EnforcementScreen), there, desk, qtbot)
    assert place_of(again) == there
    assert again.list.tabs.currentIndex() == DUE
