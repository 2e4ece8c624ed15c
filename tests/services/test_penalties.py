"""Fines and confiscated amounts that the cited provisions do not allow are asked about, never refused."""

from __future__ import annotations

import pytest

from app.errors import BadInput
from app.models.inspection import Finding
from app.services import casework, inspecting, penalties
from app.services.casework import Lead
from app.vocabulary import Verdict
from app.wording import sentence

UP_TO = "ccc-rules-2022/54"
"""Up to 30,000 元."""
BY_GOODS = "accreditation-regulation-2023/66"
"""50,000 to 200,000 元, for goods below 10,000 元 twice their value at most; speaks of confiscation."""
BY_CHARGE = "shanghai-testing-regulation-2024/43"
"""50,000 元 at least, a multiple of what was charged; speaks of confiscation."""


def case_with(visit, penalty: str) -> str:
    item = visit.sheet().sections[0].items[0].id
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.NONCONFORMING)
    with visit.place.write("test") as work:
        finding = work.session.query(Finding).one()
        finding.penalty = penalty
        work.commit()
    return casework.note_lead(visit.place, inspection_id=visit.id, lead=Lead("3", "出厂 2 批")).key


@pytest.mark.parametrize(
    "penalty, fine, confiscated, expected",
    [
        (UP_TO, 30_000_00, 0, []),
        (UP_TO, 1, 0, []),
        (UP_TO, 30_000_01, 0, ["casework.fine_outside"]),
        (UP_TO, 0, 0, []),
        (UP_TO, 0, 5_00, ["casework.confiscation_outside"]),
        (f"{UP_TO} {BY_GOODS}", 900_000_00, 5_00, ["casework.fine_outside"]),
        (f"{UP_TO} {BY_GOODS}", 200_000_00, 5_00, []),
        # the value of the goods is not known yet: either range will do, what lies between is asked about
        (BY_GOODS, 1_00, 5_00, []),
        (BY_GOODS, 20_000_00, 5_00, []),
        (BY_GOODS, 20_000_01, 5_00, ["casework.fine_outside"]),
        (BY_GOODS, 50_000_00, 5_00, []),
        (BY_GOODS, 200_000_01, 5_00, ["casework.fine_outside"]),
        (BY_CHARGE, 900_000_00, 5_00, []),
        (BY_CHARGE, 49_999_99, 5_00, ["casework.fine_outside"]),
        ("ccc-rules-2022/54(2)", 40_000_00, 0, ["casework.fine_outside"]),
        ("nowhere/1", 900_000_00, 5_00, []),
        ("", 900_000_00, 5_00, []),
    ],
)
def test_what_is_asked(visit, penalty, fine, confiscated, expected) -> None:
    key = case_with(visit, penalty)
    found = penalties.doubts(visit.place, inspection_id=visit.id, key=key, fine=fine, confiscated=confiscated)
    assert [each.code for each in found] == expected


@pytest.mark.parametrize(
    "goods, fine, said",
    [
        (9_999_99, 19_999_98, None),
        (9_999_99, 20_000_00, "罚款不在 0 元至 19999.98 元之间"),
        (9_999_99, 60_000_00, "罚款不在 0 元至 19999.98 元之间"),
        (10_000_00, 60_000_00, None),
        (10_000_00, 20_000_00, "罚款不在 50000 元至 200000 元之间"),
    ],
)
def test_the_value_of_the_goods_decides_the_range(visit, goods, fine, said) -> None:
    key = case_with(visit, BY_GOODS)
    casework.verify_lead(visit.place, inspection_id=visit.id, key=key, on=visit.place.today())
    casework.file_case(
        visit.place, inspection_id=visit.id, key=key, number="1", on=visit.place.today(), goods_value=goods
    )
    found = penalties.doubts(visit.place, inspection_id=visit.id, key=key, fine=fine, confiscated=0)
    assert [sentence(each).message.partition("（")[0] for each in found] == ([said] if said else [])


def test_the_question_names_range_and_provision(visit) -> None:
    key = case_with(visit, UP_TO)
    [asked] = penalties.doubts(visit.place, inspection_id=visit.id, key=key, fine=40_000_00, confiscated=0)
    assert (
        sentence(asked).message
        == "罚款不在 0 元至 30000 元之间（《强制性产品认证管理规定》（2022修订）第五十四条）"
    )


def test_an_unknown_case_has_no_doubts(visit) -> None:
    with pytest.raises(BadInput):
        penalties.doubts(visit.place, inspection_id=visit.id, key="none", fine=1, confiscated=1)
