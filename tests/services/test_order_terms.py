"""Which day an order's working days run from, and that nothing is said to have been done on a day to come."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from app.errors import BadInput
from app.models.enforcement import RectificationOrder
from app.planning.workdays import NO_EXTRA, ExtraDays
from app.services import casework, enforcing, inspecting, issuing
from app.services.casework import Lead, Notice
from app.services.enforcing import OrderTerms
from app.services.order_terms import counted_from
from app.vocabulary import DeliveryMethod, FollowUpResult, OrderStatus, ReferralKind, Verdict
from app.wording import sentence
from tests.services.conftest import DUTIES, Visit, add_target


def printed(visit: Visit) -> str:
    """The text of the order's paper without white space."""
    made = issuing.print_form(visit.place, form="rectification-order", inspection_id=visit.id)
    with pypdfium2.PdfDocument(made.pdf) as document:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


MORE = {"method": DeliveryMethod.DIRECT, "received_by": "王伟"}


def drafted(visit: Visit, **terms: object) -> dict[str, str]:
    """A draft of Wednesday 12 August 2026; its key and its visit's."""
    item = visit.sheet().sections[0].items[0].id
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(visit.place, inspection_id=visit.id, item=item, note="台账缺三页")
    keys = [visit.sheet().findings[0].key]
    said = OrderTerms(**{"requirements": "补齐台账", "confirmed_by": "彭建华", **terms})
    made = enforcing.draft_order(visit.place, inspection_id=visit.id, finding_keys=keys, terms=said)
    return {"inspection_id": visit.id, "key": made.key}


def row(visit: Visit) -> enforcing.OrderRow:
    [found] = enforcing.order_rows(visit.place, open_only=False)
    return found


def test_working_days_run_from_the_day_of_issue(visit, clock):
    where = drafted(visit, working_days=5)
    # Counted from Wednesday the 12th: 13, 14, then 17, 18, 19.
    assert (row(visit).due_on, row(visit).counted_from) == (date(2026, 8, 19), date(2026, 8, 12))
    clock.move(days=5)
    enforcing.issue_order(visit.place, **where, number="17")
    # Counted from Monday the 17th: 18, 19, 20, 21, then Monday the 24th.
    assert (row(visit).due_on, row(visit).counted_from) == (date(2026, 8, 24), date(2026, 8, 17))
    clock.move(days=1)
    enforcing.deliver_order(visit.place, **where, on=date(2026, 8, 18), **MORE)
    assert row(visit).due_on == date(2026, 8, 24), "the paper that was served says this day"


def test_a_draft_whose_own_days_are_over_can_still_be_issued(visit, clock):
    where = drafted(visit, working_days=5)
    clock.move(days=30)
    enforcing.issue_order(visit.place, **where, number="17")
    assert (row(visit).issued_on, row(visit).due_on) == (date(2026, 9, 11), date(2026, 9, 18))


def test_a_date_that_was_entered_binds_whenever_the_order_is_issued(visit, clock):
    where = drafted(visit, due_on=date(2026, 8, 20))
    clock.move(days=5)
    enforcing.issue_order(visit.place, **where, number="17")
    assert (row(visit).due_on, row(visit).counted_from) == (date(2026, 8, 20), None)


def test_an_extension_is_no_count(visit, clock):
    where = drafted(visit, working_days=5)
    enforcing.issue_order(visit.place, **where, number="17")
    enforcing.deliver_order(visit.place, **where, on=date(2026, 8, 12), **MORE)
    clock.move(days=7)
    enforcing.follow_up(
        visit.place, inspection_id=visit.id, order_key=where["key"], on=date(2026, 8, 19),
        result=FollowUpResult.EXTENDED, note="供货方延误", new_due_on=date(2026, 9, 10),
    )  # fmt: skip
    assert (row(visit).due_on, row(visit).counted_from) == (date(2026, 9, 10), None)


def order_of(**values: object) -> RectificationOrder:
    return RectificationOrder(**{"drafted_on": date(2026, 8, 12), "issued_on": date(2026, 8, 17), **values})


@pytest.mark.parametrize(
    "due, days, extra, expected",
    [
        (date(2026, 8, 24), 5, NO_EXTRA, date(2026, 8, 17)),
        # An order of an earlier version, counted from drafting.
        (date(2026, 8, 19), 5, NO_EXTRA, date(2026, 8, 12)),
        (date(2026, 8, 25), 5, ExtraDays(frozenset({date(2026, 8, 20)})), date(2026, 8, 17)),
        (date(2026, 8, 25), 5, NO_EXTRA, None),
        (date(2026, 8, 23), 4, NO_EXTRA, None),  # a Sunday ends no count
        (None, 5, NO_EXTRA, None),
        (date(2026, 8, 24), None, NO_EXTRA, None),
        (date.max, 10**9, NO_EXTRA, None),
        (date(2026, 8, 17), 0, NO_EXTRA, None),
    ],
)
def test_the_day_of_counting_is_told_only_where_it_gives_the_deadline(due, days, extra, expected):
    assert counted_from(order_of(due_on=due, working_days=days), extra) == expected


def test_an_order_from_elsewhere_with_a_day_at_the_end_of_time_is_listed_all_the_same():
    assert counted_from(order_of(due_on=date.max, issued_on=date.max, working_days=3), NO_EXTRA) is None


def test_the_paper_says_from_which_day_it_counts(visit, clock):
    where = drafted(visit, working_days=5)
    assert "个工作日" not in printed(visit)
    enforcing.issue_order(visit.place, **where, number="17")
    assert "于2026年8月19日前改正（自2026年8月12日起5个工作日，当日不计）。" in printed(visit)


def test_an_order_until_a_date_counts_nothing_on_paper(visit):
    where = drafted(visit, due_on=date(2026, 8, 20))
    enforcing.issue_order(visit.place, **where, number="17")
    assert "于2026年8月20日前改正。" in printed(visit)


AHEAD = date(2026, 8, 13)
"""Tomorrow, by the fixtures' clock."""


def test_no_step_of_an_order_is_noted_before_its_day(visit):
    where = drafted(visit, working_days=5)
    with pytest.raises(BadInput, match=r"enforcing\.in_future") as refused:
        enforcing.issue_order(visit.place, **where, number="17", issued_on=AHEAD)
    assert refused.value.problem.where.column == "on"
    said = sentence(refused.value)
    assert said.message == "日期 2026-08-13 还没有到，今天是 2026-08-12"
    assert (row(visit).status, row(visit).number) == (OrderStatus.DRAFTED, "")
    enforcing.issue_order(visit.place, **where, number="17")
    with pytest.raises(BadInput, match=r"enforcing\.in_future"):
        enforcing.deliver_order(visit.place, **where, on=date(2027, 8, 12), **MORE)
    assert row(visit).delivered_on is None
    enforcing.deliver_order(visit.place, **where, on=date(2026, 8, 12), **MORE)
    with pytest.raises(BadInput, match=r"enforcing\.in_future"):
        enforcing.follow_up(visit.place, inspection_id=visit.id, order_key=where["key"], on=AHEAD,
                            result=FollowUpResult.PASSED, note="已补齐")  # fmt: skip
    assert enforcing.follow_up_rows(visit.place, inspection_id=visit.id) == ()


def test_today_ends_with_the_day_in_china_wherever_the_machine_stands(visit, clock):
    where = drafted(visit, working_days=5)
    clock.move(hours=15)  # half past midnight of the 13th in China, still the 12th in UTC
    enforcing.issue_order(visit.place, **where, number="17", issued_on=AHEAD)
    assert row(visit).issued_on == AHEAD


def test_no_step_of_a_case_is_noted_before_its_day(visit, clock):
    key = casework.note_lead(visit.place, inspection_id=visit.id, lead=Lead("8", "事实")).key
    where = {"inspection_id": visit.id, "key": key}
    steps = (
        lambda on: casework.verify_lead(visit.place, **where, on=on),
        lambda on: casework.file_case(visit.place, **where, number="1", on=on),
        lambda on: casework.decide_case(visit.place, **where, on=on, confiscated=0, fine=1),
        lambda on: casework.refer_case(
            visit.place, **where, kind=ReferralKind.JUDICIAL, to="袁州区公安局", on=on
        ),
        lambda on: casework.close_case(visit.place, **where, on=on),
    )
    for step in steps:
        with pytest.raises(BadInput, match=r"enforcing\.in_future"):
            step(AHEAD)
        step(visit.place.today())
    [case] = casework.case_rows(visit.place)
    assert (case.filed_on, case.decided_on, case.referred_on) == (date(2026, 8, 12),) * 3


def test_a_letter_is_noted_when_it_was_sent(visit):
    notice = Notice(body_name="中衡认证中心有限公司", content="未有效跟踪", on=AHEAD)
    for send in (casework.notify_body, casework.report_province):
        with pytest.raises(BadInput, match=r"enforcing\.in_future"):
            send(visit.place, inspection_id=visit.id, notice=notice)
    assert casework.notification_rows(visit.place, inspection_id=visit.id) == ()


def test_an_inspection_is_approved_on_no_day_to_come(visit, clock):
    stands = replace(DUTIES, approval_on=date(2026, 8, 10))
    inspecting.confirm_duties(visit.place, inspection_id=visit.id, duties=stands)
    ahead = replace(stands, approval_on=AHEAD)
    with pytest.raises(BadInput, match=r"enforcing\.in_future") as refused:
        inspecting.confirm_duties(visit.place, inspection_id=visit.id, duties=ahead)
    assert refused.value.problem.where.column == "approval_on"
    with pytest.raises(BadInput, match=r"enforcing\.in_future"):
        inspecting.start(visit.place, duties=ahead, assignment_id=add_target(visit.place, "另一家"))
    assert visit.sheet().header.approval_on == date(2026, 8, 10)
    clock.move(days=-5)
    inspecting.confirm_duties(
        visit.place, inspection_id=visit.id, duties=replace(stands, notice_number="袁市监检通〔2026〕9号")
    )
    assert visit.sheet().header.notice_number == "袁市监检通〔2026〕9号"
