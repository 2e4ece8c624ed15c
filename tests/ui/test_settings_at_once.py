"""What is changed in 设置 counts from the next step on, in every screen, without a new start."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from app import bootstrap
from app.services import enforcing, issuing, numbering
from app.services.enforcing import OrderTerms
from app.services.workplace import Owner
from app.statistics.count import switches_of
from app.ui.application import Session
from app.ui.crash import CrashPath
from app.ui.settings.screen import SettingsScreen
from app.vocabulary import Role
from tests.conftest import PASSPHRASE
from tests.forms.filling import pages_of
from tests.ui.desks import found_visit
from tests.ui.test_application import enter

CTRL = Qt.KeyboardModifier.ControlModifier


def opened(app: QApplication, home: Path, qtbot) -> Session:
    made = Session(app, home, CrashPath(home))
    made.begin()
    enter(qtbot, made.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: made.shell is not None and made.shell.isVisible(), timeout=20_000)
    made.shell.open("settings")
    made.shell.activateWindow()
    qtbot.waitUntil(made.shell.isActiveWindow)
    return made


def closed(session: Session) -> None:
    session.end()
    for window in (session.unlock, session.shell):
        if window is not None:
            window.hide()
            window.deleteLater()


@pytest.fixture
def laptop_session(qapp, laptop_template: Path, tmp_path: Path, qtbot) -> Iterator[Session]:
    home = Path(shutil.copytree(laptop_template, tmp_path / "张三的数据"))
    made = opened(qapp, home, qtbot)
    yield made
    closed(made)


@pytest.fixture
def office_session(qapp, tmp_path: Path, qtbot) -> Iterator[Session]:
    home = tmp_path / "office"
    with bootstrap.create_home(home, PASSPHRASE, Owner(Role.SUPERVISOR, "袁州局", "黎国平", "")):
        pass
    made = opened(qapp, home, qtbot)
    yield made
    closed(made)


def settings_of(session: Session) -> SettingsScreen:
    found = session.shell.current()
    assert isinstance(found, SettingsScreen)
    return found


def foot(session: Session) -> str:
    return session.shell.status_line.findChild(QLabel, "status_right").text()


def write(qtbot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_A, CTRL)
    field.insert(text)
    field.textEdited.emit(text)
    qtbot.keyClick(field, Qt.Key.Key_Tab)


def set_minutes(session: Session, minutes: int, qtbot) -> None:
    box = settings_of(session).idle
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_A, CTRL)
    qtbot.keyClicks(box, str(minutes))
    qtbot.keyClick(box, Qt.Key.Key_Return)


def test_the_lock_comes_after_the_minutes_that_are_set_now(laptop_session: Session, qtbot):
    session = laptop_session
    watch = session._watch
    assert "空闲 5 分钟后锁定" in foot(session)
    set_minutes(session, 0, qtbot)
    assert "不自动锁定" in foot(session)
    assert not watch._timer.isActive()
    set_minutes(session, 2, qtbot)
    assert "空闲 2 分钟后锁定" in foot(session)
    later = time.time() + 119
    watch._now = lambda: later
    watch.look()
    assert session.unlock is None
    later += 2
    watch.look()
    assert session.unlock is not None
    assert not session.shell.isVisible()


def test_names_and_authorities_are_on_the_next_paper(laptop_session: Session, qtbot):
    screen, place = settings_of(laptop_session), laptop_session._opened.place
    write(qtbot, screen.texts["contact_phone"], "0795-1")
    write(qtbot, screen.texts["court"], "袁州区人民法院")
    visit = found_visit(place)
    [finding] = visit.sheet().findings
    enforcing.draft_order(
        place, inspection_id=visit.id, finding_keys=[finding.key], terms=OrderTerms("停止销售", at_once=True)
    )
    printed = issuing.print_form(place, form="rectification-order", inspection_id=visit.id)
    text = "".join(pages_of(printed.pdf)).replace("\n", "")
    assert ("0795-1" in text, "袁州区人民法院" in text) == (True, True)
    write(qtbot, screen.texts["office_mark"], "袁")
    assert numbering.propose(place, form="sampling-record").startswith("袁市监抽样")
    assert screen.texts["contact_phone"].text() == "0795-1"


def test_days_off_move_the_deadlines_that_are_shown(laptop_session: Session, qtbot):
    screen, place = settings_of(laptop_session), laptop_session._opened.place
    write(qtbot, screen.days.fields["extra_holidays"], "2027-02-10")
    assert enforcing.extra_days(place).holidays == {date(2027, 2, 10)}


def test_the_switches_of_the_tables_count_in_tables_that_are_open(office_session: Session, qtbot):
    session = office_session
    session.shell.open("tables")
    session.shell.open("settings")
    screen, place = settings_of(session), session._opened.place
    assert session.shell._missed.get("tables") is None
    screen.switches["count_fines_only"].setFocus()
    qtbot.keyClick(screen.switches["count_fines_only"], Qt.Key.Key_Space)
    assert switches_of(place.settings)["count_fines_only"]
    assert session.shell._missed["tables"] == [None], "it is counted anew when it is shown next"
    assert screen.switches["count_fines_only"].hasFocus()
