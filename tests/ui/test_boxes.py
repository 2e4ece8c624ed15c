"""A box whose text does not fit."""

from __future__ import annotations

from app.ui.theme import Theme
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


def test_a_box_sized_for_its_texts_cuts_none_of_them(show, qapp):
    Theme.install(qapp)
    box = ElidedBox()
    box.setSizeAdjustPolicy(ElidedBox.SizeAdjustPolicy.AdjustToContents)
    box.addItem("未完成")
    box.setItemText(0, "未完成  1")
    show(box)
    box.resize(box.sizeHint())
    box.grab()
    assert not box.toolTip()
