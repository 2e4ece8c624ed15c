"""What the random walk holds a visit to can fail: lost words and changes that nothing touched are seen."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt

from app.errors import BadInput
from app.services import inspecting
from app.vocabulary import Verdict
from tests.ui import ledger as ledgers
from tests.ui.ledger import Ledger


@pytest.fixture
def ledger(scene, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setattr(ledgers, "SOON", 0.0)
    scene.open_visit()
    made = Ledger(scene.screen, {}, Counter())
    made.take_up()
    return made


def write_note(scene, words: str) -> None:
    scene.items.go("1.1")
    scene.press("n")
    scene.items.editor.insertPlainText(words)


def test_what_was_told_and_is_stored_is_no_fault(scene, ledger: Ledger):
    write_note(scene, "执照地址已变更")
    scene.key(Qt.Key.Key_Escape)
    scene.press("1")
    assert ledger.look() == []
    assert (ledger.heard["note"], ledger.heard["answer"]) == (1, 1)


def test_words_that_do_not_reach_the_store_are_missed(scene, ledger: Ledger):
    scene.items.saver._save = lambda _key, _text: True  # says that it stored, and did not
    write_note(scene, "执照地址已变更")
    assert scene.items.end_note()
    (fault,) = ledger.look()
    assert "'note', '1.1'" in fault
    assert "执照地址已变更" in fault


def test_a_change_that_nothing_touched_is_seen(scene, ledger: Ledger):
    scene.items.go("1.1")
    scene.press("1")
    assert ledger.look() == []
    visit = scene.screen.work.inspection_id
    inspecting.answer(scene.place, inspection_id=visit, item="1.1", verdict=Verdict.NOT_CHECKED)
    inspecting.set_header(scene.place, inspection_id=visit, recorder="")
    header, answer = ledger.look()
    assert "'header', 'recorder'" in header
    assert "'answer', '1.1'" in answer
    assert "nothing touched it" in answer


def test_a_step_that_was_taken_back_is_no_loss(scene, ledger: Ledger):
    write_note(scene, "执照地址已变更")
    scene.key(Qt.Key.Key_Escape)
    scene.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert scene.screen.work.item("1.1").note == ""
    assert ledger.look() == []


def test_an_answer_after_a_refusal_is_heard_all_the_same(
    scene, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ledgers, "SOON", 60.0)
    scene.items.go("1.1")
    scene.press("1")
    scene.screen.work.refused.emit(BadInput("ui.task_source_first"))
    scene.items.go("1.1")
    scene.press("2")
    assert scene.screen.work.item("1.1").verdict is Verdict.NONCONFORMING
    monkeypatch.setattr(ledgers, "SOON", 0.0)
    assert (ledger.heard["answer"], ledger.look()) == (2, [])


def test_a_refused_value_stands_in_its_field_with_its_reason(scene, ledger: Ledger):
    measured = next(row for part in scene.sheet.sections for row in part.items if row.measure is not None)
    scene.items.go(measured.id)
    scene.press("v")
    scene.press("abc")
    assert scene.items.saver.flush()
    assert ledger.heard["value"] == 3
    assert ledger.look() == []
