"""Orders, re-inspections, leads, cases and notices."""

from datetime import date

import pytest

from app.errors import BadInput
from app.services import casework, enforcing, findings, inspecting
from app.services.casework import Lead, Notice
from app.services.enforcing import OrderTerms
from app.vocabulary import (
    CaseStatus,
    DeliveryMethod,
    FollowUpResult,
    NotificationKind,
    OrderStatus,
    ReferralKind,
    SubjectKind,
    Verdict,
)
from app.wording import sentence


@pytest.fixture
def finding(visit) -> str:
    """Key of a finding with a description."""
    item = visit.sheet().sections[0].items[0].id
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(visit.place, inspection_id=visit.id, item=item, note="台账缺三页")
    return visit.sheet().findings[0].key


def draft(visit, finding, **terms) -> str:
    terms = OrderTerms(**{"requirements": "补齐台账", "confirmed_by": "彭建华", **terms})
    return enforcing.draft_order(visit.place, inspection_id=visit.id, finding_keys=[finding], terms=terms).key


def row(visit):
    return enforcing.order_rows(visit.place, open_only=False)[0]


def test_working_days_skip_the_national_holiday(visit, finding, clock):
    # Monday 28 September 2026 + 5 working days: 29, 30, then 1-7 October off, 8, 9, and Saturday the
    # 10th is worked in exchange.
    clock.move(days=(date(2026, 9, 28) - date(2026, 8, 12)).days)
    draft(visit, finding, working_days=5)
    assert row(visit).due_on == date(2026, 10, 10)


@pytest.mark.parametrize(
    "terms, code",
    [
        ({}, "one_term"),
        ({"at_once": True, "working_days": 5}, "one_term"),
        ({"due_on": date(2026, 8, 12)}, "due_in_the_past"),
        ({"at_once": True, "requirements": "  "}, "no_requirements"),
    ],
)
def test_an_order_without_sense_is_not_drafted(visit, finding, terms, code):
    with pytest.raises(BadInput, match=rf"enforcing\.{code}"):
        draft(visit, finding, **terms)
    assert enforcing.order_rows(visit.place, open_only=False) == ()


def test_a_provision_that_was_not_verified_must_be_confirmed_by_name(visit, finding):
    values = findings.FindingValues(provision="organic-measures-2022/penalties-unknown")
    findings.update_finding(visit.place, inspection_id=visit.id, key=finding, values=values)
    with pytest.raises(BadInput, match=r"enforcing\.unconfirmed_provision"):
        draft(visit, finding, at_once=True, confirmed_by="")
    draft(visit, finding, at_once=True, confirmed_by="彭建华")
    assert row(visit).confirmed_by == "彭建华"


@pytest.fixture
def organic(visit, finding) -> str:
    """The same finding, resting on a provision whose article nobody has read yet."""
    values = findings.FindingValues(
        provision="accreditation-regulation-2023/24", penalty="organic-rules-2022/penalties"
    )
    findings.update_finding(visit.place, inspection_id=visit.id, key=finding, values=values)
    return finding


def test_an_order_is_not_issued_before_the_articles_it_cites_are_written(visit, organic):
    key = draft(visit, organic, at_once=True)
    assert row(visit).confirmed_by == "彭建华", "a name says who compared the text, and prints nothing"
    assert row(visit).lacking == ("basis",)
    where = {"inspection_id": visit.id, "key": key}
    with pytest.raises(BadInput, match=r"enforcing\.no_article") as refused:
        enforcing.issue_order(visit.place, **where, number="17")
    assert refused.value.problem.where.column == "basis"
    said = sentence(refused.value)
    assert said.message == "通知书的“责令依据”里有条款没有写条号：" + row(visit).basis
    assert "写条款" in said.remedy
    assert row(visit).status is OrderStatus.DRAFTED

    enforcing.cite_order(visit.place, **where, basis=" 《有机产品认证管理办法》第三条 ")
    assert (row(visit).basis, row(visit).lacking) == ("《有机产品认证管理办法》第三条", ())
    assert row(visit).violated.endswith("第二十四条"), "what was not given stays"
    enforcing.issue_order(visit.place, **where, number="17")
    assert row(visit).status is OrderStatus.ISSUED
    with pytest.raises(BadInput, match=r"enforcing\.wrong_step") as refused:
        enforcing.cite_order(visit.place, **where, basis="《有机产品认证管理办法》第四条")
    assert "已出具 → 已出具" in sentence(refused.value).message


def test_an_article_can_be_written_as_the_order_is_issued(visit, organic):
    key = draft(visit, organic, at_once=True)
    enforcing.issue_order(
        visit.place, inspection_id=visit.id, key=key, number="17", basis="《有机产品认证管理办法》第三条"
    )
    assert (row(visit).status, row(visit).basis) == (OrderStatus.ISSUED, "《有机产品认证管理办法》第三条")


def test_a_provision_that_the_law_does_not_know_has_no_article_either(visit, finding):
    values = findings.FindingValues(provision="organic-measures-2022/penalties-unknown")
    findings.update_finding(visit.place, inspection_id=visit.id, key=finding, values=values)
    key = draft(visit, finding, at_once=True)
    with pytest.raises(BadInput, match=r"enforcing\.no_article"):
        enforcing.issue_order(visit.place, inspection_id=visit.id, key=key, number="17")
    assert row(visit).number == "", "nothing of a refused step is kept"


def test_an_order_goes_from_draft_to_closure_step_by_step(visit, finding, clock):
    key = draft(visit, finding, due_on=date(2026, 8, 20))
    where = {"inspection_id": visit.id, "key": key}
    with pytest.raises(BadInput, match=r"enforcing\.wrong_step"):
        enforcing.deliver_order(visit.place, **where, on=date(2026, 8, 12), method=DeliveryMethod.DIRECT,
                                received_by="王伟")  # fmt: skip
    with pytest.raises(BadInput, match=r"enforcing\.too_early"):
        enforcing.issue_order(visit.place, **where, number="17", issued_on=date(2026, 8, 11))
    enforcing.issue_order(visit.place, **where, number="袁市监责改〔2026〕17号")
    enforcing.deliver_order(visit.place, **where, on=date(2026, 8, 12), method=DeliveryMethod.DIRECT,
                            received_by="王伟")  # fmt: skip
    assert (row(visit).overdue, row(visit).working_days_left) == (False, 6)

    clock.move(days=10)
    assert (row(visit).overdue, row(visit).working_days_left) == (True, -1)

    again = {"inspection_id": visit.id, "order_key": key}
    enforcing.follow_up(visit.place, **again, on=date(2026, 8, 22), result=FollowUpResult.EXTENDED,
                        note="供货方延误", new_due_on=date(2026, 9, 10))  # fmt: skip
    clock.move(days=18)
    assert (row(visit).status, row(visit).due_on) == (OrderStatus.EXTENDED, date(2026, 9, 10))
    enforcing.follow_up(
        visit.place, **again, on=date(2026, 9, 9), result=FollowUpResult.PASSED, note="已补齐"
    )
    assert (row(visit).status, row(visit).closed_on) == (OrderStatus.CLOSED, date(2026, 9, 9))
    assert enforcing.order_rows(visit.place) == ()
    assert [each.result for each in enforcing.follow_up_rows(visit.place, inspection_id=visit.id)] == [
        FollowUpResult.EXTENDED,
        FollowUpResult.PASSED,
    ]


def test_an_order_is_not_issued_after_the_day_that_it_sets(visit, finding, clock):
    key = draft(visit, finding, due_on=date(2026, 8, 20))
    clock.move(days=9)
    with pytest.raises(BadInput, match=r"enforcing\.too_early"):
        enforcing.issue_order(visit.place, inspection_id=visit.id, key=key, number="17")
    assert row(visit).status is OrderStatus.DRAFTED


def test_a_finding_goes_into_one_order_only(visit, finding):
    draft(visit, finding, at_once=True)
    with pytest.raises(BadInput, match=r"enforcing\.already_ordered"):
        draft(visit, finding, at_once=True)


def test_a_case_goes_from_lead_to_decision_and_is_referred_once(visit, clock):
    clock.move(days=40)
    lead = Lead(cause="3", facts="成品库有 40 台未认证")
    key = casework.note_lead(visit.place, inspection_id=visit.id, lead=lead).key
    where = {"inspection_id": visit.id, "key": key}
    with pytest.raises(BadInput, match=r"casework\.wrong_step"):
        casework.file_case(visit.place, **where, number="1", on=date(2026, 8, 20))
    casework.verify_lead(visit.place, **where, on=date(2026, 8, 14))
    casework.file_case(
        visit.place, **where, number="袁市监案〔2026〕3号", on=date(2026, 8, 20), goods_value=1_234_567
    )
    with pytest.raises(BadInput, match=r"casework\.not_decided"):
        casework.number_decision(visit.place, **where, number="袁市监罚〔2026〕3号")
    casework.decide_case(visit.place, **where, on=date(2026, 9, 20), confiscated=200_000, fine=5_000_000)
    with pytest.raises(BadInput, match=r"casework\.no_decision_number"):
        casework.number_decision(visit.place, **where, number=" ")
    for number in ("袁市监罚〔2026〕30号", " 袁市监罚〔2026〕3号"):
        casework.number_decision(visit.place, **where, number=number)
    refer = {"kind": ReferralKind.JUDICIAL, "to": "袁州区公安局", "on": date(2026, 9, 21)}
    casework.refer_case(visit.place, **where, **refer)
    with pytest.raises(BadInput, match=r"casework\.already_referred"):
        casework.refer_case(visit.place, **where, **refer)
    [case] = casework.case_rows(visit.place)
    assert (case.status, case.goods_value, case.fine) == (CaseStatus.DECIDED, 1_234_567, 5_000_000)
    assert case.decision_number == "袁市监罚〔2026〕3号"
    assert (case.subject_name, case.subject_code) == ("宜春袁州恒𬭎电器有限公司", "914403001922038216")


@pytest.mark.parametrize(
    "lead, code",
    [
        (Lead(cause="1", facts="x"), "unknown_cause"),
        (Lead(cause="3", facts=" "), "no_facts"),
        (Lead(cause="8", facts="x", subject_kind=SubjectKind.CERTIFICATION_BODY), "no_subject"),
    ],
)
def test_a_lead_needs_cause_facts_and_subject(visit, lead, code):
    with pytest.raises(BadInput, match=rf"casework\.{code}"):
        casework.note_lead(visit.place, inspection_id=visit.id, lead=lead)


def test_a_lead_that_is_not_filed_keeps_its_reason(visit, clock):
    clock.move(days=2)
    key = casework.note_lead(visit.place, inspection_id=visit.id, lead=Lead(cause="2", facts="x")).key
    casework.verify_lead(visit.place, inspection_id=visit.id, key=key, on=date(2026, 8, 14))
    casework.do_not_file(visit.place, inspection_id=visit.id, key=key, reason="轻微并已改正")
    assert casework.case_rows(visit.place)[0].status is CaseStatus.NOT_FILED


def test_money_is_never_negative(visit):
    key = casework.note_lead(visit.place, inspection_id=visit.id, lead=Lead(cause="2", facts="x")).key
    with pytest.raises(BadInput, match=r"casework\.negative_money"):
        casework.file_case(
            visit.place, inspection_id=visit.id, key=key, number="1", on=date(2026, 8, 20), goods_value=-1
        )


def test_bodies_are_notified_and_reported(visit, clock):
    clock.move(days=1)
    notice = Notice(
        body_name="中衡认证中心有限公司", content="未有效跟踪", on=date(2026, 8, 13), reason_code="0205"
    )
    casework.notify_body(visit.place, inspection_id=visit.id, notice=notice)
    casework.report_province(visit.place, inspection_id=visit.id, notice=notice)
    kinds = {each.kind for each in casework.notification_rows(visit.place, inspection_id=visit.id)}
    assert kinds == {NotificationKind.CERTIFICATION_BODY, NotificationKind.PROVINCE}


def test_citations_are_printed_as_they_were_checked(visit, finding):
    draft(visit, finding, at_once=True, violated="《有机产品认证管理办法》第三十四条")
    assert row(visit).violated == "《有机产品认证管理办法》第三十四条"


def test_a_finding_named_twice_is_one_fact(visit, finding):
    terms = OrderTerms("补齐台账", at_once=True, confirmed_by="彭建华")
    enforcing.draft_order(visit.place, inspection_id=visit.id, finding_keys=[finding, finding], terms=terms)
    assert row(visit).facts == "台账缺三页"


@pytest.mark.parametrize(
    "terms, code",
    [
        ({"working_days": 10**9}, r"planning\.period_too_long"),
        ({"due_on": date.max}, r"enforcing\.due_too_far"),
    ],
)
def test_a_slip_of_the_keyboard_sets_no_date_beyond_the_calendar(visit, finding, terms, code):
    with pytest.raises(BadInput, match=code):
        draft(visit, finding, **terms)


def test_no_step_of_an_order_lies_before_the_one_it_follows(visit, finding, clock):
    clock.move(days=8)
    key = draft(visit, finding, due_on=date(2026, 8, 21))
    where = {"inspection_id": visit.id, "key": key}
    enforcing.issue_order(visit.place, **where, number="17", issued_on=date(2026, 8, 12))
    delivery = {**where, "method": DeliveryMethod.DIRECT, "received_by": "王伟"}
    with pytest.raises(BadInput, match=r"enforcing\.too_early"):
        enforcing.deliver_order(visit.place, **delivery, on=date(2026, 8, 11))
    enforcing.deliver_order(visit.place, **delivery, on=date(2026, 8, 13))
    late = {"inspection_id": visit.id, "order_key": key, "result": FollowUpResult.EXTENDED, "note": "延误"}
    for on, until in ((date(2026, 8, 12), date(2026, 9, 1)), (date(2026, 8, 20), date(2026, 8, 19))):
        with pytest.raises(BadInput, match=r"enforcing\.too_early"):
            enforcing.follow_up(visit.place, **late, on=on, new_due_on=until)
    enforcing.follow_up(visit.place, **late, on=date(2026, 8, 20), new_due_on=date(2026, 9, 1))


def test_a_case_is_decided_after_it_was_filed(visit, clock):
    clock.move(days=2)
    key = casework.note_lead(visit.place, inspection_id=visit.id, lead=Lead("8", "事实")).key
    where = {"inspection_id": visit.id, "key": key}
    casework.verify_lead(visit.place, **where, on=date(2026, 8, 12))
    casework.file_case(visit.place, **where, number="1", on=date(2026, 8, 14))
    with pytest.raises(BadInput, match=r"casework\.too_early"):
        casework.decide_case(visit.place, **where, on=date(2026, 8, 13), confiscated=0, fine=1)
    with pytest.raises(BadInput, match=r"store\.too_large"):
        casework.decide_case(visit.place, **where, on=date(2026, 8, 14), confiscated=0, fine=10**30)
