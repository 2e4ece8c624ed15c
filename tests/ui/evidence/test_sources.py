"""Scanner folder and camera program: a real folder, a real program, offered and never taken blindly."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.errors import ChayanError
from app.services import configuring
from app.ui.evidence import camera, watching
from app.ui.evidence.offers import OfferDialog
from tests.services.pieces import pdf, photo

from .test_gallery import CONTROL, KEY, opened, rows

BEGUN = 1786498200.0
"""Half past nine of the tests' day: the visit's start in seconds."""


@pytest.fixture
def scans(scene, tmp_path: Path) -> Path:
    """A folder that is set as the scanner's."""
    folder = tmp_path / "扫描"
    folder.mkdir()
    configuring.configure(scene.place, scanner_folder=str(folder))
    return folder


def put(folder: Path, name: str, data: bytes, at: float = BEGUN + 60) -> Path:
    """A file as a scanner leaves it, with its time."""
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (at, at))
    return path


def offered(scene) -> OfferDialog:
    panel = scene.screen.photos
    scene.qtbot.waitUntil(lambda: any(panel.sources.waiting()))
    panel.focus_first()
    scene.press("s")
    dialog = panel.sources.dialog
    assert dialog is not None
    scene.qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_new_scans_are_offered_and_only_the_ticked_ones_go_in(scene, scans):
    put(scans, "former.jpg", photo(), BEGUN - 3600)
    panel = opened(scene)
    put(scans, "a.jpg", photo((70, 50)))
    put(scans, "b.pdf", pdf())
    put(scans, "notes.txt", b"no scan")
    scene.qtbot.waitUntil(lambda: panel.sources.waiting() == (2, 0))
    assert "扫描文件夹有 2 个新文件" in panel.banner.text()
    assert rows(scene) == (), "nothing goes in by itself"
    dialog = offered(scene)
    assert [file.path.name for file in dialog.ticked()] == ["a.jpg", "b.pdf"]
    QTest.keyClick(dialog.list, KEY.Key_Space)
    assert dialog.take.text().startswith("收入 1 件")
    QTest.keyClick(dialog, KEY.Key_Return, CONTROL)
    scene.settled()
    scene.back()
    assert [row.file_name for row in rows(scene)] == ["b.pdf"]
    panel.sources.scanner.look()
    scene.settled()
    assert panel.sources.waiting() == (0, 0), "what was left unticked is not offered again"
    assert (scans / "b.pdf").exists()


def test_a_file_that_is_still_written_waits(scene, scans, monkeypatch):
    panel = opened(scene)
    watch = panel.sources.scanner
    with monkeypatch.context() as patient:
        patient.setattr(watching, "SETTLED", 60_000)
        path = put(scans, "a.jpg", photo()[:100])
        for moment in (BEGUN + 60, BEGUN + 61, BEGUN + 61):
            put(scans, "a.jpg", photo(), moment)
            watch.look()
            scene.settled()
        assert watch.waiting() == (), "looks that follow each other at once tell nothing"
    scene.qtbot.waitUntil(lambda: [each.path for each in watch.waiting()] == [path])


def test_taken_files_are_deleted_where_they_lay_only_when_asked(scene, scans):
    opened(scene)
    path = put(scans, "a.jpg", photo())
    broken = put(scans, "broken.jpg", photo((800, 600))[:3000])
    dialog = offered(scene)
    scene.qtbot.waitUntil(lambda: len(dialog.ticked()) >= 1)
    QTest.mouseClick(dialog.clear_folder, Qt.MouseButton.LeftButton)
    QTest.keyClick(dialog, KEY.Key_Return, CONTROL)
    scene.settled()
    scene.back()
    scene.qtbot.waitUntil(lambda: len(rows(scene)) == 1)
    assert not path.exists()
    assert broken.exists(), "what was refused stays"


def test_declined_files_are_forgotten_and_later_keeps_them(scene, scans):
    panel = opened(scene)
    put(scans, "a.jpg", photo())
    dialog = offered(scene)
    QTest.keyClick(dialog, KEY.Key_Escape)
    scene.back()
    assert panel.sources.waiting() == (1, 0)
    dialog = offered(scene)
    QTest.mouseClick(dialog.decline, Qt.MouseButton.LeftButton)
    scene.back()
    assert panel.sources.waiting() == (0, 0)
    assert not panel.banner.isVisible()


def test_without_a_folder_s_asks_for_one_and_remembers_it(scene, tmp_path, monkeypatch):
    folder = tmp_path / "later"
    folder.mkdir()
    put(folder, "a.jpg", photo())
    monkeypatch.setattr(
        "app.ui.chooser.QFileDialog.getExistingDirectory", staticmethod(lambda *_: str(folder))
    )
    panel = opened(scene)
    scene.press("s")
    assert configuring.present(scene.place).scanner_folder == str(folder)
    scene.qtbot.waitUntil(lambda: panel.sources.waiting() == (1, 0))


def test_a_folder_that_is_gone_offers_nothing_and_harms_nothing(scene, scans):
    panel = opened(scene)
    scans.rmdir()
    panel.sources.scanner.look()
    scene.settled()
    assert panel.sources.waiting() == (0, 0)


def test_a_folder_that_was_never_there_is_watched_without_a_complaint(scene, tmp_path):
    configuring.configure(scene.place, scanner_folder=str(tmp_path / "无此文件夹"))
    panel = opened(scene)
    assert panel.sources.scanner._pulse.isActive()
    assert panel.sources.waiting() == (0, 0)


def test_watching_rests_while_the_gallery_is_not_in_view(scene, scans):
    panel = opened(scene)
    assert panel.sources.scanner._pulse.isActive()
    scene.key(KEY.Key_Escape)
    assert not panel.sources.scanner._pulse.isActive()


@pytest.mark.skipif(sys.platform == "win32", reason="the camera program here is a shell script")
def test_the_camera_program_is_started_and_its_photos_are_offered(scene, tmp_path):
    roll, ready = tmp_path / "Camera Roll", tmp_path / "ready.jpg"
    roll.mkdir()
    ready.write_bytes(photo((90, 60)))
    program = tmp_path / "camera"
    program.write_text(
        f"#!/bin/sh\ncp '{ready}' '{roll}/shot.tmp' && mv '{roll}/shot.tmp' '{roll}/WIN_1.jpg'\n"
    )
    program.chmod(0o755)
    configuring.configure(scene.place, camera_program=str(program), camera_folder=str(roll))
    panel = opened(scene)
    scene.press("k")
    scene.qtbot.waitUntil(lambda: panel.sources.waiting() == (0, 1))
    assert "相机新拍了 1 张" in panel.banner.text()
    dialog = offered(scene)
    QTest.keyClick(dialog, KEY.Key_Return, CONTROL)
    scene.settled()
    scene.back()
    assert [row.file_name for row in rows(scene)] == ["WIN_1.jpg"]


def test_without_a_camera_program_it_says_so(scene, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(camera.platform, "system", lambda: "Linux")
    opened(scene)
    scene.press("k")
    assert "没有找到相机程序" in scene.shell.banner.text()
    configuring.configure(scene.place, camera_program="no-such-program")
    scene.press("k")
    assert "no-such-program 没有打开" in scene.shell.banner.text()


def test_the_first_known_program_of_the_system_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(camera.platform, "system", lambda: "Linux")
    for name in ("cheese", "deepin-camera"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert camera.find_camera().name == "deepin-camera"
    with pytest.raises(ChayanError, match=r"evidence\.camera_failed"):
        camera.find_camera("missing")
