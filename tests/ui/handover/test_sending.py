"""Handing over from the window: receivers, forecast, volumes, room on the disk, stopping, the way back."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.services import handover, merging, visits
from app.services.deliveries import RESEND_AFTER
from app.services.loading import Foreseen
from app.sync import volumes
from app.ui.handover import answers, lines
from app.ui.handover.devices import DevicesScreen
from app.ui.handover.screen import HandoverScreen
from app.ui.handover.sending import OWN_SIZE, SendingDialog
from app.vocabulary import InspectionStatus
from tests.services.parcels import VISIT, edit, make_task, make_visit, receive, send
from tests.ui.desks import CTRL, ENTER

DRAFT = "6" * 32
SHIFT = Qt.KeyboardModifier.ShiftModifier


def tick(dialog: SendingDialog, device_id: str, *, on: bool = True) -> None:
    """Tick a receiver by Space."""
    for line in range(dialog.to.count()):
        item = dialog.to.item(line)
        if item.data(Qt.ItemDataRole.UserRole) == device_id:
            dialog.to.setCurrentItem(item)
            if (item.checkState() == Qt.CheckState.Checked) is not on:
                QTest.keyClick(dialog.to, Qt.Key.Key_Space)
            assert (item.checkState() == Qt.CheckState.Checked) is on


def test_what_will_go_and_whether_there_is_room_is_said_first(met, window, stick) -> None:
    _, laptop = met
    make_visit(laptop)
    room = window(HandoverScreen, laptop, stick)
    dialog = room.sending()
    assert dialog.forecast.text() == "检查 1 条，照片等证据 2 个，不到 1 MB"
    assert dialog.to.ticked() == (met[0].device_id,)
    assert not dialog.drafts.isChecked(), "the office gets what is finished"
    room.qtbot.keyClick(dialog, Qt.Key.Key_O, CTRL)
    assert dialog._target_row.note.text().startswith("可用 ")
    assert handover.history(laptop) == (), "nothing is written while one looks"


def test_too_little_room_is_said_before_anything_is_written(met, window, stick, monkeypatch) -> None:
    _, laptop = met
    make_visit(laptop)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    room = window(HandoverScreen, laptop, stick)
    dialog = room.sending()
    room.qtbot.keyClick(dialog, Qt.Key.Key_O, CTRL)
    assert dialog._target_row.note.text().startswith("放不下：约需 ")
    room.send(dialog, stick)
    assert "空间" in room.shell.banner.text()
    assert list(stick.iterdir()) == []


def test_nobody_and_nowhere_are_no_receivers_and_no_folder(met, window) -> None:
    office, laptop = met
    make_visit(laptop)
    room = window(HandoverScreen, laptop)
    dialog = room.sending()
    tick(dialog, office.device_id, on=False)
    room.qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible()
    assert dialog._to_row.note.text() == "至少勾选一台"
    assert dialog._target_row.note.text() == "选一个文件夹或移动磁盘"


def test_one_package_goes_to_several_laptops(met, colleague, window, stick) -> None:
    office, laptop = met
    make_task(office, laptop.device_id)
    room = window(DevicesScreen, office)
    room.screen.devices.table.choose(laptop.device_id)
    dialog = room.sending()
    assert dialog.to.ticked() == (laptop.device_id,)
    tick(dialog, colleague.device_id)
    room.send(dialog, stick)
    [package] = stick.glob("*.cyb")
    for place in (laptop, colleague):
        assert receive(place, package).problem is None
    out = [row for row in handover.history(office) if row.outgoing]
    assert {row.peer for row in out} == {laptop.device_id, colleague.device_id}
    assert room.screen.history.table.rows.rowCount() == 2
    assert "彭建华" in room.screen.written.aside.text()
    assert "易晓燕" in room.screen.written.aside.text()


def test_a_colleague_gets_what_is_not_finished_too(met, colleague, window, stick) -> None:
    office, laptop = met
    make_visit(laptop, DRAFT, InspectionStatus.IN_PROGRESS)
    room = window(HandoverScreen, laptop)
    dialog = room.sending()
    assert dialog.forecast.text() == "没有新的要带"
    tick(dialog, colleague.device_id)
    room.settle()
    assert dialog.drafts.isChecked(), "who goes on with a visit needs it as it stands"
    assert dialog.forecast.text().startswith("检查 1 条")
    tick(dialog, office.device_id, on=False)
    room.send(dialog, stick)
    [package] = stick.glob("*.cyb")
    assert receive(colleague, package).accepted == 1
    assert visits.inspection_ids(colleague) == (DRAFT,)


def test_an_own_choice_about_unfinished_visits_stays(met, colleague, window) -> None:
    room = window(HandoverScreen, met[1])
    dialog = room.sending()
    box = dialog.findChild(QCheckBox, "drafts")
    box.click()
    box.click()
    tick(dialog, colleague.device_id)
    room.settle()
    assert not box.isChecked()


def test_volumes_are_named_one_by_one_and_joined_in_any_order(met, window, stick) -> None:
    office, laptop = met
    make_visit(laptop)
    room = window(HandoverScreen, laptop)
    dialog = room.sending()
    dialog.split.choose(OWN_SIZE)
    size = dialog.findChild(QLineEdit, "size")
    assert size.isVisible()
    size.setText("十兆")
    room.qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible()
    assert "十兆" in dialog._size_row.note.text()
    size.setText("100K")
    room.send(dialog, stick)
    pieces = sorted(stick.glob("*.cyv"))
    assert len(pieces) == 2
    files = room.screen.written.files
    assert [files.row(key).volume for key in files.table.rows.ids()] == [
        "第 1 卷 / 共 2 卷",
        "第 2 卷 / 共 2 卷",
    ]
    assert [files.row(key).name for key in files.table.rows.ids()] == [piece.name for piece in pieces]
    assert "少一卷就收不进去" in room.screen.written.aside.text()
    room.press(Qt.Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == str(stick)
    [done] = merging.import_packages(office, paths=pieces[::-1])
    assert done.accepted == 1
    assert not list((laptop.home / handover.OUTBOX).iterdir()), "nothing stays in the home"


def test_nothing_is_wider_than_a_small_laptop(met, window, stick) -> None:
    make_visit(met[1])
    room = window(HandoverScreen, met[1])
    room.shell.resize(round(1366 / 1.25), round(768 / 1.25))
    room.send(room.sending(), stick)
    receive(met[0], *stick.glob("*.cyb"))
    room.drop(stick)
    screen = room.screen
    tables = (
        screen.written.files.table,
        screen.history.table,
        screen.answers.rows.table,
        screen.results.results.table,
    )
    for tab, table in zip((3, 2, 1, 4), tables, strict=True):
        screen.tabs.setCurrentIndex(tab)
        room.settle()
        assert table.isVisible()
        assert table.horizontalHeader().length() <= table.viewport().width(), tab
        header = table.horizontalHeader()
        for section in range(header.count()):
            assert header.sectionSizeFromContents(section).width() <= header.sectionSize(section) + 8


def test_sticks_and_mail_have_their_sizes(met, window, stick) -> None:
    make_visit(met[1])
    room = window(HandoverScreen, met[1])
    dialog = room.sending()
    assert [volumes.parse_size(word) for word in ("4G", "20M")] == [4_000_000_000, 20_000_000]
    dialog.split.choose("20M")
    room.send(dialog, stick)
    assert room.screen.working._count.text().startswith("读写 "), "how far it is is said in bytes"
    [piece] = stick.glob("*.cyv")
    assert piece.name.endswith(".001.cyv")


def test_a_package_that_is_stopped_is_not_there(met, window, stick) -> None:
    _, laptop = met
    make_visit(laptop)
    room = window(HandoverScreen, laptop, stick)
    gate = threading.Event()
    dialog = room.sending()
    room.qtbot.keyClick(dialog, Qt.Key.Key_O, CTRL)
    dialog.split.choose("20M")
    sending = dialog.prepare()()
    dialog.reject()
    room.jobs.run(gate.wait, lambda _: None, None, room.screen)
    room.screen.outbox.send(sending)
    assert room.screen.working.isVisible()
    room.press(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert "不留下任何文件" in room.screen.working._text.text()
    gate.set()
    room.settle()
    assert "已停止" in room.shell.banner.text()
    assert list(stick.iterdir()) == []
    assert not list((laptop.home / handover.OUTBOX).glob("*"))
    assert handover.history(laptop) == ()
    assert room.screen.outgoing.table.rows.ids() == (VISIT,), "it still has to go"


def test_how_far_a_package_is_is_said_in_bytes() -> None:
    assert lines.work_text(3_000_000, 20_000_000) == "读写 2.9 MB / 19.1 MB"


def test_what_nobody_confirmed_is_named_with_the_day_it_goes_again(met, window, stick, clock) -> None:
    _, laptop = met
    make_visit(laptop)
    send(laptop, stick)
    room = window(HandoverScreen, laptop)
    panel = room.screen.answers
    [row] = [panel.row(key) for key in panel.rows.table.rows.ids()]
    assert answers.mark_text(row) == "○ 待回执"
    assert answers.reason_text(row) == "2026-08-12 交出；2026-08-19 还没有回执就再发"
    assert room.screen.tabs.tabText(1) == "回执"
    clock.move(days=RESEND_AFTER.days)
    room.screen.refresh(None)
    room.settle()
    [row] = [panel.row(key) for key in panel.rows.table.rows.ids()]
    assert "下次导出再发" in answers.reason_text(row)
    assert answers.mark_tone(row) == "attention"
    assert room.screen.tabs.tabText(1) == "回执（1 条久未回）"
    assert room.screen.outgoing.table.rows.ids() == (VISIT,)


def test_each_record_has_its_mark_and_the_marks_are_counted(met, window, stick) -> None:
    office, laptop = met
    make_visit(laptop)
    receive(office, send(laptop, stick))
    edit(office, "place", "二号车间")
    edit(laptop, "place", "成品库")
    make_visit(laptop, DRAFT)
    receive(office, send(laptop, stick))
    merging.import_packages(laptop, paths=sorted(stick.glob("*.receipt")))
    room = window(HandoverScreen, laptop)
    panel = room.screen.answers
    marks = {panel.row(key).receipt.record_id: panel.row(key) for key in panel.rows.table.rows.ids()}
    assert answers.mark_text(marks[VISIT]) == "？ 对方在等"
    assert answers.reason_text(marks[VISIT]) == "两人填写不一致，对方定下后生效"
    assert answers.mark_text(marks[DRAFT]) == "✓ 已收到"
    shown = [
        panel.tabs.tabText(place) for place in range(panel.tabs.count()) if panel.tabs.isTabVisible(place)
    ]
    assert shown == ["全部 2", "对方在等 1", "已收到 1"]
    panel.choose_group("question")
    [key] = panel.rows.table.rows.ids()
    room.screen.tabs.setCurrentIndex(1)
    panel.rows.table.setFocus()
    panel.rows.table.choose(key)
    room.qtbot.keyClick(panel.rows.table, ENTER)
    assert room.shell.current_key() == "visit"
    assert room.shell.current().asked == {"inspection_id": VISIT}


@pytest.mark.parametrize("name", ["receivers", "whole", "split", "out"])
def test_every_field_has_a_spoken_name(met, window, name: str) -> None:
    dialog = window(HandoverScreen, met[1]).sending()
    assert dialog.findChild(QWidget, name).accessibleName()


def test_the_forecast_counts_bytes_once_they_matter() -> None:
    told = Foreseen({"inspection": 3}, 12, 34 << 20, ())
    assert lines.load_text(told) == "检查 3 条，照片等证据 12 个，约 34.0 MB"
