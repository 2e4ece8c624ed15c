"""What the screen of visits is made of comes when it is needed: the list first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.theme import Theme
from app.ui.visit.screen import VisitScreen
from app.ui.visit.workplace import VisitWorkplace
from tests.ui.desks import desk_of, found_visit


@pytest.fixture
def screen(laptop: Workplace, qapp: QApplication, qtbot) -> Iterator[VisitScreen]:
    Theme.install(qapp)
    jobs = Jobs()
    made = VisitScreen(desk_of(laptop, jobs))
    qtbot.addWidget(made)
    yield made
    jobs.shutdown()


def made_of(screen: VisitScreen) -> list[VisitWorkplace]:
    return screen.findChildren(VisitWorkplace)


def test_the_list_is_shown_before_the_columns_of_a_visit_are_made(screen: VisitScreen, qtbot) -> None:
    screen.refresh(None)
    assert (screen.where(), screen.leave(), screen.is_storing(), screen.more_actions()) == (
        {},
        True,
        False,
        (),
    )
    screen.focus_first()
    assert screen.screen_actions()
    screen.show()
    assert made_of(screen) == []
    qtbot.waitUntil(lambda: len(made_of(screen)) == 1)
    assert made_of(screen) == [screen.workplace]


def test_a_visit_that_is_opened_at_once_does_not_wait(screen: VisitScreen, laptop: Workplace, qtbot) -> None:
    visit = found_visit(laptop)
    screen.open_with(inspection_id=visit.id)
    assert screen.workplace.isVisibleTo(screen)
    screen.show()
    qtbot.wait(200)
    assert made_of(screen) == [screen.workplace], "nothing is made twice"
