"""问题与处置: the day that an order counts from is told, and a day to come is refused at its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from app.services import enforcing
from app.services.enforcing import OrderTerms
from app.services.workplace import Workplace
from app.ui.enforcement.lines import order_term
from app.ui.enforcement.screen import EnforcementScreen
from app.ui.jobs import Jobs
from app.ui.shell import Shell
from app.ui.steps import StepDialog
from app.ui.widgets import DateField
from app.vocabulary import OrderStatus
from tests.conftest import FakeClock
from tests.services.conftest import Visit
from tests.ui.desks import CTRL, ENTER, desk_of, dialog_of, found_visit, shell_of, submit


@pytest.fixture
def visit(laptop: Workplace) -> Visit:
    """A visit of Wednesday 12 August 2026 with a draft of five working days."""
    made = found_visit(laptop)
    keys = [row.key for row in made.sheet().findings]
    written = {
        "violated": "《强制性产品认证管理规定》第三十二条",
        "basis": "《强制性产品认证管理规定》第五十五条",
    }
    terms = OrderTerms("补齐台账", working_days=5, confirmed_by="彭建华", **written)
    enforcing.draft_order(laptop, inspection_id=made.id, finding_keys=keys, terms=terms)
    return made


@pytest.fixture
def shell(visit: Visit, jobs: Jobs, show) -> Shell:
    made = shell_of("enforcement", lambda: EnforcementScreen(desk_of(visit.place, jobs)), "printing", "visit")
    made.resize(1366, 768)
    return show(made)


def order_of(visit: Visit) -> enforcing.OrderRow:
    [row] = enforcing.order_rows(visit.place, open_only=False, inspection_id=visit.id)
    return row


def notes(dialog: StepDialog) -> list[str]:
    return [each.text() for each in dialog.findChildren(QLabel) if each.isVisible()]


def choose(qtbot, dialog: StepDialog, typed: str) -> DateField:
    """Type a day over the one in the field of the day, as a person does."""
    field = dialog.findChild(DateField, "on")
    assert field is not None
    field.edit.setFocus()
    field.edit.setSelectedSection(field.edit.Section.YearSection)
    qtbot.keyClicks(field.edit, typed)
    return field


def issuing(qtbot, shell: Shell) -> StepDialog:
    qtbot.keyClick(shell, ENTER, CTRL)
    dialog = dialog_of(qtbot)
    number = dialog.findChild(QLineEdit, "number")
    number.clear()
    number.insert("袁市监责改〔2026〕17号")
    return dialog


def test_the_card_and_the_dialog_say_from_which_day_it_counts(
    qtbot, shell: Shell, visit: Visit, clock: FakeClock
) -> None:
    screen = shell.current()
    assert isinstance(screen, EnforcementScreen)
    card = screen.papers.card(f"order:{order_of(visit).key}")
    said = "期限 5 个工作日，暂从拟稿日 2026-08-12 起算；出具时从出具日重新起算"
    assert said in [each.text() for each in card.findChildren(QLabel)]
    clock.move(days=5)
    dialog = issuing(qtbot, shell)
    assert "期限 5 个工作日，从这一天起算，到 2026-08-24 周一" in notes(dialog)
    field = choose(qtbot, dialog, "20260814")
    assert field.day() == date(2026, 8, 14)
    assert "期限 5 个工作日，从这一天起算，到 2026-08-21 周五" in notes(dialog)
    submit(qtbot, dialog)
    assert (order_of(visit).issued_on, order_of(visit).due_on) == (date(2026, 8, 14), date(2026, 8, 21))
    card = screen.papers.card(f"order:{order_of(visit).key}")
    said = "期限 5 个工作日，从出具日 2026-08-14 起算"
    assert said in [each.text() for each in card.findChildren(QLabel)]


def test_a_day_to_come_is_refused_at_its_field(qtbot, shell: Shell, visit: Visit) -> None:
    dialog = issuing(qtbot, shell)
    field = choose(qtbot, dialog, "20270812")
    qtbot.keyClick(dialog, ENTER, CTRL)
    said = "日期 2027-08-12 还没有到，今天是 2026-08-12"
    qtbot.waitUntil(lambda: said in notes(dialog))
    assert field.property("wrong")
    assert order_of(visit).status is OrderStatus.DRAFTED
    choose(qtbot, dialog, "20260812")
    submit(qtbot, dialog)
    assert order_of(visit).status is OrderStatus.ISSUED


def test_a_service_before_its_order_is_refused_at_its_field(qtbot, shell: Shell, visit: Visit) -> None:
    submit(qtbot, issuing(qtbot, shell))
    qtbot.keyClick(shell, ENTER, CTRL)
    dialog = dialog_of(qtbot)
    field = choose(qtbot, dialog, "20260811")
    qtbot.keyClick(dialog, ENTER, CTRL)
    qtbot.waitUntil(lambda: "日期 2026-08-11 早于前一步的 2026-08-12" in notes(dialog))
    assert field.property("wrong")
    assert order_of(visit).delivered_on is None


def test_what_is_no_count_says_nothing_of_counting(visit: Visit) -> None:
    row = order_of(visit)
    assert order_term(replace(row, counted_from=None, due_on=date(2026, 9, 1))) == ""
    # An order of an earlier version ran from its drafting.
    old = replace(row, issued_on=date(2026, 8, 17), counted_from=date(2026, 8, 12))
    assert order_term(old) == "期限 5 个工作日，从拟稿日 2026-08-12 起算"
