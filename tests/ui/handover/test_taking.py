"""Taking in from the window: volumes, late packages, what became of each record, receipts, dropped files."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel

from app.errors import Problem
from app.services import enrolment, handover, merging
from app.services.merging import Fate, Imported, RecordOutcome
from app.ui.handover import arrivals, lines
from app.ui.handover.arrivals import Arrived, RecordLine, leads_to, record_lines, why_text
from app.ui.handover.screen import HandoverScreen
from app.ui.handover.waiting import missing_text
from app.ui.inbox.screen import InboxScreen
from app.vocabulary import Role
from tests.services.parcels import ORG, VISIT, edit, make_task, make_visit, receive, send
from tests.ui.desks import CTRL, ENTER, Elsewhere, dialog_of

OTHER = "6" * 32


def in_pieces(laptop, folder: Path) -> list[Path]:
    """A visit in two volumes, in ``folder``."""
    make_visit(laptop)
    return list(handover.export_package(laptop, out=folder, split=100_000).volumes)


def test_missing_volumes_are_named_and_may_come_from_another_stick(met, window, stick, tmp_path) -> None:
    office, laptop = met
    pieces = in_pieces(laptop, stick)
    second = tmp_path / "另一个移动磁盘"
    second.mkdir()
    moved = pieces[1].rename(second / pieces[1].name)
    room = window(InboxScreen, office, stick)
    room.step(Qt.Key.Key_I)
    panel = room.screen.results
    assert arrivals.import_word(panel.results.row("0")) == "缺卷"
    assert "共 2 卷，缺第 2 卷" in panel.aside.text()
    assert "次序不限" in panel.aside.text()
    assert "1 个包缺卷" in room.screen.context()
    room.drop(moved)
    assert arrivals.import_word(panel.results.row("0")) == "全部收入"
    assert panel.results.row("0").accepted == 1


def test_a_late_package_is_looked_at_before_it_is_taken_in(met, window, stick, clock) -> None:
    office, laptop = met
    make_visit(laptop)
    package = send(laptop, stick)
    clock.move(days=2)
    enrolment.revoke(office, device_id=laptop.device_id)
    room = window(InboxScreen, office, stick)
    room.step(Qt.Key.Key_I)
    panel = room.screen.results
    assert arrivals.import_word(panel.results.row("0")) == "待查"
    assert "--admit" not in panel.aside.text()
    assert laptop.vault.public.fingerprint in panel.aside.text()
    room.press(Qt.Key.Key_R)
    dialog = dialog_of(room.qtbot)
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    for words in (
        "彭建华",
        package.name,
        "检查 1 条，照片等证据 2 个",
        "2026-08-12 09:30 制作",
        "2026-08-14",
    ):
        assert words in said
    room.qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible(), "nothing is taken in before somebody confirmed"
    assert receive(office, package).problem.code == arrivals.REVIEW
    dialog.findChild(QCheckBox, "kept").setChecked(True)
    with room.qtbot.waitSignal(dialog.stored):
        room.qtbot.keyClick(dialog, ENTER, CTRL)
    room.settle()
    assert panel.results.row("0").accepted == 1
    assert not panel.review.isVisible()


def test_every_record_says_what_became_of_it_and_leads_on(met, window, stick) -> None:
    office, laptop = met
    make_visit(laptop)
    receive(office, send(laptop, stick))
    edit(office, "place", "二号车间")
    edit(laptop, "place", "成品库")
    make_visit(laptop, OTHER)
    package = send(laptop, stick)
    room = window(InboxScreen, office, package)
    room.step(Qt.Key.Key_O)
    panel = room.screen.results
    shown = [
        panel.records.tabs.tabText(place)
        for place in range(panel.records.tabs.count())
        if panel.records.tabs.isTabVisible(place)
    ]
    assert shown == ["全部 2", "收入 1", "冲突 1"]
    keys = panel.records.rows.table.rows.ids()
    assert keys == (f"inspection:{VISIT}", f"inspection:{OTHER}"), "what needs somebody stands first"
    assert panel.records.row(keys[0]).title == "宜春市𬭎业电缆厂"
    panel.records.rows.table.choose(keys[0])
    assert "两人填写不一致" in panel.aside.text(), "what a line has no room for stands beside it"
    assert panel.aside.foot.isVisible(), "and the key that leads on"
    panel.records.choose_group("accepted")
    assert panel.records.rows.table.rows.ids() == keys[1:]
    panel.records.rows.table.setFocus()
    panel.records.rows.table.choose(keys[1])
    room.qtbot.keyClick(panel.records.rows.table, ENTER)
    assert room.shell.current_key() == "review"
    assert room.shell.current().asked == {"inspection_id": OTHER}
    room.shell.open("room")
    room.press(Qt.Key.Key_J)
    elsewhere = room.shell.current()
    assert isinstance(elsewhere, Elsewhere)
    assert room.shell.current_key() == "conflicts"
    assert elsewhere.asked == {"kind": "inspection", "record_id": VISIT}


def test_the_receipt_lies_beside_the_package(met, window, stick) -> None:
    office, laptop = met
    make_visit(laptop)
    package = send(laptop, stick)
    room = window(InboxScreen, office, stick)
    room.step(Qt.Key.Key_I)
    said = room.screen.results.aside.text()
    assert f"{package.name}.receipt" in said
    assert "带回给对方导入" in said
    assert [step.name for step in room.screen.screen_actions()] == ["import_files", "import_folder"]


def test_a_receipt_that_could_not_stay_on_the_stick_is_carried_there_later(
    met, window, stick, tmp_path
) -> None:
    office, laptop = met
    make_visit(laptop)
    package = send(laptop, stick)
    # Where a folder has its name, no file can be put.
    stick.joinpath(f"{package.name}.receipt").mkdir()
    room = window(InboxScreen, office, package)
    room.step(Qt.Key.Key_O)
    assert "回执留在本机" in room.screen.results.aside.text()
    assert room.screen.screen_actions()[0].name == "carry_receipts"
    other = tmp_path / "能写的移动磁盘"
    other.mkdir()
    room.chooser.paths = (other,)
    room.step(Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    [receipt] = other.iterdir()
    assert receipt.name == f"{package.name}.receipt"
    [answered] = merging.import_packages(laptop, paths=[receipt])
    assert answered.answered == 1
    later = window(InboxScreen, office)
    assert later.screen.screen_actions()[0].name == "carry_receipts", "they are found after a new start too"


def test_an_import_that_is_stopped_takes_nothing(met, window, stick) -> None:
    office, laptop = met
    make_visit(laptop)
    send(laptop, stick)
    room = window(InboxScreen, office, stick)
    gate = threading.Event()
    room.jobs.run(gate.wait, lambda _: None, None, room.screen)
    room.press(Qt.Key.Key_I)
    room.press(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    gate.set()
    room.settle()
    assert arrivals.import_word(room.screen.results.results.row("0")) == "已停止"
    assert "1 个包已停止" in room.screen.context()
    assert handover.history(office) == ()
    assert not list((office.home / "staging").glob("*"))
    assert not list(stick.glob("*.receipt"))


def test_an_answer_of_the_office_may_be_dropped(office, laptop, window, stick) -> None:
    request = stick / "x.cyreq"
    enrolment.make_request(laptop, out=request)
    enrolment.enrol(office, request=request, out=stick)
    room = window(HandoverScreen, laptop)
    room.drop(stick)
    assert "登记好了" in room.screen.banner.text()


def test_a_folder_with_tasks_may_be_dropped(met, window, stick) -> None:
    office, laptop = met
    make_task(office, laptop.device_id)
    send(office, stick, laptop.device_id)
    (stick / "说明.txt").write_text("读我")
    room = window(HandoverScreen, laptop)
    room.drop(stick / "说明.txt", stick)
    assert "说明.txt 没有收" in room.shell.banner.text()
    assert room.screen.results.results.row("0").accepted
    keys = room.screen.results.records.rows.table.rows.ids()
    titles = {room.screen.results.records.row(key).title for key in keys}
    assert {"2026年认证检查", "宜春市𬭎业电缆厂"} <= titles


def test_nothing_may_be_dropped_that_nobody_reads(met, window, stick) -> None:
    paper = stick / "a.docx"
    paper.write_bytes(b"PK")
    room = window(InboxScreen, met[0])
    room.drop(paper)
    assert room.screen.results.arrived == Arrived()
    assert "a.docx 没有收" in room.shell.banner.text()
    assert ".cyb、.cyv、.receipt" in room.shell.banner.text()


def test_held_and_refused_records_say_why() -> None:
    held = RecordOutcome("inspection", "a" * 32, Fate.HELD, missing=("b" * 64,))
    no_right = Problem("sync.no_right", values={"name": "彭建华"})
    refused = RecordOutcome("plan", "c" * 32, Fate.REFUSED, no_right)
    done = Imported("a.cyb", held=1, refused=1, records=(held, refused))
    first, second = record_lines(Arrived((done,), (None,)), 0)
    assert arrivals.fate_text(first) == "✗ 拒收"
    assert "无权修改" in why_text(first)
    assert arrivals.fate_text(second) == "？ 待补"
    assert "缺前面的修订 1 条" in why_text(second)
    assert second.title == "编号 aaaaaaaa"
    assert arrivals.import_tone(done) == "bad"


@pytest.mark.parametrize(
    "role, kind, fate, led",
    [
        ("supervisor", "organization", Fate.ACCEPTED, ("registry", {"organization_id": ORG})),
        ("inspector", "assignment", Fate.ACCEPTED, ("targets", {"query": "恒达"})),
        ("inspector", "inspection", Fate.MERGED, ("visit", {"inspection_id": ORG})),
        ("inspector", "inspection", Fate.CONFLICT, ("conflicts", {"kind": "inspection", "record_id": ORG})),
        ("supervisor", "inspection", Fate.HELD, None),
        ("supervisor", "person", Fate.ACCEPTED, None),
    ],
)
def test_a_record_leads_to_the_screen_that_shows_it(role: str, kind: str, fate: Fate, led) -> None:
    assert leads_to(Role(role), RecordLine(RecordOutcome(kind, ORG, fate), "恒达")) == led


def test_files_of_one_name_are_told_apart_by_their_order(tmp_path) -> None:
    for name in ("一", "二"):
        tmp_path.joinpath(name).mkdir()
        tmp_path.joinpath(name, "a.cyb").touch()
    paths = [tmp_path / "二" / "a.cyb", tmp_path / "一"]
    done = [Imported("a.cyb"), Imported("a.cyb"), Imported("b.cyb")]
    assert arrivals.located(paths, done) == (tmp_path / "二" / "a.cyb", tmp_path / "一" / "a.cyb", None)


def test_sizes_of_volumes_can_be_chosen_in_the_file_dialog() -> None:
    assert all(f"*{end}" in lines.PACKAGES for end in (".cyb", ".cyv", ".receipt"))


def test_what_waits_is_listed_with_what_it_waits_for_until_that_comes(met, window, stick) -> None:
    office, laptop = met
    make_visit(laptop)
    first = send(laptop, stick)
    edit(laptop, "place", "二号车间")
    second = send(laptop, stick)
    room = window(InboxScreen, office, second)
    room.step(Qt.Key.Key_O)
    screen = room.screen
    assert screen.tabs.tabText(1) == "等待中 1"
    [key] = screen.waiting.rows.table.rows.ids()
    row = screen.waiting.rows.row(key)
    assert row.record_id == VISIT
    said = screen.waiting.aside.text()
    assert missing_text(row) == "彭建华第 1 包"
    assert "没有收到的包：彭建华 1" in said
    assert "到齐后自动并入" in said
    [line] = record_lines(screen.results.arrived, 0)
    assert arrivals.fate_text(line) == "？ 待补"
    assert "彭建华" in why_text(line), "whose package is missing is said at once"
    room.chooser.paths = (first,)
    room.step(Qt.Key.Key_O)
    assert screen.tabs.tabText(1) == "等待中"
    assert screen.waiting.rows.table.rows.ids() == ()
