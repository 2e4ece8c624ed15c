"""A clock that went back is told and written down; everything is stored all the same."""

from __future__ import annotations

import json

from sqlalchemy import select

from app.models.journal import JournalEntry
from app.models.stepback import KEPT, steps_back
from app.services import inspecting, upkeep
from app.services.clockwatch import behind
from app.vocabulary import InspectionStatus, Verdict
from tests.conftest import FakeClock
from tests.services.conftest import Visit


def answer(visit: Visit) -> None:
    inspecting.answer(visit.place, inspection_id=visit.id, item="1.1", verdict=Verdict.CONFORMING)


def note(visit: Visit, text: str) -> None:
    inspecting.write_note(visit.place, inspection_id=visit.id, item="1.1", note=text)


def doubts(visit: Visit) -> list[str]:
    return [each.code for each in visit.sheet().doubts]


def test_a_clock_that_runs_forward_is_not_spoken_of(visit: Visit, clock: FakeClock) -> None:
    clock.move(minutes=5)
    answer(visit)
    clock.move(seconds=-90)
    note(visit, "一分半钟是网络校时")
    assert behind(visit.place) is None
    assert doubts(visit) == []


def test_a_clock_that_went_back_is_told_before_anything_is_stored(visit: Visit, clock: FakeClock) -> None:
    clock.move(minutes=40)
    answer(visit)
    was = clock()
    clock.move(hours=-3)
    found = behind(visit.place)
    assert found is not None
    assert (found.was, found.now) == (was, clock())
    assert doubts(visit) == ["begins_after_its_end"]


def test_the_step_is_in_the_journal_and_the_chain_holds(visit: Visit, clock: FakeClock) -> None:
    clock.move(minutes=40)
    answer(visit)
    was = clock()
    clock.move(minutes=-30)
    note(visit, "钟退回去以后写的")
    with visit.place.read() as session:
        entries = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)).all()
        [step] = steps_back(session)
    assert json.loads(entries[-1].detail)["clock_went_back_from"] == was.isoformat()
    assert not any("clock_went_back_from" in each.detail for each in entries[:-1])
    assert (step.was, step.now) == (was, clock())
    assert upkeep.verify(visit.place).ok
    assert visit.sheet().sections[0].items[0].note == "钟退回去以后写的"


def test_the_warning_ends_when_the_clock_is_right_again(visit: Visit, clock: FakeClock) -> None:
    clock.move(minutes=40)
    answer(visit)
    clock.move(minutes=-30)
    note(visit, "退回时")
    assert behind(visit.place) is not None, "what was stored before still lies ahead"
    clock.move(minutes=29)
    assert behind(visit.place) is None


def test_a_visit_with_a_step_in_it_is_asked_about_and_still_finished(visit: Visit, clock: FakeClock) -> None:
    clock.move(minutes=40)
    visit.answer_all()
    clock.move(minutes=-30)
    visit.fill_header()
    visit.sign_all()
    [doubt] = visit.sheet().doubts
    assert (doubt.code, doubt.subject) == ("clock_went_back", "08-12 10:10 → 08-12 09:40")
    inspecting.finish(visit.place, inspection_id=visit.id)
    assert visit.sheet().header.status is InspectionStatus.FINALISED


def test_a_step_before_the_visit_is_none_of_its_business(visit: Visit, clock: FakeClock) -> None:
    with visit.place.write("test.before") as work:
        work.detail["some"] = "thing"
        work.commit()
    clock.move(minutes=-10)
    answer(visit)
    with visit.place.read() as session:
        assert len(steps_back(session)) == 1
    clock.move(days=1)
    later = Visit(visit.place, visit.id)
    assert doubts(later) == ["clock_went_back"], "this visit had begun"


def test_only_the_last_steps_are_remembered(visit: Visit, clock: FakeClock) -> None:
    for number in range(KEPT + 3):
        note(visit, f"第 {number} 次")
        clock.move(minutes=-5)
    with visit.place.read() as session:
        found = steps_back(session)
    assert len(found) == KEPT
    assert found[-1].now - clock() == found[-2].now - found[-1].now
