"""The work summary of the hand-made small year: each number, the document, and an office's own template.

The reasons for the numbers stand beside the rows of ``tests/statistics/small_year.py`` and its test.
"""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from sqlalchemy import delete, update

from app.errors import BadInput
from app.models.enforcement import Case, RectificationOrder
from app.models.inspection import Finding, Inspection
from app.services import planning, summarizing
from app.services.workplace import Workplace
from app.statistics import summary_words
from app.statistics.period import Period
from app.statistics.summary import FIGURES, year_before
from app.statistics.word_template import template_problems
from app.vocabulary import InspectionType, Severity
from app.wording import sentence
from tests.statistics.small_year import FIRST, LAST, small_year

ROOT = Path(__file__).resolve().parents[2]
DAYS = {"period_from": FIRST, "period_to": LAST}

# The year's numbers over CCC producers and organic organizations together.
NUMBERS = {
    "visits": 14,  # v01–v11, g1–g3; l1 in conflict, l2 a draft, l3 returned, x1 and x2 outside
    "subjects": 11,  # toys, wire, parts, gone, maker, bike, twins (one code), plough, alarm, tea, rice
    "officers": 30,  # two each, three on v02 and g2; the expert of v02 is none
    "nonconforming": 5,  # toys, wire, maker, alarm, tea; bike's finding is against the body, parts' unconfirmed
    "findings": 6,  # those five and the one against the body
    "orders_issued": 8,  # v03 ×2, v04, v06, v10, v11, x1's in January, g2; the draft and l1's are none
    "orders_closed": 4,  # v03's first, v04, x1's, g2; v03's second was closed on 5 August
    "orders_overdue": 1,  # v06's, due in May: set below
    "orders_extended": 0,
    "orders_escalated": 0,
    "cases_filed": 4,  # v06, v11 ×2, g2; v03's a day late, x1's last year
    "cases_decided": 3,  # v06, v11, and x1's in February
    "cases_referred": 1,  # v11's; v04's was never filed
    "fines": 4_234_540,
    "confiscated": 234_540,
    "goods_value": 5_300_000,
    "notified": 4,  # v03 ×2, v08, v09; v10's on 1 August
    "reported": 3,  # g2, g3 ×2
}


@pytest.fixture
def year(office: Workplace) -> Workplace:
    small_year().write(office)
    with office.write("test.due") as work:
        due = update(RectificationOrder).values(due_on=date(2026, 5, 20))
        work.session.execute(due.where(RectificationOrder.inspection_id == "v06"))
        for visit, item in (("v01", "3.1"), ("v03", "3.1@a1"), ("v11", "2.2")):
            found = update(Finding).where(Finding.inspection_id == visit)
            work.session.execute(found.values(item=item, severity=Severity.CRITICAL))
        work.session.execute(
            update(Inspection).values(checklist_id="ccc-producer", checklist_version="2026-1")
        )
        work.commit()
    return office


def plan_of(place: Workplace) -> str:
    """A plan over both types of the year; three producers are asked, eight organic ones."""
    plan = planning.add_plan(place, title="2026 年认证专项检查", year=2026, document="宜市监认〔2026〕3号").id
    for title, kind, required in (
        ("CCC", InspectionType.CCC_PRODUCER, 3),
        ("有机", InspectionType.ORGANIC_ORG, 8),
    ):
        task = planning.add_task(
            place, plan_id=plan, title=title, inspection_type=kind, required_count=required,
            own_deadline=date(2026, 8, 1), superior_deadline=date(2026, 8, 31),
        ).key  # fmt: skip
        with place.write("test.task") as work:
            ids = ("v01", "v02", "v03", "v11") if title == "CCC" else ("g1", "g2")
            of_task = update(Inspection).where(Inspection.id.in_(ids))
            work.session.execute(of_task.values(plan_id=plan, task_key=task))
            work.commit()
    return plan


def text_of(path: Path) -> str:
    document = Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_every_number_of_the_year(year: Workplace) -> None:
    facts = summarizing.summary(year, plan_id=plan_of(year), **DAYS).facts
    assert {name: facts.figures[name].value for name in FIGURES} == NUMBERS
    assert {each.reason: each.inspections.records for each in facts.left_out} == {
        "draft": ("l2",),
        "in_conflict": ("l1",),
        "returned": ("l3",),
    }
    lines = {each.inspection_type: each for each in facts.types}
    assert [each.visits.value for each in lines.values()] == [11, 3]
    assert lines[InspectionType.ORGANIC_ORG].subjects.value == 2


def test_each_number_names_its_inspections(year: Workplace) -> None:
    figures = summarizing.summary(year, plan_id=plan_of(year), **DAYS).facts.figures
    assert figures["orders_overdue"].records == ("v06",)
    assert set(figures["cases_decided"].records) == {"v06", "v11", "x1"}
    assert set(figures["nonconforming"].records) == {"v01", "v03", "v06", "v11", "g2"}
    assert len(figures["visits"].records) == 14


def test_the_items_found_most_often_join_copies_of_a_section(year: Workplace) -> None:
    problems = summarizing.summary(year, plan_id=plan_of(year), **DAYS).facts.problems
    assert problems[0].found.records == ("v01", "v03")
    assert [each.found.value for each in problems] == [2, 1]
    assert problems[0].title  # the checklist's own text


def test_typical_cases_go_by_weight_and_tell_of_an_enterprise_once(year: Workplace) -> None:
    stories = summarizing.summary(year, plan_id=plan_of(year), **DAYS).facts.stories
    # referred first; then decided by money: toys 20,000 and maker 12,345.40; then filed: the laboratory
    # in July and tea a day later. The critical findings of wire find no place any more.
    assert [(each.record_id, each.subject_name) for each in stories] == [
        ("v11", "高安消防器材厂"),
        ("x1", "宜春童乐玩具厂"),
        ("v06", "袁州无名插座作坊"),
        ("v11", "赣江电线电缆检测站"),
        ("g2", "靖安有机茶场"),
    ]


def test_a_story_names_the_filing_and_the_decision_each_by_its_own_number(year: Workplace) -> None:
    with year.write("test.numbers") as work:
        numbered = update(Case).where(Case.inspection_id == "x1")
        work.session.execute(
            numbered.values(number="宜市监案〔2025〕9号", decision_number="宜市监罚〔2026〕2号")
        )
        work.commit()
    told = summary_words.spoken(summarizing.summary(year, plan_id=plan_of(year), **DAYS))["典型案例"]
    (outcome,) = [each["结果"] for each in told if each["当事人"] == "宜春童乐玩具厂"]
    assert (
        "2025年12月20日立案（宜市监案〔2025〕9号）、2026年2月2日作出处罚决定（宜市监罚〔2026〕2号）"
        in outcome
    )


def test_a_story_without_a_case_says_what_was_ordered_or_that_nothing_was(year: Workplace) -> None:
    with year.write("test.cases") as work:
        work.session.execute(delete(Case))
        work.commit()
    told = summary_words.spoken(summarizing.summary(year, plan_id=plan_of(year), **DAYS))["典型案例"]
    assert {each["当事人"]: each["结果"] for each in told} == {
        "宜春童乐玩具厂": "至期末没有开出责令改正通知书",  # v01
        "袁州恒𬭎电缆有限公司": "已责令改正（责改〔2026〕0305号、责改〔2026〕0401号）",  # both orders of v03
        "高安消防器材厂": "已责令改正（责改〔2026〕0603号）",  # v11
    }


def test_gaps_stand_against_the_quota_and_both_deadlines(year: Workplace) -> None:
    ccc, organic = summarizing.summary(year, plan_id=plan_of(year), **DAYS).tasks
    assert (ccc.required, ccc.done, ccc.remaining) == (3, 3, 0)  # toys twice, wire, alarm
    assert ccc.records == ("v01", "v03", "v02", "v11")
    assert (organic.done, organic.remaining, organic.superior_deadline) == (1, 7, date(2026, 8, 31))
    said = [summary_words.standing(each, year.today()) for each in (ccc, organic)]
    assert said == ["done", "late_own"]


def test_the_year_before_is_compared_day_by_day_or_not_known(year: Workplace) -> None:
    assert year_before(Period(date(2024, 2, 29), date(2024, 12, 31))).first == date(2023, 2, 28)
    plan = plan_of(year)
    assert not summarizing.summary(year, plan_id=plan, **DAYS).former.known
    later = summarizing.summary(year, plan_id=plan, period_from=date(2027, 1, 1), period_to=date(2027, 7, 31))
    assert later.former.figures["visits"].value == 14
    told = {row["项目"]: row for row in summary_words.spoken(later)["同比"]}
    assert (told["检查（家次）"]["上年"], told["检查（家次）"]["增减"]) == (14, "减少14（-100.0%）")
    assert told["罚没金额（万元）"]["上年"] == "4.47"


def test_a_plan_without_days_covers_its_year_as_far_as_it_has_come(year: Workplace) -> None:
    facts = summarizing.summary(year, plan_id=plan_of(year)).facts
    assert (facts.period.first, facts.period.last) == (FIRST, date(2026, 8, 12))
    assert facts.figures["visits"].value == 15  # x2, of 1 August


def test_every_placeholder_has_a_value_and_every_value_a_placeholder(year: Workplace) -> None:
    told = summary_words.spoken(summarizing.summary(year, plan_id=plan_of(year), **DAYS))
    known = summary_words.schema()
    assert told.keys() == known.keys()
    for name, columns in known.items():
        for row in told[name] if columns is not None else ():
            assert row.keys() == columns.keys()


def test_the_document_says_the_numbers(year: Workplace, tmp_path: Path) -> None:
    written = summarizing.write_summary(year, plan_id=plan_of(year), out=tmp_path / "工作总结.docx", **DAYS)
    assert not written.own_template
    text = text_of(written.path)
    for said in (
        "2026 年认证专项检查工作总结",
        "2026年1月1日至2026年7月31日，宜春市市场监督管理局",
        "共检查 11 家（14 家次），出动监管执法人员 30 人次，发现不符合 5 家、6 项",
        "责令改正通知书 8 份，其中已复查通过 4 份、到期未改 1 份",
        "罚没 4.47 万元（其中罚款 4.23 万元、没收 0.23 万元），案值 5.30 万元",
        "（一）高安消防器材厂",
        "移送司法机关",
        "没有上年同期的检查数据，不作比较",
        "逾本级期限",
        "2026年8月12日",
    ):
        assert said in text, said
    assert "{" not in text
    assert "表4" not in text


def test_what_people_wrote_is_text_in_the_document(year: Workplace, tmp_path: Path) -> None:
    with year.write("test.names") as work:
        named = update(Finding).values(description="电缆<A&B>{{ 单位 }}\n第二行\x07")
        work.session.execute(named)
        work.commit()
    with year.write("test.cases") as work:
        from app.models.enforcement import Case

        work.session.execute(update(Case).values(facts="标称<b>&amp;{{ 单位 }}\n第二行\x07"))
        work.commit()
    written = summarizing.write_summary(year, plan_id=plan_of(year), out=tmp_path / "a.docx", **DAYS)
    assert "标称<b>&amp;{{ 单位 }}\n第二行" in text_of(written.path)


def template(path: Path, *paragraphs: str, rows: tuple[str, ...] = ()) -> Path:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=1)
        for row, text in zip(table.rows, rows, strict=True):
            row.cells[0].text = text
    document.save(str(path))
    return path


def test_an_offices_own_template_takes_the_place_of_the_shipped_one(year: Workplace, tmp_path: Path) -> None:
    own = template(
        tmp_path / "本局.docx",
        "{{ 单位 }}今年查了 {{ 检查家次 }} 家次",
        rows=("{%tr for 类 in 按类型 %}", "{{ 类.类型 }}：{{ 类.家次 }}", "{%tr endfor %}"),
    )
    summarizing.import_template(year, path=own)
    written = summarizing.write_summary(year, plan_id=plan_of(year), out=tmp_path / "b.docx", **DAYS)
    assert written.own_template
    assert "宜春市市场监督管理局今年查了 14 家次" in text_of(written.path)
    assert len(Document(str(written.path)).tables[0].rows) == 2
    out = summarizing.export_template(year, out=tmp_path / "again.docx")
    assert out.read_bytes() == own.read_bytes()


@pytest.mark.parametrize(
    "text,code,where",
    [
        ("{{ 检查次数 }}", "unknown_placeholder", "正文第 2 段"),
        ("{{ 单位.名称 }}", "unknown_placeholder", "正文第 2 段"),
        ("{{ 单位 ", "loose_mark", "正文第 2 段"),
        ("{% for 行 in 按类 %}{{ 行.类型 }}{% endfor %}", "no_list", "正文第 2 段"),
        ("{% for 行 in 按类型 %}{{ 行.数 }}{% endfor %}", "unknown_placeholder", "正文第 2 段"),
        ("{% for 行 in 按类型 %}{{ 行.类型 }}", "never_ended", "正文第 2 段"),
        ("{% endif %}", "nothing_to_end", "正文第 2 段"),
        ("{% if 任务 %}{% for 行 in 任务 %}{% endif %}{% endfor %}", "nothing_to_end", "正文第 2 段"),
        ("{% import 'x' as y %}", "unknown_statement", "正文第 2 段"),
        ("{{ 单位.__class__ }}", "unknown_placeholder", "正文第 2 段"),
        ("{{ 单位|round }}", "unknown_statement", "正文第 2 段"),
        ("{{ 'x' * 999999999 }}", "unknown_statement", "正文第 2 段"),
        ("{% if 检查家次 > 3 and not 任务 %}{{ 单位[0] }}{% endif %}", "unknown_statement", "正文第 2 段"),
        ("{{ range(10) }}", "unknown_statement", "正文第 2 段"),
        ("{{ 单位 + }}", "not_readable_mark", "正文第 2 段"),
    ],
)
def test_each_fault_of_a_template_is_located_in_a_sentence(
    tmp_path: Path, text: str, code: str, where: str
) -> None:
    path = template(tmp_path / "坏.docx", "{{ 单位 }}", text)
    problems = template_problems(path, summary_words.schema())
    assert problems[0].code == f"template.{code}"
    assert where in sentence(problems[0]).message


def test_a_fault_in_a_table_names_table_and_row(tmp_path: Path) -> None:
    path = template(tmp_path / "坏.docx", rows=("表头", "{{ 不认识 }}"))
    (problem,) = template_problems(path, summary_words.schema())
    assert (problem.where.sheet, problem.where.row) == ("第 1 个表格", 2)
    assert "第 1 个表格第 2 行" in sentence(problem).message


def test_a_faulty_template_is_not_taken_and_fills_nothing(year: Workplace, tmp_path: Path) -> None:
    bad = template(tmp_path / "坏.docx", "{{ 不认识 }}")
    with pytest.raises(BadInput, match=r"template\.not_taken"):
        summarizing.import_template(year, path=bad)
    with pytest.raises(BadInput, match=r"template\.unknown_placeholder"):
        summarizing.write_summary(year, out=tmp_path / "c.docx", template=bad)
    assert not (tmp_path / "c.docx").exists()
    for content in (b"", b"not a document", (ROOT / "resources/examples/plan.xlsx").read_bytes()):
        (tmp_path / "x.docx").write_bytes(content)
        with pytest.raises(BadInput):
            summarizing.template_faults(tmp_path / "x.docx")


def test_the_shipped_template_is_what_its_script_makes(tmp_path: Path) -> None:
    made = runpy.run_path(str(ROOT / ".ci" / "templates.py"))
    made["work_summary"]().save(tmp_path / "work-summary.docx")
    shipped = ROOT / "resources" / "documents" / "work-summary.docx"
    for part in ("word/document.xml", "word/footer1.xml"):
        with ZipFile(tmp_path / "work-summary.docx") as new, ZipFile(shipped) as old:
            assert new.read(part) == old.read(part)
    assert not template_problems(shipped, summary_words.schema())


def test_the_guide_lists_every_placeholder() -> None:
    guide = (ROOT / "docs" / "content.md").read_text("utf8").partition("## Documents")[2]
    for name, columns in summary_words.schema().items():
        assert f"| `{name}`" in guide
        for column in columns or ():
            assert f"`{column}`" in guide
