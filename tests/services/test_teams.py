"""Two laptops of one team, and their office: who answers what, who knows whose hand."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

import pytest

from app.errors import BadInput
from app.models.inspection import Answer
from app.services import handover, merging
from app.services.workplace import Workplace
from app.sync.documents import read_document
from app.sync.ledger import view_of
from app.vocabulary import InspectionStatus, Verdict
from app.wording import sentence
from tests.services.forge import forge
from tests.services.neighbours import Neighbours
from tests.services.parcels import VISIT, introduce, make_task, make_visit, receive

OPEN = InspectionStatus.IN_PROGRESS


@pytest.fixture
def team(neighbours: Neighbours) -> Neighbours:
    """Both laptops have the task and know each other; the first has begun the visit."""
    them = neighbours
    make_task(them.county, them.laptop.device_id)
    them.give(them.county, them.laptop)
    make_visit(them.laptop, status=OPEN)
    return them


def reply(place: Workplace, item: str, verdict: Verdict, note: str = "") -> None:
    """Answer an item on the spot."""
    with place.write("test") as work:
        found = work.session.get(Answer, (VISIT, item))
        if found is None:
            found = Answer(inspection_id=VISIT, item=item)
            work.session.add(found)
        found.verdict, found.note = verdict, note
        work.commit()


def answers_of(place: Workplace) -> dict[str, str]:
    with place.read() as session:
        document = read_document(session, "inspection", VISIT) or {}
    return {path.split("/")[1]: str(value) for path, value in document.items() if path.endswith("/verdict")}


def same(*places: Workplace) -> None:
    """All of them hold the same record, with the same open conflicts."""
    seen = []
    for place in places:
        with place.read() as session:
            document = read_document(session, "inspection", VISIT)
            seen.append((view_of(session, "inspection", VISIT), document))
    assert all(each == seen[0] for each in seen)


def test_a_visit_goes_from_one_laptop_to_the_other_and_back(team: Neighbours) -> None:
    one, two = team.laptop, team.second
    done = team.give(one, two, drafts=True)
    assert (done.problem, done.accepted, done.refused) == (None, 1, 0)
    reply(two, "2.1", Verdict.CONFORMING)
    assert team.give(two, one, drafts=True).accepted == 1
    assert answers_of(one)["2.1"] == "conforming"
    reply(one, "2.2", Verdict.NONCONFORMING)
    for each in (one, two):
        team.give(each, team.county, drafts=True)
    team.give(one, two, drafts=True)
    same(one, two, team.county)
    assert answers_of(two) == answers_of(team.county) == {
        "1.1": "conforming", "1.2": "nonconforming", "2.1": "conforming", "2.2": "nonconforming",
    }  # fmt: skip


def test_answers_to_different_items_merge_by_themselves(team: Neighbours) -> None:
    one, two = team.laptop, team.second
    team.give(one, two, drafts=True)
    reply(one, "2.1", Verdict.CONFORMING)
    reply(two, "2.2", Verdict.NONCONFORMING)
    # The receiver's own answer is sealed first, so the two stand beside each other.
    assert team.give(one, two, drafts=True).merged == 1
    assert team.give(two, one, drafts=True).conflicts == 0
    team.give(two, one, drafts=True, whole=True)
    same(one, two)
    assert answers_of(one)["2.1"] == "conforming"
    assert answers_of(one)["2.2"] == "nonconforming"


def test_answers_to_one_item_are_a_conflict_on_both(team: Neighbours) -> None:
    one, two = team.laptop, team.second
    team.give(one, two, drafts=True)
    reply(one, "1.1", Verdict.NONCONFORMING)
    reply(two, "1.1", Verdict.NOT_APPLICABLE)
    assert team.give(one, two, drafts=True).conflicts == 1
    assert team.give(two, one, drafts=True).conflicts == 1
    same(one, two)
    for place in (one, two):
        (row,) = merging.conflict_rows(place)
        assert row.paths == ("answers/1.1/verdict",)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_ways_through_the_office_end_the_same(team: Neighbours, order: tuple[int, ...]) -> None:
    """Each hands to the office, the office hands back, and two packages cross between the laptops."""
    one, two, office = team.laptop, team.second, team.county
    team.give(one, two, drafts=True)
    reply(one, "2.1", Verdict.CONFORMING)
    reply(two, "2.1", Verdict.NONCONFORMING)
    reply(two, "2.2", Verdict.CONFORMING)
    ways = [
        (one, office, team.hand(one, office, drafts=True)),
        (two, office, team.hand(two, office, drafts=True)),
        (one, two, team.hand(one, two, drafts=True)),
    ]
    for number in order:
        _, receiver, path = ways[number]
        done = receive(receiver, path)
        assert (done.problem, done.refused) == (None, 0)
    for place in (one, two):
        team.give(office, place, whole=True)
    team.give(two, one, drafts=True, whole=True)
    same(one, two, office)
    (row,) = merging.conflict_rows(office)
    assert row.paths == ("answers/2.1/verdict",)


def test_a_laptop_that_is_not_known_yet_is_refused_by_sentence(strangers: Neighbours) -> None:
    """The first laptop was enrolled before the second one: it learns of it from the office."""
    them, office, one, two = strangers, strangers.county, strangers.laptop, strangers.second
    introduce(office, one, them.folder)
    introduce(office, two, them.folder)
    make_visit(two)
    package = them.hand(two, one)
    done = receive(one, package)
    assert done.problem is not None
    assert done.problem.code == "sync.unknown_author"
    assert "办公室" in sentence(done.problem).remedy
    with pytest.raises(BadInput, match="unknown_peer"):
        them.hand(one, two)
    # What it signed is refused as well when another hands it on.
    them.give(two, office)
    make_task(office, one.device_id)
    assert them.give(office, one).problem is None
    done = receive(one, package)
    assert (done.problem, done.accepted) == (None, 1)


@pytest.mark.parametrize("split", [None, 100_000])
@pytest.mark.parametrize("office_first", [True, False])
def test_the_office_may_introduce_an_author_later_in_the_same_import(
    strangers: Neighbours, office_first: bool, split: int | None
) -> None:
    them, office, one, two = strangers, strangers.county, strangers.laptop, strangers.second
    introduce(office, one, them.folder)
    introduce(office, two, them.folder)
    make_visit(two, photo=random.Random(5).randbytes(250_000))
    make_task(office, one.device_id)
    sources: list[tuple[Path, ...]] = []
    for sender in (office, two):
        folder = them.folder / sender.owner.name
        folder.mkdir()
        made = handover.export_package(sender, out=folder, to=one.device_id, split=split)
        sources.append(made.volumes or (made.path,))
    paths = [path for some in sources[:: 1 if office_first else -1] for path in some]
    done = merging.import_packages(one, paths=paths)
    assert [each.problem for each in done] == [None, None]
    visits = {line.record_id for each in done for line in each.records if line.kind == "inspection"}
    assert visits == {VISIT}
    assert all(each.receipt is not None for each in done)


def test_who_is_never_introduced_stays_unknown(strangers: Neighbours) -> None:
    """Whatever else is learned in the same import, an author nobody names is refused."""
    them, office, one, two = strangers, strangers.county, strangers.laptop, strangers.second
    introduce(office, one, them.folder)
    introduce(office, two, them.folder)
    introduce(them.city, them.other, them.folder)
    make_visit(two)
    make_task(office, one.device_id)
    foreign = forge(them.other, one, them.folder / "foreign.cyb", [])
    paths = [foreign, them.hand(two, one), them.hand(office, one)]
    done = merging.import_packages(one, paths=paths)
    assert [each.problem.code if each.problem else "" for each in done] == ["sync.unknown_author", "", ""]
