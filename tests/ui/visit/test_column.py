"""A long column makes only the cards in sight and keeps what is looked at where it is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.visit.cards import ListCard
from app.ui.visit.column import GAP, CardColumn


class Cards:
    """Makes cards of known heights and counts them."""

    def __init__(self, column: CardColumn) -> None:
        self.column, self.pool, self.made = column, [], 0
        self.widths: set[int] = set()
        column.card_for, column.give_back = self.get, self.pool.append

    def get(self, key: str, width: int) -> ListCard:
        card = self.column.card(key)
        self.widths.add(width)
        if card is None:
            card = self.pool.pop() if self.pool else self.make()
            card.key = key
            card.filler.setFixedHeight(60 + int(key) % 7 * 40)
        return card

    def make(self) -> ListCard:
        self.made += 1
        card = ListCard(parent=self.column.canvas())
        card.filler = QWidget(card)
        card.body.addWidget(card.filler)
        return card


@pytest.fixture
def cards(qtbot):
    column = CardColumn()
    qtbot.addWidget(column)
    made = Cards(column)
    column.resize(600, 640)
    column.show()
    column.set_keys([str(number) for number in range(300)])
    return made


def top_of(column: CardColumn, key: str) -> int:
    return column.card(key).mapTo(column, QPoint(0, 0)).y()


def test_cards_are_measured_at_the_width_that_they_keep(cards, qtbot):
    QApplication.processEvents()
    assert cards.widths == {cards.column.viewport().width()}
    cards.column.set_keys(["1"])
    QApplication.processEvents()
    assert not cards.column.verticalScrollBar().isVisible(), "a single card has nothing to scroll"


def test_three_hundred_items_need_a_handful_of_cards(cards):
    for number in range(0, 300, 7):
        cards.column.go(str(number))
    bar = cards.column.verticalScrollBar()
    for value in range(0, bar.maximum(), 400):
        bar.setValue(value)
    assert cards.made < 25


def test_cards_never_overlap_and_leave_no_gap(cards):
    column = cards.column
    for key in ("0", "37", "150", "299"):
        column.go(key)
        shown = sorted((card for card in map(column.card, column.keys()) if card), key=lambda card: card.y())
        numbers = [int(card.key) for card in shown]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        for above, below in pairwise(shown):
            assert above.y() + above.height() + 12 == below.y()


def test_keys_move_the_list_under_a_current_card_that_stays(cards):
    column = cards.column
    column.go("40")
    tops = set()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_J, Qt.Key.Key_Up, Qt.Key.Key_K, Qt.Key.Key_Down):
        QTest.keyClick(column, key)
        tops.add(top_of(column, column.current()))
    assert (column.current(), len(tops)) == ("41", 1)
    QTest.keyClick(column, Qt.Key.Key_End)
    assert (column.current(), {top_of(column, "299")}) == ("299", tops)
    QTest.keyClick(column, Qt.Key.Key_Home)
    assert (column.current(), top_of(column, "0")) == ("0", column.frameWidth())


def test_the_wheel_moves_nothing_but_the_list(cards):
    column = cards.column
    column.go("40")
    bar = column.verticalScrollBar()
    before, top = bar.value(), top_of(column, "40")
    bar.setValue(before + 50)
    assert (column.current(), bar.value(), top_of(column, "40")) == ("40", before + 50, top - 50)


def test_touching_a_card_leaves_it_under_the_hand(cards):
    column = cards.column
    column.go("100")
    key = next(key for key in ("101", "102") if column.card(key))
    before = top_of(column, key)
    column.touch(key)
    assert (column.current(), top_of(column, key)) == (key, before)


def test_a_card_that_vanishes_hands_its_place_to_the_next(cards):
    column = cards.column
    column.go("7")
    left = (*column.keys()[:7], *column.keys()[8:])
    column.set_keys(left)
    assert column.current() == "8"


def test_cards_are_measured_anew_in_another_style(cards, qtbot):
    column = cards.column
    column.go("3")
    at = top_of(column, "3")
    for card in column.findChildren(ListCard):
        card.filler.setFixedHeight(card.filler.height() + 6)
    QApplication.sendEvent(column, QEvent(QEvent.Type.StyleChange))
    qtbot.waitUntil(lambda: column.card("3").height() == column.card("3").fit(column.viewport().width()))
    assert top_of(column, "3") == at, "what is looked at stays where it is"
    assert top_of(column, "4") == at + column.card("3").height() + GAP
