"""What a faulty checklist file tells its author."""

from __future__ import annotations

import pytest

from app.checklists.loader import load_checklist
from app.errors import EnvironmentFault
from app.wording import known_codes, sentence

HEAD = """id = "trial"
inspection_type = "MS_ORG"
version = "1"
title = "试用清单"
effective_from = 2026-01-01
"""
SECTION = '[[sections]]\nid = "1"\ntitle = "一"\n'


def item(number: str, *more: str) -> str:
    lines = [
        "[[sections.items]]",
        f'id = "{number}"',
        'text = "证书有效"',
        'how = "查询"',
        'evidence = "截图"',
        'basis = "proposal"',
        'default_severity = "minor"',
        *more,
    ]
    return "\n".join(lines) + "\n"


def read(*parts: str):
    return load_checklist("".join(parts).encode(), {"law/1"})


def test_the_smallest_good_one():
    found, problems = read(HEAD, SECTION, item("1.1", 'references = ["law/1"]'))
    assert problems == ()
    assert found is not None
    assert [each.id for each in found.items()] == ["1.1"]


def test_a_byte_order_mark_is_no_fault():
    found, problems = load_checklist(b"\xef\xbb\xbf" + (HEAD + SECTION + item("1.1")).encode())
    assert found is not None
    assert problems == ()


@pytest.mark.parametrize(
    "body, code, place",
    [
        (item("1.1") + item("1.1"), "duplicate_item", "1.1"),
        (item("1.1", 'references = ["law/2"]'), "unknown_reference", "1.1"),
        (item("1.1", 'penalty_references = ["law/2"]'), "unknown_reference", "1.1"),
        (item("1.1", "colour = 1"), "unknown_field", "1.1"),
        (item("1.1", 'measure = { label = "长", unit = "米", colour = 1 }'), "unknown_field", "1.1"),
        (
            item("1.1", 'measure = { label = "长", unit = "米", minimum = 2, maximum = 1 }'),
            "bad_limits",
            "1.1",
        ),
        (item("1.0") + item("1.1", "photos_required = -1"), "bad_field", "1.1"),
        (item("1.0") + item("1.1", 'dispositions = ["forgive"]'), "bad_field", "1.1"),
        (item("1.1").replace("查询", " "), "blank_field", "1.1"),
        (item("1.1", 'condition = "certificate.suspended and"'), "bad_condition", "1.1"),
        (item("1.1", 'condition = "weather.fine"'), "unknown_fact", "1.1"),
        (item("1.1", 'condition = \'item("9.9") == "conforming"\''), "unknown_item", "1.1"),
        (item("1.1", 'condition = \'item("1.1") == "conforming"\''), "forward_condition", "1.1"),
        (
            item("1.1", 'condition = \'item("1.2") == "conforming"\'') + item("1.2"),
            "forward_condition",
            "1.1",
        ),
        (item("1.1") + item("1.2", "condition = 'measure(\"1.1\") > 2'"), "no_measure", "1.2"),
        (item("1.1") + SECTION + item("2.1"), "duplicate_section", "1"),
        (item("1@1"), "bad_id", "1@1"),
        (item("1.1", 'measures = [{ id = "A", label = "长" }]'), "bad_id", "1.1"),
        (
            item("1.1", 'measures = [{ id = "a", label = "长" }, { id = "a", label = "宽" }]'),
            "duplicate_measure",
            "1.1",
        ),
        (item("1.1", 'measures = [{ id = "a", label = "长", colour = 1 }]'), "unknown_field", "1.1"),
        (
            item("1.0") + item("1.1", 'measures = [{ id = "a", label = "长", kind = "colour" }]'),
            "bad_field",
            "1.1",
        ),
        (
            item("1.1", 'measure = { label = "日", kind = "date", minimum = "2026-02-30" }'),
            "bad_limits",
            "1.1",
        ),
        (item("1.1", 'measure = { label = "日", kind = "text", maximum = 5 }'), "bad_limits", "1.1"),
        (
            item(
                "1.1", 'measure = { label = "日", kind = "date", minimum = 2026-02-01, maximum = 2026-01-01 }'
            ),
            "bad_limits",
            "1.1",
        ),
        (item("1.0") + item("1.1", "condition = 'any_nonconforming(\"all\")'"), "conclusion_only", "1.1"),
        (
            item("1.1", 'measure = { label = "日", kind = "date" }')
            + item("1.2", "condition = 'measure(\"1.1\") > 2'"),
            "no_measure",
            "1.2",
        ),
    ],
)
def test_faults_are_located(body, code, place):
    found, (problem, *others) = read(HEAD, SECTION, body)
    assert found is not None
    assert others == []
    assert problem.code == f"checklist.{code}"
    assert problem.code in known_codes("checklist")
    assert problem.where.column == place
    assert problem.where.row is not None
    assert sentence(problem).remedy


def test_the_row_is_the_line_of_the_item(tmp_path):
    path = tmp_path / "trial.toml"
    path.write_text(HEAD + SECTION + item("1.1") + item("1.2", "photos_required = -1"), "utf8")
    _, (problem,) = load_checklist(path)
    assert problem.where.file == "trial.toml"
    assert problem.where.row is not None
    assert path.read_text("utf8").splitlines()[problem.where.row - 1] == 'id = "1.2"'


def test_the_good_items_stay():
    found, problems = read(HEAD, SECTION, item("1.1"), item("1.2", "required = 5"), item("1.3"))
    assert found is not None
    assert [each.id for each in found.items()] == ["1.1", "1.3"]
    assert len(problems) == 1


def test_a_faulty_condition_leaves_the_item_asked():
    found, _ = read(HEAD, SECTION, item("1.1", 'condition = "and"'))
    assert found is not None
    assert found.item("1.1").condition is None


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"id = ",
        b"{",
        b'{"id": 1}',
        HEAD.replace("MS_ORG", "ZOO").encode(),
        b"a = " + b"[" * 5000,
    ],
    ids=["encoding", "toml", "json", "head", "type", "deep"],
)
def test_without_a_head_there_is_no_checklist(content):
    found, problems = load_checklist(content)
    assert found is None
    assert problems
    assert all(sentence(problem).remedy for problem in problems)


def test_no_items_is_a_problem():
    _, problems = read(HEAD)
    assert [problem.code for problem in problems] == ["checklist.empty"]


def test_a_missing_file_is_the_worlds_fault(tmp_path):
    with pytest.raises(EnvironmentFault):
        load_checklist(tmp_path / "none.toml")


REPEATED = """[[sections]]
id = "2"
title = "档案"
repeat = { of = "file", fields = [{ id = "number", label = "编号", kind = "code" }] }
"""


def test_limits_of_a_date_may_be_called_as_those_of_a_number():
    measure = 'measure = { label = "日", kind = "date", minimum = 2026-01-01, maximum = "2026-12-31" }'
    found, problems = read(HEAD, SECTION, item("1.1", measure))
    assert problems == ()
    assert found is not None
    read_measure = found.item("1.1").measure
    assert (read_measure.earliest, read_measure.latest) == ("2026-01-01", "2026-12-31")


@pytest.mark.parametrize(
    "parts, code",
    [
        (
            REPEATED + item("2.1") + SECTION + item("1.1", 'condition = \'item("2.1") == "conforming"\''),
            "condition_into_repeat",
        ),
        (
            REPEATED.replace('of = "file"', 'of = "file", minimum = 5, maximum = 2') + item("2.1"),
            "bad_limits",
        ),
        (REPEATED.replace('"number"', '"Nr 1"') + item("2.1"), "bad_id"),
        (REPEATED.replace('of = "file"', 'of = "file", colour = 1') + item("2.1"), "unknown_field"),
        (REPEATED.replace('"file"', '"planet"') + item("2.1") + SECTION + item("1.1"), "bad_field"),
    ],
)
def test_faults_of_repeated_sections(parts, code):
    found, (problem, *others) = read(HEAD, parts)
    assert (problem.code, others) == (f"checklist.{code}", [])
    assert sentence(problem).remedy
    assert found is not None


def test_a_condition_inside_a_repeated_section_may_look_at_it_and_before_it():
    parts = (
        SECTION
        + item("1.1")
        + REPEATED
        + item("2.1")
        + item("2.2", """condition = 'item("2.1") == "conforming" and item("1.1") == "conforming"'""")
    )
    _, problems = read(HEAD, parts)
    assert problems == ()


def test_an_unknown_field_of_a_check_is_told():
    measures = 'measures = [{ id = "a", label = "产量" }, { id = "b", label = "销量" }]'
    check = 'check = { rule = "balance", inputs = { produced = "1.1.a", sold = "1.1.b" }, when = 1 }'
    _, (problem,) = read(HEAD, SECTION, item("1.1", measures, check))
    assert (problem.code, problem.values["field"]) == ("checklist.unknown_field", "when")
