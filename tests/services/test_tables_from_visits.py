"""Every row and column that rests on a checklist or a case receives its number from a real inspection."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.models.registry import Certificate, Organization
from app.services import casework, findings, inspecting, instances, issuing, questions, reporting
from app.services.casework import Lead
from app.services.findings import FindingValues
from app.services.workplace import Workplace
from app.statistics.definition import Column
from app.statistics.loader import load_tables
from app.statistics.table import Table
from app.vocabulary import CertificateStatus, Disposition, InspectionType, ProductClass, Scheme, Verdict
from tests.conftest import FakeClock
from tests.services.conftest import DUTIES, Visit, add_target
from tests.services.test_every_type import answer, fitting, text_of

TABLES = load_tables()[0]
SELF, MS, WITNESS = InspectionType.CB_SELF, InspectionType.MS_ORG, InspectionType.MS_WITNESS


def begin(place: Workplace, kind: InspectionType) -> Visit:
    """A visit of a type, straight from the organization, each repeated section once."""
    with place.read() as session:
        organization = session.scalars(select(Organization.id)).one()
    started = inspecting.start(
        place, duties=DUTIES, organization_id=organization, inspection_type=kind,
        officers=("赣C36090001", "赣C36090002"),
    )  # fmt: skip
    for section in questions.newest(place, kind).sections:
        if section.repeat is not None:
            fields = {field.id: fitting(field) for field in section.repeat.fields}
            instances.add_instance(place, inspection_id=started.id, section=section.id, fields=fields)
    return Visit(place, started.id)


def enter(visit: Visit, item: str, value: str) -> None:
    """Enter the value of an item as a table names it: ``1.2``, or ``1.1.ccc`` for a named measure."""
    checklist = questions.newest(visit.place, visit.sheet().header.inspection_type)
    own = checklist.item(item) is not None
    name, measure = (item, "") if own else item.rsplit(".", 1)
    inspecting.set_value(visit.place, inspection_id=visit.id, item=name, measure=measure, value=value)


def finish(visit: Visit) -> None:
    """Answer what is not answered yet, sign and seal."""
    visit.fill_header()
    while rows := [row for part in visit.sheet().sections for row in part.items if not row.verdict]:
        for row in rows:
            answer(visit, row)
    for found in visit.sheet().findings:
        told = FindingValues(description="不符合", disposition=Disposition.ON_SITE_GUIDANCE)
        findings.update_finding(visit.place, inspection_id=visit.id, key=found.key, values=told)
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)


def count(place: Workplace, table: str) -> Table:
    return reporting.table(place, table=table, period_from=date(2026, 1, 1), period_to=date(2026, 12, 31))


NUMBERS = {
    "certified_ms": "310", "certified_ccc": "40", "checked": "120", "with_problems": "9", "rectified": "7",
    "suspended": "2", "withdrawn": "1", "helped": "12", "remarks": "另有两家正在整改",
}  # fmt: skip


def test_every_column_of_zhejiang_annex_1_is_what_the_self_inspection_was_told(laptop: Workplace) -> None:
    asked = [column for column in TABLES["zhejiang-annex1"].columns if column.items]
    assert [column.key for column in asked] == list(NUMBERS)
    add_target(laptop, "中衡认证中心有限公司")
    visit = begin(laptop, SELF)
    for part in visit.sheet().sections:  # judged first: the usual answer enters a value of its own
        for row in part.items:
            answer(visit, row)
    for column in asked:
        enter(visit, column.items[0], NUMBERS[column.key])
    finish(visit)
    table = count(laptop, "zhejiang-annex1")
    line, total = (row.key for row in table.rows)
    assert table.cells[line]["name"].value == "中衡认证中心有限公司"
    for column in asked:
        told = NUMBERS[column.key]
        value = int(told) if told.isdecimal() else told
        assert table.cells[line][column.key].value == value, column.key
        assert table.cells[total][column.key].value == (value if told.isdecimal() else None)
        behind = reporting.explain_cell(laptop, counted=table, row=line, column=column.key)
        assert [each.record_id for each in behind] == [visit.id]
    assert len(table.checks) == 6
    assert not table.blocked


def items_of(column: Column, kind: InspectionType) -> list[str]:
    return [item.partition("/")[2] for item in column.items if item.startswith(f"{kind}/")]


PROBLEMS = [column for column in TABLES["ms-annex2"].columns if column.measure == "problems"]


@pytest.mark.parametrize("kind", [MS, WITNESS])
def test_every_kind_of_problem_is_counted_from_any_of_its_items(
    laptop: Workplace, kind: InspectionType
) -> None:
    add_target(laptop)
    checklist = questions.newest(laptop, kind)
    wrong = [item for column in PROBLEMS for item in items_of(column, kind)]
    assert wrong
    assert len(wrong) == len(set(wrong))
    assert {item for item in wrong if checklist.item(item) is None} == set()
    visit = begin(laptop, kind)
    if kind is WITNESS:
        enter(visit, "1.2.remote", "1")  # asks about remote audits
    met = set()
    for row in (row for part in visit.sheet().sections for row in part.items):
        if (item := row.id.partition("@")[0]) in wrong:
            met.add(item)
            answer(visit, row)  # with all its values
            said = {"inspection_id": visit.id, "item": row.id}
            inspecting.answer(laptop, **said, verdict=Verdict.NONCONFORMING)
            inspecting.write_note(laptop, **said, note="与计划不符")
    assert met == set(wrong)
    finish(visit)
    counted = count(laptop, "ms-annex2").cells["total"]
    assert [counted[column.key].value for column in PROBLEMS] == [1] * len(PROBLEMS)


def test_a_witness_check_inside_its_plan_is_counted_and_one_outside_is_named(laptop: Workplace) -> None:
    add_target(laptop)
    [witnessed] = [column for column in TABLES["ms-annex2"].columns if column.measure == "witnessed"]
    for last in ("2026-08-12", "2026-08-11"):  # today, and the day before
        visit = begin(laptop, WITNESS)
        for part in visit.sheet().sections:
            for row in part.items:
                answer(visit, row)
        for item, day in zip(witnessed.items, ("2026-08-10", last), strict=True):
            enter(visit, item, day)
        finish(visit)
    table = count(laptop, "ms-annex2")
    assert table.cells["total"]["witnessed"].value == 1
    assert {each.reason: each.count for each in table.left_out}["witness_outside"] == 1


def test_every_row_of_the_causes_counts_a_case_of_its_cause(visit: Visit, clock: FakeClock) -> None:
    visit.fill_header()
    visit.answer_all()
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)
    clock.move(days=8)
    for number, cause in enumerate(casework.case_causes(), 1):
        lead = Lead(cause=cause, facts="涉嫌违法")
        key = casework.note_lead(visit.place, inspection_id=visit.id, lead=lead).key
        case = {"inspection_id": visit.id, "key": key}
        casework.verify_lead(visit.place, **case, on=date(2026, 8, 13))
        casework.file_case(visit.place, **case, number=f"〔2026〕{number}号", on=date(2026, 8, 14))
        casework.decide_case(visit.place, **case, on=date(2026, 8, 20), confiscated=0, fine=number * 10_000)
    table = count(visit.place, "case-causes")
    for row in table.rows:
        parts = 0 if row.total else len(table.definition.parts_of(row))
        assert table.cells[row.key]["cases"].value == (18 if row.total else parts), row.label
    assert table.cells["total"]["fines"].amount == sum(range(1, 19)) * 10_000


def test_every_class_and_every_type_has_its_row() -> None:
    for definition in TABLES.values():
        placed = definition.placement()
        if definition.dimension == "product_class":
            assert set(placed) == set(ProductClass)
        if definition.dimension == "inspection_type":
            assert set(placed) == set(definition.inspection_types)
        if definition.dimension == "cause":
            assert set(placed) == set(casework.case_causes())


def test_zhejiang_annex_2_takes_every_cell_from_the_dossier(office: Workplace) -> None:
    add_target(office)
    with office.write("test.dossier") as work:
        firm = work.session.scalars(select(Organization)).one()
        firm.region_name, firm.contact = "袁州区", "钟敏"
        for number, scheme, product, status, expires in (
            ("M1", Scheme.MANAGEMENT_SYSTEM, "质量管理体系", CertificateStatus.VALID, date(2027, 3, 31)),
            ("O1", Scheme.ORGANIC, "有机茶油", CertificateStatus.WITHDRAWN, date(2027, 5, 5)),
            ("O2", Scheme.ORGANIC, "有机山茶", CertificateStatus.VALID, date(2026, 8, 11)),  # till yesterday
        ):
            work.session.add(
                Certificate(
                    organization_id=firm.id, number=number, scheme=scheme, product=product, status=status,
                    expires_on=expires, as_of=date(2026, 8, 1), body_name="中衡认证中心有限公司",
                )
            )  # fmt: skip
        work.commit()
        key = firm.id
    values = {"year": "2026", "reason": "体系运行扎实", "postcode": "336000", "filler": "黎国平",
              "checker": "邓慧敏", "filled_on": "2026-08-12"}  # fmt: skip
    printed = issuing.print_asked(office, form="demonstration-enterprise", record_id=key, values=values)
    text = text_of(printed.pdf)
    for cell in (
        "（2026年度）", "推荐单位（公章）：宜春市市场监督管理局", "宜春袁州恒𬭎电器有限公司", "袁州区",
        "袁州区工业园12号", "336000", "钟敏", "0795-2", "强制性产品认证", "管理体系", "2027年3月31日",
        "真空吸尘器", "体系运行扎实", "黎国平", "邓慧敏", "2026年8月12日",
    ):  # fmt: skip
        assert cell in text, cell
    assert not [gone for gone in ("有机", "2027年5月5日", "2026年8月11日") if gone in text]
