"""Undo beyond answers: instances, the header and photos go back by name in one list; never after the seal."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from app.checklists.loader import checklist_bytes
from app.models.inspection import Inspection
from app.services import evidence, inspecting, questions, sealing, sheets
from app.sync.documents import read_document
from app.ui.visit.groups import InstanceCard
from app.ui.visit.lines import BASICS, CLOSING, GROUP, INSTANCE
from app.vocabulary import InspectionStatus, ProductionStatus, Verdict
from tests.checklists.trial import trial
from tests.services.pieces import photo
from tests.ui.visit.conftest import Scene
from tests.ui.visit.test_stepping import redo, said, undo, write_note

CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


@pytest.fixture
def visit(scene: Scene) -> Scene:
    """The scene's visit by a checklist that repeats a section for each certificate."""
    folder = scene.place.home / questions.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "trial@2026-8.json").write_bytes(checklist_bytes(trial()))
    scene.open_visit()
    return scene


def document(scene: Scene):
    with scene.place.read() as session:
        return read_document(session, "inspection", scene.screen.work.inspection_id)


def instances(scene: Scene) -> list[str]:
    return [each.instance.key for each in scene.sheet.sections if each.instance is not None]


def card_of(scene: Scene, key: str) -> InstanceCard:
    scene.items.go(INSTANCE + key)
    card = scene.items.card(INSTANCE + key)
    assert isinstance(card, InstanceCard)
    return card


def click(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, button.height() // 2))


def take_in(scene: Scene, item: str, *files: Path) -> None:
    scene.screen.add_files(item, files)
    scene.settled()


def photo_at(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    path.write_bytes(photo((80, 60 + len(name))))
    return path


def test_a_removed_instance_comes_back_whole_by_one_key(visit: Scene, tmp_path: Path):
    [key] = instances(visit)
    visit.items.go(f"2.1@{key}")
    visit.items.setFocus()
    visit.press("2")
    write_note(visit, f"2.1@{key}", "证书已暂停")
    take_in(visit, f"2.1@{key}", photo_at(tmp_path, "a.jpg"))
    before = document(visit)
    click(card_of(visit, key).remove)
    click(card_of(visit, key).remove)
    assert instances(visit) == []
    without = document(visit)

    undo(visit)
    assert said(visit) == "已撤销：证书 1（2024010708696171） 移除"
    assert visit.items.current() == INSTANCE + key
    assert document(visit) == before
    redo(visit)
    assert (document(visit), visit.items.current()) == (without, GROUP + "2")
    undo(visit)
    undo(visit)
    assert said(visit) == "已撤销：a.jpg 收入"
    undo(visit)
    assert said(visit) == "已撤销：2.1-1 备注"
    undo(visit)
    assert visit.screen.work.item(f"2.1@{key}").verdict is None


def test_adding_naming_filling_in_and_moving_go_back_and_forth(visit: Scene):
    [first] = instances(visit)
    visit.items.go(GROUP + "2")
    visit.items.setFocus()
    visit.press("a")
    second = instances(visit)[1]
    visit.press("spare")
    visit.key(KEY.Key_Return)
    visit.press("2023x")
    visit.key(KEY.Key_Escape)
    click(card_of(visit, second).up)
    visit.items.setFocus()
    done = document(visit)
    assert instances(visit) == [second, first]

    names = []
    for _ in range(4):
        undo(visit)
        names.append(said(visit))
    assert names == [
        "已撤销：证书 2（spare） 上移",
        "已撤销：证书 2（spare） 证书编号",
        "已撤销：证书 2 改名",
        "已撤销：抽查的证书添加一份",
    ]
    assert (instances(visit), visit.items.current()) == ([first], GROUP + "2")
    for _ in range(4):
        redo(visit)
    assert document(visit) == done
    assert visit.items.current() == INSTANCE + second


def test_fields_of_the_header_go_back_by_their_names(scene: Scene):
    scene.open_visit()
    basics, closing = scene.screen.workplace.basics, scene.screen.workplace.closing
    scene.items.go(BASICS)
    before = document(scene)
    basics.focus_field("place")
    scene.press("a", CONTROL)
    scene.press("yard 3")
    status = basics.fields.field("production_status")
    status.setFocus()
    scene.key(KEY.Key_Down)
    chosen = scene.sheet.header.production_status
    told = basics.fields.field("rights_told")
    told.setFocus()
    scene.key(KEY.Key_Space)
    scene.items.go(CLOSING)
    closing.focus_field("situation")
    scene.press("seen")
    scene.key(KEY.Key_Escape)
    header = scene.sheet.header
    assert (header.place, header.situation, header.rights_told) == ("yard 3", "seen", False)
    assert isinstance(chosen, ProductionStatus)
    done = document(scene)

    scene.items.setFocus()
    steps = []
    for _ in range(4):
        undo(scene)
        steps.append((said(scene), scene.items.current()))
    assert steps == [
        ("已撤销：检查情况", CLOSING),
        ("已撤销：已告知权利义务和申请回避的权利", BASICS),
        ("已撤销：生产状态", BASICS),
        ("已撤销：检查地点", BASICS),
    ]
    assert document(scene) == before
    assert basics.fields.field("place").text() == scene.sheet.header.place
    for _ in range(4):
        redo(scene)
    assert document(scene) == done


def test_a_line_left_and_written_again_is_two_steps(scene: Scene):
    scene.open_visit()
    basics = scene.screen.workplace.basics
    scene.items.go(BASICS)
    for letter in "ab":
        basics.focus_field("notice_number")
        scene.key(KEY.Key_End)
        scene.press(letter)
        scene.key(KEY.Key_Escape)
    assert scene.sheet.header.notice_number == "ab"
    undo(scene)
    assert scene.sheet.header.notice_number == "a"


def test_photos_and_answers_go_back_in_one_list_from_either_page(scene: Scene, tmp_path: Path):
    scene.open_visit()
    scene.items.go("1.1")
    scene.items.setFocus()
    take_in(scene, "1.1", photo_at(tmp_path, "a.jpg"), photo_at(tmp_path, "bb.jpg"))
    scene.press("1")
    scene.key(KEY.Key_E, CONTROL)
    panel = scene.screen.photos
    before = document(scene)
    scene.key(KEY.Key_Home)
    scene.press("c")
    scene.press("gate")
    scene.key(KEY.Key_Return)
    scene.key(KEY.Key_Delete)
    assert len(panel.gallery.rows()) == 1

    scene.key(KEY.Key_Escape)
    assert scene.items.hasFocus()
    scene.items.go("1.2")
    undo(scene)
    assert (said(scene), scene.items.current()) == ("已撤销：gate 移出", "1.1")
    visit = scene.screen.work.inspection_id
    assert {row.caption for row in evidence.rows(scene.place, inspection_id=visit)} == {"gate", ""}

    scene.key(KEY.Key_E, CONTROL)
    undo(scene)
    assert said(scene) == "已撤销：a.jpg 说明"
    assert document(scene) == before
    assert panel.isVisible()
    undo(scene)
    assert said(scene) == "已撤销：1.1 符合"
    assert (panel.isVisible(), scene.items.current(), scene.items.hasFocus()) == (False, "1.1", True)
    redo(scene)
    redo(scene)
    redo(scene)
    assert said(scene) == "已重做：gate 移出"
    assert [row.file_name for row in evidence.rows(scene.place, inspection_id=visit)] == ["bb.jpg"]


def test_photos_just_taken_in_go_off_together_and_come_back_as_they_were(scene: Scene, tmp_path: Path):
    visit = scene.open_visit()
    scene.items.go("1.1")
    scene.items.setFocus()
    files = [photo_at(tmp_path, name) for name in ("a.jpg", "bb.jpg")]
    empty = document(scene)
    take_in(scene, "1.1", *files)
    taken = document(scene)
    digests = [row.sha256 for row in evidence.rows(scene.place, inspection_id=visit)]
    assert len(digests) == 2

    undo(scene)
    assert (said(scene), scene.items.current()) == ("已撤销：2 件证据 收入", "1.1")
    assert document(scene) == empty
    assert [scene.place.evidence.has(each) for each in digests] == [True, True], "no original is destroyed"
    assert all(path.exists() for path in files)
    redo(scene)
    assert (said(scene), document(scene)) == ("已重做：2 件证据 收入", taken)
    undo(scene)
    undo(scene)
    assert (said(scene), document(scene)) == ("没有可以撤销的步骤", empty)


def test_a_pasted_picture_goes_off_in_the_gallery_which_stays(scene: Scene):
    visit = scene.open_visit()
    scene.items.go("2.1")
    scene.key(KEY.Key_E, CONTROL)
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill("#334455")
    QGuiApplication.clipboard().setImage(picture)
    scene.press("v", CONTROL)
    scene.settled()
    [row] = evidence.rows(scene.place, inspection_id=visit)
    assert row.item == "2.1"
    undo(scene)
    assert said(scene) == f"已撤销：{row.file_name} 收入"
    assert evidence.rows(scene.place, inspection_id=visit) == ()
    assert scene.screen.photos.isVisible()
    redo(scene)
    assert evidence.rows(scene.place, inspection_id=visit) == (row,)
    assert scene.screen.photos.gallery.current_key() == row.key


def test_a_photo_that_others_have_seen_stays_and_does_not_bar_older_steps(scene: Scene, tmp_path: Path):
    visit = scene.open_visit()
    scene.items.go("1.1")
    scene.items.setFocus()
    scene.press("1")
    take_in(scene, "1.1", photo_at(tmp_path, "a.jpg"))
    with scene.place.write("test.seal") as work:
        sealing.seal(work, scene.place, "inspection", visit)
        work.commit()
    scene.items.setFocus()
    undo(scene)
    assert [row.file_name for row in evidence.rows(scene.place, inspection_id=visit)] == ["a.jpg"]
    assert "原因" in scene.shell.banner.text()
    undo(scene)
    assert said(scene) == "已撤销：1.1 符合"


@pytest.mark.parametrize(
    "status, why",
    [
        (InspectionStatus.FINALISED, "检查已封存，不能撤销；改动用“更正”"),
        (InspectionStatus.APPROVED, "检查已封存，不能撤销；改动用“更正”"),
        (InspectionStatus.RETURNED, "检查已退回，先按“继续办理”"),
    ],
)
def test_after_the_seal_nothing_goes_back_and_it_says_why(scene: Scene, tmp_path: Path, status, why: str):
    visit = scene.open_visit()
    scene.items.go("2.1")
    scene.items.setFocus()
    scene.press("2")
    scene.items.go("2.1")
    scene.press("f")
    scene.screen.workplace.finding.description.insertPlainText("型号不符")
    scene.key(KEY.Key_Escape)
    take_in(scene, "2.1", photo_at(tmp_path, "a.jpg"))
    with scene.place.write("test.seal") as work:
        work.session.get_one(Inspection, visit).status = status
        work.commit()
    scene.shell.broadcast(None)
    before = document(scene)
    scene.items.setFocus()
    for press in (undo, redo):
        press(scene)
        assert said(scene) == why
    scene.key(KEY.Key_E, CONTROL)
    for press in (undo, redo):
        press(scene)
        assert said(scene) == why
    assert document(scene) == before


def test_finishing_ends_what_could_be_taken_back(visit: Scene):
    place, where = visit.place, {"inspection_id": visit.screen.work.inspection_id}
    visit.items.go("1.1")
    visit.items.setFocus()
    visit.press("1")
    assert visit.screen.work.steps.last() is not None
    inspecting.answer(place, **where, item="1.1", verdict=Verdict.CONFORMING)
    with place.write("test.seal") as work:
        work.session.get_one(Inspection, where["inspection_id"]).status = InspectionStatus.FINALISED
        work.commit()
    visit.shell.broadcast(None)
    with place.write("test.return") as work:
        work.session.get_one(Inspection, where["inspection_id"]).status = InspectionStatus.RETURNED
        work.commit()
    visit.shell.broadcast(None)
    visit.items.setFocus()
    visit.key(KEY.Key_Return, CONTROL)
    assert visit.screen.work.editable
    undo(visit)
    assert said(visit) == "没有可以撤销的步骤"
    assert sheets.sheet(place, **where).sections[0].items[0].verdict is Verdict.CONFORMING
