"""What is due in 问题与处置, photos before and after, and the way from an order to a case, by real keys."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPlainTextEdit

from app.services import casework, enforcing, evidence
from app.services.before_after import before_after
from app.services.enforcing import OrderTerms
from app.services.evidence import Link
from app.services.workplace import Workplace
from app.ui.enforcement.compare import CompareDialog
from app.ui.enforcement.follow_up import FollowUpForm
from app.ui.enforcement.screen import DUE, LIST_WIDTH, OPEN, EnforcementScreen
from app.ui.jobs import Jobs
from app.ui.shell import Shell
from app.ui.widgets import PhotoStrip
from app.vocabulary import DeliveryMethod, FollowUpResult, OrderStatus
from tests.conftest import FakeClock
from tests.services.conftest import Visit, jpeg
from tests.ui.desks import CTRL, ENTER, Answers, desk_of, dialog_of, found_visit, shell_of, submit


@pytest.fixture
def visit(laptop: Workplace) -> Visit:
    """A visit with an order of ten working days, delivered; a photo was taken of the finding."""
    made = found_visit(laptop)
    evidence.add_photo_bytes(
        laptop, inspection_id=made.id, data=jpeg("red"), file_name="before.jpg", link=Link(item="3.1")
    )
    where = {"inspection_id": made.id}
    terms = OrderTerms("停止使用", working_days=10, confirmed_by="彭建华")
    key = enforcing.draft_order(laptop, **where, finding_keys=("item:3.1",), terms=terms).key
    enforcing.issue_order(laptop, **where, key=key, number="17")
    enforcing.deliver_order(
        laptop, **where, key=key, on=laptop.today(), method=DeliveryMethod.DIRECT, received_by="王伟"
    )
    return made


@pytest.fixture
def shell(visit: Visit, jobs: Jobs, show) -> Shell:
    made = shell_of("enforcement", lambda: EnforcementScreen(desk_of(visit.place, jobs)), "visit")
    made.resize(1366, 768)
    return show(made)


@pytest.fixture
def screen(shell: Shell) -> EnforcementScreen:
    found = shell.current()
    assert isinstance(found, EnforcementScreen)
    return found


def order_of(visit: Visit) -> enforcing.OrderRow:
    [row] = enforcing.order_rows(visit.place, open_only=False, inspection_id=visit.id)
    return row


def add_after(visit: Visit, colour: str = "green") -> None:
    """A re-inspection that extends, with a photo."""
    done = enforcing.follow_up(
        visit.place, inspection_id=visit.id, order_key=order_of(visit).key, on=visit.place.today(),
        result=FollowUpResult.EXTENDED, note="已订购", new_due_on=date(2026, 10, 9),
    )  # fmt: skip
    evidence.add_photo_bytes(
        visit.place, inspection_id=visit.id, data=jpeg(colour), file_name="after.jpg",
        link=Link(follow_up_key=done.key),
    )  # fmt: skip


def card(screen: EnforcementScreen, visit: Visit):
    found = screen.papers.card(f"order:{order_of(visit).key}")
    found.setFocus()
    return found


def compared(qtbot) -> CompareDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), CompareDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CompareDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_the_due_list_shows_the_overdue_in_front(shell, screen, visit, clock: FakeClock) -> None:
    clock.move(days=21)
    casework.note_lead(visit.place, inspection_id=visit.id, lead=casework.Lead("3", "出厂 2 批"))
    screen.list.tabs.setCurrentIndex(DUE)
    table = screen.list.due
    model = table.model()
    shown = [[model.index(row, column).data() for column in (1, 2)] for row in range(model.rowCount())]
    assert shown == [["复查", "逾期 5 工作日"], ["线索核查", "剩 15 工作日"]]
    assert screen.list.tabs.tabText(DUE) == "到期 2"


def test_enter_in_the_due_list_leads_to_the_card(qtbot, shell, screen, visit) -> None:
    screen.list.tabs.setCurrentIndex(DUE)
    screen.focus_first()
    QTest.keyClick(screen.list.due, Qt.Key.Key_Down)
    QTest.keyClick(screen.list.due, ENTER)
    assert screen.papers.card(f"order:{order_of(visit).key}").hasFocus()
    screen.list.tabs.setCurrentIndex(OPEN)
    assert screen.list.table.isVisible()


def test_the_due_list_is_searched(shell, screen, visit) -> None:
    screen.list.tabs.setCurrentIndex(DUE)
    screen.list.search.setText("没有这家")
    QTest.keyClick(screen.list.search, ENTER)
    assert screen.list.empty.heading.text() == "没有找到"
    assert screen.list.width() == LIST_WIDTH, "the list stays where it is while one searches"


def test_without_a_period_the_due_list_says_so(jobs: Jobs, laptop: Workplace, show) -> None:
    show(shell_of("enforcement", lambda: EnforcementScreen(desk_of(laptop, jobs)))).resize(1366, 768)
    screen = QApplication.activeWindow().current()
    screen.list.tabs.setCurrentIndex(DUE)
    assert screen.list.empty.heading.text() == "没有在走的期限"
    assert not screen.empty.isVisible()


def test_another_screen_names_the_card_to_wait_at(shell, screen, visit) -> None:
    shell.open("visit")
    shell.open("enforcement", inspection_id=visit.id, card=f"order:{order_of(visit).key}")
    assert screen.papers.card(f"order:{order_of(visit).key}").hasFocus()


def test_the_deadlines_go_out_by_a_key(qtbot, shell, screen, visit, tmp_path: Path) -> None:
    screen._chooser = Answers(tmp_path)
    with qtbot.waitSignal(screen.notice_given) as told:
        qtbot.keyClick(shell, Qt.Key.Key_K, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert told.args[0].startswith("已导出 1 个期限")
    [file] = tmp_path.glob("*.ics")
    summaries = {str(each["SUMMARY"]) for each in Calendar.from_ical(file.read_bytes()).walk("VEVENT")}
    assert any(each.startswith("整改复查：") for each in summaries)


def test_photos_of_the_finding_and_of_the_re_inspection_belong_together(visit) -> None:
    evidence.add_photo_bytes(
        visit.place, inspection_id=visit.id, data=jpeg("gray"), file_name="other.jpg", link=Link(item="1.1")
    )
    add_after(visit)
    found = before_after(visit.place, inspection_id=visit.id, order_key=order_of(visit).key)
    assert [each.caption for each in found.before] == ["before.jpg"]
    assert [each.caption for each in found.after] == ["after.jpg"]


def test_k_shows_before_and_after_side_by_side(qtbot, shell, screen, visit) -> None:
    add_after(visit)
    add_after(visit, "blue")
    screen.refresh(None)
    QTest.keyClick(card(screen, visit), "k")
    dialog = compared(qtbot)
    assert dialog.before.geometry().right() < dialog.after.geometry().left()
    assert not dialog.before.picture.pixmap().isNull()
    assert dialog.after.title.text() == "整改后 1/2"
    QTest.keyClick(dialog.after, Qt.Key.Key_Right)
    assert dialog.after.title.text() == "整改后 2/2"
    QTest.keyClick(dialog.after, Qt.Key.Key_Right)
    assert dialog.after.title.text() == "整改后 2/2", "it stops at the end"
    QTest.mouseClick(dialog.after.back, Qt.MouseButton.LeftButton)
    assert dialog.after.title.text() == "整改后 1/2"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_side_without_photos_says_so(qtbot, shell, screen, visit) -> None:
    QTest.keyClick(card(screen, visit), "k")
    dialog = compared(qtbot)
    assert dialog.after.picture.text() == "没有照片"
    assert "没有照片" in dialog.after.accessibleName()
    dialog.reject()


def test_a_photo_that_is_gone_is_said_under_its_place(qtbot, shell, screen, visit) -> None:
    for path in (visit.place.home / "evidence").rglob("*"):
        if path.is_file():
            path.unlink()
    QTest.keyClick(card(screen, visit), "k")
    dialog = compared(qtbot)
    assert "照片打不开" in dialog.before.caption.text()
    dialog.reject()


def test_without_any_photo_a_line_says_where_they_come_from(
    qtbot, laptop: Workplace, jobs: Jobs, show
) -> None:
    made = found_visit(laptop)
    terms = OrderTerms("停止使用", at_once=True, confirmed_by="彭建华")
    enforcing.draft_order(laptop, inspection_id=made.id, finding_keys=("item:3.1",), terms=terms)
    shell = show(shell_of("enforcement", lambda: EnforcementScreen(desk_of(laptop, jobs))))
    screen = shell.current()
    with qtbot.waitSignal(screen.notice_given) as told:
        QTest.keyClick(card(screen, made), "k")
    assert "整改前后都没有照片" in told.args[0]


def test_the_form_of_the_re_inspection_shows_both_sides(qtbot, shell, screen, visit) -> None:
    qtbot.keyClick(shell, ENTER, CTRL)
    dialog = dialog_of(qtbot)
    assert isinstance(dialog, FollowUpForm)
    before, after = (dialog.findChild(PhotoStrip, name) for name in ("before", "after"))
    left, right = (strip.mapTo(dialog, strip.rect().topLeft()) for strip in (before, after))
    assert left.x() < right.x()
    assert abs(left.y() - right.y()) < 4
    assert len(before.ids()) == 1
    dialog.reject()


@contextmanager
def held(jobs: Jobs) -> Iterator[threading.Event]:
    """Both threads for files are busy until the gate opens."""
    gate, owner = threading.Event(), QObject()
    for _ in range(2):
        jobs.run(lambda: gate.wait(30), lambda _: None, None, owner, lane="files")
    yield gate
    gate.set()


def test_photos_are_read_and_encoded_beside_the_form(
    qtbot, shell, screen, visit, jobs: Jobs, tmp_path: Path
) -> None:
    photo, text = tmp_path / "后.jpg", tmp_path / "说明.jpg"
    photo.write_bytes(jpeg("green"))
    text.write_text("不是照片")
    with held(jobs) as gate:
        qtbot.keyClick(shell, ENTER, CTRL)
        dialog = dialog_of(qtbot)
        assert isinstance(dialog, FollowUpForm)
        dialog.take_files([photo, text, tmp_path / "没有.jpg"])
        pasted = QImage(400, 300, QImage.Format.Format_RGB32)
        pasted.fill(QColor("#ff0000"))
        dialog.take_pasted(pasted)
        assert [each.data for each in dialog._pictures.values()] == [b""] * 4, "the window read nothing"
        assert len(dialog.after.ids()) == 4
        gate.set()
        qtbot.waitUntil(lambda: len(dialog.after.ids()) == 2 and not jobs.is_busy())
    assert [each.small.isNull() for each in dialog._pictures.values()] == [False, False]
    assert dialog.banner.isVisible()
    dialog.reject()


def test_a_photo_that_is_still_being_read_is_stored_all_the_same(
    qtbot, shell, screen, visit, jobs: Jobs, tmp_path: Path
) -> None:
    photo = tmp_path / "后.jpg"
    photo.write_bytes(jpeg("green"))
    with held(jobs):
        qtbot.keyClick(shell, ENTER, CTRL)
        dialog = dialog_of(qtbot)
        assert isinstance(dialog, FollowUpForm)
        dialog.take_files([photo])
        pasted = QImage(40, 30, QImage.Format.Format_RGB32)
        pasted.fill(QColor("#ff0000"))
        dialog.take_pasted(pasted)
        with qtbot.waitSignal(dialog.stored):
            qtbot.keyClick(dialog, ENTER, CTRL)
    found = before_after(visit.place, inspection_id=visit.id, order_key=order_of(visit).key)
    assert {each.caption for each in found.after} == {"后.jpg", "粘贴.png"}


def test_a_failed_re_inspection_goes_on_to_the_lead(qtbot, shell, screen, visit) -> None:
    qtbot.keyClick(shell, ENTER, CTRL)
    dialog = dialog_of(qtbot)
    dialog.outcome.choose(FollowUpResult.FAILED)
    dialog.note.setPlainText("仍在使用不一致的部件")
    with qtbot.waitSignal(dialog.stored):
        qtbot.keyClick(dialog, ENTER, CTRL)
    assert order_of(visit).status is OrderStatus.ESCALATED
    lead = dialog_of(qtbot)
    assert lead is not dialog
    facts = lead.findChild(QPlainTextEdit, "facts").toPlainText()
    assert "仍在使用不一致的部件" in facts
    assert "责令改正通知书 17 期满未改正" in facts
    lead.findChild(QComboBox, "cause").setCurrentIndex(2)
    submit(qtbot, lead)
    [case] = casework.case_rows(visit.place, inspection_id=visit.id)
    assert case.order_key == order_of(visit).key
    assert shell.title_bar.buttons()[-1].text().startswith("登记核查"), "the lead is the next step now"


def test_a_lead_put_off_stays_the_next_step(qtbot, shell, screen, visit) -> None:
    enforcing.follow_up(
        visit.place, inspection_id=visit.id, order_key=order_of(visit).key, on=visit.place.today(),
        result=FollowUpResult.FAILED, note="没有改",
    )  # fmt: skip
    screen.refresh(None)
    assert shell.title_bar.buttons()[-1].text().startswith("转为案件线索")
    qtbot.keyClick(shell, ENTER, CTRL)
    dialog = dialog_of(qtbot)
    assert "没有改" in dialog.findChild(QPlainTextEdit, "facts").toPlainText()
    qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible(), "a lead needs its cause"
    dialog.reject()
    assert casework.case_rows(visit.place, inspection_id=visit.id) == ()
