"""市场监管领域随机抽查情况记录表: its choices begin as the record has it, may be changed, and it is one page."""

from __future__ import annotations

import pypdfium2
import pytest

from app.services import casework, enforcing, findings, inspecting, issuing, papers
from app.services.casework import Lead
from app.services.enforcing import OrderTerms
from app.services.findings import FindingValues
from app.services.form_values import missing
from app.vocabulary import Disposition, ProductionStatus, Verdict
from tests.forms.filling import RARE
from tests.services.conftest import DUTIES, Visit, add_target

FORM = "random-inspection"


@pytest.fixture
def visit(laptop) -> Visit:
    """A visit of a double-random task, just begun."""
    return Visit(laptop, inspecting.start(laptop, duties=DUTIES, assignment_id=add_target(laptop)).id)


def begun(visit: Visit) -> papers.PaperSheet:
    key = papers.begin(visit.place, inspection_id=visit.id, form=FORM).key
    return papers.paper_sheet(visit.place, inspection_id=visit.id, paper=key)


def prefilled(visit: Visit) -> dict[str, str]:
    return {each.entry.id: each.field.kept for each in begun(visit).entries}


def pages_of(visit: Visit, **about: str) -> list[str]:
    pdf = issuing.print_form(visit.place, form=FORM, inspection_id=visit.id, **about).pdf
    with pypdfium2.PdfDocument(pdf) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def found(visit: Visit, item: str, note: str, disposition: Disposition) -> str:
    """An item that does not conform, with what is to be done; the finding's key."""
    here = {"inspection_id": visit.id, "item": item}
    inspecting.answer(visit.place, **here, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(visit.place, **here, note=note)
    (finding,) = [row for row in visit.sheet().findings if row.item == item]
    findings.update_finding(
        visit.place, inspection_id=visit.id, key=finding.key, values=FindingValues(disposition=disposition)
    )
    return finding.key


def test_of_a_visit_just_begun_nothing_is_said(visit):
    kept = prefilled(visit)
    assert [kept[name] for name in ("method", "result", "violated", "next")] == ["", "", "", ""]


def test_a_clean_visit_found_nothing_and_leaves_nothing_to_be_done(visit):
    visit.answer_all()
    visit.fill_header()
    kept = prefilled(visit)
    assert [kept[name] for name in ("method", "result", "next")] == ["on_site", "none", "none"]
    (page,) = pages_of(visit)
    for word in ("☑实地检查", "☑未发现违法行为", "☑无须后置处置措施"):
        assert word.removeprefix("☑") in page
    rows = visit.sheet().sections
    assert page.count("未发现问题") == sum(bool(each.items) for each in rows)
    assert [each.label for each in missing(begun(visit).entries).values()] == ["任务名称"], (
        "the plan is not here"
    )


def test_findings_orders_and_leads_choose_what_follows(visit):
    first, second, third = (visit.sheet().sections[number].items[0].id for number in (0, 1, 2))
    by_date = found(visit, first, "产品标注与证书不一致", Disposition.RECTIFY_BY_DATE)
    found(visit, second, "证书副本没有张贴", Disposition.ON_SITE_GUIDANCE)
    found(visit, third, "抽取两台送检", Disposition.SAMPLING)
    kept = prefilled(visit)
    assert (kept["method"], kept["result"]) == ("on_site testing", "violation")
    assert (kept["next"], kept["next_other"]) == ("rectify other", "现场指导改正、抽样送检")
    assert kept["violated"].startswith("《")

    here = {"inspection_id": visit.id}
    terms = OrderTerms(requirements="补齐", working_days=5, confirmed_by="彭建华")
    order = enforcing.draft_order(visit.place, **here, finding_keys=[by_date], terms=terms).key
    enforcing.issue_order(visit.place, **here, key=order, number="袁市监责改〔2026〕17号")
    lead = casework.note_lead(visit.place, **here, lead=Lead(cause="3", facts="成品库有 40 台未认证")).key
    assert prefilled(visit)["next"] == "rectify case other"
    (page,) = pages_of(visit)
    assert "责令限期改正（袁市监责改〔2026〕17号）" in page
    assert "其他：现场指导改正、抽样送检" in page
    casework.verify_lead(visit.place, **here, key=lead, on=visit.place.today())
    casework.do_not_file(visit.place, **here, key=lead, reason="轻微并已改正")
    assert prefilled(visit)["next"] == "rectify other", "a lead that was not filed goes to nobody"


@pytest.mark.parametrize(
    "status, result, following",
    [
        (ProductionStatus.NOT_FOUND, "not_found", "stopped"),
        (ProductionStatus.CLOSED, "closed", "stopped"),
        (ProductionStatus.MOVED, "deregistered", "stopped"),
        (ProductionStatus.STOPPED, "", ""),
    ],
)
def test_what_was_met_instead_of_an_enterprise_at_work(visit, status, result, following):
    inspecting.set_header(visit.place, inspection_id=visit.id, production_status=status)
    kept = prefilled(visit)
    assert (kept["result"], kept["next"], kept["method"]) == (result, following, "on_site")


def test_what_was_found_stands_beside_that_the_enterprise_moved(visit):
    inspecting.set_header(visit.place, inspection_id=visit.id, production_status=ProductionStatus.MOVED)
    found(visit, visit.sheet().sections[0].items[0].id, "搬迁未通报", Disposition.RECTIFY_BY_DATE)
    kept = prefilled(visit)
    assert (kept["result"], kept["next"]) == ("deregistered violation", "rectify"), "visited where it is now"


def test_what_somebody_chose_stands_whatever_the_record_says(visit):
    visit.answer_all()
    key = begun(visit).row.key
    here = {"inspection_id": visit.id, "paper": key}
    papers.set_field(visit.place, **here, name="method", value="书面检查 委托专业机构辅助")
    papers.set_field(visit.place, **here, name="next", value="")
    found(visit, visit.sheet().sections[0].items[0].id, "标注不一致", Disposition.CASE_LEAD)
    shown = papers.paper_sheet(visit.place, **here)
    kept = {each.entry.id: each.field.kept for each in shown.entries}
    assert (kept["method"], kept["next"], kept["result"]) == ("written agency", "", "violation")


def test_long_lists_of_provisions_are_counted(visit):
    for section in visit.sheet().sections[:5]:
        found(visit, section.items[0].id, "不一致", Disposition.RECTIFY_BY_DATE)
    # Its first provision of section 2 is what a status is, and nobody violates it.
    ids = {each.id for row in visit.sheet().findings for each in row.cited}
    assert "ccc-rules-2022/26+27+28" not in ids
    text = prefilled(visit)["violated"]
    assert len(ids) > 3
    assert (text.count("《"), text.endswith(f"等 {len(ids)} 条")) == (3, True)


def test_a_provision_that_nobody_read_whole_is_marked(visit):
    key = found(visit, visit.sheet().sections[0].items[0].id, "不一致", Disposition.RECTIFY_BY_DATE)
    unread = FindingValues(provision="mark-rules/5")
    findings.update_finding(visit.place, inspection_id=visit.id, key=key, values=unread)
    assert visit.sheet().findings[0].needs_confirmation
    assert prefilled(visit)["violated"].endswith("（待核对）")


def test_what_was_found_beside_the_checklist_is_a_matter_of_its_own(visit):
    said = FindingValues(description="消防通道堆放成品", disposition=Disposition.ADMONITION)
    findings.add_finding(visit.place, inspection_id=visit.id, values=said)
    (page,) = pages_of(visit)
    assert "检查清单以外是否消防通道堆放成品行政告诫" in page


def test_a_usual_sheet_and_one_with_long_texts_are_one_page(visit):
    visit.answer_all()
    visit.fill_header()
    assert len(pages_of(visit)) == 1
    notes = {}
    for section in visit.sheet().sections[:5]:
        item = section.items[0].id
        notes[item] = (
            f"{section.id}抽查的三个型号中有两个的{RARE}铭牌与证书附件所列不一致，" * 3 + "须逐一核对。"
        )
        found(visit, item, notes[item], Disposition.RECTIFY_BY_DATE)
    (page,) = pages_of(visit)
    assert [item for item, note in notes.items() if note not in page] == [], "nothing is left out to fit"


def test_what_no_size_fits_on_one_page_goes_on_in_the_usual_size(visit):
    visit.answer_all()
    note = "抽查的型号铭牌与证书附件所列不一致，须逐一核对。" * 40
    for section in visit.sheet().sections[:4]:
        found(visit, section.items[0].id, note, Disposition.RECTIFY_BY_DATE)
    pages = pages_of(visit)
    assert len(pages) > 1
    assert "".join(pages).count("第1页") == 1
