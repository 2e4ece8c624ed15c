"""One whole visit by the keyboard alone, from the passphrase to the printed form with its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QRadioButton, QWidget

from app.forms.codes import read_code
from app.ui.application import Session
from app.ui.visit.lines import CLOSING
from tests.conftest import PASSPHRASE
from tests.ui.hands import CTRL, DOWN, ENTER, RIGHT, SPACE, UP, FileDialogs, Person, focused
from tests.ui.visit_by_keys import (
    describe_what_is_wrong,
    fill_in_the_basics,
    finish,
    issue_and_deliver,
    items_of,
    measure,
    sum_up,
)
from tests.ui.whole_visit import (
    FACTORY,
    FACTS,
    WRONG_ITEM,
    made_home,
    paper_codes,
    paper_text,
    picture,
    program,
)


@pytest.fixture
def session(qapp: QApplication, laptop_template: Path, tmp_path: Path) -> Iterator[Session]:
    with program(qapp, made_home(laptop_template, tmp_path / "张三的数据")) as made:
        yield made


@pytest.mark.slow
def test_a_whole_visit_by_keys(session: Session, qtbot, tmp_path: Path) -> None:
    inspector = unlock(session, qtbot)
    go_to_the_target(inspector)
    start(inspector)
    fill_in_the_basics(inspector)
    inspector.key(DOWN)
    answer(inspector, tmp_path)
    describe_what_is_wrong(inspector)
    order_it_to_be_put_right(inspector)
    sum_up(inspector)
    sign(inspector)
    finish(inspector)
    look_at_the_paper(inspector, tmp_path)


def unlock(session: Session, qtbot) -> Person:
    """The passphrase and Enter."""
    window = session.unlock
    assert window is not None
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClicks(focused(), PASSPHRASE)
    qtbot.keyClick(focused(), ENTER)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
    shell, opened = session.shell, session._opened
    assert shell is not None
    assert opened is not None
    person = Person(opened.place, shell, session.jobs, FileDialogs(), qtbot)
    person.sit_down()
    person.wait()
    return person


def go_to_the_target(inspector: Person) -> None:
    """今日 names the target; it is found in 检查对象 by the initials of its name."""
    assert inspector.shell.current_key() == "today"
    assert FACTORY in focused().accessibleName()
    inspector.go("targets")
    inspector.search("恒𬭎")
    assert inspector.screen.table.current_row().name == FACTORY
    inspector.key(ENTER)


def start(inspector: Person) -> None:
    """Another colleague than assigned goes along; the conditions are filled in on the way."""
    dialog = inspector.dialog()
    inspector.fill(
        dialog, officer_2="李敏 赣C36090003", task_source="双随机抽查", approval_number="袁市监检批〔2026〕31号",
        approval_by="王振", notice_number="袁市监检通〔2026〕9号", credentials_shown=True, rights_told=True,
    )  # fmt: skip
    inspector.submit(dialog)
    assert inspector.screen.title() == FACTORY
    assert "李敏" in inspector.screen.context()


def answer(inspector: Person, folder: Path) -> None:
    """1 to 4 answer and go on; V, P and N before them where a number, a picture or a word belongs."""
    items, work = items_of(inspector), inspector.screen.work
    chosen = {WRONG_ITEM: "2"}
    while items.current() != CLOSING:
        row = work.item(items.current())
        for _ in range(row.photos_required):
            take_a_photo(inspector, picture(folder, row.id))
        measure(inspector, row)
        key = chosen.get(row.id) or ("3" if row.allow_not_applicable and "3" not in chosen.values() else "1")
        if not chosen.keys() - {WRONG_ITEM}:
            inspector.key("4")
            inspector.key(UP)
            assert work.item(row.id).verdict == "not_checked"
        chosen[row.id] = key
        inspector.key(key)
    said = {row.id: row.verdict for section in work.sheet.sections for row in section.items}
    assert all(said.values())
    assert said[WRONG_ITEM] == "nonconforming"
    assert "not_applicable" in said.values()


def take_a_photo(inspector: Person, path: Path) -> None:
    """P, the name of the file in the dialog, Enter."""
    choose_file(inspector, path, lambda: inspector.key("p"))
    inspector.wait()


def choose_file(inspector: Person, path: Path, ask: Callable[[], None]) -> None:
    """What opens a dialog of files; the name is written into it, and Enter ends it."""

    def write() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog) or not dialog.isActiveWindow():
            QTimer.singleShot(20, write)
            return
        assert isinstance(focused(), QLineEdit)
        inspector.write(str(path))
        inspector.key(ENTER)

    QTimer.singleShot(20, write)
    ask()
    inspector.sit_down()


def order_it_to_be_put_right(inspector: Person) -> None:
    """Ctrl+D from the finding; drafted until a day, issued, delivered: each by Ctrl+Enter."""
    inspector.step("d")
    inspector.key(ENTER, CTRL)
    dialog = inspector.dialog()
    choose_radio(inspector, dialog, "term_date", DOWN)
    day = dialog.term.date.day().replace(day=28)
    inspector.tab_to(dialog.term.date)
    inspector.key("a", CTRL)
    inspector.strike(day.isoformat())
    assert dialog.term.term().due_on == day
    if dialog.confirmed.isVisible():
        inspector.fill(dialog, confirmed_by="彭建华")
    inspector.submit(dialog)
    issue_and_deliver(inspector)


def choose_radio(inspector: Person, window: QWidget, name: str, way: Qt.Key) -> None:
    """Tab to the group, arrows to the wanted one."""
    wanted = window.findChild(QRadioButton, name)
    group = wanted.group()
    inspector.tab_to(group.checkedButton())
    for _ in group.buttons():
        if wanted.isChecked():
            return
        inspector.key(way)
    raise AssertionError(f"the arrows do not lead to {name}")


def sign(inspector: Person) -> None:
    """Both officers write with a pen led by the arrows; the party refuses before a witness."""
    inspector.key("g", CTRL)
    dialog = inspector.dialog()
    for _ in range(2):
        inspector.tab_to(dialog.pad)
        inspector.key(SPACE)
        for key in (*[RIGHT] * 6, *[UP] * 4, *[RIGHT] * 6):
            inspector.key(key)
        inspector.key(SPACE)
        assert not dialog.pad.is_empty()
        inspector.key(ENTER, CTRL)
    choose_radio(inspector, dialog, "state_refused", RIGHT)
    inspector.fill(dialog, reason="认为搬迁不属违法，拒绝签名", witness="村委会李娜")
    inspector.submit(dialog)
    assert inspector.screen.work.sheet.missing == ()


def look_at_the_paper(inspector: Person, folder: Path) -> None:
    """Ctrl+P, Ctrl+S, a name; the file is read back."""
    visit = inspector.screen.work.inspection_id
    inspector.step("p")
    inspector.qtbot.waitUntil(lambda: inspector.screen.printed is not None)
    paper = folder / "记录表.pdf"
    choose_file(inspector, paper, lambda: inspector.key("s", CTRL))
    inspector.wait()
    text = paper_text(paper)
    assert FACTORY in text
    assert FACTS in text
    codes = [read_code(each) for each in paper_codes(paper)]
    assert codes
    assert {code.record for code in codes} == {visit}
    assert [code.page for code in codes] == list(range(1, codes[0].pages + 1))
