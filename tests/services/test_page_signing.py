"""Signatures page by page: each is stored with what its page said, and printed on that page alone."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import select

from app.errors import BadInput
from app.models.base import new_id
from app.models.papers import PageSignature
from app.models.people import Person
from app.services import integrity, issuing, page_signing, papers
from app.services.chronicle import chronicle
from app.services.naming import path_text
from app.services.team_changes import change_team
from app.vocabulary import SignatureState
from tests.services.conftest import Visit, stroke
from tests.services.parcels import introduce, receive, send

LONG = "\n".join(
    f"{number}. 抽查成品库第{number}排，核对型号、认证标志与证书附件。" for number in range(1, 40)
)
OFFICER = "officer:赣C36090001"
FILLED = {"choice": "", "yes_no": "是", "time": "2026-08-12 09:40", "lines": "按检查通知到场。"}


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts


def fill(visit: Visit, paper: str, name: str, value: str) -> None:
    papers.set_field(visit.place, inspection_id=visit.id, paper=paper, name=name, value=value)


@pytest.fixture
def record(visit) -> tuple[Visit, str]:
    """A 现场笔录 of two pages with everything required filled in."""
    paper = papers.begin(visit.place, inspection_id=visit.id, form="on-site-record").key
    fill(visit, paper, "situation", LONG)
    fill(visit, paper, "party_state", "signed")
    for entry in papers.paper_sheet(visit.place, inspection_id=visit.id, paper=paper).missing.values():
        fill(visit, paper, entry.id, FILLED.get(entry.kind, "已看清，不申请回避"))
    return visit, paper


def shown(visit: Visit, paper: str) -> page_signing.PagesToSign:
    return page_signing.pages_to_sign(visit.place, inspection_id=visit.id, paper=paper)


def sign(visit: Visit, paper: str, page: int, party: str, name: str) -> None:
    line = page_signing.PageLine(visit.id, paper, page, shown(visit, paper).digests[page - 1], party)
    page_signing.sign_page(visit.place, line=line, name=name, image=stroke())


def printed(visit: Visit, paper: str) -> list[str]:
    done = issuing.print_form(visit.place, form="on-site-record", inspection_id=visit.id, paper=paper)
    return pages_of(done.pdf)


def test_a_signature_is_printed_on_its_page_and_on_no_other(record):
    visit, paper = record
    before = printed(visit, paper)
    assert len(before) == len(shown(visit, paper).digests) == 2
    assert [each.party for each in shown(visit, paper).open(1)] == [OFFICER, "officer:赣C36090002", "party"]
    sign(visit, paper, 1, OFFICER, "彭建华")
    sign(visit, paper, 1, "party", "李代表")
    first, second = printed(visit, paper)
    assert "李代表" in first
    assert "2026年8月12日" in first.partition("当事人（签名或者盖章）")[2]
    assert "李代表" not in second
    assert [each.party for each in shown(visit, paper).open(1)] == ["officer:赣C36090002"]
    assert [each.party for each in shown(visit, paper).open(2)][-1] == "party"
    # Signing moves nothing: the same words stand above the foot of each page.
    cut = "当事人（签名或者盖章）"
    assert [page.partition(cut)[0] for page in (first, second)] == [page.partition(cut)[0] for page in before]


def test_a_page_that_changed_is_no_longer_signed_and_says_so(record):
    visit, paper = record
    sign(visit, paper, 1, "party", "李代表")
    sign(visit, paper, 2, "party", "李代表")
    seen = shown(visit, paper).digests[0]
    fill(visit, paper, "situation", LONG.replace("1. 抽查", "1. 复查", 1))
    after = shown(visit, paper)
    assert (after.of(1, "party"), after.of(2, "party").name) == (None, "李代表")
    assert [row.stands for row in after.signed] == [False, True]
    first, second = printed(visit, paper)
    assert ("李代表" in first, "李代表" in second) == (False, True)
    with pytest.raises(BadInput, match=r"papers\.page_changed"):
        page_signing.sign_page(
            visit.place,
            line=page_signing.PageLine(visit.id, paper, 1, seen, "party"),
            name="李代表",
            image=stroke(),
        )


def foot_of(visit: Visit, paper: str, page: int) -> float:
    """How high above the lower edge the foot of a page begins."""
    done = issuing.print_form(visit.place, form="on-site-record", inspection_id=visit.id, paper=paper)
    document = pypdfium2.PdfDocument(done.pdf)
    text = document[page - 1].get_textpage()
    start, _ = text.search("检查人员（签名）").get_next()
    top = text.get_charbox(start)[3]
    text.close()
    document.close()
    return top


def test_the_foot_covers_nothing_however_many_sign(record):
    visit, paper = record
    before = foot_of(visit, paper, 1)
    for number, name in enumerate(("彭建华", "邓慧敏", "易小军", "罗春梅"), 1):
        sign(visit, paper, 1, f"officer:赣C3609000{number}", name)
    assert foot_of(visit, paper, 1) == pytest.approx(before)
    digest = shown(visit, paper).digests[0]
    line = page_signing.PageLine(visit.id, paper, 1, digest, "officer:赣C36090005")
    # Where others signed a reason finds less room than alone; signing again takes the same place.
    told = {"state": SignatureState.ABSENT, "reason": "另有公务，先行离开，由其余检查人员签名"}
    with pytest.raises(BadInput, match=r"papers\.page_full"):
        page_signing.refuse_page(visit.place, line=line, name="谢丽萍", **told)
    sign(visit, paper, 1, OFFICER, "彭建华")
    assert foot_of(visit, paper, 1) == pytest.approx(before)


def test_a_refusal_stands_on_its_page_with_reason_and_witness(record):
    visit, paper = record
    pages = shown(visit, paper)
    line = page_signing.PageLine(visit.id, paper, 2, pages.digests[1], "party")
    told = {"line": line, "name": "王伟", "state": SignatureState.REFUSED, "witness": "李娜"}
    page_signing.refuse_page(visit.place, **told, reason="不认可所记数量")
    first, second = printed(visit, paper)
    assert "王伟拒绝签名。原因：不认可所记数量。见证人：李娜。" in second
    assert "拒绝签名。" not in first
    assert [each.party for each in shown(visit, paper).open(2)] == [OFFICER, "officer:赣C36090002"]
    with pytest.raises(BadInput, match=r"papers\.page_full"):
        page_signing.refuse_page(visit.place, **told, reason="不认可所记数量，" * 12)
    with pytest.raises(BadInput):
        page_signing.refuse_page(visit.place, **told, reason=" ")


def test_a_paper_is_signed_when_it_is_filled_in_and_stays_signed_when_it_is_issued(record):
    visit, paper = record
    sign(visit, paper, 1, "party", "李代表")
    fill(visit, paper, "attendance", "")
    with pytest.raises(BadInput, match=r"papers\.sign_missing"):
        shown(visit, paper)
    fill(visit, paper, "attendance", FILLED["lines"])
    papers.issue(visit.place, inspection_id=visit.id, paper=paper)
    assert shown(visit, paper).of(1, "party").name == "李代表"
    papers.void(visit.place, inspection_id=visit.id, paper=paper, reason="写错")
    with pytest.raises(BadInput, match=r"papers\.sign_void"):
        shown(visit, paper)


def test_it_travels_with_its_picture_and_prints_the_same(record, office, tmp_path, clock):
    visit, paper = record
    introduce(office, visit.place, tmp_path)
    sign(visit, paper, 2, "party", "李代表")
    with visit.place.read() as session:
        (row,) = session.scalars(select(PageSignature))
    assert row.image in integrity.referenced(visit.place)
    assert (row.key, row.signed_at - clock()) == (f"{paper}.2.party", timedelta())
    receive(office, send(visit.place, tmp_path / "v.cyb", drafts=True))
    there = issuing.print_form(office, form="on-site-record", inspection_id=visit.id, paper=paper)
    assert "李代表" in pages_of(there.pdf)[1]
    entries = chronicle(office, kind="inspection", record_id=visit.id)
    paths = [change.path for entry in entries for change in entry.changes]
    assert any(path.startswith("page_signatures/") for path in paths)
    assert path_text(f"page_signatures/{paper}.2.party/name").endswith("第 2 页 当事人 · 名称")


def test_a_discarded_paper_takes_its_signatures_along(record):
    visit, paper = record
    sign(visit, paper, 1, "party", "李代表")
    papers.discard(visit.place, inspection_id=visit.id, paper=paper)
    with visit.place.read() as session:
        assert list(session.scalars(select(PageSignature))) == []


def test_only_forms_that_want_it_are_signed_by_page(visit):
    paper = papers.begin(visit.place, inspection_id=visit.id, form="sampling-record").key
    with pytest.raises(BadInput, match=r"papers\.not_by_page"):
        shown(visit, paper)


def test_an_officer_who_left_is_not_waited_for(record):
    visit, paper = record
    with visit.place.write("test.person") as work:
        work.session.add(Person(id=new_id(), name="王芳", credential="赣C36090003"))
        work.commit()
    change_team(visit.place, inspection_id=visit.id, leaving="赣C36090002", joining="赣C36090003")
    pages = shown(visit, paper)
    assert [each.party for each in pages.open(1)] == [OFFICER, "officer:赣C36090003", "party"]
    assert [each.party for each in pages.signers if each.waits] == ["officer:赣C36090002", "witness"]
