"""Printing an inspection: what is on the paper is what is in the record."""

import pypdfium2
import pytest

from app.errors import BadInput
from app.law.library import library
from app.models.enforcement import RectificationOrder
from app.models.inspection import Finding
from app.services import correcting, enforcing, inspecting, issuing, questions
from app.services.enforcing import OrderTerms
from app.vocabulary import InspectionType, Verdict

DOUBTFUL = next(each.id for each in library() if each.needs_confirmation)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


def finished(visit) -> None:
    visit.fill_header()
    visit.answer_all()
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)


def test_the_daily_form_says_what_the_record_says(visit):
    finished(visit)
    printed = issuing.print_form(visit.place, form="inspection-record", inspection_id=visit.id)
    text = text_of(printed.pdf)
    for word in (
        "宜春袁州恒𬭎电器有限公司",
        "914403001922038216",
        "查看成品库与出货台账",
        "认为问题不属实",
        "赣C36090002",
    ):
        assert word in text
    assert "草稿" not in text
    assert printed.file_name == "宜春袁州恒𬭎电器有限公司-检查记录表-2026-08-12.pdf"


def test_the_same_record_prints_the_same_bytes_and_a_changed_one_another_fingerprint(visit):
    first = issuing.print_form(visit.place, form="checklist", inspection_id=visit.id)
    assert issuing.print_form(visit.place, form="checklist", inspection_id=visit.id) == first
    item = visit.sheet().sections[0].items[0].id
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.CONFORMING)
    assert (
        issuing.print_form(visit.place, form="checklist", inspection_id=visit.id).fingerprint
        != first.fingerprint
    )


def test_an_unfinished_visit_prints_as_a_draft(visit):
    assert "草稿" in text_of(issuing.print_form(visit.place, form="checklist", inspection_id=visit.id).pdf)


def test_an_order_prints_its_facts_and_date(visit):
    item = visit.sheet().sections[0].items[0].id
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(visit.place, inspection_id=visit.id, item=item, note="台账缺三页")
    key = visit.sheet().findings[0].key
    with pytest.raises(BadInput, match=r"issuing\.no_order"):
        issuing.print_form(visit.place, form="rectification-order", inspection_id=visit.id)
    terms = OrderTerms(requirements="补齐台账", working_days=10, confirmed_by="彭建华")
    order = enforcing.draft_order(visit.place, inspection_id=visit.id, finding_keys=[key], terms=terms).key
    enforcing.issue_order(visit.place, inspection_id=visit.id, key=order, number="袁市监责改〔2026〕17号")
    text = text_of(issuing.print_form(visit.place, form="rectification-order", inspection_id=visit.id).pdf)
    for word in ("袁市监责改〔2026〕17号", "台账缺三页", "2026年8月26日"):
        assert word in text
    assert "草稿" not in text
    # One that came from elsewhere without a name behind its 待核对 provisions never looks final.
    with visit.place.write("test.unconfirmed") as work:
        work.session.get_one(RectificationOrder, (visit.id, order)).confirmed_by = ""
        finding = work.session.get_one(Finding, (visit.id, key))
        finding.provision = DOUBTFUL
        work.commit()
    printed = issuing.print_form(visit.place, form="rectification-order", inspection_id=visit.id)
    assert "草稿" in text_of(printed.pdf)


def test_an_order_without_its_article_prints_as_a_draft_wherever_it_comes_from(visit):
    item = visit.sheet().sections[0].items[0].id
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(visit.place, inspection_id=visit.id, item=item, note="台账缺三页")
    keys = [visit.sheet().findings[0].key]
    terms = OrderTerms(
        requirements="补齐台账", at_once=True, basis="《某办法》罚则章（条号待核）", confirmed_by="彭建华"
    )
    order = enforcing.draft_order(visit.place, inspection_id=visit.id, finding_keys=keys, terms=terms).key

    def printed() -> str:
        made = issuing.print_form(visit.place, form="rectification-order", inspection_id=visit.id)
        return text_of(made.pdf)

    assert "草稿" in printed()
    where = {"inspection_id": visit.id, "key": order}
    enforcing.issue_order(visit.place, **where, number="17", basis="《某办法》第三条")
    assert "草稿" not in printed()
    # As an older program on another device would have issued it.
    with visit.place.write("test.older") as work:
        work.session.get_one(RectificationOrder, (visit.id, order)).basis = "《某办法》罚则章（条号待核）"
        work.commit()
    assert "草稿" in printed()


@pytest.mark.parametrize("form", [row.id for row in issuing.form_rows() if not row.of_history])
def test_every_form_that_is_filled_in_prints_blank(form):
    assert issuing.print_blank(form=form).pages >= 1


def test_an_unknown_form_is_answered_with_the_known_ones(visit):
    with pytest.raises(BadInput, match=r"issuing\.unknown_form"):
        issuing.print_form(visit.place, form="nonsense", inspection_id=visit.id)


def test_a_blank_checklist_can_carry_its_questions(laptop):
    text = text_of(
        issuing.print_blank(laptop, form="checklist", inspection_type=InspectionType.CCC_PRODUCER).pdf
    )
    for row in questions.newest(laptop, InspectionType.CCC_PRODUCER).items():
        assert row.text[:6] in text


def test_a_correction_prints_in_words(visit):
    finished(visit)
    item = visit.sheet().sections[0].items[0].id
    path = f"answers/{item}/verdict"
    correcting.correct(visit.place, inspection_id=visit.id, path=path, value="not_checked", reason="误点")
    text = text_of(issuing.print_form(visit.place, form="inspection-record", inspection_id=visit.id).pdf)
    for word in (f"第 {item} 项判定", "未查", "误点"):
        assert word in text


def test_a_file_s_name_can_be_written_everywhere(visit):
    inspecting.set_header(visit.place, inspection_id=visit.id, subject_name='𠅤\n"A"/*' + "名" * 380)
    name = issuing.print_form(visit.place, form="inspection-record", inspection_id=visit.id).file_name
    assert name.startswith("𠅤__A___名")
    assert len(name.encode()) < 255
