"""What the screen of visits is made of comes when it is needed: the list first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.screen import ScreenSpec
from app.ui.shell import Shell
from app.ui.theme import Theme
from app.ui.visit.cards import ItemCard, ListCard
from app.ui.visit.items import IN_SIGHT, ItemList
from app.ui.visit.screen import VisitScreen
from app.ui.visit.workplace import VisitWorkplace
from tests.ui.desks import Elsewhere, desk_of, finished_visit, found_visit


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


def test_cards_are_made_one_by_one_before_the_first_visit_and_are_those_that_it_shows(
    laptop: Workplace, screen: VisitScreen, show, qtbot
) -> None:
    visit = found_visit(laptop)
    show(screen)
    screen.refresh(None)
    qtbot.waitUntil(lambda: len(screen.findChildren(ItemCard)) == IN_SIGHT)
    made = screen.findChildren(ItemCard)
    assert not any(card.isVisible() for card in made)
    screen.open_visit(visit.id)
    assert set(screen.findChildren(ItemCard)) == set(made)
    seen = [card for card in made if card.isVisible()]
    assert seen
    assert all(screen.workplace.items.card(card.key) is card for card in seen), "none lies over the others"


def test_a_visit_opened_from_another_screen_has_each_card_filled_twice_at_most(
    laptop: Workplace, screen: VisitScreen, show, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: Counter[str] = Counter()
    made = ItemList._card_for

    def card_for(items: ItemList, key: str, width: int) -> ListCard:
        filled[key] += 1
        return made(items, key, width)

    monkeypatch.setattr(ItemList, "_card_for", card_for)
    visit = finished_visit(laptop)
    specs = [ScreenSpec("today", "今日", "today", Elsewhere)]
    specs.append(ScreenSpec("visit", "检查", "inspection", lambda: screen))
    show(Shell("认证查验", ("局", "人"), specs)).open("visit", inspection_id=visit.id)
    assert len(filled) > 3
    assert max(filled.values()) <= 2, "once for a guess of the heights, once for the heights"
