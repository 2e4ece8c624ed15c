"""A finished visit is read only; a correction says what stood there, who changed it and why."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.inspection import Correction, Inspection
from app.services import inspecting, sheets
from app.ui.visit.correcting import correctables
from app.ui.visit.lines import BASICS, CLOSING
from app.ui.visit.signing import next_unsigned, parties
from app.vocabulary import InspectionStatus, SignatureState, Verdict


@pytest.fixture
def sealed(scene):
    """A visit with two answers that is finished, its conditions set aside."""
    visit = scene.open_visit()
    for item in ("1.1", "1.2"):
        inspecting.answer(scene.place, inspection_id=visit, item=item, verdict=Verdict.CONFORMING)
    with scene.place.write("test.finish") as work:
        work.session.get(Inspection, visit).status = InspectionStatus.FINALISED
        work.commit()
    scene.shell.broadcast(None)
    return scene


def test_a_sealed_visit_takes_no_answers_and_no_notes(sealed):
    sealed.items.go("1.1")
    sealed.items.setFocus()
    sealed.press("2n")
    assert sealed.sheet.sections[0].items[0].verdict is Verdict.CONFORMING
    assert not sealed.items.editor.isVisible()
    assert sealed.screen.workplace.basics.fields.field("place").isReadOnly()
    assert [action.name for action in sealed.screen.screen_actions()][:2] == ["print_preview", "correct"]


def test_a_correction_needs_a_reason_and_keeps_the_former_value(sealed):
    sealed.items.go("1.1")
    sealed.screen.workplace.show_correction()
    panel = sealed.screen.workplace.correction
    panel.word.setCurrentIndex(panel.word.findData("not_checked"))
    QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    assert panel.reason.property("wrong")
    panel.reason.setPlainText("现场未查，误判")
    QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    after = sheets.sheet(sealed.place, inspection_id=sealed.screen.work.inspection_id)
    assert after.sections[0].items[0].verdict is Verdict.NOT_CHECKED
    with sealed.place.read() as session:
        (row,) = session.query(Correction).all()
        assert (row.path, row.former, row.reason) == ("answers/1.1/verdict", "conforming", "现场未查，误判")
    assert sealed.screen.workplace.beside.currentWidget() is sealed.screen.workplace.aside


def test_what_can_be_corrected_follows_the_card(sealed):
    assert [each.path for each in correctables(sealed.sheet, "1.1")] == [
        "answers/1.1/verdict", "answers/1.1/note",
    ]  # fmt: skip
    assert correctables(sealed.sheet, "2.1") == ()
    assert correctables(sealed.sheet, BASICS)[0].path == "place"
    assert {each.path for each in correctables(sealed.sheet, CLOSING)} >= {"situation", "opinion"}


def test_signers_follow_one_another_and_the_witness_only_when_asked_for(scene):
    scene.open_visit()
    found = parties(scene.sheet)
    assert [each.role for each in found] == ["检查人员", "检查人员", "当事人", "见证人"]
    assert next_unsigned(found, "") == found[0].key
    scene.screen.work.note_no_signature("party", "易晓燕", SignatureState.ABSENT, "外出", "")
    found = parties(scene.sheet)
    assert next_unsigned(found, found[0].key) == found[1].key
    assert next_unsigned(found, found[1].key) == found[0].key
