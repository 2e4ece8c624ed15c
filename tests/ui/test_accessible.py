"""Every screen and every dialog by ear and by Tab: names and roles, an order to read in, a focus to see.

The screens come from the registry of each role, the dialogs from pressing every button once, so that
what is added later is walked too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleInterface, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.pictures import shown
from app.ui.screens import Desk, screens_for, status_of
from app.ui.shell import Shell
from app.ui.theme import current
from tests.services.parcels import introduce, receive, send
from tests.ui.desks import finished_visit, found_visit

Role = QAccessible.Role
SILENT = frozenset({Role.Client, Role.NoRole, Role.Pane, Role.Grouping, Role.Border, Role.Whitespace})
"""Roles that tell nobody what can be done with a control."""
ACTIVE = frozenset(
    {
        *(Role.Button, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText, Role.SpinBox),
        *(Role.PageTab, Role.Link, Role.Slider, Role.MenuItem, Role.ButtonMenu, Role.ButtonDropDown),
    }
)
CONTAINERS = frozenset({Role.List, Role.Table, Role.Tree, Role.PageTabList})
FARTHEST = 150
INSIDE = ("qt_spinbox_lineedit", "qt_scrollarea")


@dataclass
class Room:
    """The window of one role."""

    shell: Shell
    jobs: Jobs
    qtbot: object
    arguments: dict[str, dict[str, object]]

    def open(self, key: str) -> QWidget:
        self.shell.activateWindow()
        self.shell.open(key, **self.arguments.get(key, {}))
        self.settle()
        screen = self.shell.current()
        assert screen is not None
        return screen

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.jobs.is_busy())
        QApplication.processEvents()


@pytest.fixture
def full(office: Workplace, laptop: Workplace, tmp_path: Path) -> dict[str, Workplace]:
    """Both homes with a visit under way and one that is finished and handed in."""
    introduce(office, laptop, tmp_path)
    finished_visit(laptop)
    receive(office, send(laptop, tmp_path))
    found_visit(office)
    found_visit(laptop, "1.2")
    return {"office": office, "laptop": laptop}


@pytest.fixture(params=["office", "laptop"])
def room(request, full, qapp, qtbot, show, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    for name, nothing in (
        ("getOpenFileName", ("", "")), ("getOpenFileNames", ([], "")), ("getExistingDirectory", ""),
        ("getSaveFileName", ("", "")),
    ):  # fmt: skip
        monkeypatch.setattr(QFileDialog, name, staticmethod(lambda *_, nothing=nothing, **__: nothing))
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(bool))
    place = full[request.param]
    desk = Desk(place, Jobs(), current())
    owner = (place.owner.office, place.owner.name)
    shell = show(Shell("认证查验", owner, screens_for(desk), lambda: status_of(desk)))
    shell.resize(1366, 768)
    yield Room(shell, desk.jobs, qtbot, shown(place))
    desk.jobs.shutdown()


def parts_of(widget: QWidget) -> Iterator[QAccessibleInterface]:
    """Everything of a window that a screen reader would come by."""
    todo = [QAccessible.queryAccessibleInterface(widget)]
    while todo:
        part = todo.pop()
        if part is None or not part.isValid() or part.state().invisible:
            continue
        yield part
        if isinstance(part.object(), QAbstractItemView):
            continue  # its lines say what the store says
        todo.extend(part.child(number) for number in range(part.childCount()))


def complaints(window: QWidget) -> list[str]:
    """Controls of a window without a name, or without a role that says what they are."""
    found = []
    for part in parts_of(window):
        state, role, thing = part.state(), part.role(), part.object()
        if isinstance(thing, QWidget) and (
            thing.objectName().startswith(INSIDE) or thing.window() is not window
        ):
            continue
        wanted = role in ACTIVE | CONTAINERS or (
            state.focusable and isinstance(thing, QWidget) and thing.focusPolicy() & Qt.FocusPolicy.TabFocus
        )
        if not wanted:
            continue
        what = f"{type(thing).__name__} {thing.objectName() if thing else ''} in {type(thing.parent()).__name__ if thing else ''}"
        if not part.text(QAccessible.Text.Name).strip():
            found.append(f"no name: {what}")
        if role in SILENT:
            found.append(f"role {role.name}: {what}")
    return found


def test_every_control_of_every_screen_has_a_name_and_a_role(room: Room) -> None:
    faulty = set()
    for key in room.shell.keys():  # noqa: SIM118 - a shell is no mapping
        room.open(key)
        faulty |= {f"{key}: {what}" for what in complaints(room.shell)}
    assert not faulty, "\n".join(sorted(faulty))


def test_every_dialog_has_names_and_roles(room: Room) -> None:
    faulty: set[str] = set()
    seen: set[str] = set()
    for key in room.shell.keys():  # noqa: SIM118 - a shell is no mapping
        room.open(key)
        count = len(pressable(room.shell))
        for number in range(count):
            room.open(key)
            there = pressable(room.shell)
            if number < len(there):
                found = opened_by(room, there[number])
                seen |= found.keys()
                faulty |= {f"{key}, {title}: {what}" for title, said in found.items() for what in said}
    assert not faulty, "\n".join(sorted(faulty))
    assert len(seen) >= 3, seen


def pressable(shell: Shell) -> list[QAbstractButton]:
    """The buttons of the title bar and of the screen in view, and the entries behind 更多."""
    return [
        one
        for one in (*shell.title_bar.findChildren(QAbstractButton), *shell.current().findChildren(QAbstractButton))
        if one.isVisible() and one.isEnabled() and not one.visibleRegion().isEmpty()
    ]  # fmt: skip


def opened_by(room: Room, button: QAbstractButton) -> dict[str, list[str]]:
    """What is wrong with each dialog that a button opens; they are left by Esc."""
    found: dict[str, list[str]] = {}
    over = False

    def look() -> None:
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if isinstance(popup, QMenu):
            for entry in popup.actions():
                if not entry.isSeparator() and not entry.text():
                    found.setdefault("menu", []).append("an entry without words")
            popup.close()
        elif popup is not None:
            popup.close()
        elif modal is not None:
            found.setdefault(modal.windowTitle(), []).extend(sorted(set(complaints(modal))))
            if not modal.windowTitle():
                found[""].append(f"no title: {type(modal).__name__}")
            modal.close()
        if not over:
            QTimer.singleShot(20, look)

    QTimer.singleShot(60, look)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(12, button.height() // 2))
    room.qtbot.wait(90)
    room.settle()
    while QApplication.activeModalWidget() is not None:
        room.qtbot.wait(30)
    over = True
    room.qtbot.wait(30)
    return found


# ---- by Tab


def test_tab_comes_everywhere_in_reading_order_and_the_focus_is_seen(room: Room) -> None:
    faulty = []
    for key in room.shell.keys():  # noqa: SIM118 - a shell is no mapping
        screen = room.open(key)
        faulty += [f"{key}: {what}" for what in tab_faults(room.shell, screen)]
    assert not faulty, "\n".join(faulty)


def tab_faults(shell: Shell, screen: QWidget) -> Iterator[str]:
    stops, plain = walk_by_tab(shell)
    names = [_named(stop) for stop in stops]
    if len(stops) >= FARTHEST:
        yield f"Tab does not come round: … {names[-4:]}"
        return
    reached = set(stops)
    for one in tab_stops(shell):
        if one not in reached:
            yield f"Tab does not come to {_named(one)}"
    for stop in stops:
        if not plain[stop]:
            yield f"the focus is not seen on {_named(stop)}"
    for before, after in pairwise(stops):
        inside = screen.isAncestorOf(before) and screen.isAncestorOf(after)
        if inside and goes_back(_place(before, shell), _place(after, shell)):
            yield f"from {_named(before)} back to {_named(after)}"


def walk_by_tab(shell: Shell) -> tuple[list[QWidget], dict[QWidget, bool]]:
    """The stops of Tab until it comes round, and for each whether it looks different with the focus."""
    stops: list[QWidget] = []
    seen: dict[QWidget, bool] = {}
    for _ in range(FARTHEST):
        at = QApplication.focusWidget()
        if at is None or at in seen:
            break
        stops.append(at)
        focused = _picture(at)
        for _part in range(4):  # a date has three parts that Tab goes through
            if QApplication.focusWidget() is at:
                QTest.keyClick(at, Qt.Key.Key_Tab)
        seen[at] = _picture(at) != focused
    return stops, seen


def _picture(widget: QWidget) -> object:
    """What is seen of a control with the ground around it, where a frame may be drawn."""
    around = widget.parentWidget() or widget
    return around.grab(widget.geometry().adjusted(-3, -3, 3, 3)).toImage()


def tab_stops(shell: Shell) -> list[QWidget]:
    """Every control in view that Tab should come to; of exclusive buttons one is enough."""
    return [
        one
        for one in shell.findChildren(QWidget)
        if one.isVisible() and one.isEnabled() and one.window() is shell and one.focusProxy() is None
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not one.visibleRegion().isEmpty()
        and not one.objectName().startswith("qt_") and not _of_a_chosen_group(one)
    ]  # fmt: skip


def _of_a_chosen_group(one: QWidget) -> bool:
    group = one.group() if isinstance(one, QAbstractButton) else None
    return group is not None and group.exclusive() and group.checkedButton() not in {None, one}


def _place(one: QWidget, shell: Shell) -> QRect:
    return QRect(one.mapTo(shell, QPoint(0, 0)), one.size())


def goes_back(before: QRect, after: QRect) -> bool:
    """Whether the eye would have to go up in the same column, or left in the same line."""
    beside = after.left() < before.right() and before.left() < after.right()
    up = beside and after.bottom() <= before.top()
    same_line = after.top() < before.center().y() < after.bottom()
    return up or (same_line and after.right() <= before.left())


def _named(one: QWidget) -> str:
    return f"{type(one).__name__} {one.objectName()} {one.accessibleName()}".strip()


# ---- in little room


@pytest.mark.parametrize("size", [(1280, 720), (1093, 614)], ids=["1280x720", "1366x768 at 125 %"])
def test_nothing_is_cut_or_covered_in_little_room(room: Room, size: tuple[int, int]) -> None:
    faulty = set()
    for key in room.shell.keys():  # noqa: SIM118 - a shell is no mapping
        room.shell.resize(*size)
        room.open(key)
        room.qtbot.wait(20)
        faulty |= {f"{key}: {what}" for what in cut_things(room.shell)}
    assert not faulty, "\n".join(sorted(faulty))


def cut_things(window: QWidget) -> Iterator[str]:
    """What finds no room: contents wider than their view, words cut without …, controls on one another."""
    for one in window.findChildren(QWidget):
        if not one.isVisible() or one.window() is not window:
            continue
        if isinstance(one, QScrollArea) and one.widget() and one.widget().width() > one.viewport().width():
            yield f"{_named(one.widget())} is wider than its view"
        if isinstance(one, QPushButton) and one.width() < _words(one):
            yield f"the words of {_named(one)} are cut"
        yield from covered(one)


def _words(button: QPushButton) -> int:
    """The width of what is written on a button, its icon included."""
    icon = 0 if button.icon().isNull() else button.iconSize().width()
    return icon + button.fontMetrics().horizontalAdvance(button.text().replace("&&", "&"))


def covered(parent: QWidget) -> Iterator[str]:
    """Controls in one layout that lie on one another."""
    children = [one for one in parent.children() if isinstance(one, QWidget) and one.isVisible()]
    placed = [] if parent.layout() is None or isinstance(parent, QStackedWidget) else children
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            both = one.geometry() & other.geometry()
            if both.width() > 2 and both.height() > 2:
                yield f"{_named(one)} and {_named(other)} lie on one another"
