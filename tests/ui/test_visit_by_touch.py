"""One whole visit by fingers alone, with text from the keyboard on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from app.forms.codes import read_code
from app.ui.application import Session
from app.ui.shell import Shell
from app.ui.tokens import TARGET
from app.ui.visit.cards import ItemCard
from app.ui.visit.items import ItemList
from app.ui.visit.lines import BASICS
from tests.conftest import PASSPHRASE
from tests.ui.finger import Finger, commit
from tests.ui.whole_visit import (
    FACTORY,
    FACTS,
    ORDER_NUMBER,
    WRONG_ITEM,
    made_home,
    paper_codes,
    paper_text,
    picture,
    program,
)


@dataclass
class Toucher:
    """Somebody with gloves off before the real window."""

    session: Session
    finger: Finger
    qtbot: object

    @property
    def shell(self) -> Shell:
        assert self.session.shell is not None
        return self.session.shell

    @property
    def screen(self):
        return self.shell.current()

    @property
    def items(self) -> ItemList:
        return self.screen.workplace.items

    def sit_down(self) -> None:
        self.shell.activateWindow()
        self.qtbot.waitUntil(self.shell.isActiveWindow)
        self.wait()

    def go(self, key: str) -> None:
        """Tap a section in the rail."""
        self.finger.tap(self.shell.rail.button(key))
        self.wait()
        assert self.shell.current_key() == key

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.session.jobs.is_busy())

    def tap(self, name: str, within: QWidget | None = None) -> None:
        """Tap a button by its name."""
        found = [
            each for each in (within or self.shell).findChildren(QAbstractButton, name) if each.isVisible()
        ]
        assert found, name
        self.finger.tap(found[0])
        self.wait()

    def dialog(self) -> QDialog:
        self.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
        found = QApplication.activeModalWidget()
        assert isinstance(found, QDialog)
        found.activateWindow()
        self.qtbot.waitUntil(found.isActiveWindow)
        return found

    def submit(self, dialog: QDialog, name: str = "submit") -> None:
        self.tap(name, dialog)
        self.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
        self.sit_down()

    def write(self, window: QWidget, **values: str) -> None:
        for name, text in values.items():
            self.finger.write(window.findChild(QWidget, name), text)

    def choose(self, window: QWidget, **values: str) -> None:
        for name, text in values.items():
            self.finger.choose(window.findChild(QWidget, name), text)


@pytest.fixture
def session(qapp: QApplication, laptop_template: Path, tmp_path: Path) -> Iterator[Session]:
    with program(qapp, made_home(laptop_template, tmp_path / "张三的数据")) as made:
        yield made


@pytest.mark.slow
def test_a_whole_visit_by_touch(session: Session, qtbot, tmp_path: Path) -> None:
    inspector = unlock(session, qtbot)
    find_the_target(inspector)
    start(inspector)
    fill_in_the_basics(inspector)
    answer(inspector, tmp_path)
    order_it_to_be_put_right(inspector)
    sum_up(inspector)
    sign(inspector)
    finish(inspector)
    look_at_the_paper(inspector, tmp_path)


def unlock(session: Session, qtbot) -> Toucher:
    window = session.unlock
    assert window is not None
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    inspector = Toucher(session, Finger(), qtbot)
    page = window.passphrase_page
    inspector.finger.write(page.field, PASSPHRASE)
    inspector.finger.tap(page.button)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
    inspector.sit_down()
    return inspector


def find_the_target(inspector: Toucher) -> None:
    """The rail, some words, and a long press for the menu of the row."""
    inspector.go("targets")
    screen = inspector.screen
    inspector.finger.write(screen.search, "恒𬭎")
    inspector.qtbot.waitUntil(lambda: screen.table.current_row() is not None)
    inspector.wait()
    row = screen.table.visualRect(screen.table.model().index(0, 0)).center()
    inspector.finger.long_press(screen.table.viewport(), row)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    step = next(each for each in menu.actions() if each.text().startswith("打开"))
    inspector.finger.tap(menu, menu.actionGeometry(step).center())


def start(inspector: Toucher) -> None:
    dialog = inspector.dialog()
    inspector.choose(dialog, officer_2="李敏 赣C36090003", task_source="双随机抽查")
    inspector.write(dialog, approval_number="袁市监检批〔2026〕31号", approval_by="王振")
    inspector.write(dialog, notice_number="袁市监检通〔2026〕9号")
    for name in ("credentials_shown", "rights_told"):
        inspector.finger.check(dialog.findChild(QAbstractButton, name))
    inspector.submit(dialog)
    assert inspector.screen.title() == FACTORY
    assert "李敏" in inspector.screen.context()


def fill_in_the_basics(inspector: Toucher) -> None:
    assert inspector.items.current() == BASICS
    card = inspector.screen.workplace.basics
    inspector.write(card, place="成品库和总装车间")
    inspector.choose(card, production_status="正常生产", product_class="消防产品")
    inspector.write(card, subject_representative="王伟")


def card_of(inspector: Toucher, key: str) -> ItemCard:
    """The card of an item, flicked into sight."""
    items = inspector.items
    for _ in range(60):
        card = items.card(key)
        if isinstance(card, ItemCard) and card.isVisible():
            return card
        down = items.keys().index(key) > items.keys().index(items.current())
        inspector.finger.flick(items, -160 if down else 160)
    raise AssertionError(f"no flick leads to {key}")


def answer(inspector: Toucher, folder: Path) -> None:
    """Every item by its buttons; signs for note, photo and value on the card that was touched."""
    work, done = inspector.screen.work, set()
    while rows := [row for part in work.sheet.sections for row in part.items if row.id not in done]:
        row = rows[0]
        done.add(row.id)
        inspector.finger.tap(card_of(inspector, row.id).text)
        assert inspector.items.current() == row.id
        for _ in range(row.photos_required):
            photo = card_of(inspector, row.id).photo_button
            inspector.finger.choose_file(
                picture(folder, row.id), lambda photo=photo: inspector.finger.tap(photo)
            )
            inspector.sit_down()
        if row.measure is not None:
            inspector.finger.write(card_of(inspector, row.id).values.findChild(QLineEdit, "value"), "36")
        if row.id == WRONG_ITEM:
            inspector.finger.tap(card_of(inspector, row.id).note_button)
            commit(FACTS)
        word = "nonconforming" if row.id == WRONG_ITEM else "conforming"
        inspector.finger.tap(card_of(inspector, row.id).answers.button(word))
        assert work.item(row.id).verdict == word
        assert work.item(row.id).value == ("36" if row.measure is not None else "")
    assert work.item(WRONG_ITEM).note == FACTS


def order_it_to_be_put_right(inspector: Toucher) -> None:
    """The finding leads to 问题与处置; a day from the calendar, days by the buttons of the field."""
    inspector.finger.tap(card_of(inspector, WRONG_ITEM).text)
    inspector.finger.tap(card_of(inspector, WRONG_ITEM).finding_button)
    panel = inspector.screen.workplace.finding
    assert panel.description.toPlainText() == FACTS
    inspector.finger.tap(panel._dispose)
    inspector.wait()
    tap_the_next_step(inspector)
    dialog = inspector.dialog()
    days = dialog.findChild(QSpinBox, "working_days")
    before = days.value()
    inspector.finger.tap(days, QPoint(days.width() - 14, days.height() // 4))
    assert days.value() == before + 1
    inspector.finger.check(dialog.findChild(QRadioButton, "term_date"))
    day = QDate(dialog.term.date.edit.date()).addMonths(1)
    inspector.finger.pick(dialog.term.date.edit, day)
    if dialog.confirmed.isVisible():
        inspector.finger.choose(dialog.confirmed, "彭建华")
    inspector.submit(dialog)
    tap_the_next_step(inspector)
    dialog = inspector.dialog()
    inspector.write(dialog, number=ORDER_NUMBER)
    inspector.submit(dialog)
    tap_the_next_step(inspector)
    dialog = inspector.dialog()
    if not dialog.findChild(QWidget, "received_by").text():
        inspector.write(dialog, received_by="王伟")
    inspector.submit(dialog)
    assert "已送达" in inspector.screen.papers.cards[-1].accessibleName()
    inspector.go("visit")


def tap_the_next_step(inspector: Toucher) -> None:
    """The filled button of the title bar."""
    inspector.finger.tap(inspector.shell.title_bar.buttons()[-1])


def sum_up(inspector: Toucher) -> None:
    for _ in range(60):
        card = inspector.screen.workplace.closing
        if card.isVisible():
            break
        inspector.finger.flick(inspector.items, -160)
    inspector.write(
        card, situation="查看成品库、总装车间和出货台账，抽查三个型号。", opinion="责令限期改正，期满复查。"
    )


def sign(inspector: Toucher) -> None:
    """Two officers sign with the finger; the party refuses before a witness."""
    inspector.tap("conditions")
    inspector.tap("sign")
    dialog = inspector.dialog()
    for _ in range(2):
        pad = dialog.pad
        points = [QPoint(30 + 12 * step, 40 + (step % 3) * 10) for step in range(9)]
        inspector.finger.press(dialog, *(pad.mapTo(dialog, point) for point in points))
        assert len(pad._strokes) == 1
        assert len(pad._strokes[0]) >= len(points)
        inspector.tap("store_signature", dialog)
    inspector.finger.check(dialog.findChild(QRadioButton, "state_refused"))
    inspector.write(dialog, reason="认为搬迁不属违法，拒绝签名", witness="村委会李娜")
    inspector.submit(dialog, "store_signature")
    assert inspector.screen.work.sheet.missing == ()


def finish(inspector: Toucher) -> None:
    inspector.tap("finish")
    assert "已完成并封存" in inspector.screen.workplace.banner.text()


def look_at_the_paper(inspector: Toucher, folder: Path) -> None:
    visit = inspector.screen.work.inspection_id
    inspector.tap("print_preview")
    inspector.qtbot.waitUntil(lambda: inspector.screen.printed is not None)
    paper = folder / "记录表.pdf"
    inspector.finger.choose_file(paper, lambda: inspector.tap("save_pdf"))
    inspector.sit_down()
    text = paper_text(paper)
    assert FACTORY in text
    assert FACTS in text
    codes = [read_code(each) for each in paper_codes(paper)]
    assert {code.record for code in codes} == {visit}


def test_a_flick_scrolls_and_chooses_nothing(session: Session, qtbot, tmp_path: Path) -> None:
    """What lies under the finger while it moves is not touched; a tap behind it is."""
    inspector = unlock(session, qtbot)
    inspector.go("targets")
    inspector.wait()
    tap_the_next_step(inspector)
    start(inspector)
    items = inspector.items
    before = items.verticalScrollBar().value()
    inspector.finger.flick(items, -200)
    assert items.verticalScrollBar().value() > before
    assert items.current() == BASICS
    assert not any(row.verdict for part in inspector.screen.work.sheet.sections for row in part.items)


SECTIONS = (
    "today",
    "targets",
    "visit",
    "enforcement",
    "printing",
    "scans",
    "handover",
    "conflicts",
    "settings",
)
LEADS = "start_conditions"
"""Lines beside a form that only lead to its fields; those are what fingers touch."""
TARGETS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox)


def test_what_is_touched_is_large_enough(session: Session, qtbot) -> None:
    """Buttons and fields of every screen of an inspector are 40 pixels high, rows of lists too."""
    inspector = unlock(session, qtbot)
    inspector.go("targets")
    tap_the_next_step(inspector)
    dialog = inspector.dialog()
    small = [f"start: {each}" for each in too_small(dialog)]
    start(inspector)
    for key in SECTIONS:
        inspector.go(key)
        qtbot.wait(50)
        small += [f"{key}: {each}" for each in too_small(inspector.shell)]
    assert small == [], "\n".join(small)


def too_small(window: QWidget) -> list[str]:
    """What in a window is lower than a finger is wide."""
    found = []
    for kind in TARGETS:
        for each in window.findChildren(kind):
            inside = isinstance(each.parentWidget(), (QLineEdit, QComboBox, QAbstractSpinBox))
            if each.isVisible() and not inside and min(each.height(), each.width()) < TARGET:
                found.append(
                    f"{type(each).__name__} {each.objectName()} {each.accessibleName()} {each.size().toTuple()}"
                )
    for view in window.findChildren(QAbstractItemView):
        first = view.model().index(0, 0) if view.isVisible() and view.model() is not None else None
        if first is not None and first.isValid() and view.objectName() != LEADS:
            height = view.visualRect(first).height()
            if 0 < height < TARGET:
                found.append(f"{type(view).__name__} {view.objectName()} {view.accessibleName()} {height}")
    return found
