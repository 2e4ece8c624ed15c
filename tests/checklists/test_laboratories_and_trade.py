"""The checklists of laboratories, exemptions and trade: what they must ask, compute and conclude."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.checklists.checks import hint
from app.checklists.conclusions import conclude
from app.checklists.loader import catalog
from app.checklists.repeats import Instance, expand
from app.checklists.rules import Answered, Reason, missing, visible_items
from app.checklists.schema import Basis, Checklist
from app.vocabulary import Conclusion, Disposition, RepeatSubject, Severity, Verdict

YES, NO = Verdict.CONFORMING, Verdict.NONCONFORMING
NAMES = ("ccc-lab", "ccc-exemption", "ccc-circulation", "cma-lab")

POINTS = {
    "ccc-lab": (
        "指定文件 指定业务范围 CMA 变更 转让 定期报告 劳动合同 授权签字人 样品登记 交接 留样 疑义 温度 设备 检定 能力验证 分包 "
        "原始记录 追溯 检测时间 伪造 编造数据 签发 归档 六年 阻碍 移交上级"
    ),
    "ccc-exemption": (
        "内部管理制度 台账 出入库 便捷通道 逾期未核销 伪造、变造 骗取 报关单 数量 用途 地点 科研测试 生产线 最终用户 展示 "
        "复运出境 一般贸易 加工贸易 其他情形 核销 进入流通"
    ),
    "ccc-circulation": (
        "自我声明 编号 铭牌 标志 伪造、冒用 生产之日 暂停、撤销、注销 进货 票据 库存 进口 免办 平台 下架 实际经营地 网购 "
        "拆包 核验 必要措施 告诫 召回 移送"
    ),
    "cma-lab": (
        "法人 其他组织 名称、地址 最高管理者 公开、真实 独立运作 保密 劳动合同 结构 技术负责人 任职文件 授权签字人 工作场所 使用权 "
        "环境条件 安全 设备 租借 检定、校准 计量确认 标准物质 体系文件 运行有记录 人员技术档案 合同 分包 采购 验证 作业指导书 查新 "
        "不确定度 内容齐全 原始记录 电子签名 六年 信息系统 质量控制 隶属关系 变更手续 有效期 标准废止 领域 告知承诺 约谈"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_points_of_the_field_are_all_asked(name):
    asked = " ".join(f"{item.text} {item.how}" for item in catalog()[name].items())
    assert [point for point in POINTS[name].split() if point not in asked] == []


def with_one(name: str) -> Checklist:
    """A checklist with one instance of its repeated section."""
    found = catalog()[name]
    return expand(found, [Instance("a", each.id) for each in found.sections if each.repeat])


@pytest.mark.parametrize(
    "name, subject, fields",
    [
        ("ccc-lab", RepeatSubject.FILE, ["number", "product", "tested_on"]),
        ("ccc-exemption", RepeatSubject.FILE, ["number", "product", "issued_on", "expires_on"]),
        (
            "ccc-circulation",
            RepeatSubject.PRODUCT,
            ["model", "maker", "number", "issued_on", "expires_on", "suspended_from", "suspended_to", "ended_on"],
        ),
        ("cma-lab", RepeatSubject.FILE, ["number", "sample", "tested_on", "signed_on"]),
    ],
)  # fmt: skip
def test_what_is_sampled_is_gone_through_one_by_one(name, subject, fields):
    (repeat,) = [section.repeat for section in catalog()[name].sections if section.repeat]
    assert repeat.of is subject
    assert [field.id for field in repeat.fields] == fields
    lacking = {each.reason for each in missing(expand(catalog()[name], ()), {}, {})}
    assert Reason.INSTANCES_MISSING in lacking
    closed = missing(expand(catalog()[name], ()), {}, {"production.idle": True})
    assert Reason.INSTANCES_MISSING not in {each.reason for each in closed}


def test_what_computes():
    rules = {
        (name, item.id): item.check.rule for name in NAMES for item in catalog()[name].items() if item.check
    }
    assert rules == {
        ("ccc-lab", "6.5"): "certificate_valid_on",
        ("ccc-lab", "6.9"): "certificate_valid_on",
        ("ccc-exemption", "2.4"): "certificate_valid_on",
        ("ccc-circulation", "2.2"): "ccc_number_shape",
        ("ccc-circulation", "2.6"): "certificate_valid_on",
        ("ccc-circulation", "2.7"): "certificate_valid_on",
        ("ccc-circulation", "2.8"): "balance",
        ("cma-lab", "B.3"): "certificate_valid_on",
        ("cma-lab", "B.4"): "certificate_valid_on",
    }


def said(name: str, item: str, **entered: str) -> tuple[str, Verdict | None]:
    """The word and verdict of an item's hint; ``__`` stands for the dot in what was entered."""
    question = with_one(name).item(item)
    assert question is not None
    assert question.check is not None
    values = {key.replace("__", "."): value for key, value in entered.items()}
    values = {source: values[role] for role, source in question.check.inputs.items() if role in values}
    found = hint(question.check, values, lambda _start, _end: (0, True))
    assert found is not None
    return found.word, found.verdict


def test_a_report_on_an_overdue_instrument_is_hinted_at():
    dates = {"valid_from": "2025-03-01", "valid_to": "2026-02-28"}
    assert said("ccc-lab", "6.5@a", day="2026-03-01", **dates) == ("certificate_expired", NO)
    assert said("ccc-lab", "6.5@a", day="2026-02-28", **dates) == ("certificate_valid", YES)


def test_a_report_signed_before_the_approval_is_hinted_at():
    dates = {"valid_from": "2024-05-01", "valid_to": "2030-04-30"}
    assert said("cma-lab", "B.4@a", day="2024-04-30", **dates) == ("certificate_not_yet", NO)
    assert said("ccc-lab", "6.9@a", day="2030-05-01", **dates) == ("certificate_expired", NO)


def test_goods_sold_while_the_certificate_was_suspended_are_hinted_at():
    dates = {"valid_from": "2023-06-01", "valid_to": "2028-05-31", "suspended_from": "2026-04-10"}
    assert said("ccc-circulation", "2.6@a", day="2026-04-09", **dates) == ("certificate_valid", YES)
    assert said("ccc-circulation", "2.7@a", day="2026-07-20", **dates) == ("certificate_suspended", NO)


def test_more_sold_and_in_stock_than_was_bought_is_hinted_at():
    # 40 bought and 5 there before; 38 sold and 9 on the shelf are two too many.
    amounts = {"produced": "40", "opening": "5", "sold": "38", "closing": "9"}
    assert said("ccc-circulation", "2.8@a", **amounts) == ("balance_sold", NO)
    assert said("ccc-circulation", "2.8@a", **{**amounts, "closing": "7"}) == ("balance_holds", YES)


def asked(name: str, answers: dict[str, Answered]) -> set[str]:
    return {item.id for item in visible_items(with_one(name), answers, {})}


CASES = {"1": "2.11", "2": "2.12", "3": "2.13", "4": "2.12", "5": "2.14", "6": "2.15", "7": "2.16",
         "8": "2.16", "9": "2.17"}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_of_the_nine_cases_asks_its_own_question(case):
    seen = asked("ccc-exemption", {"2.2@a": Answered(YES, entered={"case": case})})
    of_cases = {f"{item}@a" for item in CASES.values()}
    assert seen & of_cases == {f"{CASES[case]}@a"}


@pytest.mark.parametrize(
    "difference, further", [("3", {"2.7@a"}), ("-2", {"2.8@a"}), ("0", set()), ("", set())]
)
def test_what_is_short_must_be_traced_and_what_is_over_must_be_proved(difference, further):
    entered = {"imported": "20", "used": "12", "stock": "5", "difference": difference}
    assert asked("ccc-exemption", {"2.6@a": Answered(NO, entered=entered)}) & {"2.7@a", "2.8@a"} == further
    found = missing(with_one("ccc-exemption"), {"2.6@a": Answered(YES, entered=entered, photos=1)}, {})
    contradicted = any(
        each.item_id == "2.6@a" and each.reason is Reason.MEASURE_CONTRADICTS for each in found
    )
    assert contradicted is bool(further)


def test_what_was_not_sold_yet_is_admonished_and_what_was_sold_becomes_a_case():
    unsold = {"2.1@a": Answered(NO), "2.10@a": Answered(YES)}
    sold = {"2.1@a": Answered(NO), "2.10@a": Answered(NO)}
    ways = {"2.11@a", "2.12@a"}
    assert asked("ccc-circulation", unsold) & ways == {"2.11@a"}
    assert asked("ccc-circulation", sold) & ways == {"2.12@a"}
    assert asked("ccc-circulation", {"2.1@a": Answered(YES)}) & {*ways, "2.10@a"} == set()
    listed = with_one("ccc-circulation")
    assert [listed.item(each).dispositions for each in sorted(ways)] == [
        (Disposition.ADMONITION,), (Disposition.CASE_LEAD,),
    ]  # fmt: skip


@pytest.mark.parametrize("answer, there", [(YES, True), (Verdict.NOT_APPLICABLE, False)])
def test_only_platforms_are_asked_for_a_platform_s_duties(answer, there):
    assert ("4.3" in asked("ccc-circulation", {"4.1": Answered(answer)})) is there
    assert ("3.2" in asked("ccc-circulation", {"3.1": Answered(answer)})) is there


@pytest.mark.parametrize("item_id", ["1.1", "1.5", "6.7", "6.8", "7.3"])
def test_what_may_cost_a_laboratory_its_designation_goes_to_the_superior_office(item_id):
    item = catalog()["ccc-lab"].item(item_id)
    assert item is not None
    assert item.dispositions[0] is Disposition.REFER_SUPERIOR
    assert item.default_severity is Severity.CRITICAL


TABLE = [str(number) for number in range(1, 51)]
ROWS = {"2.8": 7, "2.9": 8, "2.10": 5, "2.11": 5, "2.12": 25}


def test_the_fifty_numbers_of_the_official_table_stand_in_their_order():
    found = catalog()["cma-lab"]
    sections = {section.id: [item.id for item in section.items] for section in found.sections}
    assert [item for name in ROWS for item in sections[name]] == TABLE
    assert {name: len(sections[name]) for name in ROWS} == ROWS
    assert all(found.item(each).basis is Basis.OFFICIAL for each in TABLE)


def test_starred_are_the_numbers_of_the_five_clauses_with_a_star():
    starred = [item.id for item in catalog()["cma-lab"].items() if item.starred]
    assert starred == ["1", "2", "3", "4", "8", "16", "17", "21", "22", "33", "34", "35"]


@pytest.mark.parametrize(
    "wrong, result",
    [
        ((), Conclusion.CONFORMING),
        (("20",), Conclusion.BASICALLY_CONFORMING),
        (("7", "30", "50"), Conclusion.BASICALLY_CONFORMING),
        (("8",), Conclusion.NONCONFORMING),
        (("50", "34"), Conclusion.NONCONFORMING),
        # what stands outside the table has no part in its result
        (("A.2", "B.5@a", "C.3"), Conclusion.CONFORMING),
    ],
)
def test_a_starred_number_alone_decides(wrong, result):
    found = with_one("cma-lab")
    answers = {item.id: Answered(NO if item.id in wrong else YES) for item in found.items()}
    concluded = conclude(found, answers, {})
    assert concluded is not None
    assert (concluded.result, concluded.open_items) == (result, 0)


def test_a_lease_of_less_than_a_year_cannot_be_called_conforming():
    found = missing(with_one("cma-lab"), {"22": Answered(YES, value=Decimal(6))}, {})
    assert Reason.MEASURE_CONTRADICTS in {each.reason for each in found if each.item_id == "22"}


@pytest.mark.parametrize("answer, there", [(YES, True), (Verdict.NOT_APPLICABLE, False)])
def test_shanghai_s_regulation_is_asked_for_in_shanghai_alone(answer, there):
    assert ("C.2" in asked("cma-lab", {"C.1": Answered(answer)})) is there
    elsewhere = [item for item in catalog()["cma-lab"].items() if item.id not in {"C.1", "C.2"}]
    cited = {each for item in elsewhere for each in (*item.references, *item.penalty_references)}
    assert not any(each.startswith("shanghai") for each in cited)
