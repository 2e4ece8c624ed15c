"""Every provision of the main list and every time limit, value by value.

``provisions_expected.csv`` was copied from the list of the field research (81 entries of four documents, read in
full text), not from the data files that are tested: titles, the day each version was made public, articles, duties
and whom they apply to as they stand there, with ``26/27/28`` written ``26+27+28`` and ``29②`` written ``29.2``.
What a provision is (``kind``) and whom it binds (``binds``) was read out of the words of its duty: 职权 is a power,
上报, 管辖 procedure, a fine or another sanction a penalty, whoever the sentence begins with is bound. Where it says
of a penalty only where it stands (``54(二)``), that is ``punished_by``; a penalty in words is kept in
words, ranges read out of them in 分. The days from which the four versions apply were not verified: none is told.
"""

from __future__ import annotations

import csv
import tomllib
from datetime import date
from pathlib import Path

import pytest

from app.files import catalog
from app.law.library import library
from app.law.provision import Provision

Row = dict[str, str]

with Path(__file__).with_name("provisions_expected.csv").open(encoding="utf8", newline="") as table:
    EXPECTED: list[Row] = list(csv.DictReader(table))


def written(provision: Provision) -> Row:
    """A provision in the columns of the table."""
    document = provision.document

    def text(value: object) -> str:
        return "" if value is None else str(value)

    return {
        "title": document.title,
        "made_public": text(document.adopted),
        "in_force_from": text(document.effective_from),
        "document": provision.document_id,
        "article": provision.article,
        "duty": provision.duty,
        "kind": provision.kind,
        "binds": "|".join(provision.binds),
        "penalty": provision.penalty,
        "punished_by": " ".join(provision.penalised_by),
        "min_fen": text(provision.penalty_min_fen),
        "max_fen": text(provision.penalty_max_fen),
        "small_goods_fen": text(provision.small_goods_fen),
        "small_goods_times": text(provision.small_goods_times or None),
        "applies": "|".join(provision.applies),
        "confidence": provision.confidence,
    }


def test_the_table_is_whole() -> None:
    assert len(EXPECTED) == 81
    assert len({f"{row['document']}/{row['article']}" for row in EXPECTED}) == 81
    assert {row["confidence"] for row in EXPECTED} == {"verified"}
    assert sum(bool(row["max_fen"]) for row in EXPECTED) == 16, "every fine that is told has a limit"


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row['document']}/{row['article']}")
def test_a_provision_says_what_was_read(row: Row) -> None:
    provision = library().get(f"{row['document']}/{row['article']}")
    assert provision is not None
    assert written(provision) == row
    # What the list does not know, the library does not say.
    assert (provision.place, provision.became, provision.penalty_varies) == ("", "", False)
    assert (provision.document.effective_to, provision.needs_confirmation) == (None, False)


def test_the_main_list_holds_nothing_else_and_keeps_the_order() -> None:
    shipped = tomllib.loads(catalog("law", "provisions.toml").read_text("utf8"))["provisions"]
    told = [(row["document"], row["article"]) for row in EXPECTED]
    assert [(each["document"], each["article"]) for each in shipped] == told


def test_each_version_is_named_by_the_day_it_was_made_public() -> None:
    for row in EXPECTED:
        document = library().documents[row["document"]]
        assert row["made_public"] in document.version
        assert document.edition.startswith(str(date.fromisoformat(row["made_public"]).year))


PROCEDURE, DISCLOSURE = "penalty-procedure-2022", "penalty-disclosure-rules"

LIMITS = {
    # 15 rows; the one about enforcement after a reminder tells two limits
    "lead-check": (15, 15, "working_days", "after", PROCEDURE, 18),
    "evidence-preservation": (7, 0, "working_days", "after", PROCEDURE, 35),
    "urgent-approval": (24, 0, "hours", "after", PROCEDURE, 33),
    "seizure": (30, 30, "days", "after", PROCEDURE, 38),
    "assistance": (15, 0, "working_days", "after", PROCEDURE, 45),
    "case-review": (10, 0, "working_days", "after", PROCEDURE, 55),
    "statement-hearing": (5, 0, "working_days", "after", PROCEDURE, 57),
    "case-handling": (90, 30, "days", "after", PROCEDURE, 64),
    "decision-service": (7, 0, "working_days", "after", PROCEDURE, 81),
    "fine-payment": (15, 0, "days", "after", PROCEDURE, 72),
    "enforcement-reminder": (10, 0, "working_days", "after", PROCEDURE, 76),
    "enforcement-application": (3, 0, "months", "after", PROCEDURE, 76),
    "public-notice": (30, 0, "days", "after", PROCEDURE, 82),
    "penalty-disclosure": (20, 0, "working_days", "after", DISCLOSURE, 9),
    "ccc-renewal": (90, 0, "days", "before", "ccc-rules-2022", 22),
    "cma-renewal": (3, 0, "months", "before", "cma-rules-2021", 13),
}
"""By id: amount, extension, unit, direction, and the article that says so."""


def test_there_are_no_other_limits() -> None:
    assert {limit.id for limit in library().limits()} == set(LIMITS)


@pytest.mark.parametrize("limit_id", LIMITS)
def test_a_limit_is_as_long_as_its_article_says(limit_id: str) -> None:
    limit = library().limit(limit_id)
    assert limit is not None
    amount, extension, unit, direction, document, article = LIMITS[limit_id]
    assert (limit.amount, limit.extension, limit.unit, limit.direction) == (
        amount,
        extension,
        unit,
        direction,
    )
    assert any(_covers(basis, document, article) for basis in limit.basis), limit.basis


def _covers(basis: str, document: str, article: int) -> bool:
    """Whether a provision, which may span several articles, is that article of that document."""
    named, _, notation = basis.partition("/")
    first, _, last = notation.partition("-")
    return named == document and int(first) <= article <= int(last or first)
