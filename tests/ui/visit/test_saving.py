"""Typed text is stored after a pause, at once when asked, and kept when it cannot be stored."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.ui.visit.saving import LateSaver


def test_the_newest_text_is_stored_once(qtbot):
    stored = []
    parent = QObject()
    saver = LateSaver(lambda key, text: stored.append((key, text)) is None, parent)
    saver.typed("note", "一")
    saver.typed("note", "一二")
    assert saver.waits("note")
    qtbot.waitUntil(lambda: bool(stored))
    assert stored == [("note", "一二")]
    assert saver.flush()
    assert stored == [("note", "一二")]


def test_text_that_cannot_be_stored_waits_for_the_next_try(qtbot):
    disk_full, stored = [True], []
    parent = QObject()

    def save(key: str, text: str) -> bool:
        if not disk_full[0]:
            stored.append(text)
        return not disk_full[0]

    saver = LateSaver(save, parent)
    saver.typed("note", "现场笔录")
    assert not saver.flush()
    assert saver.waits("note")
    disk_full[0] = False
    assert saver.flush()
    assert stored == ["现场笔录"]
