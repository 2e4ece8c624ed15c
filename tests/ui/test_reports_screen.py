"""报告材料 by keys: each paper of a plan, the template, the year's report; one that is stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import update

from app.models.inspection import Inspection
from app.services import planning
from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.screens import Desk, supervisor_screens
from app.ui.tables.reports import ReportsScreen
from app.ui.theme import Theme
from app.vocabulary import InspectionType
from tests.statistics.small_year import small_year
from tests.ui.desks import CTRL, Answers


@pytest.fixture
def filled(office: Workplace) -> Workplace:
    small_year().write(office)
    plan = planning.add_plan(office, title="2026 年专项检查", year=2026).id
    kind = InspectionType.CCC_PRODUCER
    task = planning.add_task(office, plan_id=plan, title="CCC", inspection_type=kind, required_count=20).key
    with office.write("test.plan") as work:
        of_kind = update(Inspection).where(Inspection.inspection_type == kind)
        work.session.execute(of_kind.values(plan_id=plan, task_key=task))
        work.commit()
    return office


@pytest.fixture
def screen(filled: Workplace, jobs: Jobs, show, qapp, qtbot, tmp_path: Path) -> ReportsScreen:
    (tmp_path / "out").mkdir()
    made = ReportsScreen(Desk(filled, jobs, Theme.install(qapp)), Answers(tmp_path / "out"))
    made.resize(1166, 646)
    show(made)
    made.refresh(None)
    qtbot.waitUntil(lambda: made.plan.count() == 2 and not jobs.is_busy())
    return made


def press(qtbot, screen: ReportsScreen, jobs: Jobs, key: Qt.Key) -> None:
    QTest.keyClick(screen, key, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: not jobs.is_busy() and not screen.working.isVisible())


def made(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "out").iterdir()}


def test_each_paper_is_written_by_its_key(screen, jobs, qtbot, tmp_path) -> None:
    assert screen.plan.currentText() == "2026 年专项检查"
    assert (screen.first.day().isoformat(), screen.last.day().isoformat()) == ("2026-01-01", "2026-08-12")
    said: list[str] = []
    screen.notice_given.connect(said.append)
    for key in (Qt.Key.Key_W, Qt.Key.Key_G, Qt.Key.Key_X, Qt.Key.Key_L):
        press(qtbot, screen, jobs, key)
    assert made(tmp_path) == {
        "工作总结 2026 年专项检查.docx",
        "结果公示 2026 年专项检查.xlsx",
        "信用信息 2026 年专项检查.xlsx",
        "录入对照表 2026 年专项检查.xlsx",
    }
    text = [
        each.text for each in Document(str(tmp_path / "out" / "工作总结 2026 年专项检查.docx")).paragraphs
    ]
    assert "2026 年专项检查工作总结" in text
    assert "工作总结" in said[0]


def test_what_is_left_out_of_the_public_list_is_said(screen, jobs, qtbot) -> None:
    press(qtbot, screen, jobs, Qt.Key.Key_G)
    assert "未审核" in screen.banner.text()
    assert "冲突 1 次" in screen.banner.text()


def test_lists_by_plan_ask_for_a_plan(screen, jobs, qtbot, tmp_path) -> None:
    screen.plan.choose("")
    for key in (Qt.Key.Key_G, Qt.Key.Key_L):
        press(qtbot, screen, jobs, key)
        assert "先选一个计划" in screen.banner.text()
    press(qtbot, screen, jobs, Qt.Key.Key_W)
    assert made(tmp_path) == {"工作总结 全部检查（不分计划）.docx"}


def test_stopping_leaves_nothing(screen, jobs, qtbot, tmp_path) -> None:
    told: list[object] = []
    screen.problem_found.connect(told.append)
    screen.make("entries")
    screen.working.cancel()
    qtbot.waitUntil(lambda: not screen.working.isVisible())
    assert made(tmp_path) == set()
    assert told[0].problem.code == "sync.cancelled"


def test_the_template_goes_out_and_a_faulty_one_stays_out(screen, jobs, qtbot, tmp_path) -> None:
    screen.export_template()
    qtbot.waitUntil(lambda: not jobs.is_busy())
    assert made(tmp_path) == {"工作总结模板.docx"}
    bad = tmp_path / "坏.docx"
    document = Document()
    document.add_paragraph("{{ 不认识 }}")
    document.save(str(bad))
    screen._chooser.paths = (bad,)
    screen.import_template()
    qtbot.waitUntil(screen.banner.isVisible)
    assert "正文第 1 段" in screen.banner.text()
    screen._chooser.paths = (tmp_path / "out" / "工作总结模板.docx",)
    said: list[str] = []
    screen.notice_given.connect(said.append)
    screen.import_template()
    qtbot.waitUntil(lambda: bool(said))
    assert "已收入" in said[0]


def test_the_years_report_says_what_is_missing(screen) -> None:
    assert "2026 年度报告 · 期限 2026-12-01" in screen.annual.text()
    assert "检查未审核" in screen.annual.text()
    assert "任务缺口" in screen.annual.text()


def test_the_tables_lead_here_and_back(screen, filled, jobs, qapp, qtbot) -> None:
    desk = Desk(filled, jobs, Theme.install(qapp))
    specs = {spec.key: spec for spec in supervisor_screens(desk)}
    assert not specs["reports"].listed
    tables = specs["tables"].factory()
    with qtbot.waitSignal(tables.open_requested) as asked:
        next(each for each in tables.screen_actions() if each.name == "open_reports").trigger()
    assert asked.args[0] == "reports"
    with qtbot.waitSignal(screen.open_requested) as asked:
        screen.go_back()
    assert asked.args[0] == "tables"
    tables.deleteLater()
