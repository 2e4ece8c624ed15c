"""Marking a copy by mouse, by keys alone and with the way back; the original stays."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.services import evidence
from app.services.annotating import RED
from app.ui.evidence.editor import Editor
from tests.services.pieces import photo

from .test_gallery import CONTROL, KEY, opened, rows, type_into

INK = tuple(int(RED[at : at + 2], 16) for at in (1, 3, 5))


@pytest.fixture
def plate(tmp_path: Path) -> Path:
    """A photo, half white and half black."""
    path = tmp_path / "plate.png"
    image = Image.new("RGB", (400, 300), "white")
    image.paste("black", (0, 0, 200, 300))
    image.save(path)
    return path


def editing(scene, path: Path) -> Editor:
    panel = opened(scene, path)
    scene.press("e")
    scene.settled()
    assert panel.editor.canvas.hasFocus()
    return panel.editor


def drag(editor: Editor, start: tuple[float, float], end: tuple[float, float]) -> None:
    canvas = editor.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=canvas.position(*start))
    QTest.mouseMove(canvas, canvas.position(*end))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=canvas.position(*end))


def kept(scene) -> Image.Image:
    """The copy as it lies in the vault."""
    copy = next(row for row in rows(scene) if row.original_key is not None)
    return Image.open(io.BytesIO(evidence.original(scene.place, sha256=copy.sha256)))


def near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(colour, wanted, strict=True))


def test_an_arrow_and_a_blur_by_mouse_become_a_copy(scene, plate):
    editor = editing(scene, plate)
    drag(editor, (0.2, 0.8), (0.4, 0.8))
    scene.press("5")
    drag(editor, (0.3, 0.1), (0.7, 0.5))
    scene.key(KEY.Key_Return, CONTROL)
    scene.settled()
    panel = scene.screen.photos
    assert panel.gallery.hasFocus()
    source, copy = rows(scene)
    assert (copy.original_key, panel.gallery.current_key()) == (source.key, copy.key)
    assert evidence.original(scene.place, sha256=source.sha256) == plate.read_bytes()
    shown = kept(scene)
    assert near(shown.getpixel((110, 240)), INK)
    assert near(shown.getpixel((20, 20)), (0, 0, 0))
    inside = {shown.getpixel((x, 60)) for x in range(130, 270)}
    assert not any(near(colour, (0, 0, 0)) and near(colour, (255, 255, 255)) for colour in inside)


def test_a_box_by_keys_alone(scene, plate):
    editing(scene, plate)
    scene.press("2")
    scene.key(KEY.Key_Up)
    for _ in range(4):
        scene.key(KEY.Key_Left, CONTROL)
    scene.key(KEY.Key_Space)
    for _ in range(4):
        scene.key(KEY.Key_Right, CONTROL)
        scene.key(KEY.Key_Down, CONTROL)
    scene.key(KEY.Key_Space)
    scene.key(KEY.Key_Return, CONTROL)
    scene.settled()
    shown = kept(scene)
    assert near(shown.getpixel((120, 180)), INK)
    assert near(shown.getpixel((160, 210)), INK)
    assert near(shown.getpixel((250, 180)), (255, 255, 255))


def test_undo_and_redo_go_through_marks_and_turns(scene, plate):
    editor = editing(scene, plate)
    drag(editor, (0.2, 0.2), (0.4, 0.4))
    scene.press("3")
    drag(editor, (0.5, 0.5), (0.7, 0.7))
    scene.press("r")
    assert (len(editor.canvas.drawing.now.marks), editor.canvas.drawing.now.turn) == (2, 90)
    for _ in range(3):
        scene.key(KEY.Key_Z, CONTROL)
    assert not editor.canvas.drawing.touched
    assert not editor.keep.isEnabled()
    scene.key(KEY.Key_Y, CONTROL)
    assert len(editor.canvas.drawing.now.marks) == 1
    drag(editor, (0.1, 0.1), (0.9, 0.9))
    assert not editor.redo.isEnabled(), "a new mark closes the way forth"


def test_words_are_written_where_the_picture_was_clicked(scene, plate):
    editor = editing(scene, plate)
    scene.press("4")
    canvas = editor.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.position(0.6, 0.5))
    assert canvas.entry.hasFocus()
    type_into(canvas.entry, "无 CCC 标志")
    QTest.keyClick(canvas.entry, KEY.Key_Return)
    [mark] = canvas.drawing.now.marks
    assert mark.text == "无 CCC 标志"
    assert mark.points[0] == pytest.approx((0.6, 0.5), abs=0.01)
    assert canvas.hasFocus()
    scene.press("4")
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.position(0.2, 0.2))
    QTest.keyClick(canvas.entry, KEY.Key_Escape)
    assert (canvas.entry.isVisible(), len(canvas.drawing.now.marks)) == (False, 1)


def test_a_slip_of_the_hand_leaves_no_mark_and_x_changes_the_colour(scene, plate):
    editor = editing(scene, plate)
    drag(editor, (0.3, 0.3), (0.301, 0.3))
    assert not editor.canvas.drawing.touched
    scene.press("x")
    drag(editor, (0.3, 0.3), (0.5, 0.3))
    assert editor.canvas.drawing.now.marks[0].colour != RED


def test_escape_asks_before_marks_are_dropped(scene, plate):
    editor = editing(scene, plate)
    answers = [False, True]
    editor._ask = lambda *_: answers.pop(0)
    drag(editor, (0.2, 0.2), (0.6, 0.6))
    scene.key(KEY.Key_Escape)
    assert scene.screen.photos.editing()
    scene.key(KEY.Key_Escape)
    assert not scene.screen.photos.editing()
    assert [row.original_key for row in rows(scene)] == [None]


def test_leaving_the_screen_keeps_what_was_drawn_beside_the_window(scene, plate):
    editor = editing(scene, plate)
    drag(editor, (0.2, 0.2), (0.6, 0.6))
    assert scene.shell.leave()
    assert scene.screen.is_storing()
    assert scene.shell.leave(), "what is on its way is not stored twice"
    scene.settled()
    assert [row.original_key is not None for row in rows(scene)] == [False, True]
    assert not scene.screen.photos.editing()
    assert not scene.screen.is_storing()


def test_the_window_closes_when_the_copy_is_in_the_store(scene, plate, qtbot):
    editor = editing(scene, plate)
    drag(editor, (0.2, 0.2), (0.6, 0.6))
    with qtbot.waitSignal(scene.shell.closing):
        assert not scene.shell.close()
        assert [row.original_key for row in rows(scene)] == [None]
    assert [row.original_key is not None for row in rows(scene)] == [False, True]
    assert not scene.shell.isVisible()


def test_the_window_stays_open_with_marks_that_cannot_be_stored(scene, plate):
    editor = editing(scene, plate)
    drag(editor, (0.2, 0.2), (0.6, 0.6))
    for blob in (scene.place.home / "evidence").rglob("*"):
        if blob.is_file():
            blob.unlink()
    assert not scene.shell.close()
    scene.settled()
    assert scene.shell.isVisible()
    assert scene.shell.banner.isVisible()
    assert editor.is_busy()
    assert editor.isEnabled()


def test_the_window_offers_one_next_step_while_marking(scene, plate):
    def filled() -> list[str]:
        found = scene.shell.findChildren(QPushButton)
        return [each.text() for each in found if type(each).__name__ == "PrimaryButton" and each.isVisible()]

    editing(scene, plate)
    assert [text.partition("  ")[0] for text in filled()] == ["存为副本"]
    scene.key(KEY.Key_Escape)
    assert [text.partition("  ")[0] for text in filled()] == ["完成检查"]


def test_tools_are_reached_by_tab_and_big_enough_for_a_finger(scene, plate):
    editor = editing(scene, plate)
    seen = set()
    for _ in range(30):
        scene.key(KEY.Key_Tab)
        widget = QApplication.focusWidget()
        assert widget is not None
        seen.add(widget.objectName())
    assert {"tool_arrow", "turn_copy", "cancel_copy", "canvas"} <= seen, "arrows go on from the chosen tool"
    assert all(each.height() >= 40 and each.width() >= 40 for each in editor.tools.buttons())


def test_a_twelve_megapixel_photo_is_copied_whole(scene, tmp_path):
    path = tmp_path / "large.jpg"
    path.write_bytes(photo((4000, 3000), "gray"))
    editor = editing(scene, path)
    drag(editor, (0.2, 0.2), (0.6, 0.6))
    scene.key(KEY.Key_Return, CONTROL)
    scene.settled()
    assert kept(scene).size == (4000, 3000)
