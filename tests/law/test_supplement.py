"""An office's supplement: read with located problems, in force from its day, over what ships."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from app.errors import Problem
from app.law.library import library
from app.law.provision import Document, Entry
from app.law.supplement import Supplement, in_force_on, read_supplement, supplemented
from app.wording import sentence

HEAD = """
[supplement]
id = "jx-2027"
version = "1"
title = "江西补充"
effective_from = 2027-03-01
"""
ORGANIC = """
[[provisions]]
document = "organic-rules-2022"
article = "999"
duty = "核到的条款"
penalty = "一万元以下"
penalty_max_fen = 1_000_000
confidence = "verified"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "补充.toml"
    path.write_text(text, "utf8")
    return path


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def supplement(folder: Path, text: str) -> Supplement:
    found, problems = read_supplement(written(folder, text), library())
    assert problems == ()
    assert found is not None
    return found


def test_the_guide_shows_a_supplement_that_can_be_taken_in_and_names_every_key(tmp_path) -> None:
    guide = (Path(__file__).parents[2] / "docs/content.md").read_text("utf8")
    (example,) = (
        each for each in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL) if "[supplement]" in each
    )
    found = supplement(tmp_path, example)
    assert (found.name, len(found.library)) == ("jx@2027-1", 1)
    keys = {each.name for kind in (Document, Entry) for each in fields(kind)}
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", guide[guide.index("## Law") :])] == []


def test_it_may_speak_of_documents_that_ship(tmp_path) -> None:
    found = supplement(tmp_path, HEAD + ORGANIC)
    assert found.name == "jx-2027@1"
    law = supplemented(library(), [found])
    assert law.cite("organic-rules-2022/999") == "《有机产品认证管理办法》（2022修订）第九百九十九条"
    assert len(law) == len(library()) + 1
    assert "organic-rules-2022/999" not in library()


def test_what_it_says_replaces_what_ships(tmp_path) -> None:
    known = library().get("ccc-rules-2022/54")
    text = '[[provisions]]\ndocument = "ccc-rules-2022"\narticle = "54"\nduty = "改过"\nconfidence = "verified"\n'
    law = supplemented(library(), [supplement(tmp_path, HEAD + text)])
    assert law.get("ccc-rules-2022/54").duty == "改过"
    assert known.duty != "改过"
    assert len(law) == len(library())


def test_a_date_that_was_verified_holds_for_every_article_of_the_document(tmp_path) -> None:
    """The shipped data do not know since when the 2023 regulation applies; an office that has the paper does."""
    text = """
[documents.accreditation-regulation-2023]
title = "中华人民共和国认证认可条例"
short = "认证认可条例"
edition = "2023修订"
version = "国务院令第390号公布，第三次修订"
adopted = 2023-07-20
effective_from = 2023-07-20
source = "官方文本"
"""
    law = supplemented(library(), [supplement(tmp_path, HEAD + text)])
    assert law.get("accreditation-regulation-2023/66").document.effective_from == date(2023, 7, 20)
    assert law.get("accreditation-regulation-2023/9").document.source == "官方文本"


def test_of_each_supplement_the_version_of_the_day_holds(tmp_path) -> None:
    first = supplement(tmp_path, HEAD + ORGANIC)
    later = HEAD.replace('"1"', '"2"').replace("2027-03-01", "2028-01-01")
    second = supplement(tmp_path, later + ORGANIC.replace("核到的", "再改的"))
    both = (second, first)
    assert in_force_on(both, date(2027, 2, 28)) == ()
    assert in_force_on(both, date(2027, 3, 1)) == (first,)
    assert in_force_on(both, date(2028, 1, 1)) == (second,)


@pytest.mark.parametrize(
    "text, expected",
    [
        (ORGANIC, ["law.no_head"]),
        (HEAD.replace('title = "江西补充"\n', "") + ORGANIC, ["law.no_head"]),
        (HEAD, ["law.empty"]),
        (HEAD.replace("jx-2027", "../x") + ORGANIC, ["law.bad_name"]),
        (HEAD.replace('"1"', '"1/2"') + ORGANIC, ["law.bad_name"]),
        (HEAD + ORGANIC + "\n[other]\nx = 1\n", ["law.unknown_field"]),
        (HEAD + ORGANIC.replace("organic-rules-2022", "organic-rules-2032"), ["law.unknown_document"]),
        (HEAD + ORGANIC + 'penalised_by = ["nowhere/1"]\n', ["law.unknown_reference"]),
        (HEAD + ORGANIC + 'became = "nowhere/1"\n', ["law.unknown_reference"]),
        ("[supplement", ["law.not_readable"]),
        ("", ["law.no_head"]),
    ],
)
def test_mistakes_are_located_sentences(tmp_path, text, expected) -> None:
    _, problems = read_supplement(written(tmp_path, text), library())
    assert codes(problems) == expected
    for problem in problems:
        assert problem.where.file == "补充.toml"
        assert sentence(problem).remedy
