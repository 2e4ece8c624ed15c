"""The forms that ship: blank, filled from a real record, refused and absent, long, and as the notices have them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from app import wording
from app.files import resource
from app.forms.catalog import forms, read_folder
from app.forms.fonts import unprintable
from app.forms.schema import Form, Grid, Table
from app.forms.template import holds
from app.services import evidence, issuing, numbering, papers, planning, registering
from app.services.workplace import Workplace
from app.vocabulary import InspectionType
from tests.forms.filling import RARE, fill_all, pages_of, rich_visit, states_of
from tests.services.conftest import Visit, add_target

PAPERS = [form for form in forms().values() if form.kept]
VARIANTS = [(form.id, state) for form in PAPERS for state in states_of(form)]
EACH_PAGE = [form.id for form in PAPERS if form.each_page is not None]
OFFICIAL = {"inspection-record", "random-inspection", "demonstration-enterprise", "plan-table"}
"""Forms whose original was read whole."""
OWN = {"checklist", "evidence-sheet", "record-history"}
"""Layouts of the program's own, which have no original."""


@pytest.fixture
def visit(laptop: Workplace) -> Visit:
    """A visit with everything that papers can be about."""
    return rich_visit(laptop)


def begun(visit: Visit, form: str) -> str:
    return papers.begin(visit.place, inspection_id=visit.id, form=form).key


def pages(visit: Visit, form: str, paper: str | None = None) -> list[str]:
    return pages_of(issuing.print_form(visit.place, form=form, inspection_id=visit.id, paper=paper).pdf)


def printed_labels(form: Form) -> Iterator[str]:
    """Every label and column title that a blank copy has."""
    for block in (*form.blocks, *([form.each_page] if form.each_page else [])):
        if isinstance(block, Grid) and holds({"blank": True}, block.when):
            for row in block.rows:
                if holds({"blank": True}, row.when):
                    yield row.group
                    yield from (cell.label or (cell.sign.title if cell.sign else "") for cell in row.cells)
        if isinstance(block, Table) and holds({"blank": True}, block.when):
            yield from (column.title for column in block.columns)


def plain(text: str) -> str:
    """A text as it is read back: without templates and white space."""
    return "".join(re.sub(r"<[^>]*>|\{[^}]*\}", "", text).split())


def test_every_form_loads_and_says_where_it_comes_from():
    found, problems = read_folder(resource("forms"))
    assert problems == []
    assert all(form.source and form.title for form in found.values())
    assert len(found) == 19


@pytest.mark.parametrize("path", sorted(resource("forms").glob("*.toml")), ids=lambda path: path.stem)
def test_every_character_has_a_glyph_and_no_article_is_recalled(path):
    text = path.read_text("utf8")
    assert unprintable(text) == []
    assert re.findall(r"第[一二三四五六七八九十百零\d]+条", text) == []


@pytest.mark.parametrize("form", forms().values(), ids=lambda form: form.id)
def test_what_was_not_read_in_the_original_is_marked(form):
    assert bool(form.unverified_fields) is (form.id not in OFFICIAL | OWN)


@pytest.mark.parametrize("form", [form for form in forms().values() if form.about != "record"])
def test_a_blank_copy_has_every_label(form):
    text = "".join(pages_of(issuing.print_blank(form=form.id).pdf))
    for label in printed_labels(form):
        assert plain(label) in text
    for entry in form.entries:
        if entry.kind == "choice" and not entry.id.endswith("_state"):
            assert sum(word in text for word in entry.words.values()) >= 1


@pytest.mark.parametrize("name, state", VARIANTS)
def test_everything_that_was_filled_in_is_on_the_paper(visit, name, state):
    form = forms()[name]
    paper = begun(visit, name)
    answers = fill_all(visit, paper, state=state)
    sheet = papers.paper_sheet(visit.place, inspection_id=visit.id, paper=paper)
    assert sheet.missing == ()
    text = "".join(pages(visit, name, paper))
    for answer in answers:
        assert answer.shown in text, answer.path
    assert "草稿" in text
    assert ("拒绝签名。" in text) is (state == "refused")
    assert ("不在现场。" in text) is (state == "absent")
    number = "袁市监字〔2026〕9号" if numbering.numbered_by_paper(form) else ""
    papers.issue(visit.place, inspection_id=visit.id, paper=paper, number=number)
    issued = "".join(pages(visit, name, paper))
    assert number in issued
    assert "草稿" not in issued


@pytest.mark.parametrize("name", [form.id for form in PAPERS])
def test_long_texts_flow_and_nothing_is_lost(visit, name):
    long = "".join(chr(0x4E00 + number) for number in range(1800)) + RARE
    paper = begun(visit, name)
    fill_all(visit, paper, state="refused", long=long)
    found = pages(visit, name, paper)
    assert len(found) > 1
    assert set(long) <= set("".join(found))


@pytest.mark.parametrize("name", EACH_PAGE)
def test_signatures_stay_with_every_page(visit, name):
    form = forms()[name]
    paper = begun(visit, name)
    fill_all(visit, paper, state="signed", long="问清台账。" * 400)
    found = pages(visit, name, paper)
    titles = [plain(cell.sign.title) for row in form.each_page.rows for cell in row.cells]
    assert len(found) > 1
    for number, page in enumerate(found, 1):
        assert all(page.count(title) == 1 for title in titles)
        assert (f"{form.title}（续页）" in page) is (number > 1)


@pytest.mark.parametrize(
    "name, title",
    [
        ("case-source", "负责人意见及签名："),
        ("service-receipt", "送达人（两人）："),
        ("criminal-referral", "上述案件材料已收到。"),
    ],
)
def test_a_signature_is_never_alone_on_its_page(visit, name, title):
    for length in range(200, 1600, 350):
        paper = begun(visit, name)
        fill_all(visit, paper, state="", long="情" * length)
        found = pages(visit, name, paper)
        papers.discard(visit.place, inspection_id=visit.id, paper=paper)
        signed = [page for page in found if title in page]
        assert len(signed) == 1
        assert "情" in signed[0] or "填" in signed[0]


def test_the_photos_of_a_visit_stand_four_to_a_page_with_their_hash(visit):
    found = pages(visit, "evidence-sheet")
    rows = evidence.rows(visit.place, inspection_id=visit.id)
    assert (len(rows), len(found)) == (5, 2)
    for row in rows:
        assert row.file_name in "".join(found)
        assert row.sha256[:16].upper() in "".join(found)
    assert all("制作人（签名）" in page for page in found)


def in_order(text: str, *parts: str) -> bool:
    """Whether the parts stand in the text one after the other."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def test_the_recommendation_is_worded_as_the_annex_of_zhejiang(office):
    blank = "".join(pages_of(issuing.print_blank(form="demonstration-enterprise").pdf))
    words = (
        "附件2：", "认证示范企业推荐表", "年度）", "推荐单位（公章）：", "推荐企业", "所在地区", "企业地址",
        "邮政编码", "主要产品", "联系人", "联系电话", "认证类型", "证书有效期", "推荐理由：", "填表人：", "审核人：",
        "填报时间：",
    )  # fmt: skip
    assert in_order(blank, *words)
    add_target(office)
    organization = registering.organization_ids(office)[0]
    values = {"year": "2026", "reason": f"质量管理{RARE}扎实", "filled_on": "2026-08-12"}
    printed = issuing.print_asked(
        office, form="demonstration-enterprise", record_id=organization, values=values
    )
    text = "".join(pages_of(printed.pdf))
    for word in (
        "（2026年度）",
        "宜春袁州恒𬭎电器有限公司",
        "强制性产品认证",
        "真空吸尘器",
        "扎实",
        "2026年8月12日",
    ):
        assert word in text
    assert printed.pages == 1


def test_the_plan_table_has_the_columns_of_shanghai_and_the_plans_own_lines(office):
    words = ("附件1", "年认证监管工作计划表", "序号", "检查类型", "检查时间", "抽取对象", "实施、配合部门")
    assert in_order("".join(pages_of(issuing.print_blank(form="plan-table").pdf)), *words)
    plan = planning.add_plan(office, title="2026年认证监管", year=2026).id
    planning.add_task(
        office, plan_id=plan, title="有机产品认证获证组织随机抽查", inspection_type=InspectionType.ORGANIC_ORG,
        scope=f"全市15家有机产品获证组织{RARE}", own_deadline=date(2026, 10, 31),
    )  # fmt: skip
    values = {"lines.p1.time": "2—4季度", "lines.p1.offices": "各区市场监管部门"}
    text = "".join(
        pages_of(issuing.print_asked(office, form="plan-table", record_id=plan, values=values).pdf)
    )
    assert in_order(
        text,
        "2026年认证监管工作计划表",
        "1",
        "有机产品认证获证组织随机抽查",
        "2—4季度",
        "全市15家",
        "各区市场",
    )


def test_the_random_inspection_sheet_has_the_choices_of_the_system(visit):
    text = "".join(pages_of(issuing.print_blank(form="random-inspection").pdf))
    entries = {entry.id: entry for entry in forms()["random-inspection"].entries}
    for name in ("method", "next"):
        assert in_order(text, *entries[name].words.values())
    assert in_order(
        text, "未发现违法行为", "查无下落", "已关闭停业或正在清算", "不予配合情节严重", "违反其他部门相关规定"
    )


def test_the_receipt_offers_the_ways_of_delivery_that_an_order_knows():
    method = forms()["service-receipt"].entry("method")
    assert method.words == dict(wording.labels("delivery_method"))


def test_the_receipt_and_the_reinspection_know_their_order(visit):
    receipt = "".join(pages(visit, "service-receipt"))
    assert in_order(receipt, "责令改正通知书（袁市监责改〔2026〕17号）", "直接送达", "收件人：王伟")
    again = "".join(pages(visit, "follow-up-record"))
    for word in ("袁市监责改〔2026〕17号", f"核对{RARE}产品", "供货方延误", "2026年9月10日", "电源适配器"):
        assert word in again


def test_the_referral_and_the_letter_know_their_case_and_body(visit):
    letter = "".join(pages(visit, "criminal-referral"))
    assert in_order(letter, "袁州区公安局：", "宜春袁州恒𬭎电器有限公司", "成品库有40台未认证")
    notice = "".join(pages(visit, "body-notification"))
    assert in_order(
        notice, "袁函〔2026〕2号", "中衡认证中心有限公司", "持证组织产品与证书不一致", "2024010708696171"
    )
