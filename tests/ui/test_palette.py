"""Ctrl+K by keys alone: actions, screens, organizations; quick over a province; the menu and copying."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout

from app.services.directory import Directory, Entry
from app.services.workplace import Changes
from app.ui.commands import commands_of
from app.ui.jobs import Jobs
from app.ui.palette import NOTHING, Palette
from app.ui.screen import Screen, ScreenAction, ScreenSpec
from app.ui.shell import Shell
from app.ui.widgets.table import Column, PagedTable

CTRL = Qt.KeyboardModifier.ControlModifier
PROVINCE = Directory.of(
    [(Entry("own", "宜春袁州恒铉电器有限公司", "91360902MA0000000X", True), "ycyzhxdqyxgs")]
    + [(Entry(str(n), f"第{n}电器制造有限公司", f"91360100MA{n:08d}", False), f"d{n}dqzzyxgs") for n in range(38_000)]
)  # fmt: skip


class Work(Screen):
    """A screen with a list, a field and some actions."""

    def __init__(self, done: list[str]) -> None:
        super().__init__()
        self.done = done
        self.field = QLineEdit(self)
        self.table: PagedTable[tuple[str, str]] = PagedTable(
            [Column("名称", lambda row: row[0]), Column("代码", lambda row: row[1])],
            lambda ids: [(each, f"{each}\t9136") for each in ids],
            many=True, parent=self,
        )  # fmt: skip
        self.table.set_ids(("甲厂", "乙厂", "丙厂"))
        self.table.opened.connect(lambda key: done.append(f"open {key}"))
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.table)

    def title(self) -> str:
        return "工作"

    def screen_actions(self) -> Sequence[ScreenAction]:
        return [
            ScreenAction("打印预览", lambda: self.done.append("print"), "Ctrl+P", name="print"),
            ScreenAction("完成检查", lambda: self.done.append("finish"), "Ctrl+Return", primary=True),
            ScreenAction("不能做的", lambda: self.done.append("no"), enabled=False),
            ScreenAction("撤销", lambda: self.done.append("undo"), "Ctrl+Z", name="undo"),
        ]

    def more_actions(self) -> Sequence[ScreenAction]:
        return [ScreenAction("撤销：2.3 不符合", lambda: self.done.append("undo"), "Ctrl+Z", name="undo")]

    def focus_first(self) -> None:
        self.field.setFocus()


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def shell(show: Callable, done: list[str]) -> Shell:
    specs = [
        ScreenSpec(key, text, "info", lambda: Work(done)) for key, text in (("a", "今日"), ("b", "检查对象"))
    ]
    return show(Shell("认证查验", ("局", "人"), specs))


@pytest.fixture
def read() -> list[int]:
    return []


@pytest.fixture
def palette(shell: Shell, done: list[str], read: list[int], qtbot):
    jobs = Jobs()

    def load() -> Directory:
        read.append(1)
        return PROVINCE

    made = Palette(shell, jobs, lambda: commands_of(shell), load, lambda entry: done.append(f"go {entry.id}"))
    shell.palette_requested.connect(made.open)
    shell.heard.connect(made.forget)
    yield made
    jobs.shutdown()


def press(key: Qt.Key | str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def opened(palette: Palette, qtbot) -> Palette:
    press("k", CTRL)
    qtbot.waitUntil(lambda: not palette._reading)
    assert palette.isVisible()
    assert QApplication.focusWidget() is palette.field
    return palette


def test_it_lists_actions_then_screens_and_runs_the_chosen_one(shell, palette, done, qtbot):
    opened(palette, qtbot)
    assert palette.lines() == [
        "撤销：2.3 不符合", "打印预览", "完成检查", "今日", "检查对象", "使用手册：本页", "锁定",
    ]  # fmt: skip
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert (done, palette.isVisible()) == (["print"], False)
    assert QApplication.focusWidget() is shell.current().field


def test_letters_find_by_word_and_by_initials(shell, palette, done, qtbot):
    opened(palette, qtbot)
    QTest.keyClicks(palette.field, "wcjc")
    assert palette.lines() == ["完成检查"]
    palette.field.setText("检查对")
    assert palette.lines() == ["检查对象"]
    press(Qt.Key.Key_Enter)
    assert shell.current_key() == "b"


def test_an_organization_is_gone_to_by_name_code_or_initials(palette, done, qtbot):
    for query in ("恒铉", "91360902ma0", "ycyzhx"):
        opened(palette, qtbot)
        palette.field.setText(query)
        assert palette.lines() == ["宜春袁州恒铉电器有限公司"]
        press(Qt.Key.Key_Return)
    assert done == ["go own"] * 3


def test_esc_and_ctrl_k_put_it_away_and_the_keys_go_back(shell, palette, qtbot):
    for key, modifiers in ((Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_K, CTRL)):
        opened(palette, qtbot)
        press(key, modifiers)
        assert not palette.isVisible()
        assert QApplication.focusWidget() is shell.current().field


def test_keys_of_the_window_do_not_reach_it_meanwhile(palette, done, qtbot):
    opened(palette, qtbot)
    press("p", CTRL)
    press(Qt.Key.Key_Return, CTRL)
    assert done == ["undo"], "Enter took the first line, no button of the window"


def test_nothing_found_says_what_can_be_looked_for(palette, qtbot):
    opened(palette, qtbot)
    palette.field.setText("没有这样的")
    assert (palette.lines(), palette.note.text()) == ([], NOTHING)
    press(Qt.Key.Key_Return)
    assert palette.isVisible()


def test_the_directory_is_read_again_only_when_it_changed(shell, palette, read, qtbot):
    for _ in range(2):
        opened(palette, qtbot)
        press(Qt.Key.Key_Escape)
    assert len(read) == 1
    shell.broadcast(Changes.of("inspection", "x"))
    opened(palette, qtbot)
    press(Qt.Key.Key_Escape)
    assert len(read) == 1
    shell.broadcast(Changes.of("organization", "x"))
    opened(palette, qtbot)
    assert len(read) == 2


def test_a_keystroke_over_a_province_shows_within_two_frames(palette, qtbot):
    """From the key to the painted list, in time of this thread, so that a busy machine does not decide."""
    opened(palette, qtbot)
    palette.repaint()
    for text in ("电", "d3", "37999", "公司"):
        times = []
        for _ in range(5):
            palette.field.clear()
            begun = time.thread_time()
            palette.field.setText(text)
            palette.repaint()
            times.append(time.thread_time() - begun)
        assert len(palette.lines()) > 0
        assert min(times) < 0.033, (text, times)


def test_a_click_elsewhere_puts_it_away(shell, palette, qtbot):
    opened(palette, qtbot)
    shell.current().field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not palette.isVisible()


def menu_at(widget, qtbot) -> QMenu:
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, QPoint(20, 20), widget.mapToGlobal(QPoint(20, 20))
    )
    QApplication.sendEvent(widget, event)
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


def test_the_menu_of_a_row_does_what_its_keys_do(shell, done, qtbot):
    table = shell.current().table
    table.choose("乙厂")
    menu = menu_at(table.viewport(), qtbot)
    texts = [each.text() for each in menu.actions()]
    assert texts == [
        "打开\tEnter",
        "复制\tCtrl+C",
        "",
        "撤销：2.3 不符合\tCtrl+Z",
        "打印预览\tCtrl+P",
        "完成检查\tCtrl+Enter",
    ]
    menu.actions()[0].trigger()
    menu.actions()[4].trigger()
    assert done == ["open 乙厂", "print"]
    menu.close()


def test_ctrl_c_copies_the_chosen_rows_for_a_spreadsheet(shell, qtbot):
    table = shell.current().table
    table.setFocus()
    table.choose("甲厂")
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press("c", CTRL)
    assert QApplication.clipboard().text() == "甲厂\t甲厂 9136\n乙厂\t乙厂 9136"
