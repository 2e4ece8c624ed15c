"""Practice left in the middle: it goes on where it was; starting over is asked; the real home is untouched."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDir, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.demo import practice
from app.ui.crash import CrashPath
from app.ui.practice.course import LESSONS
from app.ui.practice.session import PracticeSession
from app.ui.widgets.dialogs import Question
from tests.ui.hands import CTRL, DOWN, ENTER, ESCAPE, FileDialogs, Person
from tests.ui.test_practice import Step, prepared

__all__ = ["prepared"]

ITEM = "1.1"
Open = Callable[[], tuple[PracticeSession, Person]]


@pytest.fixture
def real(laptop_template: Path, tmp_path: Path) -> Path:
    """A home with real work in it."""
    return Path(shutil.copytree(laptop_template, tmp_path / "数据"))


@pytest.fixture
def home(prepared: Path, real: Path) -> Path:
    """The practice home beside the real one."""
    return Path(shutil.copytree(prepared, practice.practice_home(real)))


@pytest.fixture
def begin(qapp: QApplication, home: Path, qtbot) -> Iterator[Open]:
    """Opens the practice window, and closes what is still open at the end."""
    made: list[PracticeSession] = []

    def opened() -> tuple[PracticeSession, Person]:
        session = PracticeSession(qapp, home, CrashPath(home))
        made.append(session)
        session.begin()
        qtbot.waitUntil(lambda: session.card is not None and session.shell.isVisible(), timeout=60_000)
        person = Person(session._opened.place, session.shell, session.jobs, FileDialogs(), qtbot)
        person.sit_down()
        person.wait()
        return session, person

    yield opened
    for session in made:
        close(session)


def close(session: PracticeSession) -> None:
    if session.shell is None:
        return
    session.end()
    for window in (session.unlock, session.shell):
        if window is not None:
            window.hide()
            window.deleteLater()
    session.unlock = session.shell = None


def digest(folder: Path) -> str:
    """What lies in a folder, names and bytes."""
    found = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        found.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return found.hexdigest()


def begin_a_visit(person: Person) -> None:
    """The first two steps of the course, one answer, and a note that is being written."""
    person.go("targets")
    person.key(ENTER)
    dialog = person.dialog()
    person.fill(dialog, task_source="双随机抽查", approval_number="练习 1 号", approval_by="黎国平",
                credentials_shown=True, rights_told=True)  # fmt: skip
    person.submit(dialog)
    person.key(ENTER)
    person.fill(person.screen.workplace.basics, place="包装车间", production_status="正常生产")
    person.key(ESCAPE)
    items = person.screen.workplace.items
    person.key(DOWN)
    person.strike("2")
    items.go(ITEM)
    person.strike("n")
    person.write("标签未标注")
    assert (items.current(), items.editor.toPlainText()) == (ITEM, "标签未标注")


def test_it_is_left_in_the_middle_of_a_note_and_goes_on_there(begin: Open, home: Path, real: Path, qtbot):
    before, here = digest(real), QDir.currentPath()
    session, person = begin()
    begin_a_visit(person)
    qtbot.waitUntil(lambda: "✓ 基本情况" in session.card.steps.text())
    person.wait()
    ticked = [each for each in session.card.steps.text().split("　") if each.startswith("✓")]
    session.shell.close()
    assert not session.shell.isVisible()
    close(session)
    assert QDir.currentPath() == here
    assert home.is_dir()

    session, person = begin()
    assert person.shell.current_key() == "visit"
    items = person.screen.workplace.items
    assert items.current() == ITEM
    assert person.screen.work.item(ITEM).note == "标签未标注"
    qtbot.waitUntil(lambda: all(each in session.card.steps.text() for each in ticked))
    person.strike("n")
    person.write("标签未标注硒含量")
    person.key(ESCAPE)
    row = person.screen.work.item(ITEM)
    assert (row.note, person.screen.work.finding(row.finding_key).description) == (
        "标签未标注硒含量", "标签未标注硒含量",
    )  # fmt: skip
    close(session)
    assert digest(real) == before


def test_starting_over_is_asked_and_escape_keeps_everything(begin: Open, home: Path, real: Path, qtbot):
    before = digest(real)
    session, person = begin()
    begin_a_visit(person)
    person.key(ESCAPE)
    qtbot.waitUntil(lambda: "✓ 基本情况" in session.card.steps.text())
    QTest.mouseClick(session.card.wipe_button, Qt.MouseButton.LeftButton)
    question = person.dialog()
    assert isinstance(question, Question)
    person.key(ESCAPE)
    assert session.shell.isVisible()
    assert home.is_dir()
    person.sit_down()
    session._extra_commands(session.shell)[0].run()
    assert isinstance(person.dialog(), Question)
    person.key(ENTER, CTRL)
    qtbot.waitUntil(lambda: not session.shell.isVisible())
    close(session)
    assert not home.exists()

    session, person = begin()
    Step(session, person).is_next(LESSONS[0].key)
    assert "✓" not in session.card.steps.text()
    close(session)
    assert digest(real) == before
