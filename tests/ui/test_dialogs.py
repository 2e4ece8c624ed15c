"""Decisions and long work, by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.errors import EnvironmentFault
from app.ui.jobs import Ticket
from app.ui.widgets import FormDialog, Question, WorkingLine, asked

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_form_is_submitted_by_key_and_stays_with_its_problem(show, qtbot):
    dialog = FormDialog("出具责令改正通知书", "出具")
    dialog.form.add("期限", QLineEdit(), name="due")
    show(dialog)
    with qtbot.waitSignal(dialog.submitted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    dialog.set_busy(True)
    assert not dialog.submit_button.isEnabled()
    dialog.show_problem(EnvironmentFault("disk.full"))
    assert dialog.banner.isVisible()
    assert dialog.submit_button.isEnabled()
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_enter_in_a_field_does_not_submit_by_accident(show, qtbot):
    dialog = FormDialog("标题", "出具")
    field = QLineEdit()
    dialog.form.add("期限", field)
    show(dialog)
    assert QApplication.focusWidget() is field
    with qtbot.assertNotEmitted(dialog.submitted):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()


@pytest.mark.parametrize("key,modifier,answer", [(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, False),
                                                 (Qt.Key.Key_Return, CTRL, True)])  # fmt: skip
def test_a_question_is_answered_by_key(show, qtbot, key, modifier, answer: bool):
    page = show(QWidget())

    def reply() -> None:
        question = QApplication.activeModalWidget()
        if isinstance(question, Question) and question.isActiveWindow():
            qtbot.keyClick(question, key, modifier)
        else:
            QTimer.singleShot(5, reply)

    QTimer.singleShot(0, reply)
    assert asked("删去这张照片", "原件也从本机删去", "删去", page) is answer
    qtbot.waitUntil(lambda: not page.findChildren(Question))  # an answered question does not pile up


def test_a_question_waits_on_the_safe_side(show):
    question = show(Question("删去这张照片", "原件也从本机删去", "删去"))
    assert QApplication.focusWidget() is question.cancel_button


def test_long_work_shows_how_far_it_is_and_can_be_stopped(show, qtbot):
    line, ticket = show(WorkingLine()), Ticket()
    line.start("导入名录", ticket)
    ticket.report(38_000, 38_000)
    assert any(
        label.text() == "38,000 / 38,000" for label in line.findChildren(QWidget) if hasattr(label, "text")
    )
    with qtbot.waitSignal(line.cancelled):
        qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert ticket.is_cancelled()
    assert line.isVisible()
    line.finish()
    assert not line.isVisible()
    line.start("再来", Ticket())
    assert line.cancel_button.isEnabled()
