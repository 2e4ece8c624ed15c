"""Every screen fits the smallest laptop: 1366 × 768 at 125 %."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from app.ui.jobs import Jobs
from app.ui.screen import ScreenSpec
from app.ui.screens import Desk, screens_for
from app.ui.shell import Shell
from app.ui.theme import current
from app.ui.tokens import Mode
from tests.ui.desks import Elsewhere

SMALL = (round(1366 / 1.25), round(768 / 1.25))


@pytest.mark.parametrize("home", ["office", "laptop"])
def test_no_screen_is_larger_than_a_small_laptop(home: str, request, jobs: Jobs, qtbot, show):
    place = request.getfixturevalue(home)
    specs = screens_for(Desk(place, jobs, current()))
    shell = show(Shell("认证查验", (place.owner.office, place.owner.name), specs))
    shell.resize(*SMALL)
    too_large, grown = {}, {}
    for spec in specs:
        shell.open(spec.key)
        qtbot.waitUntil(lambda: not jobs.is_busy())
        qtbot.wait(20)  # what was hidden gives its room back at the next turn of the loop
        least = shell.minimumSizeHint()
        if least.width() > SMALL[0] or least.height() > SMALL[1]:
            too_large[spec.key] = (least.width(), least.height())
        if shell.size().toTuple() != SMALL:
            grown[spec.key] = shell.size().toTuple()
            shell.resize(*SMALL)
    assert too_large == {}
    assert grown == {}, "a window that once had to grow stays larger than the display"


@pytest.mark.parametrize("mode", ["light", "contrast"])
def test_twelve_sections_find_room_in_every_set_of_colours(mode: Mode, qapp, show):
    theme = current()
    former = theme.mode
    try:
        theme.set_mode(mode)
        keys = [f"section{number}" for number in range(10)]
        specs = [ScreenSpec(key, "问题与处置", "findings", Elsewhere) for key in keys]
        specs.append(ScreenSpec("settings", "设置", "settings", Elsewhere, foot=True))
        shell = show(Shell("认证查验", ("宜春市市场监督管理局", "黎国平"), specs))
        assert shell.minimumSizeHint().height() <= SMALL[1]
    finally:
        theme.set_mode(former)


@pytest.mark.parametrize("home", ["office", "laptop"])
def test_no_key_means_two_things_at_once(home: str, request, jobs: Jobs, qtbot, show):
    # Qt fires neither of two shortcuts that are both in reach.
    place = request.getfixturevalue(home)
    specs = screens_for(Desk(place, jobs, current()))
    shell = show(Shell("认证查验", (place.owner.office, place.owner.name), specs))
    twice = {}
    for spec in specs:
        shell.open(spec.key)
        qtbot.waitUntil(lambda: not jobs.is_busy())
        keys = Counter(
            shortcut.key().toString() for shortcut in shell.findChildren(QShortcut) if in_reach(shortcut)
        )
        if again := sorted(key for key, count in keys.items() if count > 1):
            twice[spec.key] = again
    assert twice == {}


def in_reach(shortcut: QShortcut) -> bool:
    owner = shortcut.parent()
    return shortcut.isEnabled() and isinstance(owner, QWidget) and owner.isVisible() and owner.isEnabled()


@pytest.mark.parametrize("home", ["office", "laptop"])
def test_every_screen_names_itself_and_takes_the_focus(home: str, request, jobs: Jobs, qtbot, show):
    place = request.getfixturevalue(home)
    specs = screens_for(Desk(place, jobs, current()))
    shell = show(Shell("认证查验", (place.owner.office, place.owner.name), specs))
    for spec in specs:
        shell.open(spec.key)
        qtbot.waitUntil(lambda: not jobs.is_busy())
        screen = shell.current()
        assert screen is not None
        assert screen.title()
        focus = shell.focusWidget()
        assert focus is not None, spec.key
        assert screen is focus or screen.isAncestorOf(focus), spec.key
