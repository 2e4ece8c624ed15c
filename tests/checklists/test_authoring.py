"""A checklist as rows of a workbook, there and back, and what is said about rows that are wrong."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.checklists.authoring import rows_of
from app.checklists.authoring_reader import AuthoringRead, Line, read_rows
from app.checklists.authoring_words import LISTS, authoring_words, choices
from app.checklists.loader import checklist_bytes, shipped
from app.checklists.schema import Checklist
from app.law.library import library
from app.wording import known_codes, sentence

HEADINGS = [each.heading for each in authoring_words().columns]


def lines(rows: Sequence[dict[str, str]]) -> list[Line]:
    keys = [each.key for each in authoring_words().columns]
    return [(1, HEADINGS), *((n, [row.get(key, "") for key in keys]) for n, row in enumerate(rows, 2))]


def written(checklist: Checklist) -> list[Line]:
    return lines([row.cells for row in rows_of(checklist)])


HEAD = {
    "kind": "清单", "id": "ours", "text": "本区清单", "version": "2026-9", "type": "CCC 生产企业",
    "effective": "2026年9月1日", "source": "本区",
}  # fmt: skip
SECTION = {"kind": "章节", "id": "1", "text": "证书"}


def item(name: str, **more: str) -> dict[str, str]:
    usual = {"text": "证书有效", "how": "查", "evidence": "截图", "basis": "建议条目", "severity": "一般"}
    return {"kind": "条目", "id": name, **usual, **more}


def read(*rows: dict[str, str]) -> AuthoringRead:
    return read_rows(lines(rows), file="清单.xlsx", sheet="检查清单", known_provisions=library())


def told(found: AuthoringRead) -> list[tuple[str, str]]:
    return [
        (problem.code, f"{problem.where.column or ''}{problem.where.row or ''}") for problem in found.problems
    ]


def column(key: str) -> str:
    place = [each.key for each in authoring_words().columns].index(key)
    return chr(65 + place) if place < 26 else f"A{chr(65 + place - 26)}"


@pytest.mark.parametrize("checklist", shipped(), ids=lambda one: f"{one.id}@{one.version}")
def test_every_shipped_checklist_comes_back_as_it_was(checklist: Checklist) -> None:
    found = read_rows(written(checklist), file="清单.xlsx", known_provisions=library())
    assert found.problems == ()
    assert found.sound
    assert found.checklist == checklist
    assert checklist_bytes(found.checklist) == checklist_bytes(checklist)


def test_every_word_that_may_be_chosen_is_told_apart() -> None:
    for name in LISTS:
        shown = list(choices(name).values())
        assert len(shown) == len(set(shown)) > 1, name


def test_columns_may_stand_in_another_order_below_a_title() -> None:
    rows = [[*HEADINGS[::-1]], *([*cells][::-1] for _, cells in lines([HEAD, SECTION, item("1.1")])[1:])]
    moved: list[Line] = [(1, ["检查清单（征求意见稿）"]), *enumerate(rows, 2)]
    found = read_rows(moved, file="x.csv")
    assert found.problems == ()
    assert [each.id for each in found.checklist.items()] == ["1.1"]


def test_what_clerks_type_is_understood() -> None:
    found = read(
        HEAD,
        SECTION,
        item("1.1", starred="√", dispositions="责令限期改正、通报认证机构"),
        item("1.2", condition="item（“1.1”） == “nonconforming”", required="否", basis="proposal"),
        {"kind": "实测值", "text": "生产日期", "value_kind": "日期", "minimum": "2026-01-01"},
        {"kind": "实测值", "id": "sold", "text": "销量", "unit": "吨", "decimals": "2", "maximum": "5.50"},
    )
    assert told(found) == []
    first, second = found.checklist.items()
    assert (first.starred, first.dispositions) == (True, ("rectify_by_date", "notify_body"))
    assert second.condition == 'item("1.1") == "nonconforming"'
    assert (second.measure.kind, second.measure.earliest) == ("date", "2026-01-01")
    assert [(each.id, str(each.maximum)) for each in second.measures] == [("sold", "5.50")]
    assert found.checklist.effective_from.isoformat() == "2026-09-01"


@pytest.mark.parametrize(
    "rows, expected",
    [
        ([HEAD, SECTION, item("1.1", basis="听说")], [("authoring.unknown_word", f"{column('basis')}4")]),
        ([HEAD, SECTION, item("1.1", severity="")], [("authoring.empty", f"{column('severity')}4")]),
        ([HEAD, SECTION, item("1.1"), item("1.1")], [("authoring.used_twice", "B5")]),
        ([HEAD, item("1.1"), SECTION, item("1.2")], [("authoring.no_section", "A3")]),
        ([HEAD, SECTION, item("1.1"), {"kind": "字段", "id": "a"}], [("authoring.no_repeat", "A5")]),
        ([HEAD, SECTION, {"kind": "实测值", "text": "数"}, item("1.1")], [("authoring.no_item", "A4")]),
        ([HEAD, SECTION, item("1.1"), {"kind": "备注"}], [("authoring.unknown_kind", "A5")]),
        ([HEAD, SECTION, item("1.1", photos="两张")], [("authoring.bad_number", f"{column('photos')}4")]),
        ([HEAD, SECTION, item("1.1", required="也许")], [("authoring.bad_flag", f"{column('required')}4")]),
        ([HEAD, SECTION, item("1.1", inputs="day")], [("authoring.bad_pair", f"{column('inputs')}4")]),
        ([HEAD, HEAD, SECTION, item("1.1")], [("authoring.second_head", "A3")]),
        (
            [{**HEAD, "version": "新版"}, SECTION, item("1.1")],
            [("authoring.bad_name", f"{column('version')}2")],
        ),
        (
            [{**HEAD, "effective": "2026-13-01"}, SECTION, item("1.1")],
            [("authoring.bad_day", f"{column('effective')}2")],
        ),
        (
            [HEAD, SECTION, item("1.1", condition='item("9") == "conforming"')],
            [("checklist.unknown_item", "G4")],
        ),
        ([HEAD, {**SECTION, "condition": "rain"}, item("1.1")], [("checklist.unknown_fact", "G3")]),
        ([HEAD, SECTION, item("1.1", condition="((")], [("checklist.bad_condition", "G4")]),
        (
            [HEAD, SECTION, item("1.1", references="no-such-law/1")],
            [("checklist.unknown_reference", f"{column('references')}4")],
        ),
        (
            [HEAD, SECTION, item("1.1", penalties="no-such-law/2")],
            [("checklist.unknown_reference", f"{column('penalties')}4")],
        ),
        (
            [HEAD, SECTION, item("1.1"), {"kind": "实测值", "text": "数", "minimum": "5", "maximum": "1"}],
            [("checklist.bad_limits", f"{column('minimum')}5")],
        ),
        (
            [HEAD, SECTION, item("1.1", rule="balance", inputs="produced=1.1.a")],
            [("checklist.unknown_source", f"{column('inputs')}4"), ("checklist.input_missing", f"{column('inputs')}4")],
        ),
        (
            [HEAD, SECTION, item("1.1"), {"kind": "结论规则", "result": "符合", "condition": 'any_nonconforming("x")'}],
            [("checklist.unknown_group", "G5")],
        ),
        ([HEAD, SECTION, item("1 1")], [("checklist.bad_id", "B4")]),
        ([SECTION, item("1.1")], [("authoring.no_head", "")]),
        ([HEAD, {**SECTION, "together": "证书"}, item("1.1")], [("authoring.no_subject", f"{column('repeat')}3")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(
    rows: list[dict[str, str]], expected: list[tuple[str, str]]
) -> None:
    found = read(*rows)
    assert sorted(told(found)) == sorted(expected)
    assert not found.sound
    for problem in found.problems:
        said = sentence(problem)
        assert said.message != problem.code
        assert said.remedy


def test_the_good_part_is_there_beside_the_problems() -> None:
    found = read(
        HEAD, SECTION, item("1.1"), item("1.1", text="又一条"), {"kind": "实测值", "text": "数"}, item("1.2")
    )
    assert [each.id for each in found.checklist.items()] == ["1.1", "1.2"]
    assert (found.rows, found.left_out) == (6, 2)
    assert told(found) == [("authoring.used_twice", "B5")]


def test_what_only_follows_from_a_row_that_was_left_out_is_not_told_again() -> None:
    rows = (item("1.1", basis="听说"), item("1.2", condition='item("1.1") == "conforming"'))
    found = read(HEAD, SECTION, *rows)
    assert told(found) == [("authoring.unknown_word", f"{column('basis')}4")]
    assert [each.id for each in found.checklist.items()] == ["1.2"]
    gone = read(HEAD, SECTION, item("1.2", condition='item("1.1") == "conforming"'))
    assert told(gone) == [("checklist.unknown_item", "G4")]


@pytest.mark.parametrize("head", [HEAD | {"effective": "下月"}, HEAD | {"effective": ""}, None])
def test_a_bad_head_hides_no_fault_of_the_rows(head: dict[str, str] | None) -> None:
    rows = [SECTION, item("1.1", references="no-law/1"), item("1.2", condition="production.idel")]
    found = read(*([head] if head else []), *rows)
    assert found.checklist is None
    codes = [code for code, _ in told(found)]
    assert len(codes) == 3  # the head's own, and both of the rows
    assert codes[1:] == ["checklist.unknown_reference", "checklist.unknown_fact"]


def test_a_cell_in_the_wrong_row_is_a_remark_only() -> None:
    found = read(HEAD, {**SECTION, "how": "查"}, item("1.1"))
    assert told(found) == [("authoring.not_used", "E3")]
    assert found.sound


def test_an_id_that_the_workbook_kept_as_a_number_is_pointed_at() -> None:
    found = read_rows(lines([HEAD, SECTION, item("1.1")]), file="x.xlsx", numbers={(4, 1)})
    assert told(found) == [("authoring.number_as_id", "B4")]
    assert found.sound


def test_a_heading_that_nobody_knows_is_told_and_passed_over() -> None:
    rows = lines([HEAD, SECTION, item("1.1")])
    extended: list[Line] = [(1, [*HEADINGS, "备注"]), *((n, [*cells, "改过"]) for n, cells in rows[1:])]
    found = read_rows(extended, file="x.xlsx")
    assert told(found) == [("authoring.unknown_heading", f"A{chr(65 + len(HEADINGS) - 26)}1")]
    assert found.sound


def test_a_sheet_without_headings_is_refused() -> None:
    found = read_rows([(1, ["甲", "乙"])], file="x.xlsx")
    assert told(found) == [("authoring.no_heading", "")]
    assert found.checklist is None


def test_earlier_ids_are_read_and_written() -> None:
    found = read(HEAD, {**SECTION, "formerly": "A"}, item("1.1", formerly="2.3，2.4"))
    assert found.checklist is not None
    (section,) = found.checklist.sections
    assert (section.formerly, section.items[0].formerly) == (("A",), ("2.3", "2.4"))
    again = read_rows(lines([row.cells for row in rows_of(found.checklist)]), file="x")
    assert again.checklist == found.checklist


def test_an_earlier_id_that_none_could_have_is_told_at_its_cell() -> None:
    found = read(HEAD, SECTION, item("1.1", formerly="a@b"))
    assert told(found) == [("checklist.bad_former", f"{column('formerly')}4")]
    assert not found.sound


def test_every_code_of_the_reader_has_a_sentence() -> None:
    assert {"authoring.no_heading", "authoring.empty", "authoring.phone_condition"} <= known_codes(
        "authoring"
    )
