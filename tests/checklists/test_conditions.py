"""The condition language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.checklists.conditions import Scope, parse
from app.checklists.facts import KNOWN_FACTS, facts_of
from app.errors import BadInput
from app.vocabulary import CertificateStatus, ProductionStatus, Verdict
from app.wording import sentence

SCOPE = Scope(
    facts={"certificate.suspended": True, "production.stopped": False, "kind": "oem"},
    verdicts={"1.1": Verdict.NONCONFORMING},
    values={"2.3": Decimal("5.5")},
)


@pytest.mark.parametrize(
    "text, holds",
    [
        ('item("1.1") == "nonconforming"', True),
        ('item("1.1") != "nonconforming"', False),
        ('item("1.2") == "conforming"', False),
        ('item("1.2") != "conforming"', True),  # not answered is not conforming
        ('measure("2.3") > 5', True),
        ('measure("2.3") >= 5.5', True),
        ('measure("2.3") < -1', False),
        ('measure("2.3") == 5.50', True),
        ('measure("9.9") < 5', False),  # nothing measured, nothing compared
        ('measure("9.9") != 5', False),
        ("certificate.suspended", True),
        ("production.stopped", False),
        ("unknown.fact", False),
        ('kind == "oem"', True),
        ('kind != "oem"', False),
        ("not production.stopped", True),
        ("not not certificate.suspended", True),
        ("certificate.suspended and production.stopped", False),
        ("certificate.suspended or production.stopped", True),
        ("certificate.suspended or certificate.suspended and production.stopped", True),
        ("(certificate.suspended or certificate.suspended) and production.stopped", False),
        ('not (item("1.1") == "nonconforming" and kind == "oem")', False),
    ],
)
def test_evaluation(text, holds):
    assert parse(text).holds(SCOPE) is holds


def test_a_condition_knows_what_it_refers_to():
    condition = parse('item("1.1") == "conforming" or measure("2.3") > 1 and not certificate.valid')
    assert condition.items == {"1.1"}
    assert condition.measures == {"2.3"}
    assert condition.facts == {"certificate.valid"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "and",
        "certificate.suspended and",
        "certificate.suspended production.stopped",
        "(certificate.suspended",
        'item("1.1")',
        'item("1.1") == "nonsense"',
        'item("1.1") > "conforming"',
        "item(1.1) == 5",
        'measure("2.3") > "5"',
        'measure("2.3") ( 5',
        "kind == 5",
        '__import__("os")',
        "a; b",
        "(" * 1000,
        "not " * 1000 + "a",
    ],
)
def test_what_is_not_the_language_is_refused_with_a_sentence(text):
    with pytest.raises(BadInput) as caught:
        parse(text)
    assert caught.value.problem.code == "checklist.bad_condition"
    assert sentence(caught.value).remedy


@given(st.text(alphabet='aino dtr."()<>=!1%中', max_size=60))
def test_any_text_parses_or_is_refused(text):
    try:
        condition = parse(text)
    except BadInput:
        return
    assert condition.holds(SCOPE) in {True, False}


def test_the_deepest_allowed_still_works():
    assert parse("(" * 40 + "certificate.suspended" + ")" * 40).holds(SCOPE)


@pytest.mark.parametrize(
    "production, certificates, true",
    [
        (None, [], {"certificate.none"}),
        (ProductionStatus.NORMAL, [CertificateStatus.VALID], {"production.normal", "certificate.valid"}),
        (
            ProductionStatus.STOPPED,
            [CertificateStatus.VALID, CertificateStatus.SUSPENDED],
            {
                "production.stopped",
                "production.idle",
                "certificate.valid",
                "certificate.suspended",
                "certificate.not_valid",
            },
        ),
        (
            ProductionStatus.MOVED,
            [CertificateStatus.UNKNOWN],
            {"production.moved", "production.idle", "certificate.unknown"},
        ),
    ],
)
def test_facts_of_a_visit(production, certificates, true):
    facts = facts_of(production, certificates)
    assert {name for name, value in facts.items() if value} == true
    assert facts.keys() == KNOWN_FACTS
