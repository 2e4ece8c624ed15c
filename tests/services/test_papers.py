"""Papers: begun, filled in field by field, issued with a number, voided; merged; printed and read back."""

from __future__ import annotations

import pypdfium2
import pytest

from app.errors import BadInput
from app.services import form_shelf, inspecting, issuing, papers
from app.services.papers import PaperSheet
from app.vocabulary import PaperStatus
from tests.services.conftest import Visit
from tests.services.talks import TALK, put_form


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts


@pytest.fixture
def talk(visit: Visit) -> tuple[Visit, str]:
    """A paper just begun on the office's own form."""
    put_form(visit.place)
    return visit, papers.begin(visit.place, inspection_id=visit.id, form="talk").key


def shown(visit: Visit, paper: str) -> PaperSheet:
    return papers.paper_sheet(visit.place, inspection_id=visit.id, paper=paper)


def kept(visit: Visit, paper: str) -> dict[str, object]:
    """What stands in each entry; rows as lists of their columns."""
    return {
        each.entry.id: [[cell.kept for cell in row.cells] for row in each.rows] or each.field.kept
        for each in shown(visit, paper).entries
    }


def fill(visit: Visit, paper: str, name: str, value: str, *, row: str = "", column: str = "") -> None:
    papers.set_field(
        visit.place, inspection_id=visit.id, paper=paper, name=name, value=value, row=row, column=column
    )


def test_what_the_record_holds_is_there_already_and_what_is_typed_takes_its_place(talk):
    visit, paper = talk
    before = kept(visit, paper)
    assert (before["person"], before["started"]) == ("王伟", "2026-08-12 09:30")
    assert before["officers"] == [["彭建华"], ["易晓燕"]]
    fill(visit, paper, "person", "李芳")
    fill(visit, paper, "officers", "彭华", row="p1", column="name")
    after = kept(visit, paper)
    assert (after["person"], after["officers"]) == ("李芳", [["彭华"], ["易晓燕"]])
    fill(visit, paper, "person", "")
    assert [each.label for each in shown(visit, paper).missing.values()] == ["被约谈人"]


@pytest.mark.parametrize(
    "name, typed, stored",
    [
        ("started", "2026年8月12日 10:05", "2026-08-12 10:05"),
        ("started", "2026-8-12 9:05", "2026-08-12 09:05"),
        ("way", "视频", "video"),
        ("warned", "否", "no"),
        ("value", "1,234.5", "123450"),
        ("content", "一\n二\n", "一\n二"),
    ],
)
def test_a_value_is_kept_by_its_kind(talk, name, typed, stored):
    visit, paper = talk
    fill(visit, paper, name, typed)
    assert kept(visit, paper)[name] == stored


@pytest.mark.parametrize(
    "name, typed, code",
    [
        ("started", "昨天", "bad_time"),
        ("started", "2026-13-01 10:00", "bad_time"),
        ("way", "电话", "bad_choice"),
        ("way", "现场 视频", "bad_choice"),
        ("value", "1.005", "bad_money"),
        ("value", "一千", "bad_number"),
        ("talk", "什么", "bad_rows"),
        ("content", "长" * 20_001, "too_long"),
    ],
)
def test_what_is_nothing_of_its_kind_is_refused_by_sentence(talk, name, typed, code):
    visit, paper = talk
    with pytest.raises(BadInput, match=rf"forms\.{code}"):
        fill(visit, paper, name, typed)


def test_rows_are_added_moved_and_taken_out(talk):
    visit, paper = talk
    here = {"inspection_id": visit.id, "paper": paper}
    first = papers.add_row(visit.place, **here, name="talk").key
    second = papers.add_row(visit.place, **here, name="talk").key
    fill(visit, paper, "talk", "甲？", row=first, column="question")
    fill(visit, paper, "talk", "乙？", row=second, column="question")
    papers.order_rows(visit.place, **here, name="talk", rows=[second])
    assert kept(visit, paper)["talk"] == [["乙？", ""], ["甲？", ""]]
    papers.remove_row(visit.place, **here, name="talk", row=second)
    papers.remove_row(visit.place, **here, name="officers", row="p1")
    assert (kept(visit, paper)["talk"], kept(visit, paper)["officers"]) == ([["甲？", ""]], [["易晓燕"]])
    with pytest.raises(BadInput, match=r"papers\.unknown_row"):
        papers.remove_row(visit.place, **here, name="talk", row=second)


def test_a_field_that_is_not_asked_is_not_required(talk):
    visit, paper = talk
    assert not shown(visit, paper).missing
    fill(visit, paper, "way", "video")
    assert [each.label for each in shown(visit, paper).missing.values()] == ["会议号"]


def test_a_paper_that_cites_what_has_no_article_stays_a_draft(talk):
    visit, paper = talk
    fill(visit, paper, "content", "依据《某办法》罚则章（条号待核），提出告诫。")
    where = {"inspection_id": visit.id, "paper": paper}
    with pytest.raises(BadInput, match=r"papers\.no_article") as refused:
        papers.issue(visit.place, **where, number="1")
    assert refused.value.problem.where.column == "content"
    assert refused.value.problem.values == {"field": "内容"}
    fill(visit, paper, "content", "依据《某办法》第三条，提出告诫。")
    fill(visit, paper, "officers", "（条号待核）", row="p1", column="name")
    with pytest.raises(BadInput, match=r"papers\.no_article") as refused:
        papers.issue(visit.place, **where, number="1")
    assert refused.value.problem.where.column == "officers.p1.name"
    fill(visit, paper, "officers", "彭建华", row="p1", column="name")
    papers.issue(visit.place, **where, number="1")
    assert shown(visit, paper).row.status is PaperStatus.ISSUED


def test_an_issued_paper_stands_as_it_was_issued(talk):
    visit, paper = talk
    here = {"inspection_id": visit.id, "paper": paper}
    with pytest.raises(BadInput, match=r"papers\.no_number"):
        papers.issue(visit.place, **here)
    papers.issue(visit.place, **here, number="袁市监约〔2026〕1号")
    inspecting.set_header(visit.place, inspection_id=visit.id, subject_representative="换了人")
    assert kept(visit, paper)["person"] == "王伟"
    with pytest.raises(BadInput, match=r"papers\.closed"):
        fill(visit, paper, "person", "李芳")
    printed = "".join(pages_of(issuing.print_form(visit.place, form="talk", inspection_id=visit.id).pdf))
    assert "袁市监约〔2026〕1号" in printed
    assert "王伟" in printed
    assert "草稿" not in printed


def test_a_voided_paper_keeps_its_number_and_says_so_on_paper(talk):
    visit, paper = talk
    here = {"inspection_id": visit.id, "paper": paper}
    with pytest.raises(BadInput, match=r"papers\.not_issued"):
        papers.void(visit.place, **here, reason="写错")
    papers.issue(visit.place, **here, number="袁市监约〔2026〕1号")
    papers.void(visit.place, **here, reason="写错对象")
    row = papers.paper_rows(visit.place, inspection_id=visit.id)[0]
    assert (row.status, row.number, row.void_reason) == (
        PaperStatus.VOIDED,
        "袁市监约〔2026〕1号",
        "写错对象",
    )
    printed = issuing.print_form(visit.place, form="talk", inspection_id=visit.id, paper=paper)
    assert "作废" in "".join(pages_of(printed.pdf))


def test_a_draft_can_be_thrown_away(talk):
    visit, paper = talk
    fill(visit, paper, "person", "李芳")
    papers.discard(visit.place, inspection_id=visit.id, paper=paper)
    assert papers.paper_rows(visit.place, inspection_id=visit.id) == ()
    with pytest.raises(BadInput, match=r"papers\.unknown"):
        fill(visit, paper, "person", "李芳")


def test_a_long_talk_has_its_signatures_on_every_page_and_a_heading_on_the_further_ones(talk):
    visit, paper = talk
    fill(visit, paper, "way", "site")
    for number in range(60):
        row = papers.add_row(visit.place, inspection_id=visit.id, paper=paper, name="talk").key
        fill(visit, paper, "talk", f"第{number}问：台账在哪里？", row=row, column="question")
        fill(visit, paper, "talk", "在办公室的柜子里，由王伟保管。", row=row, column="answer")
    pages = pages_of(issuing.print_form(visit.place, form="talk", inspection_id=visit.id).pdf)
    assert len(pages) > 1
    assert all("被约谈人：" in page and "约谈人：" in page for page in pages)
    assert ["约谈记录（续页）" in page for page in pages] == [False] + [True] * (len(pages) - 1)
    assert all("一式两份" in page and "草稿" in page for page in pages)
    whole = "".join(pages)
    assert [whole.count(f"第{number}问") for number in range(60)] == [1] * 60


def test_a_refusal_is_told_in_words(talk):
    visit, paper = talk
    for name, value in (("asked_state", "refused"), ("asked_name", "王伟"), ("asked_reason", "认为不公")):
        fill(visit, paper, name, value)
    printed = "".join(pages_of(issuing.print_form(visit.place, form="talk", inspection_id=visit.id).pdf))
    assert "王伟拒绝签名。原因：认为不公。" in printed


def test_the_blank_paper_has_a_box_for_every_word(talk):
    visit, _ = talk
    printed = "".join(pages_of(issuing.print_blank(visit.place, form="talk").pdf))
    for word in ("现场", "到局", "视频", "会议号", "不告诫"):
        assert word in printed
    assert "王伟" not in printed


def test_an_offices_broken_form_is_told_and_hides_no_other(visit):
    put_form(visit.place, TALK.replace('id = "person"', 'id = "Person"'))
    assert "talk" not in form_shelf.forms_of(visit.place)
    assert [problem.code for problem in form_shelf.problems_of(visit.place)] == ["forms.bad_entry_id"]
    assert "checklist" in form_shelf.forms_of(visit.place)


def test_a_form_without_entries_is_no_paper(visit):
    with pytest.raises(BadInput, match=r"papers\.no_entries"):
        papers.begin(visit.place, inspection_id=visit.id, form="checklist")
