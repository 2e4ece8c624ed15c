from __future__ import annotations

import json
from datetime import date

import pytest

from app.errors import BadInput
from app.intake.layout import bind, heading, layouts
from app.intake.reading import open_registry
from app.intake.workbooks import open_grids
from app.vocabulary import CertificateStatus, ProductClass, Scheme
from app.wording import known_codes

QUERY = [
    "序号",
    "认证项目/产品类别",
    "证书编号",
    "证书状态",
    "证书到期日期",
    "获证组织名称/生产企业",
    "统一社会信用代码",
    "发证机构",
]
GOOD = [
    1,
    "质量管理体系认证",
    "03326Q73972R0L",
    "有效",
    "2029-03-27",
    "甲公司",
    "914403001922038216",
    "中心",
]


def changed(**columns):
    """The good row with other cells, by column letter."""
    row = list(GOOD)
    for letter, value in columns.items():
        row[ord(letter) - 65] = value
    return row


def read(path, **options):
    file = open_registry(path, **options)
    batches = list(file.batches(size=7))
    rows = [row for batch in batches for row in batch.rows]
    problems = [problem for batch in batches for problem in batch.problems]
    assert {problem.code for problem in problems} <= known_codes("intake")
    return file, rows, problems


def places(problems):
    return [(p.code.removeprefix("intake."), p.where.row, p.where.column, p.taken) for p in problems]


# The seven files of the sample registry, with the faults that registry.json lists.


@pytest.mark.parametrize(
    "name, layout, rows",
    [
        ("registry-query.xlsx", "certificate-query", 65),
        ("ms-certificates.xls", "ms-certificates", 44),
        ("ccc-certificates.xlsx", "ccc-certificates", 7),
        ("ms-report-html.xls", "ms-report-html", 44),
        ("organizations-gbk.csv", "organizations", 40),
        ("selenium-survey.xlsx", "selenium-survey", 7),
    ],
)
def test_each_file_is_recognised_by_its_content(registry_data, tmp_path, name, layout, rows):
    plain = tmp_path / "no-extension"
    plain.write_bytes((registry_data / name).read_bytes())
    file, found, _ = read(plain)
    assert (file.layout, len(found)) == (layout, rows)


def test_the_planted_faults_of_the_query_list_are_found_where_they_are(registry_data):
    _, rows, problems = read(registry_data / "registry-query.xlsx")
    assert places(problems) == [
        ("bad_check_digit", 4, "G", True),
        ("old_code", 5, "G", True),
        ("unknown_status", 6, "D", True),
        ("bad_date", 7, "E", True),
        ("formula", 12, "F", True),
    ]
    by_row = {row.row: row for row in rows}
    assert by_row[4].organization.code_state == "bad"
    assert by_row[5].organization.code_state == "old"
    assert by_row[6].certificate.status is CertificateStatus.UNKNOWN
    assert by_row[7].certificate.expires_on is None
    assert {by_row[row].certificate.expires_on for row in (8, 9, 10, 11)} == {date(2027, 3, 1)}
    assert by_row[12].organization.name == ""
    assert by_row[12].organization.code_state == "ok"


def test_the_planted_faults_of_the_survey_are_found_where_they_are(registry_data):
    file, rows, problems = read(registry_data / "selenium-survey.xlsx")
    assert file.as_of == date(2023, 6, 30)
    assert file.implied_status is CertificateStatus.VALID
    assert places(problems) == [("missing_number", 7, "E", False), ("repeated_row", 11, "E", False)]
    assert problems[1].values["first"] == 5
    by_row = {row.row: row for row in rows}
    assert by_row[7].certificate is None
    name = by_row[6].organization.name
    assert name == name.strip()
    assert set(by_row) == {4, 5, 6, 7, 8, 9, 10}


def test_everything_the_truth_knows_arrives_from_the_templates(registry_data, truth):
    rows = read(registry_data / "ms-certificates.xls")[1] + read(registry_data / "ccc-certificates.xlsx")[1]
    organizations = {one["uscc"]: one for one in truth["organizations"]}
    certificates = {one["number"]: one for one in truth["certificates"]}
    words = {"ccc": Scheme.CCC, "ms": Scheme.MANAGEMENT_SYSTEM}
    codes = {"01": "valid", "02": "suspended", "03": "withdrawn", "04": "cancelled", "05": "expired"}
    for row in rows:
        true, organization, certificate = (
            certificates[row.certificate.number],
            row.organization,
            row.certificate,
        )
        owner = organizations[organization.credit_code]
        assert organization.name == owner["name"]
        assert organization.address == owner["address"]
        assert (organization.region, organization.phone) == (owner["region"], owner["phone"])
        assert certificate.scheme is words[true["scheme"]]
        assert certificate.status == codes[true["status"]]
        assert certificate.issued_on.isoformat() == true["issued"]
        assert certificate.expires_on.isoformat() == true["expires"]
        assert (certificate.suspended_from.isoformat() if certificate.suspended_from else "") == true[
            "suspended_from"
        ]
        assert certificate.project == true["project"]


def test_main_product_classes_agree_between_words_and_number_hint(registry_data):
    by_number = {}
    for name in ("registry-query.xlsx", "ccc-certificates.xlsx"):
        for row in read(registry_data / name)[1]:
            if row.certificate.scheme is Scheme.CCC:
                by_number.setdefault(row.certificate.number, set()).add(row.certificate.product_class)
    assert len(by_number) == 7
    assert all(len(classes) == 1 and None not in classes for classes in by_number.values())


# What is taken, what is flagged, what is left out: one row each.


@pytest.mark.parametrize(
    "row, expected",
    [
        (changed(G="914403001922038217"), [("bad_check_digit", 2, "G", True)]),
        (changed(G="192203821"), [("old_code", 2, "G", True)]),
        (changed(G="360902100012345"), [("bad_code", 2, "G", True)]),
        (changed(G=914403001922038216), [("number_in_code", 2, "G", True)]),
        (changed(G="9.14E+17"), [("number_in_code", 2, "G", True)]),
        (changed(C=12345), [("number_in_certificate_number", 2, "C", True)]),
        (changed(C=2016010901123456), [("number_in_certificate_number", 2, "C", False)]),
        (changed(C=""), [("missing_number", 2, "C", False)]),
        (changed(D="已失效"), [("unknown_status", 2, "D", True)]),
        (changed(E="2026-13-45"), [("bad_date", 2, "E", True)]),
        (changed(B="火星认证"), [("unknown_project", 2, "B", True)]),
        (changed(B="有机产品认证"), [("odd_certificate_number", 2, "C", True)]),
        (changed(F="=A1", G=""), [("formula", 2, "F", True), ("missing_name", 2, "F", False)]),
        (changed(F=360), [("number_in_name", 2, "F", True)]),
        (changed(F="", G=""), [("missing_name", 2, "F", False)]),
        (changed(), []),
        (changed(D="", E=""), []),
        (changed(G="", F="𠅤"), []),
    ],
)
def test_one_fault_in_one_row(table, row, expected):
    _, rows, problems = read(table([QUERY, row]))
    assert places(problems) == expected
    left_out = any(code == "missing_name" for code, *_ in expected)
    assert len(rows) == (0 if left_out else 1)


def test_a_problem_names_file_sheet_row_and_column(table):
    _, _, (problem,) = read(table([QUERY, changed(D="?")], sheet="查询", name="名录.xls"))
    where = problem.where
    assert (where.file, where.sheet, where.row, where.column) == ("名录.xls", "查询", 2, "D")
    assert problem.values == {"value": "?"}


@pytest.mark.parametrize(
    "written, name",
    [
        ("  甲公司\n", "甲公司"),
        ("\u3000甲公司\u00a0", "甲公司"),
        ("\ufeff甲公司\u200b ", "甲公司"),
        ("甲 公司（集团）", "甲 公司（集团）"),
        ("𬭎䶮𠅤\U00020164厂", "𬭎䶮𠅤\U00020164厂"),
        ("甲\n公司", "甲\n公司"),
    ],
)
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_names_keep_every_character_and_lose_white_space_at_the_ends(table, kind, written, name):
    _, (row,), _ = read(table([QUERY, changed(F=written)], kind))
    # A line feed inside a cell is a paragraph of its own in ods.
    assert row.organization.name.split() == name.split() if kind == "ods" else row.organization.name == name


@pytest.mark.parametrize(
    "cell", ["2027-03-01", "2027/3/1", "20270301", "2027年3月1日", 20270301, 46447, date(2027, 3, 1)]
)
def test_date_notations_in_a_workbook_mean_the_same_day(table, cell):
    _, (row,), problems = read(table([QUERY, changed(E=cell)]))
    assert row.certificate.expires_on == date(2027, 3, 1)
    assert problems == []


@pytest.mark.parametrize(
    "word, status", [("有效", "valid"), ("01", "valid"), (1, "valid"), ("03", "withdrawn"), (4, "cancelled")]
)
def test_status_words_and_codes(table, word, status):
    _, (row,), _ = read(table([QUERY, changed(D=word)]))
    assert row.certificate.status == status


def test_withdrawn_and_cancelled_stay_apart(table):
    _, rows, _ = read(table([QUERY, changed(D="撤销"), changed(D="注销", C="2")]))
    assert [row.certificate.status for row in rows] == [
        CertificateStatus.WITHDRAWN,
        CertificateStatus.CANCELLED,
    ]


def test_a_word_that_is_a_product_category_gives_scheme_and_class(table):
    _, (row,), _ = read(table([QUERY, changed(B="电动自行车", C="2022011119582423")]))
    certificate = row.certificate
    assert (certificate.scheme, certificate.product_class) == (Scheme.CCC, ProductClass.ELECTRIC_BICYCLE)
    assert certificate.project == ""


@pytest.mark.parametrize(
    "number, scheme",
    [
        ("2022011119582423", Scheme.CCC),
        ("0052OP2296976", Scheme.ORGANIC),
        ("X1", Scheme.OTHER),
    ],
)
def test_without_a_known_word_the_number_hints_at_the_scheme(table, number, scheme):
    _, (row,), _ = read(table([QUERY, changed(B="火星认证", C=number)]))
    assert row.certificate.scheme is scheme
    assert row.certificate.project == "火星认证"


def test_a_repeated_row_and_a_repeated_number_are_left_out(table):
    rows = [QUERY, GOOD, [2, *GOOD[1:]], changed(D="暂停", G="1"), changed(F="乙公司", G="")]
    _, taken, problems = read(table(rows))
    assert [row.row for row in taken] == [2, 5]
    assert places(problems) == [
        ("repeated_row", 3, "C", False),
        ("repeated_number", 4, "C", False),
        ("number_elsewhere", 5, "C", True),
    ]


@pytest.mark.parametrize(
    "tail",
    [
        [["填表人：张三", "", "审核人："]],
        [[], [], ["审核人：", "", "填报日期：2026年11月1日"]],
        [["合计", 2]],
        [["注：本表一式两份"]],
        [["", "", "", "", "", ""]],
    ],
)
def test_what_stands_below_a_table_is_no_data_and_no_problem(table, tail):
    _, rows, problems = read(table([QUERY, GOOD, *tail]))
    assert [row.row for row in rows] == [2]
    assert problems == []


def test_blank_rows_between_do_not_shift_row_numbers(table):
    _, rows, _ = read(table([QUERY, GOOD, [], changed(C="2")]))
    assert [row.row for row in rows] == [2, 4]


def test_a_name_merged_over_several_certificates_belongs_to_each(table):
    rows = [QUERY, changed(C="1"), changed(C="2", F=None, G=None), changed(C="3", F="乙公司", G="")]
    _, taken, _ = read(table(rows, merged=["F2:F3", "G2:G3"]))
    assert [row.organization.name for row in taken] == ["甲公司", "甲公司", "乙公司"]
    assert taken[1].organization.credit_code == GOOD[6]


def test_columns_may_stand_in_another_order_and_under_a_title(table):
    header = ["证书编号", "企业名称", "状态"]
    _, (row,), _ = read(table([["", "2026年证书名录"], header, ["A1", "甲公司", "有效"]]))
    assert (row.row, row.certificate.number, row.organization.name) == (3, "A1", "甲公司")


def test_all_sheets_with_the_list_are_read_and_others_are_named(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for title, rows in (
        ("一", [QUERY, GOOD]),
        ("二", [QUERY, GOOD, changed(C="2")]),
        ("说明", [["看这里"]]),
    ):
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(tmp_path / "a.xlsx")
    _, rows, problems = read(tmp_path / "a.xlsx")
    assert [(row.sheet, row.row) for row in rows] == [("一", 2), ("二", 3)]
    assert [(p.code, p.where.sheet) for p in problems] == [
        ("intake.sheet_not_read", "说明"),
        ("intake.repeated_row", "二"),
    ]


# The upload templates: seven header rows, data from row 8 column C, and their re-saved copies.

MS = {
    "RZJG_ID": ("认证机构批准号", "CNCA-R-2018-012"),
    "ORG_NAME": ("获证组织名称（主要名称）", "甲公司"),
    "ORG_CODE": ("获证组织的组织机构代码", "914403001922038216"),
    "ORG_PEOP_NUM": ("获证组织员工数", 74),
    "CERT_NUMBER": ("认证证书号", "03326Q73972R0L"),
    "AUTH_PROJ_CODE": ("认证项目分类代码", "A01"),
    "CERTI_E_DATE": ("证书截止日期", "2029-03-27"),
    "CERTI_STATUS": ("证书状态", "03"),
    "CANCEL_CAUSE": ("撤销原因", "0112"),
    "CANCEL_DATE": ("撤销时间", "2026-05-01"),
}


def template(*, codes=True, meanings=True, rest=True, margin=True):
    left = [["103010", "字段名称"], ["管理体系", "字段含义"]] + [
        ["", mark] for mark in ("数据类型", "最大长度（字符）", "填表说明", "校验级别", "是否公开")
    ]
    rows = [list(MS), [f"{n}、{m}" for n, (m, _) in enumerate(MS.values(), 1)], ["VARCHAR2"] * 10]
    rows += [[30] * 10, ["必填"] * 10, [1] * 10, ["是"] * 10]
    wanted = [codes, meanings] + [rest] * 5
    head = [(left[i] if margin else []) + rows[i] for i in range(7) if wanted[i]]
    return [*head, (["证书信息表", ""] if margin else []) + [value for _, value in MS.values()]]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"codes": False},
        {"meanings": False},
        {"rest": False},
        {"codes": False, "rest": False, "margin": False},
    ],
    ids=["original", "no-codes", "no-meanings", "headings-only", "meanings-only-without-margin"],
)
def test_a_template_is_read_by_field_code_or_meaning(table, kind, shape):
    rows = template(**shape)
    file, (row,), problems = read(table(rows, kind))
    assert file.layout == "ms-certificates"
    assert row.row == len(rows)
    assert row.organization.employees == 74
    assert row.certificate.body_approval == "CNCA-R-2018-012"
    assert (row.certificate.status, row.certificate.status_reason) == (CertificateStatus.WITHDRAWN, "0112")
    assert row.certificate.ended_on == date(2026, 5, 1)
    assert problems == []


CCC = [
    "CERT_NO",
    "CERTI_STATUS",
    "CERT_AWARD_DATE",
    "FAC_NAME",
    "FAC_ORG_CODE",
    "MANU_NAME",
    "MANU_ORG_CODE",
    "APP_NAME",
]
CCC_NUMBER = "2024010105050454"


@pytest.mark.parametrize(
    "parties, name, code",
    [
        (["工厂", "914403001922038216", "生产者", "", "委托人"], "工厂", "914403001922038216"),
        (["", "", "生产者", "9144030071526726XG", "委托人"], "生产者", "9144030071526726XG"),
        (["", "", "", "", "委托人"], "委托人", ""),
    ],
)
def test_the_factory_is_the_subject_of_a_ccc_certificate_else_the_next_party(table, parties, name, code):
    _, (row,), _ = read(table([CCC, [CCC_NUMBER, "01", "2024-11-01", *parties]]))
    assert (row.organization.name, row.organization.credit_code) == (name, code)
    assert row.certificate.product_class is ProductClass.CABLE


@pytest.mark.parametrize(
    "line, parts",
    [
        (
            "宜春市铜鼓县辽市镇路976号 张芳 0795-5830605",
            ("宜春市铜鼓县辽市镇路976号", "张芳", "0795-5830605"),
        ),
        ("铜鼓县辽市镇 13800000000", ("铜鼓县辽市镇", "", "13800000000")),
        ("铜鼓县 辽市镇", ("铜鼓县", "辽市镇", "")),
        ("铜鼓县辽市镇路976号", ("铜鼓县辽市镇路976号", "", "")),
    ],
)
def test_the_surveys_contact_cell_is_taken_apart(table, line, parts):
    header = ["序号", "获证组织名称", "地址及联系方式", "产品名称", "认证证书编号", "认证机构名称"]
    _, (row,), _ = read(table([header, [1, "甲厂", line, "富硒大米", "FX1", "中心"]]))
    organization = row.organization
    assert (organization.address, organization.contact, organization.phone) == parts
    assert (organization.region, organization.region_name) == ("360926", "铜鼓县")


def test_a_list_of_organizations_knows_the_division_code_of_a_county_name(table):
    header = ["企业名称", "统一社会信用代码", "所在地区", "风险等级"]
    _, rows, problems = read(
        table(
            [
                header,
                ["甲", "914403001922038216", "袁州区", "A"],
                ["乙", "", "某县", ""],
                ["乙", "", "某县", ""],
            ]
        )
    )
    assert [(row.organization.region, row.organization.region_name) for row in rows] == [
        ("360902", "袁州区"),
        ("", "某县"),
    ]
    assert rows[0].certificate is None
    assert places(problems) == [("repeated_row", 4, "A", False)]


def test_the_layout_can_be_named_and_must_then_fit(table):
    path = table([QUERY, GOOD])
    assert open_registry(path, "certificate-query").layout == "certificate-query"
    with pytest.raises(BadInput, match=r"intake\.layout_mismatch"):
        open_registry(path, "selenium-survey")
    with pytest.raises(BadInput, match=r"intake\.unknown_layout"):
        open_registry(path, "no-such")


def test_a_table_of_something_else_is_not_recognised(table):
    with pytest.raises(BadInput, match=r"intake\.unrecognised"):
        open_registry(table([["a", "b"], [1, 2]]))


def test_batches_are_as_long_as_asked_and_can_be_read_again(registry_data):
    file = open_registry(registry_data / "registry-query.xlsx")
    lengths = [len(batch.rows) for batch in file.batches(size=20)]
    assert lengths == [20, 20, 20, 5]
    assert [len(batch.rows) for batch in file.batches(size=20)] == lengths
    assert file.total == 66


def test_headings_are_compared_without_number_width_and_white_space():
    assert heading(" 22.认证 证书号\n") == "认证证书号"
    assert heading("21、认证证书号") == "认证证书号"
    assert heading("获证组织名称（主要名称）") == heading("获证组织名称(主要名称)")
    assert heading("CERT_FIRST_ DATE") == "cert_first_date"


def test_every_layout_of_the_catalogue_is_found_again_from_its_own_headings(table):
    for layout in layouts("registry"):
        names = {alias: field for party in layout.parties for alias, field in party.items()} | layout.columns
        first_alias = {field: alias for alias, field in reversed(names.items())}
        (grid,) = open_grids(table([list(first_alias.values()), ["x"] * len(first_alias)]))
        assert bind(grid, layouts("registry")).layout.name == layout.name


def test_upload_templates_bind_every_field_that_their_layout_knows(registry_data):
    for name in ("ms-certificates.xls", "ccc-certificates.xlsx"):
        (binding,) = open_registry(registry_data / name).bindings
        assert set(binding.layout.columns.values()) == set(binding.columns)
        for aliases, party in zip(binding.layout.parties, binding.parties, strict=True):
            assert set(aliases.values()) == set(party)


def test_the_truth_lists_every_fault_that_these_tests_expect(truth):
    assert len(truth["quirks"]) == 10
    assert json.dumps(truth["quirks"], ensure_ascii=False).count("registry-query.xlsx") == 6


@pytest.mark.parametrize(
    "columns, place",
    [
        ({"F": "公" * 401}, ("too_long", 2, "F", True)),
        ({"G": "9" * 19}, ("too_long", 2, "G", True)),
        ({"C": "0" * 121}, ("too_long", 2, "C", True)),
        ({"H": "中" * 401}, ("too_long", 2, "H", True)),
    ],
)
def test_what_no_column_can_hold_is_named_and_left_out(table, columns, place):
    """A record with such a value would be refused by every other device."""
    _, rows, problems = read(table([QUERY, changed(**columns)]))
    assert places(problems)[0] == place
    (row,) = rows
    assert len(row.organization.name) <= 400
    assert len(row.organization.credit_code) <= 18


def test_a_page_that_ends_in_the_midst_is_damaged(table):
    whole = table([QUERY, GOOD, changed(F="乙公司", C="03326Q73972R1M")], kind="html")
    cut = whole.with_name("cut.xls")
    cut.write_bytes(whole.read_bytes()[: whole.read_bytes().rindex("乙公司".encode()) + 6])
    with pytest.raises(BadInput, match=r"intake\.damaged"):
        read(cut)


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(tmp_path):
    path = tmp_path / "list.csv"
    rows = [QUERY, changed(F='"甲公司'), *[changed(C=f"03326Q7{n:04}R0L") for n in range(9)]]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf8")
    with pytest.raises(BadInput, match=r"intake\.bad_quotes"):
        read(path)
