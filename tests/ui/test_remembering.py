"""The window stands where it stood, also when its screen has gone; columns keep their widths."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QWidget

from app.ui.application import Session
from app.ui.remembering import FILE, Remembered, fitted
from app.ui.widgets.table import Column, PagedTable
from tests.conftest import PASSPHRASE
from tests.ui.test_application import enter, home, session  # noqa: F401 - fixtures

LAPTOP, DESK = QRect(0, 0, 1366, 728), QRect(1366, 0, 1920, 1040)


@pytest.mark.parametrize(
    "wanted,screens,expected",
    [
        (QRect(40, 30, 1200, 650), [LAPTOP], QRect(40, 30, 1200, 650)),
        (QRect(1500, 100, 1600, 900), [LAPTOP, DESK], QRect(1500, 100, 1600, 900)),
        (QRect(1500, 100, 1600, 900), [LAPTOP], QRect(0, 0, 1366, 728)),
        (QRect(1500, 100, 1200, 600), [LAPTOP], QRect(83, 64, 1200, 600)),
        (QRect(-30, -500, 1200, 600), [LAPTOP], QRect(83, 64, 1200, 600)),
        (QRect(900, 30, 1000, 600), [LAPTOP], QRect(366, 30, 1000, 600)),
        (QRect(40, 30, 3, 2), [LAPTOP], QRect(363, 124, 640, 480)),
        (QRect(40, 30, 9000, 9000), [LAPTOP], LAPTOP),
        (QRect(5, 5, 800, 600), [], QRect(5, 5, 800, 600)),
    ],
)
def test_a_place_is_brought_onto_a_screen(wanted: QRect, screens: list[QRect], expected: QRect):
    assert fitted(wanted, screens) == expected


def test_a_window_stands_where_it_stood_and_maximised_too(show, tmp_path: Path):
    remembered = Remembered(tmp_path)
    window = show(QWidget())
    assert not remembered.place(window)
    window.setGeometry(QRect(20, 10, 700, 500))
    remembered.keep_place(window)
    other = show(QWidget())
    assert remembered.place(other)
    assert (other.geometry(), other.isMaximized()) == (QRect(20, 10, 700, 500), False)
    window.showMaximized()
    remembered.keep_place(window)
    assert remembered.place(other)
    assert other.isMaximized()


def test_a_broken_file_or_no_home_remembers_nothing(show, tmp_path: Path):
    (tmp_path / FILE).write_text("[window]\nx=left\ny=1\nwidth=2\nheight=3\n")
    window = show(QWidget())
    assert not Remembered(tmp_path).place(window)
    Remembered(tmp_path / "gone").keep_place(window)
    assert not (tmp_path / "gone").exists()


def divided() -> tuple[QWidget, QSplitter, PagedTable]:
    screen = QWidget()
    splitter = QSplitter(Qt.Orientation.Horizontal, screen)
    table = PagedTable(
        [Column("名称", "name", 20), Column("代码", "code", 12)], lambda ids: (), parent=splitter
    )
    splitter.addWidget(table)
    splitter.addWidget(QLabel("右", splitter))
    QHBoxLayout(screen).addWidget(splitter)
    screen.resize(900, 400)
    return screen, splitter, table


def test_splitters_and_columns_keep_their_widths_per_screen(show, tmp_path: Path):
    screen, splitter, table = divided()
    show(screen)
    splitter.setSizes([600, 250])
    table.horizontalHeader().resizeSection(0, 333)
    Remembered(tmp_path).keep_parts([("registry", screen)])
    wanted = splitter.sizes()

    again, splitter, table = divided()
    Remembered(tmp_path).restore_parts("registry", again)
    show(again)
    assert (splitter.sizes(), table.columnWidth(0)) == (wanted, 333)
    other, _, table = divided()
    Remembered(tmp_path).restore_parts("targets", show(other))
    assert table.columnWidth(0) != 333


def test_the_file_holds_numbers_and_no_words(session: Session, home: Path, qtbot):  # noqa: F811
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
    session.shell.setGeometry(QRect(15, 12, 760, 560))
    session.end()
    text = (home / FILE).read_text("utf8")
    assert "width=760" in text
    assert "彭建华" not in text
