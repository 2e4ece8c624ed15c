"""检查清单: the versions, a file's problems and differences before it is taken, visits that change theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.checklists.transition import Fate
from app.models.inspection import Inspection
from app.services import questions, scoring
from app.services.moving import DraftRow, MovedItem
from app.services.workplace import Workplace
from app.ui.checklists.lines import DraftLines
from app.ui.checklists.screen import ChecklistsScreen
from app.ui.jobs import Jobs
from app.ui.screens import screens_for
from app.ui.settings.screen import SettingsScreen
from app.ui.theme import Theme
from app.vocabulary import InspectionStatus, InspectionType
from tests.ui.desks import CTRL, Answers, desk_of, shell_of

NEW = "ms-org@2026-9"


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Theme:
    return Theme.install(qapp)


def opened(place: Workplace, jobs: Jobs, show, qtbot, *paths: Path) -> ChecklistsScreen:
    made = ChecklistsScreen(desk_of(place, jobs), Answers(*paths))
    made.resize(1166, 646)
    show(made)
    made.refresh(None)
    settle(made, jobs, qtbot)
    return made


def settle(screen: ChecklistsScreen, jobs: Jobs, qtbot) -> None:
    qtbot.waitUntil(lambda: not jobs.is_busy())
    QApplication.processEvents()


def actions(screen: ChecklistsScreen) -> dict[str, bool]:
    return {each.name: each.enabled for each in screen.screen_actions()}


def lines(screen: ChecklistsScreen) -> list[tuple[str, str]]:
    rows = screen.told.rows
    found = [rows.row_at(line) for line in range(rows.rowCount())]
    return [(each.kind, each.where) for each in found if each is not None]


def edited(screen: ChecklistsScreen, jobs: Jobs, qtbot, folder: Path, *changes: tuple[int, str, str]) -> Path:
    """The newest ms-org as the screen writes it, changed by hand."""
    screen.versions.choose("ms-org@2026-2")
    screen.export()
    settle(screen, jobs, qtbot)
    (path,) = folder.glob("清单-*.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, heading, text in ((2, "版本", "2026-9"), (2, "施行日期", "2026-08-12"), *changes):
        sheet.cell(row, columns[heading]).value = text
    book.save(path)
    return path


def test_settings_lead_to_the_checklists_of_both_roles(
    office: Workplace, laptop: Workplace, jobs, qtbot
) -> None:
    for place in (office, laptop):
        assert "checklists" in [spec.key for spec in screens_for(desk_of(place, jobs)) if not spec.listed]
    screen = SettingsScreen(desk_of(office, jobs))
    qtbot.addWidget(screen)
    with qtbot.waitSignal(screen.open_requested) as told:
        next(each for each in screen.screen_actions() if each.name == "open_checklists").trigger()
    assert told.args == ["checklists", {}]


def test_every_version_is_listed_with_where_it_is_from(office: Workplace, jobs, show, qtbot) -> None:
    screen = opened(office, jobs, show, qtbot)
    rows = screen.versions.rows
    shown = {rows.id_at(line): rows.row_at(line) for line in range(rows.rowCount())}
    assert (shown["ms-org@2026-2"].origin, shown["ms-org@2026-2"].standing) == ("shipped", "in_use")
    assert shown["ms-org@2026-1"].standing == "former"
    assert actions(screen)["import_checklist"]


def test_a_file_with_a_problem_cannot_be_taken(office: Workplace, jobs, show, qtbot, tmp_path: Path) -> None:
    screen = opened(office, jobs, show, qtbot, tmp_path)
    path = edited(screen, jobs, qtbot, tmp_path, (4, "出处性质", "听说"))
    screen._chooser.paths = (path,)
    screen.choose_file()
    settle(screen, jobs, qtbot)
    assert lines(screen)[0] == ("问题", "检查清单 H4")
    assert actions(screen)["take_checklist"] is False
    screen.told.choose("0")
    assert "听说" in screen.whole.text()
    assert questions.received(office) == ()


def test_a_good_file_shows_its_differences_and_is_taken_when_told(
    office: Workplace, jobs, show, qtbot, tmp_path: Path
) -> None:
    screen = opened(office, jobs, show, qtbot, tmp_path)
    text = questions.version_of(office, "ms-org", "2026-2").sections[0].items[0].text
    path = edited(screen, jobs, qtbot, tmp_path, (4, "内容", f"{text}（附截图）"))
    screen._chooser.paths = (path,)
    screen.choose_file()
    settle(screen, jobs, qtbot)
    assert [kind for kind, _ in lines(screen)] == ["改了说法"]
    assert "与 2026-2 版相比" in screen.heading.text()
    assert questions.newest(office, InspectionType.MS_ORG).version == "2026-2"
    with qtbot.waitSignal(screen.changed):
        screen.take()
    assert questions.newest(office, InspectionType.MS_ORG).version == "2026-9"
    assert screen.versions.current_id() == NEW
    assert "take_checklist" not in actions(screen)


def scoring_table(folder: Path, *rows: tuple[str, object, str]) -> Path:
    book = openpyxl.Workbook()
    for row in (("条目", "分值", "规则"), *rows):
        book.active.append(row)
    path = folder / "评分表.xlsx"
    book.save(path)
    return path


def said(screen: ChecklistsScreen) -> list[tuple[str, str, str, str]]:
    rows = screen.told.rows
    found = [rows.row_at(line) for line in range(rows.rowCount())]
    return [(each.kind, each.where, each.text, each.more) for each in found if each is not None]


def test_a_scoring_table_is_looked_at_before_it_counts(
    office: Workplace, jobs, show, qtbot, tmp_path: Path
) -> None:
    answers = Answers()
    shell = show(shell_of("checklists", lambda: ChecklistsScreen(desk_of(office, jobs), answers)))
    screen = shell.current()
    assert isinstance(screen, ChecklistsScreen)
    settle(screen, jobs, qtbot)
    screen.versions.choose("ms-org@2026-2")
    settle(screen, jobs, qtbot)
    first, second = list(questions.version_of(office, "ms-org", "2026-2").items())[:2]

    def read(*rows: tuple[str, object, str]) -> None:
        answers.paths = (scoring_table(tmp_path, *rows),)
        qtbot.keyClick(shell, Qt.Key.Key_I, CTRL | Qt.KeyboardModifier.ShiftModifier)
        settle(screen, jobs, qtbot)

    read((first.id, 10, "每缺一项扣 2 分"), (second.id, "viel", ""), ("99.9", 5, ""))
    assert [line[:2] for line in said(screen)] == [
        ("问题", "B3"), ("问题", "A4"), ("提示", ""), ("新增", first.shown),
    ]  # fmt: skip
    assert said(screen)[-1][2] == f"10 分（每缺一项扣 2 分）　{first.text}"
    assert "1 条可用，共 10 分；2 行不能用；有 1 条变动" in screen.heading.text()
    assert scoring.kept(office) == (), "looking at it takes nothing"
    with qtbot.waitSignal(screen.changed):
        qtbot.keyClick(shell, Qt.Key.Key_Return, CTRL)
    settle(screen, jobs, qtbot)
    (table,) = scoring.kept(office)
    assert [(key, str(each.points)) for key, each in table.items.items()] == [(first.id, "10")]
    assert "评分表 评分表.xlsx" in screen.context()
    assert "take_scores" not in actions(screen)

    read((second.id, 5, ""))
    changes = [(kind, where, more) for kind, where, _, more in said(screen) if kind not in {"提示", "问题"}]
    assert changes == [("去掉", first.shown, "原为：10 分（每缺一项扣 2 分）"), ("新增", second.shown, "")]
    assert "代替 评分表.xlsx" in screen.heading.text()
    scoring_table(tmp_path, (second.id, 7, ""))
    with qtbot.waitSignal(screen.notice_given) as told:
        screen.take_scores()
    assert "刚改过" in told.args[0]
    assert scoring.kept(office) == (table,), "what was not looked at does not count"
    with qtbot.waitSignal(screen.changed):
        screen.take_scores()
    assert str(scoring.kept(office)[0].items[second.id].points) == "7"

    settle(screen, jobs, qtbot)
    read((second.id, 7, ""))
    assert "与现在的一样" in screen.heading.text()
    assert actions(screen)["take_scores"] is False


def test_a_table_without_points_and_a_file_that_is_none_are_told(
    office: Workplace, jobs, show, qtbot, tmp_path: Path
) -> None:
    screen = opened(office, jobs, show, qtbot, scoring_table(tmp_path, ("1", "", "")))
    screen.choose_scores()
    settle(screen, jobs, qtbot)
    assert actions(screen)["take_scores"] is False
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 cut short")
    screen._chooser.paths = (tmp_path / "bad.xlsx",)
    with qtbot.waitSignal(screen.problem_found):
        screen.choose_scores()


def test_a_laptop_takes_no_scoring_table_of_its_own(laptop: Workplace, jobs, show, qtbot) -> None:
    assert "import_scores" not in actions(opened(laptop, jobs, show, qtbot))


def test_visits_move_only_when_told_to(laptop: Workplace, jobs, show, qtbot) -> None:
    with laptop.write("test") as work:
        work.session.add_all(
            Inspection(
                id=letter * 32, organization_id="o", inspection_type=InspectionType.MS_ORG, checklist_id="ms-org",
                checklist_version="2026-1", status=InspectionStatus.IN_PROGRESS, office="宜春",
                subject_name="宜春袁州恒电器有限公司", started_at=datetime(2026, 7, 1, 1, tzinfo=UTC),
            )
            for letter in "ab"
        )  # fmt: skip
        work.commit()
    screen = opened(laptop, jobs, show, qtbot)
    assert "import_checklist" not in actions(screen)
    screen.versions.choose("ms-org@2026-2")
    settle(screen, jobs, qtbot)
    assert [place for kind, place in lines(screen) if kind == "在查"] == ["现用 2026-1 版"] * 2

    def version(letter: str) -> str:
        with laptop.read() as session:
            return session.get(Inspection, letter * 32).checklist_version

    assert (version("a"), version("b")) == ("2026-1", "2026-1")
    screen.told.choose("0")
    with qtbot.waitSignal(screen.changed):
        screen.move_one()
    settle(screen, jobs, qtbot)
    assert (version("a"), version("b")) == ("2026-2", "2026-1")
    screen.ask = lambda *_: False
    screen.move_all()
    settle(screen, jobs, qtbot)
    assert version("b") == "2026-1"
    screen.ask = lambda *_: True
    with qtbot.waitSignal(screen.changed):
        screen.move_all()
    settle(screen, jobs, qtbot)
    assert version("b") == "2026-2"
    assert "move_all" not in actions(screen)


def test_the_lines_of_hundreds_of_visits_are_made_when_they_are_looked_at() -> None:
    def moved(number: int, fate: Fate) -> MovedItem:
        return MovedItem(fate, f"{number}", f"{number}", f"条目 {number}", "", answered=False)

    items = (moved(1, Fate.KEPT), moved(2, Fate.NEW), moved(3, Fate.DROPPED))
    day = datetime(2026, 7, 1, 1, tzinfo=UTC)
    drafts = [DraftRow(f"{number}", f"企业 {number}", day, "2026-1", items) for number in range(400)]
    drafts[1] = replace(drafts[1], items=items[:1])
    found = DraftLines(drafts)
    assert len(found) == 399 * 3 + 1
    assert [(each.kind, each.text) for each in found[:7]] == [
        ("在查", "企业 0"), ("要补答", "条目 2"), ("不再问", "条目 3"),
        ("在查", "企业 1"),
        ("在查", "企业 2"), ("要补答", "条目 2"), ("不再问", "条目 3"),
    ]  # fmt: skip
    assert (found[-1].draft, found[-3].text) == ("399", "企业 399")
    assert list(DraftLines([])) == []
    with pytest.raises(IndexError):
        found[len(found)]
