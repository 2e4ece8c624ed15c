"""The foot of the window says what no package holds yet; counting it never holds the window up."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.services import enrolment, handover, inspecting
from app.services.workplace import Changes, Owner
from app.ui.application import Session
from app.ui.crash import CrashPath
from app.ui.tokens import TARGET
from app.ui.unsent import Unsent
from app.vocabulary import InspectionStatus, Role, Verdict
from tests.conftest import PASSPHRASE
from tests.services.parcels import make_visit
from tests.ui.desks import finished_visit, found_visit
from tests.ui.test_application import enter

MAIN_THREAD = 0.005
"""Seconds of the window's own thread that one answer may cost for the sake of the count."""
MANY = 300


@pytest.fixture
def home(laptop_template: Path, tmp_path: Path) -> Path:
    """A laptop with a visit under way."""
    made = Path(shutil.copytree(laptop_template, tmp_path / "张三的数据"))
    with bootstrap.open_home(made, PASSPHRASE) as place:
        (made / "visit").write_text(found_visit(place).id, "utf8")
    return made


@pytest.fixture
def session(qapp: QApplication, home: Path, qtbot) -> Iterator[Session]:
    crashes = CrashPath(home)
    made = Session(qapp, home, crashes)
    made.begin()
    enter(qtbot, made.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: made.shell is not None and made.shell.isVisible(), timeout=20_000)
    yield made
    made.end()
    crashes.uninstall()
    for window in (made.unlock, made.shell):
        if window is not None:
            window.hide()
            window.deleteLater()


def lead(session: Session) -> str:
    shown = session.shell.status_line.lead
    return shown.text() if shown.isVisible() else ""


def enrolled(session: Session, tmp_path: Path) -> None:
    """The laptop's office answers its request."""
    owner = Owner(Role.SUPERVISOR, "市局", "王振", "")
    place = session._opened.place
    enrolment.make_request(place, out=tmp_path / "r.cyreq")
    with bootstrap.create_home(tmp_path / "office", PASSPHRASE, owner) as office:
        enrolment.enrol(office, request=tmp_path / "r.cyreq", out=tmp_path / "a.cyenr")
    enrolment.accept(place, path=tmp_path / "a.cyenr")


def test_it_follows_answers_and_packages_and_leads_to_the_hand_over(session: Session, tmp_path: Path, qtbot):
    shell, place = session.shell, session._opened.place
    visit = (session._home / "visit").read_text("utf8")
    qtbot.waitUntil(lambda: lead(session) == "未导出 1 份（在办 1 份）")
    assert "还没有导出过" in shell.status_line.lead.toolTip()
    assert (shell.status_line.lead.height(), shell.status_line.height()) == (TARGET, TARGET + 1)
    enrolled(session, tmp_path)
    out = handover.export_package(place, out=tmp_path, drafts=True)
    shell.broadcast(out.changes)
    qtbot.waitUntil(lambda: lead(session) == "")

    shell.open("visit", inspection_id=visit, item="1.1")
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    items = shell.current().workplace.items
    items.setFocus()
    qtbot.keyClick(items, "1")
    qtbot.waitUntil(lambda: lead(session) == "未导出 1 份（在办 1 份）")
    QTest.mouseClick(shell.status_line.lead, Qt.MouseButton.LeftButton, pos=QPoint(6, 6))
    assert shell.current_key() == "handover"


def test_a_finished_visit_is_told_apart(session: Session, qtbot):
    qtbot.waitUntil(lambda: lead(session) == "未导出 1 份（在办 1 份）")
    done = finished_visit(session._opened.place)
    session.shell.broadcast(Changes.of("inspection", done.id))
    qtbot.waitUntil(lambda: lead(session) == "未导出 2 份（在办 1 份）")


def test_an_answer_costs_the_window_next_to_nothing(session: Session, qtbot):
    place, visit = session._opened.place, (session._home / "visit").read_text("utf8")
    for number in range(MANY):
        make_visit(place, f"{number:032x}", InspectionStatus.IN_PROGRESS)
    session.shell.broadcast(None)
    unsent = session._unsent
    assert isinstance(unsent, Unsent)
    qtbot.waitUntil(lambda: lead(session) == f"未导出 {MANY + 1} 份（在办 {MANY + 1} 份）", timeout=30_000)
    spent = []
    for verdict in (Verdict.CONFORMING, Verdict.NOT_CHECKED) * 10:
        changes = inspecting.answer(place, inspection_id=visit, item="1.1", verdict=verdict)
        began = time.thread_time()
        unsent.hear(changes)
        unsent.lead()
        spent.append(time.thread_time() - began)
    assert statistics.median(spent) < MAIN_THREAD
    asked: list[object] = []
    unsent.changed.connect(lambda: asked.append(None))
    assert unsent._timer.isActive()
    # A look may begin and end between two glances of this test.
    qtbot.waitUntil(lambda: not unsent._timer.isActive() and unsent._looking is None)
    assert unsent._marked == set()
    assert asked == [], "the same count is not shown anew"


def test_an_office_counts_nothing(qapp: QApplication, tmp_path: Path, qtbot):
    owner = Owner(Role.SUPERVISOR, "市局", "王振", "")
    with bootstrap.create_home(tmp_path / "office", PASSPHRASE, owner):
        pass
    made = Session(qapp, tmp_path / "office", CrashPath(tmp_path / "office"))
    made.begin()
    enter(qtbot, made.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: made.shell is not None and made.shell.isVisible(), timeout=20_000)
    assert made._unsent is None
    assert not made.shell.status_line.lead.isVisible()
    made.end()
    made.shell.hide()
    made.shell.deleteLater()
