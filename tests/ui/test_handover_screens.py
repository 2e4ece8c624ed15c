"""交接, 设备与下发, 收件, 冲突 and 审核 between two real homes, by files and keys."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit

from app.services import enrolment, handover, inspecting, visits
from app.services.workplace import Workplace
from app.sync.shapes import RECORD_KINDS
from app.ui.handover import answers, arrivals, lines
from app.ui.handover.devices import DevicesScreen
from app.ui.handover.screen import HandoverScreen
from app.ui.inbox.paths import path_text, value_text
from app.ui.inbox.review import ReviewScreen
from app.ui.inbox.screen import InboxScreen
from app.ui.jobs import Jobs
from app.ui.screen import Screen
from app.ui.shell import Shell
from app.vocabulary import InspectionStatus
from app.wording import labels
from tests.services.parcels import VISIT, introduce, make_task, receive, send
from tests.ui.desks import (
    CTRL,
    ENTER,
    Answers,
    Elsewhere,
    desk_of,
    dialog_of,
    finished_visit,
    shell_of,
    submit,
)

Open = Callable[[Callable[[], Screen]], Shell]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """The folder that files travel in."""
    folder = tmp_path / "移动磁盘"
    folder.mkdir()
    return folder


@pytest.fixture
def open_screen(show, qtbot, jobs: Jobs) -> Open:
    def opened(make: Callable[[], Screen]) -> Shell:
        shell = show(shell_of("room", make, "printing", "enforcement"))
        settled(qtbot, jobs)
        return shell

    return opened


@pytest.fixture
def met(office: Workplace, laptop: Workplace, tmp_path: Path) -> tuple[Workplace, Workplace]:
    introduce(office, laptop, tmp_path)
    return office, laptop


def press(qtbot, shell: Shell, key: Qt.Key) -> None:
    """A key with Ctrl, then wait until the long step is over."""
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    qtbot.keyClick(shell, key, CTRL)


def settled(qtbot, jobs: Jobs) -> None:
    qtbot.waitUntil(lambda: not jobs.is_busy(), timeout=20_000)


def export(qtbot, shell: Shell, jobs: Jobs) -> None:
    """Ctrl+E, the folder by Ctrl+O, and Ctrl+Enter; everything else as it is offered."""
    press(qtbot, shell, Qt.Key.Key_E)
    dialog = dialog_of(qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_O, CTRL)
    submit(qtbot, dialog)
    settled(qtbot, jobs)


def test_a_laptop_is_enrolled_by_two_files_and_one_fingerprint(
    qtbot, office, laptop, jobs, open_screen, stick
) -> None:
    mine = open_screen(lambda: HandoverScreen(desk_of(laptop, jobs), Answers(stick)))
    assert "还没有登记" in mine.title_bar._context.text()
    press(qtbot, mine, Qt.Key.Key_G)
    settled(qtbot, jobs)
    [request] = stick.glob("*.cyreq")
    fingerprint = laptop.vault.public.fingerprint
    assert fingerprint in mine.current().banner.text()

    theirs = open_screen(lambda: DevicesScreen(desk_of(office, jobs), Answers(request)))
    press(qtbot, theirs, Qt.Key.Key_G)
    dialog = dialog_of(qtbot)
    assert any(label.text() == fingerprint for label in dialog.findChildren(QLabel))
    qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible(), "nothing is signed before the fingerprints were compared"
    dialog.findChild(QCheckBox, "compared").setChecked(True)
    submit(qtbot, dialog)
    assert fingerprint in theirs.current().banner.text()
    assert theirs.current().devices.current().fingerprint == fingerprint

    [answer] = stick.glob("*.cyenr")
    mine.current()._chooser.paths = (answer,)
    press(qtbot, mine, Qt.Key.Key_D)
    settled(qtbot, jobs)
    said = mine.current().banner.text()
    assert fingerprint in said
    assert office.vault.public.fingerprint in said
    assert office.vault.public.fingerprint in mine.current().aside.text()
    assert any(row.office_device for row in enrolment.device_rows(laptop))


def test_a_file_that_is_no_request_is_refused_by_sentence(qtbot, office, jobs, open_screen, stick) -> None:
    wrong = stick / "x.cyreq"
    wrong.write_text("?")
    shell = open_screen(lambda: DevicesScreen(desk_of(office, jobs), Answers(wrong)))
    press(qtbot, shell, Qt.Key.Key_G)
    assert "x.cyreq" in shell.banner.text()


def test_finished_visits_go_to_the_office_and_are_reviewed(qtbot, met, jobs, open_screen, stick) -> None:
    office, laptop = met
    visit = finished_visit(laptop)
    mine = open_screen(lambda: HandoverScreen(desk_of(laptop, jobs), Answers(stick)))
    assert "1 次检查" in mine.current().context()
    assert mine.current().outgoing.table.rows.ids() == (visit.id,)
    export(qtbot, mine, jobs)
    assert "读回核对无误" in mine.current().banner.text()
    assert mine.current().outgoing.table.rows.ids() == ()
    assert mine.current().history.table.rows.rowCount() == 1

    (stick / "坏.cyb").write_bytes(b"not a package")
    theirs = open_screen(lambda: InboxScreen(desk_of(office, jobs), Answers(stick)))
    press(qtbot, theirs, Qt.Key.Key_I)
    settled(qtbot, jobs)
    results = theirs.current().results
    assert results.results.table.rows.rowCount() == 2
    assert "不是查验包" in results.aside.text(), "what needs attention is chosen first"
    assert "1 个全部收入" in theirs.current().context()

    mine.current()._chooser.paths = tuple(stick.glob("*.receipt"))
    key = f"inspection:{visit.id}:{office.device_id}"
    assert answers.mark_text(mine.current().answers.row(key)) == "○ 待回执"
    press(qtbot, mine, Qt.Key.Key_I)
    settled(qtbot, jobs)
    assert answers.mark_text(mine.current().answers.row(key)) == "✓ 已收到"
    assert mine.current().answers.row(key).title == visit.sheet().header.subject_name

    room = open_screen(lambda: ReviewScreen(desk_of(office, jobs)))
    review = room.current()
    assert review.title() == visit.sheet().header.subject_name
    assert "拒绝签名" in review.summary.text()
    press(qtbot, room, Qt.Key.Key_B)
    dialog = dialog_of(qtbot)
    qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible(), "a returned visit needs a remark"
    dialog.findChild(QPlainTextEdit, "remark").setPlainText("补照片")
    submit(qtbot, dialog)
    assert visits.inspection_ids(office, status=InspectionStatus.RETURNED) == (visit.id,)
    assert review.lists.currentWidget() is review.empty
    assert review.tabs.mapTo(review, QPoint()).x() == 0, "the list stays where it was"
    review.tabs.setCurrentIndex(1)
    assert "补照片" in review.context()


def test_a_visit_is_approved_by_one_key(qtbot, met, jobs, open_screen, tmp_path) -> None:
    office, laptop = met
    visit = finished_visit(laptop)
    receive(office, send(laptop, tmp_path))
    room = open_screen(lambda: ReviewScreen(desk_of(office, jobs)))
    press(qtbot, room, ENTER)
    settled(qtbot, jobs)
    assert visits.inspection_ids(office, status=InspectionStatus.APPROVED) == (visit.id,)
    room.current().tabs.setCurrentIndex(2)
    press(qtbot, room, Qt.Key.Key_P)
    elsewhere = room.current()
    assert isinstance(elsewhere, Elsewhere)
    assert elsewhere.asked["inspection_id"] == visit.id


def test_a_visit_is_shown_in_the_list_of_its_state(met, jobs, open_screen, tmp_path) -> None:
    office, laptop = met
    visits_here = [finished_visit(laptop), finished_visit(laptop)]
    receive(office, send(laptop, tmp_path))
    inspecting.review(office, inspection_id=visits_here[1].id, approve=True)
    shell = open_screen(lambda: ReviewScreen(desk_of(office, jobs)))
    for visit, tab in zip(visits_here, (0, 2), strict=True):
        shell.open("room", inspection_id=visit.id)
        assert shell.current().tabs.currentIndex() == tab
        assert shell.current().table.current_id() == visit.id
        assert shell.current().title() == visit.sheet().header.subject_name
    shell.open("room", inspection_id=VISIT)
    assert "还没有完成" in shell.status_line._left.text()


def test_what_waits_is_counted_beside_the_window(qtbot, met, jobs, show, stick) -> None:
    """Of a year's visits that takes longer than a frame: the screen opens before it is known."""
    office, laptop = met
    visit = finished_visit(laptop)
    make_task(office, laptop.device_id)
    gate, owner = threading.Event(), QObject()
    jobs.run(lambda: gate.wait(30), lambda _: None, None, owner)
    mine = show(shell_of("room", lambda: HandoverScreen(desk_of(laptop, jobs), Answers(stick))))
    theirs = show(shell_of("room", lambda: DevicesScreen(desk_of(office, jobs), Answers(stick))))
    assert mine.current().context() == f"收件方 {office.owner.office}"
    assert theirs.current().context() == "在用设备 1 台"
    assert not mine.current().outgoing.empty.heading.text(), "nothing is said to be done before it is known"
    gate.set()
    settled(qtbot, jobs)
    assert mine.current().context().startswith("1 次检查，证据约")
    assert mine.current().outgoing.table.rows.ids() == (visit.id,)
    assert "待下发任务 1 项" in theirs.current().context()


def test_task_packages_reach_the_laptop(qtbot, met, jobs, open_screen, stick) -> None:
    office, laptop = met
    make_task(office, laptop.device_id)
    theirs = open_screen(lambda: DevicesScreen(desk_of(office, jobs), Answers(stick)))
    assert "待下发任务 1 项" in theirs.current().context()
    theirs.current().devices.table.choose(laptop.device_id)
    export(qtbot, theirs, jobs)
    assert "待下发任务 0 项" in theirs.current().context()

    mine = open_screen(lambda: HandoverScreen(desk_of(laptop, jobs), Answers(*stick.glob("*.cyb"))))
    press(qtbot, mine, Qt.Key.Key_I)
    settled(qtbot, jobs)
    done = mine.current().results.results.row("0")
    assert done.accepted
    assert arrivals.import_tone(done) == "good"
    assert mine.current().results.isVisible()
    [row] = handover.history(laptop)
    assert lines.package_outcome(row) == f"收入 {done.accepted}"


def test_what_was_handed_in_can_be_sent_again_but_is_not_the_next_step(met, jobs, open_screen) -> None:
    shell = open_screen(lambda: HandoverScreen(desk_of(met[1], jobs), Answers()))
    steps = {action.name: action for action in shell.current().screen_actions()}
    assert [name for name, step in steps.items() if step.primary] == ["import_tasks"]
    assert steps["export"].enabled


def test_sending_everything_again_where_there_is_nothing_is_refused(
    qtbot, met, jobs, open_screen, stick
) -> None:
    shell = open_screen(lambda: HandoverScreen(desk_of(met[1], jobs), Answers(stick)))
    press(qtbot, shell, Qt.Key.Key_E)
    dialog = dialog_of(qtbot)
    dialog.findChild(QCheckBox, "whole").click()
    qtbot.keyClick(dialog, Qt.Key.Key_O, CTRL)
    submit(qtbot, dialog)
    settled(qtbot, jobs)
    assert "没有新的要交" in shell.banner.text()
    assert list(stick.iterdir()) == []


@pytest.mark.parametrize("meant", [True, False])
def test_revoking_asks_first(qtbot, met, jobs, open_screen, meant: bool) -> None:
    office, laptop = met
    shell = open_screen(lambda: DevicesScreen(desk_of(office, jobs), Answers()))
    shell.current().devices.table.choose(laptop.device_id)
    press(qtbot, shell, Qt.Key.Key_Delete)
    dialog = dialog_of(qtbot)
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert laptop.vault.public.fingerprint in said
    assert "从现在起它写的记录一律拒收，不能恢复" in said
    if meant:
        submit(qtbot, dialog)
    else:
        dialog.reject()
    settled(qtbot, jobs)
    row = next(row for row in enrolment.device_rows(office) if not row.own)
    assert (row.revoked_at is not None) is meant


def test_dropped_packages_are_taken_in(qtbot, met, jobs, open_screen, tmp_path) -> None:
    office, laptop = met
    finished_visit(laptop)
    package = send(laptop, tmp_path)
    shell = open_screen(lambda: InboxScreen(desk_of(office, jobs), Answers()))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(package))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    shell.current().dropEvent(event)
    settled(qtbot, jobs)
    assert shell.current().results.results.row("0").accepted == 1


def test_every_field_that_travels_has_a_name() -> None:
    fields, parts = labels("record_field"), labels("record_part")
    for shape in RECORD_KINDS.values():
        assert shape.parts.keys() <= parts.keys()
        for rows in (shape.root, *shape.parts.values()):
            assert rows.fields.keys() <= fields.keys()


@pytest.mark.parametrize(
    "path, value, name, text",
    [
        ("place", "成品库", "检查地点", "成品库"),
        ("answers/3.1/verdict", "nonconforming", "检查项 3.1 · 结论", "不符合"),
        ("findings/item:3.1/description", None, "问题 3.1 · 事实描述", "（空）"),
        (f"orders/{VISIT}/status", "issued", "责令改正 #4444 · 状态", "已出具"),
        (f"cases/{VISIT}/fine", 123456, "案件 #4444 · 罚款（元）", "1,234.56 元"),
        (f"evidence/{VISIT}", None, "证据 #4444 · 保留还是删去", "删去"),
        ("rights_told", True, "已告知权利", "是"),
    ],
)
def test_paths_and_values_are_written_in_words(path: str, value: object, name: str, text: str) -> None:
    assert path_text(path) == name
    assert value_text(path, value) == text


@pytest.mark.parametrize(
    "size, text", [(12, "12 B"), (2048, "2 KB"), (5 << 20, "5.0 MB"), (3 << 30, "3.00 GB")]
)
def test_sizes_are_read_at_a_glance(size: int, text: str) -> None:
    assert lines.size_text(size) == text
