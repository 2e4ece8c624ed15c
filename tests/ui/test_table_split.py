"""统计 in a small window: the table takes what is left over, and stays as somebody divided it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.remembering import Remembered
from app.ui.screens import Desk
from app.ui.tables.screen import TablesScreen
from app.ui.theme import Theme
from tests.statistics import small_year

SMALL = 925, 480
"""What 1366 × 768 leaves to a screen at 125 %."""
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def make(office: Workplace, jobs: Jobs, show, qapp, qtbot):
    small_year.small_year().write(office)

    def made(size: tuple[int, int], remembered: Path | None = None) -> TablesScreen:
        screen = TablesScreen(Desk(office, jobs, Theme.install(qapp)))
        if remembered is not None:
            Remembered(remembered).restore_parts("tables", screen)
        screen.resize(*size)
        show(screen)
        screen.refresh(None)
        qtbot.waitUntil(lambda: screen.table is not None and not jobs.is_busy())
        return screen

    return made


def rows_in_view(screen: TablesScreen) -> int:
    grid = screen.grid
    bottoms = [grid.rowViewportPosition(row) + grid.rowHeight(row) for row in range(grid.cells.rowCount())]
    return sum(bottom <= grid.viewport().height() for bottom in bottoms)


def drag(screen: TablesScreen, by: int) -> None:
    handle = screen.split.handle(1)
    at = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(handle, at + QPoint(0, by))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=at + QPoint(0, by))


def test_a_small_window_leaves_its_height_to_the_table(make):
    screen = make(SMALL)
    below = screen.below
    assert rows_in_view(screen) >= 5
    assert below.height() == below.minimumSizeHint().height()
    screen.show_cell("total", "officers")
    assert below.records.heading.isVisible()
    screen.resize(1166, 760)
    assert rows_in_view(screen) == screen.grid.cells.rowCount()
    assert below.height() > below.minimumSizeHint().height(), "what is left is for the list below"


def test_all_the_height_by_one_key_and_back(make, qtbot):
    screen = make(SMALL)
    before = rows_in_view(screen)
    fold = next(each for each in screen.screen_actions() if each.name == "fold")
    assert (fold.text, fold.shortcut) == ("只看表", "Ctrl+Shift+J")
    fold.trigger()
    assert screen.split.is_folded()
    assert rows_in_view(screen) > before
    assert next(each.text for each in screen.screen_actions() if each.name == "fold") == "展开明细"
    screen.show_cell("total", "officers")
    qtbot.keyClick(screen.grid, Qt.Key.Key_Return)
    assert not screen.split.is_folded(), "who asks for the records sees them"
    assert rows_in_view(screen) == before


def test_what_was_divided_by_hand_stays_and_a_double_click_lets_go(make, tmp_path: Path):
    screen = make(SMALL)
    as_wanted = screen.split.sizes()
    Remembered(tmp_path).keep_parts([("tables", screen)])
    assert make(SMALL, tmp_path).split.sizes() == as_wanted, "nobody divided it"
    drag(screen, -60)
    by_hand = screen.split.sizes()
    assert by_hand[1] == pytest.approx(as_wanted[1] + 60, abs=2)
    screen.resize(SMALL[0] + 40, SMALL[1])
    assert screen.split.sizes() == by_hand
    Remembered(tmp_path).keep_parts([("tables", screen)])
    again = make(SMALL, tmp_path)
    assert again.split.sizes() == by_hand
    QTest.mouseDClick(again.split.handle(1), Qt.MouseButton.LeftButton)
    assert again.split.sizes() == as_wanted
