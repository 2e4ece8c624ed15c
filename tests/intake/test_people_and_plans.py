from __future__ import annotations

from datetime import date

import pytest

from app.errors import BadInput
from app.intake.people import read_people
from app.intake.plans import quota, read_plan
from app.vocabulary import InspectionType
from app.wording import known_codes, label

PEOPLE = ["序号", "姓名", "执法证号", "所在单位"]


def places(problems):
    assert {problem.code for problem in problems} <= known_codes("intake")
    return [(p.code.removeprefix("intake."), p.where.row, p.where.column, p.taken) for p in problems]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv", "html"])
def test_people_are_read_from_every_kind_of_table(table, kind):
    rows = [PEOPLE, [1, "欧阳志强", "赣C36090001", "袁州区市场监管局"], [2, "曾 敏", " 赣c36090002 ", ""]]
    file = read_people(table(rows, kind))
    assert [(one.row, one.name, one.credential, one.office) for one in file.rows] == [
        (2, "欧阳志强", "赣C36090001", "袁州区市场监管局"),
        (3, "曾 敏", "赣C36090002", ""),
    ]
    assert file.problems == ()


def test_people_without_credential_or_name_or_given_twice_are_left_out(table):
    rows = [
        ["执法人员名单"],
        PEOPLE,
        [1, "甲", "Z1", "局"],
        [2, "乙", "", "局"],
        [3, "", "Z3", "局"],
        [4, "丙", "Z1", "局"],
        [],
        ["审核人：丁"],
    ]
    file = read_people(table(rows))
    assert [one.name for one in file.rows] == ["甲"]
    assert places(file.problems) == [
        ("missing_credential", 4, "C", False),
        ("missing_person_name", 5, "B", False),
        ("repeated_credential", 6, "C", False),
    ]


def test_a_credential_kept_as_a_number_is_flagged(table):
    file = read_people(table([PEOPLE, [1, "甲", 36090001, "局"]]))
    assert file.rows[0].credential == "36090001"
    assert places(file.problems) == [("number_in_code", 2, "C", True)]
    assert file.problems[0].values["value"] == "36090001"


def test_what_holds_no_people_is_refused(table):
    with pytest.raises(BadInput, match=r"intake\.not_people"):
        read_people(table([["a"], ["b"]]))


SHANGHAI = [
    ["2020年认证监管工作计划表"],
    ["序号", "检查类型", "检查时间", "抽取对象", "实施、配合部门"],
    [1, "强制性产品认证活动抽查", "2—3季度", "全市100家CCC获证组织进行现场检查", "各区市场监管部门"],
    [2, "管理体系认证机构随机抽查", "2—3季度", "全市20家管理体系认证机构", "各区市场监管部门"],
    [3, "管理体系认证活动获证组织随机抽查", "3—4季度", "全市100家质量管理体系获证组织", "各区市场监管部门"],
    [4, "有机产品认证获证组织随机抽查", "3季度", "全市50家", "各区市场监管部门"],
]


def test_the_five_columns_of_the_shanghai_plan(table):
    file = read_plan(table(SHANGHAI))
    assert file.title == "2020年认证监管工作计划表"
    assert [(one.inspection_type, one.count) for one in file.rows] == [
        (InspectionType.CCC_PRODUCER, 100),
        (InspectionType.MS_CB, 20),
        (InspectionType.MS_ORG, 100),
        (InspectionType.ORGANIC_ORG, 50),
    ]
    assert file.rows[0].period == "2—3季度"
    assert file.rows[0].departments == "各区市场监管部门"
    assert file.problems == ()


@pytest.mark.parametrize("kind", list(InspectionType))
def test_every_type_is_known_by_its_own_label(table, kind):
    file = read_plan(table([SHANGHAI[1], [1, label("inspection_type", kind), "", "全市10家", ""]]))
    assert [one.inspection_type for one in file.rows] == [kind]


@pytest.mark.parametrize(
    "words, kind",
    [
        ("流通领域有机产品检查", "ORGANIC_SALES"),
        ("流通领域CCC产品", "CCC_CIRCULATION"),
        ("CCC免办产品后续监管", "CCC_EXEMPTION"),
        ("CCC指定实验室", "CCC_LAB"),
        ("管理体系认证审核现场见证", "MS_WITNESS"),
        ("质量管理体系获证组织", "MS_ORG"),
    ],
)
def test_the_narrower_word_decides(table, words, kind):
    file = read_plan(table([SHANGHAI[1], [1, words, "", "", ""]]))
    assert [one.inspection_type for one in file.rows] == [kind]


def test_a_kind_of_check_that_is_not_done_here_is_taken_and_told(table):
    file = read_plan(table([SHANGHAI[1], [1, "计量器具检查", "", "全市10家", ""]]))
    assert [one.inspection_type for one in file.rows] == [None]
    assert places(file.problems) == [("unknown_inspection_type", 2, "B", True)]


def test_the_fuller_columns_give_quota_and_two_layers_of_deadlines(table):
    header = ["任务", "检查类型", "范围", "数量或比例", "本级期限", "上级期限", "来源文件"]
    rows = [
        header,
        [
            "富硒专项",
            "富硒产品认证",
            "宜春市获证组织",
            "50%",
            "2023-09-16",
            "2023年9月30日",
            "赣市监办认监〔2023〕4号",
        ],
        ["CCC", "CCC", "", 20, "2023/13/1", "", ""],
        ["有机", "有机产品认证", "", "若干", "", "", ""],
        ["", "", "", "3", "", "", ""],
        ["填表人：甲"],
    ]
    file = read_plan(table(rows))
    first, second, third = file.rows
    assert (first.task, first.ratio_permille, first.count) == ("富硒专项", 500, None)
    assert (first.deadline, first.superior_deadline) == (date(2023, 9, 16), date(2023, 9, 30))
    assert first.source == "赣市监办认监〔2023〕4号"
    assert (second.count, second.deadline) == (20, None)
    assert (third.count, third.ratio_permille) == (None, None)
    assert places(file.problems) == [
        ("bad_date", 3, "E", True),
        ("unclear_quota", 4, "D", True),
        ("missing_inspection_type", 5, "B", False),
    ]


@pytest.mark.parametrize(
    "text, count, permille",
    [
        ("100家", 100, None),
        ("不少于 30 家", 30, None),
        ("50%", None, 500),
        ("12.5％", None, 125),
        ("0.5", None, 500),
        ("全覆盖", None, 1000),
        ("", None, None),
    ],
)
def test_quota(text, count, permille):
    assert quota(text, {"全覆盖": 1000}) == (count, permille)


def test_what_holds_no_plan_is_refused(table):
    with pytest.raises(BadInput, match=r"intake\.not_a_plan"):
        read_plan(table([["检查类型"], ["CCC"]]))
