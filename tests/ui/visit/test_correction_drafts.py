"""A correction that was begun is kept by visit and value until it is made or dropped, by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.models.inspection import Correction, Inspection
from app.services import correcting, inspecting, savepoints
from app.ui.visit.correction_drafts import CorrectionDraft, drafts_from
from app.ui.visit.lines import CLOSING
from app.ui.visit.screen import VisitScreen
from app.vocabulary import InspectionStatus, Verdict
from tests.ui.visit.conftest import Scene, focus

CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


@pytest.fixture
def sealed(scene: Scene) -> Scene:
    """A visit with two answers that is finished, its conditions set aside."""
    visit = scene.open_visit()
    for item in ("1.1", "1.2"):
        inspecting.answer(scene.place, inspection_id=visit, item=item, verdict=Verdict.CONFORMING)
    inspecting.write_note(scene.place, inspection_id=visit, item="1.1", note="old")
    with scene.place.write("test.finish") as work:
        work.session.get_one(Inspection, visit).status = InspectionStatus.FINALISED
        work.commit()
    scene.shell.broadcast(None)
    scene.items.go("1.1")
    scene.items.setFocus()
    return scene


def panel_of(scene: Scene):
    return scene.screen.workplace.correction


def begin(scene: Scene, text: str, reason: str) -> None:
    """Ctrl+R, the second value of the card (its note), what it shall be, and why."""
    scene.key(KEY.Key_R, CONTROL)
    panel = panel_of(scene)
    assert focus() is panel.what
    scene.key(KEY.Key_Down)
    scene.key(KEY.Key_Tab)
    assert focus() is panel.text
    scene.press("a", CONTROL)
    scene.press(text)
    scene.key(KEY.Key_Tab)
    assert focus() is panel.reason
    scene.press(reason)


def kept(scene: Scene) -> dict[str, object]:
    found = savepoints.kept(scene.place, prefix="correction:")
    return {path: said for each in found for path, said in each.value.items()}


def test_putting_the_panel_away_keeps_what_was_written(sealed: Scene):
    begin(sealed, "new", "misread")
    sealed.key(KEY.Key_Escape)
    assert (focus(), panel_of(sealed).isVisible()) == (sealed.items, False)
    assert "有 1 处更正写了还没有记入记录" in sealed.screen.workplace.banner.text()
    assert kept(sealed) == {"answers/1.1/note": {"value": "new", "reason": "misread", "former": "old"}}
    sealed.key(KEY.Key_R, CONTROL)
    panel = panel_of(sealed)
    assert focus() is panel.reason
    assert (panel.what.currentText(), panel.text.toPlainText(), panel.reason.toPlainText()) == (
        "1.1 备注", "new", "misread",
    )  # fmt: skip
    assert panel.begun.isVisible()


def test_news_and_other_cards_leave_a_draft_alone(sealed: Scene):
    begin(sealed, "new", "mis")
    sealed.shell.broadcast(None)
    panel = panel_of(sealed)
    assert focus() is panel.reason
    sealed.press("read")
    sealed.items.go("1.2")
    assert (panel.what.currentText(), panel.reason.toPlainText(), panel.begun.isVisible()) == (
        "1.2 判定", "", False,
    )  # fmt: skip
    sealed.items.go(CLOSING)
    sealed.items.go("1.1")
    assert (panel.text.toPlainText(), panel.reason.toPlainText()) == ("new", "misread")


def test_a_new_window_goes_on_with_it_and_the_correction_ends_it(sealed: Scene):
    begin(sealed, "new", "misread")
    where = sealed.screen.where()
    assert where["doing"] == "correction"
    assert sealed.screen.leave()
    other = VisitScreen(sealed.desk)
    sealed.qtbot.addWidget(other)
    other.open_with(**where)
    panel = other.workplace.correction
    assert (panel.text.toPlainText(), panel.reason.toPlainText()) == ("new", "misread")
    panel.button.click()
    assert kept(sealed) == {}
    with sealed.place.read() as session:
        [row] = session.query(Correction).all()
        assert (row.path, row.former, row.value, row.reason) == (
            "answers/1.1/note", "old", "new", "misread",
        )  # fmt: skip
    assert not panel.begun.isVisibleTo(panel)


def test_a_draft_is_dropped_by_its_button_and_by_writing_the_former_words(sealed: Scene):
    begin(sealed, "new", "x")
    panel = panel_of(sealed)
    sealed.key(KEY.Key_Backspace)
    assert sealed.screen.leave()
    assert kept(sealed)["answers/1.1/note"]["reason"] == ""
    panel.text.setFocus()
    sealed.press("a", CONTROL)
    sealed.press("old")
    assert sealed.screen.leave()
    assert (kept(sealed), panel.drop.isVisible()) == ({}, False)
    sealed.press("er")
    panel.drop.setFocus()
    sealed.key(KEY.Key_Space)
    assert (panel.text.toPlainText(), kept(sealed), focus()) == ("old", {}, panel.what)


def test_a_value_corrected_elsewhere_meanwhile_is_told(sealed: Scene):
    begin(sealed, "new", "misread")
    visit = sealed.screen.work.inspection_id
    correcting.correct(
        sealed.place, inspection_id=visit, path="answers/1.1/note", value="colleague", reason="seen"
    )
    sealed.shell.broadcast(None)
    panel = panel_of(sealed)
    assert "已改为“colleague”" in panel.begun.text()
    assert (panel.text.toPlainText(), panel.reason.toPlainText()) == ("new", "misread")


def test_what_is_no_draft_is_left_out():
    assert drafts_from({"a": {"value": "1", "reason": 2}, "b": "3"}) == {"a": CorrectionDraft("1", "2", "")}
