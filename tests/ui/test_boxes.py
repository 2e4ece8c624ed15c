"""A box whose text does not fit."""

from __future__ import annotations

from app.ui.widgets.boxes import ElidedBox

LONG = "附件 1 强制性产品认证监督检查情况统计表"


def test_a_text_without_room_is_in_the_tool_tip(qtbot, show):
    box = ElidedBox()
    box.addItem(LONG)
    box.setFixedWidth(120)
    show(box)
    box.grab()
    assert (box.toolTip(), box.currentText()) == (LONG, LONG)
    box.setFixedWidth(600)
    box.grab()
    assert not box.toolTip()
