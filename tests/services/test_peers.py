"""Offices as peers: what a county and its city tell each other, and what neither may change at the other's."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import BadInput
from app.models.base import derived_id
from app.models.inspection import Inspection
from app.models.people import Device
from app.services import assigning, correcting, handover, inspecting, merging, planning, reporting, resolving
from app.services.answers import Mark
from app.services.sealing import seal
from app.services.workplace import Workplace
from app.sync.cards import DeviceCard, card_of
from app.sync.documents import read_document
from app.sync.ledger import revisions_of, view_of
from app.vocabulary import InspectionType, ProductClass
from tests.conftest import FakeClock
from tests.services.conftest import DUTIES, Visit
from tests.services.forge import forge, replaced, revision, stranger
from tests.services.neighbours import (
    CODE,
    NAME,
    Neighbours,
    entry,
    hand_out,
    take_registry,
    write_entry,
)
from tests.services.parcels import ASSIGNMENT, PLAN, VISIT, edit, make_task, make_visit, receive


def codes(done: merging.Imported) -> set[str]:
    """Why records were refused or are not shown."""
    return {each.problem.code for each in done.records if each.problem is not None}


def visited(them: Neighbours, organization_id: str) -> str:
    """A visit by the county's laptop, from the assignment to the signed record; returns its id."""
    assignment = hand_out(them.county, them.laptop, organization_id)
    them.give(them.county, them.laptop)
    started = inspecting.start(them.laptop, duties=DUTIES, assignment_id=assignment)
    visit = Visit(them.laptop, started.id)
    visit.answer_all()
    visit.fill_header()
    visit.sign_all()
    inspecting.finish(them.laptop, inspection_id=visit.id)
    return visit.id


def look(place: Workplace, visit: str) -> tuple[object, object]:
    """Everything a home knows of an inspection."""
    with place.read() as session:
        return view_of(session, "inspection", visit), read_document(session, "inspection", visit)


# ---- county and city


def test_a_county_reports_to_its_city(neighbours: Neighbours, clock: FakeClock) -> None:
    """From two imports of one national registry to the city's table, and the city's word back."""
    them, city, county = neighbours, neighbours.city, neighbours.county
    firm = take_registry(county, them.folder, "袁州区工业园 12 号")
    assert take_registry(city, them.folder, "宜春市袁州区工业园") == firm == derived_id("organization", CODE)
    before = entry(city, firm)
    visit = visited(them, firm)
    assert them.give(them.laptop, county).refused == 0
    inspecting.review(county, inspection_id=visit, approve=True)

    assert [(row.kind, row.record_id) for row in handover.unexported(county).rows] == [("inspection", visit)]
    package = them.hand(county, city)
    assert handover.unexported(county).rows == ()
    done = receive(city, package)
    assert (done.problem, done.refused, done.held, done.conflicts, done.remarks) == (None, 0, 0, 0, ())
    assert codes(done) == {"sync.entry_stands"}
    assert entry(city, firm) == before
    assert entry(county, firm)["address"] == "袁州区工业园 12 号"
    # The county's laptop signed the visit: the city knows it now, by the county's word.
    assert known(city, them.laptop).office == "袁州区市场监督管理局"
    row, column = ProductClass.ELECTRICAL.value, "officers"
    (counted,) = reporting.explain(city, table="ccc-annex1", row=row, column=column)
    assert (counted.record_id, counted.subject_name) == (visit, NAME)

    assert done.receipt is not None
    merging.import_packages(county, paths=[done.receipt])
    for kind in ("inspection", "organization"):
        marks = {row.mark for row in handover.receipt_rows(county, kind=kind) if row.peer == city.device_id}
        assert marks == {Mark.CONFIRMED}
    with pytest.raises(BadInput, match="nothing_to_send"):
        them.hand(county, city)
    with pytest.raises(BadInput, match="nothing_to_send"):
        them.hand(city, county)

    clock.move(days=1)
    correcting.correct(city, inspection_id=visit, path="opinion", value="责令限期改正。", reason="用语")
    for one, other in ((city, county), (county, them.laptop)):
        assert codes(them.give(one, other)) == set()
    for place in (county, them.laptop):
        assert look(place, visit) == look(city, visit)
    assert entry(county, firm)["address"] == "袁州区工业园 12 号"


def known(place: Workplace, other: Workplace) -> Device:
    with place.read() as session:
        return session.get_one(Device, other.device_id)


def test_what_a_city_decides_travels_down_to_the_laptop(neighbours: Neighbours) -> None:
    them, city, county = neighbours, neighbours.city, neighbours.county
    firm = take_registry(county, them.folder, "工业园")
    visit = visited(them, firm)
    them.give(them.laptop, county)
    them.give(county, city)
    correcting.correct(city, inspection_id=visit, path="place", value="二号车间", reason="核对照片")
    correcting.correct(county, inspection_id=visit, path="place", value="三号车间", reason="问过企业")
    assert them.give(county, city).conflicts == 1
    at = {"kind": "inspection", "record_id": visit}
    resolving.resolve(city, **at, path="place", take="theirs", reason="县局到过现场")
    assert them.give(city, county).refused == 0
    assert them.give(county, them.laptop).refused == 0
    for place in (city, county, them.laptop):
        assert look(place, visit) == look(city, visit)
        with place.read() as session:
            assert session.get_one(Inspection, visit).place == "三号车间"
            assert not merging.in_conflict(session, "inspection", visit)


# ---- registry entries: each office shows its own


def test_each_office_shows_its_own_entry_whichever_comes_first(neighbours: Neighbours) -> None:
    them, city, county, firm = (
        neighbours,
        neighbours.city,
        neighbours.county,
        derived_id("organization", CODE),
    )
    write_entry(county, firm, address="县里的地址")
    visit_of(them.laptop, firm)
    them.give(them.laptop, county)
    assert codes(them.give(county, city)) == set()
    assert entry(city, firm)["address"] == "县里的地址"
    # What the county says later is followed as long as the city says nothing.
    write_entry(county, firm, address="县里的新地址")
    them.give(county, city)
    assert entry(city, firm)["address"] == "县里的新地址"
    write_entry(city, firm, address="市里的地址")
    write_entry(county, firm, address="县里又改", phone="0795-1")
    assert codes(them.give(county, city)) == {"sync.entry_stands"}
    assert entry(city, firm) == {
        "name": NAME, "credit_code": CODE, "code_state": "ok", "address": "市里的地址",
    }  # fmt: skip
    assert not merging.conflict_rows(city)
    with city.read() as session:
        ours = revisions_of(session, "organization", [firm])[firm]
    done = receive(county, forge(city, county, them.folder / "entry.cyb", ours))
    assert (done.accepted, codes(done)) == (1, {"sync.entry_stands"})
    assert entry(county, firm)["address"] == "县里又改"
    assert not merging.conflict_rows(county)


def visit_of(place: Workplace, firm: str, visit: str = VISIT) -> None:
    """A finished visit of an enterprise."""
    make_visit(place, visit)
    edit(place, "organization_id", firm, visit)


def test_a_laptop_shows_its_office_s_entry(neighbours: Neighbours) -> None:
    them, firm = neighbours, derived_id("organization", CODE)
    write_entry(them.city, firm, address="市里的地址")
    write_entry(them.county, firm, address="县里的地址")
    visit_of(them.laptop, firm)
    hand = [
        (them.laptop, them.county), (them.county, them.city), (them.city, them.county), (them.county, them.laptop),
    ]  # fmt: skip
    for one, other in hand:
        them.give(one, other, whole=True)
    hand_out(them.county, them.laptop, firm)
    them.give(them.county, them.laptop)
    assert entry(them.laptop, firm)["address"] == "县里的地址"
    assert entry(them.city, firm)["address"] == "市里的地址"


# ---- plans and other offices' work


def test_a_plan_of_another_office_is_not_changed(neighbours: Neighbours) -> None:
    them, city, county = neighbours, neighbours.city, neighbours.county
    make_task(city, county.device_id)
    head = sealed(city, "plan", PLAN)
    with city.read() as session:
        before = read_document(session, "plan", PLAN)
        (ours,) = revisions_of(session, "plan", [PLAN])[PLAN]
    foreign = revision(county, "plan", PLAN, {"title": "县里改的题目"}, head)
    done = receive(city, forge(county, city, them.folder / "a.cyb", [foreign]))
    assert (done.refused, codes(done)) == (1, {"sync.foreign_record"})
    # Begun anew under the same number it is kept aside.
    parallel = revision(county, "plan", PLAN, {"title": "县里的题目", "year": 2026})
    done = receive(city, forge(county, city, them.folder / "b.cyb", [parallel]))
    assert (done.accepted, codes(done)) == (1, {"sync.entry_stands"})
    # Whichever came first, the county below the city follows the city, until it plans for itself.
    for number, some in enumerate(([ours], [parallel])):
        receive(them.other, forge(city, them.other, them.folder / f"{number}.cyb", some))
    for place in (city, them.other):
        with place.read() as session:
            assert read_document(session, "plan", PLAN) == before
    assert not merging.conflict_rows(city)


def sealed(place: Workplace, kind: str, record_id: str) -> str:
    with place.write("test") as work:
        made = seal(work, place, kind, record_id)
        work.commit()
    assert made is not None
    return made


def test_a_plan_that_was_handed_down_is_its_office_s(neighbours: Neighbours) -> None:
    them, city, county = neighbours, neighbours.city, neighbours.county
    make_task(city, county.device_id)
    for kind, record_id in (("plan", PLAN), ("assignment", ASSIGNMENT)):
        sealed(city, kind, record_id)
        with city.read() as session:
            some = revisions_of(session, kind, [record_id])[record_id]
        assert receive(county, forge(city, county, them.folder / f"{kind}.cyb", some)).accepted == 1
    with pytest.raises(BadInput, match="foreign_record"):
        planning.add_task(county, plan_id=PLAN, title="加一项", inspection_type=InspectionType.CCC_PRODUCER)
    with pytest.raises(BadInput, match="foreign_record"):
        assigning.cancel(county, assignment_id=ASSIGNMENT)


# ---- devices: who may introduce and revoke whom


def card(place: Workplace, **changes: object) -> DeviceCard:
    """A device as its own home describes it, or as somebody else would like it."""
    with place.read() as session:
        own = session.scalars(select(Device).where(Device.own)).one()
        return replaced(card_of(own), **changes)


def tell(one: Workplace, other: Workplace, path: Path, *cards: DeviceCard) -> merging.Imported:
    """A package that brings nothing but cards."""
    change = partial(replaced, devices=cards)
    return receive(other, forge(one, other, path, [], change=change))


def knows(place: Workplace, other: Workplace) -> bool:
    with place.read() as session:
        return session.get(Device, other.device_id) is not None


def remarks(done: merging.Imported) -> list[str]:
    assert done.problem is None
    return [each.code for each in done.remarks]


def test_an_office_introduces_and_revokes_its_own_devices(neighbours: Neighbours, tmp_path: Path) -> None:
    them, revoked = neighbours, "2026-08-10T00:00:00.000000Z"
    here = card(them.laptop)
    assert remarks(tell(them.county, them.city, tmp_path / "1.cyb", here)) == []
    assert known(them.city, them.laptop).revoked_at is None
    tell(them.county, them.city, tmp_path / "2.cyb", replaced(here, revoked_at=revoked))
    assert known(them.city, them.laptop).revoked_at == datetime(2026, 8, 10, tzinfo=UTC)
    # A device that one office revoked is not brought back by leaving that out.
    tell(them.county, them.city, tmp_path / "3.cyb", here)
    assert known(them.city, them.laptop).revoked_at is not None


@pytest.mark.parametrize("unit", ["宜春市市场监督管理局", "宜丰县市场监督管理局", ""])
def test_a_county_introduces_nobody_into_another_office(
    neighbours: Neighbours, tmp_path: Path, unit: str
) -> None:
    them = neighbours
    done = tell(them.county, them.city, tmp_path / "1.cyb", card(them.second, office=unit))
    assert remarks(done) == ["sync.doubted_device"]
    assert not knows(them.city, them.second)


def test_a_county_revokes_and_changes_nobody_else_s_device(neighbours: Neighbours, tmp_path: Path) -> None:
    them, revoked = neighbours, "2026-08-01T00:00:00.000000Z"
    before = [known(them.city, each) for each in (them.city, them.other)]
    for number, each in enumerate((them.city, them.other)):
        true = card(each)
        false = replaced(true, office=them.county.owner.office, role="inspector", name="别人")
        for turn, told in enumerate(
            (replaced(true, revoked_at=revoked), replaced(false, revoked_at=revoked))
        ):
            tell(them.county, them.city, tmp_path / f"{number}{turn}.cyb", told)
    for each in before:
        with them.city.read() as session:
            now = session.get_one(Device, each.id)
            for name in ("office", "role", "name", "revoked_at", "office_device"):
                assert getattr(now, name) == getattr(each, name)


def test_a_claim_on_another_office_s_device_is_named(neighbours: Neighbours, tmp_path: Path) -> None:
    them = neighbours
    claim = card(them.other, office=them.county.owner.office)
    assert remarks(tell(them.county, them.city, tmp_path / "1.cyb", claim)) == ["sync.doubted_device"]


def test_an_inspector_s_device_introduces_nobody(neighbours: Neighbours, tmp_path: Path) -> None:
    them = neighbours
    stranger = card(them.other, office=them.county.owner.office)
    tell(
        them.laptop,
        them.county,
        tmp_path / "1.cyb",
        stranger,
        card(them.second, revoked_at=stranger.enrolled_at),
    )
    assert not knows(them.county, them.other)
    assert known(them.county, them.second).revoked_at is None


def test_the_office_above_has_no_say_in_ours(neighbours: Neighbours, tmp_path: Path) -> None:
    them, revoked = neighbours, "2026-08-01T00:00:00.000000Z"
    done = tell(
        them.city, them.county, tmp_path / "1.cyb",
        card(them.other), card(them.second, revoked_at=revoked), card(them.laptop, office=them.city.owner.office),
    )  # fmt: skip
    assert knows(them.county, them.other)
    assert known(them.county, them.second).revoked_at is None
    assert known(them.county, them.laptop).office == them.county.owner.office
    assert remarks(done) == ["sync.doubted_device"]
    ghost = stranger_of(them, tmp_path)
    tell(them.city, them.county, tmp_path / "2.cyb", ghost)
    with them.county.read() as session:
        assert session.get(Device, ghost.keys.device_id) is None


def stranger_of(them: Neighbours, folder: Path) -> DeviceCard:
    """A device that calls itself the county's."""
    keys = stranger(folder).public
    return card(them.county, recipient=keys.recipient, verify_key=keys.verify_key)


# ---- inspections: who may write into whose


def test_another_county_changes_no_visit_of_ours(neighbours: Neighbours, tmp_path: Path) -> None:
    them = neighbours
    make_visit(them.laptop)
    for one, other in ((them.laptop, them.county), (them.county, them.city)):
        them.give(one, other)
    before = look(them.city, VISIT)
    with them.city.read() as session:
        (head,) = view_of(session, "inspection", VISIT).heads
    false = revision(them.other, "inspection", VISIT, {"place": "别处"}, head)
    done = receive(them.city, forge(them.other, them.city, tmp_path / "1.cyb", [false]))
    assert (done.refused, codes(done)) == (1, {"sync.foreign_record"})
    assert look(them.city, VISIT) == before
    # Begun anew under the same number it replaces nothing: both are shown, and people decide.
    with them.city.read() as session:
        (root,) = [
            each for each in revisions_of(session, "inspection", [VISIT])[VISIT] if not each.revision.parents
        ]
    again = revision(them.other, "inspection", VISIT, {**root.revision.changes, "place": "别处"})
    assert receive(them.city, forge(them.other, them.city, tmp_path / "2.cyb", [again])).conflicts == 1
    # Nor does it replace anything by descending from both.
    both = revision(them.other, "inspection", VISIT, {"place": "别处"}, head, again.id)
    done = receive(them.city, forge(them.other, them.city, tmp_path / "3.cyb", [both]))
    assert codes(done) == {"sync.foreign_record"}
    assert merging.conflict_rows(them.city)


def test_a_supervisor_of_another_office_reviews_nothing_here(neighbours: Neighbours) -> None:
    """A county's word about its city's own visit stays in the county."""
    them = neighbours
    make_visit(them.city)
    edit(them.city, "place", "市局")
    head = sealed(them.city, "inspection", VISIT)
    with them.city.read() as session:
        some = revisions_of(session, "inspection", [VISIT])[VISIT]
    receive(them.county, forge(them.city, them.county, them.folder / "1.cyb", some))
    foreign = revision(them.county, "inspection", VISIT, {"place": "县局"}, head)
    done = receive(them.city, forge(them.county, them.city, them.folder / "2.cyb", [foreign]))
    assert codes(done) == {"sync.foreign_record"}


def test_a_county_gets_back_what_became_of_its_own_visits(neighbours: Neighbours) -> None:
    """Not the other county's, and not the city's registry where it keeps its own."""
    them, firm, other_firm = neighbours, derived_id("organization", CODE), "7" * 32
    write_entry(them.county, firm, address="县里的地址")
    write_entry(them.other, other_firm, address="宜丰")
    write_entry(them.city, firm, address="市里的地址")
    visit_of(them.laptop, firm)
    visit_of(them.other, other_firm, "8" * 32)
    for one, other in ((them.laptop, them.county), (them.county, them.city), (them.other, them.city)):
        assert them.give(one, other).refused == 0
    with pytest.raises(BadInput, match="nothing_to_send"):
        them.hand(them.city, them.county)
    inspecting.review(them.city, inspection_id=VISIT, approve=False, remark="缺照片")
    package = them.hand(them.city, them.county, whole=True)
    assert handover.inspect_package(them.county, path=package).kinds == {"inspection": 1}
    assert receive(them.county, package).accepted == 1
    them.give(them.county, them.laptop)
    for place in (them.county, them.laptop):
        assert look(place, VISIT) == look(them.city, VISIT)
