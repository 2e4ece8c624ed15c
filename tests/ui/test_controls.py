"""Each control of these screens can be found by ear and by key: a name for each, a key in each tool tip."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QListView,
    QPushButton,
    QScrollArea,
    QTabBar,
    QTableView,
    QWidget,
)

from app.services.workplace import Workplace
from app.ui.conflicts.screen import ConflictsScreen
from app.ui.enforcement.screen import EnforcementScreen
from app.ui.handover.devices import DevicesScreen
from app.ui.handover.screen import HandoverScreen
from app.ui.inbox.review import ReviewScreen
from app.ui.inbox.screen import InboxScreen
from app.ui.paper.screen import PrintingScreen
from tests.services.parcels import introduce, receive, send
from tests.ui.desks import desk_of, finished_visit, found_visit, shell_of

SCREENS = (
    EnforcementScreen,
    PrintingScreen,
    HandoverScreen,
    DevicesScreen,
    InboxScreen,
    ConflictsScreen,
    ReviewScreen,
)
NAMED = (QPushButton, QComboBox, QLineEdit, QListView, QTableView, QTabBar)
SMALL = (1093, 614)
"""1366×768 at 125 %."""


@pytest.fixture
def full_office(office: Workplace, laptop: Workplace, tmp_path: Path) -> Workplace:
    introduce(office, laptop, tmp_path)
    finished_visit(laptop)
    receive(office, send(laptop, tmp_path))
    found_visit(office)
    return office


@pytest.mark.parametrize("kind", SCREENS, ids=lambda kind: kind.__name__)
def test_controls_have_names_and_fit_a_small_screen(kind, full_office, jobs, show, qtbot) -> None:
    shell = shell_of("room", lambda: kind(desk_of(full_office, jobs)))
    shell.resize(*SMALL)
    show(shell)
    qtbot.waitUntil(lambda: not jobs.is_busy(), timeout=20_000)
    screen = shell.current()
    assert (shell.width(), shell.height()) == SMALL, "nothing asks for more room than there is"
    for control in screen.findChildren(QWidget):
        if not control.isVisible():
            continue
        if isinstance(control, NAMED):
            assert control.accessibleName(), f"{control.objectName()} {control}"
        if isinstance(control, QPushButton):
            assert control.toolTip()
            assert control.height() >= 38
        if isinstance(control, QScrollArea):
            assert control.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
