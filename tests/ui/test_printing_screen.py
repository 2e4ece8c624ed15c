"""打印 by its keys: the previewed file is the one that is kept and the one that is printed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Event

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QListWidget, QTableView, QWidget

from app.errors import EnvironmentFault
from app.services import asking, enforcing, inspecting, numbering, planning, registering
from app.services.enforcing import OrderTerms
from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.paper.batch import BatchForm
from app.ui.paper.left_out import LeftOutDialog
from app.ui.paper.screen import PrintingScreen
from app.ui.printing import paper_printer
from app.ui.shell import Shell
from app.vocabulary import InspectionType, Verdict
from tests.services.conftest import Visit
from tests.ui.desks import CTRL, ENTER, Answers, desk_of, dialog_of, found_visit, shell_of, submit


@pytest.fixture
def visit(laptop: Workplace) -> Visit:
    return found_visit(laptop)


@pytest.fixture
def sheets_of_paper(tmp_path: Path) -> Path:
    return tmp_path / "printed.pdf"


@pytest.fixture
def screen(visit: Visit, jobs: Jobs, show, tmp_path: Path, sheets_of_paper: Path) -> PrintingScreen:
    def printer(_parent: QWidget) -> QPrinter:
        made = paper_printer()
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(sheets_of_paper))
        return made

    desk = desk_of(visit.place, jobs)
    shell = show(shell_of("printing", lambda: PrintingScreen(desk, Answers(tmp_path), printer)))
    found = shell.current()
    assert isinstance(found, PrintingScreen)
    return found


def shell_with(screen: PrintingScreen) -> Shell:
    window = screen.window()
    assert isinstance(window, Shell)
    return window


def ready(qtbot, screen: PrintingScreen) -> None:
    qtbot.waitUntil(lambda: screen.printed is not None and screen.viewer.view.page_count() > 0)


def pages(pdf: bytes | Path) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def text_of(pdf: bytes | Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_the_visit_opens_its_record_and_ctrl_s_keeps_what_is_seen(qtbot, screen, visit, tmp_path) -> None:
    screen.open_with(inspection_id=visit.id, form="inspection-record")
    ready(qtbot, screen)
    with qtbot.waitSignal(screen.notice_given):
        qtbot.keyClick(shell_with(screen), Qt.Key.Key_S, CTRL)
    kept = tmp_path / screen.printed.file_name
    assert kept.read_bytes() == screen.printed.pdf
    assert "恒" in text_of(kept)
    assert screen.printed.fingerprint[:16] in screen.context()


def lines_in_view(view: QTableView | QListWidget, line: int) -> int:
    """Whole lines that there is room for."""
    return view.viewport().height() // line


@pytest.mark.parametrize("height, forms, visits", [(614, 3, 5), (1000, 6, 5)])
def test_in_a_low_window_the_forms_leave_room_for_five_visits(
    qtbot, screen, visit, height, forms, visits
) -> None:
    shell, choice = shell_with(screen), screen.choice
    shell.resize(1092, height)
    qtbot.waitUntil(lambda: shell.height() == height)
    screen.open_with(inspection_id=visit.id, form="inspection-record")
    ready(qtbot, screen)
    assert lines_in_view(choice.forms, choice.forms.sizeHintForRow(1)) == forms
    assert lines_in_view(choice.table, choice.table.verticalHeader().defaultSectionSize()) >= visits
    screen.open_with(inspection_id=visit.id, form="interview-record")
    chosen = choice.forms.visualItemRect(choice.forms.currentItem())
    assert choice.forms.viewport().rect().contains(chosen), "the chosen form is in view"
    assert shell.height() == height


def test_while_a_file_is_made_it_says_so(qtbot, screen, visit, jobs: Jobs) -> None:
    go_on = Event()
    jobs.run(partial(go_on.wait, 60), [].append, None, screen)
    screen.open_with(inspection_id=visit.id, form="inspection-record")
    assert screen.viewer.empty.heading.text() == "正在排印"
    go_on.set()
    ready(qtbot, screen)


def test_ctrl_p_prints_every_page(qtbot, screen, visit, sheets_of_paper: Path) -> None:
    screen.open_with(inspection_id=visit.id, form="checklist")
    ready(qtbot, screen)
    assert screen.printed.pages > 1
    with qtbot.waitSignal(screen.notice_given):
        qtbot.keyClick(shell_with(screen), Qt.Key.Key_P, CTRL)
    assert pages(sheets_of_paper) == screen.printed.pages


def test_pages_and_zoom_are_turned_by_keys(qtbot, screen, visit) -> None:
    screen.open_with(inspection_id=visit.id, form="checklist")
    ready(qtbot, screen)
    view = screen.viewer.view
    qtbot.keyClick(shell_with(screen), Qt.Key.Key_PageDown)
    assert view.page() == 2
    qtbot.keyClick(shell_with(screen), Qt.Key.Key_PageUp)
    assert view.page() == 1
    before = view.zoom()
    qtbot.keyClick(shell_with(screen), Qt.Key.Key_Equal, CTRL)
    assert view.zoom() > before
    qtbot.keyClick(shell_with(screen), Qt.Key.Key_0, CTRL)
    assert view.zoom() == before


def test_a_visit_without_an_order_says_where_orders_are_made(qtbot, screen, visit) -> None:
    screen.open_with(inspection_id=visit.id, form=numbering.ORDER_FORM)
    qtbot.waitUntil(lambda: "责令改正" in screen.viewer.empty.heading.text())
    assert screen.printed is None
    assert [action.name for action in screen.screen_actions() if action.enabled] == ["batch"]


def test_of_two_orders_the_wanted_one_is_printed(qtbot, screen, visit) -> None:
    place = visit.place
    inspecting.answer(place, inspection_id=visit.id, item="2.2", verdict=Verdict.NONCONFORMING)
    numbers = {}
    for number, finding in enumerate(visit.sheet().findings, start=17):
        terms = OrderTerms(requirements="停止使用", at_once=True, confirmed_by="彭建华")
        key = enforcing.draft_order(
            place, inspection_id=visit.id, finding_keys=[finding.key], terms=terms
        ).key
        enforcing.issue_order(place, inspection_id=visit.id, key=key, number=f"第{number}号")
        numbers[key] = f"第{number}号"
    for key, number in numbers.items():
        screen.open_with(inspection_id=visit.id, form=numbering.ORDER_FORM, subject_key=key)
        assert screen.choice.subject.isVisible()
        assert screen.printed is None, "the former paper is put away before the new one is made"
        ready(qtbot, screen)
        assert number in text_of(screen.printed.pdf)


def test_a_blank_form_needs_no_visit(qtbot, laptop: Workplace, jobs: Jobs, show) -> None:
    shell = show(shell_of("printing", lambda: PrintingScreen(desk_of(laptop, jobs), Answers())))
    screen = shell.current()
    assert isinstance(screen, PrintingScreen)
    assert "空白件" in screen.viewer.empty.hint.text()
    qtbot.keyClick(shell, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    ready(qtbot, screen)
    assert screen.printed.fingerprint == ""
    assert screen.context().startswith("空白件")


def test_a_blank_checklist_carries_the_questions_of_the_chosen_type(qtbot, laptop, jobs: Jobs, show) -> None:
    shell = show(shell_of("printing", lambda: PrintingScreen(desk_of(laptop, jobs), Answers())))
    screen = shell.current()
    qtbot.keyClick(shell, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    screen.choice.choose_form("checklist")
    screen.choice.changed.emit()
    qtbot.waitUntil(lambda: screen.printed is not None and screen.printed.pages > 2)
    assert screen.choice.questions.isVisible()
    first = screen.printed
    screen.choice.questions.choose(InspectionType.SELENIUM_ORG)
    qtbot.waitUntil(lambda: screen.printed is not None and screen.printed != first)


def test_no_printer_is_said_in_the_window(qtbot, visit: Visit, jobs: Jobs, show) -> None:
    def refuse(_parent: QWidget) -> QPrinter:
        raise EnvironmentFault("ui.no_printer")

    shell = show(shell_of("printing", lambda: PrintingScreen(desk_of(visit.place, jobs), Answers(), refuse)))
    screen = shell.current()
    assert isinstance(screen, PrintingScreen)
    screen.open_with(inspection_id=visit.id, form="inspection-record")
    ready(qtbot, screen)
    screen.print_now()
    assert "没有装打印机" in shell.banner.text()


def test_leaving_the_dialogs_changes_nothing(qtbot, visit: Visit, jobs: Jobs, show) -> None:
    shell = show(
        shell_of("printing", lambda: PrintingScreen(desk_of(visit.place, jobs), Answers(), lambda _: None))
    )
    screen = shell.current()
    assert isinstance(screen, PrintingScreen)
    screen.open_with(inspection_id=visit.id, form="inspection-record")
    ready(qtbot, screen)
    screen.print_now()
    screen.save()
    assert not screen.working.isVisible()


def batch_of(qtbot, screen: PrintingScreen, **chosen: str) -> BatchForm:
    """The form of 成批打印, opened by its key, with what is chosen in its boxes."""
    qtbot.keyClick(shell_with(screen), Qt.Key.Key_B, CTRL)
    dialog = dialog_of(qtbot)
    assert isinstance(dialog, BatchForm)
    for name, word in chosen.items():
        getattr(dialog, name).choose(word)
    return dialog


def test_blank_forms_are_printed_beside_the_papers_of_the_day(qtbot, screen, visit, tmp_path) -> None:
    dialog = batch_of(qtbot, screen, what="both", forms="checklist")
    assert not dialog.questions.isVisible()
    dialog.copies.setValue(2)
    with qtbot.waitSignal(screen.notice_given) as told:
        submit(qtbot, dialog)
    assert "1 次检查、3 份文书" in told.args[0]
    (kept,) = tmp_path.glob("*-文书.pdf")
    text = text_of(kept)
    assert text.count("强制性产品认证生产企业监督检查清单") == 3
    assert str(kept) in told.args[0]


def test_blank_forms_alone_ask_no_day_and_name_a_type(qtbot, screen, visit, tmp_path) -> None:
    dialog = batch_of(qtbot, screen, what="blank", forms="checklist", questions="CMA_LAB", way="folder")
    assert not dialog.day.isVisible()
    assert not dialog.visits.isVisible()
    with qtbot.waitSignal(screen.notice_given) as told:
        submit(qtbot, dialog)
    assert told.args[0].endswith("1 份文书、14 页")
    assert "检验检测机构资质认定监督检查清单" in text_of(next(tmp_path.rglob("*.pdf")))


def test_a_batch_prints_what_was_entered_for_the_organization_of_the_day(
    qtbot, screen, visit, tmp_path
) -> None:
    (organization,) = registering.organization_ids(visit.place)
    asking.enter(
        visit.place, form="demonstration-enterprise", record_id=organization, key="reason", text="台账完整"
    )
    dialog = batch_of(qtbot, screen, forms="demonstration-enterprise")
    assert dialog.day.isVisible()
    assert not dialog.plan.isVisible()
    with qtbot.waitSignal(screen.notice_given) as told:
        submit(qtbot, dialog)
    assert told.args[0].endswith("1 份文书、1 页")
    assert "台账完整" in text_of(next(tmp_path.glob("*.pdf")))


def test_a_batch_of_plan_tables_asks_for_the_plan_and_for_no_day(qtbot, screen, visit, tmp_path) -> None:
    for year in (2025, 2026):
        plan = planning.add_plan(visit.place, title=f"{year}年认证监管", year=year).id
        planning.add_task(
            visit.place, plan_id=plan, title="有机产品抽查", inspection_type=InspectionType.ORGANIC_ORG
        )
    dialog = batch_of(qtbot, screen, forms="plan-table")
    assert dialog.plan.isVisible()
    assert not dialog.visits.isVisible()
    assert not dialog.day.isVisible()
    with qtbot.waitSignal(screen.notice_given) as told:
        submit(qtbot, dialog)
    assert told.args[0].endswith("2 份文书、2 页")
    text = text_of(next(tmp_path.glob("*.pdf")))
    assert [text.count(f"{year}年认证监管工作计划表") for year in (2025, 2026)] == [1, 1]


def test_a_batch_of_all_papers_ends_with_those_that_nobody_began(qtbot, screen, visit, tmp_path) -> None:
    dialog = batch_of(qtbot, screen)
    assert "没有填写的照预填打印" in dialog._forms_row.note.text()
    with qtbot.waitSignal(screen.notice_given) as told:
        submit(qtbot, dialog)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), LeftOutDialog))
    named = QApplication.activeModalWidget()
    assert "没有打印" in told.args[0]
    assert "《现场笔录》还没有填写：宜春袁州恒𬭎电器有限公司" in named.text().splitlines()
    qtbot.keyClick(named, Qt.Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == named.text()
    qtbot.keyClick(named, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


def test_a_batch_of_one_form_prints_it_prefilled_where_it_was_not_begun(
    qtbot, screen, visit, tmp_path
) -> None:
    dialog = batch_of(qtbot, screen, forms="on-site-record")
    assert not dialog._forms_row.note.isVisible()
    with qtbot.waitSignal(screen.notice_given) as told:
        submit(qtbot, dialog)
    assert "1 次检查、1 份文书" in told.args[0]
    assert QApplication.activeModalWidget() is None
    assert "现场笔录" in text_of(next(tmp_path.glob("*.pdf")))


def test_a_batch_keeps_nothing_else_in_the_window_waiting(qtbot, screen, visit, jobs: Jobs, tmp_path) -> None:
    go_on, asked = Event(), []
    dialog = batch_of(qtbot, screen, forms="inspection-record")
    jobs.run(partial(go_on.wait, 60), asked.append, None, screen)
    with qtbot.waitSignal(screen.notice_given) as told:
        screen._print_batch(dialog)
    dialog.reject()
    assert "1 份文书" in told.args[0]
    assert asked == [], "the store's thread was busy all the while"
    go_on.set()
    qtbot.waitUntil(lambda: asked == [True])


def test_a_batch_of_many_tells_how_far_it_is_and_stops_when_told(qtbot, screen, visit, tmp_path) -> None:
    dialog = batch_of(qtbot, screen, what="blank", forms="inspection-record")
    dialog.copies.setValue(200)
    shell, seen = shell_with(screen), []

    def follow(done: int, total: int) -> None:
        seen.append(done)
        assert total == 200
        if done >= 10:
            qtbot.keyClick(shell, Qt.Key.Key_Escape)

    with qtbot.waitSignal(screen.problem_found) as told:
        qtbot.keyClick(dialog, ENTER, CTRL)
        qtbot.waitUntil(screen.working.isVisible)
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        screen.working._ticket.progressed.connect(follow)
    assert told.args[0].problem.code == "sync.cancelled"
    assert 10 <= max(seen) < 200
    assert not screen.working.isVisible()
    assert list(tmp_path.glob("*.pdf*")) == []
    assert next(action for action in screen.screen_actions() if action.name == "batch").enabled
