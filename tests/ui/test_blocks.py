"""Facts beside a list: long names and paths go on in the next line instead of being cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMenu

from app.ui.blocks import Block, BlocksCard, CopyLabel, breakable
from app.ui.tokens import ASIDE_WIDTH

LONG = "chayan-1821c2d1-009009ca-0001-135069.cyb"


@pytest.mark.parametrize(
    "text", ["91360902MA0000000X", "2026-08-12 周三", "检查/处置", "赣市监办认监〔2023〕4号"]
)
def test_codes_and_days_stay_as_they_are(text: str) -> None:
    assert breakable(text) == text


def test_a_long_name_keeps_its_characters() -> None:
    assert breakable(LONG) != LONG
    assert breakable(f"回执已写在 {LONG}。").replace("\u200b", "") == f"回执已写在 {LONG}。"


def test_a_long_name_and_its_path_find_room_beside_a_list(show) -> None:
    card = BlocksCard()
    card.resize(ASIDE_WIDTH, 400)
    show(card)
    card.show_blocks([Block(LONG, (("soft", f"D:\\2026\\0812\\0001\\{LONG}.receipt"), ("text", LONG)))])
    room = QRect(0, 0, ASIDE_WIDTH - 40, 400)
    labels = [label for label in card.findChildren(QLabel) if label.text()]
    assert len(labels) == 3
    for label in labels:
        wrapped = label.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, label.text())
        assert wrapped.width() <= room.width()
    assert LONG in card.text()


def test_what_is_copied_from_a_side_column_has_no_places_to_break_in_it(show, qtbot) -> None:
    card = BlocksCard()
    show(card)
    card.show_blocks([Block("文件", (("text", LONG),))])
    label = card.findChild(CopyLabel)
    label.setSelection(0, len(label.text()))
    assert "\u200b" in label.selectedText(), "the name is breakable where it is shown"
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("")
    label.setFocus()
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == LONG
    label.setSelection(0, 0)
    label.copy()
    assert clipboard.text() == LONG, "with nothing selected the whole text is meant"


def test_the_menu_of_a_side_column_copies_too(show, qtbot) -> None:
    card = BlocksCard()
    show(card)
    card.show_blocks([Block("文件", (("text", LONG),))])
    label = card.findChild(CopyLabel)
    QGuiApplication.clipboard().setText("")
    place = label.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, label.mapToGlobal(place))
    QApplication.sendEvent(label, event)
    menu = label.findChild(QMenu)
    [step] = menu.actions()
    step.trigger()
    menu.close()
    assert QGuiApplication.clipboard().text() == LONG
