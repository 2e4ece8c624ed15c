"""Whose duty a provision is, and whose breach each item of the shipped checklists asks about."""

from __future__ import annotations

import pytest

from app.checklists.loader import catalog, shipped
from app.law.duties import breach_of, duties_of, offered, parties, penalties_of
from app.law.library import library
from app.vocabulary import Disposition, InspectionType, Obliged, ProvisionKind, SubjectKind

ENTERPRISE, BODY, LABORATORY = frozenset({Obliged.ENTERPRISE}), frozenset({Obliged.CERTIFICATION_BODY}), \
    frozenset({Obliged.LABORATORY})  # fmt: skip
ORDERS = {Disposition.RECTIFY_AT_ONCE, Disposition.RECTIFY_BY_DATE}


@pytest.mark.parametrize(
    "provision_id, bound, own",
    [
        ("accreditation-regulation-2023/27", ENTERPRISE, True),
        ("ccc-rules-2022/54(2)", ENTERPRISE, False),  # a penalty
        ("ccc-rules-2022/38", ENTERPRISE, False),  # what the office may do
        ("penalty-procedure-2022/31", ENTERPRISE, False),  # how the office does it
        ("supervision-notice-2019/jurisdiction", ENTERPRISE, False),  # a notice to offices
        ("ccc-rules-2022/26+27+28", ENTERPRISE, False),  # what a status is
        ("accreditation-regulation-2023/26", ENTERPRISE, False),  # the certification body's
        ("accreditation-regulation-2023/26", BODY, True),
        ("accreditation-regulation-2023/21", LABORATORY, True),  # bodies and laboratories alike
        ("penalty-law-2021/55", LABORATORY, True),  # whoever is inspected
        ("accreditation-regulation-2023/14", BODY, False),  # the auditor's own
        ("nowhere/1", ENTERPRISE, True),  # somebody wrote it: he confirms it
    ],
)
def test_what_a_party_can_have_violated(provision_id, bound, own):
    assert duties_of(library(), [provision_id, provision_id], bound) == ((provision_id,) if own else ())


@pytest.mark.parametrize(
    "inspection_type, kind, expected",
    [
        (InspectionType.CCC_PRODUCER, SubjectKind.ORGANIZATION, ENTERPRISE),
        (InspectionType.ORGANIC_SALES, SubjectKind.ORGANIZATION, ENTERPRISE | {Obliged.PLATFORM}),
        (InspectionType.MS_CB, SubjectKind.ORGANIZATION, BODY),
        (InspectionType.CMA_LAB, SubjectKind.ORGANIZATION, LABORATORY),
        (InspectionType.MS_WITNESS, SubjectKind.ORGANIZATION, ENTERPRISE),
        (InspectionType.ORGANIC_ORG, SubjectKind.CERTIFICATION_BODY, BODY),
        (InspectionType.CCC_PRODUCER, SubjectKind.DESIGNATED_LABORATORY, LABORATORY),
    ],
)
def test_as_what_a_party_is_bound(inspection_type, kind, expected):
    assert parties(inspection_type, kind) == expected


def test_every_provision_says_what_it_is_and_a_duty_whose():
    said = {provision.id: (provision.kind, provision.binds) for provision in library()}
    unsaid = [each for each, (kind, binds) in said.items() if kind is ProvisionKind.DUTY and not binds]
    assert unsaid == []
    idle = {ProvisionKind.POWER, ProvisionKind.PROCEDURE, ProvisionKind.STATEMENT}
    assert [each for each, (kind, binds) in said.items() if kind in idle and binds] == []


BODIES = {
    # Read item by item: what a certification body did or left undone, found at the enterprise.
    "ccc-producer": "8.2 8.3",
    "ms-org": "1.6 2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.10 2.11 2.12 2.13 2.14 2.15 2.16 3.3 3.6",
    # An audit is witnessed at the enterprise; only whether it let itself be witnessed is its own.
    "ms-witness": "1.1 1.2 1.3 2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 3.1 3.2 3.3 3.4 3.5 3.6 4.1 4.2 4.3 4.4 4.5"
    " 5.1 5.2 5.3 6.1 6.2 6.3 6.4 6.5 6.6 7.2 7.3 7.4 7.5",
    "organic-org": "5.2 7.2",
    "organic-sales": "6.4",
    "selenium-org": "1.4 7.4",
    "sh-brand": "6.1 6.2 6.4",
}


@pytest.mark.parametrize("checklist_id", sorted(catalog()))
def test_whose_breach_an_item_asks_about(checklist_id):
    found = catalog()[checklist_id]
    asked = {
        item.id: breach_of(library(), item.references, item.dispositions, found.inspection_type)
        for item in found.items()
    }
    others = {item: kind for item, kind in asked.items() if kind is not SubjectKind.ORGANIZATION}
    assert set(others.values()) <= {SubjectKind.CERTIFICATION_BODY}
    assert " ".join(others) == BODIES.get(checklist_id, "")


NO_DUTY = {
    # Items whose order became guidance: domain.md tells no duty of the inspected party for them.
    "cb-self": "1.1 1.3 1.7 1.8 3.2 4.1 4.2 5.1 5.2 6.3 7.1 7.2 8.1 8.4 9.1 9.2",
    "ccc-circulation": "1.1 1.4 1.5 2.8",
    "ccc-producer": "2.1 5.2 5.4",
    "ms-cb": "6.4",
    "ms-org": "1.5",
    "organic-org": "1.1",
    "organic-sales": "1.3 6.5",
    "selenium-org": "1.1 2.1 2.3 2.4 2.5 3.1 3.2 3.3 5.1 5.2 5.3",
    "sh-brand": "1.4 3.1 3.2 3.3 3.4 3.5 3.6 4.1 4.2 6.3 7.3",
}


@pytest.mark.parametrize("found", shipped(), ids=lambda found: f"{found.id}@{found.version}")
def test_an_item_with_an_order_names_a_duty_of_the_inspected_and_what_the_order_rests_on(found):
    bound, law = parties(found.inspection_type, SubjectKind.ORGANIZATION), library()
    without = []
    for item in found.items():
        kept = offered(law, item.references, item.dispositions, found.inspection_type)
        assert kept, item.id
        duties = duties_of(law, item.references, bound)
        if not ORDERS.isdisjoint(item.dispositions) and not duties:
            without.append(item.id)
            assert ORDERS.isdisjoint(kept), item.id
            assert Disposition.ON_SITE_GUIDANCE in kept, item.id
        elif not ORDERS.isdisjoint(item.dispositions):
            assert kept == item.dispositions
            assert {law.get(each).kind for each in duties} == {ProvisionKind.DUTY}
            assert penalties_of(law, item.penalty_references, bound) or law.order_grounds(), item.id
    if found == catalog()[found.id]:
        assert " ".join(without) == NO_DUTY.get(found.id, "")


def test_an_order_rests_on_one_thing_where_nothing_is_cited():
    [grounds] = library().order_grounds()
    assert library().cite(grounds) == "《中华人民共和国行政处罚法》（2021修订）第二十八条"
