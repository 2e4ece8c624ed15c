"""Starting without an assignment: the type, two officers and the task source are asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services import sheets
from app.vocabulary import TaskSource


def test_a_lead_starts_with_two_officers_and_not_with_one(scene):
    scene.shell.open("visit", organization_id="org", name="宜春袁州恒铉电器有限公司")
    dialog = scene.screen.start_dialog
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    assert dialog.started is None
    dialog.kind.set_word("CCC_PRODUCER")
    dialog.source.set_word("lead")
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    assert "检查人员只有 1 名" in dialog.banner.text()
    second = next(field for field in dialog._officers if not field.word())
    second.set_word("赣C36090002")
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    header = sheets.sheet(scene.place, inspection_id=scene.screen.work.inspection_id).header
    assert (header.task_source, header.assignment_id, header.approval_on) == (TaskSource.LEAD, None, None)


def test_thinking_better_of_it_starts_nothing(scene):
    scene.shell.open("visit", assignment_id=scene.assignment)
    QTest.mouseClick(scene.screen.start_dialog.cancel_button, Qt.MouseButton.LeftButton)
    assert scene.screen.start_dialog is None
    assert scene.screen.work.sheet is None
    assert scene.screen.visits.empty.isVisible()
