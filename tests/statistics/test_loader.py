"""Shipped tables as the notices print them, and located problems for whatever an office gets wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from app.files import catalog
from app.statistics.loader import load_table, load_tables
from app.wording import known_codes

HEAD = """
id = "own"
title = "本局月报"
source = "本局通知"
inspection_types = ["CCC_PRODUCER"]
scheme = "ccc"
[[rows]]
key = "total"
label = "合计"
total = true
"""

COLUMN = """
[[columns]]
key = "inspected"
name = "检查企业"
measure = "inspected"
"""


def load(folder: Path, text: str):
    path = folder / "own.toml"
    path.write_text(text, "utf8")
    return load_table(path)


def test_shipped_tables_have_no_problem() -> None:
    tables, problems = load_tables()
    assert problems == ()
    assert set(tables) == {
        "ccc-annex1", "ms-annex2", "organic-annex3", "selenium-annex4", "selenium-annex5",
        "shanghai-annex1", "shanghai-annex2", "zhejiang-annex1", "case-causes",
    }  # fmt: skip


@pytest.mark.parametrize(
    "table_id, leaves, rows, groups",
    [
        # the dimension column counts as a leaf
        ("ccc-annex1", 20, 10, ["获证企业档案建立情况", "获证企业检查情况", "执法查处情况", "处理情况"]),
        ("organic-annex3", 17, 1, ["获证企业检查情况", "执法查处情况", "处理情况"]),
        ("shanghai-annex2", 8, 7, []),
        ("ms-annex2", 26, 1, ["认证活动", "获证组织检查情况", "发现问题", "执法查处情况", "处理情况"]),
        ("selenium-annex4", 18, 1, ["获证企业检查情况", "执法查处情况", "处理情况"]),
        ("selenium-annex5", 6, 0, []),
        ("shanghai-annex1", 5, 0, []),
        ("zhejiang-annex1", 11, 1, []),
        ("case-causes", 8, 19, []),
    ],
)
def test_layouts_are_those_of_the_notices(table_id: str, leaves: int, rows: int, groups: list[str]) -> None:
    table = load_tables()[0][table_id]
    assert len(table.columns) + bool(table.dimension_label) == leaves
    assert len(table.rows) == rows
    assert list(dict.fromkeys(each.group for each in table.columns if each.group)) == groups


@pytest.mark.parametrize("table_id", ["ccc-annex1", "organic-annex3", "shanghai-annex2"])
def test_printed_headings_are_the_names_with_line_breaks(table_id: str) -> None:
    for column in load_tables()[0][table_id].columns:
        assert column.heading.replace("\n", "") in {"", column.name}


def test_an_office_adds_and_replaces_tables_without_code(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(HEAD + COLUMN, "utf8")
    (tmp_path / "ccc.toml").write_text((HEAD + COLUMN).replace('"own"', '"ccc-annex1"'), "utf8")
    tables, problems = load_tables(tmp_path)
    assert problems == ()
    assert tables["own"].title == "本局月报"
    assert len(tables["ccc-annex1"].columns) == 1


@pytest.mark.parametrize(
    "code, entry, text",
    [
        ("not_readable", None, HEAD + "[[columns"),
        ("bad_entry", "own", HEAD.replace('scheme = "ccc"', 'scheme = "iso"') + COLUMN),
        ("unknown_word", "own", 'dimension = "colour"\n' + HEAD + COLUMN),
        ("unknown_field", "own", "colour = 1\n" + HEAD + COLUMN),
        ("empty", "own", HEAD),
        ("unknown_word", "x", HEAD + COLUMN + '[[columns]]\nkey = "x"\nname = "x"\nmeasure = "guesses"\n'),
        (
            "unknown_word",
            "x",
            HEAD + COLUMN + '[[columns]]\nkey = "x"\nname = "x"\nmeasure = "cases"\nby = "day"',
        ),
        ("bad_entry", "x", HEAD + COLUMN + '[[columns]]\nkey = "x"\nmeasure = "cases"\n'),
        ("duplicate", "inspected", HEAD + COLUMN + COLUMN),
        ("unknown_column", "inspected", HEAD + COLUMN + 'empty_without = "nothing"\n'),
        ("unknown_column", "c", HEAD + COLUMN + '[[checks]]\nkey = "c"\nlabel = "c"\nleft = ["nothing"]\n'),
        (
            "unknown_word",
            "c",
            HEAD + COLUMN + '[[checks]]\nkey = "c"\nlabel = "c"\nleft = ["inspected"]\nrelation = ">"\n',
        ),
        (
            "unknown_word",
            "x",
            HEAD
            + COLUMN
            + '[[columns]]\nkey = "x"\nname = "x"\nmeasure = "cases"\nswitched = { by = "day" }\n',
        ),
    ],
)
def test_what_is_wrong_is_a_located_problem(tmp_path: Path, code: str, entry: str | None, text: str) -> None:
    _, problems = load(tmp_path, text)
    assert [(each.code, each.where.file, each.where.column) for each in problems] == [
        (f"statistics.{code}", "own.toml", entry)
    ]
    assert problems[0].code in known_codes("statistics")


def test_a_bad_column_leaves_the_good_ones(tmp_path: Path) -> None:
    table, _ = load(tmp_path, HEAD + '[[columns]]\nkey = "x"\nname = "x"\nmeasure = "guesses"\n' + COLUMN)
    assert table is not None
    assert [column.key for column in table.columns] == ["inspected"]


def test_two_files_of_one_folder_with_the_same_id(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(HEAD + COLUMN, "utf8")
    _, problems = load_tables(tmp_path)
    assert [(each.code, each.where.file) for each in problems] == [("statistics.duplicate", "b.toml")]


def test_a_folder_that_is_not_there_is_no_problem(tmp_path: Path) -> None:
    assert load_tables(tmp_path / "none")[1] == ()


def items_of(kind: str) -> set[str] | None:
    """Items and named measures of a type's checklist; ``None`` where the program has none yet."""
    path = catalog("checklists", "catalog", f"{kind.lower().replace('_', '-')}.toml")
    if not path.is_file():
        return None
    found: set[str] = set()
    for section in tomllib.loads(path.read_text("utf8"))["sections"]:
        for item in section["items"]:
            found |= {item["id"], *(f"{item['id']}.{each['id']}" for each in item.get("measures", ()))}
    return found


@pytest.mark.parametrize("table_id", load_tables()[0])
def test_items_that_a_table_counts_by_stand_in_their_checklists(table_id: str) -> None:
    table = load_tables()[0][table_id]
    for column in table.columns:
        for item in column.items:
            kind, _, name = item.rpartition("/")
            for each in [kind] if kind else (column.types or table.inspection_types):
                known = items_of(each)
                assert known is None or name in known, f"{each} {name}"
