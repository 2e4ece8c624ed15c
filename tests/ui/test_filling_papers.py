"""Filling a paper in by keys: typed values are in the record, faults stand at their field, then it is issued."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu

from app.services import casework, papers
from app.services.workplace import Workplace
from app.ui.enforcement.screen import EnforcementScreen
from app.ui.jobs import Jobs
from app.ui.paper.entry_rows import RowsBlock
from app.ui.paper.screen import PrintingScreen
from app.ui.shell import Shell
from app.vocabulary import PaperStatus
from tests.forms.filling import rich_visit
from tests.services.conftest import Visit
from tests.services.talks import put_form
from tests.ui.desks import CTRL, ENTER, Answers, desk_of, dialog_of, found_visit, shell_of, submit

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def visit(laptop: Workplace) -> Visit:
    put_form(laptop)
    return found_visit(laptop)


@pytest.fixture
def screen(visit: Visit, jobs: Jobs, show, tmp_path: Path) -> PrintingScreen:
    desk = desk_of(visit.place, jobs)
    shell = show(shell_of("printing", lambda: PrintingScreen(desk, Answers(tmp_path))))
    found = shell.current()
    assert isinstance(found, PrintingScreen)
    found.open_with(inspection_id=visit.id, form="talk", fill=True)
    return found


def shell_with(screen: PrintingScreen) -> Shell:
    window = screen.window()
    assert isinstance(window, Shell)
    return window


def kept(visit: Visit) -> dict[str, object]:
    (row,) = papers.paper_rows(visit.place, inspection_id=visit.id)
    shown = papers.paper_sheet(visit.place, inspection_id=visit.id, paper=row.key)
    return {
        each.entry.id: [[cell.kept for cell in line.cells] for line in each.rows] or each.field.kept
        for each in shown.entries
    }


def write(qtbot, screen: PrintingScreen, key: str, text: str) -> None:
    field = screen.filling.page.field(key)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_A, CTRL)
    qtbot.keyClicks(field, text)


def test_one_key_opens_the_page_with_what_is_known_and_enter_goes_on(qtbot, screen, visit) -> None:
    page = screen.filling.page
    assert page.field("person").text() == "王伟"
    assert page.field("started").text() == "2026-08-12 09:30"
    write(qtbot, screen, "person", "Li Fang")
    qtbot.keyClick(page.field("person"), ENTER)
    assert kept(visit)["person"] == "Li Fang"
    assert page.field("started").hasFocus()
    # The next field is stored when the typing pauses, without any further key.
    write(qtbot, screen, "value", "12.5")
    qtbot.waitUntil(lambda: kept(visit)["value"] == "1250")


def test_what_is_no_date_is_said_at_its_field_and_the_rest_goes_on(qtbot, screen, visit) -> None:
    page = screen.filling.page
    write(qtbot, screen, "started", "yesterday")
    qtbot.keyClick(page.field("started"), ENTER)
    assert "不是时间" in page.problem_of("started")
    assert page.field("started").text() == "yesterday"
    assert kept(visit)["started"] == "2026-08-12 09:30"
    write(qtbot, screen, "started", "2026-8-12 11:00")
    qtbot.keyClick(page.field("started"), ENTER)
    assert page.problem_of("started") == ""
    assert kept(visit)["started"] == "2026-08-12 11:00"


class StyleCount(QObject):
    """Counts how often each field of text is given a style anew."""

    def __init__(self) -> None:
        super().__init__()
        self.times: Counter[str] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange and isinstance(watched, QLineEdit):
            self.times[watched.objectName()] += 1
        return False


def test_no_field_of_a_page_is_given_its_style_twice(qtbot, screen, visit, qapp: QApplication) -> None:
    count = StyleCount()
    qapp.installEventFilter(count)
    try:
        screen.begin()
    finally:
        qapp.removeEventFilter(count)
    assert screen.filling.page.field("person").isVisible()
    assert max(count.times.values(), default=0) <= 1, "a page that is moved when it is made has it twice"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The papers that were read from the store, each as often as it was."""
    keys: list[str] = []
    real = papers.paper_sheet

    def paper_sheet(place: Workplace, *, inspection_id: str, paper: str) -> papers.PaperSheet:
        keys.append(paper)
        return real(place, inspection_id=inspection_id, paper=paper)

    monkeypatch.setattr(papers, "paper_sheet", paper_sheet)
    return keys


def test_a_paper_is_read_once_for_what_was_stored_in_it(qtbot, screen, visit, read: list[str]) -> None:
    told: list[object] = []
    shell_with(screen).heard.connect(told.append)
    write(qtbot, screen, "person", "Li Fang")
    qtbot.keyClick(screen.filling.page.field("person"), ENTER)
    assert kept(visit)["person"] == "Li Fang"
    assert len(told) == 1
    assert len(read) == 1 + 1, "the page once, and this test itself"


def test_a_paper_that_is_begun_is_read_once(screen, visit, read: list[str]) -> None:
    screen.begin()
    assert len(read) == 1
    assert len(papers.paper_rows(visit.place, inspection_id=visit.id)) == 2


def test_what_another_screen_stores_in_a_paper_is_read_again(screen, visit) -> None:
    (row,) = papers.paper_rows(visit.place, inspection_id=visit.id)
    here = {"inspection_id": visit.id, "paper": row.key}
    changes = papers.set_field(visit.place, **here, name="person", value="Li Fang")
    shell_with(screen).broadcast(changes)
    assert screen.filling.page.field("person").text() == "Li Fang"


def test_a_choice_asks_what_belongs_to_it(qtbot, screen, visit) -> None:
    way = screen.filling.page.field("way")
    way.setFocus()
    for _ in range(3):
        qtbot.keyClick(way, Qt.Key.Key_Down)
    assert kept(visit)["way"] == "video"
    assert screen.filling.page.field("link").isVisible()
    assert "会议号" in screen.filling.lacking.text()


def test_rows_are_added_moved_and_taken_out_by_keys(qtbot, screen, visit) -> None:
    page = screen.filling.page
    page.focus_field("officers.p1.name")
    qtbot.keyClick(page.field("officers.p1.name"), Qt.Key.Key_Down, ALT)
    assert kept(visit)["officers"] == [["易晓燕"], ["彭建华"]]
    qtbot.keyClick(page.field("officers.p1.name"), Qt.Key.Key_Delete, ALT)
    assert kept(visit)["officers"] == [["易晓燕"]]
    button = screen.findChild(object, "add_talk")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Insert)
    field = QApplication.focusWidget()
    assert field.objectName().endswith(".question")
    qtbot.keyClicks(field, "Where?")
    qtbot.keyClick(field, Qt.Key.Key_Insert)
    assert [row[0] for row in kept(visit)["talk"]] == ["Where?", ""]


def test_rows_that_stay_keep_their_fields_and_tab_follows_the_rows(qtbot, screen, visit) -> None:
    page = screen.filling.page
    names = [page.field(f"officers.{row}.name") for row in ("p1", "p2")]
    person = page.field("person")
    page.focus_field("officers.p1.name")
    qtbot.keyClick(names[0], Qt.Key.Key_Down, ALT)
    qtbot.keyClick(names[0], Qt.Key.Key_Insert)
    added = QApplication.focusWidget()
    assert [page.field(f"officers.{row}.name") for row in ("p1", "p2")] == names
    assert page.field("person") is person
    assert added.isVisible()
    tops = [each.mapTo(page, QPoint()).y() for each in (names[1], names[0], added)]
    assert tops == sorted(tops)
    names[1].setFocus()
    stops = [names[1]]
    for _ in range(2):
        qtbot.keyClick(stops[-1], Qt.Key.Key_Tab)
        stops.append(QApplication.focusWidget())
    assert stops == [names[1], names[0], added]
    block = page.findChild(RowsBlock, "officers")
    assert [caption.text() for caption, _ in block._numbers.values()] == ["2", "1", "3"]


def test_it_is_issued_only_when_nothing_is_missing_and_shows_its_number(qtbot, screen, visit) -> None:
    shell = shell_with(screen)
    write(qtbot, screen, "person", " ")
    qtbot.keyClick(shell, ENTER, CTRL)
    assert screen.filling.page.field("person").hasFocus()
    write(qtbot, screen, "person", "Li Fang")
    qtbot.keyClick(shell, ENTER, CTRL)
    dialog = dialog_of(qtbot)
    number = dialog.findChild(object, "number")
    number.setText("袁市监约〔2026〕1号")
    submit(qtbot, dialog)
    (row,) = papers.paper_rows(visit.place, inspection_id=visit.id)
    assert (row.status, row.number) == (PaperStatus.ISSUED, "袁市监约〔2026〕1号")
    qtbot.waitUntil(lambda: screen.printed is not None)
    with pypdfium2.PdfDocument(screen.printed.pdf) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Li Fang" in text
    assert "草稿" not in text


def test_a_cell_that_is_missing_in_a_row_is_gone_to(qtbot, screen, visit) -> None:
    button = screen.findChild(object, "add_talk")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Insert)
    question = QApplication.focusWidget().objectName()
    write(qtbot, screen, question.replace(".question", ".answer"), "Here")
    qtbot.keyClick(shell_with(screen), ENTER, CTRL)
    assert QApplication.focusWidget().objectName() == question
    (row,) = papers.paper_rows(visit.place, inspection_id=visit.id)
    assert row.status is PaperStatus.DRAFTED


def test_a_citation_without_its_article_is_shown_at_its_field_and_not_issued(qtbot, screen, visit) -> None:
    shell = shell_with(screen)
    page = screen.filling.page
    content = page.field("content")
    content.setFocus()
    content.insertPlainText("依据《某办法》罚则章（条号待核），提出告诫。")
    page.field("person").setFocus()
    qtbot.keyClick(shell, ENTER, CTRL)
    assert page.field("content").hasFocus()
    said = [each.text() for each in page.findChildren(QLabel) if each.isVisible()]
    assert any("换成条号" in each for each in said), said
    (row,) = papers.paper_rows(visit.place, inspection_id=visit.id)
    assert row.status is PaperStatus.DRAFTED
    content.setPlainText("依据《某办法》第三条，提出告诫。")
    qtbot.keyClick(shell, ENTER, CTRL)
    dialog = dialog_of(qtbot)
    dialog.findChild(object, "number").setText("1")
    submit(qtbot, dialog)
    (row,) = papers.paper_rows(visit.place, inspection_id=visit.id)
    assert row.status is PaperStatus.ISSUED


def test_f2_turns_between_filling_in_and_the_file(qtbot, screen, visit) -> None:
    shell = shell_with(screen)
    write(qtbot, screen, "person", "Li Fang")
    qtbot.keyClick(shell, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: screen.printed is not None)
    assert kept(visit)["person"] == "Li Fang"
    assert screen.viewer.isVisible()
    qtbot.keyClick(shell, Qt.Key.Key_F2)
    assert screen.filling.page.field("person").isVisible()


def test_a_day_s_papers_are_written_into_one_file(qtbot, screen, visit, tmp_path) -> None:
    qtbot.keyClick(shell_with(screen), Qt.Key.Key_B, CTRL)
    dialog = dialog_of(qtbot)
    with qtbot.waitSignal(screen.notice_given, timeout=20_000) as told:
        qtbot.keyClick(dialog, ENTER, CTRL)
    assert "1 次检查" in told.args[0]
    (made,) = tmp_path.glob("*文书.pdf")
    with pypdfium2.PdfDocument(made) as document:
        assert f"{len(document)} 页" in told.args[0]


def test_the_fitting_papers_are_one_key_away(qtbot, visit, jobs, show) -> None:
    desk = desk_of(visit.place, jobs)
    shell = show(shell_of("enforcement", lambda: EnforcementScreen(desk), "printing"))
    screen = shell.current()
    assert isinstance(screen, EnforcementScreen)
    screen.open_with(inspection_id=visit.id)
    screen.papers.focus_first()
    asked = []
    screen.open_requested.connect(lambda key, arguments: asked.append((key, arguments)))
    qtbot.keyClick(screen.papers.cards[0], Qt.Key.Key_W)
    menu = screen.findChild(QMenu, "fitting")
    titles = [action.text().split("  ")[-1] for action in menu.actions()]
    assert "约谈记录" in titles
    for _ in range(titles.index("约谈记录")):
        qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, ENTER)
    ((key, arguments),) = asked
    assert (key, arguments["form"], arguments["fill"]) == ("printing", "talk", True)


def test_a_receipt_is_one_key_away_from_what_it_serves(qtbot, laptop, jobs, show) -> None:
    visit = rich_visit(laptop)
    (notice,) = casework.notification_rows(laptop, inspection_id=visit.id)
    shell = show(shell_of("enforcement", lambda: EnforcementScreen(desk_of(laptop, jobs)), "printing"))
    screen = shell.current()
    screen.open_with(inspection_id=visit.id)
    asked = []
    screen.open_requested.connect(lambda _key, arguments: asked.append(arguments))
    qtbot.keyClick(screen.papers.card(f"notice:{notice.key}"), Qt.Key.Key_W)
    menu = screen.findChild(QMenu, "fitting")
    titles = [action.text().split("  ")[-1] for action in menu.actions()]
    assert titles[-1] == "送达回证（向认证机构通报函 袁函〔2026〕2号）"
    for _ in titles[:-1]:
        qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, ENTER)
    (arguments,) = asked
    assert (arguments["form"], arguments["subject_key"]) == ("service-receipt", f"notification:{notice.key}")


def printing(place: Workplace, jobs: Jobs, show, folder: Path) -> PrintingScreen:
    """The screen in a window of its own, as after the next start."""
    shell = show(shell_of("printing", lambda: PrintingScreen(desk_of(place, jobs), Answers(folder))))
    found = shell.current()
    assert isinstance(found, PrintingScreen)
    return found


def test_a_faulty_value_is_there_again_after_another_form_and_after_a_start(
    qtbot, screen, visit, jobs, show, tmp_path
) -> None:
    (row,) = papers.paper_rows(visit.place, inspection_id=visit.id)
    write(qtbot, screen, "started", "yesterday")
    screen.open_with(inspection_id=visit.id, form="inspection-record")
    screen.open_with(inspection_id=visit.id, form="talk", fill=True, paper=row.key)
    assert screen.filling.page.field("started").text() == "yesterday"
    assert "不是时间" in screen.filling.page.problem_of("started")
    assert shell_with(screen).close()

    again = printing(visit.place, jobs, show, tmp_path)
    again.open_with(inspection_id=visit.id, form="talk", fill=True, paper=row.key)
    page = again.filling.page
    assert (page.field("started").text(), page.faulty()) == ("yesterday", "started")
    qtbot.keyClick(shell_with(again), ENTER, CTRL)
    assert page.field("started").hasFocus(), "a paper is not issued over a faulty value"
    write(qtbot, again, "started", "2026-8-12 11:00")
    qtbot.keyClick(page.field("started"), ENTER)
    assert (page.faulty(), again.filling.filling.refused()) == ("", {})
    assert kept(visit)["started"] == "2026-08-12 11:00"


def test_what_a_form_about_an_organization_was_given_is_there_after_a_start(
    qtbot, visit, jobs, show, tmp_path
) -> None:
    def opened() -> PrintingScreen:
        screen = printing(visit.place, jobs, show, tmp_path)
        screen.open_with(inspection_id=visit.id, form="demonstration-enterprise", fill=True)
        return screen

    screen = opened()
    key = next(
        each.entry.id for each in screen.filling.filling.read()[0] if each.entry.kind == "text"
    )  # fmt: skip
    write(qtbot, screen, key, "Typed before the end")
    assert shell_with(screen).close()
    again = opened()
    assert again.filling.page.field(key).text() == "Typed before the end"
