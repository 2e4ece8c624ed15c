"""设置: each change reaches its file at once; 体检 says what it met."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from sqlalchemy import event

from app.services import configuring, lawbook, numbering
from app.services.workplace import Workplace
from app.settings import FILE
from app.ui.chooser import Chooser
from app.ui.jobs import Jobs
from app.ui.paper.preview_dialog import PreviewDialog
from app.ui.screens import Desk
from app.ui.settings.law_dialog import LawDialog
from app.ui.settings.screen import SettingsScreen
from app.ui.theme import Theme
from tests.ui.desks import Answers


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme.install(qapp)
    yield made
    made.set_mode("system")


@pytest.fixture
def screen(office: Workplace, jobs: Jobs, theme: Theme, show) -> SettingsScreen:
    made = SettingsScreen(Desk(office, jobs, theme))
    made.resize(1166, 646)
    show(made)
    made.refresh(None)
    return made


def test_whose_home_this_is(screen: SettingsScreen, office: Workplace):
    assert screen.context() == "宜春市市场监督管理局 · 黎国平 · 管理人员"
    texts = [label.text() for label in screen.findChildren(QLabel)]
    assert office.vault.public.fingerprint in texts


def test_the_theme_holds_at_once_and_is_kept(screen: SettingsScreen, office: Workplace, theme: Theme, qtbot):
    screen.focus_first()
    qtbot.keyClick(screen.theme, Qt.Key.Key_Down)
    qtbot.keyClick(screen.theme, Qt.Key.Key_Down)
    assert theme.mode == "dark"
    assert configuring.present(office).theme == "dark"


def test_a_text_is_stored_when_its_field_is_left(screen: SettingsScreen, office: Workplace, qtbot):
    screen.texts["contact"].setFocus()
    screen.texts["contact"].insert("黎国平")
    with qtbot.waitSignal(screen.notice_given):
        qtbot.keyClick(screen.texts["contact"], Qt.Key.Key_Tab)
    assert configuring.present(office).contact == "黎国平"
    screen.texts["court"].setText("袁州区人民法院")
    assert screen.leave()
    assert configuring.present(office).court == "袁州区人民法院"


def test_switches_and_minutes(screen: SettingsScreen, office: Workplace, qtbot):
    screen.switches["count_fines_only"].setFocus()
    qtbot.keyClick(screen.switches["count_fines_only"], Qt.Key.Key_Space)
    assert configuring.present(office).count_fines_only
    screen.idle.setValue(0)
    screen.idle.editingFinished.emit()
    said = configuring.present(office)
    assert said.idle_minutes == 0
    assert screen.idle.text() == "不自动锁定"


def test_a_file_that_cannot_be_read_is_said_and_kept(screen: SettingsScreen, office: Workplace, qtbot):
    (office.home / FILE).write_text("contact = \n", "utf8")
    with qtbot.waitSignal(screen.problem_found):
        screen.switches["count_fines_only"].click()
    assert (office.home / FILE).read_text("utf8") == "contact = \n"


def test_the_examination_says_what_it_met(screen: SettingsScreen, office: Workplace, jobs: Jobs, qtbot):
    screen.screen_actions()[0].trigger()
    assert not screen.screen_actions()[0].enabled
    qtbot.waitUntil(lambda: not jobs.is_busy())
    assert screen.health.chip.text() == "完好"
    sha256 = office.evidence.put_bytes(b"a photo that nobody refers to")
    screen.examine()
    qtbot.waitUntil(lambda: not jobs.is_busy())
    assert any(sha256[:8] in text for text in screen.health.texts())
    office.evidence.path(sha256).write_bytes(b"changed")
    screen.examine()
    qtbot.waitUntil(lambda: not jobs.is_busy())
    assert not screen.working.isVisible()


def test_the_result_of_the_examination_is_seen_kept_and_printed(
    office: Workplace, jobs: Jobs, theme: Theme, show, qtbot, tmp_path
):
    made = show(SettingsScreen(Desk(office, jobs, theme), Answers(tmp_path)))
    paper = {each.name: each for each in made.screen_actions()}["health_paper"]
    assert (paper.enabled, paper.hint) == (False, "先做一次体检")
    made.examine()
    qtbot.waitUntil(lambda: not jobs.is_busy())
    {each.name: each for each in made.screen_actions()}["health_paper"].trigger()
    qtbot.waitUntil(lambda: made.findChild(PreviewDialog) is not None)
    dialog = made.findChild(PreviewDialog)
    qtbot.waitUntil(lambda: dialog.viewer.view.page_count() == 1)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "已存为" in dialog.banner.text())
    kept = tmp_path / "体检记录-2026-08-12.pdf"
    assert kept.read_bytes() == dialog.printed.pdf
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    dialog._printing._ask_printer = lambda _parent: printer
    qtbot.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: dialog.banner.text().startswith("已送去打印 1 页"))
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: made.findChild(PreviewDialog) is None)


def test_the_switches_of_the_tables_belong_to_the_office(laptop: Workplace, jobs: Jobs, theme: Theme, qtbot):
    made = SettingsScreen(Desk(laptop, jobs, theme))
    qtbot.addWidget(made)
    assert not made.switches


SUPPLEMENT = """
[supplement]
id = "jx"
version = "1"
title = "江西补充"
effective_from = 2026-06-01

[[provisions]]
document = "ccc-rules-2022"
article = "{article}"
duty = "新的说法"
confidence = "verified"
"""


class Chosen(Chooser):
    """Answers with the same file whatever is asked."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def file(self, parent: QWidget, title: str, kind: str = "") -> Path | None:
        return self._path


def test_an_office_takes_law_into_use(office: Workplace, jobs: Jobs, theme: Theme, show, qtbot, tmp_path):
    path = tmp_path / "补充.toml"
    path.write_text(SUPPLEMENT.format(article="54bis"), "utf8")
    screen = SettingsScreen(Desk(office, jobs, theme), Chosen(path))
    show(screen)
    qtbot.mouseClick(screen.law.take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(screen.law.texts()) == 2)
    assert "54bis" in screen.law.texts()[1]
    assert lawbook.supplements(office) == ()
    path.write_text(SUPPLEMENT.format(article="54"), "utf8")
    with qtbot.waitSignals([screen.notice_given, screen.changed]):
        qtbot.keyClick(
            screen, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
    assert screen.law.texts()[1:] == ["江西补充（jx@1） 自 2026-06-01 起，1 条"]


def test_a_laptop_only_reads_its_law(laptop: Workplace, jobs: Jobs, theme: Theme, show):
    screen = SettingsScreen(Desk(laptop, jobs, theme))
    show(screen)
    assert not screen.law.take.isVisible()
    assert screen.law.texts()[0].startswith("今天可引用")


def test_the_law_of_an_older_day_is_looked_up_by_any_word(
    laptop: Workplace, jobs: Jobs, theme: Theme, show, qtbot
):
    screen = SettingsScreen(Desk(laptop, jobs, theme))
    show(screen)
    qtbot.keyClick(
        screen, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    dialog = screen.findChild(LawDialog)
    dialog.search.setText("虚假检验检测报告")
    dialog.search.returnPressed.emit()
    assert dialog.list.rows.ids() == ()
    dialog.day.set_day(date(2024, 6, 1))
    assert dialog.list.rows.ids() == ("lab-supervision-2021/14", "lab-supervision-2021/26")
    dialog.list.choose("lab-supervision-2021/26")
    newer, older = dialog.detail.text().split("\n\n")
    assert newer.startswith("不适用：《检验检测机构监督管理办法》（2025修订）第二十七条\n尚未施行")
    assert older.startswith("适用：《检验检测机构监督管理办法》（2021公布）第二十六条")
    assert "罚款：0 元至 30000 元" in older
    assert "待核对（二手来源）" in older


def type_into(qtbot, field: QLineEdit, text: str) -> None:
    """Chinese marks are put in as an input method does."""
    field.setFocus()
    field.selectAll()
    field.insert(text)
    field.textEdited.emit(text)


def test_a_number_rule_shows_the_next_number_while_it_is_typed(screen, office: Workplace, qtbot):
    type_into(qtbot, screen.texts["office_mark"], "袁")
    qtbot.keyClick(screen.texts["office_mark"], Qt.Key.Key_Tab)
    field, row = screen.numbers.fields["sampling-record"], screen.numbers.rows["sampling-record"]
    assert field.placeholderText() == "{office}市监抽样〔{year}〕{n}号"
    type_into(qtbot, field, "{office}抽〔{year}〕{n:03}号")
    assert row.note.text() == "下一个：袁抽〔2026〕001号"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert configuring.present(office).number_rules == {"sampling-record": "{office}抽〔{year}〕{n:03}号"}
    assert numbering.propose(office, form="sampling-record") == "袁抽〔2026〕001号"
    type_into(qtbot, field, "")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert configuring.present(office).number_rules == {}
    assert row.note.text() == "下一个：袁市监抽样〔2026〕1号"


def test_leaving_asks_the_store_for_no_number_that_was_shown_before(screen, office: Workplace, qtbot):
    type_into(qtbot, screen.texts["office_mark"], "袁")
    qtbot.keyClick(screen.texts["office_mark"], Qt.Key.Key_Tab)
    asked: list[str] = []

    def note(*call: object) -> None:
        asked.append(str(call[2]))

    event.listen(office.store.engine, "before_cursor_execute", note)
    assert screen.leave()
    assert asked == []
    screen.numbers.fields["admonition"].setText("袁市监告〔{year}〕{n}号")
    assert screen.leave()
    event.remove(office.store.engine, "before_cursor_execute", note)
    assert asked, "a rule that was put there otherwise than by typing is tried"
    assert configuring.present(office).number_rules == {"admonition": "袁市监告〔{year}〕{n}号"}


def test_a_rule_without_a_number_is_not_stored_and_not_left(screen, office: Workplace, qtbot):
    field = screen.numbers.fields["admonition"]
    type_into(qtbot, field, "{office}告〔{year}〕号")
    assert "{n}" in screen.numbers.rows["admonition"].note.text()
    assert not screen.leave()
    assert field.hasFocus()
    assert configuring.present(office).number_rules == {}


def test_days_and_the_small_fine(screen, office: Workplace, qtbot):
    type_into(qtbot, screen.days.fields["extra_holidays"], "2027-02-11，2027-02-10")
    qtbot.keyClick(screen.days.fields["extra_holidays"], Qt.Key.Key_Return)
    assert configuring.present(office).extra_holidays == (date(2027, 2, 10), date(2027, 2, 11))
    type_into(qtbot, screen.days.fields["extra_workdays"], "下周六")
    assert not screen.leave()
    assert "下周六" in screen.days.rows["extra_workdays"].note.text()
    screen.small_fine.setFocus()
    screen.small_fine.setValue(5000)
    qtbot.keyClick(screen.small_fine, Qt.Key.Key_Tab)
    assert configuring.present(office).small_fine_yuan == 5000
