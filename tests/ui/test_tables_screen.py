"""统计 by keys: a table, a number, the records behind it, the workbook."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import openpyxl
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import update

from app.errors import BadInput, EnvironmentFault
from app.models.enforcement import Case
from app.services import reporting
from app.services.workplace import Changes, Workplace
from app.ui.jobs import Jobs
from app.ui.paper.preview_dialog import PreviewDialog
from app.ui.printing import paper_printer
from app.ui.screens import Desk, status_of
from app.ui.tables import words
from app.ui.tables.grid import CountedModel
from app.ui.tables.header import spans
from app.ui.tables.screen import TablesScreen
from app.ui.tables.words import Heading
from app.ui.theme import Theme
from tests.conftest import FakeClock
from tests.ui.desks import CTRL, Answers, desk_of, shell_of

SUMMER = date(2026, 7, 6)


class Saving(Answers):
    """Always names the same file."""

    def target(self, *_: object) -> Path | None:
        return self.paths[0]

    def file(self, *_: object) -> Path | None:
        return self.paths[0]


def small_year() -> ModuleType:
    """The year that the tests of counting reason about, loaded by its path."""
    path = Path(__file__).parents[1] / "statistics" / "small_year.py"
    spec = importlib.util.spec_from_file_location("small_year", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def filled(office: Workplace) -> Workplace:
    small_year().small_year().write(office)
    return office


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "附件1.xlsx"


@pytest.fixture
def screen(filled: Workplace, jobs: Jobs, show, qapp, qtbot, out: Path) -> TablesScreen:
    made = TablesScreen(Desk(filled, jobs, Theme.install(qapp)), Saving(out), ask=lambda *_: True)
    made.resize(1166, 646)
    show(made)
    made.refresh(None)
    qtbot.waitUntil(lambda: made.table is not None and not jobs.is_busy())
    return made


def press(qtbot, screen: TablesScreen, name: str) -> None:
    next(action for action in screen.screen_actions() if action.name == name).trigger()


def test_the_usual_table_is_counted_at_once(screen: TablesScreen):
    assert screen.title() == "附件 1 强制性产品认证监督检查情况统计表"
    assert "赣市监办认监〔2023〕4号" in screen.context()
    assert screen.grid.cells.rowCount() == 10
    assert screen.counted_chip.text().startswith("计入 ")
    assert "未计入：" in screen.counted_chip.text()
    assert screen.checks_chip.text().startswith("交叉校验 ")


def test_what_is_shown_is_what_is_counted(screen: TablesScreen, filled: Workplace):
    table = reporting.table(filled, table="ccc-annex1")
    shown = [
        [screen.grid.cells.index(row, column).data() for column in range(len(table.columns))]
        for row in range(len(table.rows))
    ]
    counted = [
        [words.value_text(table.cells[row.key][column.key]) for column in table.columns] for row in table.rows
    ]
    assert shown == counted


def test_arrows_walk_the_table_and_list_what_is_behind(screen: TablesScreen, filled: Workplace, jobs, qtbot):
    screen.focus_first()
    screen.show_cell("total", "cases")
    qtbot.waitUntil(lambda: not jobs.is_busy())
    qtbot.keyClick(screen.grid, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: not jobs.is_busy())
    behind = screen.below.records
    assert behind.heading is not None
    assert behind.heading.text().startswith("合计 · 出动监管执法人员 = ")
    explained = reporting.explain(filled, table="ccc-annex1", row="total", column="officers")
    assert [row.subject_name for row in behind._rows] == [row.subject_name for row in explained]
    assert behind.records.rows.index(0, 0).data() == explained[0].subject_name


def test_enter_goes_to_the_records_and_opens_one(screen: TablesScreen, jobs, qtbot):
    screen.show_cell("total", "officers")
    qtbot.waitUntil(lambda: not jobs.is_busy())
    qtbot.keyClick(screen.grid, Qt.Key.Key_Return)
    assert screen.below.records.records.hasFocus()
    with qtbot.waitSignal(screen.open_requested) as asked:
        qtbot.keyClick(screen.below.records.records, Qt.Key.Key_Return)
    assert asked.args[0] == "printing"
    assert set(asked.args[1]) == {"inspection_id"}


def test_organizations_behind_a_cell_open_in_the_registry(screen: TablesScreen, jobs, qtbot):
    screen.show_cell("total", "dossiers_due")
    qtbot.waitUntil(lambda: not jobs.is_busy())
    with qtbot.waitSignal(screen.open_requested) as asked:
        qtbot.keyClick(screen.below.records.records, Qt.Key.Key_Return)
    assert asked.args[0] == "registry"


def test_another_table_brings_its_own_period(screen: TablesScreen, jobs, qtbot):
    screen.choice.setCurrentIndex(screen.choice.findData("shanghai-annex2"))
    qtbot.waitUntil(lambda: screen.table is not None and screen.table.id == "shanghai-annex2")
    assert (screen.first.day(), screen.last.day()) == (date(2025, 11, 21), date(2026, 11, 20))
    assert screen.title().startswith("附件 2")
    screen.choice.setCurrentIndex(screen.choice.findData("organic-annex3"))
    qtbot.waitUntil(lambda: screen.table is not None and screen.table.id == "organic-annex3")
    assert not screen.grid.labels.isVisible()


def test_a_period_that_runs_backwards_is_said_in_the_window(screen: TablesScreen, qtbot):
    screen.last.set_day(date(2025, 1, 1))
    screen.count()
    qtbot.waitUntil(screen.banner.isVisible)
    assert "2025-01-01" in screen.banner.text()
    screen.last.set_day(date(2026, 12, 31))
    screen.count()
    qtbot.waitUntil(lambda: not screen.banner.isVisible())


def test_the_unit_stands_in_the_workbook(screen: TablesScreen, out: Path, qtbot):
    screen.unit.setFocus()
    screen.unit.selectAll()
    screen.unit.insert("袁州区市场监督管理局")
    qtbot.keyClick(screen.unit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.table is not None and screen.table.unit == "袁州区市场监督管理局")
    with qtbot.waitSignal(screen.notice_given) as told:
        press(qtbot, screen, "export")
    assert str(out) in told.args[0]
    sheet = openpyxl.load_workbook(out).worksheets[0]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any("袁州区市场监督管理局" in text for text in texts)


def test_a_failed_check_allows_a_draft_only(screen: TablesScreen, out: Path, qtbot):
    # From then on a case of the spring is referred, and none filed.
    screen.first.set_day(SUMMER)
    qtbot.waitUntil(lambda: screen.table is not None and screen.table.blocked)
    assert "不通过" in screen.checks_chip.text()
    assert screen.screen_actions()[-1].text == "导出草稿"
    press(qtbot, screen, "export")
    qtbot.waitUntil(screen.banner.isVisible)
    assert "已导出草稿" in screen.banner.text()
    assert out.is_file()
    press(qtbot, screen, "account")
    assert any(text.startswith("不通过") for text in screen.below.account.texts())


def test_the_account_lists_checks_left_outs_and_rules(screen: TablesScreen, qtbot):
    press(qtbot, screen, "account")
    texts = screen.below.account.texts()
    assert any(text.startswith("通过") for text in texts)
    assert any("件　" in text for text in texts)
    assert screen.screen_actions()[0].text == "看明细"
    press(qtbot, screen, "account")
    assert screen.grid.hasFocus()


def test_news_are_counted_and_other_news_are_not(screen: TablesScreen, jobs, qtbot):
    before = screen._turn
    screen.refresh(Changes.of("plan", "x"))
    assert screen._turn == before
    screen.refresh(Changes.of("inspection", "x"))
    assert screen._turn == before + 1
    qtbot.waitUntil(lambda: not jobs.is_busy())


def test_another_screen_may_ask_for_a_cell(screen: TablesScreen, jobs, qtbot):
    screen.open_with(table="shanghai-annex2", row="total", column="visits")
    screen.open_with(table="ccc-annex1", row="total", column="cases")
    qtbot.waitUntil(lambda: screen.grid.current_keys() == ("total", "cases"))


def test_the_model_keeps_qts_rules(filled: Workplace, qapp, show, qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    model = CountedModel(holder)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_table(reporting.table(filled, table="ccc-annex1"))
    assert model.index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole) == Qt.AlignmentFlag.AlignCenter
    assert model.index(0, 0).data(Qt.ItemDataRole.FontRole).bold()


def test_neighbours_of_one_group_share_its_heading():
    headings = [Heading("a"), Heading("b", "g"), Heading("c", "g"), Heading("d"), Heading("e")]
    assert spans(headings) == ((0, 0), (1, 2), (1, 2), (3, 3), (4, 4))


def test_an_unknown_cell_is_refused_by_the_service(filled: Workplace):
    with pytest.raises(BadInput):
        reporting.explain(filled, table="ccc-annex1", row="nowhere", column="cases")


def first_half(screen: TablesScreen, jobs: Jobs, qtbot) -> None:
    """The period of the small year, in which every cross check passes."""
    screen.last.set_day(date(2026, 7, 31))
    qtbot.waitUntil(lambda: screen.table is not None and screen.table.period.last == date(2026, 7, 31))
    qtbot.waitUntil(lambda: not jobs.is_busy())


def raise_a_fine(place: Workplace) -> None:
    """A later change of the data."""
    with place.write("test.change") as work:
        work.session.execute(update(Case).where(Case.inspection_id == "v06").values(fine=5_000_000))
        work.commit()


def test_a_number_that_its_records_make_no_more_is_counted_again(
    screen: TablesScreen, filled: Workplace, jobs, qtbot
):
    screen.show_cell("electrical", "penalties")
    qtbot.waitUntil(lambda: not jobs.is_busy())
    raise_a_fine(filled)  # and nobody told the window
    with qtbot.waitSignal(screen.notice_given) as told:
        screen.show_cell("total", "penalties")
    assert told.args == ["数据在统计之后有变动，已重新统计"]
    present = reporting.table(filled, table="ccc-annex1")
    qtbot.waitUntil(lambda: screen.table is not None and screen.table.cells == present.cells)
    qtbot.waitUntil(lambda: not jobs.is_busy())
    assert screen.grid.current_keys() == ("total", "penalties")
    assert screen.below.records.records.isVisible()
    assert not screen.banner.isVisible()
    raise_a_fine(filled)  # the same again: nothing differs
    screen.show_cell("electrical", "penalties")
    qtbot.waitUntil(lambda: not jobs.is_busy())
    assert not screen.banner.isVisible()


def test_a_table_is_sent_and_then_shown_as_it_was(screen: TablesScreen, filled: Workplace, jobs, qtbot):
    first_half(screen, jobs, qtbot)
    assert not screen.sent.isVisible()
    press(qtbot, screen, "send")
    qtbot.waitUntil(lambda: screen.shown is not None and screen.shown.sent is not None)
    assert "2026-08-12 黎国平，已冻结；此后数据没有变动" in screen.sent_chip.text()
    assert not screen.first.isEnabled()
    raise_a_fine(filled)
    screen.refresh(Changes.of("inspection", "v06"))
    qtbot.waitUntil(lambda: "变动 2 格" in screen.sent_chip.text())
    shown = screen.shown
    assert shown is not None
    assert words.value_text(shown.table.cells["electrical"]["penalties"]) == "1.23"
    press(qtbot, screen, "account")
    line = "3. 电器产品 · 处罚金额合计：1.23 → 5.00（检v06、袁州无名插座作坊）"
    assert line in screen.below.account.texts()


def test_a_supplement_tells_what_changed(screen: TablesScreen, filled: Workplace, jobs, out: Path, qtbot):
    first_half(screen, jobs, qtbot)
    press(qtbot, screen, "send")
    qtbot.waitUntil(lambda: screen.shown is not None and screen.shown.sent is not None)
    raise_a_fine(filled)
    screen.count()
    qtbot.waitUntil(lambda: screen.shown is not None and len(screen.shown.later) == 2)
    press(qtbot, screen, "supplement")
    qtbot.waitUntil(lambda: screen.shown is not None and len(screen.shown.told) == 2)
    assert screen.sent.count() == 3
    model = screen.grid.cells
    rows, columns = [row.key for row in model.table.rows], [each.key for each in model.table.columns]
    changed = model.index(rows.index("electrical"), columns.index("penalties"))
    assert changed.data(Qt.ItemDataRole.BackgroundRole) is not None
    assert "原报 1.23，现为 5.00" in changed.data(Qt.ItemDataRole.ToolTipRole)
    with qtbot.waitSignal(screen.notice_given):
        press(qtbot, screen, "export")
    assert openpyxl.load_workbook(out).sheetnames[1] == "补报说明"
    screen.sent.setCurrentIndex(0)
    qtbot.waitUntil(lambda: screen.shown is not None and screen.shown.sent is None)
    assert "0 格不同" in screen.sent_chip.text()


def test_a_proposal_says_so(screen: TablesScreen, jobs, qtbot):
    screen.choice.setCurrentIndex(screen.choice.findData("ms-annex2"))
    qtbot.waitUntil(lambda: screen.table is not None and screen.table.id == "ms-annex2")
    assert screen.title().endswith("（建议版式）")
    assert "建议版式" in screen.context()


def test_every_table_can_be_looked_at(screen: TablesScreen, jobs, qtbot):
    for place in range(screen.choice.count()):
        screen.choice.setCurrentIndex(place)
        qtbot.waitUntil(lambda: screen.table is not None and screen.table.id == screen.table_id())
        qtbot.waitUntil(lambda: not jobs.is_busy())
        assert screen.grid.cells.rowCount() == len(screen.table.rows)
        assert not screen.banner.isVisible()


def test_a_layout_goes_out_and_comes_back_changed(screen: TablesScreen, out: Path, jobs, qtbot):
    screen.choice.setCurrentIndex(screen.choice.findData("organic-annex3"))
    with qtbot.waitSignal(screen.notice_given):
        press(qtbot, screen, "export_layout")
    book = openpyxl.load_workbook(out)
    book["列"]["B2"].value = "出动人员"
    book.save(out)
    with qtbot.waitSignal(screen.notice_given) as told:
        press(qtbot, screen, "import_layout")
    assert "第 2 版" in told.args[0]
    qtbot.waitUntil(lambda: screen.table is not None and screen.table.columns[0].name == "出动人员")
    book["列"]["A1"].value = "编码"
    book.save(out)
    press(qtbot, screen, "import_layout")
    qtbot.waitUntil(screen.banner.isVisible)
    assert "列 第 1 行" in screen.banner.text()


def test_the_numbers_of_now_are_compared_with_the_last_report(
    screen: TablesScreen, filled: Workplace, jobs, qtbot
):
    first_half(screen, jobs, qtbot)
    assert "compare" not in [action.name for action in screen.screen_actions()]
    press(qtbot, screen, "send")
    qtbot.waitUntil(lambda: screen.shown is not None and screen.shown.sent is not None)
    raise_a_fine(filled)
    screen.sent.setCurrentIndex(0)
    qtbot.waitUntil(lambda: screen.shown is not None and len(screen.shown.since) == 2)
    model = screen.grid.cells
    assert not model.marks
    press(qtbot, screen, "compare")
    assert set(model.marks) == {("electrical", "penalties"), ("total", "penalties")}
    assert "3. 电器产品 · 处罚金额合计：1.23 → 5.00" in "\n".join(screen.below.account.texts())
    screen.grid.choose("electrical", "penalties")
    screen.turn()
    qtbot.waitUntil(screen.below.records.note.isVisible)
    assert screen.below.records.note.text() == "原报 1.23，现为 5.00"
    press(qtbot, screen, "compare")
    assert not model.marks


def test_the_years_report_is_told_where_supervisors_are(
    filled: Workplace, jobs: Jobs, show, qapp, qtbot, clock: FakeClock
):
    clock.moment = datetime(2026, 11, 21, 2, tzinfo=UTC)
    desk = Desk(filled, jobs, Theme.install(qapp))
    assert "年度报告剩 10 天（统计 → 报告材料）" in status_of(desk).left
    made = TablesScreen(desk)
    show(made)
    made.refresh(None)
    qtbot.waitUntil(made.annual.isVisible)
    assert made.annual.text().strip() == "年度报告剩 10 天"
    assert "2026 年度报告 · 期限 2026-12-01 周二\n还差：" in made.annual.toolTip()
    with qtbot.waitSignal(made.open_requested) as asked:
        made.annual.click()
    assert asked.args == ["reports", {}]
    clock.moment = datetime(2026, 12, 3, 2, tzinfo=UTC)
    made.refresh(None)
    qtbot.waitUntil(lambda: "逾期 2 天" in made.annual.text())
    assert "年度报告已逾期 2 天（统计 → 报告材料）" in status_of(desk).left
    clock.moment = datetime(2026, 8, 12, 2, tzinfo=UTC)
    assert len(status_of(desk).left) == 1


@pytest.fixture
def printing(filled: Workplace, jobs: Jobs, show, qapp, qtbot, tmp_path: Path) -> TablesScreen:
    """The screen with a printer that prints into a file, and a place to save into."""

    def printer(_parent: QWidget) -> QPrinter:
        made = paper_printer()
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(tmp_path / "printed.pdf"))
        return made

    desk = desk_of(filled, jobs)
    answers = Answers(tmp_path)
    shell = show(shell_of("statistics", lambda: TablesScreen(desk, answers, ask_printer=printer)))
    found = shell.current()
    assert isinstance(found, TablesScreen)
    qtbot.waitUntil(lambda: found.table is not None and not jobs.is_busy())
    return found


def preview_of(qtbot) -> PreviewDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PreviewDialog))
    found = QApplication.activeModalWidget()
    assert isinstance(found, PreviewDialog)
    return found


def text_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def test_ctrl_p_shows_the_pages_and_prints_and_keeps_what_is_seen(
    qtbot, printing: TablesScreen, jobs: Jobs, tmp_path: Path
) -> None:
    printing.focus_first()
    qtbot.keyClick(printing.window(), Qt.Key.Key_P, CTRL)
    dialog = preview_of(qtbot)
    qtbot.waitUntil(lambda: dialog.viewer.view.page_count() == 1)
    with qtbot.waitSignal(dialog.noticed) as told:
        qtbot.keyClick(dialog, Qt.Key.Key_S, CTRL)
    (kept,) = tmp_path.glob("强制性产品认证监督检查情况统计表*.pdf")
    assert str(kept) in told.args[0]
    assert kept.read_bytes() == dialog.printed.pdf
    with qtbot.waitSignal(dialog.noticed) as told:
        qtbot.keyClick(dialog, Qt.Key.Key_P, CTRL)
    assert told.args == ["已送去打印 1 页"]
    with pypdfium2.PdfDocument(tmp_path / "printed.pdf") as document:
        assert document[0].get_width() > document[0].get_height()
    text = text_of(kept)
    row = printing.table.rows[1]
    assert row.label.replace(" ", "") in text
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_where_a_check_fails_the_pages_are_a_draft(qtbot, printing: TablesScreen, tmp_path: Path) -> None:
    printing.first.set_day(SUMMER)
    qtbot.waitUntil(lambda: printing.table is not None and printing.table.blocked)
    qtbot.keyClick(printing.window(), Qt.Key.Key_P, CTRL)
    dialog = preview_of(qtbot)
    assert dialog.printed.file_name.startswith("草稿-")
    with qtbot.waitSignal(dialog.noticed):
        dialog.save()
    assert text_of(next(tmp_path.glob("草稿-*.pdf"))).count("草稿") == 3


def test_no_printer_is_said_in_the_preview(qtbot, filled: Workplace, jobs: Jobs, show) -> None:
    def none(_parent: QWidget) -> QPrinter | None:
        raise EnvironmentFault("ui.no_printer")

    desk = desk_of(filled, jobs)
    shell = show(shell_of("statistics", lambda: TablesScreen(desk, Answers(), ask_printer=none)))
    screen = shell.current()
    qtbot.waitUntil(lambda: screen.table is not None and not jobs.is_busy())
    screen.print_table()
    dialog = preview_of(qtbot)
    dialog.print_now()
    assert dialog.banner.isVisible()
    dialog.save()
    assert dialog.print_button.isEnabled()
