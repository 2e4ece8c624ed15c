"""What visits leave behind: the most urgent first, and gone when all is closed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.services import casework, enforcing, inspecting, matters
from app.services.casework import Lead
from app.services.enforcing import OrderTerms
from app.vocabulary import DeliveryMethod, FollowUpResult, Verdict
from tests.conftest import FakeClock
from tests.services.conftest import Visit

ITEM = "3.1"
TERMS = OrderTerms(requirements="停止使用", working_days=10, confirmed_by="彭建华")


@pytest.fixture
def found(visit: Visit) -> Visit:
    """A visit with one finding that asks for an order."""
    inspecting.answer(visit.place, inspection_id=visit.id, item=ITEM, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(visit.place, inspection_id=visit.id, item=ITEM, note="实物与证书不一致")
    return visit


def ordered(visit: Visit, number: str = "袁市监责改〔2026〕17号") -> str:
    finding = visit.sheet().findings[0]
    key = enforcing.draft_order(
        visit.place, inspection_id=visit.id, finding_keys=[finding.key], terms=TERMS
    ).key
    enforcing.issue_order(visit.place, inspection_id=visit.id, key=key, number=number)
    return key


def test_a_visit_without_findings_is_no_matter(visit: Visit) -> None:
    assert matters.matter_rows(visit.place) == ()
    assert matters.matter_rows(visit.place, open_only=False) == ()


def test_a_promised_order_is_open_until_it_is_drafted_and_closed(found: Visit, clock: FakeClock) -> None:
    [row] = matters.matter_rows(found.place)
    assert (row.unordered, row.open_orders, row.due_on) == (1, 0, None)
    key = ordered(found)
    [row] = matters.matter_rows(found.place)
    assert (row.unordered, row.open_orders, row.overdue, row.working_days_left) == (0, 1, False, 10)
    clock.move(days=30)
    assert matters.matter_rows(found.place)[0].overdue
    day = found.place.today()
    enforcing.deliver_order(
        found.place, inspection_id=found.id, key=key, on=day, method=DeliveryMethod.DIRECT, received_by="王伟"
    )
    enforcing.follow_up(
        found.place, inspection_id=found.id, order_key=key, on=day, result=FollowUpResult.PASSED, note=""
    )
    assert matters.matter_rows(found.place) == ()
    [row] = matters.matter_rows(found.place, open_only=False)
    assert not row.is_open


def test_an_open_lead_keeps_a_visit_open(found: Visit) -> None:
    ordered(found)
    casework.note_lead(found.place, inspection_id=found.id, lead=Lead("3", "出厂 2 批"))
    assert matters.matter_rows(found.place)[0].open_cases == 1


def test_the_list_is_searched_by_name_and_code(found: Visit) -> None:
    assert matters.matter_rows(found.place, query="袁州恒")
    assert matters.matter_rows(found.place, query="914403")
    assert not matters.matter_rows(found.place, query="高安")


def test_overdue_comes_first(found: Visit) -> None:
    row = matters.matter_rows(found.place)[0]
    day = found.place.today()
    late = replace(row, due_on=day.replace(day=1), overdue=True, inspection_id="b")
    soon = replace(row, due_on=day, inspection_id="a")
    closed = replace(row, unordered=0, inspection_id="0")
    rows = sorted([closed, row, soon, late], key=matters.urgency)
    assert rows == [late, soon, row, closed]
