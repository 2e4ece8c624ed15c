"""扫描件 by real drops, keys and clicks on a real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app.services import inspecting, issuing, scan_rows, scan_tray
from app.services.scan_tray import Wanted
from app.services.scanning import import_scans
from app.services.sealing import seal
from app.ui.dropping import by_screen
from app.ui.jobs import Jobs
from app.ui.scans.screen import ScansScreen
from app.ui.screen import ScreenSpec
from app.ui.screens import screens_for
from app.ui.shell import Shell
from tests.forms.papers_seen import Scanner, encoded, several
from tests.services.conftest import Visit
from tests.ui.desks import (
    CTRL,
    ENTER,
    Answers,
    Elsewhere,
    desk_of,
    dialog_of,
    finished_visit,
    found_visit,
    submit,
)


@pytest.fixture
def visit(laptop) -> Visit:
    made = found_visit(laptop)
    made.fill_header()
    inspecting.set_header(laptop, inspection_id=made.id, situation="查看成品库与出货台账。" * 250)
    return made


@pytest.fixture
def shell(laptop, jobs, show, tmp_path) -> Shell:
    """A window that shows another screen; 扫描件 was never opened."""
    desk = desk_of(laptop, jobs)
    specs = [
        ScreenSpec("today", "今日", "today", Elsewhere),
        ScreenSpec("printing", "打印", "print", Elsewhere),
        ScreenSpec(
            "scans", "扫描件", "scanner", lambda: ScansScreen(desk, Answers()), takes=(".pdf", ".png")
        ),
    ]
    return show(Shell("认证查验", ("单位", "姓名"), specs))


def pdf_of(visit: Visit) -> bytes:
    return issuing.print_form(visit.place, form="inspection-record", inspection_id=visit.id).pdf


def drop(window: QWidget, *paths: Path) -> bool:
    """What the window system does: enter, then drop; whether it was welcome."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(300, 200), copy, data, buttons, keys)
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 200), copy, data, buttons, keys))
    return True


def settled(qtbot, jobs: Jobs) -> None:
    qtbot.waitUntil(lambda: not jobs.is_busy(), timeout=30_000)


def screen_of(shell: Shell) -> ScansScreen:
    screen = shell.current()
    assert isinstance(screen, ScansScreen)
    return screen


@pytest.fixture
def mixed(visit, tmp_path) -> Path:
    """A scan of three pages: the first two of a record upside down, and a page without a code."""
    pages = Scanner(150, 180).pages(pdf_of(visit))
    assert len(pages) == 3
    path = tmp_path / "签字.pdf"
    path.write_bytes(several([*pages[:2], Image.new("L", (1240, 1754), 235)], "PDF", resolution=150))
    return path


def test_scans_dropped_anywhere_are_read_and_told_page_by_page(shell, mixed, qtbot, jobs):
    assert drop(shell, mixed)
    assert shell.current_key() == "scans"
    settled(qtbot, jobs)
    screen = screen_of(shell)
    assert screen.context() == "刚收：2 页已归档，1 页待认领"
    assert [entry.title for entry in screen.list.entries()] == [
        "签字.pdf 第 3 页", "检查记录表 第 1/3 页", "检查记录表 第 2/3 页",
    ]  # fmt: skip
    assert "第 3 页未扫" in screen.lacking.text()
    assert screen.list.current_entry().waits
    qtbot.waitUntil(screen.view.has_picture)
    assert not screen.list.item(1).icon().isNull()


def test_what_no_screen_takes_is_not_welcome(shell, tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"x")
    assert not drop(shell, path)
    assert shell.current_key() == "today"


def test_packages_and_scans_dropped_together_part(laptop, jobs, tmp_path):
    specs = screens_for(desk_of(laptop, jobs))
    folder = tmp_path / "扫描"
    folder.mkdir()
    (folder / "1.JPG").write_bytes(b"x")
    (folder / "2.jpg").write_bytes(b"x")
    (folder / "x.cyb").write_bytes(b"x")
    paths = [tmp_path / "a.cyb", tmp_path / "B.PDF", tmp_path / "c.txt", folder]
    found, left = by_screen(specs, paths)
    assert found == {"handover": [paths[0]], "scans": [paths[1], folder]}
    assert left == [paths[2]]


def test_a_scan_dropped_on_the_screen_of_packages_goes_to_the_scans(laptop, jobs, show, mixed, qtbot):
    shell = show(Shell("认证查验", ("单位", "姓名"), screens_for(desk_of(laptop, jobs))))
    shell.open("handover")
    settled(qtbot, jobs)
    package = mixed.with_name("没有.cyb")
    package.write_bytes(b"x")
    assert drop(shell.current(), package, mixed)
    settled(qtbot, jobs)
    assert scan_rows.tray_count(laptop) == 1


def test_a_page_is_given_to_its_record_by_keys_and_taken_back(shell, mixed, visit, qtbot, jobs):
    drop(shell, mixed)
    settled(qtbot, jobs)
    screen = screen_of(shell)
    panel = screen.assigning
    panel.table.choose(visit.id)
    panel.copy.choose("inspection-record/")
    panel.page.setFocus()
    qtbot.keyClicks(panel.page, "3")
    qtbot.keyClick(panel.page, Qt.Key.Key_Tab)
    assert panel.pages.value() == 3
    qtbot.keyClick(shell, ENTER, CTRL)
    copy = scan_rows.signed_copy(visit.place, inspection_id=visit.id, form="inspection-record")
    assert copy.whole
    assert not scan_rows.tray_rows(visit.place)
    qtbot.keyClick(shell, Qt.Key.Key_Z, CTRL)
    assert [row.reason for row in scan_rows.tray_rows(visit.place)] == ["scans.taken_back"]
    assert screen.list.current_entry().detail.startswith("由 彭建华")


def test_a_page_is_turned_enlarged_and_thrown_away_by_keys(shell, mixed, visit, qtbot, jobs):
    drop(shell, mixed)
    settled(qtbot, jobs)
    screen = screen_of(shell)
    assert screen.list.hasFocus()
    qtbot.keyClick(screen.list, Qt.Key.Key_R)
    assert scan_rows.tray_rows(visit.place)[0].rotation == 90
    qtbot.keyClick(screen.list, Qt.Key.Key_L)
    settled(qtbot, jobs)
    assert scan_rows.tray_rows(visit.place)[0].rotation == 0
    qtbot.keyClick(screen.list, Qt.Key.Key_Plus)
    assert screen.view.zoom() == 1.5
    qtbot.keyClick(screen.list, Qt.Key.Key_0)
    assert screen.view.zoom() == 1.0
    qtbot.keyClick(screen.list, Qt.Key.Key_Delete)
    assert not scan_rows.tray_rows(visit.place)
    qtbot.keyClick(shell, Qt.Key.Key_Z, CTRL)
    assert len(scan_rows.tray_rows(visit.place)) == 1


def test_a_page_in_its_record_is_taken_back_and_the_record_opened(shell, mixed, visit, qtbot, jobs):
    drop(shell, mixed)
    settled(qtbot, jobs)
    screen = screen_of(shell)
    qtbot.keyClick(screen.list, Qt.Key.Key_Down)
    assert screen.list.current_entry().title == "检查记录表 第 1/3 页"
    assert not screen.assigning.isVisible()
    qtbot.keyClick(shell, Qt.Key.Key_B, CTRL)
    assert len(scan_rows.tray_rows(visit.place)) == 2
    screen.list.choose(scan_rows.scan_rows(visit.place, inspection_id=visit.id)[0].key)
    qtbot.keyClick(shell, Qt.Key.Key_G, CTRL)
    assert shell.current().asked == {"inspection_id": visit.id, "form": "inspection-record"}


def test_a_sealed_page_is_taken_back_with_a_reason(laptop, shell, tmp_path, qtbot, jobs):
    visit = finished_visit(laptop)
    path = tmp_path / "a.png"
    path.write_bytes(encoded(Image.new("L", (620, 877), 230), "PNG"))
    (line,) = import_scans(laptop, paths=[path]).lines
    key = scan_tray.assign(laptop, page=line.key, to=Wanted(visit.id)).key

    with laptop.write("test") as work:
        seal(work, laptop, "inspection", visit.id)
        work.commit()
    shell.open("scans", inspection_id=visit.id)
    settled(qtbot, jobs)
    screen = screen_of(shell)
    assert [entry.key for entry in screen.list.entries()] == [key]
    qtbot.keyClick(shell, Qt.Key.Key_B, CTRL)
    dialog = dialog_of(qtbot)
    dialog.findChild(QPlainTextEdit, "reason").setPlainText("归错了企业")
    submit(qtbot, dialog)
    assert [row.reason for row in scan_rows.tray_rows(laptop)] == ["scans.taken_back"]


def test_an_import_is_stopped_and_says_what_is_left(shell, visit, tmp_path, qtbot, jobs):
    pages = Scanner(150).pages(pdf_of(visit))
    path = tmp_path / "a.pdf"
    path.write_bytes(several(pages * 4, "PDF", resolution=150))
    drop(shell, path)
    screen = screen_of(shell)
    qtbot.waitUntil(lambda: scan_rows.scan_rows(visit.place, inspection_id=visit.id) != (), timeout=20_000)
    screen.working.cancel()
    settled(qtbot, jobs)
    assert "还有" in shell.banner.text()
    assert 0 < len(scan_rows.scan_rows(visit.place, inspection_id=visit.id)) < 12


def test_the_rail_says_how_many_pages_wait(laptop, jobs, show, mixed):
    import_scans(laptop, paths=[mixed])
    specs = {spec.key: spec for spec in screens_for(desk_of(laptop, jobs))}
    assert specs["scans"].count() == 1
