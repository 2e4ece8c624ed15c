"""Savepoints: the newest state of a place, encrypted, in no journal, in no package."""

from __future__ import annotations

from sqlalchemy import func, select

from app.models.journal import JournalEntry
from app.services import savepoints
from app.services.workplace import Workplace
from tests.conftest import FakeClock

NOTE = "现场两名工人正在打包真空吸尘器"


def entries(place: Workplace) -> int:
    with place.read() as session:
        return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def test_the_newest_value_counts_and_none_forgets(laptop: Workplace, clock: FakeClock):
    savepoints.keep(laptop, values={"at": {"screen": "visit"}, "form:1": {"reason": "一"}})
    clock.move(seconds=5)
    savepoints.keep(laptop, values={"form:1": {"reason": NOTE}, "form:2": {"reason": "另"}})
    assert [(each.name, each.value) for each in savepoints.kept(laptop, prefix="form:")] == [
        ("form:1", {"reason": NOTE}),
        ("form:2", {"reason": "另"}),
    ]
    assert savepoints.kept(laptop)[-1].at < savepoints.kept(laptop)[0].at
    savepoints.keep(laptop, values={"form:1": None, "form:2": None})
    assert [each.name for each in savepoints.kept(laptop)] == ["at"]


def test_a_prefix_is_no_pattern(laptop: Workplace):
    savepoints.keep(laptop, values={"form:1": {}, "f%": {}})
    assert [each.name for each in savepoints.kept(laptop, prefix="f%")] == ["f%"]


def test_nothing_of_it_is_in_the_journal_or_in_clear_on_the_disk(laptop: Workplace):
    before = entries(laptop)
    savepoints.keep(laptop, values={"form:1": {"reason": NOTE}})
    assert entries(laptop) == before
    for path in laptop.home.rglob("*"):
        if path.is_file():
            assert NOTE.encode() not in path.read_bytes(), path.name
