"""The law data as shipped, and what happens to data with mistakes."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from app.errors import Problem
from app.files import catalog
from app.law.citation import lacks_article, unplaced_span
from app.law.library import Library, library, load_library
from app.law.provision import Document, Standing
from app.vocabulary import Confidence
from app.wording import known_codes, sentence

ROOT = Path(__file__).resolve().parents[2]

DOCUMENT = """
[documents.rules-2022]
title = "某规定"
short = "某规定"
edition = "2022修订"
version = "令1号"
source = "自拟"
"""
PROVISION = """
[[provisions]]
document = "rules-2022"
article = "5"
duty = "应当如实记录"
confidence = "verified"
"""


def folder(tmp_path: Path, provisions: str, deadlines: str = "") -> Path:
    (tmp_path / "provisions.toml").write_text(provisions, "utf8")
    for name in ("further.toml", "former.toml"):
        (tmp_path / name).write_text("", "utf8")
    (tmp_path / "deadlines.toml").write_text(deadlines, "utf8")
    return tmp_path


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def test_shipped_data_has_no_problems():
    loaded, problems = load_library()
    assert problems == ()
    assert len(loaded) == len(library())


def test_main_list_holds_the_81_verified_provisions():
    entries = tomllib.loads(catalog("law", "provisions.toml").read_text("utf8"))["provisions"]
    assert len(entries) == 81
    assert {entry["confidence"] for entry in entries} == {"verified"}


def test_every_version_says_where_it_was_read_in_words_an_office_understands():
    sources = {document.source for document in library().documents.values()}
    assert all(re.search(r"[\u4e00-\u9fff]", source) for source in sources)
    assert [source for source in sources if re.search(r"SRC-|\.md|seeds|§", source)] == []


def test_the_time_limits_of_the_field_are_all_there():
    # 15 rows of the table; reminder and application after it are two limits of one row
    assert len(library().limits()) == 16
    lead = library().limit("lead-check")
    assert lead is not None
    assert (lead.amount, lead.extension, lead.unit) == (15, 15, "working_days")
    assert library().limit("ccc-renewal").direction == "before"


@pytest.mark.parametrize(
    "provision_id, citation",
    [
        ("ccc-rules-2022/55", "《强制性产品认证管理规定》（2022修订）第五十五条"),
        ("ccc-rules-2022/54(2)", "《强制性产品认证管理规定》（2022修订）第五十四条第二项"),
        ("ccc-rules-2022/29.2", "《强制性产品认证管理规定》（2022修订）第二十九条第二款"),
        ("ccc-rules-2022/10-11", "《强制性产品认证管理规定》（2022修订）第十条至第十一条"),
        ("ccc-rules-2022/41+42", "《强制性产品认证管理规定》（2022修订）第四十一条、第四十二条"),
        ("product-quality-law-2018/53", "《中华人民共和国产品质量法》（2018修正）第五十三条"),
        ("organic-rules-2022/penalties", "《有机产品认证管理办法》（2022修订）罚则章（条号待核）"),
        ("nowhere/1", "nowhere/1"),
    ],
)
def test_citation(provision_id, citation):
    assert library().cite(provision_id) == citation


def test_an_item_finds_its_article():
    whole = library().get("ccc-rules-2022/54")
    assert whole is not None
    assert library().get("ccc-rules-2022/54(2)") is whole
    assert "ccc-rules-2022/54(2)" in library()
    assert "ccc-rules-2022/540" not in library()


@pytest.mark.parametrize(
    "provision_id, low, high",
    [
        ("accreditation-regulation-2023/66", 5_000_000, 20_000_000),
        ("accreditation-regulation-2023/60", 2_000_000, 10_000_000),
        ("ccc-rules-2022/54", None, 3_000_000),
        ("ccc-rules-2022/55", None, 2_000_000),
        # several cases in one text: the range holds for all of them
        ("accreditation-regulation-2023/57", 5_000_000, 50_000_000),
        ("product-quality-law-2018/57", 1_000_000, 10_000_000),
        ("e-commerce-law/83", 5_000_000, 200_000_000),
        ("lab-supervision-2025/27", None, 10_000_000),
        # by multiples of what was charged: no maximum
        ("shanghai-testing-regulation-2024/43", 5_000_000, None),
        ("accreditation-regulation-2023/58", None, None),
    ],
)
def test_fines_are_fen(provision_id, low, high):
    provision = library().get(provision_id)
    assert provision is not None
    assert (provision.penalty_min_fen, provision.penalty_max_fen) == (low, high)


@pytest.mark.parametrize(
    "goods, ranges",
    [
        (None, ((5_000_000, 20_000_000), (0, 2_000_000))),
        (999_999, ((0, 1_999_998),)),
        (1_000_000, ((5_000_000, 20_000_000),)),
        (0, ((0, 0),)),
    ],
)
def test_small_goods_cost_by_their_value(goods, ranges):
    assert library().get("accreditation-regulation-2023/66").fines(goods) == ranges


def test_uncertain_articles_ask_for_confirmation():
    asking = {p.document_id for p in library() if p.needs_confirmation}
    assert asking >= {"mark-rules", "organic-rules-2022", "body-rules-2017", "qms-rules-2025"}
    assert not asking & {"ccc-rules-2022", "accreditation-regulation-2023", "product-quality-law-2018"}


def test_the_unverified_rules_carry_no_article_number():
    organic = library().in_force("organic-rules-2022", date(2026, 11, 21))
    assert [p.article for p in organic] == [""]
    assert organic[0].confidence is Confidence.UNVERIFIED


PLACED = re.compile(r"^第[^章]*(部分|点|项)|附件|信息表$")
"""A place that stands for an article: a numbered part of a notice, an annex, a table of it."""


def test_every_citation_names_its_article_or_says_that_it_is_wanted():
    assert lacks_article(library().cite("organic-rules-2022/penalties"))
    assert not lacks_article(library().cite("ccc-rules-2022/54(2)"))
    bare = [each for each in library() if not (each.article or PLACED.search(each.place))]
    assert len(bare) == 9
    assert [each.id for each in bare if not lacks_article(library().cite(each.id))] == []


@pytest.mark.parametrize(
    "text, marked",
    [
        ("《甲》第三条；《乙》罚则章（条号待核）；《丙》第一条", "（条号待核）"),
        ("《乙》（摘录，条号待核）", "条号待核"),
    ],
)
def test_what_has_to_be_replaced_is_found_in_the_text(text, marked):
    start, end = unplaced_span(text)
    assert text[start:end] == marked


def test_penalties_follow_the_references():
    assert [p.id for p in library().penalties("ccc-rules-2022/24")] == ["ccc-rules-2022/54"]
    assert [p.id for p in library().penalties("ccc-rules-2022/55")] == ["ccc-rules-2022/55"]
    assert library().penalties("nowhere/1") == ()


@pytest.mark.parametrize(
    "adopted, start, end, on, standing",
    [
        (None, date(2026, 1, 1), None, date(2025, 12, 31), Standing.NOT_YET),
        (None, date(2026, 1, 1), None, date(2026, 1, 1), Standing.IN_FORCE),
        (None, date(2020, 1, 1), date(2025, 12, 31), date(2025, 12, 31), Standing.IN_FORCE),
        (None, date(2020, 1, 1), date(2025, 12, 31), date(2026, 1, 1), Standing.REPEALED),
        (date(2022, 9, 29), None, None, date(2022, 9, 28), Standing.NOT_YET),
        (date(2022, 9, 29), None, None, date(2026, 1, 1), Standing.NOT_KNOWN),
        (None, None, None, date(2026, 1, 1), Standing.NOT_KNOWN),
    ],
)
def test_standing_says_what_it_does_not_know(adopted, start, end, on, standing):
    document = Document("名", "名", "", "", "", adopted, start, end)
    assert document.standing(on) is standing


def test_in_force_by_id_and_document_on_a_day():
    assert library().in_force("ccc-rules-2022", date(2021, 1, 1)) == ()
    assert len(library().in_force("ccc-rules-2022", date(2026, 1, 1))) == 28
    (rule,) = library().in_force("ccc-rules-2022/54(2)", date(2026, 1, 1))
    assert rule.article == "54"


@pytest.mark.parametrize(
    "today, day, expected",
    [
        # The three articles that moved (domain.md §1.0). 1: leaving the works without certification.
        ("accreditation-regulation-2023/66", date(2021, 6, 1), ["accreditation-regulation-2020/67"]),
        ("accreditation-regulation-2023/66", date(2026, 6, 1), ["accreditation-regulation-2023/66"]),
        # Between the two days that are told for the beginning of the newer one, both are shown.
        (
            "accreditation-regulation-2023/66",
            date(2023, 8, 1),
            ["accreditation-regulation-2020/67", "accreditation-regulation-2023/66"],
        ),
        # 2: what a false report is, and its penalty.
        ("lab-supervision-2025/15", date(2024, 6, 1), ["lab-supervision-2021/14"]),
        ("lab-supervision-2025/27", date(2024, 6, 1), ["lab-supervision-2021/26"]),
        ("lab-supervision-2021/26", date(2026, 6, 1), ["lab-supervision-2025/27"]),
        # 3: forging certificates; when the older version ended is not known, so both are shown.
        ("mark-rules/26", date(2012, 6, 1), ["mark-rules-2004/28", "mark-rules/26"]),
        ("ccc-rules-2022/54", date(2026, 6, 1), ["ccc-rules-2022/54"]),
        ("nowhere/1", date(2026, 6, 1), []),
    ],
)
def test_the_same_matter_as_it_stood_on_a_day(today, day, expected):
    assert [each.id for each in library().on_day(today, day)] == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        (DOCUMENT + PROVISION + PROVISION, ["law.duplicate"]),
        (PROVISION, ["law.unknown_document"]),
        (DOCUMENT + PROVISION.replace('"verified"', '"certain"'), ["law.bad_entry"]),
        (DOCUMENT + PROVISION.replace('"5"', '"5bis"'), ["law.bad_article"]),
        (DOCUMENT + PROVISION.replace('article = "5"', ""), ["law.bad_article"]),
        (DOCUMENT + PROVISION + 'penalised_by = ["rules-2022/6"]', ["law.unknown_reference"]),
        (DOCUMENT + PROVISION + "penalty_min_fen = 2\npenalty_max_fen = 1", ["law.bad_range"]),
        (DOCUMENT + PROVISION + 'remark = "?"', ["law.unknown_field"]),
        ("[documents", ["law.not_readable"]),
    ],
)
def test_mistakes_are_located_problems(tmp_path, text, expected):
    _, problems = load_library(folder(tmp_path, text))
    assert codes(problems) == expected
    for problem in problems:
        assert problem.where.file == "provisions.toml"
        assert problem.code in known_codes("law")
        assert sentence(problem).remedy


def test_the_good_part_stays(tmp_path):
    loaded, problems = load_library(folder(tmp_path, DOCUMENT + PROVISION + "\n[[provisions]]\nduty = 1\n"))
    assert codes(problems) == ["law.bad_entry"]
    assert loaded.cite("rules-2022/5") == "《某规定》（2022修订）第五条"


def test_a_limit_may_not_rest_on_nothing(tmp_path):
    limit = '[[deadlines]]\nid = "a"\nmatter = "甲"\nunit = "days"\namount = 3\nbasis = ["rules-2022/9"]\n'
    loaded, problems = load_library(folder(tmp_path, DOCUMENT + PROVISION, limit + limit))
    assert codes(problems) == ["law.duplicate", "law.unknown_reference"]
    assert len(loaded.limits()) == 1


def test_an_empty_library_answers():
    assert len(Library(())) == 0
    assert Library(()).get("a/1") is None
    assert 5 not in Library(())


def test_missing_folder_is_a_problem_not_an_exception(tmp_path):
    loaded, problems = load_library(tmp_path / "none")
    assert len(loaded) == 0
    assert codes(problems) == ["law.not_readable"] * 4


IDS = "|".join(re.escape(each) for each in library().documents)
ARTICLE = re.compile(
    rf"第\s*[〇零一二三四五六七八九十百千两\d]+\s*[条款项]|[Aa]rticles?\s*\d|[Aa]rt\.\s*\d|(?:{IDS})/\d"
)
"""An article as a statute, a comment or an id of a provision would write it."""


@pytest.mark.parametrize(
    "line",
    [
        'BASIS = "依据第五十五条"',
        "# 见第 66 条",
        '"""第二十九条第二款。"""',
        "paragraph = '第一百零二条'",
        "limit = 3  # Article 18",
        "# articles 26 and 27",
        'library().get("ccc-rules-2022/54(2)")',
        'PENALTY = "accreditation-regulation-2023/66"',
    ],
)
def test_an_article_number_is_recognised_however_it_is_written(line):
    assert ARTICLE.search(line)


@pytest.mark.parametrize(
    "line",
    [
        'label = f"第 {page} 页"',
        "law.cite(found.id)",
        '"第几项"',
        'law.in_force("ccc-rules-2022", day)',
        "# 29.2",
    ],
)
def test_other_numbers_are_none(line):
    assert not ARTICLE.search(line)


def test_code_holds_no_article_number():
    files = sorted(path for folder in ("app", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
    assert len(files) > 400, "the whole program is read"
    guilty = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text("utf8").splitlines(), start=1)
        if ARTICLE.search(line)
    ]
    assert guilty == []
