"""What lists are found by in memory: the same as the store finds, in the same order."""

from __future__ import annotations

from datetime import date

import pytest

from app.models.people import Person
from app.models.registry import Certificate, Organization
from app.services import assigning, planning
from app.services.registering import organization_ids
from app.services.search_texts import Searched, assignment_texts, organization_texts
from app.services.targets import assignment_ids
from app.services.workplace import Workplace
from app.vocabulary import CertificateStatus, InspectionType, Scheme

ORGANIZATIONS = (
    ("a", "宜春华鑫电器有限公司", "ychxdqyxgs", "914403001922038216", "袁州区 A 座_1 号", ("2026010701",)),
    ("b", "宜春恒铉电线厂", "ychxdxc", "", "宜阳大道 100% 号", ("CNCA-3c-7", "2026010702")),
    ("c", "Selenium（宜春）玩具厂", "Seleniumycwjc", "91440300MA5DLABX2P", "", ()),
)
QUERIES = (
    "", "  ", "宜春", "YC", "ych", "电 厂", "selenium", "SELENIUM", "９１", "ma5d", "cnca", "0107", "01070",
    "%", "_", "100%", "座_", "a 座", "宜春 不在", "司 袁",
)  # fmt: skip
TEAM = ("赣C36090001", "赣C36090002")


@pytest.fixture
def place(laptop: Workplace) -> Workplace:
    with laptop.write("test.scene") as work:
        for key, name, initials, code, address, numbers in ORGANIZATIONS:
            organization = Organization(
                id=key, name=name, initials=initials, credit_code=code, address=address, region="360902"
            )
            work.session.add(organization)
            work.session.flush()
            work.session.add_all(
                Certificate(
                    organization_id=key, number=number, scheme=Scheme.CCC, status=CertificateStatus.VALID
                )
                for number in numbers
            )
        work.session.add(Person(id="two", name="易晓燕", credential=TEAM[1]))
        work.commit()
    plan = planning.add_plan(laptop, title="专项", year=2026, document="赣市监〔2026〕4号").id
    task = planning.add_task(
        laptop, plan_id=plan, title="CCC", inspection_type=InspectionType.CCC_PRODUCER,
        own_deadline=date(2026, 8, 10),
    ).key  # fmt: skip
    assigning.assign(
        laptop, plan_id=plan, task_key=task, organization_ids=("b", "a"), officers=TEAM, lead=TEAM[0],
        device_id=laptop.device_id,
    )  # fmt: skip
    return laptop


@pytest.mark.parametrize("query", QUERIES)
def test_organizations_are_found_as_the_store_finds_them(place: Workplace, query: str) -> None:
    whole = organization_texts(place).of(organization_ids(place))
    assert whole.saying(query).ids == organization_ids(place, query=query)


@pytest.mark.parametrize("query", QUERIES)
def test_targets_are_found_as_the_store_finds_them(place: Workplace, query: str) -> None:
    listed = assignment_ids(place)
    assert len(listed) == 2
    assert assignment_texts(place).of(listed).saying(query).ids == assignment_ids(place, query=query)


def test_a_word_does_not_reach_from_one_part_into_the_next(place: Workplace) -> None:
    found = organization_texts(place).of(["a"])
    assert found.saying("yxgs宜春").ids == ()
    assert found.saying("yxgs").saying("宜春").ids == ("a",)


def test_what_has_no_text_is_listed_and_found_by_no_word(place: Workplace) -> None:
    found = organization_texts(place).of(["new", "a"])
    assert found == Searched(("new", "a"), ("", found.texts[1]))
    assert found.saying("").ids == ("new", "a")
    assert found.saying("宜春").ids == ("a",)
