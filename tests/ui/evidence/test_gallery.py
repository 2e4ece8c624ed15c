"""The gallery by keys, mouse and touch: moving, choosing, captioning, turning, removing and putting back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.clock import LOCAL
from app.models.inspection import Inspection
from app.services import evidence, issuing, sealing
from app.ui.evidence.panel import EvidencePanel
from app.ui.visit.fieldset import ChoiceField
from app.vocabulary import InspectionStatus
from tests.forms.filling import pages_of
from tests.services.pieces import mp4, pdf, photo, wav

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key
Files = Callable[..., list[Path]]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Photos with different pixels under given names."""

    def make(*names: str) -> list[Path]:
        for number, name in enumerate(names):
            (tmp_path / name).write_bytes(photo((80 + number, 60), taken=f"2026:08:12 09:3{number}:00"))
        return [tmp_path / name for name in names]

    return make


def rows(scene):
    return evidence.rows(scene.place, inspection_id=scene.screen.work.inspection_id)


def opened(scene, *paths: Path) -> EvidencePanel:
    """The visit's gallery with some files taken in at item 1.1."""
    scene.open_visit()
    scene.items.go("1.1")
    scene.items.setFocus()
    scene.screen.add_files("1.1", paths)
    scene.settled()
    scene.key(KEY.Key_E, CONTROL)
    scene.settled()
    panel = scene.screen.photos
    scene.key(KEY.Key_Home)
    assert panel.gallery.hasFocus()
    return panel


def type_into(field, text: str) -> None:
    """Write over a field as an input method does."""
    field.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)
    field.textEdited.emit(field.text())


def said(scene) -> str:
    return scene.shell.status_line.findChild(QLabel, "status_left").text()


def test_space_chooses_arrows_move_and_one_caption_goes_to_all_chosen(scene, files):
    panel = opened(scene, *files("a.jpg", "b.jpg", "c.jpg"))
    scene.key(KEY.Key_Space)
    scene.key(KEY.Key_Right)
    scene.key(KEY.Key_Right)
    scene.key(KEY.Key_Space)
    assert [row.file_name for row in panel.gallery.targets()] == ["a.jpg", "c.jpg"]
    scene.press("c")
    assert panel.details.caption.hasFocus()
    type_into(panel.details.caption, "成品库")
    scene.key(KEY.Key_Return)
    assert panel.gallery.hasFocus()
    assert [row.caption for row in rows(scene)] == ["成品库", "", "成品库"]
    scene.key(KEY.Key_Z, CONTROL)
    assert [row.caption for row in rows(scene)] == ["", "", ""]
    scene.key(KEY.Key_Y, CONTROL)
    assert [row.caption for row in rows(scene)] == ["成品库", "", "成品库"]


def test_shift_chooses_on_the_way_and_escape_lets_go_before_it_leaves(scene, files):
    panel = opened(scene, *files("a.jpg", "b.jpg", "c.jpg", "d.jpg"))
    scene.key(KEY.Key_Right, SHIFT)
    scene.key(KEY.Key_Right, SHIFT)
    assert len(panel.gallery.chosen_keys()) == 3
    assert panel.count.text() == "4 件　选中 3 件"
    scene.key(KEY.Key_Escape)
    assert panel.gallery.chosen_keys() == []
    assert panel.isVisible()
    scene.key(KEY.Key_Escape)
    assert not panel.isVisible()
    assert scene.items.hasFocus()


def test_a_click_goes_there_ctrl_and_the_tick_choose(scene, files):
    panel = opened(scene, *files("a.jpg", "b.jpg", "c.jpg"))
    view = panel.gallery

    def place(line: int, corner: bool = False) -> QPoint:
        room = view.visualRect(view.model().index(line, 0))
        return room.topLeft() + QPoint(18, 18) if corner else room.center()

    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place(1))
    assert (panel.gallery.current_row().file_name, view.chosen_keys()) == ("b.jpg", [])
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place(0, corner=True))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, CONTROL, place(2))
    assert [row.file_name for row in view.targets()] == ["a.jpg", "c.jpg"]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place(1))
    assert view.chosen_keys() == []


def test_turning_and_linking_take_the_chosen_ones(scene, files):
    panel = opened(scene, *files("a.jpg", "b.jpg"))
    scene.key(KEY.Key_A, CONTROL)
    scene.press("r")
    scene.press("R", SHIFT)
    scene.press("R", SHIFT)
    assert [row.rotation for row in rows(scene)] == [270, 270]
    field: ChoiceField = panel.details.link
    field.setFocus()
    QTest.keyClick(field, KEY.Key_Down)
    assert [row.item for row in rows(scene)] == ["1.2", "1.2"]


def test_delete_takes_out_at_once_and_ctrl_z_puts_back(scene, files):
    panel = opened(scene, *files("a.jpg", "b.jpg"))
    before = rows(scene)
    scene.key(KEY.Key_Delete)
    assert [row.file_name for row in rows(scene)] == ["b.jpg"]
    assert "已移出 1 件" in panel.banner.text()
    scene.key(KEY.Key_Z, CONTROL)
    assert rows(scene) == before
    assert panel.gallery.current_row().file_name == "a.jpg"


def test_what_was_sealed_asks_for_a_reason(scene, files):
    panel = opened(scene, *files("a.jpg"))
    visit = scene.screen.work.inspection_id
    with scene.place.write("test.seal") as work:
        sealing.seal(work, scene.place, "inspection", visit)
        work.commit()
    scene.key(KEY.Key_Delete)
    dialog = panel.deeds.reason
    scene.qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog, KEY.Key_Return, CONTROL)
    assert dialog.isVisible()
    assert "要写明原因" in dialog.banner.text()
    dialog.reason.setText("误拍他人")
    QTest.keyClick(dialog, KEY.Key_Return, CONTROL)
    assert not dialog.isVisible()
    assert rows(scene) == ()
    scene.back()


def test_enter_opens_large_arrows_step_and_escape_leads_back(scene, files):
    panel = opened(scene, *files("a.jpg", "b.jpg"))
    scene.key(KEY.Key_Return)
    scene.settled()
    assert panel.viewer.hasFocus()
    assert not panel.viewer.picture.pixmap().isNull()
    assert panel.viewer.accessibleName() == "照片 1 / 2，a.jpg"
    scene.key(KEY.Key_Right)
    scene.settled()
    assert panel.viewer.accessibleName() == "照片 2 / 2，b.jpg"
    scene.press("r")
    scene.settled()
    assert [row.rotation for row in rows(scene)] == [0, 90]
    assert panel.viewer.picture.pixmap().height() > panel.viewer.picture.pixmap().width()
    scene.key(KEY.Key_Escape)
    assert panel.gallery.hasFocus()
    assert panel.gallery.current_row().file_name == "b.jpg"


def test_time_place_and_hash_are_shown_and_an_odd_clock_is_told(scene, tmp_path):
    path = tmp_path / "phone.jpg"
    path.write_bytes(photo(taken="2026:08:11 10:41:37", place=(27.801234, 114.391)))
    panel = opened(scene, path)
    [row] = rows(scene)
    facts = panel.details._facts.text()
    for text in (
        "拍摄 2026-08-11 10:41:37", "收入 2026-08-12 09:30:00", "27.801234, 114.391000", row.sha256[:8], "彭建华",
    ):  # fmt: skip
        assert text in facts
    assert panel.details._doubts.text() == "拍摄时间早于本次检查开始"
    assert row.captured_at.astimezone(LOCAL).hour == 10


def test_a_film_stays_outside_and_is_looked_up_again(scene, tmp_path):
    path = tmp_path / "recorder.mp4"
    path.write_bytes(mp4(film=evidence.SMALL_MEDIA))
    panel = opened(scene, path)
    assert "存在库外" not in panel.details._facts.text()
    assert panel.details.kept_at.text() == str(path)
    assert not panel.details.mark.isEnabled()
    QTest.mouseClick(panel.details.verify, Qt.MouseButton.LeftButton)
    scene.settled()
    assert "校验值一致" in panel.details._state.text()
    path.unlink()
    QTest.mouseClick(panel.details.verify, Qt.MouseButton.LeftButton)
    scene.settled()
    assert "没有这个文件" in panel.details._state.text()
    type_into(panel.details.kept_at, "执法记录仪 3 号卡")
    assert panel.flush()
    assert rows(scene)[0].kept_at == "执法记录仪 3 号卡"


def test_sound_and_scans_have_tiles_with_words(scene, tmp_path):
    (tmp_path / "note.wav").write_bytes(wav())
    (tmp_path / "scan.pdf").write_bytes(pdf(2))
    panel = opened(scene, tmp_path / "note.wav", tmp_path / "scan.pdf")
    model = panel.gallery.model()
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.data(model.index(0, 0), role).startswith("录音 1，note.wav，检查项 1.1")
    assert model.data(model.index(1, 0), role).startswith("扫描件 2，scan.pdf")


def test_several_broken_files_are_each_named_and_the_good_one_goes_in(scene, files, tmp_path):
    (tmp_path / "half.jpg").write_bytes(photo((800, 600))[:2000])
    (tmp_path / "empty.jpg").write_bytes(b"")
    opened(scene, tmp_path / "half.jpg", *files("good.jpg"), tmp_path / "empty.jpg")
    assert [row.file_name for row in rows(scene)] == ["good.jpg"]
    told = scene.shell.banner.text()
    assert "2 个文件没有收入" in told
    assert "half.jpg 不完整" in told
    assert "empty.jpg 是空文件" in told


def test_files_are_dropped_and_pictures_pasted(scene, files):
    panel = opened(scene)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files("a.jpg", "b.jpg")])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(50, 50), copy, data, left, none)
    panel.dragEnterEvent(entering)
    assert entering.isAccepted()
    panel.dropEvent(QDropEvent(QPointF(50, 50), copy, data, left, none))
    scene.settled()
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QApplication.clipboard().setImage(image)
    scene.key(KEY.Key_V, CONTROL)
    scene.settled()
    assert sorted(row.media_type for row in rows(scene)) == ["image/jpeg", "image/jpeg", "image/png"]
    QApplication.clipboard().setText("words")
    scene.key(KEY.Key_V, CONTROL)
    assert "剪贴板里没有图片" in said(scene)


def test_p_asks_for_files_and_they_belong_to_the_item_one_came_from(scene, files):
    opened(scene)
    scene.photos[:] = files("a.jpg")
    scene.press("p")
    scene.settled()
    assert [row.item for row in rows(scene)] == ["1.1"]


def test_a_sealed_visit_shows_its_evidence_and_changes_nothing(scene, files):
    panel = opened(scene, *files("a.jpg"))
    seal(scene)
    panel.focus_first()
    before = rows(scene)
    scene.press("r")
    scene.key(KEY.Key_Delete)
    scene.press("e")
    assert rows(scene) == before
    assert not panel.add.isEnabled()
    assert panel.details.caption.isReadOnly()


def seal(scene) -> None:
    with scene.place.write("test") as work:
        work.session.get_one(Inspection, scene.screen.work.inspection_id).status = InspectionStatus.FINALISED
        work.commit()
    scene.shell.broadcast(None)


@pytest.fixture
def no_list_left():
    """A list that no key closes would stand before every test that follows."""
    yield
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.hide()


@pytest.mark.usefixtures("no_list_left")
def test_the_list_of_items_falls_open_only_where_one_can_be_chosen(scene, files):
    panel = opened(scene, *files("a.jpg"))
    scene.press("l")
    fallen = QApplication.activePopupWidget()
    assert fallen is not None
    QTest.keyClick(fallen.focusWidget(), KEY.Key_Escape)
    assert QApplication.activePopupWidget() is None

    seal(scene)
    panel.focus_first()
    scene.press("l")
    assert QApplication.activePopupWidget() is None
    assert panel.gallery.hasFocus()


@pytest.mark.usefixtures("no_list_left")
def test_without_evidence_there_is_no_list_of_items(scene):
    scene.open_visit()
    scene.key(KEY.Key_E, CONTROL)
    scene.press("l")
    assert QApplication.activePopupWidget() is None


def test_g_leads_to_the_item(scene, files):
    panel = opened(scene, *files("a.jpg"))
    field = panel.details.link
    field.setFocus()
    QTest.keyClick(field, KEY.Key_Down)
    panel.focus_first()
    scene.press("g")
    assert not panel.isVisible()
    assert scene.items.current() == "1.2"


def test_the_original_is_handed_out_as_it_was(scene, files, tmp_path, monkeypatch):
    [path] = files("a.jpg")
    panel = opened(scene, path)
    target = tmp_path / "out.jpg"
    monkeypatch.setattr(
        "app.ui.chooser.QFileDialog.getSaveFileName", staticmethod(lambda *_: (str(target), ""))
    )
    scene.key(KEY.Key_S, CONTROL | SHIFT)
    scene.settled()
    assert target.read_bytes() == path.read_bytes()
    assert "不再加密" in said(scene)
    assert panel.isVisible()


def test_a_missing_original_is_said_in_its_tile(scene, files):
    panel = opened(scene, *files("a.jpg", "b.jpg"))
    row = rows(scene)[1]
    scene.place.evidence.path(row.sha256).unlink()
    panel.deeds.describe("旋转", [row], turn=90)
    scene.settled()
    turned = rows(scene)[1]
    panel.thumbs.picture(turned)
    scene.settled()
    assert panel.thumbs.is_unreadable(turned)
    panel.open_large(turned.key)
    scene.settled()
    assert panel.viewer.picture.text()


def test_the_photo_sheet_prints_captions(scene, files):
    opened(scene, *files("a.jpg"))
    visit = scene.screen.work.inspection_id
    evidence.describe(scene.place, inspection_id=visit, key=rows(scene)[0].key, caption="厂门全景")
    printed = issuing.print_form(scene.place, form="evidence-sheet", inspection_id=visit)
    assert "厂门全景" in "".join(pages_of(printed.pdf))
