"""Widgets by real keys and clicks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.errors import EnvironmentFault, Place
from app.ui.tokens import TARGET
from app.ui.widgets import (
    Banner,
    Card,
    Chip,
    ChipRow,
    DateField,
    ElidedLabel,
    EmptyState,
    Form,
    PhotoStrip,
    PrimaryButton,
    ProgressLine,
    SearchField,
    SecondaryButton,
    SegmentedAnswer,
    SignaturePad,
    Thumb,
    day_text,
)
from app.ui.widgets.photos import THUMB, decoded
from app.ui.widgets.signature import png_bytes

ANSWERS = {
    "conforming": "符合",
    "nonconforming": "不符合",
    "not_applicable": "不适用",
    "not_checked": "未查",
}


@pytest.mark.parametrize("key,word", [("1", "conforming"), ("2", "nonconforming"), ("4", "not_checked")])
def test_an_answer_by_its_key(qtbot, show, key: str, word: str):
    answer = show(SegmentedAnswer(ANSWERS))
    with qtbot.waitSignal(answer.answered) as told:
        qtbot.keyClick(answer, key)
    assert told.args == [word]
    assert answer.answer() == word


def test_an_answer_by_click_and_a_stored_one_in_silence(qtbot, show):
    answer = show(SegmentedAnswer(ANSWERS))
    with qtbot.assertNotEmitted(answer.answered):
        answer.set_answer("conforming")
    with qtbot.waitSignal(answer.answered):
        qtbot.mouseClick(answer.button("nonconforming"), Qt.MouseButton.LeftButton)
    assert answer.answer() == "nonconforming"
    answer.set_answer(None)
    assert answer.answer() is None


def test_the_same_answer_again_is_told_again(qtbot, show):
    answer = show(SegmentedAnswer(ANSWERS))
    answer.set_answer("conforming")
    with qtbot.waitSignal(answer.answered):
        qtbot.keyClick(answer, "1")


def test_a_disabled_answer_takes_no_key(qtbot, show):
    answer = show(SegmentedAnswer(ANSWERS))
    answer.setEnabled(False)
    answer.choose(1)
    assert answer.answer() is None


@pytest.mark.parametrize("kind", [PrimaryButton, SecondaryButton])
def test_a_buttons_key_works_at_once_and_stands_in_its_tool_tip(qtbot, show, kind):
    page = QWidget()
    button = kind("完成检查", "Ctrl+Return", page)
    show(page)
    clicks: list[bool] = []
    button.clicked.connect(lambda: clicks.append(True))
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(page, Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier)
    assert len(clicks) == 2
    assert "Ctrl+Enter" in button.toolTip()
    assert ("Ctrl+Enter" in button.text()) is (kind is PrimaryButton)
    assert button.accessibleName() == "完成检查"


def test_a_disabled_button_ignores_its_key(qtbot, show):
    page = QWidget()
    button = PrimaryButton("完成检查", "Ctrl+Return", page)
    button.setEnabled(False)
    show(page)
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize(
    "make",
    [
        lambda: PrimaryButton("打开"),
        lambda: SecondaryButton("打印"),
        lambda: SegmentedAnswer(ANSWERS),
        QLineEdit,
        SearchField,
    ],
)
def test_targets_are_high_enough_for_a_finger(qtbot, show, make):
    page = QWidget()
    made = make()
    QVBoxLayout(page).addWidget(made)
    widget = made.button("conforming") if isinstance(made, SegmentedAnswer) else made
    show(page)
    assert widget.height() >= TARGET
    widget.setFocus()
    assert widget.sizeHint().height() >= TARGET


def test_the_banner_says_what_and_what_to_do(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    assert not banner.isVisible()
    banner.show_problem(EnvironmentFault("disk.too_small", Place(file="E:/"), wanted=80, free=12))
    assert banner.isVisible()
    assert banner.text() == "磁盘剩余 12 MB，这一步需要 80 MB\n腾出空间，或换一个磁盘"
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(banner.findChild(QWidget, "banner_close"), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_an_empty_state_offers_the_next_step_by_key(qtbot, show):
    empty = show(EmptyState("还没有检查对象", "导入任务包后在这里列出", action="导入任务包", key="Ctrl+I"))
    with qtbot.waitSignal(empty.acted):
        qtbot.keyClick(empty, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    empty.say("没有找到", "换一个词")
    assert empty.heading.text() == "没有找到"


def test_chips_are_replaced(qtbot):
    row = ChipRow()
    qtbot.addWidget(row)
    row.show_chips(("已存 10:32:05", "good"), ("照片 2", "neutral"))
    row.show_chips(("需要照片 1", "attention"))
    assert row.texts() == ["需要照片 1"]
    chip = Chip("草稿")
    qtbot.addWidget(chip)
    chip.show_text("已完成", "good")
    assert chip.property("tone") == "good"


def test_a_card_wears_the_frame_of_the_current_item(qtbot):
    card = Card("3.1")
    qtbot.addWidget(card)
    card.set_current(True)
    assert card.property("current") is True
    assert card.heading is not None


@pytest.mark.parametrize("done,total,share", [(0, 0, 0.0), (2, 8, 0.25), (9, 8, 1.0)])
def test_progress_is_a_share(qtbot, done: int, total: int, share: float):
    line = ProgressLine()
    qtbot.addWidget(line)
    line.set_progress(done, total)
    assert line.share() == share
    assert line.accessibleName() == f"{done}/{total}"


def test_a_long_line_is_cut_and_kept_in_its_tool_tip(qtbot, show):
    label = ElidedLabel("宜春袁州恒铉电器有限公司第一分厂")
    label.setFixedWidth(80)
    show(label)
    label.grab()
    assert label.toolTip() == "宜春袁州恒铉电器有限公司第一分厂"
    assert label.text() == "宜春袁州恒铉电器有限公司第一分厂"


def test_a_form_row_says_what_is_wrong(qtbot, show):
    form = Form()
    field = QLineEdit()
    row = form.add("单位", field, "全称", "office")
    show(form)
    assert (field.objectName(), field.accessibleName()) == ("office", "单位")
    row.set_problem("没有填")
    assert field.property("wrong") is True
    assert (row.note.text(), row.note.isVisible()) == ("没有填", True)
    row.set_problem("")
    assert field.property("wrong") is False
    assert not row.note.isVisible()
    row.set_visible(False)
    assert not field.isVisible()


def test_days_are_written_with_their_weekday(qtbot):
    assert day_text(date(2026, 8, 12)) == "2026-08-12"
    assert day_text(date(2026, 8, 12), weekday=True) == "2026-08-12 周三"
    assert day_text(None) == ""
    field = DateField(date(2026, 8, 12))
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.changed) as told:
        qtbot.keyClick(field.edit, Qt.Key.Key_Up)
    assert told.args == [field.day()]
    assert field.day() != date(2026, 8, 12)


def test_search_waits_for_a_pause_and_enter_does_not(qtbot, show):
    field = show(SearchField())
    with qtbot.waitSignal(field.searched) as told:
        field.insert("恒铉 ")  # QTest.keyClicks aborts on letters beyond Latin-1
    assert told.args == ["恒铉"]
    qtbot.keyClicks(field, "x")
    with qtbot.waitSignal(field.searched) as told:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told.args == ["恒铉 x"]
    with qtbot.waitSignal(field.searched) as told:
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert told.args == [""]


def drawn(qtbot, pad: SignaturePad, *points: tuple[int, int]) -> None:
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(*points[0]))
    for point in points[1:]:
        qtbot.mouseMove(pad, QPoint(*point))
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(*points[-1]))


def test_a_signature_is_ink_on_nothing(qtbot, show):
    pad = show(SignaturePad())
    assert pad.is_empty()
    assert pad.png() == b""
    with qtbot.waitSignal(pad.changed):
        drawn(qtbot, pad, (40, 60), (80, 30), (120, 60))
    image = QImage.fromData(pad.png())
    assert image.hasAlphaChannel()
    assert image.pixelColor(0, 0).alpha() == 0
    inks = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255}  # fmt: skip
    assert inks == {"#10151c"}
    assert image.width() > image.height()


def test_strokes_are_taken_back_one_by_one(qtbot, show):
    pad = show(SignaturePad())
    drawn(qtbot, pad, (40, 60), (80, 30))
    first = pad.png()
    drawn(qtbot, pad, (100, 60), (140, 30))
    qtbot.keyClick(pad, Qt.Key.Key_Backspace)
    assert pad.png() == first
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.is_empty()


def picture(width: int, height: int, color: str = "#336699") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    return png_bytes(image)


def test_photos_are_shown_and_opened(qtbot, show):
    strip = show(PhotoStrip())
    photos = [Thumb("a", "铭牌", picture(400, 300)), Thumb("b", "标签", b"broken")]
    strip.show_photos(photos)
    assert strip.ids() == ["a", "b"]
    photo_list = strip.findChild(QWidget, "photos")
    with qtbot.waitSignal(strip.chosen) as told:
        qtbot.keyClick(photo_list, Qt.Key.Key_Right)
    assert told.args[0] in {"a", "b"}
    with qtbot.waitSignal(strip.removal_asked):
        qtbot.keyClick(photo_list, Qt.Key.Key_Delete)
    strip.show_photos([*photos, Thumb("c", "包装", picture(10, 10))])
    assert strip.current_id() == told.args[0]
    missing = photo_list.item(1).icon().pixmap(THUMB).toImage()
    strip.show_picture("b", QImage.fromData(picture(40, 30, "#ff0000")))
    came = photo_list.item(1).icon().pixmap(THUMB).toImage()
    assert came != missing
    assert came.pixelColor(came.width() // 2, came.height() // 2) == QColor("#ff0000")
    strip.show_picture("gone", QImage())
    assert strip.ids() == ["a", "b", "c"]


def test_thumbnails_are_scaled_while_decoding():
    image = decoded(picture(4000, 3000), QSize(112, 84))
    assert (image.width(), image.height()) == (112, 84)
    assert decoded(b"not a picture", QSize(10, 10)).isNull()


def test_files_and_pictures_are_pasted(qtbot, show, tmp_path: Path):
    strip = show(PhotoStrip())
    photo = tmp_path / "照片 1.png"
    photo.write_bytes(picture(4, 4))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo)), QUrl("https://example.invalid/x.png")])
    QGuiApplication.clipboard().setMimeData(data)
    with qtbot.waitSignal(strip.files_given) as files:
        qtbot.keyClick(strip, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert files.args == [[photo]]
    QGuiApplication.clipboard().setImage(QImage.fromData(picture(5, 6)))
    with qtbot.waitSignal(strip.picture_given) as given:
        strip.paste()
    assert given.args[0].size() == QSize(5, 6), "as it is: whoever takes it encodes it beside the window"
    QGuiApplication.clipboard().setText("nothing to see")
    assert not strip.paste()


def test_files_are_chosen_by_key(qtbot, show, tmp_path: Path):
    strip = show(PhotoStrip("P", lambda _parent: [tmp_path / "a.jpg"]))
    with qtbot.waitSignal(strip.files_given) as files:
        qtbot.keyClick(strip, "p")
    assert files.args == [[tmp_path / "a.jpg"]]


def test_a_pad_is_written_on_by_keys(qtbot, show):
    pad = show(SignaturePad())
    pad.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Space, Qt.Key.Key_Right):
        qtbot.keyClick(pad, key)
    assert not pad.is_empty()
    (one,) = pad._strokes
    assert [(at - one[0]).toPoint().toTuple() for at in one] == [(0, 0), (6, 0), (6, -6)]
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    for _ in range(200):
        qtbot.keyClick(pad, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert pad.rect().contains(pad._strokes[1][-1].toPoint())
    qtbot.keyClick(pad, Qt.Key.Key_Backspace)
    assert len(pad._strokes) == 1
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.is_empty()
