"""One visit cites one law: what was written into an order stands on every paper about its findings."""

import pypdfium2
import pytest

from app.law.library import library
from app.models.enforcement import RectificationOrder
from app.models.inspection import Finding, Inspection
from app.services import enforcing, findings, inspecting, issuing, papers
from app.services.enforcing import OrderTerms
from app.services.finding_law import finding_law
from app.services.lawbook import law_of
from app.services.sheet_rows import FindingRow
from app.vocabulary import Verdict
from tests.services.conftest import Visit

LACKING = "organic-rules-2022/penalties"
DOUBTFUL = "mark-rules/12"
VERIFIED = "accreditation-regulation-2023/24"
WRITTEN = "《有机产品认证管理办法》第三十五条"


def found(visit: Visit, *provisions: str, number: int = 0) -> str:
    """A finding of the first questions, resting on provisions; its key."""
    item = visit.sheet().sections[0].items[number].id
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(visit.place, inspection_id=visit.id, item=item, note=f"台账缺 {number + 3} 页")
    key = inspecting.finding_key(item)
    values = findings.FindingValues(provision=" ".join(provisions), penalty=LACKING)
    findings.update_finding(visit.place, inspection_id=visit.id, key=key, values=values)
    return key


def order(visit: Visit, *keys: str, **terms: str) -> dict[str, str]:
    said = OrderTerms(**{"requirements": "补齐台账", "at_once": True, "confirmed_by": "彭建华", **terms})
    made = enforcing.draft_order(visit.place, inspection_id=visit.id, finding_keys=keys, terms=said)
    return {"inspection_id": visit.id, "key": made.key}


def shown(visit: Visit, key: str) -> FindingRow:
    return next(row for row in visit.sheet().findings if row.key == key)


def printed(visit: Visit, form: str) -> str:
    made = issuing.print_form(visit.place, form=form, inspection_id=visit.id)
    with pypdfium2.PdfDocument(made.pdf) as document:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


@pytest.mark.parametrize("form", ["inspection-record", "random-inspection"])
def test_an_article_written_into_an_order_reaches_the_other_papers(visit, form):
    key = found(visit, LACKING)
    assert "罚则章（条号待核）" in printed(visit, form)
    where = order(visit, key)
    enforcing.cite_order(visit.place, **where, violated=WRITTEN)
    text = printed(visit, form)
    assert WRITTEN in text
    assert "条号待核）" not in text
    assert shown(visit, key).provision_text == WRITTEN
    assert not shown(visit, key).needs_confirmation


def test_a_paper_under_way_is_prefilled_with_it_and_an_issued_one_stays(visit):
    key = found(visit, LACKING)
    where = order(visit, key)
    paper = papers.begin(visit.place, inspection_id=visit.id, form="admonition").key
    assert "条号待核" in matter(visit, paper)
    enforcing.cite_order(visit.place, **where, violated=WRITTEN)
    assert matter(visit, paper) == WRITTEN


def matter(visit: Visit, paper: str) -> str:
    """The provision that an admonition is prefilled with."""
    [row] = papers.shown_rows(papers.paper_sheet(visit.place, inspection_id=visit.id, paper=paper), "matters")
    return row.cells[1].kept


def test_each_finding_of_an_order_gets_its_own(visit):
    one = found(visit, LACKING, VERIFIED)
    other = found(visit, VERIFIED, number=1)
    where = order(visit, one, other)
    regulation = library().cite(VERIFIED)
    short = regulation.replace("中华人民共和国", "")
    assert short != regulation
    enforcing.cite_order(visit.place, **where, violated=f"{short}、{WRITTEN}")
    assert shown(visit, one).provision_text == f"{WRITTEN}；{short}"
    assert shown(visit, other).provision_text == short


def test_a_finding_in_no_order_goes_by_what_an_order_wrote_of_the_same(visit):
    one = found(visit, LACKING)
    other = found(visit, LACKING, DOUBTFUL, number=1)
    where = order(visit, one)
    enforcing.cite_order(visit.place, **where, violated=WRITTEN)
    assert shown(visit, other).provision_text == f"{WRITTEN}；{library().cite(DOUBTFUL)}"
    assert shown(visit, other).needs_confirmation, "of the other provision"
    assert "违反" + WRITTEN + "、" in printed(visit, "random-inspection")
    assert printed(visit, "random-inspection").count("有机产品认证管理办法") == 1


def test_two_orders_that_write_one_provision_differently_keep_their_own(visit):
    one, other = found(visit, LACKING), found(visit, LACKING, number=1)
    for key, text in ((one, WRITTEN), (other, "《有机产品认证管理办法》第三十六条")):
        enforcing.cite_order(visit.place, **order(visit, key), violated=text)
    assert shown(visit, one).provision_text == WRITTEN
    assert shown(visit, other).provision_text == "《有机产品认证管理办法》第三十六条"


def test_what_is_not_verified_is_marked_on_the_record_until_somebody_confirmed_it(visit):
    key, _ = found(visit, DOUBTFUL), found(visit, VERIFIED, number=1)
    text = printed(visit, "inspection-record")
    marked = f"{library().cite(DOUBTFUL)}（待核对）"
    assert marked in text
    assert f"{library().cite(VERIFIED)}（待核对）" not in text
    assert "注：标“待核对”的依据" in text
    order(visit, key)
    text = printed(visit, "inspection-record")
    assert marked not in text, "confirmed by name as the order was drafted"
    assert "注：标“待核对”的依据" not in text


def test_an_order_that_nobody_confirmed_takes_no_mark_away(visit):
    key = found(visit, DOUBTFUL)
    where = order(visit, key)
    with visit.place.write("test.unconfirmed") as work:
        work.session.get_one(RectificationOrder, tuple(where.values())).confirmed_by = ""
        work.commit()
    assert f"{library().cite(DOUBTFUL)}（待核对）" in printed(visit, "inspection-record")


def test_penalties_are_cited_as_the_order_bases_itself(visit):
    key = found(visit, VERIFIED)
    where = order(visit, key)
    enforcing.cite_order(visit.place, **where, basis="《有机产品认证管理办法》第四十八条")
    with visit.place.read() as session:
        finding = session.get_one(Finding, (visit.id, key))
        rests = finding_law(session, law_of(visit.place, session.get_one(Inspection, visit.id)), [finding])
        assert [each.text for each in rests.penalties(finding)] == ["《有机产品认证管理办法》第四十八条"]
        assert [each.text for each in rests.duties(finding)] == [library().cite(VERIFIED)]
