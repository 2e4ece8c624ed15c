"""Lists for the public, penalties with their days, and entry sheets, read back from the workbooks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from app.errors import BadInput
from app.models.enforcement import Case, RectificationOrder
from app.models.inspection import Finding, Inspection
from app.services import crediting, entering, planning, publishing
from app.services.workplace import Workplace
from app.settings import Settings
from app.vocabulary import Disposition, InspectionStatus, InspectionType
from tests.statistics.small_year import small_year

SOUND = "914403001922038216"
PERSON = "110101199003077578"  # the shape of an identity number
IN_PLAN = ("v01", "v02", "v03", "v04", "v06", "v07", "v11", "l1", "l2", "l3", "g3")
APPROVED = ("v01", "v02", "v03", "v06", "v07", "v11", "l1", "g3")


@pytest.fixture
def plan(office: Workplace) -> str:
    """The small year, most of it in one plan and approved."""
    small_year().write(office)
    plan = planning.add_plan(office, title="2026 年专项检查", year=2026, document="宜市监认〔2026〕3号").id
    task = planning.add_task(
        office, plan_id=plan, title="CCC 检查", inspection_type=InspectionType.CCC_PRODUCER, required_count=3
    ).key
    with office.write("test.plan") as work:
        inspection = update(Inspection)
        run = work.session.execute
        run(inspection.where(Inspection.id.in_(IN_PLAN)).values(plan_id=plan, task_key=task))
        run(inspection.where(Inspection.id.in_(APPROVED)).values(status=InspectionStatus.APPROVED))
        run(inspection.where(Inspection.id == "v01").values(subject_code=SOUND, subject_representative="张三丰",
                                                            subject_phone="13912345678"))  # fmt: skip
        run(inspection.where(Inspection.id == "v06").values(subject_code=PERSON))
        run(update(Finding).where(Finding.inspection_id == "v01").values(provision="ccc-rules-2022/23"))
        run(update(Finding).where(Finding.inspection_id == "v11").values(
            provision="ccc-rules-2022/23", penalty="ccc-rules-2022/55", item="3.1@x1",
            disposition=Disposition.CASE_LEAD))  # fmt: skip
        work.commit()
    return plan


def cells(path: Path, sheet: int = 0) -> list[list[object]]:
    book = load_workbook(path)
    return [[cell.value for cell in row] for row in book.worksheets[sheet].iter_rows()]


def test_only_what_is_approved_and_undisputed_is_published(office: Workplace, plan: str) -> None:
    told = publishing.public_list(office, plan_id=plan)
    assert {row.record_id for row in told.rows} == {"v01", "v02", "v03", "v06", "v07", "v11", "g3"}
    assert told.left_out == {
        "unapproved": ("v04",),
        "in_conflict": ("l1",),
        "returned": ("l3",),
        "draft": ("l2",),
    }


def test_results_are_said_in_the_words_of_the_official_table(office: Workplace, plan: str) -> None:
    said = {
        row.record_id: (row.result, row.measure) for row in publishing.public_list(office, plan_id=plan).rows
    }
    assert said == {
        # To be mended by a day; no order was issued.
        "v01": ("违反《强制性产品认证管理规定》相关规定", "其他：责令限期改正"),
        "v02": ("未发现违法行为", "无须后置处置措施"),
        "v03": ("违反认证监督管理相关规定", "发现案件线索，初步固定证据后移送办案机构"),  # filed on 1 August
        "v06": ("违反认证监督管理相关规定", "发现案件线索，初步固定证据后移送办案机构"),
        "v07": ("迁出", "停止检查，反馈至日常监管部门"),
        "v11": ("违反《强制性产品认证管理规定》相关规定", "发现案件线索，初步固定证据后移送办案机构"),
        "g3": ("查无下落", "停止检查，反馈至日常监管部门"),
    }


def test_nothing_personal_is_published(office: Workplace, plan: str, tmp_path: Path) -> None:
    made = publishing.write_public(office, plan_id=plan, out=tmp_path / "公示.xlsx")
    told = "\n".join(str(value) for row in cells(made.path) for value in row if value)
    assert SOUND in told
    for personal in (PERSON, "张三丰", "13912345678", "赣C36090001"):
        assert personal not in told
    assert "v06" in made.told.uncoded
    assert "v01" not in made.told.uncoded


def test_the_workbook_repeats_its_headings_and_holds_text(
    office: Workplace, plan: str, tmp_path: Path
) -> None:
    with office.write("test.name") as work:
        work.session.execute(
            update(Inspection).where(Inspection.id == "v02").values(subject_name="=1+1\x07厂")
        )
        work.commit()
    path = publishing.write_public(office, plan_id=plan, out=tmp_path / "公示.xlsx").path
    sheet = load_workbook(path).worksheets[0]
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert [cell.value for cell in sheet[3]][:4] == ["序号", "被检查对象", "统一社会信用代码", "检查类型"]
    names = [sheet.cell(row, 2) for row in range(4, 11)]
    assert "=1+1厂" in {cell.value for cell in names}
    assert all(cell.data_type == "s" for cell in names)
    assert sheet.max_row == 3 + 7


def test_penalties_carry_the_days_of_their_showing(office: Workplace, plan: str) -> None:
    rows = {row.record_id: row for row in crediting.credit_list(office, plan_id=plan).rows}
    assert rows.keys() == {"v06", "v11"}
    # Decided on Monday 1 June 2026. Twenty working days: 19 June (Dragon Boat) is off, so 30 June.
    assert (rows["v06"].decided_on, rows["v06"].deadline) == (date(2026, 6, 1), date(2026, 6, 30))
    assert (rows["v06"].term, rows["v06"].until) == ("三年", date(2029, 6, 30))
    assert any("较低数额" in each for each in rows["v06"].remarks)  # nobody entered the province's amount
    assert any("已过" in each for each in rows["v06"].remarks)
    assert "填写决定书文号" in rows["v06"].remarks
    assert rows["v11"].basis.startswith("《强制性产品认证管理规定》")
    assert not any("较低数额" in each for each in rows["v11"].remarks)  # something was confiscated too


def test_a_small_fine_alone_is_shown_for_three_months(office: Workplace, plan: str) -> None:
    def term(yuan: int) -> tuple[str, date | None]:
        place = replace(office, settings=Settings(small_fine_yuan=yuan))
        rows = {row.record_id: row for row in crediting.credit_list(place, plan_id=plan).rows}
        return rows["v06"].term, rows["v06"].until

    # v06 was fined 12,345.40; v11's fine of 10,000 came with a confiscation
    assert term(12_345) == ("三年", date(2029, 6, 30))
    assert term(12_346) == ("三个月", date(2026, 9, 30))
    place = replace(office, settings=Settings(small_fine_yuan=50_000))
    rows = {row.record_id: row for row in crediting.credit_list(place, plan_id=plan).rows}
    assert rows["v11"].term == "三年"


def test_the_number_of_the_decision_stands_in_the_lists(office: Workplace, plan: str, tmp_path: Path) -> None:
    with office.write("test.number") as work:
        said = update(Case).where(Case.inspection_id == "v06").values(decision_number="宜市监罚〔2026〕6号")
        work.session.execute(said)
        work.commit()
    made = crediting.write_credit(office, plan_id=plan, out=tmp_path / "信用.xlsx")
    (row,) = (each for each in made.told.rows if each.record_id == "v06")
    assert row.document == "宜市监罚〔2026〕6号"
    assert "填写决定书文号" not in row.remarks
    numbers = [line[1] for line in cells(made.path) if line[1] and "罚〔" in line[1]]
    assert numbers == ["宜市监罚〔2026〕6号"]
    entries = entering.entries(office, plan_id=plan)
    said = [
        value
        for each in entries.blocks
        for group in each.groups
        for name, value in group.fields
        if "决定书" in name
    ]
    assert "宜市监罚〔2026〕6号" in said


def test_a_decision_without_money_is_left_to_be_judged(office: Workplace, plan: str) -> None:
    with office.write("test.warning") as work:
        work.session.execute(update(Case).where(Case.inspection_id == "v06").values(fine=None))
        work.commit()
    rows = {row.record_id: row for row in crediting.credit_list(office, plan_id=plan).rows}
    assert (rows["v06"].term, rows["v06"].until) == ("", None)
    assert any("警告" in each for each in rows["v06"].remarks)


def test_penalties_of_all_plans_go_by_the_day_of_decision(
    office: Workplace, plan: str, tmp_path: Path
) -> None:
    first, last = date(2026, 2, 1), date(2026, 6, 30)
    made = crediting.write_credit(office, out=tmp_path / "信用.xlsx", period_from=first, period_to=last)
    assert [row.record_id for row in made.told.rows] == ["x1", "v06"]
    rows = cells(made.path)
    assert rows[3][3:5] == ["宜春童乐玩具厂", None]  # its made-up code is not sound
    assert "罚款20000元" in rows[3]
    assert "罚款12345.40元" in rows[4]
    disputed = {"status": InspectionStatus.RETURNED}
    with office.write("test.returned") as work:
        work.session.execute(update(Inspection).where(Inspection.id == "x1").values(**disputed))
        work.commit()
    told = crediting.credit_list(office, period_from=first, period_to=last)
    assert ([row.record_id for row in told.rows], told.left_out) == (["v06"], ("x1",))


def test_entry_sheets_hold_each_field_alone_beside_its_tick(
    office: Workplace, plan: str, tmp_path: Path
) -> None:
    with office.write("test.more") as work:
        work.session.execute(update(RectificationOrder).where(RectificationOrder.inspection_id == "v03")
                             .values(requirements="十日内补齐"))  # fmt: skip
        work.commit()
    made = entering.write_entries(office, plan_id=plan, out=tmp_path / "录入.xlsx")
    assert set(made.told.record_ids) == {"v01", "v02", "v03", "v04", "v06", "v07", "v11", "g3"}
    assert set(made.told.left_out) == {"l1", "l2", "l3"}
    overview, rows = cells(made.path), cells(made.path, 1)
    assert "建议版式" in str(overview[-1][0])
    assert [row[1] for row in overview[3:-1]].count("宜春童乐玩具厂") == 2
    fields = [row for row in rows if row[2] == "□"]
    assert ["组织机构代码（统一社会信用代码）", SOUND, "□"] in fields
    assert ["改正要求", "十日内补齐", "□"] in fields
    assert ["罚款（元）", "12345.40", "□"] in fields
    assert ["证书状态", "有效", "□"] in fields
    assert ["移送", "司法机关", "□"] in fields
    assert any(
        row[0] == "法定代表人" and row[1] == "张三丰" for row in fields
    )  # for entry, not for the public
    sheet = load_workbook(made.path).worksheets[1]
    assert len(sheet.row_breaks.brk) == len(made.told.record_ids) - 1


def test_an_office_orders_the_fields_as_its_system_does(office: Workplace, plan: str, tmp_path: Path) -> None:
    (office.home / "templates").mkdir()
    own = office.home / "templates" / "lists.toml"
    own.write_text('[[entries.groups]]\ntitle = "一"\nfields = { "subject.name" = "名称" }\n', "utf8")
    block = entering.entries(office, plan_id=plan).blocks[0]
    assert [(group.title, len(group.fields)) for group in block.groups] == [("一", 1)]
    for fault in ("[entries]\ngroups = 3\n", "[entries]\nunheard = 1\n", "[entries", "[[entries.groups]]\n"):
        own.write_text(fault, "utf8")
        with pytest.raises(BadInput, match=r"lists\.not_readable"):
            entering.entries(office, plan_id=plan)


def test_words_and_columns_an_office_gives_take_the_place_of_the_shipped_ones(
    office: Workplace, plan: str, tmp_path: Path
) -> None:
    (office.home / "templates").mkdir()
    own = office.home / "templates" / "lists.toml"
    columns = 'subject = { title = "企业", width = 30 }\nresult = { title = "结果", width = 20 }\n'
    own.write_text(f'[public.words]\nnone = "未发现问题"\n[public.columns]\n{columns}', "utf8")
    rows = cells(publishing.write_public(office, plan_id=plan, out=tmp_path / "a.xlsx").path)
    assert rows[2] == ["企业", "结果"]
    assert ["宜春童乐玩具厂", "未发现问题"] in rows
    assert ["铜鼓电动车有限公司", "迁出"] in rows
    own.write_text('[public]\ntitle = "{whatever}"\n', "utf8")
    with pytest.raises(BadInput, match=r"lists\.not_readable"):
        publishing.public_list(office, plan_id=plan)
    own.write_text("[public.columns]\nsubject = { title = 3 }\n", "utf8")
    with pytest.raises(BadInput, match=r"lists\.not_readable"):
        publishing.public_list(office, plan_id=plan)


def test_stopping_leaves_no_file_and_progress_comes_to_its_end(
    office: Workplace, plan: str, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    entering.write_entries(
        office, plan_id=plan, out=tmp_path / "a.xlsx", progress=lambda done, total: told.append((done, total))
    )
    assert told[-1] == (16, 16)
    assert [done for done, _ in told] == list(range(1, 17))
    for write in (entering.write_entries, publishing.write_public, crediting.write_credit):
        out = tmp_path / f"{write.__name__}.xlsx"
        with pytest.raises(BadInput, match=r"sync\.cancelled"):
            write(office, plan_id=plan, out=out, cancelled=lambda: True)
        assert not out.exists()
