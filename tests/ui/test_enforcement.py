"""问题与处置 by its keys, on a real store: an order, a case, a notice, each to its end."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QWidget,
)
from sqlalchemy import event, select

from app.errors import BadInput, Place
from app.models.inspection import Finding
from app.services import casework, enforcing, evidence, inspecting
from app.services.workplace import Workplace
from app.ui.enforcement import screen as screen_module
from app.ui.enforcement.follow_up import FollowUpForm
from app.ui.enforcement.lines import Papers
from app.ui.enforcement.order_forms import DraftForm, cite_form
from app.ui.enforcement.screen import EnforcementScreen
from app.ui.enforcement.term import Term, last_day_text
from app.ui.jobs import Jobs
from app.ui.shell import Shell
from app.vocabulary import CaseStatus, FollowUpResult, OrderStatus, SubjectKind, Verdict
from tests.services.conftest import Visit, jpeg
from tests.ui.desks import CTRL, ENTER, Elsewhere, desk_of, dialog_of, found_visit, shell_of, submit


@pytest.fixture
def visit(laptop: Workplace) -> Visit:
    return found_visit(laptop)


@pytest.fixture
def shell(visit: Visit, jobs: Jobs, show) -> Shell:
    made = shell_of("enforcement", lambda: EnforcementScreen(desk_of(visit.place, jobs)), "printing", "visit")
    made.resize(1366, 768)
    return show(made)


@pytest.fixture
def screen(shell: Shell) -> EnforcementScreen:
    found = shell.current()
    assert isinstance(found, EnforcementScreen)
    return found


def order_of(visit: Visit) -> enforcing.OrderRow:
    [row] = enforcing.order_rows(visit.place, open_only=False, inspection_id=visit.id)
    return row


def case_of(visit: Visit) -> casework.CaseRow:
    [row] = casework.case_rows(visit.place, inspection_id=visit.id)
    return row


def field(dialog: QWidget, name: str, kind: type[QWidget] = QLineEdit) -> QWidget:
    found = dialog.findChild(kind, name)
    assert found is not None
    return found


def write(into: QWidget, text: str) -> None:
    """Put text where it is typed; Qt's key clicks know no Chinese."""
    assert into.isVisible()
    into.insertPlainText(text) if isinstance(into, QPlainTextEdit) else into.insert(text)


def next_step(qtbot, shell: Shell) -> None:
    qtbot.keyClick(shell, ENTER, CTRL)


def draft(qtbot, shell: Shell) -> DraftForm:
    next_step(qtbot, shell)
    dialog = dialog_of(qtbot)
    assert isinstance(dialog, DraftForm)
    return dialog


def test_an_order_goes_from_its_finding_to_its_end_by_one_key(qtbot, shell, screen, visit, tmp_path) -> None:
    assert [button.text() for button in shell.title_bar.buttons()][-1].startswith("拟责令改正通知书")
    dialog = draft(qtbot, shell)
    assert "实物与证书附件不一致" in dialog.requirements.text()
    field(dialog, "working_days", QSpinBox).setValue(10)
    assert dialog.term.note.text() == "从出具日起算；今天出具，期限为 2026-08-26 周三"
    submit(qtbot, dialog)
    assert order_of(visit).due_on == date(2026, 8, 26)

    next_step(qtbot, shell)
    dialog = dialog_of(qtbot)
    qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible(), "an order needs a number"
    write(field(dialog, "number"), "袁市监责改〔2026〕17号")
    submit(qtbot, dialog)
    assert order_of(visit).status is OrderStatus.ISSUED

    next_step(qtbot, shell)
    dialog = dialog_of(qtbot)
    assert field(dialog, "received_by").text() == "王伟"
    submit(qtbot, dialog)
    assert order_of(visit).status is OrderStatus.DELIVERED

    next_step(qtbot, shell)
    dialog = dialog_of(qtbot)
    assert isinstance(dialog, FollowUpForm)
    photo = tmp_path / "after.jpg"
    photo.write_bytes(jpeg())
    dialog.take_files([photo])
    submit(qtbot, dialog)
    assert order_of(visit).status is OrderStatus.CLOSED
    [picture] = evidence.rows(visit.place, inspection_id=visit.id)
    assert picture.follow_up_key
    assert screen.list.table.rows.ids() == (), "what is closed leaves the list of open matters"
    assert "已闭环" in screen.papers.card(f"order:{order_of(visit).key}").accessibleName()


def test_each_way_to_set_a_term_shows_its_last_day() -> None:
    today = date(2026, 8, 12)
    extra = enforcing.ExtraDays()
    assert last_day_text(Term(at_once=True), today, extra)[1] == "neutral"
    assert last_day_text(Term(due_on=today), today, extra)[1] == "bad"
    text, tone = last_day_text(Term(due_on=date(2026, 8, 15)), today, extra)
    assert "不上班" in text
    assert tone == "attention"
    text, tone = last_day_text(Term(working_days=200), today, extra)
    assert "节假日数据不全" in text
    assert tone == "attention"


def test_an_order_at_once_has_no_date(qtbot, shell, visit) -> None:
    dialog = draft(qtbot, shell)
    field(dialog, "term_now", QRadioButton).setChecked(True)
    submit(qtbot, dialog)
    assert order_of(visit).at_once
    assert order_of(visit).due_on is None


def test_an_order_may_be_directed_at_the_body(qtbot, shell, visit) -> None:
    dialog = draft(qtbot, shell)
    dialog.kind.choose(SubjectKind.CERTIFICATION_BODY)
    assert dialog.name.isVisible()
    assert dialog.name.text() == "中衡认证中心有限公司"
    submit(qtbot, dialog)
    assert order_of(visit).subject_name == "中衡认证中心有限公司"


def test_another_addressee_has_other_duties(qtbot, shell, visit) -> None:
    with visit.place.write("test") as work:
        for finding in work.session.scalars(select(Finding)):
            finding.provision = "ccc-rules-2022/24 accreditation-regulation-2023/26 ccc-rules-2022/38"
        work.commit()
    dialog = draft(qtbot, shell)
    assert dialog.violated.text() == "《强制性产品认证管理规定》（2022修订）第二十四条"
    dialog.kind.choose(SubjectKind.CERTIFICATION_BODY)
    assert dialog.violated.text() == "《中华人民共和国认证认可条例》（2023修订）第二十六条"
    assert dialog.basis.text() == "《中华人民共和国行政处罚法》（2021修订）第二十八条"
    dialog.violated.setPlainText("《某规定》第一条")
    dialog.kind.choose(SubjectKind.ORGANIZATION)
    assert dialog.violated.text() == "《某规定》第一条", "what somebody wrote stays"


def test_doubtful_provisions_wait_for_a_name(qtbot, laptop: Workplace, jobs: Jobs, show) -> None:
    visit = found_visit(laptop)
    items = [row for part in visit.sheet().sections for row in part.items]
    doubtful = next(
        row.id for row in items if any(each.needs_confirmation for each in (*row.references, *row.penalties))
    )
    inspecting.answer(laptop, inspection_id=visit.id, item=doubtful, verdict=Verdict.NONCONFORMING)
    findings = [row for row in visit.sheet().findings if row.item == doubtful]
    parent = show(QWidget())
    dialog = DraftForm(desk_of(laptop, jobs), visit.sheet(), findings, parent)
    dialog.open()
    dialog_of(qtbot)
    dialog.requirements.setPlainText("停止使用")
    qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible(), "nobody has confirmed the provisions yet"
    dialog.confirmed.choose("易晓燕")
    submit(qtbot, dialog)
    assert order_of(visit).confirmed_by == "易晓燕"


@pytest.fixture
def organic(visit) -> None:
    """The finding rests on a provision whose article nobody has read yet."""
    with visit.place.write("test") as work:
        for finding in work.session.scalars(select(Finding)):
            finding.penalty = "organic-rules-2022/penalties"
        work.commit()


def draft_lacking(qtbot, shell: Shell) -> None:
    """Draft the order with a name behind its provisions; the missing article does not hold it up."""
    dialog = draft(qtbot, shell)
    assert "条号待核" in dialog.basis.text()
    said = [each.text() for each in dialog.findChildren(QLabel) if each.isVisible()]
    assert any("出具前要写上条号" in each for each in said), said
    dialog.confirmed.choose("易晓燕")
    submit(qtbot, dialog)


def test_what_has_no_article_is_written_where_the_order_is_issued(qtbot, organic, shell, visit) -> None:
    draft_lacking(qtbot, shell)
    next_step(qtbot, shell)
    dialog = dialog_of(qtbot)
    assert dialog.findChild(QPlainTextEdit, "violated") is None, "only what wants an article is asked for"
    basis = field(dialog, "basis", QPlainTextEdit)
    said = [each.text() for each in dialog.findChildren(QLabel) if each.isVisible()]
    assert any("条号待核" in each and "才能出具" in each for each in said), said
    write(field(dialog, "number"), "17")
    qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible()
    assert basis.hasFocus()
    assert order_of(visit).status is OrderStatus.DRAFTED
    assert basis.textCursor().selectedText() == "（条号待核）"
    write(basis, "第三条")
    submit(qtbot, dialog)
    order = order_of(visit)
    assert (order.status, order.lacking) == (OrderStatus.ISSUED, ())
    assert order.basis == "《有机产品认证管理办法》（2022修订）罚则章第三条"


def test_a_card_says_what_a_draft_still_wants_and_t_writes_it(qtbot, organic, shell, screen, visit) -> None:
    draft_lacking(qtbot, shell)
    card = screen.papers.card(f"order:{order_of(visit).key}")
    assert "条款没有写条号" in card.accessibleName()
    card.setFocus()
    qtbot.keyClicks(card, "t")
    dialog = dialog_of(qtbot)
    field(dialog, "violated", QPlainTextEdit).setPlainText("《某规定》第一条")
    submit(qtbot, dialog)
    assert order_of(visit).violated == "《某规定》第一条", "a draft is stored while it still wants an article"
    assert order_of(visit).lacking == ("basis",)
    card = screen.papers.card(f"order:{order_of(visit).key}")
    card.setFocus()
    qtbot.keyClicks(card, "t")
    dialog = dialog_of(qtbot)
    field(dialog, "basis", QPlainTextEdit).setPlainText("《有机产品认证管理办法》第三条")
    submit(qtbot, dialog)
    assert order_of(visit).lacking == ()
    assert order_of(visit).status is OrderStatus.DRAFTED
    card = screen.papers.card(f"order:{order_of(visit).key}")
    assert "条款没有写条号" not in card.accessibleName()


def test_a_refusal_is_said_at_its_field(qtbot, organic, shell, visit) -> None:
    draft_lacking(qtbot, shell)
    dialog = cite_form(shell.current()._desk, order_of(visit), shell)
    dialog.open()
    dialog_of(qtbot)
    dialog.show_problem(
        BadInput("enforcing.no_article", Place(column="violated"), part="违反的条款", text="x")
    )
    violated = field(dialog, "violated", QPlainTextEdit)
    assert violated.hasFocus()
    said = [each.text() for each in dialog.findChildren(QLabel) if each.isVisible()]
    assert "通知书的“违反的条款”里有条款没有写条号：x" in said
    assert any("order cite" in each for each in said), "the remedy stands in the banner"
    dialog.reject()


def test_a_case_keeps_its_money_in_fen(qtbot, shell, screen, visit) -> None:
    with visit.place.write("test") as work:
        for finding in work.session.scalars(select(Finding)):
            finding.penalty = ""  # so that no amount is unusual
        work.commit()
    qtbot.keyClick(shell, Qt.Key.Key_D, CTRL)
    dialog = dialog_of(qtbot)
    assert "实物与证书附件不一致" in field(dialog, "facts", QPlainTextEdit).toPlainText()
    field(dialog, "cause", QComboBox).setCurrentIndex(2)
    submit(qtbot, dialog)

    def card():
        made = screen.papers.card(f"case:{case_of(visit).key}")
        made.setFocus()
        return made

    qtbot.keyClick(card(), ENTER)
    submit(qtbot, dialog_of(qtbot))
    assert case_of(visit).status is CaseStatus.VERIFIED

    qtbot.keyClick(card(), ENTER)
    dialog = dialog_of(qtbot)
    write(field(dialog, "number"), "袁市监立〔2026〕9号")
    write(field(dialog, "goods_value"), "1.005")
    qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible(), "a third of a 分 is no money"
    field(dialog, "goods_value").setText("12,345.67")
    submit(qtbot, dialog)
    assert case_of(visit).goods_value == 1234567

    qtbot.keyClick(card(), ENTER)
    dialog = dialog_of(qtbot)
    write(field(dialog, "fine"), "30000")
    write(field(dialog, "confiscated"), "0.5")
    submit(qtbot, dialog)
    assert (case_of(visit).fine, case_of(visit).confiscated) == (3000000, 50)

    qtbot.keyClicks(card(), "y")
    dialog = dialog_of(qtbot)
    write(field(dialog, "to"), "袁州区公安分局")
    submit(qtbot, dialog)
    assert case_of(visit).referred_to == "袁州区公安分局"

    qtbot.keyClick(card(), ENTER)
    submit(qtbot, dialog_of(qtbot))
    assert case_of(visit).status is CaseStatus.CLOSED


def test_an_unusual_fine_is_asked_about_once(qtbot, shell, screen, visit) -> None:
    place = visit.place
    with place.write("test") as work:
        for finding in work.session.scalars(select(Finding)):
            finding.penalty = "ccc-rules-2022/54"
        work.commit()
    key = casework.note_lead(place, inspection_id=visit.id, lead=casework.Lead("3", "出厂 2 批")).key
    casework.verify_lead(place, inspection_id=visit.id, key=key, on=place.today())
    casework.file_case(place, inspection_id=visit.id, key=key, number="9", on=place.today())
    screen.refresh(None)
    screen.papers.card(f"case:{key}").setFocus()
    qtbot.keyClick(screen.papers.card(f"case:{key}"), ENTER)
    dialog = dialog_of(qtbot)
    write(field(dialog, "fine"), "30000.01")
    write(field(dialog, "confiscated"), "0")
    qtbot.keyClick(dialog, ENTER, CTRL)
    said = [each.text() for each in dialog.findChildren(QLabel) if each.isVisible()]
    assert any("不在 0 元至 30000 元之间" in each for each in said), said
    assert case_of(visit).fine is None
    submit(qtbot, dialog)
    assert case_of(visit).fine == 3000001

    # It was decided before the paper had its number: N enters it.
    screen.papers.card(f"case:{key}").setFocus()
    qtbot.keyClicks(screen.papers.card(f"case:{key}"), "n")
    dialog = dialog_of(qtbot)
    write(field(dialog, "decision_number"), "袁市监罚〔2026〕3号")
    submit(qtbot, dialog)
    assert case_of(visit).decision_number == "袁市监罚〔2026〕3号"
    assert "改决定书文号" in {act.text for act in screen.papers.card(f"case:{key}").acts}


def test_a_lead_that_is_not_filed_says_why(qtbot, shell, screen, visit) -> None:
    lead = casework.Lead("3", "出厂 2 批")
    key = casework.note_lead(visit.place, inspection_id=visit.id, lead=lead).key
    casework.verify_lead(visit.place, inspection_id=visit.id, key=key, on=visit.place.today())
    screen.refresh(None)
    screen.papers.card(f"case:{key}").setFocus()
    qtbot.keyClicks(screen.papers.card(f"case:{key}"), "n")
    dialog = dialog_of(qtbot)
    write(field(dialog, "reason", QPlainTextEdit), "违法行为轻微并及时改正")
    submit(qtbot, dialog)
    assert case_of(visit).status is CaseStatus.NOT_FILED


@pytest.mark.parametrize("key", [Qt.Key.Key_B, Qt.Key.Key_R])
def test_a_notice_begins_with_the_certificates_body(qtbot, shell, visit, key) -> None:
    qtbot.keyClick(shell, key, CTRL)
    dialog = dialog_of(qtbot)
    assert field(dialog, "body_name", QComboBox).currentText() == "中衡认证中心有限公司"
    assert "2024010708696171" in field(dialog, "content", QPlainTextEdit).toPlainText()
    submit(qtbot, dialog)
    [row] = casework.notification_rows(visit.place, inspection_id=visit.id)
    assert row.body_name == "中衡认证中心有限公司"


def test_an_extension_moves_the_date(qtbot, shell, screen, visit) -> None:
    submit(qtbot, draft(qtbot, shell))
    key = order_of(visit).key
    today = visit.place.today()
    enforcing.issue_order(visit.place, inspection_id=visit.id, key=key, number="17")
    enforcing.deliver_order(
        visit.place, inspection_id=visit.id, key=key, on=today, method="direct", received_by="王伟"
    )
    screen.refresh(None)
    next_step(qtbot, shell)
    dialog = dialog_of(qtbot)
    dialog.outcome.choose(FollowUpResult.EXTENDED)
    qtbot.keyClick(dialog, ENTER, CTRL)
    assert dialog.isVisible(), "an extension says what was seen"
    dialog.note.setPlainText("已订购新部件")
    dialog.new_due_on.set_day(date(2026, 10, 9))
    submit(qtbot, dialog)
    assert order_of(visit).status is OrderStatus.EXTENDED
    assert order_of(visit).due_on == date(2026, 10, 9)


def test_what_is_no_picture_is_refused_at_once(qtbot, shell, screen, visit, tmp_path: Path) -> None:
    submit(qtbot, draft(qtbot, shell))
    parent = shell
    dialog = FollowUpForm(desk_of(visit.place, screen._desk.jobs), order_of(visit), (), parent)
    dialog.open()
    text = tmp_path / "说明.jpg"
    text.write_text("not a picture", "utf8")
    dialog.take_files([text, tmp_path / "missing.jpg"])
    qtbot.waitUntil(lambda: dialog.after.ids() == [])
    assert dialog.banner.isVisible()
    dialog.reject()


def test_without_a_ticked_finding_nothing_is_drafted(qtbot, shell, screen, visit) -> None:
    screen.papers.cards[0].setFocus()
    qtbot.keyClick(screen.papers.cards[0], Qt.Key.Key_Space)
    qtbot.keyClick(shell, Qt.Key.Key_N, CTRL)
    assert "没有选择" in shell.banner.text()
    assert not enforcing.order_rows(visit.place, open_only=False)


def test_a_row_is_printed_by_its_key(qtbot, shell, screen, visit) -> None:
    submit(qtbot, draft(qtbot, shell))
    card = screen.papers.card(f"order:{order_of(visit).key}")
    card.setFocus()
    qtbot.keyClicks(card, "p")
    printing = shell.current()
    assert isinstance(printing, Elsewhere)
    assert printing.asked == {
        "inspection_id": visit.id, "form": "rectification-order", "subject_key": order_of(visit).key,
    }  # fmt: skip


def test_cards_are_walked_by_the_arrows(qtbot, shell, screen, visit) -> None:
    submit(qtbot, draft(qtbot, shell))
    qtbot.keyClick(screen.list.table, ENTER)
    assert screen.papers.cards[0].hasFocus()
    qtbot.keyClick(screen.papers.cards[0], Qt.Key.Key_Down)
    assert screen.papers.cards[1].hasFocus()
    qtbot.keyClick(screen.papers.cards[1], Qt.Key.Key_Up)
    assert screen.papers.cards[0].hasFocus()


def test_an_empty_home_tells_the_next_step(qtbot, laptop: Workplace, jobs: Jobs, show) -> None:
    shell = show(shell_of("enforcement", lambda: EnforcementScreen(desk_of(laptop, jobs))))
    screen = shell.current()
    assert isinstance(screen, EnforcementScreen)
    assert screen.list.empty.isVisible()
    assert "不符合" in screen.list.empty.hint.text()
    assert [action.name for action in screen.screen_actions()] == ["export_calendar"]
    assert not screen.empty.isVisible(), "nothing is there to be chosen"


def test_the_visit_opens_its_finding(qtbot, shell, screen, visit) -> None:
    [finding] = visit.sheet().findings
    screen.papers.cards[0].tick.setChecked(False)
    shell.open("visit")
    shell.open("enforcement", inspection_id=visit.id, finding_key=finding.key)
    card = screen.papers.card(f"finding:{finding.key}")
    assert card.hasFocus()
    assert card.is_chosen()


def test_another_screen_may_open_a_visit_that_is_closed(qtbot, shell, screen, visit) -> None:
    screen.list.search.setText("不存在的企业")
    screen.refresh(None)
    screen.open_with(inspection_id=visit.id)
    assert screen.title() == visit.sheet().header.subject_name
    assert screen.list.table.current_id() == visit.id


def test_an_office_has_no_visit_to_open(office: Workplace, jobs: Jobs, show) -> None:
    visit = found_visit(office)
    shell = show(shell_of("enforcement", lambda: EnforcementScreen(desk_of(office, jobs)), "printing"))
    screen = shell.current()
    assert isinstance(screen, EnforcementScreen)
    screen.open_with(inspection_id=visit.id)
    assert [action.name for action in screen.screen_actions()] == [
        "papers", "print", "export_calendar", "next_step",
    ]  # fmt: skip


@pytest.fixture
def two(laptop: Workplace, jobs: Jobs, show, qtbot) -> tuple[Shell, tuple[str, str]]:
    """Two visits in the list, the first one chosen."""
    for _ in range(2):
        found_visit(laptop)
    shell = show(
        shell_of("enforcement", lambda: EnforcementScreen(desk_of(laptop, jobs)), "printing", "visit")
    )
    screen = shell.current()
    qtbot.waitUntil(lambda: not jobs.is_busy())
    first, second = screen.list.table.rows.ids()
    assert screen.where() == {"inspection_id": first}
    return shell, (first, second)


def test_a_visit_chosen_in_the_list_is_read_beside_the_window(qtbot, laptop: Workplace, two) -> None:
    shell, (_, second) = two
    screen, readers = shell.current(), set()

    def note(*_: object) -> None:
        readers.add(threading.current_thread())

    event.listen(laptop.store.engine, "before_cursor_execute", note)
    qtbot.keyClick(screen.list.table, Qt.Key.Key_Down)
    assert screen.where() == {"inspection_id": second}, "chosen, though not read yet"
    qtbot.waitUntil(lambda: screen._papers.sheet.header.id == second)
    event.remove(laptop.store.engine, "before_cursor_execute", note)
    assert readers
    assert threading.main_thread() not in readers


def test_a_visit_named_by_another_screen_is_read_once_and_the_one_before_not_again(
    laptop: Workplace, two, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, (_, second) = two
    screen, read = shell.current(), []
    reading = screen_module._read

    def note(place: Workplace, inspection_id: str) -> Papers:
        if threading.current_thread() is threading.main_thread():
            read.append(inspection_id)
        return reading(place, inspection_id)

    monkeypatch.setattr(screen_module, "_read", note)
    screen.list.tabs.setCurrentIndex(screen_module.DUE)
    screen.open_with(inspection_id=second)
    assert read == [second]
    assert (screen.where(), screen.list.table.current_id()) == ({"inspection_id": second}, second)


def test_a_step_right_behind_the_choice_is_about_the_visit_that_was_chosen(
    qtbot, laptop: Workplace, two
) -> None:
    shell, (_, second) = two
    qtbot.keyClick(shell.current().list.table, Qt.Key.Key_Down)
    submit(qtbot, draft(qtbot, shell))
    [row] = enforcing.order_rows(laptop, open_only=False)
    assert row.inspection_id == second


def test_a_button_of_the_visit_before_does_nothing_to_the_one_just_chosen(
    qtbot, laptop: Workplace, two
) -> None:
    shell, (first, second) = two
    submit(qtbot, draft(qtbot, shell))
    [order] = enforcing.order_rows(laptop, open_only=False)
    screen = shell.current()
    screen.list.table.choose(first)
    screen._settle()
    screen.list.table.choose(second)
    screen.ask("issue", order.key)
    assert QApplication.activeModalWidget() is None
    assert screen._papers.sheet.header.id == second
    screen.list.table.choose(first)
    qtbot.keyClick(screen.list.table, ENTER)
    assert screen.papers.cards[0].hasFocus()
    assert screen._papers.sheet.header.id == first
