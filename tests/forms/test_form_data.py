"""The forms that ship: blank, filled from a real record, refused and absent, long, and as the notices have them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app import wording
from app.files import resource
from app.forms.catalog import forms, read_folder
from app.forms.fonts import unprintable
from app.forms.render import render
from app.forms.schema import Form, Grid, Table
from app.forms.template import holds
from app.services import (
    enforcing,
    evidence,
    inspecting,
    issuing,
    numbering,
    papers,
    planning,
    registering,
)
from app.services.enforcing import OrderTerms
from app.services.form_checklist import answered_checklist
from app.services.form_registry import registry_data
from app.services.form_values import fill_in, missing, printed
from app.services.history_paper import history_data
from app.services.workplace import Workplace
from app.vocabulary import DeliveryMethod, FollowUpResult, InspectionType, Verdict
from tests.conftest import FakeClock, open_copy
from tests.forms.filling import RARE, Answer, fill_all, fill_kept, pages_of, rich_visit, states_of
from tests.services.conftest import Visit, add_target

PAPERS = [form for form in forms().values() if form.kept]
VARIANTS = [(form.id, state) for form in PAPERS for state in states_of(form)]
EACH_PAGE = [form.id for form in PAPERS if form.each_page is not None]
OF_VISIT = {"inspection", "order", "document", "follow_up", "case", "notification", "evidence"}
OFFICIAL = {"inspection-record", "random-inspection", "demonstration-enterprise", "plan-table"}
"""Forms whose original was read whole."""
OWN = {"checklist", "evidence-sheet", "record-history"}
"""Layouts of the program's own, which have no original."""


@pytest.fixture(scope="module")
def home(laptop_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A laptop's home with a visit that has everything that papers can be about, and the visit's id."""
    folder = tmp_path_factory.mktemp("rich") / "laptop"
    with opened(laptop_template, folder) as place:
        return folder, rich_visit(place).id


@pytest.fixture(scope="module")
def visit(home: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The visit, to be read: no test here begins a paper on it."""
    with opened(home[0], tmp_path_factory.mktemp("read") / "laptop") as place:
        yield Visit(place, home[1])


@pytest.fixture
def own_visit(home: tuple[Path, str], tmp_path: Path) -> Iterator[Visit]:
    """A copy of the visit for one test alone."""
    with opened(home[0], tmp_path / "laptop") as place:
        yield Visit(place, home[1])


@contextmanager
def opened(template: Path, folder: Path) -> Iterator[Workplace]:
    """A copy of a home, opened on the day of the visit."""
    clock = FakeClock(datetime(2026, 8, 12, 1, 30, tzinfo=UTC))
    with pytest.MonkeyPatch.context() as patch, open_copy(template, folder, clock, patch) as place:
        yield place


@pytest.fixture(scope="module")
def bound(visit: Visit) -> Callable[[Form], dict[str, object]]:
    """What a form about the visit, or something in it, is filled from."""
    with visit.place.read() as session:
        base = issuing.visit_base(visit.place, session, visit.id)

    def data_of(form: Form) -> dict[str, object]:
        with visit.place.read() as session:
            return issuing.form_data(visit.place, session, form, base)

    return data_of


Filling = Callable[..., tuple[list[str], list[Answer]]]


@pytest.fixture(scope="module")
def filled(bound) -> Filling:
    """A paper with everything filled in beside the store: its pages, and what stands in it."""

    def fill(name: str, *, state: str, long: str = "") -> tuple[list[str], list[Answer]]:
        form, out = forms()[name], io.BytesIO()
        data = bound(form)
        kept, answers = fill_kept(form, data, state=state, long=long)
        assert not missing(fill_in(form, kept, data))
        render(form, {**data, "paper": printed(fill_in(form, kept, data))}, out)
        return pages_of(out.getvalue()), answers

    return fill


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


@pytest.mark.parametrize("name", [form.id for form in PAPERS])
def test_everything_that_was_filled_in_is_on_the_paper(own_visit, name):
    form, visit = forms()[name], own_visit
    paper = begun(visit, name)
    answers = fill_all(visit, paper, state=states_of(form)[0])
    sheet = papers.paper_sheet(visit.place, inspection_id=visit.id, paper=paper)
    assert not sheet.missing
    text = "".join(pages(visit, name, paper))
    for answer in answers:
        assert answer.shown in text, answer.path
    assert "草稿" in text
    number = "袁市监字〔2026〕9号" if numbering.numbered_by_paper(form) else ""
    papers.issue(visit.place, inspection_id=visit.id, paper=paper, number=number)
    issued = "".join(pages(visit, name, paper))
    assert number in issued
    assert "草稿" not in issued


@pytest.mark.parametrize("name, state", VARIANTS)
def test_every_variant_has_everything_that_was_filled_in(filled, name, state):
    found, answers = filled(name, state=state)
    text = "".join(found)
    for answer in answers:
        assert answer.shown in text, answer.path
    assert ("拒绝签名。" in text) is (state == "refused")
    assert ("不在现场。" in text) is (state == "absent")


@pytest.mark.parametrize("name", [form.id for form in PAPERS])
def test_long_texts_flow_and_nothing_is_lost(filled, name):
    long = "".join(chr(0x4E00 + number) for number in range(1800)) + RARE
    found, _ = filled(name, state="refused", long=long)
    assert len(found) > 1
    assert set(long) <= set("".join(found))


@pytest.mark.parametrize("name", EACH_PAGE)
def test_signatures_stay_with_every_page(filled, name):
    form = forms()[name]
    found, _ = filled(name, state="signed", long="问清台账。" * 400)
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
def test_a_signature_is_never_alone_on_its_page(filled, name, title):
    for length in range(200, 1600, 350):
        found, _ = filled(name, state="", long="情" * length)
        signed = [page for page in found if title in page]
        assert len(signed) == 1
        assert "情" in signed[0] or "填" in signed[0]


def test_a_party_who_was_not_there_is_not_asked_on_paper(visit, bound):
    form, out = forms()["on-site-record"], io.BytesIO()
    data = bound(form)
    kept = {"present": "no", "party_state": "absent", "party_name": "王伟", "party_reason": "外出"}
    render(form, {**data, "paper": printed(fill_in(form, kept, data))}, out)
    text = "".join(pages_of(out.getvalue()))
    assert "王伟不在现场。原因：外出。" in text
    assert [word in text for word in ("你是否看清", "陈述和申辩", "请你核对", "现场情况")] == [
        False,
        False,
        False,
        True,
    ]


SELDOM = {
    "corrections",
    "checklist.concludes",
    "checklist.starred",
    "photos.original",
    "photos.original_hash",
}
"""What this visit has not: it is not finished, its checklist has neither starred items nor rules, no photo is a marked copy."""


def lacking(form: Form, data: Mapping[str, object]) -> set[str]:
    """The keys that a form declares and the record does not give; a list is asked for its first row."""
    return {
        key
        for key in form.fields
        if key.removesuffix(".").partition(".")[0] not in SELDOM and not given(data, key)
    } - SELDOM


def given(data: object, key: str) -> bool:
    """Whether there is such a key, though nothing may stand there."""
    for name in key.split("."):
        if isinstance(data, list):
            data = data[0] if data else None
        if not isinstance(data, Mapping) or name not in data:
            return False
        data = data[name]
    return True


@pytest.mark.parametrize(
    "form", [form for form in forms().values() if form.about in OF_VISIT], ids=lambda form: form.id
)
def test_the_record_gives_every_field_that_a_form_declares(bound, form):
    assert lacking(form, bound(form)) == set()


def test_organizations_plans_and_histories_give_every_field_that_their_forms_declare(visit, office):
    add_target(office)
    planning.add_plan(office, title="2026年认证监管", year=2026)
    plan = planning.plan_rows(office)[0].id
    planning.add_task(
        office, plan_id=plan, title="抽查", inspection_type=InspectionType.ORGANIC_ORG, scope="全市"
    )
    records = {"organization": registering.organization_ids(office)[0], "plan": plan}
    with office.read() as session:
        for form in forms().values():
            if form.about in records:
                data = registry_data(office, session, form.about, records[form.about])
                assert lacking(form, data) == set()
    history = history_data(visit.place, kind="inspection", record_id=visit.id)
    assert lacking(forms()["record-history"], history) <= {
        key for key in forms()["record-history"].fields if "handovers." in key
    }


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


def test_the_random_inspection_sheet_begins_with_the_parts_of_the_checklist_and_what_was_found(visit):
    first, second, *_ = visit.sheet().sections
    wrong = first.items[0].id
    for item, verdict in ((wrong, Verdict.NONCONFORMING), (second.items[0].id, Verdict.CONFORMING)):
        inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=verdict)
    shown = visit.sheet()
    (finding,) = shown.findings
    matters = answered_checklist(shown)["matters"]
    assert [each["name"] for each in matters] == [each.title for each in shown.sections if each.items]
    assert [each["checked"] for each in matters] == ["yes", "yes", *["no"] * (len(matters) - 2)]
    assert [each["found"] for each in matters] == [finding.description, *[""] * (len(matters) - 1)]
    assert matters[0]["handled"] == wording.label("disposition", finding.disposition)
    printed = issuing.print_form(visit.place, form="random-inspection", inspection_id=visit.id)
    text = "".join(pages_of(printed.pdf))
    assert in_order(text, first.title, finding.description, matters[0]["handled"], second.title)


def test_the_receipt_offers_the_ways_of_delivery_that_an_order_knows():
    method = forms()["service-receipt"].entry("method")
    assert method.words == dict(wording.labels("delivery_method"))


def test_the_receipt_and_the_reinspection_know_their_order(visit):
    receipt = "".join(pages(visit, "service-receipt"))
    assert in_order(receipt, "责令改正通知书（袁市监责改〔2026〕17号）", "直接送达", "收件人：王伟")
    again = "".join(pages(visit, "follow-up-record"))
    for word in ("袁市监责改〔2026〕17号", f"核对{RARE}产品", "供货方延误", "2026年9月10日", "电源适配器"):
        assert word in again


def test_a_short_record_of_a_visit_is_one_page_and_an_empty_one_two(visit):
    assert len(pages(visit, "on-site-record")) == 1
    assert issuing.print_blank(form="on-site-record").pages == 2


def test_the_facts_of_an_order_end_with_one_full_stop(visit, bound):
    form, out = forms()["rectification-order"], io.BytesIO()
    assert "电源适配器实物与证书附件不一致。上述行为" in "".join(pages(visit, form.id))
    data = bound(form)
    render(form, {**data, "order": {**data["order"], "facts": "台账不全。"}}, out)
    assert "台账不全。上述行为" in "".join(pages_of(out.getvalue()))


def test_a_phone_whose_owner_nobody_knows_has_room_for_the_name_before_it(bound):
    form, out = forms()["random-inspection"], io.BytesIO()
    data = bound(form)
    unknown = {**data["organization"], "legal_representative": "", "phone": "0795-3216600"}
    render(form, {**data, "paper": printed(fill_in(form, {}, data)), "organization": unknown}, out)
    assert "＿＿＿＿＿＿（0795-3216600）" in "".join(pages_of(out.getvalue()))


def test_a_document_left_with_a_witness_asks_for_nobody_who_took_it():
    form = forms()["service-receipt"]
    data = {"document": {"received_by": "王伟"}}
    asked = {
        way: "receiver" in printed(fill_in(form, {"method": way}, data))
        for way in ("direct", "left_with_witness")
    }
    assert asked == {"direct": True, "left_with_witness": False}


def test_a_reinspection_goes_through_what_its_own_order_wants_mended_by_its_term(own_visit):
    here = {"inspection_id": own_visit.id}
    former = own_visit.sheet().findings[0].description
    item = own_visit.sheet().sections[1].items[0].id
    inspecting.answer(own_visit.place, **here, item=item, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(own_visit.place, **here, item=item, note="出厂检验记录缺八月七日一批")
    finding = next(each.key for each in own_visit.sheet().findings if each.item == item)
    terms = OrderTerms(
        requirements="补齐记录", at_once=True, confirmed_by="彭建华",
        violated="《中华人民共和国产品质量法》第十二条", basis="《中华人民共和国行政处罚法》第二十八条",
    )  # fmt: skip
    drafted = enforcing.draft_order(own_visit.place, **here, finding_keys=[finding], terms=terms)
    order = {**here, "key": drafted.key}
    enforcing.issue_order(own_visit.place, **order, number="袁市监责改〔2026〕18号")
    served = {"on": own_visit.place.today(), "method": DeliveryMethod.DIRECT, "received_by": "王伟"}
    enforcing.deliver_order(own_visit.place, **order, **served)
    done = enforcing.follow_up(
        own_visit.place, **here, order_key=drafted.key, on=own_visit.place.today(),
        result=FollowUpResult.PASSED, note="已补齐",
    )  # fmt: skip

    def told(key: str | None) -> str:
        form = {"form": "follow-up-record", "subject_key": key}
        return "".join(pages_of(issuing.print_form(own_visit.place, **here, **form).pdf))

    [again] = [row.key for row in enforcing.follow_up_rows(own_visit.place, **here) if row.key != done.key]
    assert "电源适配器" in former
    first, second = told(again), told(done.key)
    assert ("电源适配器" in first, "出厂检验记录缺" in first) == (True, False)
    assert ("电源适配器" in second, "出厂检验记录缺" in second) == (False, True)
    assert "改正期限立即改正原检查日期" in second
    assert "改正期限2026年9月10日原检查日期" in first


def test_the_referral_and_the_letter_know_their_case_and_body(visit):
    letter = "".join(pages(visit, "criminal-referral"))
    assert in_order(letter, "袁州区公安局：", "宜春袁州恒𬭎电器有限公司", "成品库有40台未认证")
    notice = "".join(pages(visit, "body-notification"))
    assert in_order(
        notice, "袁函〔2026〕2号", "中衡认证中心有限公司", "持证组织产品与证书不一致", "2024010708696171"
    )
