"""履历 by keys: opened over a screen, read day by day, filtered, searched, printed."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.services import correcting, resolving
from app.services.workplace import Workplace
from app.ui.history.dialog import HistoryDialog, open_history
from app.ui.inbox.review import ReviewScreen
from app.ui.jobs import Jobs
from app.ui.paper.screen import PrintingScreen
from app.ui.registry.screen import RegistryScreen
from app.ui.screen import Screen, ScreenSpec
from app.ui.shell import Shell
from app.ui.targets.screen import TargetsScreen
from app.ui.visit.screen import VisitScreen
from tests.conftest import FakeClock
from tests.services.parcels import ORG, VISIT, edit, introduce, make_task, make_visit, receive, send
from tests.ui.desks import CTRL, Elsewhere, desk_of, finished_visit

AT = {"kind": "inspection", "record_id": VISIT}


@pytest.fixture
def decided(office: Workplace, laptop: Workplace, tmp_path: Path, clock: FakeClock) -> Workplace:
    """An office with a visit that two people wrote, that it decided and corrected, over two days."""
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    make_visit(laptop)
    receive(office, send(laptop, tmp_path))
    edit(laptop, "place", "二号车间")
    edit(office, "place", "𬭎业三号车间")
    package = send(laptop, tmp_path)
    clock.move(minutes=1)
    receive(office, package)
    clock.move(days=1)
    resolving.resolve(office, **AT, path="place", take="theirs", reason="与照片核对")
    clock.move(minutes=1)
    correcting.correct(office, inspection_id=VISIT, path="opinion", value="责令改正", reason="漏写")
    return office


class Room(Screen):
    """A screen that shows histories of whatever it is asked for."""

    def __init__(self, desk) -> None:
        super().__init__()
        self.desk = desk

    def title(self) -> str:
        return "记录"

    def open_with(self, **arguments: object) -> None:
        open_history(self, self.desk, **arguments)


def shell_with(place: Workplace, jobs: Jobs, *screens: tuple[str, type[Screen]]) -> Shell:
    desk = desk_of(place, jobs)
    specs = [ScreenSpec(key, key, "info", lambda make=make: make(desk)) for key, make in screens]
    specs.append(ScreenSpec("printing", "打印", "info", lambda: PrintingScreen(desk)))
    specs += [ScreenSpec(key, key, "info", Elsewhere) for key in ("enforcement", "handover")]
    return Shell("认证查验", ("单位", "姓名"), specs)


def dialog_of(qtbot) -> HistoryDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), HistoryDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, HistoryDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def opened(qtbot, shell: Shell, **arguments: object) -> HistoryDialog:
    shell.open("room", **arguments)
    return dialog_of(qtbot)


def rows(dialog: HistoryDialog) -> list[str]:
    return [dialog.list.item(line).text() for line in range(dialog.list.count())]


def test_the_list_goes_day_by_day_and_the_arrow_keys_pass_over_the_days(
    qtbot, show, decided: Workplace, jobs: Jobs
) -> None:
    dialog = opened(qtbot, show(shell_with(decided, jobs, ("room", Room))), **AT)
    days = [text for text in rows(dialog) if "\n" not in text]
    assert days == ["2026-08-12 周三", "2026-08-13 周四"]
    assert QApplication.focusWidget() is dialog.list
    assert "更正" in dialog.list.currentItem().text(), "the newest entry first"
    assert "理由：漏写" in dialog.detail.text()
    seen = []
    for _ in range(4):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Up)
        seen.append(dialog.list.currentItem().text().split("\n")[0].split("  ")[1:])
    assert seen == [["定下", "黎国平"], ["修改", "黎国平"], ["修改", "彭建华"], ["首次封存", "彭建华"]]
    assert "检查项 1.2" in dialog.detail.text()
    assert "结论 不符合；备注 无标志" in dialog.detail.text()


def test_both_values_of_a_conflict_and_its_decision_are_said(
    qtbot, show, decided: Workplace, jobs: Jobs
) -> None:
    dialog = opened(qtbot, show(shell_with(decided, jobs, ("room", Room))), **AT)
    assert "两人不一致 2 条 · 定下 1 条 · 更正 1 条" in dialog.summary.text()
    dialog.tabs.setFocus()
    for _ in range(2):
        qtbot.keyClick(dialog.tabs, Qt.Key.Key_Right)
    assert [text for text in rows(dialog) if "两人不一致" in text] == [
        "09:30  修改  彭建华\n【两人不一致】检查地点",
        "09:31  修改  黎国平\n【两人不一致】检查地点",
    ]
    assert "二号车间 ｜ 𬭎业三号车间 → 二号车间" in dialog.detail.text()
    assert "定下：与照片核对" in dialog.detail.text()
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Up)
    said = dialog.detail.text()
    assert "一号车间 → 𬭎业三号车间" in said
    assert "彭建华另写：二号车间（2026-08-12 09:30:00）" in said
    dialog.tabs.setFocus()
    qtbot.keyClick(dialog.tabs, Qt.Key.Key_Left)
    assert [text.split("\n")[0] for text in rows(dialog)] == ["2026-08-13 周四", "09:32  更正  黎国平"]


def test_a_search_finds_fields_and_shows_only_them(qtbot, show, decided: Workplace, jobs: Jobs) -> None:
    dialog = opened(qtbot, show(shell_with(decided, jobs, ("room", Room))), **AT)
    qtbot.keyClick(dialog.list, "/")
    assert dialog.search.hasFocus()
    dialog.search.insert("检查地点")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert len([text for text in rows(dialog) if "\n" in text]) == 4
    assert QApplication.focusWidget() is dialog.list
    qtbot.keyClick(dialog.list, Qt.Key.Key_Home)
    assert "首次封存" in dialog.list.currentItem().text()
    assert "一号车间" in dialog.detail.text()
    assert "检查项" not in dialog.detail.text()
    assert "清空搜索后可见" in dialog.detail.text()
    dialog.search.setText("没有这样的话")
    qtbot.waitUntil(lambda: not rows(dialog))
    assert dialog.empty.isVisible()
    dialog.search.setFocus()
    qtbot.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert (dialog.isVisible(), dialog.search.text(), len(rows(dialog))) == (True, "", 7)


def test_esc_closes_and_ctrl_p_shows_the_paper(qtbot, show, decided: Workplace, jobs: Jobs) -> None:
    shell = show(shell_with(decided, jobs, ("room", Room)))
    dialog = opened(qtbot, shell, **AT)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert shell.current_key() == "room"
    dialog = opened(qtbot, shell, **AT)
    qtbot.keyClick(dialog.list, Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: shell.current_key() == "printing")
    screen = shell.current()
    assert isinstance(screen, PrintingScreen)
    qtbot.waitUntil(lambda: screen.printed is not None)
    assert screen.choice.form().id == "record-history"
    assert screen.printed.file_name == "宜春市𬭎业电缆厂-记录履历-2026-08-12-4444.pdf"
    assert not screen.choice.blank.isEnabled()


def test_the_history_of_an_organization_prints_too_until_something_else_is_chosen(
    qtbot, show, decided: Workplace, jobs: Jobs
) -> None:
    shell = show(shell_with(decided, jobs, ("room", Room)))
    dialog = opened(qtbot, shell, kind="organization", record_id=ORG)
    assert dialog.summary.text().startswith("企业")
    qtbot.keyClick(dialog.list, Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: shell.current_key() == "printing")
    screen = shell.current()
    assert isinstance(screen, PrintingScreen)
    qtbot.waitUntil(lambda: screen.printed is not None)
    whole = pypdfium2.PdfDocument(screen.printed.pdf)[0].get_textpage().get_text_range()
    assert ORG in whole
    screen.choice.table.choose(VISIT)
    qtbot.waitUntil(lambda: screen.printed is not None and ORG not in screen.printed.pdf.decode("latin1"))
    qtbot.waitUntil(lambda: "检查记录" in _text(screen))


def _text(screen: PrintingScreen) -> str:
    if screen.printed is None:
        return ""
    return pypdfium2.PdfDocument(screen.printed.pdf)[0].get_textpage().get_text_range()


def test_a_record_that_is_gone_is_answered_with_a_sentence(
    qtbot, show, decided: Workplace, jobs: Jobs
) -> None:
    shell = show(shell_with(decided, jobs, ("room", Room)))
    shell.open("room", kind="inspection", record_id="9" * 32)
    qtbot.waitUntil(shell.banner.isVisible)
    assert "没有编号为" in shell.banner.text()
    assert QApplication.activeModalWidget() is None


def test_ctrl_h_opens_it_in_the_review_and_in_the_visit(qtbot, show, laptop: Workplace, jobs: Jobs) -> None:
    visit = finished_visit(laptop)
    for key, make in (("review", ReviewScreen), ("visit", VisitScreen)):
        shell = show(shell_with(laptop, jobs, (key, make)))
        shell.open(key, **({"inspection_id": visit.id} if key == "visit" else {}))
        qtbot.waitUntil(lambda: not jobs.is_busy())
        qtbot.keyClick(QApplication.focusWidget() or shell, Qt.Key.Key_H, CTRL)
        dialog = dialog_of(qtbot)
        assert dialog.windowTitle() == "履历 宜春袁州恒𬭎电器有限公司"
        qtbot.keyClick(dialog.list, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
        shell.hide()


def test_everything_in_the_dialog_has_a_name_for_the_ear(qtbot, show, decided: Workplace, jobs: Jobs) -> None:
    dialog = opened(qtbot, show(shell_with(decided, jobs, ("room", Room))), **AT)
    for part in (dialog.list, dialog.tabs, dialog.search, dialog.detail, dialog.close_button):
        assert part.accessibleName()
    said = dialog.list.currentItem().data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "09:32 更正 黎国平 处理意见"


@pytest.mark.parametrize("make", [RegistryScreen, TargetsScreen])
def test_ctrl_h_tells_of_an_organization_in_the_registry_and_among_the_targets(
    qtbot, show, decided: Workplace, jobs: Jobs, make: type[Screen]
) -> None:
    shell = show(shell_with(decided, jobs, ("room", make)))
    screen = shell.current()
    assert isinstance(screen, RegistryScreen | TargetsScreen)
    if isinstance(screen, TargetsScreen):
        screen.registry.click()
    qtbot.waitUntil(lambda: screen.dossier.text() != "")
    qtbot.keyClick(QApplication.focusWidget() or shell, Qt.Key.Key_H, CTRL)
    assert dialog_of(qtbot).windowTitle() == "履历 宜春市𬭎业电缆厂"
