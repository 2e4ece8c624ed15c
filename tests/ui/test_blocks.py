"""Facts beside a list: long names and paths go on in the next line instead of being cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel

from app.ui.blocks import Block, BlocksCard, breakable
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
