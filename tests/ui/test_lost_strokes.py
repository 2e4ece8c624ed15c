"""No stroke is lost: a process is killed in the middle of writing, and the next run goes on there."""

from __future__ import annotations

import os
import shutil
import signal
import string
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit

from app import bootstrap
from app.models.inspection import Inspection
from app.services import inspecting, papers, savepoints
from app.ui.application import Session
from app.ui.crash import CrashPath
from app.ui.keeping import PLACE
from app.ui.widgets.dialogs import FormDialog
from app.vocabulary import InspectionStatus, Verdict
from tests.conftest import PASSPHRASE
from tests.services.talks import put_form
from tests.ui.desks import found_visit
from tests.ui.strokes import ANSWERED, BETWEEN_STROKES, CTRL, ITEM, answer_keys
from tests.ui.test_application import enter

ROOT = Path(__file__).resolve().parents[2]
SECOND = 1.0
WORDS = {"1": "符合", "2": "不符合"}
ENOUGH = 60
"""Strokes before the kill: more than two seconds without any pause."""


@pytest.fixture
def home(laptop_template: Path, tmp_path: Path) -> Path:
    """A laptop with one visit under way, with a finding."""
    made = Path(shutil.copytree(laptop_template, tmp_path / "张三的数据"))
    with bootstrap.open_home(made, PASSPHRASE) as place:
        visit = found_visit(place)
        inspecting.answer(place, inspection_id=visit.id, item="1.1", verdict=Verdict.CONFORMING)
    (made / "visit").write_text(visit.id, "utf8")
    return made


def killed_while_writing(home: Path, what: str) -> tuple[int, int]:
    """How many strokes were made a second before a ``kill -9``, and how many in all."""
    command = [sys.executable, "-m", "tests.ui.strokes", str(home), what]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    times = [time.monotonic() for _line in islice(child.stdout, ENOUGH)]
    child.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    in_all = len(times) + sum(1 for _ in child.stdout)
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL
    assert in_all >= ENOUGH, "the person came to write"
    return sum(1 for each in times if killed - each > SECOND), in_all


def letters(count: int) -> str:
    return "".join(islice(cycle(string.ascii_lowercase), count))


@pytest.fixture
def sessions(qapp: QApplication, home: Path, qtbot) -> Iterator[Session]:
    crashes = CrashPath(home)
    made = Session(qapp, home, crashes)
    yield made
    made.end()
    crashes.uninstall()
    for window in (made.unlock, made.shell):
        if window is not None:
            window.hide()
            window.deleteLater()


def come_back(session: Session, qtbot) -> None:
    session.begin()
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
    session.shell.activateWindow()
    qtbot.waitUntil(session.shell.isActiveWindow)


def test_a_killed_note_is_there_up_to_its_last_second_and_its_editor_too(
    home: Path, sessions: Session, qtbot
):
    safe, in_all = killed_while_writing(home, "note")
    assert safe * BETWEEN_STROKES > 1000, "writing went on for longer than the second that may be lost"
    come_back(sessions, qtbot)
    screen = sessions.shell.current()
    assert sessions.shell.current_key() == "visit"
    assert screen.workplace.items.current() == ITEM
    editor = QApplication.focusWidget()
    assert editor is screen.workplace.items.editor
    written = editor.toPlainText()
    assert written == letters(len(written))
    assert safe <= len(written) <= in_all
    answers = {row.id: row.verdict for section in screen.work.sheet.sections for row in section.items}
    assert (answers["1.1"], answers["3.1"]) == (Verdict.CONFORMING, Verdict.NONCONFORMING)


def test_a_killed_form_is_announced_and_filled_in_again(home: Path, sessions: Session, qtbot):
    safe, in_all = killed_while_writing(home, "form")
    come_back(sessions, qtbot)
    shell = sessions.shell
    assert shell.current_key() == "enforcement"
    assert "拟责令改正通知书" in shell.banner.text()
    qtbot.keyClick(shell, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), FormDialog))
    dialog = QApplication.activeModalWidget()
    assert dialog.banner.isVisible()
    written = dialog.findChild(QPlainTextEdit, "requirements").toPlainText()
    typed = "".join(each for each in written if each in string.ascii_lowercase)
    assert safe <= len(typed) <= in_all

    dialog.reject()
    sessions.shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    qtbot.keyClick(shell, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() not in {None, dialog})
    fresh = QApplication.activeModalWidget()
    assert not fresh.banner.isVisible(), "put away by its user, it begins anew"
    fresh.reject()


def test_a_killed_correction_is_there_with_its_panel(home: Path, sessions: Session, qtbot):
    with bootstrap.open_home(home, PASSPHRASE) as place, place.write("test.seal") as work:
        work.session.get_one(
            Inspection, (home / "visit").read_text("utf8")
        ).status = InspectionStatus.FINALISED
        work.commit()
    safe, in_all = killed_while_writing(home, "correction")
    come_back(sessions, qtbot)
    workplace = sessions.shell.current().workplace
    assert workplace.items.current() == "1.1"
    panel = workplace.correction
    assert QApplication.focusWidget() is panel.reason
    written = panel.reason.toPlainText()
    assert written == letters(len(written))
    assert safe <= len(written) <= in_all
    assert "已写未更正" in panel.begun.text()

    qtbot.keyClicks(panel.reason, " and more")
    sessions._watch.idle.emit()
    enter(qtbot, sessions.unlock, PASSPHRASE)
    qtbot.waitUntil(sessions.shell.isVisible)
    assert panel.reason.toPlainText() == f"{written} and more"
    [kept] = savepoints.kept(sessions._opened.place, prefix="correction:")
    assert [each["reason"] for each in kept.value.values()] == [f"{written} and more"]


def test_a_killed_change_of_officers_is_announced_and_filled_in_again(home: Path, sessions: Session, qtbot):
    safe, in_all = killed_while_writing(home, "change")
    come_back(sessions, qtbot)
    shell = sessions.shell
    assert shell.current_key() == "visit"
    assert "检查人员变动" in shell.banner.text()
    qtbot.keyClick(shell, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), FormDialog))
    dialog = QApplication.activeModalWidget()
    assert dialog.findChild(QComboBox, "leaving").currentIndex() == 1
    written = dialog.findChild(QLineEdit, "reason").text()
    assert written == letters(len(written))
    assert safe <= len(written) <= in_all
    dialog.reject()


def test_a_killed_paper_is_open_at_its_field_up_to_its_last_second(home: Path, sessions: Session, qtbot):
    with bootstrap.open_home(home, PASSPHRASE) as place:
        put_form(place)
    safe, in_all = killed_while_writing(home, "paper")
    come_back(sessions, qtbot)
    screen = sessions.shell.current()
    assert sessions.shell.current_key() == "printing"
    field = screen.filling.page.field("content")
    assert QApplication.focusWidget() is field
    written = field.toPlainText()
    assert written == letters(len(written))
    assert safe <= len(written) <= in_all
    [row] = papers.paper_rows(sessions._opened.place, inspection_id=(home / "visit").read_text("utf8"))
    assert row.form == "talk"


def test_a_form_is_known_again_from_another_field_of_the_same_paper(home: Path, sessions: Session, qtbot):
    come_back(sessions, qtbot)
    place, visit = sessions._opened.place, (home / "visit").read_text("utf8")
    put_form(place)
    sessions.shell.open("printing", inspection_id=visit, form="talk", fill=True)
    page = sessions.shell.current().filling.page
    kept = []
    for field in ("person", "content"):
        page.field(field).setFocus()
        qtbot.keyClick(page.field(field), Qt.Key.Key_B, CTRL)
        qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), FormDialog))
        dialog = QApplication.activeModalWidget()
        box = dialog.findChild(QComboBox, "what")
        kept.append(box.currentIndex())
        box.setCurrentIndex(1)
        qtbot.waitUntil(lambda: bool(savepoints.kept(place, prefix="form:")))
        # Hidden and not put away: what the program would leave behind.
        dialog.hide()
        dialog.deleteLater()
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
        sessions.shell.activateWindow()
        qtbot.waitUntil(sessions.shell.isActiveWindow)
    assert kept == [0, 1]


def test_after_a_kill_the_answers_go_back_one_by_one_by_their_names(home: Path, sessions: Session, qtbot):
    safe, in_all = killed_while_writing(home, "answers")
    come_back(sessions, qtbot)
    screen = sessions.shell.current()
    items = [row.id for section in screen.work.sheet.sections for row in section.items][:ANSWERED]
    keys = list(islice(answer_keys(), in_all))
    screen.workplace.items.setFocus()

    names = []
    while (step := screen.work.steps.last()) is not None:
        assert step.after.item.verdict is screen.work.item(step.card).verdict, "nothing is taken back unseen"
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, CTRL)
        assert screen.work.item(step.card).verdict is step.before.item.verdict
        names.append(step.name)
    # A step is not offered where one that the kill cut off changed the same item once more.
    assert 0 < safe - ANSWERED <= len(names) <= in_all
    done = iter(f"{items[at % ANSWERED]} {WORDS[key]}" for at, key in enumerate(keys))
    assert all(name in done for name in reversed(names)), "in the order of the keys"

    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Y, CTRL)
    sessions.end()
    with bootstrap.open_home(home, PASSPHRASE) as place:
        kept = savepoints.kept(place, prefix="undo:")
    assert sum(not each.value["undone"] for each in kept) == 1
    assert sum(bool(each.value["undone"]) for each in kept) == len(names) - 1


def test_an_idle_lock_in_the_middle_of_a_note_comes_back_into_the_note(home: Path, sessions: Session, qtbot):
    come_back(sessions, qtbot)
    shell = sessions.shell
    shell.open("visit", inspection_id=(home / "visit").read_text("utf8"), item=ITEM)
    items = shell.current().workplace.items
    items.setFocus()
    qtbot.keyClicks(items, "n")
    qtbot.keyClicks(QApplication.focusWidget(), "half a sen")
    sessions._watch.idle.emit()
    assert not shell.isVisible()
    assert shell.current().work.item(ITEM).note == "half a sen"
    enter(qtbot, sessions.unlock, PASSPHRASE)
    qtbot.waitUntil(shell.isVisible)
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    assert (QApplication.focusWidget(), items.current()) == (items.editor, ITEM)
    qtbot.keyClicks(items.editor, "tence")
    assert items.editor.toPlainText() == "half a sentence"


def test_a_form_left_open_at_the_lock_is_open_with_its_words_afterwards(home: Path, sessions: Session, qtbot):
    come_back(sessions, qtbot)
    shell = sessions.shell
    shell.open("enforcement", inspection_id=(home / "visit").read_text("utf8"))
    qtbot.keyClick(shell, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    dialog.findChild(QPlainTextEdit, "requirements").setPlainText("停止销售")
    sessions.lock()
    assert not dialog.isVisible()
    enter(qtbot, sessions.unlock, PASSPHRASE)
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.findChild(QPlainTextEdit, "requirements").toPlainText() == "停止销售"
    dialog.reject()


def test_the_next_start_opens_the_screen_and_the_record_of_the_last_one(home: Path, sessions: Session, qtbot):
    visit = (home / "visit").read_text("utf8")
    come_back(sessions, qtbot)
    assert sessions.shell.current_key() == "today"
    sessions.shell.open("enforcement", inspection_id=visit)
    assert sessions.shell.current().where() == {"inspection_id": visit}
    sessions.end()
    with bootstrap.open_home(home, PASSPHRASE) as place:
        [kept] = [each.value for each in savepoints.kept(place) if each.name == PLACE]
    assert kept == {"screen": "enforcement", "arguments": {"inspection_id": visit}}
