"""Undo and redo in a visit: answers, notes, values, findings, several steps, after going elsewhere."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from app.services import inspecting, sheets
from app.vocabulary import Disposition, Verdict
from tests.ui.visit.conftest import Scene, focus

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def item(scene: Scene, key: str):
    """An item as the store has it."""
    sheet = sheets.sheet(scene.place, inspection_id=scene.sheet.header.id)
    return next(row for section in sheet.sections for row in section.items if row.id == key)


def found(scene: Scene):
    return sheets.sheet(scene.place, inspection_id=scene.sheet.header.id).findings


def said(scene: Scene) -> str:
    return scene.shell.status_line._left.text()


def write_note(scene: Scene, key: str, text: str) -> None:
    scene.items.go(key)
    scene.press("n")
    scene.items.editor.insertPlainText(text)
    scene.key(Qt.Key.Key_Escape)


def undo(scene: Scene) -> None:
    scene.press("z", CONTROL)


def redo(scene: Scene) -> None:
    scene.press("y", CONTROL)


def test_several_steps_of_every_kind_go_back_and_forth_by_their_names(scene: Scene, qtbot):
    scene.open_visit()
    scene.items.go("1.1")
    scene.press("1")
    scene.items.go("2.2")
    scene.press("2")
    write_note(scene, "2.2", "两台样机无标志")
    scene.items.go("1.2")

    undo(scene)
    assert (said(scene), scene.items.current()) == ("已撤销：2.2 备注", "2.2")
    assert (item(scene, "2.2").note, found(scene)[0].description) == ("", "")
    undo(scene)
    assert said(scene) == "已撤销：2.2 不符合"
    assert (item(scene, "2.2").verdict, found(scene)) == (None, ())
    undo(scene)
    assert (said(scene), item(scene, "1.1").verdict) == ("已撤销：1.1 符合", None)
    undo(scene)
    assert said(scene) == "没有可以撤销的步骤"

    redo(scene)
    scene.press("Z", CONTROL | SHIFT)
    redo(scene)
    assert (item(scene, "1.1").verdict, item(scene, "2.2").verdict) == (
        Verdict.CONFORMING,
        Verdict.NONCONFORMING,
    )
    assert (item(scene, "2.2").note, found(scene)[0].description) == ("两台样机无标志", "两台样机无标志")
    assert (said(scene), scene.items.current()) == ("已重做：2.2 备注", "2.2")
    redo(scene)
    assert said(scene) == "没有可以重做的步骤"


def test_a_new_step_ends_what_could_be_taken_again(scene: Scene, qtbot):
    scene.open_visit()
    scene.items.go("1.1")
    scene.press("1")
    undo(scene)
    scene.press("2")
    redo(scene)
    assert item(scene, "1.1").verdict is Verdict.NONCONFORMING


def test_a_note_stored_in_pieces_is_one_step_until_its_editor_closes(scene: Scene, qtbot):
    scene.open_visit()
    scene.items.go("1.1")
    scene.press("n")
    for piece in ("封样", "两台"):
        scene.items.editor.insertPlainText(piece)
        assert scene.screen.workplace.flush()
    scene.key(Qt.Key.Key_Escape)
    write_note(scene, "1.1", "，编号清楚")
    undo(scene)
    assert item(scene, "1.1").note == "封样两台"
    undo(scene)
    assert item(scene, "1.1").note == ""


def type_over(scene: Scene, *texts: str) -> None:
    """Write a note that becomes each of the texts in turn, with a pause after each."""
    for text in texts:
        scene.items.editor.selectAll()
        scene.items.editor.insertPlainText(text)
        assert scene.screen.workplace.flush()


def test_a_note_emptied_and_written_again_leaves_the_answers_before_it_alone(scene: Scene, qtbot):
    scene.open_visit()
    for key in "12":
        scene.items.go("1.1")
        scene.press(key)
    scene.items.go("2.2")
    scene.press("n")
    type_over(scene, "无", "", "标志不清")
    scene.key(Qt.Key.Key_Escape)

    undo(scene)
    assert said(scene) == "已撤销：2.2 备注"
    assert (item(scene, "1.1").verdict, item(scene, "2.2").note) == (Verdict.NONCONFORMING, "")
    undo(scene)
    assert (said(scene), item(scene, "1.1").verdict) == ("已撤销：1.1 不符合", Verdict.CONFORMING)
    assert found(scene) == ()


def test_a_line_of_the_header_emptied_and_written_again_is_a_step_of_its_own(scene: Scene, qtbot):
    scene.open_visit()
    scene.items.go("1.1")
    scene.press("2")
    fields = scene.screen.workplace.basics.fields
    before = scene.sheet.header.approval_by
    for text in ("李四", before, "王五"):
        fields.saver.typed("approval_by", text)
        assert fields.saver.flush()

    undo(scene)
    assert (said(scene), scene.sheet.header.approval_by) == ("已撤销：检查审批人", before)
    undo(scene)
    assert (said(scene), item(scene, "1.1").verdict) == ("已撤销：1.1 不符合", None)


def test_inside_the_editor_undo_is_the_editor_s(scene: Scene, qtbot):
    scene.open_visit()
    scene.items.go("1.1")
    scene.press("1")
    scene.items.go("1.1")
    scene.press("n")
    scene.press("abc")
    undo(scene)
    assert (scene.items.editor.toPlainText(), focus()) == ("", scene.items.editor)
    redo(scene)
    assert scene.items.editor.toPlainText() == "abc"
    assert item(scene, "1.1").verdict is Verdict.CONFORMING


def test_what_is_done_about_a_finding_goes_back(scene: Scene, qtbot):
    scene.open_visit()
    scene.items.go("2.1")
    scene.press("2")
    scene.items.go("2.1")
    scene.press("f")
    panel = scene.screen.workplace.finding
    before = found(scene)[0].disposition
    after = next(each for each in Disposition if each is not before)
    panel.disposition.set_word(after)
    panel.disposition.chosen.emit(after)
    panel.description.insertPlainText("型号不符")
    scene.key(Qt.Key.Key_Escape)
    scene.items.setFocus()
    undo(scene)
    assert (found(scene)[0].description, found(scene)[0].disposition) == ("", after)
    undo(scene)
    assert found(scene)[0].disposition is before
    redo(scene)
    redo(scene)
    assert (found(scene)[0].description, found(scene)[0].disposition) == ("型号不符", after)


def test_a_provision_that_is_ticked_off_goes_back(scene: Scene, qtbot):
    scene.open_visit()
    scene.items.go("2.1")
    scene.press("2")
    scene.items.go("2.1")
    scene.press("f")
    panel = scene.screen.workplace.finding
    [first, *rest] = found(scene)[0].provision.split()

    def tick() -> QCheckBox:
        return next(each for each in panel.findChildren(QCheckBox, f"provision_{first}") if each.isVisible())

    tick().setFocus()
    scene.key(Qt.Key.Key_Space)
    assert found(scene)[0].provision.split() == rest
    assert (focus(), tick().isChecked()) == (tick(), False)
    scene.items.setFocus()
    undo(scene)
    assert set(found(scene)[0].provision.split()) == {first, *rest}
    assert tick().isChecked()


def test_a_finding_of_its_own_comes_back_under_its_key(scene: Scene, qtbot):
    scene.open_visit()
    work = scene.screen.work
    key = work.add_finding()
    assert key is not None
    assert work.remove_finding(key)
    scene.items.setFocus()
    undo(scene)
    assert [row.key for row in found(scene)] == [key]
    undo(scene)
    assert found(scene) == ()
    redo(scene)
    assert [row.key for row in found(scene)] == [key]


def test_what_a_colleague_wrote_in_between_stays(scene: Scene, qtbot):
    visit = scene.open_visit()
    scene.items.go("1.1")
    scene.press("1")
    inspecting.write_note(scene.place, inspection_id=visit, item="1.1", note="同事记的")
    scene.shell.broadcast(None)
    undo(scene)
    assert (item(scene, "1.1").verdict, item(scene, "1.1").note) == (None, "同事记的")


def test_the_steps_are_buttons_too_and_say_when_there_is_nothing(scene: Scene, qtbot):
    scene.open_visit()

    def enabled() -> dict[str, bool]:
        return {each.name: each.enabled for each in scene.screen.screen_actions()}

    assert (enabled()["undo"], enabled()["redo"]) == (False, False)
    scene.items.go("1.1")
    scene.press("1")
    menu = scene.shell.title_bar.buttons()[0].menu()
    entry = next(each for each in menu.actions() if each.text().startswith("撤销"))
    assert entry.isEnabled()
    entry.trigger()
    assert item(scene, "1.1").verdict is None
    assert (enabled()["undo"], enabled()["redo"]) == (False, True)


def test_palette_and_menu_name_the_step_and_what_the_keys_do_at_the_card(scene: Scene, qtbot):
    scene.open_visit()
    scene.items.go("2.2")
    scene.press("2")
    scene.items.go("2.2")
    offered = {each.text: each for each in scene.screen.more_actions() if each.enabled}
    assert {"撤销：2.2 不符合", "2.2 写备注", "2.2 加照片", "2.2 改问题", "搜索检查项"} <= offered.keys()
    offered["撤销：2.2 不符合"].trigger()
    assert item(scene, "2.2").verdict is None
    scene.items.go("2.2")
    {each.text: each for each in scene.screen.more_actions()}["2.2 判为符合"].trigger()
    assert item(scene, "2.2").verdict is Verdict.CONFORMING
