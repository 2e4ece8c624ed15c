"""Receipts of service: for orders, letters and every other paper of a visit, filled in from what is served."""

from __future__ import annotations

import pytest

from app.errors import BadInput
from app.models.papers import Paper
from app.services import casework, form_subjects, issuing, papers, serving
from app.vocabulary import PaperStatus
from tests.forms.filling import pages_of, rich_visit
from tests.services.conftest import Visit

RECEIPT = "service-receipt"


@pytest.fixture
def visit(laptop) -> Visit:
    """A visit with an order that was delivered, a referred case and a letter."""
    return rich_visit(laptop)


def begin(visit: Visit, form: str, subject: str = "") -> str:
    return papers.begin(visit.place, inspection_id=visit.id, form=form, subject_key=subject).key


def change(visit: Visit, paper: str, **values: object) -> None:
    with visit.place.write("test.paper") as work:
        row = work.session.get_one(Paper, (visit.id, paper))
        for name, value in values.items():
            setattr(row, name, value)
        work.commit()


def names(visit: Visit) -> list[tuple[str, str]]:
    found = serving.documents_of(visit.place, inspection_id=visit.id)
    return [(each.name, each.addressee) for each in found]


def receipt(visit: Visit, key: str, paper: str | None = None) -> str:
    printed = issuing.print_form(
        visit.place, form=RECEIPT, inspection_id=visit.id, subject_key=key, paper=paper
    )
    return "".join(pages_of(printed.pdf))


def test_everything_that_was_issued_can_be_served_on_whom_it_is_for(visit: Visit) -> None:
    name = "宜春袁州恒𬭎电器有限公司"
    assert names(visit) == [
        ("责令改正通知书 袁市监责改〔2026〕17号", name),
        ("向认证机构通报函 袁函〔2026〕2号", "中衡认证中心有限公司"),
    ]
    (case,) = casework.case_rows(visit.place, inspection_id=visit.id)
    begin(visit, "admonition")
    begin(visit, "criminal-referral", case.key)
    gone = begin(visit, "sampling-record")
    change(visit, gone, status=PaperStatus.VOIDED)
    begin(visit, RECEIPT)
    assert set(names(visit)[2:]) == {("行政告诫（约谈）记录", name), ("涉嫌犯罪案件移送书", "袁州区公安局")}


def test_a_receipt_is_filled_in_from_the_paper_that_is_served(visit: Visit) -> None:
    paper = begin(visit, "admonition")
    number = "袁市监告〔2026〕5号"
    change(visit, paper, number=number)
    text = receipt(visit, f"paper:{paper}")
    for said in ("行政告诫（约谈）记录", number, "宜春袁州恒𬭎电器有限公司", "袁州区工业园12号"):
        assert said in text
    assert "袁市监责改〔2026〕17号" not in text


def test_a_receipt_of_a_letter_has_no_address_of_the_inspected(visit: Visit) -> None:
    (notice,) = casework.notification_rows(visit.place, inspection_id=visit.id)
    text = receipt(visit, f"notification:{notice.key}")
    assert "中衡认证中心有限公司" in text
    assert "工业园" not in text


def test_the_decision_of_a_case_is_served_by_its_number(visit: Visit) -> None:
    (case,) = casework.case_rows(visit.place, inspection_id=visit.id)
    where, day = {"inspection_id": visit.id, "key": case.key}, visit.place.today()
    casework.verify_lead(visit.place, **where, on=day)
    casework.file_case(visit.place, **where, number="袁市监案〔2026〕3号", on=day)
    casework.decide_case(visit.place, **where, on=day, confiscated=0, fine=100, number="袁市监罚〔2026〕3号")
    assert "行政处罚决定书（袁市监罚〔2026〕3号）" in receipt(visit, f"case:{case.key}")


def test_a_receipt_is_kept_about_what_it_serves(visit: Visit) -> None:
    served = begin(visit, "admonition")
    kept = begin(visit, RECEIPT, f"paper:{served}")
    papers.set_field(visit.place, inspection_id=visit.id, paper=kept, name="receiver", value="李芳")
    assert "收件人：李芳" in receipt(visit, f"paper:{served}", kept)
    (row,) = (each for each in papers.paper_rows(visit.place, inspection_id=visit.id) if each.key == kept)
    assert row.subject_key == f"paper:{served}"


def test_an_order_is_known_by_its_own_key_too(visit: Visit) -> None:
    found = form_subjects.subject_rows(visit.place, inspection_id=visit.id, about="document")
    key = found[0].key
    assert key.startswith("order:")
    assert receipt(visit, key.removeprefix("order:")) == receipt(visit, key)


def test_where_nothing_can_be_served_it_says_so(visit: Visit) -> None:
    with pytest.raises(BadInput, match=r"issuing\.no_document"):
        receipt(visit, "paper:none")
