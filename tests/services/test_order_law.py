"""An order tells its addressee of his own duties only; what is another party's goes to that party."""

import pytest
from sqlalchemy import select

from app.errors import BadInput
from app.models.enforcement import RectificationOrder
from app.models.inspection import Inspection
from app.services import enforcing, findings, inspecting
from app.services.enforcing import OrderTerms
from app.services.findings import FindingValues
from app.services.form_outcome import outcome_data
from app.services.list_words import list_data
from app.services.publishing import Results
from app.services.stepping import FindingState, Standing, restore
from app.vocabulary import Disposition, SubjectKind, Verdict
from app.wording import sentence
from tests.services.conftest import Visit
from tests.services.test_finding_law import printed

BODY_ITEM, POWER_ITEM, OWN_ITEM = "8.2", "5.4", "3.1"
OWN_DUTY = "《强制性产品认证管理规定》（2022修订）第二十四条"
ORDERS = "《中华人民共和国行政处罚法》（2021修订）第二十八条"


def found(visit: Visit, item: str, **values: object) -> str:
    """The finding of an item that does not conform; its key."""
    where = {"inspection_id": visit.id, "item": item}
    inspecting.answer(visit.place, **where, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(visit.place, **where, note=f"第 {item} 项不符")
    key = inspecting.finding_key(item)
    if values:
        findings.update_finding(visit.place, inspection_id=visit.id, key=key, values=FindingValues(**values))
    return key


def draft(visit: Visit, *keys: str, **terms: object) -> enforcing.OrderRow:
    said = {"requirements": "改正", "at_once": True, "confirmed_by": "彭建华", **terms}
    made = enforcing.draft_order(
        visit.place, inspection_id=visit.id, finding_keys=keys, terms=OrderTerms(**said)
    )
    rows = enforcing.order_rows(visit.place, open_only=False, inspection_id=visit.id)
    return next(row for row in rows if row.key == made.key)


def issue(visit: Visit, order: enforcing.OrderRow) -> None:
    enforcing.issue_order(visit.place, inspection_id=visit.id, key=order.key, number="宜市监责改〔2026〕8号")


def whose(visit: Visit, key: str) -> SubjectKind:
    return next(row.against for row in visit.sheet().findings if row.key == key)


def test_powers_and_notices_are_not_violated_and_an_order_rests_on_something(visit: Visit) -> None:
    powers = "ccc-rules-2022/38 penalty-procedure-2022/31 supervision-notice-2019/jurisdiction"
    key = found(
        visit, OWN_ITEM, provision=f"{powers} ccc-rules-2022/24 accreditation-regulation-2023/26", penalty=""
    )
    order = draft(visit, key)
    assert (order.violated, order.basis) == (OWN_DUTY, ORDERS)
    assert visit.sheet().findings[0].provision_text == OWN_DUTY
    text = printed(visit, "inspection-record")
    assert OWN_DUTY in text
    assert "第三十八条" not in text
    assert "第二十六条" not in text


def test_an_order_that_finds_no_duty_is_drafted_and_not_issued(visit: Visit) -> None:
    order = draft(visit, found(visit, POWER_ITEM, provision="ccc-rules-2022/38"))
    assert (order.violated, order.lacking) == ("", ("violated",))
    with pytest.raises(BadInput, match=r"enforcing\.no_citation") as refused:
        issue(visit, order)
    assert refused.value.problem.where.column == "violated"
    said = sentence(refused.value)
    assert (said.message, "写条款" in said.remedy) == ("通知书的“违反的条款”是空的，不能出具", True)
    enforcing.cite_order(visit.place, inspection_id=visit.id, key=order.key, violated=OWN_DUTY)
    issue(visit, order)


def test_a_draft_of_before_without_a_basis_gets_one_when_it_is_issued(visit: Visit) -> None:
    order = draft(visit, found(visit, OWN_ITEM))
    with visit.place.write("test.empty") as work:
        work.session.get_one(RectificationOrder, (visit.id, order.key)).basis = ""
        work.commit()
    issue(visit, order)
    [row] = enforcing.order_rows(visit.place, open_only=False, inspection_id=visit.id)
    assert row.basis == ORDERS


def test_the_bodys_breach_says_whose_it_is_and_is_ordered_to_nobody_else(visit: Visit) -> None:
    key = found(visit, BODY_ITEM)
    assert whose(visit, key) is SubjectKind.CERTIFICATION_BODY
    assert whose(visit, found(visit, OWN_ITEM)) is SubjectKind.ORGANIZATION
    with pytest.raises(BadInput, match=r"enforcing\.others_breach") as refused:
        draft(visit, key)
    assert refused.value.problem.where.column == "subject_kind"
    assert sentence(refused.value).message.startswith("第 8.2 项的问题是认证机构的，不能列入给企业的")
    order = draft(visit, key, subject_kind=SubjectKind.CERTIFICATION_BODY, subject_name="某认证中心")
    assert order.violated == (
        "《强制性产品认证管理规定》（2022修订）第十七条至第十九条；《中华人民共和国认证认可条例》（2023修订）第二十六条"
    )
    assert "，属认证机构的问题" in printed(visit, "inspection-record")


def test_an_inspector_says_otherwise_whose_breach_it_is(visit: Visit) -> None:
    key = found(visit, BODY_ITEM, against=SubjectKind.ORGANIZATION)
    assert draft(visit, key).violated == "", "but the body's duty does not become the enterprise's"


def results(visit: Visit) -> tuple[str, str]:
    """Result and measure of the visit as the public list tells them."""
    with visit.place.read() as session:
        row = session.scalars(select(Inspection).where(Inspection.id == visit.id)).one()
        told = Results(visit.place, session, list_data(visit.place, "public")["words"]).row(row)
    return told.result, told.measure


def test_the_public_list_does_not_name_the_enterprise_for_the_bodys_breach(visit: Visit) -> None:
    found(visit, BODY_ITEM)
    assert results(visit) == ("未发现违法行为", "无须后置处置措施")
    found(visit, POWER_ITEM, disposition=Disposition.ON_SITE_GUIDANCE, provision="ccc-rules-2022/38")
    assert results(visit) == ("未发现违法行为", "其他：现场指导改正"), (
        "no law was broken, and yet something done"
    )
    found(visit, OWN_ITEM, disposition=Disposition.NOTIFY_BODY)
    result, measure = results(visit)
    assert result == "违反《强制性产品认证管理规定》相关规定"
    assert measure == "其他：通报认证机构、现场指导改正"


def test_an_order_to_the_body_is_no_measure_against_the_enterprise(visit: Visit) -> None:
    key = found(visit, BODY_ITEM)
    issue(visit, draft(visit, key, subject_kind=SubjectKind.CERTIFICATION_BODY, subject_name="某认证中心"))
    assert results(visit) == ("未发现违法行为", "无须后置处置措施")


def test_the_sheet_of_the_random_inspection_ticks_no_violation_of_others(visit: Visit) -> None:
    visit.answer_all()
    found(visit, BODY_ITEM)
    with visit.place.read() as session:
        told = outcome_data(session, visit.sheet())
    assert (told["results"], told["violated"], told["next"]) == (["none"], "", ["other"])
    assert told["next_other"] == "通报认证机构"


def test_taking_an_answer_back_and_again_keeps_whose_breach_it_is(visit: Visit) -> None:
    key = found(visit, BODY_ITEM)
    row = visit.sheet().findings[0]
    state = FindingState(
        key, row.item, row.description, row.severity, row.disposition, row.provision, row.penalty, row.against
    )
    restore(visit.place, inspection_id=visit.id, now=Standing(finding=state), then=Standing())
    assert visit.sheet().findings == ()
    restore(visit.place, inspection_id=visit.id, now=Standing(), then=Standing(finding=state))
    assert whose(visit, key) is SubjectKind.CERTIFICATION_BODY
