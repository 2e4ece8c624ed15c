"""Practice: a whole visit by keys as the card says them, each step ticked by what the records say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDir, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.demo import practice
from app.services.practising import is_practice
from app.ui.crash import CrashPath
from app.ui.first_use import FirstUsePage
from app.ui.practice import starting
from app.ui.practice.card import DONE
from app.ui.practice.course import LESSONS
from app.ui.practice.session import TITLE, PracticeSession
from app.ui.visit.lines import CLOSING
from tests.ui.hands import CTRL, DOWN, ENTER, ESCAPE, NONE, FileDialogs, Person, draw

WRONG = "6.2"
STEPS = [lesson.name for lesson in LESSONS]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice home made once and closed again."""
    home = practice.practice_home(tmp_path_factory.mktemp("练习") / "数据")
    practice.open_practice(home, progress=lambda _done, _total: None).close()
    return home


@pytest.fixture
def session(qapp: QApplication, prepared: Path, qtbot) -> Iterator[PracticeSession]:
    crashes = CrashPath(prepared)
    made = PracticeSession(qapp, prepared, crashes)
    made.begin()
    assert made.unlock is not None
    assert made.unlock.windowTitle() == TITLE
    assert not made.unlock.passphrase_page.isVisible()
    qtbot.waitUntil(lambda: made.shell is not None and made.shell.isVisible())
    yield made
    made.end()
    crashes.uninstall()
    for window in (made.unlock, made.shell):
        if window is not None:
            window.hide()
            window.deleteLater()


@pytest.fixture
def person(session: PracticeSession, qtbot, monkeypatch: pytest.MonkeyPatch) -> Person:
    files = FileDialogs()
    for module in ("app.ui.chooser", "app.ui.widgets.photos"):
        monkeypatch.setattr(f"{module}.QFileDialog", files)
    assert session.shell is not None
    assert session._opened is not None
    made = Person(session._opened.place, session.shell, session.jobs, files, qtbot)
    made.sit_down()
    made.wait()
    return made


def test_a_new_inspector_does_one_visit_by_the_card(session: PracticeSession, person: Person) -> None:
    step = Step(session, person)
    assert is_practice(person.place)
    assert "练习" in person.shell.windowTitle()
    assert "练习" in person.shell.status_line._left.text()

    step.is_next("start")
    person.go("targets")
    person.key(ENTER)
    dialog = person.dialog()
    person.fill(dialog, task_source="双随机抽查", approval_number="练习 1 号", approval_by="黎国平",
                credentials_shown=True, rights_told=True)  # fmt: skip
    person.submit(dialog)

    step.is_next("basics")
    person.key(ENTER)
    person.fill(person.screen.workplace.basics, place="包装车间", production_status="正常生产")
    person.key(ESCAPE)

    step.is_next("answers")
    answer_everything(person)

    step.is_next("finding")
    write_what_is_wrong(person)

    step.is_next("order")
    order_it(person)

    step.is_next("account")
    person.step("o")
    assert person.screen.workplace.items.current() == CLOSING
    person.key(ENTER)
    person.fill(person.screen.workplace.closing, situation="查看包装车间和台账。", opinion="责令限期改正。")
    person.key(ESCAPE)

    step.is_next("signatures")
    sign(person)

    step.is_next("finish")
    person.step(ENTER)

    step.is_next("print")
    person.step("p")
    step.all_done()


class Step:
    """What the card says, once it has read the records."""

    def __init__(self, session: PracticeSession, person: Person) -> None:
        assert session.card is not None
        self._card, self._session, self._person = session.card, session, person

    def is_next(self, key: str) -> None:
        lesson = next(each for each in LESSONS if each.key == key)
        done = LESSONS[: LESSONS.index(lesson)]
        self._person.qtbot.waitUntil(lambda: f"下一步 {lesson.name}" in self._card.how.text())
        shown = self._card.steps.text().split("　")
        assert shown[: len(done) + 1] == [*(f"✓ {each.name}" for each in done), f"▸ {lesson.name}"]
        self._person.wait()

    def all_done(self) -> None:
        self._person.qtbot.waitUntil(lambda: self._card.how.text() == DONE)
        assert self._card.steps.text().count("✓") == len(LESSONS)


def answer_everything(person: Person) -> None:
    """↓, and 1 for each; V and P first where the card of the item says so."""
    work, items = person.screen.work, person.screen.workplace.items
    person.key(DOWN)
    while items.current() != CLOSING:
        row = work.item(items.current())
        for number in range(row.photos_required):
            person.files.lay_out(person.place.home / practice.PHOTOS / f"{number + 1}.jpg")
            person.step("p", NONE)
        if row.measure is not None:
            person.key("v")
            person.strike("0.2")
            person.key(ENTER)
        person.key("1")


def write_what_is_wrong(person: Person) -> None:
    person.key("/")
    person.write(WRONG)
    person.key(ENTER)
    person.key("2")
    person.key("/")
    person.write(WRONG)
    person.key(ENTER)
    person.key("n")
    person.write("库房内 2 批产品的标签仍印着到期的证书编号。")
    person.key(ESCAPE)


def order_it(person: Person) -> None:
    person.key("f")
    person.step("d")
    assert person.shell.current_key() == "enforcement"
    for values in ({"working_days": 10}, {"number": "练习责改 1 号"}, {"received_by": "王伟"}):
        person.key(ENTER, CTRL)
        dialog = person.dialog()
        person.fill(dialog, **values)
        person.submit(dialog)


def sign(person: Person) -> None:
    person.key("g", CTRL)
    dialog = person.dialog()
    for _ in range(2):
        draw(dialog.pad)
        person.key(ENTER, CTRL)
    person.click("state_refused", dialog)
    person.fill(dialog, reason="不同意签名", witness="李娜")
    person.submit(dialog)


def test_the_lock_tells_the_passphrase(session: PracticeSession, person: Person) -> None:
    person.key("l", CTRL)
    assert session.unlock is not None
    assert practice.PASSPHRASE in session.unlock.banner.text()
    session.unlock.activateWindow()
    with person.qtbot.waitActive(session.unlock):
        pass
    person.qtbot.keyClicks(session.unlock.passphrase_page.field, practice.PASSPHRASE)
    person.qtbot.keyClick(session.unlock.passphrase_page.field, ENTER)
    person.qtbot.waitUntil(person.shell.isVisible)
    person.wait()


def test_it_is_left_and_gone_on_with(qapp: QApplication, prepared: Path, qtbot) -> None:
    shown = []
    for _ in range(2):
        session = PracticeSession(qapp, prepared, CrashPath(prepared))
        session.begin()
        qtbot.waitUntil(lambda session=session: session.card is not None)
        qtbot.waitUntil(lambda session=session: not session.jobs.is_busy())
        shown.append(session.card.steps.text())
        session.end()
        session.shell.hide()
        session.shell.deleteLater()
        assert prepared.is_dir(), "leaving is not wiping"
    assert shown[0] == shown[1]


def test_one_click_wipes_it(qapp: QApplication, tmp_path: Path, prepared: Path, qtbot) -> None:
    real = tmp_path / "数据"
    (tmp_path / "数据" / "store.db").parent.mkdir()
    home = Path(shutil.copytree(prepared, practice.practice_home(real)))
    here, crashes = QDir.currentPath(), CrashPath(home)
    session = PracticeSession(qapp, home, crashes)
    session.begin()
    qtbot.waitUntil(lambda: session.card is not None)
    assert [each.text for each in session._extra_commands(session.shell)] == ["清除练习数据"]
    QTest.mouseClick(session.card.wipe_button, Qt.MouseButton.LeftButton)
    assert not session.shell.isVisible()
    session.end()
    crashes.uninstall()
    assert QDir.currentPath() == here
    assert not home.exists()
    assert real.is_dir(), "the real home beside it stays"


def test_it_opens_as_a_program_of_its_own(tmp_path: Path) -> None:
    home = tmp_path / "数据"
    assert starting.arguments(home, frozen=True) == ["practice", str(home)]
    assert starting.arguments(home, frozen=False) == ["-m", "app", "practice", str(home)]
    assert practice.practice_home(home) == tmp_path / "数据-practice"


def test_first_use_offers_it(show, qtbot) -> None:
    page = show(FirstUsePage())
    with qtbot.waitSignal(page.practice_asked):
        QTest.keyClick(page, Qt.Key.Key_T, CTRL)
