"""The shell by its keys: screens are made when opened, changes reach whoever is concerned."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.errors import EnvironmentFault
from app.services.workplace import Changes
from app.ui import shell as shell_module
from app.ui.screen import Screen, ScreenAction, ScreenSpec, Status
from app.ui.shell import Shell
from app.ui.tokens import RAIL_WIDTH, STATUS_HEIGHT, TARGET, TITLE_HEIGHT

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Paper(Screen):
    """A screen that writes down what it is told."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.seen: list[object] = []
        self.arguments: dict[str, object] = {}
        self.done: list[str] = []
        self.may_leave = True
        self.field = QLineEdit(self)
        QVBoxLayout(self).addWidget(self.field)

    def title(self) -> str:
        return self.name

    def context(self) -> str:
        return f"{self.name} 的任务"

    def screen_actions(self) -> Sequence[ScreenAction]:
        return [
            ScreenAction("打印", lambda: self.done.append("print"), "Ctrl+P"),
            ScreenAction("完成", lambda: self.done.append("finish"), "Ctrl+Return", primary=True),
        ]

    def refresh(self, changes: Changes | None) -> None:
        self.seen.append(changes)

    def open_with(self, **arguments: object) -> None:
        self.arguments = arguments

    def leave(self) -> bool:
        return self.may_leave

    def focus_first(self) -> None:
        self.field.setFocus()


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def shell(show, made: list[str]) -> Shell:
    def spec(key: str, text: str, **more: bool) -> ScreenSpec:
        def factory() -> Screen:
            made.append(key)
            return Paper(text)

        return ScreenSpec(key, text, "today", factory, **more)

    specs = [
        spec("today", "今日"),
        spec("targets", "检查对象"),
        spec("hidden", "不列出", listed=False),
        spec("settings", "设置", foot=True),
    ]
    return show(Shell("认证查验", ("袁州区局", "彭建华"), specs, lambda: Status(("已存 10:41",), ("离线",))))


def paper(shell: Shell, key: str) -> Paper:
    screen = shell.built(key)
    assert isinstance(screen, Paper)
    return screen


def said(shell: Shell, name: str) -> str:
    label = shell.findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_screens_are_made_when_first_opened(shell: Shell, made: list[str], qtbot):
    assert made == ["today"]
    qtbot.keyClick(shell, "2", CTRL)
    qtbot.keyClick(shell, "1", ALT)
    qtbot.keyClick(shell, "2", ALT)
    assert made == ["today", "targets"]
    assert shell.current_key() == "targets"
    assert shell.rail.button("targets").isChecked()
    assert said(shell, "page_title") == "检查对象"
    assert said(shell, "page_context") == "检查对象 的任务"
    assert shell.windowTitle() == "检查对象 — 认证查验"


def test_sections_open_by_click_and_the_focus_goes_to_the_work(shell: Shell, qtbot):
    qtbot.mouseClick(shell.rail.button("settings"), Qt.MouseButton.LeftButton)
    assert shell.current_key() == "settings"
    assert QApplication.focusWidget() is paper(shell, "settings").field
    qtbot.keyClick(shell, "1", CTRL)
    qtbot.keyClick(shell, Qt.Key.Key_Comma, CTRL)
    assert shell.current_key() == "settings"


def test_steps_work_by_key_and_only_one_is_filled(shell: Shell, qtbot):
    qtbot.keyClick(shell, Qt.Key.Key_Return, CTRL)
    qtbot.keyClick(shell, "p", CTRL)
    assert paper(shell, "today").done == ["finish", "print"]
    assert [type(button).__name__ for button in shell.title_bar.buttons()] == [
        "SecondaryButton",
        "PrimaryButton",
    ]
    assert "Ctrl+Enter" in shell.title_bar.buttons()[-1].text()


def test_steps_without_room_go_behind_more(shell: Shell):
    steps = [ScreenAction(f"步骤 {number}", lambda: None, f"Ctrl+F{number}") for number in range(1, 6)]
    shell.title_bar.show_header("标题", "", steps)
    texts = [button.text() for button in shell.title_bar.buttons()]
    assert texts == ["更多", "步骤 1", "步骤 2"]
    menu = shell.title_bar.buttons()[0].menu()
    assert [entry.text().split("\t")[0] for entry in menu.actions()] == ["步骤 3", "步骤 4", "步骤 5"]


def test_steps_behind_more_keep_their_keys(shell: Shell, qtbot):
    done: list[int] = []
    steps = [
        ScreenAction(f"步骤 {number}", lambda number=number: done.append(number), f"Ctrl+F{number}")
        for number in range(1, 6)
    ]
    shell.title_bar.show_header("标题", "", steps)
    qtbot.keyClick(shell, Qt.Key.Key_F5, CTRL)
    assert done == [5]


def test_the_visible_screen_hears_at_once_the_others_when_shown(shell: Shell):
    shell.open("targets")
    one, two = Changes.of("inspection", "a"), Changes.of("order", "b")
    shell.broadcast(one)
    assert paper(shell, "targets").seen == [None, one]
    assert paper(shell, "today").seen == [None]
    shell.open("today")
    assert paper(shell, "today").seen == [None, one]
    shell.broadcast(one)
    shell.broadcast(two)
    shell.open("targets")
    assert paper(shell, "targets").seen == [None, one, None]


def test_what_a_screen_stored_is_broadcast(shell: Shell):
    changes = Changes.of("inspection", "a")
    paper(shell, "today").changed.emit(changes)
    assert paper(shell, "today").seen == [None, changes]


def test_a_screen_opens_another_with_arguments(shell: Shell):
    paper(shell, "today").open_requested.emit("hidden", {"inspection": "x-1"})
    assert shell.current_key() == "hidden"
    assert paper(shell, "hidden").arguments == {"inspection": "x-1"}
    assert shell.rail.button("today").isChecked()


def test_a_screen_that_cannot_store_keeps_the_window(shell: Shell):
    paper(shell, "today").may_leave = False
    shell.open("targets")
    assert shell.current_key() == "today"
    assert shell.rail.button("today").isChecked()
    event = QCloseEvent()
    shell.closeEvent(event)
    assert not event.isAccepted()


def test_a_problem_is_a_sentence_in_the_window_and_esc_puts_it_away(shell: Shell, qtbot):
    paper(shell, "today").problem_found.emit(EnvironmentFault("disk.full"))
    assert shell.banner.isVisible()
    assert "腾出空间" in shell.banner.text()
    qtbot.keyClick(shell, Qt.Key.Key_Escape)
    assert not shell.banner.isVisible()


def test_a_notice_passes_and_the_status_comes_back(shell: Shell):
    assert said(shell, "status_left") == "已存 10:41"
    assert said(shell, "status_right") == "离线"
    paper(shell, "today").notice_given.emit("已导出 3 条")
    assert said(shell, "status_left") == "已导出 3 条"
    shell.status_line._pause.timeout.emit()
    assert said(shell, "status_left") == "已存 10:41"


def test_locking_is_asked_by_key_and_by_click(shell: Shell, qtbot):
    with qtbot.waitSignal(shell.lock_requested):
        qtbot.keyClick(shell, "l", CTRL)
    with qtbot.waitSignal(shell.lock_requested):
        qtbot.mouseClick(shell.findChild(QWidget, "rail_lock"), Qt.MouseButton.LeftButton)


def test_the_frame_has_the_measures_of_the_look(shell: Shell):
    shell.resize(1366, 768)
    assert shell.rail.width() == RAIL_WIDTH
    assert shell.title_bar.height() == TITLE_HEIGHT
    assert shell.status_line.height() == STATUS_HEIGHT
    assert shell.rail.button("today").height() >= TARGET


def test_the_frame_fits_a_small_screen_at_125_percent(shell: Shell):
    hint = shell.minimumSizeHint()
    assert (hint.width() <= 1366 / 1.25, hint.height() <= 768 / 1.25 - 40) == (True, True)


def test_an_unknown_screen_is_a_mistake_of_ours(shell: Shell):
    with pytest.raises(KeyError):
        shell.open("nowhere")


def test_the_main_window_knows_no_business():
    source = Path(shell_module.__file__).read_text("utf8")
    assert len(source.splitlines()) <= 250
    literals = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    assert [text for text in literals if isinstance(text, str) and any("一" <= c <= "鿿" for c in text)] == []


def test_buttons_stay_while_their_steps_look_the_same(shell: Shell, qtbot):
    done: list[str] = []
    shell.title_bar.show_header("标题", "", [ScreenAction("签名", lambda: done.append("old"), "Ctrl+G")])
    before = shell.title_bar.buttons()
    shell.title_bar.show_header("标题", "", [ScreenAction("签名", lambda: done.append("new"), "Ctrl+G")])
    assert shell.title_bar.buttons() == before
    qtbot.keyClick(shell, "g", CTRL)
    assert done == ["new"]
