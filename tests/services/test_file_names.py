"""Names of papers: in Chinese, each of its own, none too long for a folder."""

from __future__ import annotations

from datetime import date

from app.services import enforcing, inspecting, issuing, papers, registering
from app.services.enforcing import OrderTerms
from app.services.file_names import fitted_name, free_path
from app.vocabulary import Verdict
from tests.services.conftest import DUTIES, Visit, add_target

WHO = "宜春袁州恒𬭎电器有限公司"


def name_of(visit: Visit, form: str, **about: str) -> str:
    return issuing.print_form(visit.place, form=form, inspection_id=visit.id, **about).file_name


def test_two_visits_and_two_papers_of_a_visit_have_names_of_their_own(laptop, clock):
    target = add_target(laptop)
    first = Visit(laptop, inspecting.start(laptop, duties=DUTIES, assignment_id=target).id)
    talks = [papers.begin(laptop, inspection_id=first.id, form="interview-record").key for _ in range(2)]
    names = [name_of(first, "interview-record", paper=key) for key in talks]
    assert names == [f"{WHO}-询问笔录-2026-08-12-{key[:4]}.pdf" for key in talks]
    clock.move(days=30)
    second = Visit(laptop, inspecting.start(laptop, duties=DUTIES, assignment_id=add_target(laptop)).id)
    assert name_of(first, "inspection-record") == f"{WHO}-检查记录表-2026-08-12.pdf"
    assert name_of(second, "inspection-record") == f"{WHO}-检查记录表-2026-09-11.pdf"


def test_the_histories_of_one_enterprise_have_names_of_their_own(laptop, clock):
    ids = []
    for days in (0, 0, 30):
        clock.move(days=days)
        ids.append(inspecting.start(laptop, duties=DUTIES, assignment_id=add_target(laptop)).id)
    names = [issuing.print_history(laptop, record_id=each).file_name for each in ids]
    days = ["2026-08-12", "2026-08-12", "2026-09-11"]
    assert names == [f"{WHO}-记录履历-{day}-{each[:4]}.pdf" for day, each in zip(days, ids, strict=True)]
    firm = registering.organization_ids(laptop)[0]
    printed = issuing.print_history(laptop, kind="organization", record_id=firm)
    assert printed.file_name == f"{WHO}-记录履历-企业-{firm[:4]}.pdf"


def test_an_order_is_called_by_its_number(visit):
    inspecting.answer(
        visit.place,
        inspection_id=visit.id,
        item=visit.sheet().sections[0].items[0].id,
        verdict=Verdict.NONCONFORMING,
    )
    terms = OrderTerms(requirements="补齐", due_on=date(2026, 9, 1), confirmed_by="彭建华")
    finding = visit.sheet().findings[0].key
    here = {"inspection_id": visit.id}
    key = enforcing.draft_order(visit.place, **here, finding_keys=[finding], terms=terms).key
    assert name_of(visit, "rectification-order", subject_key=key).endswith(f"-2026-08-12-{key[:4]}.pdf")
    enforcing.issue_order(visit.place, **here, key=key, number="袁市监责改〔2026〕17号")
    assert name_of(visit, "rectification-order", subject_key=key) == (
        f"{WHO}-责令改正通知书-2026-08-12-袁市监责改〔2026〕17号.pdf"
    )


def test_a_long_name_is_cut_where_it_is_longest_and_what_systems_refuse_is_replaced():
    name = fitted_name("𬭎" * 300, "责令改正通知书", "袁市监/责改〔2026〕17号")
    assert len(name.encode()) <= 204
    assert name.endswith("-责令改正通知书-袁市监_责改〔2026〕17号.pdf")
    assert fitted_name("", "计划表") == "计划表.pdf"


def test_a_name_that_is_taken_gets_a_number(tmp_path):
    wanted = tmp_path / "表.pdf"
    assert free_path(wanted) == wanted
    wanted.write_bytes(b"1")
    (tmp_path / "表(2).pdf").write_bytes(b"2")
    assert free_path(wanted) == tmp_path / "表(3).pdf"
