"""Officers change during a visit: by keys, with the time, and never down to one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.models.base import new_id
from app.models.people import Person
from app.ui.steps import StepDialog
from app.ui.visit.signing import next_unsigned, parties
from app.ui.visit.team import moment_of
from tests.ui.desks import dialog_of

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(scene, clock):
    """A visit for an hour, a third officer is known."""
    with scene.place.write("test.person") as work:
        work.session.add(Person(id=new_id(), name="王芳", credential="赣C36090077"))
        work.commit()
    scene.back()
    scene.open_visit()
    clock.move(hours=1)
    return scene


def ask(scene) -> StepDialog:
    scene.back()
    QTest.keyClick(scene.shell, Qt.Key.Key_T, CONTROL)
    return dialog_of(scene.qtbot)


def choose(dialog: StepDialog, name: str, text: str) -> None:
    """Arrow keys to the choice that says so."""
    (field,) = [each for each in dialog.form.fields() if each.objectName() == name]
    field.setFocus()
    for _ in range(field.count()):
        if text in field.currentText():
            return
        QTest.keyClick(field, Qt.Key.Key_Down)
    raise AssertionError(text)


def submit(scene, dialog: StepDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    scene.settled()


def test_one_leaves_another_joins_and_the_title_says_since_when(opened):
    before = [name for _, name in opened.sheet.officers]
    left = opened.sheet.officers[1][0]
    dialog = ask(opened)
    choose(dialog, "leaving", before[1])
    choose(dialog, "joining", "王芳")
    submit(opened, dialog)
    opened.qtbot.waitUntil(lambda: len(opened.sheet.team) == 3)
    assert f"{before[1]}（10:30离开）" in opened.screen.context()
    assert "王芳（10:30加入）" in opened.screen.context()
    # Who left may sign and is not waited for.
    found = parties(opened.sheet)
    assert [each.waits for each in found if each.key == f"officer:{left}"] == [True]
    order, after = [], ""
    for _ in range(3):
        after = next_unsigned([each for each in found if each.key not in order], "")
        order.append(after)
    assert order == [f"officer:{row.credential}" for row in opened.sheet.team if row.there] + ["party"]


def test_nobody_stays_alone_and_the_form_says_it(opened):
    dialog = ask(opened)
    choose(dialog, "leaving", opened.sheet.officers[0][1])
    submit(opened, dialog)
    opened.qtbot.waitUntil(lambda: "不足两名" in dialog.banner.text())
    assert dialog.isVisible()
    assert len(opened.sheet.team) == 2
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def field_of(dialog: StepDialog, name: str):
    (field,) = [each for each in dialog.form.fields() if each.objectName() == name]
    return field


def write_time(dialog: StepDialog, digits: str) -> None:
    """Hours and minutes, typed one after the other."""
    edit = field_of(dialog, "at").time
    edit.setFocus()
    edit.setSelectedSection(edit.Section.HourSection)
    QTest.keyClicks(edit, digits)


def write_day(dialog: StepDialog, digits: str) -> None:
    """Year, month and day, typed one after the other."""
    edit = field_of(dialog, "at").day.edit
    edit.setFocus()
    edit.setSelectedSection(edit.Section.YearSection)
    QTest.keyClicks(edit, digits)


def test_a_time_is_proposed_and_a_mistake_is_taken_back(opened):
    dialog = ask(opened)
    assert field_of(dialog, "at").moment().isoformat() == "2026-08-12T10:30:00+08:00"
    choose(dialog, "joining", "王芳")
    write_time(dialog, "0945")
    submit(opened, dialog)
    opened.qtbot.waitUntil(lambda: len(opened.sheet.team) == 3)
    assert "王芳（09:45加入）" in opened.screen.context()
    again = ask(opened)
    choose(again, "leaving", "撤回记错的变动：王芳")
    submit(opened, again)
    opened.qtbot.waitUntil(lambda: len(opened.sheet.team) == 2)


def test_on_the_second_day_a_change_of_the_first_is_entered_by_keys(opened, clock):
    clock.move(days=1)
    dialog = ask(opened)
    assert field_of(dialog, "at").moment().isoformat() == "2026-08-13T10:30:00+08:00"
    choose(dialog, "leaving", opened.sheet.officers[1][1])
    choose(dialog, "joining", "王芳")
    write_day(dialog, "20260812")
    write_time(dialog, "0900")
    submit(opened, dialog)
    said = "变动时间 8月12日09:00 不在检查期间内（8月12日09:30 到 8月13日10:30）"
    opened.qtbot.waitUntil(lambda: said in dialog.banner.text())
    assert dialog.isVisible()
    assert QApplication.focusWidget() is field_of(dialog, "at").day.edit
    write_time(dialog, "1620")
    submit(opened, dialog)
    opened.qtbot.waitUntil(lambda: len(opened.sheet.team) == 3)
    assert "王芳（16:20加入）" in opened.screen.context()


def test_a_minute_means_what_happened_in_it(laptop):
    began, now = laptop.now() - timedelta(hours=3, seconds=20), laptop.now()
    minute = began.replace(second=0)
    assert moment_of(laptop, began, minute) == began
    assert moment_of(laptop, began, now.replace(second=0, microsecond=0)) == now
    other = minute + timedelta(minutes=7)
    assert moment_of(laptop, began, other) == other
