"""Other colours reach what is in view at once and what nobody sees in pauses, and look the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.ui.restyling import AT_A_TIME, Restyling
from app.ui.theme import Theme
from app.ui.widgets import Card, Chip, PlainButton

FAR_IN = 12
"""Widgets around the innermost one."""


class Told(QLabel):
    """Counts how often it hears that its style changed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("执照", parent)
        self.times = 0

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.times += event.type() == QEvent.Type.StyleChange


class Page(QWidget):
    """A card with something of each kind, far in."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        inner = Card(parent=self)
        QVBoxLayout(self).addWidget(inner)
        for _ in range(FAR_IN):
            outer, inner = inner, Card(parent=inner)
            outer.body.setContentsMargins(2, 2, 2, 2)
            outer.body.addWidget(inner)
        self.told = Told(inner)
        for part in (self.told, Chip("逾期", "bad", inner), PlainButton("改问题", parent=inner, icon="note")):
            inner.body.addWidget(part)


class Pages(QStackedWidget):
    """Two pages that are alike, the first one shown."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = Page(self), Page(self)
        self.addWidget(self.first)
        self.addWidget(self.second)


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[Theme]:
    made = Theme.install(qapp)
    made.set_mode("light")
    yield made
    made.set_mode("system")


@pytest.fixture
def restyling(themed: Theme, qapp: QApplication) -> Restyling:
    found = qapp.findChild(Restyling)
    assert isinstance(found, Restyling)
    return found


@pytest.fixture
def pages(themed: Theme, show) -> Pages:
    made = Pages()
    made.resize(400, 300)
    shown = show(made)
    for page in (made.second, made.first):
        shown.setCurrentWidget(page)
        QApplication.processEvents()
    made.first.told.times = made.second.told.times = 0
    return made


def pixels(pages: Pages) -> QImage:
    QApplication.processEvents()
    return pages.grab().toImage()


def test_what_is_in_view_is_told_once_however_far_in_it_lies(themed: Theme, pages: Pages):
    themed.set_mode("dark")
    assert pages.first.told.times == 1, "Qt alone tells it for each parent, and for the sheet taken off"
    assert pages.second.told.times == 0


def test_what_is_hidden_beside_what_is_in_view_waits_too(
    themed: Theme, restyling: Restyling, pages: Pages, qtbot
):
    light = pixels(pages)
    pages.first.told.hide()
    themed.set_mode("dark")
    assert pages.first.told.times == 0
    qtbot.waitUntil(lambda: restyling.waiting() == 0)
    assert pages.first.told.times == 1
    themed.set_mode("light")
    pages.first.told.show()
    assert pages.first.told.times == 2
    assert pixels(pages) == light


def test_what_is_in_view_looks_as_if_qt_had_done_it_alone(themed: Theme, pages: Pages, qapp: QApplication):
    light = pixels(pages)
    themed.set_mode("dark")
    dark = pixels(pages)
    sheet = qapp.styleSheet()
    qapp.setStyleSheet("")
    qapp.setStyleSheet(sheet)
    assert dark == pixels(pages)
    assert dark != light


def test_what_is_hidden_follows_in_pauses(themed: Theme, restyling: Restyling, pages: Pages, qtbot):
    themed.set_mode("contrast")
    before = restyling.waiting()
    assert before >= FAR_IN
    QApplication.processEvents()
    assert before - restyling.waiting() <= 2 * AT_A_TIME
    qtbot.waitUntil(lambda: restyling.waiting() == 0)
    assert pages.second.told.times == 1


def test_a_page_that_comes_into_view_before_its_turn_is_not_shown_in_the_old_colours(
    themed: Theme, pages: Pages
):
    themed.set_mode("dark")
    pages.setCurrentWidget(pages.second)
    assert pages.second.told.times == 1


@pytest.mark.parametrize("waits", [True, False], ids=["after the pauses", "at once"])
@pytest.mark.parametrize("mode", ["dark", "contrast"])
def test_a_page_that_was_hidden_looks_like_the_one_that_was_not(
    themed: Theme, restyling: Restyling, pages: Pages, qtbot, mode: str, waits: bool
):
    light = pixels(pages)
    themed.set_mode(mode)
    shown = pixels(pages)
    assert shown != light
    if waits:
        qtbot.waitUntil(lambda: restyling.waiting() == 0)
    else:
        themed.set_mode("light")
        themed.set_mode(mode)
    pages.setCurrentWidget(pages.second)
    assert pixels(pages) == shown
    themed.set_mode("light")
    assert pixels(pages) == light
    pages.setCurrentWidget(pages.first)
    assert pixels(pages) == light


def test_a_page_that_is_gone_before_its_turn_does_no_harm(
    themed: Theme, restyling: Restyling, pages: Pages, qtbot
):
    themed.set_mode("dark")
    pages.second.deleteLater()
    qtbot.waitUntil(lambda: restyling.waiting() == 0)
    themed.set_mode("light")
    assert pages.first.isVisible()


def test_a_widget_with_a_sheet_of_its_own_keeps_it(themed: Theme, restyling: Restyling, pages: Pages, qtbot):
    pages.second.told.setStyleSheet("color: #123456;")
    themed.set_mode("dark")
    qtbot.waitUntil(lambda: restyling.waiting() == 0)
    pages.setCurrentWidget(pages.second)
    QApplication.processEvents()
    assert pages.second.told.palette().windowText().color().name() == "#123456"
