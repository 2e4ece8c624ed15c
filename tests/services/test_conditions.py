"""The list of conditions: each one that is missing breaks its own line, and what fulfils it is named."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from app.models.inspection import Inspection, InspectionOfficer, Signature
from app.services import evidence, findings, inspecting
from app.services.conditions import Condition, conditions
from app.services.findings import FindingValues
from app.vocabulary import Disposition, SignatureState, Verdict
from tests.services.conftest import Visit, stroke

ITEM = "2.1"


@pytest.fixture
def ready(visit: Visit) -> Visit:
    """A visit with nothing missing."""
    visit.answer_all()
    visit.fill_header()
    visit.sign_all()
    return visit


def listed(visit: Visit) -> dict[str, Condition]:
    return {each.code: each for each in conditions(visit.sheet())}


def broken(visit: Visit) -> set[str]:
    return {code for code, each in listed(visit).items() if not each.holds}


def set_columns(visit: Visit, **values: object) -> None:
    with visit.place.write("test.break") as work:
        inspection = work.session.get_one(Inspection, visit.id)
        for name, value in values.items():
            setattr(inspection, name, value)
        work.commit()


def test_a_ready_visit_keeps_every_condition_and_names_what_fulfils_it(ready: Visit) -> None:
    found = listed(ready)
    assert broken(ready) == set()
    assert found["officers"].detail == "彭建华 赣C36090001、易晓燕 赣C36090002"
    assert found["approval"].detail == "袁市监检审〔2026〕8号 黎国平"
    assert found["notice"].detail == "袁市监检通〔2026〕8号"
    assert found["source"].detail == "双随机抽查"
    assert found["party_signature"].detail == "王伟 拒绝签名 认为问题不属实"
    assert found["witness"].detail == "村委会李娜"
    done, total = found["answers"].detail.split("/")
    assert done == total != "0"


@pytest.mark.parametrize(
    "values, code",
    [
        ({"credentials_shown": False}, "credentials"),
        ({"rights_told": False}, "rights"),
        ({"task_source": None}, "source"),
        ({"approval_number": " "}, "approval"),
        ({"approval_by": ""}, "approval"),
        ({"place": ""}, "basics"),
        ({"production_status": None}, "basics"),
        ({"product_class": None}, "basics"),
        ({"situation": ""}, "account"),
        ({"opinion": ""}, "account"),
    ],
)
def test_what_the_header_lacks_breaks_one_condition(ready: Visit, values: dict, code: str) -> None:
    set_columns(ready, **values)
    assert broken(ready) == {code}
    assert [each.code for each in listed(ready)[code].lacking] == list(values)


def test_one_officer_is_not_enough(ready: Visit) -> None:
    with ready.place.write("test.break") as work:
        work.session.execute(delete(InspectionOfficer).where(InspectionOfficer.name == "易晓燕"))
        work.detail["test"] = "officer"
        work.commit()
    assert broken(ready) == {"officers"}


def test_an_open_item_breaks_the_answers(ready: Visit) -> None:
    inspecting.answer(ready.place, inspection_id=ready.id, item=ITEM, verdict=None)
    [lacking] = listed(ready)["answers"].lacking
    assert (lacking.code, lacking.item) == ("unanswered", ITEM)
    assert broken(ready) == {"answers"}


def test_a_finding_needs_words_and_the_paper_it_promises(ready: Visit) -> None:
    inspecting.answer(ready.place, inspection_id=ready.id, item=ITEM, verdict=Verdict.NONCONFORMING)
    key = inspecting.finding_key(ITEM)
    values = FindingValues(description="", disposition=Disposition.CASE_LEAD)
    findings.update_finding(ready.place, inspection_id=ready.id, key=key, values=values)
    assert {"findings", "dispositions"} <= broken(ready)
    assert [each.code for each in listed(ready)["dispositions"].lacking] == ["case_lead"]


@pytest.mark.parametrize(
    "party, code",
    [("officer:赣C36090002", "officer_signatures"), ("party", "party_signature")],
)
def test_a_signature_that_is_not_there_breaks_its_condition(ready: Visit, party: str, code: str) -> None:
    with ready.place.write("test.break") as work:
        work.session.execute(delete(Signature).where(Signature.party == party))
        work.detail["test"] = party
        work.commit()
    assert broken(ready) == {code}


def test_a_refusal_without_a_witness_is_told_and_does_not_stand_in_the_way(ready: Visit) -> None:
    told = {"name": "王伟", "state": SignatureState.REFUSED, "reason": "拒绝"}
    evidence.refuse(ready.place, inspection_id=ready.id, party="party", witness="", **told)
    found = listed(ready)["witness"]
    assert (found.holds, found.advised) == (False, True)
    assert ready.sheet().missing == ()
    evidence.sign(ready.place, inspection_id=ready.id, party="witness", name="李娜", image=stroke())
    assert listed(ready)["witness"].detail == "李娜"


def test_a_party_that_signed_needs_no_witness(ready: Visit) -> None:
    evidence.sign(ready.place, inspection_id=ready.id, party="party", name="王伟", image=stroke())
    assert "witness" not in listed(ready)


def test_the_notice_is_asked_for_and_may_be_missing(ready: Visit) -> None:
    set_columns(ready, notice_number="")
    found = listed(ready)["notice"]
    assert (found.holds, found.advised) == (False, True)
    inspecting.finish(ready.place, inspection_id=ready.id)


def test_nothing_that_is_missing_is_left_out(visit: Visit) -> None:
    listed_codes = [each for row in listed(visit).values() if not row.advised for each in row.lacking]
    assert sorted(map(str, listed_codes)) == sorted(map(str, visit.sheet().missing))
